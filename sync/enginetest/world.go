package enginetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	statememory "percolate/store/memory"
	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
)

// world is one history: documents and their authors, a tracker and its people, a state,
// and the percolate processes that come and go.
type world struct {
	t     *testing.T
	seed  uint64
	rng   *rand.Rand
	site  *Site
	state *statememory.State
	tally Tally
	log   []string

	tracker   trackers.Tracker // as the process that runs has it open
	docs      []*document
	removed   []removedAction
	footer    string // of a template; a change of it writes nothing
	tokens    int
	given     map[string]*given // by token
	stored    []Ticket          // those that are there, once they were looked at
	troubled  bool
	processes int
}

func newWorld(t *testing.T, h Harness, seed uint64) *world {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	w := &world{t: t, seed: seed, rng: r, site: h.New(t, r), footer: "Kept by percolate.", given: map[string]*given{}}
	w.state = statememory.New(w.site.Now)
	w.tracker = w.site.Tracker
	for range 1 + r.IntN(3) {
		w.write()
	}
	return w
}

func (w *world) logf(format string, args ...any) {
	w.log = append(w.log, w.site.Now().Format("02 15:04:05.000 ")+fmt.Sprintf(format, args...))
}

// day is the civil day n days from now.
func (w *world) day(n int) ticket.Day { return ticket.DayOf(w.site.Now().AddDate(0, 0, n), time.UTC) }

// start makes a percolate process, which may be doomed.
func (w *world) start(p *Process) *persync.Worker {
	w.processes++
	p.Wait = w.site.Wait
	return &persync.Worker{
		Trackers: map[string]trackers.Tracker{w.site.Name: p.Tracker(w.tracker)},
		State:    p.State(w.state),
		Policy:   plan.Policy{Guard: plan.DefaultGuard(), Basis: "people 1"},
		Now:      w.site.Now, Holder: fmt.Sprintf("process %d", w.processes),
		Portion: int(w.seed % 4), // documents; 0 is enough for all
	}
}

func (w *world) request(opts plan.Options) persync.Request {
	opts.Force = true
	return persync.Request{Documents: persync.Trees(w.trees()), Whole: true, Options: opts}
}

// run is one run of one process.
func (w *world) run(p *Process, opts plan.Options) persync.Result {
	w.agree()
	worker := w.start(p)
	w.site.Wait(time.Second)
	r, err := worker.Run(context.Background(), w.request(opts))
	w.changed()
	w.tell(p, r, err)
	w.conflictsHaveCauses(r.Plan.Findings)
	if err != nil && !p.Killed() && !p.Suspended() {
		w.failf("a run that nobody disturbed ended with: %v", err)
	}
	if p.Killed() && w.site.Restart != nil {
		w.tracker = w.site.Restart()
	}
	return r
}

func (w *world) tell(p *Process, r persync.Result, err error) {
	w.tally.Runs++
	fate := ""
	if p.Killed() {
		fate = ", killed"
		w.tally.Killed++
	}
	if p.Suspended() {
		fate += ", suspended"
		w.tally.Suspended++
	}
	w.logf("a run: %d calls, %d steps, error %v%s", p.Calls(), len(r.Done), err, fate)
	for _, d := range r.Done {
		w.logf("   %s %s %s: %v (%s) %v", d.Step.Op, d.Step.Link.Key, d.Name, d.Err, d.Step.Reason, d.Step.Changes)
	}
}

// doomed is a process that is killed, or one that is suspended while another one runs to
// its end, for a moment or for longer than its lease.
func (w *world) doomed() *Process {
	r := w.rng
	p := &Process{Single: r.IntN(2) == 0, Writes: r.IntN(3) > 0}
	most := 30
	if p.Writes {
		most = 8
	}
	if r.IntN(4) > 0 {
		p.DieAt, p.DieAfter = 1+r.IntN(most), r.IntN(2) == 0
		return p
	}
	p.SleepAt, p.Outlasts = 1+r.IntN(most), r.IntN(2) == 0
	other := &Process{}
	if r.IntN(3) == 0 {
		other.DieAt = 1 + r.IntN(30)
	}
	p.Sleep = func() {
		if p.Outlasts {
			w.site.Wait(persync.DefaultLeaseTTL + time.Duration(1+r.IntN(600))*time.Second)
		}
		w.run(other, plan.Options{})
	}
	return p
}

func (w *world) linked(t Ticket) bool {
	return slices.ContainsFunc(w.links(), func(l ticket.Link) bool { return l.Ref == t.Ref || l.Name == t.Name && l.HasTicket() })
}

func (w *world) links() []ticket.Link {
	links, err := w.state.Links(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return links
}

func (w *world) failf(format string, args ...any) {
	w.t.Helper()
	w.t.Errorf(format, args...)
}

// trace is the history for a person who has to find the fault.
func (w *world) trace() string {
	var b strings.Builder
	for _, l := range w.log {
		b.WriteString(l + "\n")
	}
	for _, d := range w.docs {
		fmt.Fprintf(&b, "%s %s missing %v\n", d.id, d.token, d.missing)
		for _, a := range d.actions {
			fmt.Fprintf(&b, "   %s %q %q repeats %q names %q done %v\n", a.token, a.id, a.text, a.repeats, a.names, a.done)
		}
	}
	for _, k := range w.site.Tickets() {
		fmt.Fprintf(&b, "%s %s %s below %q deleted %v %s %q\n", k.Name, k.Ref, tokenOf(k.Text), k.Parent, k.Deleted, k.Status, k.Title)
	}
	for _, l := range w.links() {
		fmt.Fprintf(&b, "link %s %s %s %s text %q retired %v told %v of %s\n", l.Key, l.State, l.Name, l.Ref, l.Text, !l.Retired.IsZero(), l.Told, l.Of)
	}
	return b.String()
}
