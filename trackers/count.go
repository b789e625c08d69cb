package trackers

import (
	"cmp"
	"maps"
	"slices"
	"sync"
)

// Tally is how often the requests of an operation on a tracker came to an outcome.
type Tally struct {
	Tracker string
	Op      string // as in [Request]
	Outcome Code   // "" for success
	Times   int
}

// Counter counts requests, tries counted apart. Its Observe is what trackers that send
// requests take for an option of that name. The zero Counter is ready to count, and is
// safe for concurrent use.
type Counter struct {
	mu    sync.Mutex
	times map[Tally]int // by tallies with zero Times
}

// Observe counts one request.
func (c *Counter) Observe(r Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.times == nil {
		c.times = map[Tally]int{}
	}
	c.times[Tally{Tracker: r.Tracker, Op: r.Op, Outcome: r.Outcome}]++
}

// Tallies returns what was counted so far, sorted by tracker, operation and outcome.
func (c *Counter) Tallies() []Tally {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := slices.Collect(maps.Keys(c.times))
	for i, t := range all {
		all[i].Times = c.times[t]
	}
	slices.SortFunc(all, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Op, b.Op), cmp.Compare(a.Outcome, b.Outcome))
	})
	return all
}
