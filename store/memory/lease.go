package memory

import (
	"context"
	"maps"
	"slices"
	"time"

	persync "percolate/sync"
)

// Lease implements [persync.State].
func (s *State) Lease(ctx context.Context, documents []string, holder string, ttl time.Duration) (persync.Lease, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return persync.Lease{}, err
	}
	defer leave()
	now := s.now()
	wanted := slices.Sorted(maps.Keys(setOf(documents)))
	if busy := s.busy(wanted, holder, now); busy != nil {
		return persync.Lease{}, busy
	}
	s.fence++
	expires := instant(now.Add(ttl))
	for _, d := range wanted {
		s.leases[d] = lease{holder, s.fence, expires}
	}
	return persync.Lease{Documents: wanted, Holder: holder, Fence: s.fence, Expires: expires}, nil
}

// busy tells which of the documents others than the holder have, or returns nil.
func (s *State) busy(documents []string, holder string, now time.Time) *persync.BusyError {
	var busy *persync.BusyError
	for _, d := range documents {
		held, ok := s.leases[d]
		if !ok || held.holder == holder || !held.expires.After(instant(now)) {
			continue
		}
		if busy == nil {
			busy = &persync.BusyError{Holder: held.holder}
		}
		busy.Documents = append(busy.Documents, d)
		if held.expires.After(busy.Until) {
			busy.Until = held.expires
		}
	}
	return busy
}

// holds reports whether the lease is the latest one on the document.
func (s *State) holds(l persync.Lease, document string) bool {
	held, ok := s.leases[document]
	return ok && held.fence == l.Fence
}

// Renew implements [persync.State].
func (s *State) Renew(ctx context.Context, l persync.Lease, ttl time.Duration) (persync.Lease, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return persync.Lease{}, err
	}
	defer leave()
	for _, d := range l.Documents {
		if !s.holds(l, d) {
			return persync.Lease{}, persync.ErrFenced
		}
	}
	l.Expires = instant(s.now().Add(ttl))
	for _, d := range l.Documents {
		s.leases[d] = lease{l.Holder, l.Fence, l.Expires}
	}
	return l, nil
}

// Release implements [persync.State].
func (s *State) Release(ctx context.Context, l persync.Lease) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for _, d := range l.Documents {
		if s.holds(l, d) {
			delete(s.leases, d)
		}
	}
	return nil
}
