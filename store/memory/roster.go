package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

// Roster implements [persync.State].
func (s *State) Roster(ctx context.Context) ([]persync.Entry, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var out []persync.Entry
	linked := map[ticket.Address]bool{}
	for _, l := range s.among(nil) {
		at := ticket.Address{Tracker: l.Tracker, Ref: l.Ref}
		linked[at] = true
		out = append(out, s.entry(l.Key, at, l.State))
	}
	var others []persync.Entry
	for at, k := range s.known {
		if !linked[at] && k.Seen.Key != (ticket.Key{}) {
			others = append(others, s.entry(k.Seen.Key, at, ""))
		}
	}
	slices.SortFunc(others, func(a, b persync.Entry) int {
		return cmp.Or(cmp.Compare(a.Key.Document, b.Key.Document), cmp.Compare(a.Key.Action, b.Key.Action),
			cmp.Compare(a.At.Tracker, b.At.Tracker), cmp.Compare(a.At.Ref, b.At.Ref))
	})
	out = append(out, others...)
	return out, nil
}

func (s *State) entry(key ticket.Key, at ticket.Address, state ticket.State) persync.Entry {
	k, ok := s.known[at]
	return persync.Entry{
		Key: key, At: at, State: state, Known: ok, Marker: k.Seen.Key,
		Misses: k.Misses, Gone: !k.Gone.IsZero(), Finished: k.Seen.Status.Finished(),
	}
}

// LastRead implements [persync.State].
func (s *State) LastRead(ctx context.Context) (time.Time, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	var last time.Time
	for _, k := range s.known {
		if k.Seen.AsOf.After(last) {
			last = k.Seen.AsOf
		}
	}
	return last, nil
}
