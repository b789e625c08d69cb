package sync

import (
	"context"
	"slices"
	gosync "sync"

	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
)

// updatePortion is how many updates are begun and ended with one save each.
const updatePortion = 50

// update changes filed tickets. What is tried is saved before, so that after a crash
// the next run can tell, field by field, our write from a person's.
func (r *run) update(ctx context.Context, tracker string, steps []*plan.Step) error {
	for portion := range slices.Chunk(steps, updatePortion) {
		links := make([]ticket.Link, len(portion))
		for i, s := range portion {
			links[i] = s.Link
			links[i].Trying = s.Patch
		}
		if err := r.save(ctx, links); err != nil {
			return err
		}
		outcomes := make([]outcome, len(portion))
		var group gosync.WaitGroup
		slots := make(chan struct{}, max(r.w.Trackers[tracker].Info().Parallel, 1))
		for i, s := range portion {
			slots <- struct{}{}
			group.Go(func() {
				defer func() { <-slots }()
				outcomes[i] = r.write(ctx, s)
			})
		}
		group.Wait()
		if err := r.updated(ctx, portion, links, outcomes); err != nil {
			return err
		}
	}
	return nil
}

// outcome is what became of one write.
type outcome struct {
	seen  ticket.Seen
	unmet []ticket.Unmet
	err   error
}

// write sends one patch on the base of the fresh read that it was decided on.
func (r *run) write(ctx context.Context, s *plan.Step) outcome {
	writing, cancel, err := r.mayWrite(ctx, s.Tracker)
	if err != nil {
		return outcome{err: err}
	}
	defer cancel()
	r.mu.Lock()
	base := r.fresh[address(s)]
	r.mu.Unlock()
	at := r.w.stamp()
	seen, unmet, err := r.w.Trackers[s.Tracker].Update(writing, base, s.Patch)
	r.heed(s.Tracker, err)
	seen.Tracker, seen.AsOf, seen.Ours = s.Tracker, at, true
	return outcome{seen: seen, unmet: unmet, err: err}
}

// updated saves what became of a portion. ends holds the first error that ends the run.
func (r *run) updated(ctx context.Context, steps []*plan.Step, links []ticket.Link, outcomes []outcome) error {
	var ends error
	var seen []ticket.Seen
	var lost []ticket.Address
	for i, o := range outcomes {
		s := steps[i]
		switch {
		case o.err == nil:
			links[i] = r.landed(s, links[i], o)
			seen = append(seen, o.seen.Sum())
			r.keepFresh(s.Link.Key, o.seen)
		case !isTracker(o.err):
			ends = o.err // not begun; Trying tells the next run to look
			continue
		case trackers.CodeOf(o.err) == trackers.Invalid && s.Patch.Parent != "":
			links[i] = r.misplaced(s, o.err)
		case trackers.NothingDone(o.err):
			links[i] = s.Link
			if trackers.CodeOf(o.err) == trackers.NotFound {
				lost = append(lost, address(s))
			}
		}
		r.finish(s, links[i], o.err)
	}
	if err := r.save(ctx, links); err != nil {
		return err
	}
	kept := context.WithoutCancel(ctx)
	if err := r.w.State.Observe(kept, seen...); err != nil {
		return err
	}
	if len(lost) > 0 {
		if err := r.w.State.Miss(kept, r.w.stamp(), lost...); err != nil {
			return err
		}
	}
	return ends
}

// misplaced is the link of a ticket that can never be below its parent: of a type, or in
// a place, that the tracker's hierarchy does not allow there. That is told, and not asked
// for again and again; what else the patch held is written by the next run.
func (r *run) misplaced(s *plan.Step, err error) ticket.Link {
	r.mu.Lock()
	parent := r.parents[s.Link.Key.Document].name
	r.mu.Unlock()
	l := s.Link
	u := ticket.Unmet{Field: ticket.FieldParent, Value: parent, Reason: reason(err), At: r.w.Now(), Basis: s.Bases(r.w.Policy, l.Name).Parent}
	l.Unmet = plan.StillUnmet(l.Unmet, ticket.Patch{Parent: s.Patch.Parent}, []ticket.Unmet{u})
	l.Trying = ticket.Patch{}
	return l
}

// landed moves the memory of the fields that a patch wrote, and of no others.
func (r *run) landed(s *plan.Step, l ticket.Link, o outcome) ticket.Link {
	written := slices.Clone(s.Patch.Set)
	var sent ticket.Fields
	for _, f := range s.Patch.Set {
		sent.Take(f, s.Patch.To)
	}
	if len(s.Patch.AddLabels)+len(s.Patch.DropLabels) > 0 {
		written = append(written, ticket.FieldLabels)
		sent.Labels = s.Patch.AddLabels
	}
	answered := o.seen.Fields.Sum()
	basis := make(map[ticket.Field]string, len(l.Basis)+len(written))
	for f, b := range l.Basis {
		basis[f] = b
	}
	asked := l.Asked
	for _, f := range written {
		asked.Take(f, s.Wanted.Fields.Sum())
		l.Got.Take(f, answered)
		basis[f] = s.Wanted.Basis[f]
	}
	unmet := joinUnmet(o.unmet, plan.Dropped(sent.Sum(), answered))
	var records []ticket.Unmet
	l.Asked, l.Basis, records = plan.Refused(asked, basis, unmet, r.w.Now(), s.Bases(r.w.Policy, o.seen.Name))
	l.Unmet = plan.StillUnmet(l.Unmet, s.Patch, records)
	l.Trying = ticket.Patch{}
	if s.Op == plan.Retire {
		l.Retired = r.w.Now()
		l.Retires++
	}
	return l
}

// adopt takes tickets that were there before us: the link is saved first, with what
// is tried, and then the ticket is put below the parent where it has none.
func (r *run) adopt(ctx context.Context, tracker string, steps []*plan.Step) error {
	var below []*plan.Step
	var links []ticket.Link
	for _, planned := range steps {
		s := new(*planned)
		l := s.Link
		l.Created = r.w.Now()
		s.Patch = ticket.Patch{}
		if parent, ok := r.parentOf(s); ok && s.Below && parent != "" {
			s.Patch.Parent = parent
			l.Trying = s.Patch
		}
		s.Link = l
		links = append(links, l)
		if s.Patch.IsZero() {
			r.finish(s, l, nil)
		} else {
			below = append(below, s)
		}
	}
	if err := r.save(ctx, links); err != nil {
		return err
	}
	return r.update(ctx, tracker, below)
}
