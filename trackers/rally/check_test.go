package rally_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/rally"
	"percolate/trackers/rally/rallytest"
)

func TestCheckTellsWhatWouldGoWrong(t *testing.T) {
	for name, c := range map[string]struct {
		f    flavour
		says string
	}{
		"Required":   {flavour{bad: rallytest.Faults{Required: []string{"c_Team"}}}, "FAIL rally-ops: Defect requires c_Team"},
		"Value":      {flavour{opt: rally.Options{Values: []rally.Value{{Field: "c_Tem", Value: "x"}}}}, "FAIL rally-ops: HierarchicalRequirement has no attribute c_Tem"},
		"Priorities": {flavour{sim: rallytest.Options{Priorities: []string{"P1", "Normal"}}}, "warn rally-ops: no Priority of a defect here is configured as lowest, low, high, highest"},
		"Severities": {flavour{opt: rally.Options{Severities: map[ticket.Priority][]string{ticket.PriorityLow: {"Minor"}}}}, "warn rally-ops: no Severity of a defect here is configured as low"},
		"DueField":   {flavour{opt: rally.Options{Due: rally.DueField, DueField: "c_When"}}, "FAIL rally-ops: a story has no attribute c_When"},
		"DueType":    {flavour{opt: rally.Options{Due: rally.DueField, DueField: "c_Team"}}, "FAIL rally-ops: attribute c_Team cannot hold a due day"},
		"DueWorks":   {flavour{opt: rally.Options{Due: rally.DueField, DueField: "c_DueDate"}}, "ok rally-ops: due days: TargetDate of defects, c_DueDate of stories"},
		"Iterations": {flavour{opt: rally.Options{Due: rally.DueIteration}}, "ok rally-ops: due days: TargetDate of defects, a line in the description of stories and their iteration, the last of which ends 2027-07-18"},
		"NoDue":      {flavour{opt: rally.Options{Due: rally.DueNone}}, "warn rally-ops: due days: TargetDate of defects, and none of stories"},
		"States":     {flavour{opt: rally.Options{Statuses: map[ticket.Status][]string{ticket.StatusActive: {"Accepted", "Released", "Closed"}}}}, "FAIL rally-ops: no ScheduleState of a HierarchicalRequirement means done"},
		"Key":        {flavour{bad: rallytest.Faults{Reject: true}}, "FAIL rally-ops: workspace 41529001: Not authorized"},
		"Down":       {flavour{bad: rallytest.Faults{Down: 1}}, "FAIL rally-ops: workspace 41529001: Rally answered with a web page"},
		"NoDisabled": {flavour{}, "warn rally-ops: gone@percolate.example is disabled in Rally"},
		"NoAccess":   {flavour{}, "warn rally-ops: noaccess@percolate.example is no editor of the project"},
		"Twins":      {flavour{}, "warn rally-ops: several users have the address twin@percolate.example"},
		"People":     {flavour{}, "ok rally-ops: 1 of 4 people can own tickets"},
	} {
		t.Run(name, func(t *testing.T) {
			people := []string{"bob", "gone@percolate.example", "noaccess@percolate.example", "twin@percolate.example"}
			wantSaid(t, newSite(t, c.f).tracker.Check(t.Context(), people), c.says)
		})
	}
}

func wantSaid(t *testing.T, found []trackers.Diagnosis, says string) {
	t.Helper()
	var lines []string
	for _, d := range found {
		lines = append(lines, string(d.Level)+" "+d.Text)
	}
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, says) }) {
		t.Errorf("%q is not said in\n%s", says, strings.Join(lines, "\n"))
	}
}

func TestCheckTellsOfAProjectThatIsElsewhere(t *testing.T) {
	s := newSite(t, flavour{})
	for project, says := range map[string]string{"41529117": `FAIL rally-ops: project "Sandbox" is in another workspace`, "99": "FAIL rally-ops: project 99: Cannot find object to read"} {
		tr, err := rally.New(rally.Options{
			Name: "rally-ops", URL: "https://rally.example", Key: key, Workspace: fmt.Sprint(rallytest.WorkspaceID), Project: project, Now: s.Now, Transport: s.sim.Transport(),
		})
		if err != nil {
			t.Fatal(err)
		}
		wantSaid(t, tr.Check(t.Context(), nil), says)
	}
}

func TestWhatCannotBeConfiguredIsRefused(t *testing.T) {
	for says, opt := range map[string]rally.Options{
		`workspace "ops" is no object id`: {Workspace: "ops", Project: "1"},
		`project "" is no object id`:      {Workspace: "1"},
		"in the clear":                    {Workspace: "1", Project: "1", URL: "http://rally.example.com"},
	} {
		opt.Name = "rally-ops"
		if _, err := rally.New(opt); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want %q", err, says)
		}
	}
}
