package sync

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"golang.org/x/sync/errgroup"

	"percolate/sync/plan"
	"percolate/ticket"
)

// memory is all that the state holds of tickets.
type memory struct {
	links []ticket.Link
	known map[ticket.Address]ticket.Known
}

// recall reads both at once.
func (w *Worker) recall(ctx context.Context) (m memory, err error) {
	var group errgroup.Group
	group.Go(func() (err error) {
		if m.links, err = w.State.Links(ctx); err != nil {
			return fmt.Errorf("read links: %w", err)
		}
		return nil
	})
	group.Go(func() (err error) {
		if m.known, err = w.State.Known(ctx); err != nil {
			return fmt.Errorf("read tickets: %w", err)
		}
		return nil
	})
	return m, group.Wait()
}

// stands reports whether a ticket is as it is known, but for when it was read and by whom.
func stands(k ticket.Known, s ticket.Seen) bool {
	k.Seen.AsOf, s.AsOf = time.Time{}, time.Time{}
	k.Seen.Ours, s.Ours = false, false
	if s.Moved.IsZero() {
		s.Moved = k.Seen.Moved // this read does not tell, and what was told holds
	}
	return k.Misses == 0 && k.Gone.IsZero() && reflect.DeepEqual(k.Seen, s)
}

// A run remembers of the links no more than what its steps ask for: where the parents of
// documents are, and the whole of what is told of repeats.

// spot is where a document's own ticket is.
type spot struct {
	state   ticket.State
	tracker string
	ref     ticket.Ref
	name    string
}

// expect remembers what the plan's steps will ask for.
func (r *run) expect(p plan.Plan, links []ticket.Link) {
	r.told = map[ticket.Key]bool{}
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Op == plan.Repeat {
			r.told[s.Of] = true
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.parents)
	clear(r.earlier)
	for i := range links {
		r.remember(&links[i])
	}
}

// remember takes a link in; the caller holds mu.
func (r *run) remember(l *ticket.Link) {
	if l.Key.IsParent() {
		r.parents[l.Key.Document] = spot{l.State, l.Tracker, l.Ref, l.Name}
	}
	if r.told[l.Key] {
		r.earlier[l.Key] = *l
	}
}

// forget takes a link out; the caller holds mu.
func (r *run) forget(k ticket.Key) {
	if k.IsParent() {
		delete(r.parents, k.Document)
	}
	delete(r.earlier, k)
}

// keepFresh keeps the answer to a write as the base of what is told of repeats later.
func (r *run) keepFresh(k ticket.Key, s ticket.Seen) {
	if !r.told[k] {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fresh[ticket.Address{Tracker: s.Tracker, Ref: s.Ref}] = s
}
