package sync

import (
	"context"
	"errors"
	"slices"
	"time"

	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
)

// errWaits is the outcome of a child whose parent was not filed in this run.
var errWaits = errors.New("waits for its parent")

// create files tickets of one tracker, all parents or all children. Around each batch
// an intent is saved before and the outcome after, so that whatever happens between,
// the next run knows what may be there and looks for it.
func (r *run) create(ctx context.Context, tracker string, steps []*plan.Step) error {
	info := r.w.Trackers[tracker].Info()
	most := info.Parallel
	if info.Pace.Pause != nil {
		most = 1 // how long to wait can be told only once the batch before has been let through
	}
	return spread(ctx, most, slices.Chunk(steps, max(info.Batch, 1)), func(batch []*plan.Step) error {
		for tries := 1; len(batch) > 0; tries++ {
			refused, err := r.createBatch(ctx, tracker, batch, tries)
			if err != nil {
				return err
			}
			batch = refused
		}
		return nil
	})
}

// createBatch files a batch, and returns what of it the tracker refused for now and is
// tried again.
func (r *run) createBatch(ctx context.Context, tracker string, batch []*plan.Step, tries int) ([]*plan.Step, error) {
	var steps []*plan.Step
	var creations []trackers.Creation
	for _, s := range batch {
		parent, ok := r.parentOf(s)
		if !ok {
			r.finish(s, s.Link, errWaits)
			continue
		}
		steps = append(steps, s)
		creations = append(creations, trackers.Creation{Key: s.Link.Key, Fields: s.Wanted.Fields, Parent: parent})
	}
	if len(steps) == 0 {
		return nil, nil
	}
	if err := r.inPace(ctx, tracker, len(steps)); err != nil {
		return nil, r.undone(ctx, steps, err)
	}
	writing, cancel, err := r.mayWrite(ctx, tracker)
	if err != nil {
		return nil, r.undone(ctx, steps, err)
	}
	defer cancel()
	intents := make([]ticket.Link, len(steps))
	for i, s := range steps {
		intents[i] = s.Link
		intents[i].Intended = r.w.Now()
		intents[i].Until = r.held().Expires // suspended, the create may still be carried out until then
	}
	if err := r.save(ctx, intents); err != nil {
		return nil, err
	}
	at := r.w.stamp()
	created := r.w.Trackers[tracker].Create(writing, creations)
	again := tries < paceTries && r.patient(tracker)
	return r.created(ctx, steps, intents, created, again, func(s ticket.Seen) ticket.Seen {
		s.Tracker, s.AsOf, s.Ours = tracker, at, true
		return s
	})
}

// parentOf is the ref below which a ticket is filed. A child on another tracker than
// its parent has none; ok is false while a parent that should be there is not.
func (r *run) parentOf(s *plan.Step) (ref ticket.Ref, ok bool) {
	if s.Link.Key.IsParent() {
		return "", true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	parent, linked := r.parents[s.Link.Key.Document]
	switch {
	case linked && parent.state == ticket.StateReleased:
		return "", true
	case !linked || parent.ref == "":
		return "", false
	case parent.tracker != s.Tracker:
		return "", true
	}
	return parent.ref, true
}

// created saves the outcome of a batch. An intent whose create surely did not happen
// is taken back; one whose outcome is unknown stays, and no one files it again before
// it has been looked for. With again, what was refused for now is not an outcome: it is
// returned to be tried once more.
func (r *run) created(ctx context.Context, steps []*plan.Step, intents []ticket.Link, created []trackers.Created, again bool, stamp func(ticket.Seen) ticket.Seen) (refused []*plan.Step, err error) {
	var save []ticket.Link
	var drop []ticket.Key
	var seen []ticket.Seen
	for i, s := range steps {
		c := trackers.Created{Err: &trackers.Error{Tracker: s.Tracker, Op: "create", Code: trackers.Internal, Err: errors.New("the tracker gave no answer for it")}}
		if i < len(created) {
			c = created[i]
		}
		l := intents[i]
		switch {
		case c.Err == nil:
			now := stamp(c.Seen)
			seen = append(seen, now.Sum())
			r.keepFresh(l.Key, now)
			l = r.filed(l, now, c.Unmet, s.Bases(r.w.Policy, now.Name))
			save = append(save, l)
		case again && trackers.CodeOf(c.Err) == trackers.RateLimit:
			drop, refused = append(drop, l.Key), append(refused, s)
			continue
		case trackers.NothingDone(c.Err):
			drop = append(drop, l.Key)
		default:
			l.Until = r.w.Now()
			save = append(save, l)
		}
		r.finish(s, l, c.Err)
	}
	if err := r.save(ctx, save, drop...); err != nil {
		return nil, err
	}
	return refused, r.w.State.Observe(context.WithoutCancel(ctx), seen...)
}

// filed is the link of a ticket that was just filed.
func (r *run) filed(l ticket.Link, s ticket.Seen, unmet []ticket.Unmet, bases plan.Bases) ticket.Link {
	l.State, l.Ref, l.Name, l.URL = ticket.StateFiled, s.Ref, s.Name, s.URL
	l.Created, l.Until = r.w.Now(), time.Time{}
	l.Got = s.Fields.Sum()
	l.Asked, l.Basis, l.Unmet = plan.Refused(l.Asked, l.Basis, joinUnmet(unmet, plan.Dropped(l.Asked, s.Fields)), r.w.Now(), bases)
	return l
}

// joinUnmet is what the tracker itself said, and what was found missing beside that.
func joinUnmet(said, found []ticket.Unmet) []ticket.Unmet {
	out := slices.Clone(said)
	for _, u := range found {
		if !slices.ContainsFunc(said, func(s ticket.Unmet) bool { return s.Field == u.Field }) {
			out = append(out, u)
		}
	}
	return out
}

// undone records steps that were not begun. Only a failure of the state or of ctx
// ends the run; a tracker that refuses everything is a matter of its own steps.
func (r *run) undone(ctx context.Context, steps []*plan.Step, err error) error {
	if ctx.Err() != nil || !isTracker(err) {
		return err
	}
	for _, s := range steps {
		r.finish(s, s.Link, err)
	}
	return nil
}

func isTracker(err error) bool {
	_, ok := errors.AsType[*trackers.Error](err)
	return ok
}
