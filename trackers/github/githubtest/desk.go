package githubtest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"percolate/trackers/internal/simctl"
)

// desk is where programs look into the simulator and do what people do. Refs are node ids.
type desk struct{ s *Server }

// Tickets implements [simctl.Simulator].
func (d desk) Tickets() (all []simctl.Ticket) {
	d.s.with(func() {
		var found []*issue
		for _, r := range d.s.repos {
			for _, is := range r.issues {
				if is.movedTo == nil && !is.pull {
					found = append(found, is)
				}
			}
		}
		slices.SortStableFunc(found, func(a, b *issue) int { return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.id, b.id)) })
		for _, is := range found {
			all = append(all, d.s.ticket(is))
		}
	})
	return all
}

// Requests implements [simctl.Simulator].
func (d desk) Requests() (all map[string]int) {
	d.s.with(func() { all = maps.Clone(d.s.counts) })
	return all
}

// Switches implements [simctl.Simulator].
func (d desk) Switches() any {
	var f Faults
	d.s.with(func() { f = d.s.faults })
	f.LimitNext, f.Refuse = slices.Clone(f.LimitNext), slices.Clone(f.Refuse)
	return &f
}

// Switch implements [simctl.Simulator].
func (d desk) Switch(to any) { d.s.SetFaults(func(f *Faults) { *f = *to.(*Faults) }) }

// Labels that people give a meaning here, as the tracker's defaults have it.
const (
	activeLabel    = "in progress"
	blockedLabel   = "blocked"
	priorityPrefix = "priority: "
)

func kindLabels() []string { return []string{"retrospective", "improvement", "defect"} }

func (s *Server) ticket(is *issue) simctl.Ticket {
	t := simctl.Ticket{
		Ref: is.node, Name: is.name(), Title: is.title, Text: is.body, Kind: is.typ, Status: is.status(), Priority: s.priority(is),
		Due: s.due(is), Place: is.repo.full(), Labels: slices.Clone(is.labels), Assignees: slices.Clone(is.assignees), Deleted: is.deleted,
	}
	if is.parent != nil {
		t.Parent = is.parent.node
	}
	for _, l := range is.labels {
		if t.Kind == "" && slices.Contains(kindLabels(), l) {
			t.Kind = l
		}
	}
	for _, c := range is.comments {
		t.Comments = append(t.Comments, c.text)
	}
	return t
}

// status is what a team reads from state, reason and labels.
func (is *issue) status() string {
	switch {
	case is.closed && (is.reason == "not_planned" || is.reason == "duplicate"):
		return "dropped"
	case is.closed:
		return "done"
	case slices.Contains(is.labels, blockedLabel):
		return "blocked"
	case slices.Contains(is.labels, activeLabel):
		return "active"
	}
	return "open"
}

// field is the organisation's first field of a type.
func (s *Server) field(kind string) (Field, bool) {
	i := slices.IndexFunc(s.opt.Fields, func(f Field) bool { return f.Type == kind })
	if i < 0 {
		return Field{}, false
	}
	return s.opt.Fields[i], true
}

func (s *Server) priority(is *issue) string {
	if f, ok := s.field("single_select"); ok {
		return is.fields[f.ID]
	}
	i := slices.IndexFunc(is.labels, func(l string) bool { return strings.HasPrefix(l, priorityPrefix) })
	if i < 0 {
		return ""
	}
	return is.labels[i]
}

// due is the day in the organisation's field, in a line of the text, or of the milestone.
func (s *Server) due(is *issue) string {
	if f, ok := s.field("date"); ok {
		return is.fields[f.ID]
	}
	if m := dueLine.FindStringSubmatch(is.body); m != nil {
		return m[1]
	}
	i := slices.IndexFunc(is.repo.milestones, func(m *milestone) bool { return m.number == is.milestone })
	if i < 0 || is.repo.milestones[i].due == "" {
		return ""
	}
	return is.repo.milestones[i].due[:len(time.DateOnly)]
}
