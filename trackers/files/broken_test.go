package files_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/files"
)

// brokenFiles are contents of the file of PER-1/A1, and the place that an error names.
func brokenFiles() map[string]struct{ text, place string } {
	return map[string]struct{ text, place string }{
		"no end":         {"---\nid: PER-1-A1\nkey: PER-1/A1\n", "PER-1-A1.md:1: the front matter"},
		"empty":          {"", "PER-1-A1.md:1: the file is empty"},
		"a merge":        {"---\nid: PER-1-A1\n<<<<<<< HEAD\nstatus: open\n=======\nstatus: done\n>>>>>>> x\n---\n", "PER-1-A1.md:3: an unfinished merge"},
		"twice":          {"---\nid: PER-1-A1\nstatus: open\ntitle: a\nstatus: done\n---\n", "PER-1-A1.md:5: status stands here and in line 3"},
		"bad YAML":       {"---\nid: PER-1-A1\nlabels: [a, b\n---\n", "PER-1-A1.md:3: this is not valid YAML"},
		"a bad item":     {"---\nid: PER-1-A1\nlabels:\n  - a\n  - {b: c}\n---\n", "PER-1-A1.md:5: only texts"},
		"a map":          {"---\nid: PER-1-A1\ntitle:\n  a: b\n---\n", "PER-1-A1.md:4: a text is needed"},
		"no head":        {"<!-- percolate: begin -->\nx\n<!-- percolate: end -->\n", "PER-1-A1.md:1: the front matter is missing"},
		"no head at all": {"just text", "PER-1-A1.md: the file has no front matter"},
		"binary":         {"\x00\x01---\n<!-- percolate: \x00", "PER-1-A1.md:1: "},
	}
}

func (p place) findErr(documents ...string) (keys []string, err error) {
	var s ticket.Seen
	for s, err = range p.Find(p.t.Context(), documents) {
		if err == nil {
			keys = append(keys, s.Key.String())
		}
	}
	return keys, err
}

func TestABrokenFileNeverMakesItsTicketLookGone(t *testing.T) {
	for name, c := range brokenFiles() {
		t.Run(name, func(t *testing.T) {
			p := open(t, files.Options{})
			p.write("PER-1-A1.md", c.text)
			whole := p.create("A2", ticket.Fields{})
			_, err := p.Get(t.Context(), []ticket.Ref{whole.Ref, "PER-1-A1"})
			if trackers.CodeOf(err) != trackers.Invalid && name != "no head at all" || err == nil || !strings.Contains(err.Error(), c.place) {
				t.Errorf("get: %v", err)
			}
			_, _, err = p.Update(t.Context(), ticket.Seen{Ref: "PER-1-A1"}, ticket.Patch{Status: ticket.StatusDone})
			if err == nil || !strings.Contains(err.Error(), c.place) {
				t.Errorf("update: %v", err)
			}
			p.get(whole.Ref) // the others can be read
			census := false
			for change, err := range p.Changed(t.Context(), "") {
				if err != nil || len(change.Seen) != 1 {
					t.Errorf("changed: %v, %v", change.Seen, err)
				}
				census = slices.Contains(change.Census, ticket.Ref("PER-1-A1"))
			}
			if !census {
				t.Error("it is not in the census")
			}
			if name == "no head at all" {
				return // it may well be a note of somebody
			}
			for _, documents := range [][]string{nil, {"PER-1"}, {"PER-9", "PER-1"}} {
				if keys, err := p.findErr(documents...); trackers.CodeOf(err) != trackers.Invalid || len(keys) != 1 {
					t.Errorf("find %v: %v, %v", documents, keys, err)
				}
			}
			if _, err := p.findErr("PER-9"); err != nil {
				t.Errorf("another document: %v", err)
			}
			var fails []string
			for _, d := range p.Check(t.Context(), nil) {
				if d.Level == trackers.Fail {
					fails = append(fails, d.Text)
				}
			}
			if len(fails) != 1 || !strings.Contains(fails[0], c.place) {
				t.Errorf("check: %q", fails)
			}
		})
	}
}

func TestABrokenFileIsTheTicketThatItMentionsUnderAnyName(t *testing.T) {
	p := open(t, files.Options{})
	p.write("later/renamed.md", "---\nid: PER-1-A1\nstatus: open\nstatus: done\n---\n")
	p.write("other.md", "---\nid: PER-2\nstatus: open\nstatus: done\n---\n")
	_, err := p.Get(t.Context(), []ticket.Ref{"PER-1-A1"})
	if err == nil || !strings.Contains(err.Error(), "later/renamed.md:4") {
		t.Errorf("get: %v", err)
	}
	if got, err := p.Get(t.Context(), []ticket.Ref{"PER-3"}); err != nil || len(got) != 0 {
		t.Errorf("what no file mentions is gone: %v, %v", got, err)
	}
}

func TestAMendedFileIsAChange(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	good := p.read(s.Ref)
	path := p.path(s.Ref)
	p.must(os.WriteFile(path, []byte("---\n"+good), 0o644))
	cursor := p.drain("", nil)
	p.must(os.WriteFile(path, []byte(good), 0o644))
	var seen []ticket.Ref
	p.drain(cursor, &seen)
	if !slices.Equal(seen, []ticket.Ref{s.Ref}) {
		t.Errorf("changed: %v", seen)
	}
}

// drain reads all changes and returns the last cursor.
func (p place) drain(since trackers.Cursor, seen *[]ticket.Ref) trackers.Cursor {
	p.t.Helper()
	for c, err := range p.Changed(p.t.Context(), since) {
		if err != nil {
			p.t.Fatal(err)
		}
		for _, s := range c.Seen {
			if seen != nil {
				*seen = append(*seen, s.Ref)
			}
		}
		since = c.Cursor
	}
	return since
}

func TestNotesAreNoTickets(t *testing.T) {
	p := open(t, files.Options{})
	p.create("A1", full())
	p.write("README.md", "# Our tickets\n\nPER-1 and more.\n")
	p.write(".hidden.md", "---\nkey: PER-1\n---\n")
	p.write(".git/x.md", "---\nkey: PER-1\n---\n")
	p.write("list.txt", "---\nkey: PER-1\n---\n")
	if keys, err := p.findErr(); err != nil || len(keys) != 1 {
		t.Errorf("found %v, %v", keys, err)
	}
	for _, d := range p.Check(t.Context(), nil) {
		if d.Level != trackers.OK {
			t.Errorf("check: %+v", d)
		}
	}
}

func TestCheckWarnsOfWhatIsReadableButNotMeant(t *testing.T) {
	p := open(t, files.Options{})
	p.write("PER-1.md", "---\nid: PER-1\nkey: PER-1\nstatus: donne\ndue: 2026-02-30\npriority: urgent\n---\n")
	p.write("copy of PER-1.md", "---\nid: PER-1\nkey: PER-1\n---\n")
	p.must(os.Symlink(filepath.Join(p.dir, "PER-1.md"), filepath.Join(p.dir, "link.md")))
	var text []string
	for _, d := range p.Check(t.Context(), nil) {
		if d.Level == trackers.Warn {
			text = append(text, d.Text)
		}
	}
	all := strings.Join(text, "\n")
	for _, want := range []string{`PER-1.md:4: the status "donne"`, "PER-1.md:5: ", "PER-1.md:6: ", "copy of PER-1.md:2: another file has the id PER-1", "link.md: a symbolic link"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if len(text) != 5 {
		t.Errorf("%d warnings:\n%s", len(text), all)
	}
}
