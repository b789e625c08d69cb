package sync

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	gosync "sync"
	"time"

	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
)

// Apply carries a plan out, a portion of the documents at a time. It takes the leases of
// all documents that a portion touches, reads afresh what is to be written, decides once
// more, and does the steps of that second plan. A plan that the guard holds back is not
// carried out. What could not be done is in the Result; an error is one of the state or of
// ctx.
func (w *Worker) Apply(ctx context.Context, req Request, p plan.Plan) (Result, error) {
	r := &round{w: w, req: req, total: p.Size(), stopped: map[string]error{}, read: newReading(), result: Result{Plan: p}}
	maps.Copy(r.read.unread, unreadOf(p))
	empty, held := p.Empty(), p.Held != nil
	err := r.carryOut(ctx, p)
	r.result.Plan.Sort()
	r.result.Findings = r.allFindings()
	if err == nil {
		err = r.keepFindings(ctx)
	}
	if err == nil {
		err = r.keepEvents(ctx)
	}
	if err == nil && !held && !empty && !r.result.Partly() {
		err = w.State.Approve(ctx, nil) // what was approved is done; the next plan is for the guard again
	}
	return r.result, err
}

// round is one carrying out of a plan.
type round struct {
	w      *Worker
	req    Request
	ground *ground
	read   reading
	total  int // steps to do

	mu       gosync.Mutex     // guards what follows, while trackers are written in parallel
	begun    int              // steps
	stopped  map[string]error // trackers that refuse everything for now
	result   Result
	findings []ticket.Finding // what went wrong
}

// carryOut does the plan portion by portion. One that was not begun keeps what was
// planned of it.
func (r *round) carryOut(ctx context.Context, p plan.Plan) error {
	touched := map[string]bool{}
	for _, id := range p.DocumentIDs() {
		touched[id] = true
	}
	if p.Held != nil || len(touched) == 0 {
		return nil
	}
	var err error
	if r.ground, err = r.w.survey(ctx, r.req); err != nil {
		return err
	}
	for _, part := range r.ground.portions(func(id string) bool { return touched[id] }) {
		x := &run{
			round: r, w: r.w, part: part, trees: r.ground.trees(part), turn: make(chan struct{}, 1),
			parents: map[string]spot{}, earlier: map[ticket.Key]ticket.Link{}, fresh: map[ticket.Address]ticket.Seen{},
		}
		x.plan = p.Part(x.documents())
		err = x.carryOut(ctx)
		r.take(x)
		if err != nil || r.result.Plan.Held != nil {
			break
		}
	}
	return err
}

// take adds what came of a portion in place of what was planned of its documents.
func (r *round) take(x *run) {
	x.arrange()
	r.findings = append(r.findings, x.findings...)
	r.result.Steps += len(x.done)
	said := Result{Plan: x.plan, Done: x.done, Steps: len(x.done), Findings: x.findings}
	if x.decided {
		r.result.Plan = r.result.Plan.Replace(x.plan)
	}
	if r.req.Told == nil {
		r.result.Done = append(r.result.Done, x.done...)
		return
	}
	r.req.Told(said)
	r.result.Plan.Steps, r.result.Plan.Learned, r.result.Plan.Dropped = nil, nil, nil
	for _, d := range x.done {
		if d.Err != nil {
			r.result.Done = append(r.result.Done, d)
		}
	}
}

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

func unreadOf(p plan.Plan) map[string]string {
	out := map[string]string{}
	for _, f := range p.Findings {
		if f.Kind == ticket.FindUnread && f.Tracker != "" {
			out[f.Tracker] = f.Text
		}
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

// wanting lists documents that are neither held by us nor known to be held by others.
func (r *run) wanting(documents []string) []string {
	return slices.DeleteFunc(slices.Clone(documents), func(d string) bool {
		return slices.Contains(r.lease.Documents, d) || slices.Contains(r.busy, d)
	})
}

// claim leases the documents beside those that are leased, those that others hold left
// out and reported.
func (r *run) claim(ctx context.Context, documents []string) error {
	for {
		more := r.wanting(documents)
		if len(more) == 0 {
			return nil
		}
		lease, err := r.w.State.Lease(ctx, slices.Concat(r.lease.Documents, more), r.w.Holder, r.w.ttl())
		held, isBusy := errors.AsType[*BusyError](err)
		if !isBusy {
			if err == nil {
				r.lease = lease
			}
			return err
		}
		r.findings = append(r.findings, busyFindings(held)...)
		r.busy = append(r.busy, held.Documents...)
		// One of ours that another took meanwhile is not ours any more.
		r.lease.Documents = slices.DeleteFunc(slices.Clone(r.lease.Documents), func(d string) bool { return slices.Contains(r.busy, d) })
	}
}

// busyFindings says who holds the documents. One that was killed holds them until then.
func busyFindings(held *BusyError) []ticket.Finding {
	until := held.Until.UTC().Format(time.TimeOnly) + " UTC"
	var out []ticket.Finding
	for _, d := range held.Documents {
		out = append(out, ticket.Finding{
			Kind: ticket.FindBusy, Key: ticket.Key{Document: d},
			Text: "left alone: another percolate (" + held.Holder + ") has it until " + until + " at the latest",
			Mend: "run percolate sync again when that one has ended",
		})
	}
	return out
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

// save writes links under the lease. It is done even when ctx is done, because what
// it keeps has happened.
func (r *run) save(ctx context.Context, links []ticket.Link, drop ...ticket.Key) error {
	if len(links)+len(drop) == 0 {
		return nil
	}
	if err := r.w.State.Save(context.WithoutCancel(ctx), r.held(), links, drop...); err != nil {
		return fmt.Errorf("save links: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range links {
		r.remember(&links[i])
	}
	for _, k := range drop {
		r.forget(k)
	}
	return nil
}

// mayWrite is asked before every write to a tracker. It renews the lease in good time and returns
// the context of the write, which ends with the lease: a process that was suspended past its
// lease sends nothing more. The write is not cut off when ctx is done, only not begun.
func (r *run) mayWrite(ctx context.Context, tracker string) (context.Context, context.CancelFunc, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	r.mu.Lock()
	err := r.stopped[tracker]
	r.mu.Unlock()
	if err != nil {
		return nil, nil, err
	}
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	if r.lease.Expires.Sub(r.w.Now()) < r.w.ttl()/2 {
		lease, err := r.w.State.Renew(ctx, r.lease, r.w.ttl())
		if err != nil {
			return nil, nil, fmt.Errorf("renew lease: %w", err)
		}
		r.lease = lease
	}
	writing, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.lease.Expires.Sub(r.w.Now()))
	return writing, cancel, nil
}

// held is the lease as it stands.
func (r *run) held() Lease {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	return r.lease
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
