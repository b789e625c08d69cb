package trackers

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sync"

	"percolate/ticket"
)

// Tally is how often an operation came to an outcome. What counts is one for each
// call of Find, Get, Changed and Update, and one for each ticket of a Create.
type Tally struct {
	Op    string // as in [Error]
	Code  Code   // "" for success
	Times int
}

// Counter is a tracker that counts what is asked of it. Make one with [Count].
type Counter struct {
	Tracker
	mu    sync.Mutex
	times map[Tally]int // by tallies with zero Times
}

// Count is t with every operation counted.
func Count(t Tracker) *Counter { return &Counter{Tracker: t, times: make(map[Tally]int)} }

// Tallies returns what was counted so far, sorted by operation and code.
func (c *Counter) Tallies() []Tally {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []Tally
	for t, n := range c.times {
		t.Times = n
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(a.Op, b.Op), cmp.Compare(a.Code, b.Code))
	})
	return all
}

// Times is how often the operation was done, whatever came of it.
func (c *Counter) Times(op string) int {
	n := 0
	for _, t := range c.Tallies() {
		if t.Op == op {
			n += t.Times
		}
	}
	return n
}

func (c *Counter) count(op string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.times[Tally{Op: op, Code: CodeOf(err)}]++
}

// Find counts once the sequence has ended.
func (c *Counter) Find(ctx context.Context, documents []string) iter.Seq2[ticket.Seen, error] {
	return counted(c, "find", c.Tracker.Find(ctx, documents))
}

// Get counts one read, however many requests it takes.
func (c *Counter) Get(ctx context.Context, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	got, err := c.Tracker.Get(ctx, refs)
	c.count("get", err)
	return got, err
}

// Changed counts once the sequence has ended.
func (c *Counter) Changed(ctx context.Context, since Cursor) iter.Seq2[Change, error] {
	return counted(c, "changed", c.Tracker.Changed(ctx, since))
}

// Create counts each ticket.
func (c *Counter) Create(ctx context.Context, batch []Creation) []Created {
	done := c.Tracker.Create(ctx, batch)
	for _, d := range done {
		c.count("create", d.Err)
	}
	return done
}

// Update counts one write.
func (c *Counter) Update(ctx context.Context, base ticket.Seen, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	seen, unmet, err := c.Tracker.Update(ctx, base, p)
	c.count("update", err)
	return seen, unmet, err
}

// counted is seq, which counts as one operation with the last error as its outcome.
func counted[T any](c *Counter, op string, seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var last error
		defer func() { c.count(op, last) }()
		for v, err := range seq {
			last = err
			if !yield(v, err) {
				return
			}
		}
	}
}
