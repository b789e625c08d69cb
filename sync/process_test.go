package sync_test

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
	"percolate/trackers"
)

// process is one percolate process as the world outside sees it: a sequence of calls
// to state and tracker that may stop for good at any of them, before or after its
// effect, or be suspended for longer than its lease lasts.
type process struct {
	mu       sync.Mutex
	calls    int
	dieAt    int // the call at which it is killed; 0 never
	dieAfter bool
	sleepAt  int // the call before which it is suspended; 0 never
	sleep    time.Duration
	during   func() // what happens while it is suspended
	dead     bool
}

var errKilled = errors.New("killed")

// call makes one call on behalf of the process. An effect that needs a live context
// finds its context done when the suspension outlasted it, as a real client would.
func (p *process) call(effect func()) error {
	p.mu.Lock()
	p.calls++
	n := p.calls
	if p.dead || n == p.dieAt && !p.dieAfter {
		p.dead = true
		p.mu.Unlock()
		return errKilled
	}
	p.mu.Unlock()
	time.Sleep(time.Millisecond)
	if n == p.sleepAt {
		time.Sleep(p.sleep)
		if p.during != nil {
			p.during()
		}
	}
	effect()
	p.mu.Lock()
	defer p.mu.Unlock()
	if n == p.dieAt {
		p.dead = true
	}
	if p.dead {
		return errKilled
	}
	return nil
}

func (p *process) killed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// tracker passes calls on for a process. It creates one by one, so that a process can
// be killed within a batch.
type processTracker struct {
	trackers.Tracker
	p *process
}

func (t processTracker) Find(ctx context.Context, documents []string) iter.Seq2[ticket.Seen, error] {
	return func(yield func(ticket.Seen, error) bool) {
		if err := t.p.call(func() {}); err != nil {
			yield(ticket.Seen{}, err)
			return
		}
		t.Tracker.Find(ctx, documents)(yield)
	}
}

func (t processTracker) Get(ctx context.Context, refs []ticket.Ref) (seen map[ticket.Ref]ticket.Seen, err error) {
	if dead := t.p.call(func() { seen, err = t.Tracker.Get(ctx, refs) }); dead != nil {
		return nil, dead
	}
	return seen, err
}

func (t processTracker) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) {
		if err := t.p.call(func() {}); err != nil {
			yield(trackers.Change{}, err)
			return
		}
		t.Tracker.Changed(ctx, since)(yield)
	}
}

func (t processTracker) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	out := make([]trackers.Created, len(batch))
	for i, c := range batch {
		if dead := t.p.call(func() { out[i] = t.Tracker.Create(ctx, []trackers.Creation{c})[0] }); dead != nil {
			out[i] = trackers.Created{Err: dead}
		}
	}
	return out
}

func (t processTracker) Update(ctx context.Context, base ticket.Seen, p ticket.Patch) (seen ticket.Seen, unmet []ticket.Unmet, err error) {
	if dead := t.p.call(func() { seen, unmet, err = t.Tracker.Update(ctx, base, p) }); dead != nil {
		return ticket.Seen{}, nil, dead
	}
	return seen, unmet, err
}

// processState passes the calls on that write; reading harms nobody.
type processState struct {
	persync.State
	p *process
}

func (s processState) write(do func() error) (err error) {
	if dead := s.p.call(func() { err = do() }); dead != nil {
		return dead
	}
	return err
}

func (s processState) Save(ctx context.Context, lease persync.Lease, links []ticket.Link, drop ...ticket.Key) error {
	return s.write(func() error { return s.State.Save(ctx, lease, links, drop...) })
}

func (s processState) Observe(ctx context.Context, seen ...ticket.Seen) error {
	return s.write(func() error { return s.State.Observe(ctx, seen...) })
}

func (s processState) Miss(ctx context.Context, at time.Time, tickets ...ticket.Address) error {
	return s.write(func() error { return s.State.Miss(ctx, at, tickets...) })
}

func (s processState) SaveProgress(ctx context.Context, tracker string, p persync.Progress) error {
	return s.write(func() error { return s.State.SaveProgress(ctx, tracker, p) })
}

func (s processState) Lease(ctx context.Context, documents []string, holder string, ttl time.Duration) (lease persync.Lease, err error) {
	err = s.write(func() (err error) { lease, err = s.State.Lease(ctx, documents, holder, ttl); return err })
	return lease, err
}

func (s processState) Renew(ctx context.Context, l persync.Lease, ttl time.Duration) (lease persync.Lease, err error) {
	err = s.write(func() (err error) { lease, err = s.State.Renew(ctx, l, ttl); return err })
	return lease, err
}

func (s processState) Release(ctx context.Context, lease persync.Lease) error {
	return s.write(func() error { return s.State.Release(ctx, lease) })
}

func (s processState) SaveFindings(ctx context.Context, now time.Time, documents []string, findings []ticket.Finding) error {
	return s.write(func() error { return s.State.SaveFindings(ctx, now, documents, findings) })
}
