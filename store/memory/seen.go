package memory

import (
	"context"
	"time"

	"percolate/ticket"
)

// Known implements [persync.State].
func (s *State) Known(ctx context.Context, documents ...string) (map[ticket.Address]ticket.Known, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	found := map[ticket.Address]ticket.Known{}
	if len(documents) == 0 {
		for at, k := range s.known {
			found[at] = cloneKnown(k.Known)
		}
		return found, nil
	}
	for _, l := range s.among(documents) {
		at := ticket.Address{Tracker: l.Tracker, Ref: l.Ref}
		if k, ok := s.known[at]; ok {
			found[at] = cloneKnown(k.Known)
		}
	}
	named := setOf(documents)
	for at, k := range s.known {
		if k.Seen.Key.Document != "" && named[k.Seen.Key.Document] {
			found[at] = cloneKnown(k.Known)
		}
	}
	return found, nil
}

// Observe implements [persync.State].
func (s *State) Observe(ctx context.Context, seen ...ticket.Seen) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for _, t := range seen {
		s.observe(t.Sum())
	}
	return nil
}

func (s *State) observe(t ticket.Seen) {
	t.AsOf = instant(t.AsOf)
	at := ticket.Address{Tracker: t.Tracker, Ref: t.Ref}
	if t.Deleted {
		s.bury(t.AsOf, at)
		return
	}
	k, ok := s.known[at]
	if ok && !t.AsOf.After(k.Seen.AsOf) {
		return
	}
	if row := t.Observation(); !ok || row.Standing != k.Seen.Observation().Standing {
		row.At = instant(row.At)
		s.history = append(s.history, row)
	}
	if ok && t.Moved.IsZero() && stays(t, k.Seen) {
		t.Moved = k.Seen.Moved
	}
	k.Seen = cloneSeen(t)
	// A late answer tells more of the ticket, but not that it is there again.
	if !t.AsOf.Before(k.missed) {
		k.Misses, k.Gone, k.missed = 0, time.Time{}, time.Time{}
	}
	s.known[at] = k
}

// stays reports whether a ticket stands as it did, for all that moving is.
func stays(now, before ticket.Seen) bool {
	a, b := now.Observation(), before.Observation()
	return a.Status == b.Status && a.Word == b.Word && a.Assignees == b.Assignees
}

// Miss implements [persync.State].
func (s *State) Miss(ctx context.Context, at time.Time, tickets ...ticket.Address) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for _, t := range tickets {
		s.miss(instant(at), t)
	}
	return nil
}

func (s *State) miss(at time.Time, t ticket.Address) {
	s.absent(at, t, func(k *known) {
		if k.Misses++; k.Misses == 2 {
			k.Gone = at
		}
	})
}

// bury remembers that a tracker tells of a deletion, of which no second miss is needed.
func (s *State) bury(at time.Time, t ticket.Address) {
	s.absent(at, t, func(k *known) {
		if k.Misses, k.Seen.Deleted = max(k.Misses, 2), true; k.Gone.IsZero() {
			k.Gone = at
		}
	})
}

// absent remembers that a ticket was not there, unless it has been looked for later.
func (s *State) absent(at time.Time, t ticket.Address, note func(*known)) {
	k, ok := s.known[t]
	if !ok {
		k.Seen.Tracker, k.Seen.Ref = t.Tracker, t.Ref
	}
	if at.After(k.Seen.AsOf) && at.After(k.missed) {
		k.missed = at
		note(&k)
		s.known[t] = k
	}
}

// instant is t in the precision in which states compare instants, the microsecond.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}
