package enginetest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
	"percolate/trackers"
)

// Process is one percolate process as the world outside sees it: a sequence of calls
// to state and tracker that may end for good at any of them, before or after its effect,
// or be suspended while other things happen. Its fields are set before its first call.
type Process struct {
	Wait     func(time.Duration) // passes the time that a call takes
	DieAt    int                 // the call at which it is killed; 0 never
	DieAfter bool                // it is killed once the call has had its effect
	SleepAt  int                 // the call before which it is suspended; 0 never
	Sleep    func()              // what happens meanwhile
	Outlasts bool                // what was under way before it slept is cut off by its end
	Writes   bool                // of calls those alone count that write tickets and links
	Single   bool                // it is killed within a batch of creates too
	Parallel bool                // several of its writes are under way at once, in an order that follows from no seed

	mu      sync.Mutex
	calls   int
	counted int
	dead    bool
	slept   bool
	ended   context.Context // what its suspension outlasted
}

var errKilled = errors.New("killed")

// tick is how long a call takes.
const tick = 10 * time.Millisecond

// Killed reports whether it has ended.
func (p *Process) Killed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// Suspended reports whether it has slept.
func (p *Process) Suspended() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.slept
}

// Calls is how many calls it has made.
func (p *Process) Calls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls
}

// Tracker is a tracker as the process reaches it.
func (p *Process) Tracker(t trackers.Tracker) trackers.Tracker { return processTracker{t, p} }

// State is a state as the process reaches it. Reading it harms nobody and is no call.
func (p *Process) State(s persync.State) persync.State { return processState{s, p} }

// call makes one call on behalf of the process. Whoever comes back from a suspension that
// outlasted its lease finds its context done, as a real client would.
func (p *Process) call(ctx context.Context, effect func(context.Context)) error {
	return p.count(ctx, false, effect)
}

// write is a call that writes a ticket or a link.
func (p *Process) write(ctx context.Context, effect func(context.Context)) error {
	return p.count(ctx, true, effect)
}

func (p *Process) count(ctx context.Context, writes bool, effect func(context.Context)) error {
	n, err := p.begin(writes)
	if err != nil {
		return err
	}
	p.Wait(tick)
	if n > 0 && n == p.SleepAt {
		p.Sleep()
		p.awake(ctx)
	}
	effect(p.context(ctx))
	return p.end(n)
}

// begin counts a call; n is 0 for one that does not count.
func (p *Process) begin(writes bool) (n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calls++; writes || !p.Writes {
		p.counted++
		n = p.counted
	}
	p.dead = p.dead || n > 0 && n == p.DieAt && !p.DieAfter
	if p.dead {
		return n, errKilled
	}
	return n, nil
}

func (p *Process) end(n int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = p.dead || n > 0 && n == p.DieAt
	if p.dead {
		return errKilled
	}
	return nil
}

func (p *Process) awake(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slept = true
	if _, limited := ctx.Deadline(); limited && p.Outlasts {
		p.ended = ctx
	}
}

// context is ctx as it is by now.
func (p *Process) context(ctx context.Context) context.Context {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ctx != p.ended {
		return ctx
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	return done
}

// processTracker passes calls on for a process.
type processTracker struct {
	trackers.Tracker
	p *Process
}

// Info has one write at a time, so that the order of all that happens follows from the seed.
func (t processTracker) Info() trackers.Info {
	info := t.Tracker.Info()
	if !t.p.Parallel {
		info.Parallel = 1
	}
	return info
}

func (t processTracker) Find(ctx context.Context, documents []string) iter.Seq2[ticket.Seen, error] {
	return func(yield func(ticket.Seen, error) bool) {
		if err := t.p.call(ctx, func(context.Context) {}); err != nil {
			yield(ticket.Seen{}, err)
			return
		}
		t.Tracker.Find(ctx, documents)(yield)
	}
}

func (t processTracker) Get(ctx context.Context, refs []ticket.Ref) (seen map[ticket.Ref]ticket.Seen, err error) {
	if dead := t.p.call(ctx, func(ctx context.Context) { seen, err = t.Tracker.Get(ctx, refs) }); dead != nil {
		return nil, dead
	}
	return seen, err
}

func (t processTracker) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) {
		if err := t.p.call(ctx, func(context.Context) {}); err != nil {
			yield(trackers.Change{}, err)
			return
		}
		t.Tracker.Changed(ctx, since)(yield)
	}
}

func (t processTracker) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	size := len(batch)
	if t.p.Single {
		size = 1
	}
	var out []trackers.Created
	for part := range slices.Chunk(batch, max(size, 1)) {
		var done []trackers.Created
		if dead := t.p.write(ctx, func(ctx context.Context) { done = t.Tracker.Create(ctx, part) }); dead != nil {
			done = slices.Repeat([]trackers.Created{{Err: dead}}, len(part))
		}
		out = append(out, done...)
	}
	return out
}

func (t processTracker) Update(ctx context.Context, base ticket.Seen, patch ticket.Patch) (seen ticket.Seen, unmet []ticket.Unmet, err error) {
	if dead := t.p.write(ctx, func(ctx context.Context) { seen, unmet, err = t.Tracker.Update(ctx, base, patch) }); dead != nil {
		return ticket.Seen{}, nil, dead
	}
	return seen, unmet, err
}

// processState passes those calls on that write; reading harms nobody.
type processState struct {
	persync.State
	p *Process
}

func (s processState) write(ctx context.Context, do func() error) (err error) {
	if dead := s.p.call(ctx, func(context.Context) { err = do() }); dead != nil {
		return dead
	}
	return err
}

func (s processState) Save(ctx context.Context, lease persync.Lease, links []ticket.Link, drop ...ticket.Key) error {
	var err error
	if dead := s.p.write(ctx, func(context.Context) { err = s.State.Save(ctx, lease, links, drop...) }); dead != nil {
		return dead
	}
	return err
}

func (s processState) Observe(ctx context.Context, seen ...ticket.Seen) error {
	return s.write(ctx, func() error { return s.State.Observe(ctx, seen...) })
}

func (s processState) Miss(ctx context.Context, at time.Time, tickets ...ticket.Address) error {
	return s.write(ctx, func() error { return s.State.Miss(ctx, at, tickets...) })
}

func (s processState) SaveProgress(ctx context.Context, tracker string, p persync.Progress) error {
	return s.write(ctx, func() error { return s.State.SaveProgress(ctx, tracker, p) })
}

func (s processState) Lease(ctx context.Context, documents []string, holder string, ttl time.Duration) (lease persync.Lease, err error) {
	err = s.write(ctx, func() (err error) { lease, err = s.State.Lease(ctx, documents, holder, ttl); return err })
	return lease, err
}

func (s processState) Renew(ctx context.Context, l persync.Lease, ttl time.Duration) (lease persync.Lease, err error) {
	err = s.write(ctx, func() (err error) { lease, err = s.State.Renew(ctx, l, ttl); return err })
	return lease, err
}

func (s processState) Release(ctx context.Context, lease persync.Lease) error {
	return s.write(ctx, func() error { return s.State.Release(ctx, lease) })
}

func (s processState) SaveFindings(ctx context.Context, now time.Time, documents []string, findings []ticket.Finding) error {
	return s.write(ctx, func() error { return s.State.SaveFindings(ctx, now, documents, findings) })
}

func (s processState) SaveEvents(ctx context.Context, events []ticket.Event, drop ...string) error {
	return s.write(ctx, func() error { return s.State.SaveEvents(ctx, events, drop...) })
}
