package trackers_test

import (
	"slices"
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

func TestCountCountsOperationsByOutcome(t *testing.T) {
	m := memory.New(memory.Options{Fault: func(mo memory.Moment, n int) memory.Fault {
		if mo == memory.BeforeFind && n == 2 {
			return memory.Fault{Code: trackers.RateLimit}
		}
		return memory.Fault{}
	}})
	c := trackers.Count(m)
	c.Create(t.Context(), append(creation, creation...))
	for range 2 {
		for range c.Find(t.Context(), nil) {
		}
	}
	for range c.Changed(t.Context(), "") {
	}
	if _, err := c.Get(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Update(t.Context(), ticket.Seen{Ref: "none"}, ticket.Patch{}); err == nil {
		t.Fatal("updated what is not there")
	}
	want := []trackers.Tally{
		{Op: "changed", Times: 1}, {Op: "create", Times: 2}, {Op: "find", Times: 1},
		{Op: "find", Code: trackers.RateLimit, Times: 1}, {Op: "get", Times: 1}, {Op: "update", Code: trackers.NotFound, Times: 1},
	}
	if got := c.Tallies(); !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if n := c.Times("find"); n != 2 {
		t.Errorf("%d finds, want 2", n)
	}
}
