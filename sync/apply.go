package sync

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	gosync "sync"

	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
)

// run is the carrying out of one portion.
type run struct {
	*round
	w     *Worker
	part  portion
	trees []ticket.Tree
	lease Lease
	busy  []string      // documents that others hold
	turn  chan struct{} // held while the lease is looked at or renewed

	plan    plan.Plan
	decided bool // the plan is that of the portion, made under its lease

	told     map[ticket.Key]bool // the earlier actions that the plan's repeats tell
	done     []Done
	findings []ticket.Finding           // what went wrong
	parents  map[string]spot            // of documents
	earlier  map[ticket.Key]ticket.Link // what the plan's repeats tell
	fresh    map[ticket.Address]ticket.Seen
}

// documents are those that the portion decides about.
func (r *run) documents() map[string]bool {
	out := map[string]bool{}
	for i := range r.trees {
		out[r.trees[i].Document] = true
	}
	for _, id := range r.part.missing {
		out[id] = true
	}
	return out
}

func (r *run) carryOut(ctx context.Context) error {
	defer func() {
		if len(r.lease.Documents) > 0 { // also when ctx is done: else others would wait for its end
			_ = r.w.State.Release(context.WithoutCancel(ctx), r.lease)
		}
	}()
	touched := r.plan.DocumentIDs()
	for range 3 { // what is read under the lease may concern further documents
		if err := r.claim(ctx, touched); err != nil || len(r.lease.Documents) == 0 {
			return err
		}
		if err := r.decide(ctx); err != nil {
			return err
		}
		touched = r.plan.DocumentIDs()
		if len(r.wanting(touched)) == 0 {
			break
		}
	}
	r.plan = r.leaveUnread(r.plan.Only(func(document string) bool { return slices.Contains(r.lease.Documents, document) }))
	if r.plan.Held != nil {
		return nil
	}
	return r.steps(ctx, r.plan)
}

// decide makes the plan anew from what the state holds under the lease and from a
// fresh read of every ticket that is to be written. Reading may bring up other steps,
// whose tickets are read as well; what still was not read is left for a later run.
func (r *run) decide(ctx context.Context) error {
	held, err := r.w.State.Links(ctx, r.lease.Documents...)
	if err != nil {
		return fmt.Errorf("read links: %w", err)
	}
	// Others may have read these tickets since we looked, by a clock that was ahead.
	known, err := r.w.State.Known(ctx, r.lease.Documents...)
	if err != nil {
		return fmt.Errorf("read tickets: %w", err)
	}
	for _, k := range known {
		r.w.catchUp(k.Seen.AsOf)
	}
	if err := r.w.seek(ctx, r.read, held); err != nil {
		return err
	}
	for range 4 { // the first plan may be one that tells no steps
		if err := r.refresh(ctx, r.plan, held); err != nil {
			return err
		}
		in, err := r.w.look(ctx, r.ground, r.part, r.trees, r.read)
		if err != nil {
			return err
		}
		p := r.req.decide(in)
		if p, err = r.guarded(ctx, p); err != nil {
			return err
		}
		p.Findings = append(p.Findings, unreadFindings(r.read.unread)...)
		r.plan, r.decided = p, true
		r.expect(p, in.Links)
		if len(r.stale(p)) == 0 {
			break
		}
	}
	return nil
}

// guarded is the plan, held back when by itself it is larger than all of the run may be:
// something changed since the whole was looked at.
func (r *run) guarded(ctx context.Context, p plan.Plan) (plan.Plan, error) {
	if r.req.Options.Force {
		return p, nil
	}
	approved, err := r.w.approved(ctx)
	if err != nil {
		return p, err
	}
	var extent plan.Extent
	extent.Add(p.Steps, approved)
	if h := r.w.Policy.Guard.Holds(extent, r.ground.tracked); h != nil {
		return p.HoldBack(h), nil
	}
	return p, nil
}

// leaveUnread is the plan without the steps whose tickets were not read afresh.
func (r *run) leaveUnread(p plan.Plan) plan.Plan {
	stale := r.stale(p)
	unread := func(s plan.Step) bool {
		return slices.ContainsFunc(reads(s), func(a ticket.Address) bool { return stale[a] })
	}
	for _, s := range p.Steps {
		if unread(s) {
			r.finish(new(s), s.Link, errUnread)
		}
	}
	p.Steps = slices.DeleteFunc(p.Steps, unread)
	return p
}

// errUnread is the outcome of a step whose ticket could not be read afresh.
var errUnread = errors.New("its ticket was not found just now")

func address(s *plan.Step) ticket.Address {
	return ticket.Address{Tracker: s.Tracker, Ref: s.Link.Ref}
}

func reads(s plan.Step) []ticket.Address {
	var out []ticket.Address
	for _, ref := range s.Reads() {
		out = append(out, ticket.Address{Tracker: s.Tracker, Ref: ref})
	}
	return out
}

// stale lists the tickets that steps stand on and that were not read afresh.
func (r *run) stale(p plan.Plan) map[ticket.Address]bool {
	out := map[ticket.Address]bool{}
	for _, s := range p.Steps {
		for _, a := range reads(s) {
			if _, ok := r.fresh[a]; !ok {
				out[a] = true
			}
		}
	}
	return out
}

// refresh reads afresh, in bulk, the tickets that steps stand on, and remembers them;
// and those of which it is not known whether the last write landed, which no list of
// changes proves.
func (r *run) refresh(ctx context.Context, p plan.Plan, held []ticket.Link) error {
	refs := map[string][]ticket.Ref{}
	stale := r.stale(p)
	for _, l := range held {
		a := ticket.Address{Tracker: l.Tracker, Ref: l.Ref}
		if _, read := r.fresh[a]; !read && !l.Trying.IsZero() && l.HasTicket() {
			stale[a] = true
		}
	}
	for a := range stale {
		if _, bad := r.read.unread[a.Tracker]; !bad {
			refs[a.Tracker] = append(refs[a.Tracker], a.Ref)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		got, err := r.w.get(ctx, name, refs[name])
		if err != nil {
			r.read.unread[name] = reason(err)
			continue
		}
		var sums []ticket.Seen
		var lost []ticket.Address
		for _, seen := range got.seen {
			r.fresh[ticket.Address{Tracker: name, Ref: seen.Ref}] = seen
			sums = append(sums, seen.Sum())
		}
		sums = append(sums, got.deleted...)
		for _, ref := range got.lost(refs[name]) {
			lost = append(lost, ticket.Address{Tracker: name, Ref: ref})
		}
		for ref, why := range got.broken {
			r.read.broken[ticket.Address{Tracker: name, Ref: ref}] = why
		}
		if err := r.w.State.Observe(ctx, sums...); err != nil {
			return fmt.Errorf("remember tickets: %w", err)
		}
		if len(lost) > 0 {
			if err := r.w.State.Miss(ctx, r.w.stamp(), lost...); err != nil {
				return fmt.Errorf("remember missing tickets: %w", err)
			}
		}
	}
	return ctx.Err()
}

// steps does the plan: what was learned first, then parents, then children below
// them, then changes, and repeats last, since they may tell tickets just filed.
// Trackers are written in parallel, and every phase ends before the next begins.
func (r *run) steps(ctx context.Context, p plan.Plan) error {
	if err := r.save(ctx, p.Learned, p.Dropped...); err != nil {
		return err
	}
	for i, do := range []func(context.Context, string, []*plan.Step) error{r.create, r.create, r.adopt, r.update, r.repeat} {
		byTracker := map[string][]*plan.Step{}
		for j := range p.Steps {
			if s := &p.Steps[j]; phase(s) == i {
				byTracker[s.Tracker] = append(byTracker[s.Tracker], s)
			}
		}
		if err := r.inParallel(ctx, byTracker, do); err != nil {
			return err
		}
	}
	return nil
}

// phase says when a step is done: parents, their children, what is adopted, changes, and
// at last repeats.
func phase(s *plan.Step) int {
	switch {
	case s.Op == plan.Create && s.Link.Key.IsParent():
		return 0
	case s.Op == plan.Create:
		return 1
	case s.Op == plan.Adopt:
		return 2
	case s.Op == plan.Repeat:
		return 4
	default:
		return 3
	}
}

func (r *run) inParallel(ctx context.Context, by map[string][]*plan.Step, do func(context.Context, string, []*plan.Step) error) error {
	var group gosync.WaitGroup
	errs := make([]error, 0, len(by))
	for _, name := range slices.Sorted(maps.Keys(by)) {
		group.Go(func() {
			if err := do(ctx, name, by[name]); err != nil {
				r.mu.Lock()
				errs = append(errs, err)
				r.mu.Unlock()
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// heed keeps a tracker that refuses everything for now from being asked again in this run.
func (r *run) heed(tracker string, err error) {
	switch trackers.CodeOf(err) {
	case trackers.Denied, trackers.RateLimit, trackers.Unavailable:
		r.mu.Lock()
		defer r.mu.Unlock()
		r.stopped[tracker] = err
	}
}
