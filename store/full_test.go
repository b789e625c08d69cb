package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"percolate/store"
	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

// crew is a worker over a state file and a tracker, with two documents to file.
type crew struct {
	*testing.T
	db   *store.DB
	mem  *memory.Tracker
	work *persync.Worker

	mu  sync.Mutex // guards now
	now time.Time
}

func newCrew(t *testing.T) *crew {
	c := &crew{T: t, db: open(t, filepath.Join(t.TempDir(), "percolate.db")), now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	now := func() time.Time { return c.pass(time.Millisecond) }
	c.mem = memory.New(memory.Options{Name: "mem", Batch: 3, Now: now})
	c.work = &persync.Worker{
		Trackers: map[string]trackers.Tracker{"mem": c.mem}, State: c.db, Now: now, Holder: "test", LeaseTTL: time.Hour,
	}
	return c
}

// pass lets time go on, for all who look at the clock at once.
func (c *crew) pass(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

func (c *crew) sync(title string) error {
	c.pass(25 * time.Hour)
	var trees persync.Trees
	for d := range 2 {
		tree := ticket.Tree{Document: fmt.Sprintf("PER-%d", d), Path: "x.md", Tracker: "mem"}
		want := func(action string) ticket.Wanted {
			f := ticket.Fields{Kind: ticket.KindStory, Title: title + action, Body: strings.Repeat("long ", 500)}
			w := ticket.Wanted{Key: ticket.Key{Document: tree.Document, Action: action}, ActionID: action, Text: f.Title, Fields: f, Basis: map[ticket.Field]string{}}
			for _, field := range ticket.AllFields() {
				w.Basis[field] = f.Text(field)
			}
			return w
		}
		tree.Parent = want("")
		for a := range 10 {
			tree.Children = append(tree.Children, want(fmt.Sprintf("A%d", a)))
		}
		trees = append(trees, tree)
	}
	_, err := c.work.Run(c.Context(), persync.Request{Documents: trees, Whole: true, Options: plan.Options{Force: true}})
	return err
}

// Wherever in a run the disk fills up: the run says so, no ticket is filed whose intent
// could not be kept, and once there is room everything is there once.
func TestARunOnAFullDiskFilesNothingThatItCannotRemember(t *testing.T) {
	const runs = 10
	full := 0
	for room := 0; room < 10*runs; room += 10 {
		c := newCrew(t)
		if err := c.db.LeaveRoom(t.Context(), room); err != nil {
			t.Fatal(err)
		}
		if err := c.sync("Title "); err != nil {
			full++
			if !errors.Is(err, store.ErrFull) || !strings.Contains(err.Error(), "percolate.db: the disk is full; nothing of this change was written") {
				t.Errorf("with room for %d pages it says %v", room, err)
			}
		}
		links, err := c.db.Links(t.Context())
		if err != nil || c.db.Check(t.Context()) != nil {
			t.Fatalf("with room for %d pages the state cannot be read: %v", room, err)
		}
		if len(c.mem.Tickets()) > len(links) {
			t.Errorf("with room for %d pages there are %d tickets and %d links", room, len(c.mem.Tickets()), len(links))
		}
		if err := c.db.LeaveRoom(t.Context(), -1); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := c.sync("Title "); err != nil {
				t.Fatal(err)
			}
		}
		c.everyTicketOnce(room)
	}
	if full < 3 || full == runs {
		t.Errorf("the disk was full in %d of %d runs, which proves little", full, runs)
	}
}

func (c *crew) everyTicketOnce(room int) {
	c.Helper()
	for key, n := range c.mem.Creations() {
		if n != 1 {
			c.Errorf("with room for %d pages %s was filed %d times", room, key, n)
		}
	}
	if n := len(c.mem.Tickets()); n != 22 {
		c.Errorf("with room for %d pages there are %d tickets, want 22", room, n)
	}
}

func TestARunOnAReadOnlyStateWritesToNoTracker(t *testing.T) {
	c := newCrew(t)
	if err := c.sync("Title "); err != nil {
		t.Fatal(err)
	}
	before := c.mem.Moments()[memory.BeforeUpdate]
	if err := c.db.Protect(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantIs(t, c.sync("Another title "), store.ErrReadOnly)
	if n := c.mem.Moments()[memory.BeforeUpdate] - before; n > 0 {
		t.Errorf("%d tickets were changed, which nothing remembers", n)
	}
}
