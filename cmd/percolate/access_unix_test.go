//go:build unix

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// What is no file is never waited for, nor is a file without end read whole.
func TestPipesDevicesAndGiantsAreNotRead(t *testing.T) {
	c := tree(t, "documents: {paths: [pers]}", "pers/a.md", "pers/turned.md")
	pers := filepath.Join(c.dir(), "pers")
	giant := filepath.Join(pers, "giant.md")
	if err := os.WriteFile(giant, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(giant, 1<<40); err != nil {
		t.Skip(err)
	}
	if err := unix.Mkfifo(filepath.Join(pers, "pipe.md"), 0o644); err != nil {
		t.Skip(err)
	}
	found, err := c.findDocuments(nil)
	if err != nil || len(found) != 4 {
		t.Fatalf("found %v, %v", found, err)
	}
	// A file that becomes a pipe after it was found.
	turned := filepath.Join(pers, "turned.md")
	if err := os.Remove(turned); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(turned, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		_, err := f.read()
		switch f.path {
		case "pers/a.md":
			if err != nil {
				t.Error(err)
			}
		case "pers/giant.md":
			if err == nil || !strings.Contains(err.Error(), "larger than the 10 MiB") {
				t.Errorf("%s: %v", f.path, err)
			}
		default:
			if err == nil || !strings.Contains(err.Error(), "it is not a file") {
				t.Errorf("%s: %v", f.path, err)
			}
		}
	}
}

// A document that became something else since it was read is left alone.
func TestNothingIsWrittenIntoWhatADocumentBecame(t *testing.T) {
	for name, turn := range map[string]func(at, away string) error{
		"a pipe": func(at, _ string) error { return unix.Mkfifo(at, 0o644) },
		"a link": func(at, away string) error { return os.Symlink(away, at) },
	} {
		t.Run(name, func(t *testing.T) {
			d := writable(t)
			away := filepath.Join(t.TempDir(), "away.txt")
			if err := errors.Join(os.WriteFile(away, []byte("theirs"), 0o644), os.Remove(d.name), turn(d.name, away)); err != nil {
				t.Skip(err)
			}
			if w := d.writeBack(oneTicket); w.changed || w.err == nil {
				t.Errorf("%+v", w)
			}
			holds(t, away, "theirs")
		})
	}
}
