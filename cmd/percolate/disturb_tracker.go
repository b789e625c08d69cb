//go:build chaos

package main

import (
	"context"
	"iter"
	"maps"
	"slices"

	"percolate/ticket"
	"percolate/trackers"
)

// disturbedTracker passes a point before and after every call of a tracker.
type disturbedTracker struct {
	trackers.Tracker
	d *disturber
}

func (t disturbedTracker) fault(op string, code trackers.Code, err error) error {
	return &trackers.Error{Tracker: t.Info().Name, Op: op, Code: code, Err: err}
}

func (t disturbedTracker) Find(ctx context.Context, documents []string) iter.Seq2[ticket.Seen, error] {
	return func(yield func(ticket.Seen, error) bool) {
		if err := t.d.pass(ctx, "find.before", documents...); err != nil {
			yield(ticket.Seen{}, t.fault("find", trackers.Unavailable, err))
			return
		}
		for s, err := range t.Tracker.Find(ctx, documents) {
			if !yield(s, err) || err != nil {
				return
			}
		}
		if err := t.d.pass(ctx, "find.after", documents...); err != nil {
			yield(ticket.Seen{}, t.fault("find", trackers.Unavailable, err))
		}
	}
}

func (t disturbedTracker) Get(ctx context.Context, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	if err := t.d.pass(ctx, "get.before", refsOf(refs)...); err != nil {
		return nil, t.fault("get", trackers.Unavailable, err)
	}
	seen, err := t.Tracker.Get(ctx, refs)
	if err != nil {
		return seen, err
	}
	if err := t.d.pass(ctx, "get.after", refsOf(slices.Collect(maps.Keys(seen)))...); err != nil {
		return nil, t.fault("get", trackers.Unavailable, err)
	}
	return seen, nil
}

func (t disturbedTracker) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) {
		if err := t.d.pass(ctx, "changed.before"); err != nil {
			yield(trackers.Change{}, t.fault("changed", trackers.Unavailable, err))
			return
		}
		for c, err := range t.Tracker.Changed(ctx, since) {
			if !yield(c, err) || err != nil {
				return
			}
			if err := t.d.pass(ctx, "changed.page"); err != nil {
				yield(trackers.Change{}, t.fault("changed", trackers.Unavailable, err))
				return
			}
		}
	}
}

func (t disturbedTracker) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	keys := make([]string, len(batch))
	for i, c := range batch {
		keys[i] = c.Key.String()
	}
	if err := t.d.pass(ctx, "create.before", keys...); err != nil {
		return t.failed(batch, trackers.Unavailable, err)
	}
	created := t.Tracker.Create(ctx, batch)
	var refs []string
	for _, c := range created {
		refs = append(refs, string(c.Seen.Ref))
	}
	if err := t.d.pass(ctx, "create.after", refs...); err != nil {
		return t.failed(batch, trackers.UnknownOutcome, err)
	}
	return created
}

func (t disturbedTracker) failed(batch []trackers.Creation, code trackers.Code, err error) []trackers.Created {
	out := make([]trackers.Created, len(batch))
	for i := range out {
		out[i].Err = t.fault("create", code, err)
	}
	return out
}

func (t disturbedTracker) Update(ctx context.Context, base ticket.Seen, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	if err := t.d.pass(ctx, "update.before", string(base.Ref)); err != nil {
		return ticket.Seen{}, nil, t.fault("update", trackers.Unavailable, err)
	}
	seen, unmet, err := t.Tracker.Update(ctx, base, p)
	if err := t.d.pass(ctx, "update.after", string(base.Ref)); err != nil {
		return ticket.Seen{}, nil, t.fault("update", trackers.UnknownOutcome, err)
	}
	return seen, unmet, err
}
