package jira_test

import (
	"fmt"
	"reflect"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/jira"
	"percolate/trackers/jira/jiratest"
)

// What happens between two requests of one operation.

func TestASearchThatShrinksWhileItIsReadMissesNothing(t *testing.T) {
	s := newSite(t, flavour{sim: jiratest.Options{DataCenter: true}, bad: jiratest.Faults{PageMax: 2}})
	var refs []ticket.Ref
	for i := range 8 {
		c := story
		c.Key.Action = fmt.Sprint("A", i)
		refs = append(refs, s.filed(t, c).Seen.Ref)
	}
	n := 0
	for f, err := range s.tracker.Find(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; f.Ref == refs[3] {
			s.sim.Delete(string(refs[0]))
			s.sim.Delete(string(refs[1]))
		}
	}
	if n != 8 {
		t.Errorf("found %d, want the 8 that were there when each was read", n)
	}
}

func TestASiteThatMovedToCloudIsPolledOn(t *testing.T) {
	s := newSite(t, flavour{})
	s.filed(t, story)
	seen := 0
	for c, err := range s.open(t, flavour{}).Changed(t.Context(), `{"form":2,"deployment":"data-center","last":"2026-03-04T08:00:00Z"}`) {
		if err != nil {
			t.Fatal(err)
		}
		seen += len(c.Seen)
	}
	if seen != 1 {
		t.Errorf("%d tickets changed, want 1", seen)
	}
}

func TestAnUpdateThatWasHalfDoneIsNotCalledUndone(t *testing.T) {
	s := newSite(t, flavour{bad: jiratest.Faults{Deny: []string{"ADD_COMMENTS"}}})
	base := s.filed(t, story).Seen
	said := ticket.Comment{Marker: "m", Text: "x"}
	_, _, err := s.tracker.Update(t.Context(), base, ticket.Patch{Comment: said})
	if trackers.CodeOf(err) != trackers.Denied {
		t.Errorf("nothing was done, and the error is %v", err)
	}
	patch := ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "New"}, Comment: said}
	if _, _, err := s.tracker.Update(t.Context(), base, patch); trackers.CodeOf(err) != trackers.UnknownOutcome {
		t.Errorf("the title was written, and the error is %v", err)
	}
}

func TestOtherLinksOfPeopleDoNotMoveATicket(t *testing.T) {
	s := newSite(t, flavour{opt: jira.Options{Hierarchy: jira.Link, LinkType: "Post-event"}})
	parent := s.filed(t, trackers.Creation{Key: ticket.Key{Document: "PER-1"}, Fields: ticket.Fields{Title: "P"}}).Seen
	c := story
	c.Parent = parent.Ref
	child := s.filed(t, c).Seen
	other := ticket.Ref(s.sim.Open("Something else", ""))
	s.link(child.Ref, other)
	s.link(other, child.Ref)
	got, err := s.tracker.Get(t.Context(), []ticket.Ref{child.Ref})
	if err != nil || got[child.Ref].Parent != parent.Ref {
		t.Errorf("it is below %s, want %s, %v", got[child.Ref].Parent, parent.Ref, err)
	}
}

func TestAnEditOfCloudAnswersWithTheTicket(t *testing.T) {
	for name, c := range map[string]struct {
		flavour
		reads int
	}{
		"all of it":         {flavour{}, 0},
		"what was edited":   {flavour{bad: jiratest.Faults{EditShows: "edited"}}, 1},
		"nothing":           {flavour{bad: jiratest.Faults{EditShows: "nothing"}}, 1},
		"as in Data Center": {flavour{sim: jiratest.Options{DataCenter: true}}, 1},
	} {
		s := newSite(t, c.flavour)
		above := s.filed(t, trackers.Creation{Key: ticket.Key{Document: story.Key.Document}, Fields: ticket.Fields{Title: "P", Kind: ticket.KindParent}}).Seen
		child := story
		child.Parent = above.Ref
		for _, base := range []ticket.Seen{above, s.filed(t, child).Seen} {
			s.sim.ForgetRequests()
			got, unmet, err := s.tracker.Update(t.Context(), base, ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "New"}})
			if err != nil || len(unmet) > 0 {
				t.Fatal(err, unmet)
			}
			if asked := s.sim.Requests(); asked["PUT issue/{}"] != 1 || asked["GET issue/{}"] != c.reads {
				t.Errorf("%s: one edit took %v", name, asked)
			}
			all, err := s.tracker.Get(t.Context(), []ticket.Ref{base.Ref})
			if err != nil {
				t.Fatal(err)
			}
			want := all[base.Ref]
			got.AsOf = want.AsOf
			if !reflect.DeepEqual(got, want) || got.Fields.Title != "New" || got.Parent != base.Parent || got.Key != base.Key {
				t.Errorf("%s: the edit shows\n%+v\nand a read\n%+v", name, got, want)
			}
		}
	}
}

func TestWhatIsWrittenAfterAnEditIsReadBack(t *testing.T) {
	s := newSite(t, flavour{})
	base := s.filed(t, story).Seen
	got, _, err := s.tracker.Update(t.Context(), base, ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "New"}, Status: ticket.StatusDone})
	if err != nil || got.Status != ticket.StatusDone || got.Fields.Title != "New" {
		t.Errorf("%+v, %v", got, err)
	}
}
