package files_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"percolate/ticket"
	"percolate/trackers/files"
)

func TestARenamedFileIsTheSameTicket(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	p.must(os.MkdirAll(filepath.Join(p.dir, "2026", "q1"), 0o755))
	cursor := p.drain("", nil)
	p.must(os.Rename(p.path(s.Ref), filepath.Join(p.dir, "2026", "q1", "disk alert.md")))
	if got := p.get(s.Ref); got.Name != "tickets/2026/q1/disk alert.md" || got.Key != s.Key {
		t.Errorf("it is called %s", got.Name)
	}
	var seen []ticket.Ref
	p.drain(cursor, &seen)
	if len(seen) != 1 || seen[0] != s.Ref {
		t.Errorf("changed: %v", seen)
	}
	next := p.create("A1", full())
	if next.Ref == s.Ref || p.get(s.Ref).Name == next.Name {
		t.Errorf("the id %s was given twice", next.Ref)
	}
}

func TestACopiedFileIsAnotherTicketWithTheSameMarker(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	p.write("A copy.md", p.read(s.Ref))
	p.write("later/PER-1-A1.md", p.read(s.Ref))
	refs := make(map[ticket.Ref]string)
	for s, err := range p.Find(t.Context(), []string{"PER-1"}) {
		p.must(err)
		refs[s.Ref] = s.Name
	}
	want := map[ticket.Ref]string{"PER-1-A1": "tickets/PER-1-A1.md", "A copy": "tickets/A copy.md", "later/PER-1-A1.md": "tickets/later/PER-1-A1.md"}
	if fmt.Sprint(refs) != fmt.Sprint(want) {
		t.Errorf("found %v", refs)
	}
	for ref, name := range want {
		if got := p.get(ref); got.Ref != ref || got.Name != name {
			t.Errorf("%s is %s, called %s", ref, got.Ref, got.Name)
		}
		if got := p.update(ref, ticket.Patch{AddLabels: []string{name}}); got.Name != name {
			t.Errorf("updated %s in place of %s", got.Name, name)
		}
	}
}

func TestNamesOfFilesThatWereSwappedDoNotConfuse(t *testing.T) {
	p := open(t, files.Options{})
	a, b := p.create("A1", full()), p.create("A2", full())
	pathA, pathB := p.path(a.Ref), p.path(b.Ref)
	p.must(os.Rename(pathA, pathA+".x"))
	p.must(os.Rename(pathB, pathA))
	p.must(os.Rename(pathA+".x", pathB))
	for _, s := range []ticket.Seen{a, b} {
		if got := p.get("id:" + s.Ref); got.Ref != s.Ref {
			t.Errorf("the id %s leads to %s", s.Ref, got.Ref)
		}
		if got := p.get(s.Ref); got.Key != s.Key || got.Ref != s.Ref {
			t.Errorf("%s is %s of %s", s.Ref, got.Ref, got.Key)
		}
	}
	p.must(os.Symlink(filepath.Base(pathA), filepath.Join(p.dir, "PER-1-A3.md")))
	p.edit(b.Ref, func(text string) string { return setLine(text, "id", "PER-1-A3") })
	if got := p.get("PER-1-A3"); got.Name != a.Name {
		t.Errorf("read through a link as %s", got.Name)
	}
}

func TestATicketThatChangedItsIDIsNoLongerTheOneThatWasAskedFor(t *testing.T) {
	p := open(t, files.Options{})
	p.write("x.md", "---\nid: PER-1-A1\n---\n")
	s := p.get("PER-1-A1")
	p.write("x.md", "---\nid: PER-1-A9\n---\n")
	p.must(os.Chtimes(filepath.Join(p.dir, "x.md"), s.Updated, s.Updated)) // nothing but the text tells
	if got, err := p.Get(t.Context(), []ticket.Ref{"PER-1-A1"}); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestPathsAndIDsAreRecognised(t *testing.T) {
	tr := files.New(files.Options{Dir: "/home/ann/work/tickets/"})
	for text, want := range map[string]ticket.Ref{
		"tickets/PER-1-A1.md":                "PER-1-A1.md",
		"./tickets/later/x y.md":             "later/x y.md",
		"../../tickets/PER-1.md":             "PER-1.md",
		"/home/ann/work/tickets/PER-1.md":    "PER-1.md",
		"PER-1-A1.md":                        "PER-1-A1.md",
		"PER-2026-003":                       "id:PER-2026-003",
		"PER-2026-003-fix-the-disk-2":        "id:PER-2026-003-fix-the-disk-2",
		"OPS-812":                            "",
		"2026-03-01":                         "",
		"near-miss-follow-up":                "",
		"docs/README.md":                     "",
		"https://example.org/tickets/x-1.md": "",
		"see tickets/x.md and":               "",
		"#12":                                "",
	} {
		got, ok := tr.Info().Recognise(text)
		if got != want && ok || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}

func TestAHandmadeTicketStaysTheSameOnceItIsAdopted(t *testing.T) {
	p := open(t, files.Options{})
	p.write("disk.md", "---\ntitle: Disk\n---\n")
	ref, _ := p.Info().Recognise("tickets/disk.md")
	s := p.get(ref)
	p.update(s.Ref, ticket.Patch{Parent: "PER-1"})
	p.must(os.Rename(filepath.Join(p.dir, "disk.md"), filepath.Join(p.dir, "storage.md")))
	if got := p.get(s.Ref); got.Ref != s.Ref || got.Parent != "PER-1" || got.Fields.Title != "Disk" {
		t.Errorf("renamed, it is %+v", got)
	}
}
