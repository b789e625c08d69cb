package sync

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"percolate/sync/plan"
	"percolate/ticket"
)

// memory is what the state holds of some tickets.
type memory struct {
	links []ticket.Link // in the order of their keys
	known map[ticket.Address]ticket.Known
}

// recall reads what is remembered of the documents, and of those whose tickets theirs
// repeat; of everything when whole is set.
func (w *Worker) recall(ctx context.Context, documents []string, whole bool) (memory, error) {
	m := memory{known: map[ticket.Address]ticket.Known{}}
	has := map[string]bool{}
	for more := documents; len(more) > 0 || whole; {
		links, known, err := w.recollect(ctx, more)
		if err != nil {
			return m, err
		}
		m.links = append(m.links, links...)
		maps.Copy(m.known, known)
		if whole {
			return m, nil
		}
		for _, d := range more {
			has[d] = true
		}
		more = nil
		for _, l := range links {
			if of := l.Of.Document; of != "" && !has[of] && !slices.Contains(more, of) {
				more = append(more, of)
			}
		}
	}
	slices.SortStableFunc(m.links, func(a, b ticket.Link) int {
		return cmp.Or(cmp.Compare(a.Key.Document, b.Key.Document), cmp.Compare(a.Key.Action, b.Key.Action))
	})
	return m, nil
}

// recollect reads links and tickets at once.
func (w *Worker) recollect(ctx context.Context, documents []string) (links []ticket.Link, known map[ticket.Address]ticket.Known, err error) {
	var group errgroup.Group
	group.Go(func() (err error) {
		if links, err = w.State.Links(ctx, documents...); err != nil {
			return fmt.Errorf("read links: %w", err)
		}
		return nil
	})
	group.Go(func() (err error) {
		if known, err = w.State.Known(ctx, documents...); err != nil {
			return fmt.Errorf("read tickets: %w", err)
		}
		return nil
	})
	err = group.Wait()
	return links, known, err
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
