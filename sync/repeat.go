package sync

import (
	"context"

	"percolate/sync/plan"
	"percolate/ticket"
)

// repeat tells earlier tickets that they were hit again, one by one, since several
// may tell the same ticket. The priority that was decided is saved before it is
// written and is not decided again after a crash.
func (r *run) repeat(ctx context.Context, _ string, steps []*plan.Step) error {
	for _, s := range steps {
		r.mu.Lock()
		earlier := r.earlier[s.Of]
		base, read := r.fresh[ticket.Address{Tracker: earlier.Tracker, Ref: earlier.Ref}]
		r.mu.Unlock()
		if !earlier.HasTicket() || !read {
			r.finish(s, s.Link, errWaits)
			continue
		}
		if err := r.tell(ctx, s, earlier, base); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) tell(ctx context.Context, planned *plan.Step, earlier ticket.Link, base ticket.Seen) error {
	s := new(*planned)
	l := s.Link
	l.Tracker, l.Ref, l.Name, l.URL = earlier.Tracker, earlier.Ref, earlier.Name, earlier.URL
	if l.Trying.To.Priority == ticket.PriorityNone {
		l.Trying = s.Patch
	}
	decided := l.Trying.To.Priority
	s.Link, s.Tracker = l, earlier.Tracker
	if err := r.save(ctx, []ticket.Link{l}); err != nil {
		return err
	}
	o := r.write(ctx, s)
	if o.err != nil {
		if !isTracker(o.err) {
			return o.err
		}
		r.finish(s, l, o.err)
		return nil
	}
	l.Told, l.Trying, l.Created = true, ticket.Patch{}, r.w.Now()
	if decided != ticket.PriorityNone && o.seen.Fields.Priority == decided {
		earlier.Asked.Priority, earlier.Got.Priority = decided, decided
	}
	r.keepFresh(earlier.Key, o.seen)
	r.finish(s, l, nil)
	if err := r.save(ctx, []ticket.Link{l, earlier}); err != nil {
		return err
	}
	return r.w.State.Observe(context.WithoutCancel(ctx), o.seen.Sum())
}
