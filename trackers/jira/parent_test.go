package jira_test

import (
	"strings"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/jira"
	"percolate/trackers/jira/jiratest"
)

var parent = trackers.Creation{Key: ticket.Key{Document: "PER-1"}, Fields: ticket.Fields{Kind: ticket.KindParent, Title: "The event"}}

// below is story below a parent.
func below(ref ticket.Ref) trackers.Creation {
	c := story
	c.Parent = ref
	return c
}

func TestAPersonsTicketThatCannotBeBelowAParentIsUnmetAndNoError(t *testing.T) {
	subtask := jira.Options{Hierarchy: jira.Subtask}
	for _, c := range []struct {
		flavour
		typ, says string
	}{
		{flavour{name: "CloudSubtask", opt: subtask}, "10001", "appropriate hierarchy"},
		{flavour{name: "DataCenterSubtask", opt: subtask, sim: jiratest.Options{DataCenter: true}}, "10001", "appropriate screen"},
		{flavour{name: "CloudEpicBelowEpic"}, "10000", "appropriate hierarchy"},
		{flavour{name: "DataCenterEpicBelowEpic", sim: jiratest.Options{DataCenter: true}}, "10000", "appropriate screen"},
		{flavour{name: "LinkOfAnotherType", opt: jira.Options{Hierarchy: jira.Link, LinkType: "Parent"}}, "10001", "No issue link type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, c.flavour)
			above := s.filed(t, parent).Seen
			ref := ticket.Ref(s.sim.Open("A person's", ""))
			s.sim.Edit(string(ref), func(i *jiratest.Issue) { i.Type = c.typ })
			patch := ticket.Patch{Parent: above.Ref, AddLabels: []string{"x"}}
			seen, unmet, err := s.tracker.Update(t.Context(), ticket.Seen{Ref: ref}, patch)
			if err != nil || seen.Parent != "" || len(seen.Fields.Labels) != 1 {
				t.Fatalf("it is %+v, %v", seen, err)
			}
			unmetOf(t, unmet, ticket.FieldParent)
			if u := unmet[0]; u.Value != above.Name || u.Again || !strings.Contains(u.Reason, c.says) {
				t.Errorf("unmet %+v, want %s with %q", u, above.Name, c.says)
			}
		})
	}
}

// A planner may make the parent something that can have nothing below it.
func TestWhatCannotBeFiledBelowItsParentIsFiledBesideIt(t *testing.T) {
	for _, f := range []flavour{{name: "Cloud"}, {name: "DataCenter", sim: jiratest.Options{DataCenter: true}}} {
		t.Run(f.name, func(t *testing.T) {
			s := newSite(t, f)
			above := s.filed(t, parent).Seen
			s.sim.Edit(string(above.Ref), func(i *jiratest.Issue) { i.Type = "10001" })
			done := s.filed(t, below(above.Ref))
			unmetOf(t, done.Unmet, ticket.FieldParent)
			if done.Seen.Parent != "" || len(s.sim.Issues()) != 2 {
				t.Errorf("it is below %q, and there are %d issues", done.Seen.Parent, len(s.sim.Issues()))
			}
		})
	}
}

// Without the field on the screen a link is a write of its own, of which anything may
// become. The ticket is filed, and the next run links what is still without.
func TestALinkThatDidNotGetThroughIsTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		bad   jiratest.Faults
		unmet []ticket.Field
		again bool
	}{
		"Stored":  {jiratest.Faults{LoseEvery: 3}, nil, true}, // parent, child, link
		"Refused": {jiratest.Faults{Deny: []string{"LINK_ISSUES"}}, []ticket.Field{ticket.FieldParent}, false},
		"Down":    {jiratest.Faults{DownAt: "POST issueLink"}, []ticket.Field{ticket.FieldParent}, true},
	} {
		t.Run(name, func(t *testing.T) {
			c.bad.OffScreen = []string{"issuelinks"}
			s := newSite(t, flavour{opt: jira.Options{Hierarchy: jira.Link, LinkType: "Post-event"}, bad: c.bad})
			done := s.filed(t, below(s.filed(t, parent).Seen.Ref))
			unmetOf(t, done.Unmet, c.unmet...)
			if (done.Seen.Parent == "") != (len(c.unmet) > 0) {
				t.Errorf("it is below %q", done.Seen.Parent)
			}
			for _, u := range done.Unmet {
				if u.Again != c.again {
					t.Errorf("unmet %+v, want again %v", u, c.again)
				}
			}
		})
	}
}
