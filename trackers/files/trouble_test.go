package files_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/files"
)

func TestAFailedWriteLeavesNothingBehind(t *testing.T) {
	for _, c := range []struct {
		step string
		err  error
		want trackers.Code
	}{
		{"write", syscall.ENOSPC, trackers.Unavailable},
		{"write", syscall.EROFS, trackers.Denied},
		{"rename", syscall.EACCES, trackers.Denied},
		{"rename", syscall.EIO, trackers.Unavailable},
	} {
		t.Run(fmt.Sprint(c.step, " ", c.err), func(t *testing.T) {
			p := open(t, files.Options{})
			s := p.create("A1", full())
			before := p.read(s.Ref)
			p.Fail(func(step string) error {
				if step == c.step {
					return c.err
				}
				return nil
			})
			done := p.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-1", Action: "A2"}}})
			if trackers.CodeOf(done[0].Err) != c.want || !strings.Contains(done[0].Err.Error(), "tickets/PER-1-A2.md") {
				t.Errorf("create: %v", done[0].Err)
			}
			_, _, err := p.Update(t.Context(), s, ticket.Patch{Status: ticket.StatusDone})
			if trackers.CodeOf(err) != c.want || !strings.Contains(err.Error(), "tickets/PER-1-A1.md") {
				t.Errorf("update: %v", err)
			}
			if got := p.read(s.Ref); got != before {
				t.Errorf("the file became\n%s", got)
			}
			entries, err := os.ReadDir(p.dir)
			p.must(err)
			for _, e := range entries {
				if name := e.Name(); name != "PER-1-A1.md" && name != ".gitignore" && name != ".percolate.lock" {
					t.Errorf("%s was left behind", name)
				}
			}
		})
	}
}

func TestLeftoversOfACrashAreNoTicketsAndDoNotStandInTheWay(t *testing.T) {
	p := open(t, files.Options{})
	p.write(".percolate.tmp", "---\nkey: PER-1/A1\n---\n")
	p.write(".percolate.lock", "")
	for s, err := range p.Find(t.Context(), nil) {
		t.Errorf("found %v, %v", s, err)
	}
	s := p.create("A1", full())
	if _, err := os.Stat(filepath.Join(p.dir, ".percolate.tmp")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the leftover is still there: %v", err)
	}
	p.get(s.Ref)
}

func TestAnEditInTheMiddleOfAnUpdateIsKept(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	var once atomic.Bool
	p.Fail(func(step string) error {
		if step == "write" && once.CompareAndSwap(false, true) {
			path := filepath.Join(p.dir, "PER-1-A1.md")
			return os.WriteFile(path, []byte(setLine(load(t, path), "assignee", "a person was faster")), 0o644)
		}
		return nil
	})
	got := p.update(s.Ref, ticket.Patch{Status: ticket.StatusDone})
	if got.Status != ticket.StatusDone || got.Fields.Assignees[0] != "a person was faster" {
		t.Errorf("got %+v", got)
	}
}

func TestAFileThatAppearsInTheMiddleOfACreateIsKept(t *testing.T) {
	p := open(t, files.Options{})
	var once atomic.Bool
	p.Fail(func(step string) error {
		if step == "rename" && once.CompareAndSwap(false, true) {
			p.write("PER-1-A1.md", "---\ntitle: a person was faster\n---\n")
		}
		return nil
	})
	s := p.create("A1", full())
	if s.Ref != "PER-1-A1-2" || p.get("PER-1-A1").Fields.Title != "a person was faster" {
		t.Errorf("created %s", s.Ref)
	}
}

func TestCommentsStandBelowAHeadingOfTheirOwn(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", ticket.Fields{Body: "## Comments\n\nNo comments, but ours."})
	for _, m := range []string{"m1", "m2"} {
		p.update(s.Ref, ticket.Patch{Comment: ticket.Comment{Marker: m, Text: m}})
	}
	_, below, _ := strings.Cut(p.read(s.Ref), "<!-- percolate: end -->\n")
	if strings.Count(below, "## Comments\n") != 1 || strings.Count(below, "<!-- percolate: comment") != 2 {
		t.Errorf("below the block stands\n%s", below)
	}
}

func TestAFileKeepsItsMode(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	p.must(os.Chmod(p.path(s.Ref), 0o664))
	p.update(s.Ref, ticket.Patch{Status: ticket.StatusDone})
	info, err := os.Stat(p.path(s.Ref))
	p.must(err)
	if info.Mode().Perm() != 0o664 {
		t.Errorf("the mode is %v", info.Mode())
	}
}

func TestAFileThatWeCouldNotReadAgainIsNeverWritten(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	before := p.read(s.Ref)
	huge := ticket.Fields{Title: strings.Repeat("long ", 5000)}
	done := p.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-1"}, Fields: huge}})
	if trackers.CodeOf(done[0].Err) != trackers.Invalid {
		t.Errorf("create: %v", done[0].Err)
	}
	_, _, err := p.Update(t.Context(), s, ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: huge})
	if trackers.CodeOf(err) != trackers.Invalid || p.read(s.Ref) != before {
		t.Errorf("update: %v", err)
	}
	if keys, err := p.findErr(); err != nil || len(keys) != 1 {
		t.Errorf("found %v, %v", keys, err)
	}
}
