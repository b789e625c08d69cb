package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"percolate/ticket"
)

// SaveEvents implements [persync.State].
func (s *State) SaveEvents(ctx context.Context, events []ticket.Event, drop ...string) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for _, e := range events {
		s.events[e.Document] = cloneEvent(e)
	}
	for _, document := range drop {
		delete(s.events, document)
	}
	return nil
}

// Events implements [persync.State].
func (s *State) Events(ctx context.Context) ([]ticket.Event, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var found []ticket.Event
	for _, document := range slices.Sorted(maps.Keys(s.events)) {
		found = append(found, cloneEvent(s.events[document]))
	}
	return found, nil
}

// History implements [persync.State].
func (s *State) History(ctx context.Context) ([]ticket.Observation, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	rows := slices.Clone(s.history)
	slices.SortStableFunc(rows, func(a, b ticket.Observation) int {
		return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Ref, b.Ref), a.AsOf.Compare(b.AsOf))
	})
	return rows, nil
}
