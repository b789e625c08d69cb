//go:build chaos

package main

import (
	"context"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

// disturbedState passes a point before and after every call of a state that writes, and
// before those that read.
type disturbedState struct {
	persync.State
	d   *disturber
	ttl time.Duration // of leases; 0 for what the worker asks for
}

// around does one call between its two points. An error at the second one is told
// although the call was done: so does a disk that fails in the end.
func (s disturbedState) around(ctx context.Context, name string, call func() error) error {
	if err := s.d.pass(ctx, name+".before"); err != nil {
		return err
	}
	if err := call(); err != nil {
		return err
	}
	return s.d.pass(ctx, name+".after")
}

func (s disturbedState) life(ttl time.Duration) time.Duration {
	if s.ttl > 0 {
		return s.ttl
	}
	return ttl
}

func (s disturbedState) Links(ctx context.Context, documents ...string) ([]ticket.Link, error) {
	if err := s.d.pass(ctx, "links"); err != nil {
		return nil, err
	}
	return s.State.Links(ctx, documents...)
}

func (s disturbedState) Known(ctx context.Context, documents ...string) (map[ticket.Address]ticket.Known, error) {
	if err := s.d.pass(ctx, "known"); err != nil {
		return nil, err
	}
	return s.State.Known(ctx, documents...)
}

func (s disturbedState) Roster(ctx context.Context) ([]persync.Entry, error) {
	if err := s.d.pass(ctx, "roster"); err != nil {
		return nil, err
	}
	return s.State.Roster(ctx)
}

func (s disturbedState) Progress(ctx context.Context, tracker string) (persync.Progress, error) {
	if err := s.d.pass(ctx, "progress"); err != nil {
		return persync.Progress{}, err
	}
	return s.State.Progress(ctx, tracker)
}

func (s disturbedState) Save(ctx context.Context, lease persync.Lease, links []ticket.Link, drop ...ticket.Key) error {
	return s.around(ctx, "save", func() error { return s.State.Save(ctx, lease, links, drop...) })
}

func (s disturbedState) Observe(ctx context.Context, seen ...ticket.Seen) error {
	return s.around(ctx, "observe", func() error { return s.State.Observe(ctx, seen...) })
}

func (s disturbedState) Miss(ctx context.Context, at time.Time, tickets ...ticket.Address) error {
	return s.around(ctx, "miss", func() error { return s.State.Miss(ctx, at, tickets...) })
}

func (s disturbedState) SaveProgress(ctx context.Context, tracker string, p persync.Progress) error {
	return s.around(ctx, "save_progress", func() error { return s.State.SaveProgress(ctx, tracker, p) })
}

func (s disturbedState) Lease(ctx context.Context, documents []string, holder string, ttl time.Duration) (lease persync.Lease, err error) {
	err = s.around(ctx, "lease", func() (err error) {
		lease, err = s.State.Lease(ctx, documents, holder, s.life(ttl))
		return err
	})
	return lease, err
}

func (s disturbedState) Renew(ctx context.Context, lease persync.Lease, ttl time.Duration) (renewed persync.Lease, err error) {
	err = s.around(ctx, "renew", func() (err error) {
		renewed, err = s.State.Renew(ctx, lease, s.life(ttl))
		return err
	})
	return renewed, err
}

func (s disturbedState) Release(ctx context.Context, lease persync.Lease) error {
	return s.around(ctx, "release", func() error { return s.State.Release(ctx, lease) })
}

func (s disturbedState) SaveFindings(ctx context.Context, now time.Time, documents []string, findings []ticket.Finding) error {
	return s.around(ctx, "save_findings", func() error { return s.State.SaveFindings(ctx, now, documents, findings) })
}

func (s disturbedState) SaveEvents(ctx context.Context, events []ticket.Event, drop ...string) error {
	return s.around(ctx, "save_events", func() error { return s.State.SaveEvents(ctx, events, drop...) })
}

func (s disturbedState) Approve(ctx context.Context, digests []string) error {
	return s.around(ctx, "approve", func() error { return s.State.Approve(ctx, digests) })
}
