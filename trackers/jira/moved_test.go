package jira_test

import (
	"fmt"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/jira"
	"percolate/trackers/jira/jiratest"
)

// movement is when a poll says that people moved a ticket.
func (s *site) movement(t *testing.T, ref ticket.Ref) time.Time {
	t.Helper()
	s.Wait(10 * time.Minute)
	for c, err := range s.tracker.Changed(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		for _, seen := range c.Seen {
			if seen.Ref == ref {
				return seen.Moved
			}
		}
	}
	t.Fatalf("%s is in no page", ref)
	return time.Time{}
}

func TestMovementIsWhatPeopleDoAndNobodyElse(t *testing.T) {
	assign := func(to string) func(*jiratest.Issue) { return func(i *jiratest.Issue) { i.Assignee = to } }
	for _, f := range []flavour{
		{name: "Cloud"},
		{name: "CloudInNumbers", bad: jiratest.Faults{EpochLog: true}},
		{name: "CloudInSmallPages", bad: jiratest.Faults{PageMax: 2, Loop: true}},
		{name: "DataCenter", sim: jiratest.Options{DataCenter: true}},
	} {
		f.opt.Flag, f.opt.Bots = "Flagged", []string{"automation", "BOB@percolate.example"}
		t.Run(f.name, func(t *testing.T) {
			s := newSite(t, f)
			ref := s.filed(t, story).Seen.Ref
			id := string(ref)
			created := s.issue(ref).Created.Truncate(time.Millisecond)
			if at := s.movement(t, ref); !at.Equal(created) {
				t.Errorf("nobody moved it, and it moved at %s, want its creation at %s", at, created)
			}
			last := created
			for _, step := range []struct {
				name  string
				do    func()
				moves bool
			}{
				{"an app's assignment", func() { s.sim.EditAs("automation", id, assign("acc-bob")) }, false},
				{"a listed account's assignment", func() { s.sim.EditAs("bob", id, assign("acc-ann")) }, false},
				{"our assignment", func() { s.sim.EditAs("percolate", id, assign("")) }, false},
				{"nobody's assignment", func() { s.sim.EditAs("", id, assign("acc-bob")) }, false},
				{"a person's assignment", func() { s.sim.Edit(id, assign("acc-ann")) }, true},
				{"a person's label", func() { s.sim.Edit(id, func(i *jiratest.Issue) { i.Labels = append(i.Labels, "x") }) }, false},
				{"a person's flag", func() { s.sim.Edit(id, func(i *jiratest.Issue) { i.Flagged = true }) }, true},
				{"a person's status", func() { s.sim.Edit(id, func(i *jiratest.Issue) { i.Status = "3" }) }, true},
				{"a person's remark", func() { s.sim.Remark("ann", id, "Looking at it.") }, true},
				{"an app's remark", func() { s.sim.Remark("automation", id, "A pull request mentions this.") }, false},
				{"our remark by another account", func() { s.sim.Remark("anna", id, jira.Signed(ticket.Comment{Marker: "m", Text: "x"})) }, false},
			} {
				step.do()
				at := s.movement(t, ref)
				if at.After(last) != step.moves {
					t.Errorf("%s: moved at %s after %s, want movement %v", step.name, at, last, step.moves)
				}
				if step.moves && s.issue(ref).Updated.Sub(at) > 5*time.Millisecond {
					t.Errorf("%s: moved at %s, want %s", step.name, at, s.issue(ref).Updated)
				}
				last = at
			}
		})
	}
}

func TestMovementThatCannotBeReadCostsNothingElse(t *testing.T) {
	for _, f := range []flavour{
		{name: "Cloud", bad: jiratest.Faults{NoLog: true}},
		{name: "DataCenter", sim: jiratest.Options{DataCenter: true}, bad: jiratest.Faults{NoLog: true}},
		{name: "Nobody", bad: jiratest.Faults{Deny: []string{"MYSELF"}}},
	} {
		t.Run(f.name, func(t *testing.T) {
			s := newSite(t, f)
			ref := s.filed(t, story).Seen.Ref
			if at := s.movement(t, ref); !at.IsZero() {
				t.Errorf("moved at %s", at)
			}
		})
	}
}

// The search shows some of many comments, and does not say that they are the newest.
func TestTheNewestOfManyCommentsCounts(t *testing.T) {
	s := newSite(t, flavour{})
	ref := s.filed(t, story).Seen.Ref
	for n := range 30 {
		s.sim.Remark("ann", string(ref), fmt.Sprint("Remark ", n))
		s.Wait(time.Minute)
	}
	want := s.issue(ref).Comments[29].At.Truncate(time.Millisecond)
	s.sim.Remark("automation", string(ref), "Noise.")
	if at := s.movement(t, ref); !at.Equal(want) {
		t.Errorf("moved at %s, want the last remark of a person at %s", at, want)
	}
}

// What telling of movement costs: one request for a thousand tickets, and none when
// nothing changed. A new process need not ask who it is, but once a day.
func TestMovementIsReadInBulk(t *testing.T) {
	s := newSite(t, flavour{})
	var batch []trackers.Creation
	for n := range 250 {
		c := story
		c.Key.Action = fmt.Sprint("A", n)
		batch = append(batch, c)
	}
	for n := 0; n < len(batch); n += 100 {
		s.tracker.Create(t.Context(), batch[n:min(n+100, len(batch))])
	}
	s.Wait(time.Hour)
	cursor := s.last(t, "")
	for _, c := range []struct {
		name           string
		wait           time.Duration
		edits          int
		searches, logs int
		others         int
	}{
		{"Nothing", time.Hour, 0, 1, 0, 0},
		{"Few", time.Hour, 10, 1, 1, 0},
		{"Many", time.Hour, 250, 3, 1, 0},
		{"AllOnAnotherDay", 48 * time.Hour, 250, 3, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.Wait(c.wait)
			for _, i := range s.sim.Issues()[:c.edits] {
				s.sim.Edit(i.Key, func(i *jiratest.Issue) { i.Status = "3" })
			}
			s.tracker = s.open(t, flavour{}) // a new process
			s.sim.ForgetRequests()
			s.last(t, cursor)
			got := s.sim.Requests()
			if got["POST search/jql"] != c.searches || got["POST changelog/bulkfetch"] != c.logs || total(got) != c.searches+c.logs+c.others {
				t.Errorf("it took %v", got)
			}
		})
	}
}
