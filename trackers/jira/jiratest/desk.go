package jiratest

import (
	"cmp"
	"slices"
	"strconv"

	"percolate/trackers/internal/simctl"
)

// desk is where programs look into the simulator and do what people do.
type desk struct{ s *Server }

// Tickets implements [simctl.Simulator].
func (d desk) Tickets() []simctl.Ticket {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	all := make([]simctl.Ticket, 0, len(d.s.issues))
	for _, i := range d.s.issues {
		all = append(all, d.ticket(i))
	}
	return all
}

// Requests implements [simctl.Simulator].
func (d desk) Requests() map[string]int { return d.s.Requests() }

// Switches implements [simctl.Simulator].
func (d desk) Switches() any {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	f := d.s.faults
	f.OffScreen, f.Surprise, f.Required = slices.Clone(f.OffScreen), slices.Clone(f.Surprise), slices.Clone(f.Required)
	f.Deny, f.RefuseKeys = slices.Clone(f.Deny), slices.Clone(f.RefuseKeys)
	return &f
}

// Switch implements [simctl.Simulator].
func (d desk) Switch(to any) { d.s.SetFaults(func(f *Faults) { *f = *to.(*Faults) }) }

func (d desk) ticket(i *Issue) simctl.Ticket {
	t := simctl.Ticket{
		Ref: strconv.FormatInt(i.ID, 10), Name: i.Key, Parent: d.above(i), Title: i.Summary, Text: i.Description,
		Status: statusWord(i), Priority: d.s.priorityName(i.Priority), Due: i.Due, Place: projectOf(i.Key),
		Labels: slices.Clone(i.Labels), Deleted: i.Deleted,
	}
	for _, typ := range types() {
		if typ.id == i.Type {
			t.Kind = d.s.typeName(typ)
		}
	}
	if i.Assignee != "" {
		t.Assignees = []string{i.Assignee}
	}
	for _, c := range i.Comments {
		t.Comments = append(t.Comments, c.Body)
	}
	return t
}

// above is the ref of what an issue is below of: its parent, its epic, or where its
// oldest link leads.
func (d desk) above(i *Issue) string {
	id := i.Parent
	if epic := d.s.find(i.EpicLink); id == 0 && epic != nil {
		id = epic.ID
	}
	if l := d.upward(i); id == 0 && l != nil {
		id = l.To
	}
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func (d desk) upward(i *Issue) *link {
	for n := range d.s.links {
		if l := &d.s.links[n]; l.From == i.ID {
			return l
		}
	}
	return nil
}

// statusWord folds a status as a team reads its board.
func statusWord(i *Issue) string {
	n := slices.IndexFunc(statuses(), func(st status) bool { return st.id == i.Status })
	st := statuses()[n]
	switch {
	case st.category == "done" && cmp.Or(i.Resolution, "Done") != "Done":
		return "dropped"
	case st.category == "done":
		return "done"
	case i.Flagged, st.name == "Blocked":
		return "blocked"
	case st.category == "indeterminate":
		return "active"
	}
	return "open"
}

// statusOfWord changes an issue to a status. What is blocked is so by status and by
// flag, so that either configuration sees it.
func statusOfWord(i *Issue, word string) bool {
	categories := map[string]string{"open": "new", "active": "indeterminate", "blocked": "blocked", "done": "done", "dropped": "done"}
	if categories[word] == "" {
		return false
	}
	resolutions := map[string]string{"done": "Done", "dropped": "Won't Do"}
	i.Status, i.Resolution, i.Flagged = StatusID(categories[word]), resolutions[word], word == "blocked"
	return true
}
