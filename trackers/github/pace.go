package github

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"percolate/trackers"
)

// GitHub's limits on creating content.
const (
	limitMinute = 80
	limitHour   = 500
)

// pacer keeps our writes inside our share of GitHub's limits. It knows of the writes of
// this process only; what others use is why the share is less than all.
type pacer struct {
	now                func() time.Time
	perMinute, perHour int

	mu     sync.Mutex
	writes []time.Time // of the last hour
	until  time.Time   // GitHub refused and wants nothing before
}

func newPacer(now func() time.Time, share float64) *pacer {
	return &pacer{now: now, perMinute: max(int(limitMinute*share), createBatch), perHour: max(int(limitHour*share), createBatch)}
}

// unpaced is the pacer of a server without limits.
func unpaced(now func() time.Time) *pacer {
	return &pacer{now: now, perMinute: math.MaxInt, perHour: math.MaxInt}
}

// take takes n writes, or tells how long to wait until they fit.
func (p *pacer) take(n int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if wait := p.room(now, n); wait > 0 {
		return wait
	}
	for range n {
		p.writes = append(p.writes, now)
	}
	return 0
}

// wait is how long to wait until n writes fit.
func (p *pacer) wait(n int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.room(p.now(), n)
}

// room is how long it takes until n writes fit into both windows.
func (p *pacer) room(now time.Time, n int) time.Duration {
	for len(p.writes) > 0 && now.Sub(p.writes[0]) >= time.Hour {
		p.writes = p.writes[1:]
	}
	return max(p.free(now, n, p.perMinute, time.Minute), p.free(now, n, p.perHour, time.Hour), p.until.Sub(now))
}

// hold keeps writes back for d, after a refusal: others use the account too, and some of
// what they and earlier runs wrote counts still.
func (p *pacer) hold(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := p.now().Add(d); until.After(p.until) {
		p.until = until
	}
}

// free is how long it takes until n more fit into a window that takes most.
func (p *pacer) free(now time.Time, n, most int, window time.Duration) time.Duration {
	last := len(p.writes) - (most - min(n, most)) - 1 // the newest write that must have left the window
	if last < 0 {
		return 0
	}
	return max(p.writes[last].Add(window).Sub(now), 0)
}

// paceOf tells of our share. Of a minute only whole batches are used.
func (t *Tracker) paceOf() trackers.Pace {
	if t.opt.Unlimited {
		return trackers.Pace{}
	}
	p := trackers.Pace{Minute: t.pace.perMinute / createBatch * createBatch, Hour: t.pace.perHour, PerChild: 1}
	if !t.inOneRequest() {
		p.PerChild = 2 // it is filed, and then linked
	}
	p.Pause = func(tickets int) time.Duration { return t.pace.wait(tickets * p.PerChild) }
	return p
}

// margin is what is left for a write of who waits no longer: a wait that leaves less is
// none that it could be sent after.
const margin = 30 * time.Second

// mayWrite waits until n writes fit. Where nobody waits that long it says when to come
// back, and nothing was done.
func (t *Tracker) mayWrite(ctx context.Context, op string, n int) error {
	for {
		if err := ctx.Err(); err != nil {
			return t.fail(op, trackers.Unavailable, "%w", err)
		}
		wait := t.pace.take(n)
		if wait == 0 {
			return nil
		}
		e := t.fail(op, trackers.RateLimit, "our share of GitHub's limits on writing is used up for %s; what is left goes on with the next run", wait.Round(time.Second))
		e.After = wait
		if end, ok := ctx.Deadline(); ok && t.opt.Now().Add(wait+margin).After(end) {
			return e
		}
		if err := t.sleep(ctx, wait); err != nil {
			return e
		}
	}
}

func (t *Tracker) sleep(ctx context.Context, d time.Duration) error {
	if t.opt.Sleep != nil {
		return t.opt.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

var errEnded = errors.New("nobody waits for it any longer")

// alone waits for the turn to write: GitHub asks for writes one after the other.
func (t *Tracker) alone(ctx context.Context, op string) (leave func(), err error) {
	if ctx.Err() != nil {
		return nil, t.fail(op, trackers.Unavailable, "%w", ctx.Err())
	}
	select {
	case t.turn <- struct{}{}:
		return func() { <-t.turn }, nil
	case <-ctx.Done():
		return nil, t.fail(op, trackers.Unavailable, "%w", errEnded)
	}
}
