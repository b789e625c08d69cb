package memory

import (
	"context"
	"fmt"

	"percolate/trackers"
)

// before asks for a fault before an effect. Neither a fault nor a context that is
// done leaves anything behind.
func (t *Tracker) before(ctx context.Context, m Moment, op string) error {
	if err := t.fault(m, op, trackers.Unavailable); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return &trackers.Error{Tracker: t.opt.Name, Op: op, Code: trackers.Unavailable, Err: err}
	}
	return nil
}

// after asks for a fault after an effect. Whoever waits no longer does not learn what
// came of it.
func (t *Tracker) after(ctx context.Context, m Moment, op string) error {
	if err := t.fault(m, op, trackers.UnknownOutcome); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return &trackers.Error{Tracker: t.opt.Name, Op: op, Code: trackers.UnknownOutcome, Err: err}
	}
	return nil
}

// fault calls the hook, without the lock, since the hook may call the tracker.
func (t *Tracker) fault(m Moment, op string, code trackers.Code) error {
	t.mu.Lock()
	t.moments[m]++
	n := t.moments[m]
	t.mu.Unlock()
	if t.opt.Fault == nil {
		return nil
	}
	f := t.opt.Fault(m, n)
	if f == (Fault{}) {
		return nil
	}
	if f.Code != "" {
		code = f.Code
	}
	return &trackers.Error{Tracker: t.opt.Name, Op: op, Code: code, After: f.After, Err: fmt.Errorf("fault %s, number %d", m, n)}
}
