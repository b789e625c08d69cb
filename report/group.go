package report

import (
	"cmp"
	"maps"
	"slices"
)

// Group is what is counted of a team or a service. Name is empty for events that state none.
type Group struct {
	Name   string `json:"name"`
	Counts `json:"counts"`
}

// count sums up the actions and findings of the report, in all and by team and service.
func (b *builder) count(r *Report) {
	teams, services := map[string]*Group{}, map[string]*Group{}
	for i := range r.Actions {
		a := &r.Actions[i]
		r.Totals.add(a)
		group(teams, a.Team).add(a)
		group(services, a.Service).add(a)
	}
	for _, f := range r.Findings {
		r.Totals.Findings++
		e := b.events[f.Key.Document]
		group(teams, e.Team).Findings++
		group(services, e.Service).Findings++
	}
	r.Teams, r.Services = groups(teams), groups(services)
}

// group is that of a name. Names that differ only in case are one group, under the
// first of them, since documents write them as they like.
func group(all map[string]*Group, name string) *Group {
	key := fold(name)
	if all[key] == nil {
		all[key] = &Group{Name: name}
	}
	return all[key]
}

// groups are in the order of their names, those without one last.
func groups(all map[string]*Group) []Group {
	out := make([]Group, 0, len(all))
	for _, key := range slices.Sorted(maps.Keys(all)) {
		out = append(out, *all[key])
	}
	slices.SortStableFunc(out, func(x, y Group) int {
		return cmp.Or(cmp.Compare(btoi(x.Name == ""), btoi(y.Name == "")))
	})
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
