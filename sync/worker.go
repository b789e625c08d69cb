// Package sync carries plans out: its Worker polls the trackers, gathers what is
// remembered and what is there, lets sync/plan decide, and applies the steps so that
// no crash, lost answer or second process files anything twice. It declares the
// State it needs and decides nothing itself. Import it as persync, since its name is
// that of a package of the standard library.
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

// Worker keeps documents and trackers joined. Its fields are set before its first use
// and not changed afterwards; it is then safe for concurrent use.
type Worker struct {
	Trackers map[string]trackers.Tracker // by their configured names
	State    State
	Policy   plan.Policy
	Now      func() time.Time
	Holder   string        // names this process in leases: host and process id
	LeaseTTL time.Duration // how long a crashed worker keeps its documents; 0 = [DefaultLeaseTTL]

	// Wait, when set, lets a run wait for a tracker that lets few writes through, for hours
	// if it must; it ends early with ctx. Without it such a run ends, and the next goes on.
	Wait func(ctx context.Context, d time.Duration) error

	Portion int // how many documents are decided together; 0 = [DefaultPortion]

	// Progress is told, when set, how many of a run's steps are done. Calls do not overlap.
	Progress func(done, total int)

	mu   gosync.Mutex
	last time.Time // the last stamp given out
}

// DefaultLeaseTTL is the lease of a worker that names none. A write that has not
// ended by the end of its lease is cut off, so it must exceed a tracker's time limit.
const DefaultLeaseTTL = 2 * time.Minute

// SweepEvery is how often all open tickets are read one by one, for what polling
// cannot tell: that a ticket was deleted or hidden from us.
const SweepEvery = 24 * time.Hour

// Request is what a run works on.
type Request struct {
	Documents Documents
	Whole     bool // they are all there are
	Options   plan.Options

	// Leave names documents that nothing is written for in this run, because their
	// authors are at work on them. They still count as being there.
	Leave map[string]bool

	// Brief leaves steps out of the plan, of which there may be tens of thousands, but for
	// how many they are.
	Brief bool

	// Told, when set, is told what was done to each portion of the documents as soon as it
	// is, in order. The result then holds of the steps those that were not done.
	Told func(Result)
}

// decide makes the plan of the request.
func (req Request) decide(in plan.Input) plan.Plan {
	return plan.Make(in).Only(func(document string) bool { return !req.Leave[document] })
}

// Result is what a run did.
type Result struct {
	Plan     plan.Plan // as it was carried out, decided anew under lease and after a fresh read
	Done     []Done
	Steps    int              // how many were begun
	Findings []ticket.Finding // the plan's, and what went wrong while it was carried out
}

// Done is one step as it was carried out.
type Done struct {
	Step *plan.Step
	Name string // the ticket's name
	URL  string
	Err  error // why it was not done, or is not known to be
}

// Partly reports whether something was left undone that a later run should do.
func (r Result) Partly() bool {
	return slices.ContainsFunc(r.Done, func(d Done) bool { return d.Err != nil }) ||
		slices.ContainsFunc(r.Findings, func(f ticket.Finding) bool { return f.Kind == ticket.FindUnread || f.Kind == ticket.FindBusy })
}

// Run polls, plans and applies.
func (w *Worker) Run(ctx context.Context, req Request) (Result, error) {
	p, err := w.Plan(ctx, req)
	if err != nil {
		return Result{Plan: p}, err
	}
	return w.Apply(ctx, req, p)
}

// Plan polls and decides what to do. It writes to no tracker; what it read is
// remembered, so that another plan reads less.
func (w *Worker) Plan(ctx context.Context, req Request) (plan.Plan, error) {
	read, err := w.poll(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	g, err := w.survey(ctx, req)
	if err != nil {
		return plan.Plan{}, err
	}
	return w.decideAll(ctx, g, read)
}

// decideAll makes the plan of all documents, a portion at a time.
func (w *Worker) decideAll(ctx context.Context, g *ground, read reading) (plan.Plan, error) {
	var p plan.Plan
	var extent plan.Extent
	bill := plan.Bill{}
	approved, err := w.approved(ctx)
	if err != nil {
		return p, err
	}
	for _, part := range g.portions(func(string) bool { return true }) {
		in, err := w.look(ctx, g, part, g.trees(part), read)
		if err != nil {
			return p, err
		}
		some := g.req.decide(in)
		extent.Add(some.Steps, approved)
		bill.Add(some.Steps)
		if g.req.Brief {
			some = some.Brief()
		}
		p.Append(some)
	}
	p.Tracked, p.Costs = g.tracked, bill.Costs(w.infos())
	p.Findings = append(p.Findings, unreadFindings(read.unread)...)
	if h := w.Policy.Guard.Holds(extent, g.tracked); h != nil && !g.req.Options.Force {
		p = p.HoldBack(h)
	}
	p.Sort()
	return p, nil
}

func (w *Worker) approved(ctx context.Context) (map[string]bool, error) {
	digests, err := w.State.Approved(ctx)
	if err != nil {
		return nil, fmt.Errorf("read approvals: %w", err)
	}
	out := map[string]bool{}
	for _, digest := range digests {
		out[digest] = true
	}
	return out, nil
}

// stamp is the worker's clock for ordering reads: it never gives the same instant twice.
func (w *Worker) stamp() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.Now()
	if !now.After(w.last) {
		now = w.last.Add(time.Millisecond)
	}
	w.last = now
	return now
}

// catchUp puts the clock for ordering reads past the last one that is remembered: the
// machine's own may have been set back since, and what is read now is the newest all the same.
func (w *Worker) catchUp(read time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if read.After(w.last) {
		w.last = read
	}
}

func (w *Worker) ttl() time.Duration {
	if w.LeaseTTL > 0 {
		return w.LeaseTTL
	}
	return DefaultLeaseTTL
}

func (w *Worker) infos() map[string]trackers.Info {
	out := make(map[string]trackers.Info, len(w.Trackers))
	for name, t := range w.Trackers {
		out[name] = t.Info()
	}
	return out
}

// look gathers all that a portion is decided from. Trackers that cannot be read are
// added to read.
func (w *Worker) look(ctx context.Context, g *ground, part portion, trees []ticket.Tree, read reading) (plan.Input, error) {
	in := plan.Input{
		Now: w.Now(), Trees: trees, Whole: g.req.Whole, Policy: w.Policy, Options: g.req.Options, Rest: g.rest(part),
		Trackers: w.infos(), Unread: read.unread, Looked: read.looked, Broken: read.broken,
	}
	m, err := w.recall(ctx, g.ids(part), part.whole)
	if err != nil {
		return in, err
	}
	in.Links, in.Known = m.links, m.known
	in.Named = w.named(ctx, in)
	return in, ctx.Err()
}

// named reads the tickets that documents name and that no link leads to yet.
func (w *Worker) named(ctx context.Context, in plan.Input) map[ticket.Address]ticket.Seen {
	refs := map[string][]ticket.Ref{}
	for _, a := range plan.Unlinked(in) {
		if _, bad := in.Unread[a.Tracker]; !bad {
			refs[a.Tracker] = append(refs[a.Tracker], a.Ref)
		}
	}
	out := map[ticket.Address]ticket.Seen{}
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		got, err := w.get(ctx, name, refs[name])
		if err != nil {
			in.Unread[name] = reason(err)
			continue
		}
		for ref, s := range got.seen {
			out[ticket.Address{Tracker: name, Ref: ref}] = s
		}
	}
	return out
}

// sight is what reading tickets by ref brought up.
type sight struct {
	mu     gosync.Mutex // guards all
	seen   map[ticket.Ref]ticket.Seen
	broken map[ticket.Ref]string // there, but not to be read, with the reason

	deleted []ticket.Seen // of which the tracker tells that they were deleted
}

// lost lists those of the refs under which nothing is there, and the tracker does not
// tell why.
func (g *sight) lost(refs []ticket.Ref) []ticket.Ref {
	var out []ticket.Ref
	for _, ref := range refs {
		_, broken := g.broken[ref]
		deleted := slices.ContainsFunc(g.deleted, func(s ticket.Seen) bool { return s.Ref == ref })
		if s, ok := g.seen[ref]; !broken && !deleted && (!ok || s.Ref != ref) {
			out = append(out, ref)
		}
	}
	return out
}

// get reads tickets in portions that the tracker takes, and stamps them.
func (w *Worker) get(ctx context.Context, name string, refs []ticket.Ref) (*sight, error) {
	out := &sight{seen: make(map[ticket.Ref]ticket.Seen, len(refs)), broken: map[ticket.Ref]string{}}
	slices.Sort(refs)
	refs = slices.Compact(refs)
	info := w.Trackers[name].Info()
	err := spread(ctx, info.Parallel, slices.Chunk(refs, max(info.GetBatch, 1)), func(portion []ticket.Ref) error {
		return w.getPortion(ctx, name, portion, out)
	})
	return out, err
}

// getPortion reads one portion. Where one of its tickets cannot be read, they are read
// one by one, so that it does not hide the others.
func (w *Worker) getPortion(ctx context.Context, name string, portion []ticket.Ref, out *sight) error {
	at := w.stamp()
	seen, err := w.Trackers[name].Get(ctx, portion)
	switch {
	case err == nil:
	case trackers.CodeOf(err) != trackers.Invalid:
		return err
	case len(portion) == 1:
		out.mu.Lock()
		out.broken[portion[0]] = reason(err)
		out.mu.Unlock()
	default:
		for _, ref := range portion {
			if err := w.getPortion(ctx, name, []ticket.Ref{ref}, out); err != nil {
				return err
			}
		}
	}
	out.mu.Lock()
	defer out.mu.Unlock()
	for ref, s := range seen {
		s.Tracker, s.AsOf = name, at
		if s.Deleted {
			s.Ref = ref
			out.deleted = append(out.deleted, s)
			continue
		}
		out.seen[ref] = s
	}
	return nil
}

// reason is an error for people: the tracker's own words, without the code.
func reason(err error) string {
	if e, ok := errors.AsType[*trackers.Error](err); ok && e.Err != nil {
		return e.Err.Error()
	}
	return err.Error()
}

func unreadFindings(unread map[string]string) []ticket.Finding {
	var out []ticket.Finding
	for _, name := range slices.Sorted(maps.Keys(unread)) {
		out = append(out, ticket.Finding{
			Kind: ticket.FindUnread, Tracker: name, Name: name, Text: "not read: " + unread[name],
			Mend: "run percolate doctor; nothing is lost meanwhile, run sync again when it answers",
		})
	}
	return out
}
