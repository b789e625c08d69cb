package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// try runs a command line in this process, with no terminal anywhere.
func try(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, env: noEnv, now: time.Now}
	code = p.run(context.Background(), args)
	return code, out.String(), errs.String()
}

func TestEveryCommandTeaches(t *testing.T) {
	p := &program{}
	for _, cmd := range p.rootCommand().Commands() {
		if cmd.Long == "" || cmd.Short == "" || cmd.GroupID == "" {
			t.Errorf("%s has no help", cmd.Name())
		}
		if cmd.Example == "" && !cmd.HasSubCommands() {
			t.Errorf("%s has no example", cmd.Name())
		}
		for line := range strings.Lines(cmd.Long + "\n" + cmd.Example) {
			if len(line) > 89 {
				t.Errorf("%s: a line of help is too wide: %s", cmd.Name(), line)
			}
		}
	}
}

func TestTheMostSevereExitCodeCounts(t *testing.T) {
	order := []int{exitOK, exitPending, exitBroken, exitPartly, exitFailed, exitUsage}
	for i, a := range order {
		for j, b := range order {
			if got, want := worse(a, b), order[max(i, j)]; got != want {
				t.Errorf("of %d and %d counts %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestErrorsAreToldALineEach(t *testing.T) {
	wrapped := fmt.Errorf("state: %w (%w)", errors.New("locked"), errors.New("5"))
	for _, tt := range []struct {
		err  error
		code int
		told string
	}{
		{nil, 0, ""},
		{errors.New("a"), 1, "percolate: a\n"},
		{exit(exitPending), 3, ""},
		{errors.Join(errors.New("a"), errors.Join(exit(exitBroken), errors.New("b"))), 1, "percolate: a\npercolate: b\n"},
		{errors.Join(exit(exitBroken), exit(exitPartly)), 5, ""},
		{wrapped, 1, "percolate: state: locked (5)\n"},
		{errors.New("a\x1b[31m\nb"), 1, "percolate: a [31m\npercolate: b\n"},
		{errors.New("run percolate sync"), 1, "percolate: run percolate sync --config 'my file.yaml'\n"},
	} {
		var told bytes.Buffer
		p := &program{stderr: &told, configured: true, configFile: "my file.yaml"}
		if code := p.report(tt.err); code != tt.code || told.String() != tt.told {
			t.Errorf("%v: exit code %d, told %q", tt.err, code, told.String())
		}
	}
}

func TestOnlyATerminalWithColoursIsGivenColours(t *testing.T) {
	env := func(values map[string]string) func(string) (string, bool) {
		return func(name string) (string, bool) { v, ok := values[name]; return v, ok }
	}
	for _, tt := range []struct {
		env  map[string]string
		want bool
	}{
		{nil, true},
		{map[string]string{"TERM": "xterm", "NO_COLOR": ""}, true},
		{map[string]string{"NO_COLOR": "1"}, false},
		{map[string]string{"TERM": "dumb"}, false},
	} {
		if got := wantsColours(env(tt.env)); got != tt.want {
			t.Errorf("%v: colours %v", tt.env, got)
		}
	}
	if s := newScreen(&bytes.Buffer{}, noEnv); s.colours || s.terminal {
		t.Error("a buffer is no terminal")
	}
}

func TestTheScreenTakesOutWhatIsNotOurs(t *testing.T) {
	var b bytes.Buffer
	s := newScreen(&b, noEnv)
	s.colours = true
	s.sayf("%s %v %s\n", "a\x1b[2Jb", errors.New("c\x07\nd"), s.paint("ok", "fine"))
	s.block("x\x1b]0;y\n  z\t\n")
	if err := s.flush(); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "a [2Jb c d \x1b[32mfine\x1b[m\nx ]0;y\n  z\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// library makes documents of texts, called 0.md, 1.md and so on.
func newLibrary(t *testing.T, texts ...string) *library {
	t.Helper()
	c, err := parseConfig("percolate.yaml", nil, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := c.rules("2026-01-02")
	if err != nil {
		t.Fatal(err)
	}
	l := emptyLibrary(c, true)
	for i, text := range texts {
		l.documents = append(l.documents, l.readDocument(rules, candidate{path: fmt.Sprintf("%d.md", i)}, []byte(text)))
	}
	return l
}

func repeats(id string, actions ...string) string {
	text := "---\nid: " + id + "\ntitle: T\nkind: near-miss\n---\n## Corrective actions\n\n"
	for i, of := range actions {
		text += fmt.Sprintf("- [ ] A%d (owner: ana, repeats: %s) Do number %d of %s\n", i+1, of, i+1, id)
	}
	return text
}

func TestCirclesOfRepeatsAreToldOnceEach(t *testing.T) {
	for _, tt := range []struct {
		name  string
		texts []string
		want  []string
	}{
		{"a chain is none", []string{repeats("PER-2026-001", "PER-2026-002/A1"), repeats("PER-2026-002", "PER-2025-001/A1")}, nil},
		{"two documents", []string{repeats("PER-2026-001", "PER-2026-002/A1"), repeats("PER-2026-002", "PER-2026-001/A1")},
			[]string{"0.md:8 PER-2026-001/A1, PER-2026-002/A1"}},
		{"one that leads into it is not of it", []string{repeats("PER-2026-001", "PER-2026-002/A1"), repeats("PER-2026-002", "PER-2026-002/A2", "PER-2026-002/A1")},
			[]string{"1.md:8 PER-2026-002/A1, PER-2026-002/A2"}},
		{"one alone is told by its own document", []string{repeats("PER-2026-001", "PER-2026-001/A1")}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLibrary(t, tt.texts...)
			l.circles()
			var got []string
			for _, d := range l.documents {
				for _, p := range d.problems {
					if p.Code == "repeats-in-circle" {
						got = append(got, fmt.Sprintf("%s:%d %s", p.Path, p.Line, strings.TrimSuffix(p.Message, " repeat one another in a circle; say which was first")))
					}
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("told %q, want %q", got, tt.want)
			}
		})
	}
}

func TestANewIDComesBehindAllThatAreInUse(t *testing.T) {
	l := newLibrary(t, repeats("PER-2026-003"), repeats("PER-2025-090"), repeats("INC-7"))
	if got := l.freeID(2026, nil); got != "PER-2026-004" {
		t.Errorf("behind documents: %s", got)
	}
	if got := l.freeID(2026, []string{"per-2026-011", "PER-2026-x", "PER-2026-2"}); got != "PER-2026-012" {
		t.Errorf("behind tickets: %s", got)
	}
	if got := l.freeID(2027, nil); got != "PER-2027-001" {
		t.Errorf("the first of a year: %s", got)
	}
}

func TestFileNamesOfNewDocumentsNeedNoQuotes(t *testing.T) {
	for title, want := range map[string]string{
		"Search was empty":               "2026-004-search-was-empty.md",
		`  "../../etc/passwd"; rm -rf ~`: "2026-004-etc-passwd-rm-rf.md",
		"Stra\u00dfe":                    "2026-004-stra\u00dfe.md",
		"!?":                             "2026-004.md",
		strings.Repeat("word ", 40):      "2026-004" + strings.Repeat("-word", 10) + ".md",
	} {
		if got := fileName("PER-2026-004", title); got != want {
			t.Errorf("%q: %s, want %s", title, got, want)
		}
	}
}

func TestNothingIsReadOrMadeToTellTheVersion(t *testing.T) {
	t.Chdir(t.TempDir())
	code, out, errs := try(t, "--version")
	if code != 0 || !strings.HasPrefix(out, "percolate ") || errs != "" {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
}
