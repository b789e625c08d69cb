package report

import (
	"cmp"
	"slices"
)

// Section lists the actions that are in a state or have a mark, by its name, those first
// that should be looked at first.
func (r Report) Section(name string) []Action { return r.rows(r.section(name, nil)) }

// section is the section as indexes of actions, without those that except accepts.
func (r Report) section(name string, except func(*Action) bool) []int {
	var out []int
	for i := range r.Actions {
		a := &r.Actions[i]
		if a.In(name) && (except == nil || !except(a)) {
			out = append(out, i)
		}
	}
	order := orderOf(name)
	slices.SortStableFunc(out, func(i, j int) int { return order(&r.Actions[i], &r.Actions[j]) })
	return out
}

// other are the open actions that have none of the given marks.
func (r Report) other(marks ...Mark) []int {
	return r.section(string(Open), func(a *Action) bool { return slices.ContainsFunc(marks, a.Has) })
}

func (r Report) rows(indexes []int) []Action {
	out := make([]Action, len(indexes))
	for i, at := range indexes {
		out[i] = r.Actions[at]
	}
	return out
}

// orderOf is how a section is sorted; what it leaves equal stays in the order of keys.
func orderOf(name string) func(x, y *Action) int {
	switch {
	case name == string(Overdue) || name == string(DueSoon):
		return func(x, y *Action) int { return cmp.Compare(*x.DaysLeft, *y.DaysLeft) }
	case name == string(Stalled):
		return func(x, y *Action) int { return cmp.Compare(y.Idle, x.Idle) }
	case name == string(HitAgain):
		return func(x, y *Action) int { return cmp.Compare(len(y.Hits), len(x.Hits)) }
	case name == string(Done) || name == string(Dropped) || name == string(Duplicate):
		return func(x, y *Action) int { return y.Finished.Compare(x.Finished) }
	}
	return func(x, y *Action) int { return cmp.Compare(y.Age, x.Age) }
}
