package trackers_test

import (
	"slices"
	"sync"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

var creation = []trackers.Creation{{Key: ticket.Key{Document: "PER-1"}, Fields: ticket.Fields{Title: "x"}}}

func TestReadOnlyReadsAndRefusesToWrite(t *testing.T) {
	m := memory.New(memory.Options{})
	s := m.Create(t.Context(), creation)[0].Seen
	r := trackers.ReadOnly(m)
	got, err := r.Get(t.Context(), []ticket.Ref{s.Ref})
	if err != nil || got[s.Ref].Key != s.Key {
		t.Errorf("get: %v, %v", got, err)
	}
	if done := r.Create(t.Context(), creation); len(done) != 1 || trackers.CodeOf(done[0].Err) != trackers.Denied {
		t.Errorf("create: %v", done)
	}
	if _, _, err := r.Update(t.Context(), s, ticket.Patch{Status: ticket.StatusDone}); trackers.CodeOf(err) != trackers.Denied {
		t.Errorf("update: %v", err)
	}
	if all := m.Tickets(); len(all) != 1 || all[0].Status != ticket.StatusOpen {
		t.Errorf("something was written: %+v", all)
	}
}

func TestRequestsAreCountedByTrackerOperationAndOutcome(t *testing.T) {
	var c trackers.Counter
	if got := c.Tallies(); len(got) != 0 {
		t.Errorf("nothing was asked, and it counted %+v", got)
	}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			c.Observe(trackers.Request{Tracker: "ops", Op: "get", Status: 200})
			c.Observe(trackers.Request{Tracker: "ops", Op: "get", Status: 429, Outcome: trackers.RateLimit})
			c.Observe(trackers.Request{Tracker: "gh", Op: "get", Status: 304})
		})
	}
	all.Wait()
	c.Observe(trackers.Request{Tracker: "ops", Op: "create", Outcome: trackers.UnknownOutcome})
	want := []trackers.Tally{
		{Tracker: "gh", Op: "get", Times: 3}, {Tracker: "ops", Op: "create", Outcome: trackers.UnknownOutcome, Times: 1},
		{Tracker: "ops", Op: "get", Times: 3}, {Tracker: "ops", Op: "get", Outcome: trackers.RateLimit, Times: 3},
	}
	if got := c.Tallies(); !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}
