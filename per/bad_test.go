package per_test

import (
	"strings"
	"testing"
	"time"

	"percolate/per"
)

const front = "---\nid: PER-2026-001\ntitle: T\nkind: outage\n"

func TestBadInputIsAProblemAtItsLine(t *testing.T) {
	for _, tc := range []struct {
		name, file, src string
		line            int
		level           per.Level
		code, says      string
	}{
		{"EmptyFile", "a.md", "", 0, per.Error, "empty", "empty"},
		{"OnlyBlanks", "a.md", " \n\r\n", 0, per.Error, "empty", "empty"},
		{"TooLarge", "a.md", strings.Repeat("a\n", 6<<20), 0, per.Error, "too-large", "10 MiB"},
		{"TooManyLines", "a.md", strings.Repeat("a\n", 100_001), 0, per.Error, "too-large", "lines"},
		{"WideTable", "a.md", "# T\n\n" + strings.Repeat("|a", 1000) + "|\n" + strings.Repeat("|-", 1000) + "|\n" + strings.Repeat("|a|\n", 1000), 203, per.Error, "too-large", "cells"},
		{"WideTableInAQuote", "a.md", "> 1. " + strings.Repeat("|a", 1000) + "|\n>    " + strings.Repeat("|-", 1000) + "|\n" + strings.Repeat("> |a|\n", 1000), 201, per.Error, "too-large", "cells"},
		{"LargeHTML", "a.html", strings.Repeat("<p>a", 600_000), 1, per.Error, "too-large", "2 MiB"},
		{"LargeYAML", "a.yaml", "actions: [" + strings.Repeat("a,", 1<<19) + "]", 1, per.Error, "yaml", "1 MiB"},
		{"NULByte", "a.md", "# T\n\na\x00b\n", 3, per.Error, "binary", "NUL"},
		{"BadUTF8", "a.md", "# T\n\n\ncaf\xe9\n", 4, per.Error, "encoding", "UTF-8"},
		{"UTF16", "a.md", "\xff\xfea\x00", 1, per.Error, "encoding", "UTF-16"},
		{"BrokenFrontMatter", "a.md", "---\ntitle: T\nkind: [outage\n---\n", 3, per.Error, "front-matter", "YAML"},
		{"FrontMatterWithoutEnd", "a.md", "---\ntitle: T\n\n# T\n", 1, per.Error, "front-matter", "closing"},
		{"FrontMatterIsAList", "a.md", "---\n- a\n- b\n---\n", 2, per.Error, "front-matter", "a list"},
		{"HugeFrontMatter", "a.md", "---\na: " + strings.Repeat("b", 70<<10) + "\n---\n", 1, per.Error, "front-matter", "KiB"},
		{"BrokenTOML", "a.md", "+++\ntitle = \"T\"\nkind = =\n+++\n", 3, per.Error, "front-matter", "TOML"},
		{"BrokenYAML", "a.yaml", "id: X-1\n\ntitle: [\n", 3, per.Error, "yaml", "YAML"},
		{"YAMLIsAList", "a.yaml", "- a\n", 1, per.Error, "front-matter", "a list"},
		{"KeyTwice", "a.md", front + "kind: outage\n---\n", 5, per.Error, "front-matter", "already defined"},
		{"KeyTwiceInOtherWords", "a.md", front + "time-to-detect: 1m\ntime_to_detect: 2m\n---\n", 6, per.Error, "front-matter", "line 5"},
		{"UnknownKey", "a.md", front + "sevice: x\n---\n", 5, per.Hint, "unknown-key", `"service"`},
		{"WrongTypeOfText", "a.md", front + "owner: [ana, raj]\n---\n", 5, per.Error, "wrong-type", "a list"},
		{"WrongTime", "a.md", front + "started: yesterday\n---\n", 5, per.Error, "wrong-type", "no time"},
		{"ImpossibleTime", "a.md", front + "started: 2026-02-30 25:00\n---\n", 5, per.Error, "wrong-type", "no time"},
		{"WrongDuration", "a.md", front + "downtime: long\n---\n", 5, per.Error, "wrong-type", "duration"},
		{"WrongStatus", "a.md", front + "status: agred\n---\n", 5, per.Error, "wrong-type", "draft"},
		{"WrongZone", "a.md", front + "timezone: Mars/Olympus\n---\n", 5, per.Error, "wrong-type", "timezone"},
		{"WrongTruth", "a.md", front + "confidential: maybe\n---\n", 5, per.Error, "wrong-type", "confidential"},
		{"UnknownKind", "a.md", "---\nkind: otage\n---\n", 2, per.Warning, "unknown-kind", "otage"},
		{"AliasInFrontMatter", "a.md", "---\nkind: outage\ntitle: &t T\nowner: *t\n---\n", 4, per.Error, "wrong-type", "an alias"},
		{"ActionsAreNoList", "a.yaml", "id: X-1\nactions: none at all\n", 2, per.Error, "wrong-type", "a list"},
		{"ActionKeyUnknown", "a.yaml", "actions:\n- text: Do it\n  ownr: ana\n", 3, per.Hint, "unknown-key", `"owner"`},
		{"ActionWithoutText", "a.yaml", "actions:\n- owner: ana\n", 2, per.Warning, "not-understood", "no text"},
		{"DueIsNoDay", "a.yaml", "actions:\n- text: Do it\n  due: soon\n", 3, per.Error, "wrong-type", "2006-01-02"},
		{"DoneIsNoTruth", "a.yaml", "actions:\n- text: Do it\n  done: perhaps\n", 3, per.Error, "wrong-type", "true or false"},
		{"EntryWithoutTime", "a.yaml", "timeline:\n- at: late\n  text: It broke\n", 2, per.Warning, "not-understood", "late"},
		{"DeepQuotes", "a.md", "# T\n\n" + strings.Repeat(">", 500) + "a\n", 3, per.Error, "too-deep", "nested"},
		{"DeepDashes", "a.md", strings.Repeat("- ", 500) + "a\n", 1, per.Error, "too-deep", "nested"},
		{"DeepLists", "a.md", staircase(60), 33, per.Warning, "too-deep", "nested"},
		{"DeepYAML", "a.yaml", "a: " + strings.Repeat("[", 5000), 1, per.Error, "yaml", "nested"},
		{"StairsOfYAML", "a.yaml", strings.Repeat("- ", 5000), 1, per.Error, "yaml", "nested"},
		{"ManyKeys", "a.yaml", strings.Repeat("a: b\n", 1500), 1001, per.Error, "yaml", "keys"},
		{"TextAmongActions", "a.md", "## Actions\n\n- Do it\n\nAnd this.\n", 5, per.Warning, "not-understood", "paragraph"},
		{"CodeBeforeActions", "a.md", "## Actions\n\n```\nx\n```\n\n- Do it\n", 3, per.Warning, "not-understood", "no action"},
		{"TableWithoutActions", "a.md", "## Actions\n\n| Owner | Due |\n|---|---|\n| ana | 2026-01-01 |\n", 3, per.Warning, "not-understood", "column"},
		{"RowWithoutAction", "a.md", "## Actions\n\n| Action | Owner |\n|---|---|\n| Do it | ana |\n| | raj |\n", 6, per.Warning, "not-understood", "row"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, problems := per.Parse(tc.file, []byte(tc.src))
			if d == nil {
				t.Fatal("no document")
			}
			for _, p := range problems {
				if p.Line == tc.line && p.Level == tc.level && p.Code == tc.code && strings.Contains(p.Message, tc.says) {
					if p.Path != tc.file {
						t.Errorf("the problem is in %q, want %q", p.Path, tc.file)
					}
					return
				}
			}
			t.Errorf("want %s %s at line %d saying %q, got %+v", tc.level, tc.code, tc.line, tc.says, problems)
		})
	}
}

// staircase is a list in a list in a list.
func staircase(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}

func TestSharedValuesOfYAMLDoNotGrow(t *testing.T) {
	src := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'j'; c++ {
		before := string(c - 1)
		src += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+before+",", 8) + "*" + before + "]\n"
	}
	d, _ := per.Parse("bomb.yaml", []byte(src+"actions: *j\n"))
	if len(d.Actions) != 0 {
		t.Errorf("%d actions came out of aliases", len(d.Actions))
	}
}

func TestForeignFrontMatterIsNoMistake(t *testing.T) {
	src := "---\nlayout: post\ntitle: Slow shop\nowner: [ana, raj]\nstatus: published\ntags: {a: b}\n---\n\n# Slow shop\n"
	d, problems := per.Parse("2026-01-02-slow.md", []byte(src))
	for _, p := range problems {
		if p.Level != per.Hint {
			t.Errorf("%s at line %d: %s", p.Level, p.Line, p.Message)
		}
	}
	if d.Title.Value != "Slow shop" || d.Status != per.Agreed {
		t.Errorf("title %q, status %q", d.Title.Value, d.Status)
	}
}

func TestDoubtfulConfidenceIsKept(t *testing.T) {
	d, _ := per.Parse("a.md", []byte(front+"confidential: \"yes\"\n---\n"))
	if !d.Confidential {
		t.Error("a document whose confidential was not understood is taken for public")
	}
}

func TestDocumentIsNamedByItsFile(t *testing.T) {
	for file, want := range map[string]string{
		"pers/2026-001.md":                "2026-001",
		"2026-01-22-dns.html.md.erb":      "2026-01-22-dns",
		"Widget-v1.12.13+hotfix.5.md":     "Widget-v1.12.13+hotfix.5",
		`C:\pers\2026-002.YAML`:           "2026-002",
		"notes.qmd":                       "notes",
		"README":                          "README",
		"a/b/PM2020-001_-_No_space.md":    "PM2020-001_-_No_space",
		"a.b/c.markdown":                  "c",
		".md":                             ".md",
		"2026-003-post-mortem.html":       "2026-003-post-mortem",
		"PER-2026-004.final.version.yaml": "PER-2026-004.final.version",
	} {
		d, _ := per.Parse(file, []byte("# T\n"))
		if d.ID.Value != want || d.ID.Line != 0 {
			t.Errorf("%s is called %q (line %d), want %q", file, d.ID.Value, d.ID.Line, want)
		}
	}
}

func TestTimesWithoutZoneAreInTheReadersZone(t *testing.T) {
	zone := time.FixedZone("here", 2*3600)
	src := []byte(front + "started: 2026-03-02 09:12\ndetected: 2026-03-02T09:20:00Z\n---\n")
	d, _ := per.Reader{Zone: zone}.Parse("a.md", src)
	if got := d.Started.Time.UTC().Format(time.RFC3339); got != "2026-03-02T07:12:00Z" || d.Started.Zoned {
		t.Errorf("started %s, zoned %v", got, d.Started.Zoned)
	}
	if got := d.Detected.Time.UTC().Format(time.RFC3339); got != "2026-03-02T09:20:00Z" || !d.Detected.Zoned {
		t.Errorf("detected %s, zoned %v", got, d.Detected.Zoned)
	}
}

func TestDocumentsAreKnownByTheirNames(t *testing.T) {
	for name, want := range map[string]bool{
		"a.md": true, "a/b.MARKDOWN": true, "a.qmd": true, "a.html": true, "a.htm": true, "a.html.md.erb": true, "a.yaml": true, "a.yml": true,
		"a.md.hbs": true, "a.txt": false, "a.png": false, "a.erb": false, "md": false, "a.md.bak": false,
	} {
		if got := per.HasDocumentName(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
