package github

import (
	"slices"
	"strings"

	"percolate/ticket"
)

// folds tell which labels mean something to us. GitHub compares labels without regard
// to case, and so do we.
type folds struct {
	marker     string
	kinds      map[string]ticket.Kind
	types      map[string]ticket.Kind
	priorities map[string]ticket.Priority // labels, or options of a field
	byField    bool                       // priorities are options
	statuses   map[string]ticket.Status
}

func newFolds(opt Options) folds {
	f := folds{
		marker: strings.ToLower(opt.Marker), kinds: turned(opt.Kinds), types: turned(opt.Types),
		priorities: turned(opt.Priorities), byField: opt.PriorityField != "", statuses: turned(opt.Statuses),
	}
	if opt.Types != nil {
		f.kinds = nil
	}
	return f
}

// turned maps names in lower case to what they mean. Where kinds share a name, it means
// the least of them, so that reading does not depend on chance.
func turned[K ~string | ~int](m map[K]string) map[string]K {
	out := map[string]K{}
	for k, name := range m {
		name = strings.ToLower(name)
		if have, taken := out[name]; name != "" && (!taken || k < have) {
			out[name] = k
		}
	}
	return out
}

// folded is what labels say.
type folded struct {
	marked   bool
	kind     ticket.Kind
	priority ticket.Priority
	status   ticket.Status
	word     string
	labels   []string // those that mean nothing to us
}

// read folds labels. The highest of several priorities counts, and blocked before active.
func (f folds) read(labels []string) (out folded) {
	for _, l := range labels {
		low := strings.ToLower(l)
		kind, isKind := f.kinds[low]
		priority, isPriority := f.priorities[low]
		status, isStatus := f.statuses[low]
		switch {
		case low == f.marker:
			out.marked = true
		case isKind:
			out.kind = kind
		case isPriority && !f.byField:
			out.priority = max(out.priority, priority)
		case isStatus:
			if out.status != ticket.StatusBlocked {
				out.status, out.word = status, l
			}
		default:
			out.labels = append(out.labels, l)
		}
	}
	return out
}

// option is the priority that the value of a field means.
func (f folds) option(v any) ticket.Priority {
	name, _ := v.(string)
	return f.priorities[strings.ToLower(name)]
}

func hasFold(list []string, name string) bool {
	return slices.ContainsFunc(list, func(l string) bool { return strings.EqualFold(l, name) })
}

// lacking are the names of want that have does not hold.
func lacking(want, have []string) []string {
	return slices.DeleteFunc(slices.Clone(want), func(l string) bool { return hasFold(have, l) })
}

// distinct is list without names that differ in case only.
func distinct(list []string) (out []string) {
	for _, l := range list {
		if l != "" && !hasFold(out, l) {
			out = append(out, l)
		}
	}
	return out
}
