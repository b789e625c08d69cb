package files_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"percolate/sync/enginetest"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/files"
	"percolate/trackers/trackertest"

	"github.com/goccy/go-yaml"
)

func TestHistories(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{New: newSite})
}

// newSite is a folder whose disk is full, read-only or silent now and then.
func newSite(t *testing.T, r *rand.Rand) *enginetest.Site {
	var clock atomic.Int64
	opt := files.Options{Dir: filepath.Join(t.TempDir(), "tickets"), Now: func() time.Time { return time.Unix(0, clock.Load()).UTC() }}
	if r.IntN(2) == 0 {
		opt.Accounts = []string{"ann", "bob"}
	}
	var trouble *rand.Rand
	restart := func() place {
		p := open(t, opt)
		p.Fail(func(string) error {
			if trouble == nil || trouble.IntN(12) > 0 {
				return nil
			}
			return []error{syscall.ENOSPC, syscall.EROFS, errors.New("the disk does not answer")}[trouble.IntN(3)]
		})
		return p
	}
	p := restart()
	byHand := 0
	place := &trackertest.Place{
		Tracker: p.Tracker,
		Wait:    func(d time.Duration) { clock.Add(int64(d)) },
		Open: func(title, text string) ticket.Ref {
			byHand++
			ref := fmt.Sprint("by hand ", byHand)
			p.write(ref+".md", "---\ntitle: '"+title+"'\nstatus: open\nlabels: []\nassignee:\ndue:\n---\n"+text)
			return ticket.Ref(ref)
		},
		Edit: p.personEdits,
		Remark: func(ref ticket.Ref, text string) {
			p.edit(ref, func(s string) string { return s + "\n" + text + "\n" })
		},
		Delete: func(ref ticket.Ref) { p.must(os.Remove(p.path(ref))) },
		Move: func(ref ticket.Ref) {
			p.must(os.MkdirAll(filepath.Join(p.dir, "later"), 0o755))
			p.must(os.Rename(p.path(ref), filepath.Join(p.dir, "later", filepath.Base(p.path(ref)))))
		},
	}
	place.Wait(500_000 * time.Hour)
	return &enginetest.Site{
		Place: place, Name: "files", Now: opt.Now, Accounts: []string{"ann", "bob", "kim"},
		Restart: func() trackers.Tracker { return restart().Tracker },
		Tickets: func() []enginetest.Ticket { return p.stored() },
		Trouble: func(r *rand.Rand) { trouble = r },
		Calm:    func() { trouble = nil },
	}
}

// stored are the tickets as any program that knows Markdown and YAML finds them.
func (p place) stored() (all []enginetest.Ticket) {
	err := filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".md" || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		text := load(p.t, path)
		head, rest, _ := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
		var v struct {
			ID, Title, Status, Due, Priority, Assignee, Parent string
			Labels                                             []string
		}
		p.must(yaml.Unmarshal([]byte(head), &v))
		name, err := filepath.Rel(p.dir, path)
		p.must(err)
		t := enginetest.Ticket{
			Ref: ticket.Ref(v.ID), Name: "tickets/" + filepath.ToSlash(name), Parent: ticket.Ref(v.Parent), Title: v.Title, Text: rest,
			Status: ticket.Status(v.Status), Due: v.Due, Priority: v.Priority, Labels: v.Labels, Comments: strings.Split(rest, "<!-- percolate: comment "),
		}
		if t.Ref == "" {
			t.Ref = ticket.Ref(strings.TrimSuffix(filepath.Base(name), ".md"))
		}
		if v.Assignee != "" {
			t.Assignees = []string{v.Assignee}
		}
		all = append(all, t)
		return nil
	})
	if !errors.Is(err, fs.ErrNotExist) { // the first create makes the folder
		p.must(err)
	}
	return all
}
