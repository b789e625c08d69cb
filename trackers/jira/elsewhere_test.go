package jira_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/jira"
	"percolate/trackers/jira/jiratest"
)

// elsewhere files children in another project than their parents.
func elsewhere() flavour {
	return flavour{opt: jira.Options{Hierarchy: jira.Link, LinkType: "Post-event", ChildProject: "ELSE"}}
}

func TestChildrenMayLiveInAnotherProject(t *testing.T) {
	for _, dc := range []bool{false, true} {
		f := elsewhere()
		f.sim.DataCenter = dc
		s := newSite(t, f)
		above := s.filed(t, parent).Seen
		child := s.filed(t, below(above.Ref)).Seen
		if above.Name != "OPS-1" || child.Name != "ELSE-1" || child.Parent != above.Ref {
			t.Errorf("data center %v: the parent is %s, and %s is below %q", dc, above.Name, child.Name, child.Parent)
		}
		if ref, ok := s.tracker.Info().Recognise("ELSE-1"); !ok || ref != "ELSE-1" {
			t.Errorf("ELSE-1 is not recognised")
		}
		if keys := s.found(t, "PER-1"); len(keys) != 2 {
			t.Errorf("found %v", keys)
		}
	}
}

func TestLostCreatesAreProbedForInBothProjects(t *testing.T) {
	f := elsewhere()
	f.bad.IndexLag = jiratest.Duration(time.Hour)
	s := newSite(t, f)
	s.sim.SetFaults(func(f *jiratest.Faults) { f.LoseNext = 2 })
	for _, c := range []trackers.Creation{parent, story} {
		if err := s.tracker.Create(t.Context(), []trackers.Creation{c})[0].Err; trackers.CodeOf(err) != trackers.UnknownOutcome {
			t.Fatalf("got %v", err)
		}
	}
	if keys := s.found(t, "PER-1"); len(keys) != 2 {
		t.Errorf("found %v, want both", keys)
	}
}

func TestCheckLooksAtBothProjects(t *testing.T) {
	for permission, want := range map[string]string{
		"ELSE:CREATE_ISSUES": "FAIL jira-ops: the user lacks the permissions CREATE_ISSUES in project ELSE",
		"OPS:LINK_ISSUES":    "FAIL jira-ops: the user lacks the permissions LINK_ISSUES in project OPS",
	} {
		f := elsewhere()
		f.bad.Deny = []string{permission}
		var lines []string
		for _, d := range newSite(t, f).tracker.Check(t.Context(), []string{"acc-ann"}) {
			lines = append(lines, string(d.Level)+" "+d.Text)
		}
		for _, w := range []string{want, "ok jira-ops: project ELSE is not public", "ok jira-ops: 1 of 1 people can be assigned"} {
			if !slices.Contains(lines, w) {
				t.Errorf("%q is not said in\n%s", w, strings.Join(lines, "\n"))
			}
		}
	}
}

// Planners move the work to where it is done; it stays below its parent and is polled.
func TestAChildThatIsMovedStaysBelowItsParent(t *testing.T) {
	s := newSite(t, elsewhere())
	above := s.filed(t, parent).Seen
	child := s.filed(t, below(above.Ref)).Seen
	s.sim.Move(string(child.Ref), "OPS")
	for c, err := range s.tracker.Changed(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		for _, seen := range c.Seen {
			if seen.Ref == child.Ref && (seen.Name != "OPS-2" || seen.Parent != above.Ref) {
				t.Errorf("moved, it is %s below %q", seen.Name, seen.Parent)
			}
		}
	}
	patch := ticket.Patch{Set: []ticket.Field{ticket.FieldAssignees}, To: ticket.Fields{Assignees: []string{"acc-bob"}}}
	seen, unmet, err := s.tracker.Update(t.Context(), child, patch)
	if err != nil || len(unmet) > 0 || !slices.Equal(seen.Fields.Assignees, []string{"acc-bob"}) {
		t.Errorf("assigned to %v, unmet %v, %v", seen.Fields.Assignees, unmet, err)
	}
}
