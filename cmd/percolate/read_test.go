package main

import (
	"os"
	"path/filepath"
	"testing"
)

// A file that its author takes away while documents are read is one that was not there:
// its tickets stay as they are. One that somebody named, and a link that leads nowhere,
// are faults that people should hear of.
func TestAFileThatVanishesAfterItWasListedCountsAsAbsent(t *testing.T) {
	c := tree(t, "documents: {paths: [pers, named.md]}", "pers/stays.md", "pers/goes.md", "named.md", "pers/nowhere.md -> never.md")
	found, err := c.findDocuments(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pers/goes.md", "named.md"} {
		if err := os.Remove(filepath.Join(c.dir(), name)); err != nil {
			t.Fatal(err)
		}
	}
	rules, err := c.rules("2026-01-02")
	if err != nil {
		t.Fatal(err)
	}
	documents, err := emptyLibrary(c, true).readAll(t.Context(), rules, found)
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string]bool{}
	for _, d := range documents {
		broken[d.path] = len(d.problems) > 0 && d.problems[0].Code == "unreadable"
	}
	for path, want := range map[string]bool{"pers/stays.md": false, "named.md": true, "pers/nowhere.md": true} {
		if got, read := broken[path]; !read || got != want {
			t.Errorf("%s: read %v, unreadable %v", path, read, got)
		}
	}
	if _, read := broken["pers/goes.md"]; read {
		t.Error("a file that vanished is told of as unreadable")
	}
}
