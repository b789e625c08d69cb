package redmine_test

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"percolate/sync/enginetest"
	"percolate/trackers"
	"percolate/trackers/internal/simsite"
	"percolate/trackers/redmine"
	"percolate/trackers/redmine/redminetest"
)

// A real server is slow, so these are few; -histories runs more. Parents keep what people
// give them, since the histories know nobody else who might take it back.
func TestHistories(t *testing.T) {
	s := server(t)
	if err := s.LetParentsBe(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		for _, setting := range []string{redminetest.ParentDates, redminetest.ParentPriority} {
			if err := s.Set(t.Context(), setting, "derived"); err != nil {
				t.Error(err)
			}
		}
	}()
	enginetest.Run(t, enginetest.Harness{New: historySite, Histories: 3})
}

// historySite is the real Redmine, configured in any way, behind a bad network. Percolate's
// clock is not the server's: it stands still and jumps, while the server's goes on.
func historySite(t *testing.T, r *rand.Rand) *enginetest.Site {
	opt := redmine.Options{}
	if r.IntN(2) == 0 {
		opt.MarkerField = markerField
	}
	if r.IntN(2) == 0 {
		opt.LabelsField = labelsField
	}
	if r.IntN(2) == 0 {
		opt.Format = redmine.Markdown
	}
	clock := &clock{now: time.Now()}
	opt.Now, opt.Sleep = clock.Now, func(ctx context.Context, d time.Duration) error { clock.pass(d); return ctx.Err() }
	s := newSite(t, opt)
	desk := simsite.At(t, s.server)
	place := desk.Place()
	place.Tracker, place.Wait = s.tracker, clock.pass
	before := newest(s.server)
	return &enginetest.Site{
		Place: place, Name: s.opt.Name, Now: opt.Now, Accounts: []string{redminetest.Ann, redminetest.Bob},
		Restart: func() trackers.Tracker { return s.again() },
		Tickets: func() []enginetest.Ticket { return since(desk.Stored(), before) },
		Trouble: func(r *rand.Rand) { s.server.SetFaults(func(f *redminetest.Faults) { *f = badDay(r) }) },
		Calm:    func() { s.server.SetFaults(func(f *redminetest.Faults) { *f = redminetest.Faults{} }) },
	}
}

// clock is percolate's, which moves on a little with every look.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.pass(time.Millisecond)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// badDay are some of the faults, by chance.
func badDay(r *rand.Rand) (f redminetest.Faults) {
	some := func(n int) int { return []int{0, n}[r.IntN(2)] }
	f.LoseNext, f.LoseEvery, f.DropEvery, f.LimitEvery, f.Down = some(2), some(3), some(5), some(4), some(2)
	return f
}

// newest is the highest number that an issue has.
func newest(server *redminetest.Server) int {
	highest := 0
	for _, k := range server.Tickets() {
		n, _ := strconv.Atoi(k.Ref)
		highest = max(highest, n)
	}
	return highest
}

// since are the tickets that came later: the server is that of all tests.
func since(all []enginetest.Ticket, before int) (later []enginetest.Ticket) {
	for _, k := range all {
		_, number, _ := strings.Cut(k.Name, "#")
		if n, err := strconv.Atoi(number); err == nil && n > before {
			later = append(later, k)
		}
	}
	return later
}
