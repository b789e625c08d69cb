package rally

import (
	"context"
	"iter"
	"slices"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// findDocuments is how many documents one query asks for.
const findDocuments = 40

// Get reads tickets by object id or by formatted id, wherever in the workspace they are.
func (t *Tracker) Get(ctx context.Context, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	got, err := t.read(ctx, "get", refs)
	return got, t.plain("get", err)
}

func (t *Tracker) read(ctx context.Context, op string, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	got := map[ticket.Ref]ticket.Seen{}
	for part := range slices.Chunk(refs, getMax) {
		tickets, err := t.lookUp(ctx, op, t.byRef(part))
		if err != nil {
			return nil, err
		}
		for _, s := range tickets {
			for _, ref := range part {
				if ref == s.Ref || string(ref) == s.Name {
					got[ref] = s
				}
			}
		}
		if t.opt.Scope == ScopeProject {
			if err := t.readElsewhere(ctx, op, part, got); err != nil {
				return nil, err
			}
		}
	}
	return got, nil
}

// readElsewhere reads one by one what a query within the project does not show: a ticket
// that was moved out of it is not gone.
func (t *Tracker) readElsewhere(ctx context.Context, op string, refs []ticket.Ref, got map[ticket.Ref]ticket.Seen) error {
	for _, ref := range refs {
		if _, ok := got[ref]; ok || oidOf(ref) == 0 {
			continue
		}
		asOf := t.opt.Now()
		a, err := t.direct(ctx, op, ref)
		if trackers.CodeOf(err) == trackers.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		zone, err := t.zone(ctx, op)
		if err != nil {
			return err
		}
		for _, s := range t.seen([]artifact{a}, zone, asOf) {
			got[ref] = s
		}
	}
	return nil
}

// direct reads one ticket itself, in whichever project it is.
func (t *Tracker) direct(ctx context.Context, op string, ref ticket.Ref) (a artifact, err error) {
	err = t.readInto(ctx, op, path("artifact", oidOf(ref)), t.fetched(), &a)
	return a, err
}

// artifact reads one ticket as Rally has it.
func (t *Tracker) artifact(ctx context.Context, op string, ref ticket.Ref) (artifact, error) {
	for p, err := range t.artifacts(ctx, op, t.byRef([]ticket.Ref{ref})) {
		if err != nil {
			return artifact{}, err
		}
		for _, a := range p.artifacts {
			if a.id() == oidOf(ref) && !a.Recycled {
				return a, nil
			}
		}
	}
	if t.opt.Scope == ScopeProject {
		return t.direct(ctx, op, ref)
	}
	return artifact{}, t.fail(op, trackers.NotFound, "ticket %s is not there, or in the recycle bin", ref)
}

// byRef asks for tickets by what their refs are. Rally may take the number of a
// formatted id alone, so that its answer is looked at.
func (t *Tracker) byRef(refs []ticket.Ref) query {
	all := make([]query, len(refs))
	for i, ref := range refs {
		if id := oidOf(ref); id != 0 {
			all[i] = is("ObjectID", "=", id)
		} else {
			all[i] = is("FormattedID", "=", string(ref))
		}
	}
	return anyOf(all)
}

// lookUp is all that a query finds.
func (t *Tracker) lookUp(ctx context.Context, op string, q query) ([]ticket.Seen, error) {
	var all []ticket.Seen
	for tickets, err := range t.tickets(ctx, op, q) {
		if err != nil {
			return nil, err
		}
		all = append(all, tickets...)
	}
	return all, nil
}

// one reads one ticket.
func (t *Tracker) one(ctx context.Context, op string, ref ticket.Ref) (ticket.Seen, error) {
	got, err := t.read(ctx, op, []ticket.Ref{ref})
	if err != nil {
		return ticket.Seen{}, err
	}
	s, ok := got[ref]
	if !ok {
		return ticket.Seen{}, t.fail(op, trackers.NotFound, "ticket %s is not there, or in the recycle bin", ref)
	}
	return s, nil
}

// tickets yields what a query finds, page by page.
func (t *Tracker) tickets(ctx context.Context, op string, q query) iter.Seq2[[]ticket.Seen, error] {
	return func(yield func([]ticket.Seen, error) bool) {
		asOf := t.opt.Now()
		for p, err := range t.artifacts(ctx, op, q) {
			var zone *time.Location
			if err == nil {
				zone, err = t.zoneFor(ctx, op, p.artifacts)
			}
			if !yield(t.seen(p.artifacts, zone, asOf), err) || err != nil {
				return
			}
			asOf = t.opt.Now()
		}
	}
}

// zoneFor is the zone in which due days of some artifacts are read. It is asked for once
// there is one.
func (t *Tracker) zoneFor(ctx context.Context, op string, all []artifact) (*time.Location, error) {
	if len(all) == 0 {
		return time.UTC, nil
	}
	return t.zone(ctx, op)
}

// Find looks for markers in notes, and for all of ours by the tag too. What it finds it
// takes by its marker alone.
func (t *Tracker) Find(ctx context.Context, documents []string) iter.Seq2[ticket.Seen, error] {
	return func(yield func(ticket.Seen, error) bool) {
		done := map[ticket.Ref]bool{}
		for _, q := range t.findQueries(documents) {
			for tickets, err := range t.tickets(ctx, "find", q) {
				if err != nil {
					yield(ticket.Seen{}, t.plain("find", err))
					return
				}
				for _, s := range tickets {
					if done[s.Ref] || s.Key == (ticket.Key{}) || len(documents) > 0 && !slices.Contains(documents, s.Key.Document) {
						continue
					}
					done[s.Ref] = true
					if !yield(s, nil) {
						return
					}
				}
			}
		}
	}
}

func (t *Tracker) findQueries(documents []string) []query {
	if len(documents) == 0 {
		return []query{t.marks.ours()}
	}
	var all []query
	for part := range slices.Chunk(documents, findDocuments) {
		all = append(all, t.marks.of(part))
	}
	return all
}
