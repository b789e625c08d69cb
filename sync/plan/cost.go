package plan

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// Cost is how many requests carrying the steps out takes on one tracker, retries left
// out, and how long at least where the tracker lets few writes through.
type Cost struct {
	Tracker       string
	Writes, Reads int
	Takes         time.Duration
}

// Bill counts the requests of steps as the worker makes them: creations in batches,
// parents before children; one write for each other step; and one read in bulk of what is
// written to.
type Bill map[string]*tally // by tracker

type tally struct {
	parents, children, writes int
	reads                     map[ticket.Ref]bool
}

// Add counts steps.
func (b Bill) Add(steps []Step) {
	for i := range steps {
		s := &steps[i]
		t := b[s.Tracker]
		if t == nil {
			t = &tally{reads: map[ticket.Ref]bool{}}
			b[s.Tracker] = t
		}
		switch {
		case s.Op == Create && s.Link.Key.IsParent():
			t.parents++
		case s.Op == Create:
			t.children++
		case s.Op == Adopt && !s.Below:
		default:
			t.writes++
		}
		for _, ref := range s.Reads() {
			t.reads[ref] = true
		}
	}
}

// Costs is what all of it takes on each tracker, in the order of their names.
func (b Bill) Costs(infos map[string]trackers.Info) []Cost {
	var out []Cost
	for _, name := range slices.Sorted(maps.Keys(b)) {
		t, info := b[name], infos[name]
		size := cmp.Or(info.PerWrite, info.Batch)
		out = append(out, Cost{
			Tracker: name,
			Writes:  t.writes + batches(t.parents, size) + batches(t.children, size),
			Reads:   batches(len(t.reads), info.GetBatch),
			Takes:   info.Pace.Takes(t.writes + t.parents + t.children*max(info.Pace.PerChild, 1)),
		})
	}
	return out
}

// Reads lists the tickets that are read afresh before the step is done: the one that
// it writes to, and the one that it puts that below.
func (s Step) Reads() []ticket.Ref {
	var refs []ticket.Ref
	for _, ref := range []ticket.Ref{s.Link.Ref, s.Parent} {
		if ref != "" {
			refs = append(refs, ref)
		}
	}
	return refs
}

func batches(n, size int) int {
	size = max(size, 1)
	return (n + size - 1) / size
}
