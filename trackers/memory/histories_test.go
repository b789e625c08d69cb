package memory_test

import (
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"percolate/sync/enginetest"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
	"percolate/trackers/trackertest"
)

func TestHistories(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{New: newSite, Histories: 300})
}

// newSite is a tracker with some of its nasty options.
func newSite(_ *testing.T, r *rand.Rand) *enginetest.Site {
	var clock atomic.Int64
	some := func(n int) int { return r.IntN(2) * (1 + r.IntN(n)) }
	opt := memory.Options{
		Now:  func() time.Time { return time.Unix(0, clock.Load()).UTC() },
		Seed: r.Uint64(), Census: r.IntN(2) == 0, Flap: r.IntN(2) == 0, FixedKinds: r.IntN(2) == 0, NoPriorities: r.IntN(5) == 0, NoDue: r.IntN(5) == 0,
		FindLag: time.Duration(some(600)) * time.Second, Batch: some(5), Page: some(20), TitleMax: 30 * some(3), Wrap: 30 * some(3), LowerLabels: r.IntN(2) == 0,
	}
	if r.IntN(2) == 0 {
		opt.Accounts = []string{"ann", "bob"}
	}
	var trouble *rand.Rand
	opt.Fault = func(m memory.Moment, _ int) memory.Fault {
		if trouble == nil || trouble.IntN(10) > 0 {
			return memory.Fault{}
		}
		if strings.HasPrefix(string(m), "after") {
			return memory.Fault{Code: trackers.UnknownOutcome}
		}
		return memory.Fault{Code: []trackers.Code{trackers.Unavailable, trackers.RateLimit, trackers.Denied}[trouble.IntN(3)]}
	}
	m := memory.New(opt)
	wait := func(d time.Duration) { clock.Add(int64(d)) }
	wait(500_000 * time.Hour)
	return &enginetest.Site{
		Place: &trackertest.Place{
			Tracker: m, Wait: wait, Open: m.Open, Remark: m.Comment, Delete: m.Delete,
			Edit: func(ref ticket.Ref, e trackertest.Edit) { m.Edit(ref, func(k *memory.Ticket) { apply(k, e) }) },
			Move: func(ref ticket.Ref) { m.Move(ref, "ELSE") },
		},
		Name: m.Info().Name, Now: opt.Now, Accounts: []string{"ann", "bob", "kim"},
		Tickets: func() []enginetest.Ticket { return stored(m) },
		Trouble: func(r *rand.Rand) { trouble = r },
		Calm:    func() { trouble = nil },
	}
}

// stored are the tickets as the tracker holds them.
func stored(m *memory.Tracker) (all []enginetest.Ticket) {
	for _, k := range m.Tickets() {
		t := enginetest.Ticket{
			Ref: k.Ref, Name: k.Name, Parent: k.Parent, Title: k.Fields.Title, Text: k.Whole, Status: k.Status, Due: string(k.Fields.Due),
			Priority: k.Fields.Priority.String(), Labels: k.Fields.Labels, Assignees: k.Fields.Assignees, Deleted: k.Deleted,
		}
		for _, c := range k.Comments {
			t.Comments = append(t.Comments, c.Text)
		}
		all = append(all, t)
	}
	return all
}
