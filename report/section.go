package report

import (
	"cmp"
	"slices"
)

// Section lists the actions that are in a state or have a mark, by its name, those first
// that should be looked at first.
func (r Report) Section(name string) []Action {
	var out []Action
	for _, a := range r.Actions {
		if a.In(name) {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, orderOf(name))
	return out
}

// orderOf is how a section is sorted; what it leaves equal stays in the order of keys.
func orderOf(name string) func(x, y Action) int {
	switch {
	case name == string(Overdue) || name == string(DueSoon):
		return func(x, y Action) int { return cmp.Compare(*x.DaysLeft, *y.DaysLeft) }
	case name == string(Stalled):
		return func(x, y Action) int { return cmp.Compare(y.Idle, x.Idle) }
	case name == string(HitAgain):
		return func(x, y Action) int { return cmp.Compare(len(y.Hits), len(x.Hits)) }
	case name == string(Done) || name == string(Dropped) || name == string(Duplicate):
		return func(x, y Action) int { return y.Finished.Compare(x.Finished) }
	}
	return func(x, y Action) int { return cmp.Compare(y.Age, x.Age) }
}

// Other lists the open actions that have none of the given marks.
func (r Report) Other(marks ...Mark) []Action {
	return slices.DeleteFunc(r.Section(string(Open)), func(a Action) bool {
		return slices.ContainsFunc(marks, a.Has)
	})
}
