package sync_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	statememory "percolate/store/memory"
	persync "percolate/sync"
	"percolate/sync/enginetest"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

// world is one history: documents and their authors, a tracker and its people, a
// state, and the percolate processes that come and go. Everything follows from the seed.
type world struct {
	t       *testing.T
	rng     *rand.Rand
	mem     *memory.Tracker
	opts    memory.Options
	state   *statememory.State
	portion int // of the workers
	docs    []*modelDocument
	removed []removedAction
	rules   mapRules
	uids    int
	ids     int
	log     []string

	faults    bool // the tracker fails now and then
	unsettled bool // a process died and no run has ended well since

	edits    map[ticket.Ref]map[ticket.Field]personal // what people changed and expect to stay
	touched  map[ticket.Ref]map[ticket.Field]bool     // what people ever changed
	finished map[ticket.Ref]bool                      // what people ever finished
	disputed map[ticket.Ref]bool                      // titles that a person changed before ours was written
	lost     bool                                     // the state was, once
	notes    map[ticket.Ref][]string                  // what people wrote round our block, and labels they added
	parents  map[ticket.Ref]ticket.Ref                // where people put tickets
	allowed  map[int]int                              // by uid: tickets that may be filed beyond the first
	filedFor map[ticket.Ref]int                       // by ticket: the uid that it was filed for
	raced    int                                      // edits that fell between a read and its write
	mu       sync.Mutex                               // guards what hooks touch while processes run
}

type removedAction struct {
	d *modelDocument
	a *modelAction
}

// personal is a value that a person gave a field, and what stood there before.
type personal struct{ before, value string }

func newWorld(t *testing.T, seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	w := &world{
		t: t, rng: r,
		edits: map[ticket.Ref]map[ticket.Field]personal{}, touched: map[ticket.Ref]map[ticket.Field]bool{}, notes: map[ticket.Ref][]string{},
		parents: map[ticket.Ref]ticket.Ref{}, finished: map[ticket.Ref]bool{}, disputed: map[ticket.Ref]bool{}, allowed: map[int]int{}, filedFor: map[ticket.Ref]int{},
	}
	w.state = statememory.New(time.Now)
	w.opts = memory.Options{
		Name: "mem", Now: time.Now, Seed: seed, Census: r.IntN(2) == 0, Batch: 1 + r.IntN(5), Page: 1 + r.IntN(20),
		LowerLabels: r.IntN(2) == 0, FixedKinds: r.IntN(3) == 0, NoPriorities: r.IntN(5) == 0, NoDue: r.IntN(5) == 0, Flap: r.IntN(2) == 0,
	}
	if r.IntN(2) == 0 {
		w.opts.FindLag = time.Duration(r.IntN(600)) * time.Second
	}
	if r.IntN(2) == 0 {
		w.opts.TitleMax = 20 + r.IntN(60)
	}
	if r.IntN(2) == 0 {
		w.opts.Wrap = 20 + r.IntN(60)
	}
	if r.IntN(3) == 0 {
		droppable := []ticket.Field{ticket.FieldDue, ticket.FieldPriority, ticket.FieldLabels, ticket.FieldAssignees}
		w.opts.Drop = []ticket.Field{droppable[r.IntN(len(droppable))]}
	}
	if r.IntN(2) == 0 {
		w.opts.Accounts = []string{"ana", "raj", "deputy"}
	}
	w.portion = int(seed % 4) // documents; 0 is enough for all
	w.opts.Fault = w.fault
	w.mem = memory.New(w.opts)
	for i := range 1 + r.IntN(4) {
		d := &modelDocument{id: fmt.Sprintf("PER-%d", i+1), path: fmt.Sprintf("per/%d.md", i+1), title: "Event " + sentence(r), severity: "2"}
		w.docs = append(w.docs, d)
		for range r.IntN(5) {
			w.addAction(d)
		}
	}
	return w
}

func (w *world) logf(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, time.Now().Format("15:04:05.000 ")+fmt.Sprintf(format, args...))
}

// day is the civil day n days from now.
func (w *world) day(n int) ticket.Day { return ticket.DayOf(time.Now().AddDate(0, 0, n), time.UTC) }

func (w *world) account() string {
	return []string{"", "ana", "raj", "kim", "mia"}[w.rng.IntN(5)]
}

// fault makes the tracker fail now and then, and lets people act between a read and
// the write that follows it.
func (w *world) fault(m memory.Moment, _ int) memory.Fault {
	w.mu.Lock()
	faults, roll := w.faults, 1000
	if faults {
		roll = w.rng.IntN(1000)
	}
	w.mu.Unlock()
	switch after := m == memory.AfterCreate || m == memory.AfterUpdate; {
	case after && roll < 60:
		return memory.Fault{Code: trackers.UnknownOutcome}
	case after:
	case m == memory.BeforeUpdate && roll < 60:
		w.race()
	case roll < 30:
		codes := []trackers.Code{trackers.Unavailable, trackers.RateLimit, trackers.Denied}
		return memory.Fault{Code: codes[roll%3]}
	}
	return memory.Fault{}
}

// race is a person's edit between a read and the write that follows: the one stated
// limit. Such edits are counted apart and not held against the engine.
func (w *world) race() {
	w.mu.Lock()
	defer w.mu.Unlock()
	live := w.live()
	if len(live) == 0 {
		return
	}
	t := live[w.rng.IntN(len(live))]
	w.raced++
	delete(w.edits, t.Ref)
	w.touch(t.Ref, ticket.FieldTitle)
	w.mem.Edit(t.Ref, func(k *memory.Ticket) { k.Fields.Title = "Raced " + sentence(w.rng) })
}

// live lists the tickets that are there.
func (w *world) live() []memory.Ticket {
	return slices.DeleteFunc(w.mem.Tickets(), func(t memory.Ticket) bool { return t.Deleted })
}

func (w *world) trees() []ticket.Tree {
	var out []ticket.Tree
	for _, d := range w.docs {
		if d.missing {
			continue
		}
		as := *d
		if d.renamed {
			as.id += "-NEW"
		}
		out = append(out, as.tree(w.rules))
		if d.copied {
			as.path = "copy/" + as.path
			out = append(out, as.tree(w.rules))
		}
	}
	return out
}

// tracked reports whether the state knows a ticket of the document that was not retired.
func (w *world) tracked(d *modelDocument) bool {
	links, err := w.state.Links(w.t.Context(), d.id)
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.ContainsFunc(links, func(l ticket.Link) bool { return l.Retired.IsZero() && l.State != ticket.StateReleased })
}

// renamed reports whether any document stands under another id. Then to retire what is
// missing would let its tickets go.
func (w *world) renamed() bool {
	return slices.ContainsFunc(w.docs, func(d *modelDocument) bool { return d.renamed })
}

// start makes a percolate process. It may be doomed.
func (w *world) start(doomed bool) (*persync.Worker, *enginetest.Process) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := &enginetest.Process{Wait: time.Sleep, Single: true, Parallel: true}
	if doomed {
		switch w.rng.IntN(3) {
		case 0:
			nap := time.Duration(1+w.rng.IntN(900)) * time.Second
			p.SleepAt, p.Sleep = 1+w.rng.IntN(30), func() { time.Sleep(nap) }
		default:
			p.DieAt, p.DieAfter = 1+w.rng.IntN(40), w.rng.IntN(2) == 0
		}
	}
	return &persync.Worker{
		Trackers: map[string]trackers.Tracker{"mem": p.Tracker(w.mem)},
		State:    p.State(w.state),
		Policy:   plan.Policy{Guard: plan.DefaultGuard(), Basis: "people 1"},
		Now:      time.Now, Holder: fmt.Sprintf("process %p", p),
		Portion: w.portion,
	}, p
}

// sync is one run of one process.
func (w *world) sync(doomed bool, opts plan.Options) (persync.Result, error) {
	worker, p := w.start(doomed)
	opts.Force = true
	opts.Retire = opts.Retire && !w.renamed()
	trees, twins := w.trees(), w.twins()
	r, err := worker.Run(context.Background(), persync.Request{Documents: persync.Trees(trees), Whole: true, Options: opts, Brief: w.portion%2 == 1})
	w.logf("sync: %d done, err %v, killed %v after %d calls", len(r.Done), err, p.Killed(), p.Calls())
	for _, d := range r.Done {
		w.logf("   %s %s %s: %v (%s)", d.Step.Op, d.Step.Link.Key, d.Name, d.Err, d.Step.Reason)
	}
	if p.Killed() {
		w.unsettled = true
	} else if err == nil && !r.Partly() {
		w.unsettled = false
	}
	w.record()
	w.conflictsHaveCauses(r.Plan.Findings)
	w.neverRetiredInDoubt(r.Done, trees)
	w.neverUnasked(r.Done, trees, opts)
	w.twinsAreLeftAlone(twins)
	return r, err
}

// overtaken is a process that is suspended past its lease while another runs to its end.
func (w *world) overtaken() {
	worker, p := w.start(false)
	nap := persync.DefaultLeaseTTL + time.Duration(w.rng.IntN(600))*time.Second
	p.SleepAt, p.Sleep = 1+w.rng.IntN(30), func() {
		time.Sleep(nap)
		w.sync(false, plan.Options{})
	}
	trees := w.trees()
	r, err := worker.Run(context.Background(), persync.Request{Documents: persync.Trees(trees), Whole: true, Options: plan.Options{Force: true}})
	w.logf("overtaken: %d done, err %v", len(r.Done), err)
	for _, d := range r.Done {
		w.logf("   %s %s %s: %v (%s)", d.Step.Op, d.Step.Link.Key, d.Name, d.Err, d.Step.Reason)
	}
	w.unsettled = true
	w.record()
	w.neverRetiredInDoubt(r.Done, trees)
}

// both runs two processes at once on one state.
func (w *world) both() {
	var group sync.WaitGroup
	trees := w.trees()
	for range 2 {
		worker, p := w.start(w.rng.IntN(2) == 0)
		group.Go(func() {
			r, err := worker.Run(context.Background(), persync.Request{Documents: persync.Trees(trees), Whole: true, Options: plan.Options{Force: true}})
			w.logf("one of two: %d done, err %v, killed %v", len(r.Done), err, p.Killed())
			for _, d := range r.Done {
				w.logf("   %s %s %s: %v (%s)", d.Step.Op, d.Step.Link.Key, d.Name, d.Err, d.Step.Reason)
			}
		})
	}
	group.Wait()
	w.unsettled = true
	w.record()
}

// record notes for which action each new ticket was filed.
func (w *world) record() {
	for _, t := range w.mem.Tickets() {
		if _, known := w.filedFor[t.Ref]; !known && t.Ours {
			w.filedFor[t.Ref] = uidOf(t.Whole)
		}
	}
}

// act is one thing that a person does to a ticket, while no process runs.
func (w *world) act() {
	live := w.live()
	if len(live) == 0 {
		return
	}
	r := w.rng
	t := live[r.IntN(len(live))]
	if cut, ok := w.cutOff(); ok && r.IntN(2) == 0 {
		w.disputed[cut.Ref] = w.disputed[cut.Ref] || !strings.HasPrefix(w.textOf(cut.Ref), cut.Fields.Title)
		w.person(cut, ticket.FieldTitle, func(f *ticket.Fields) { f.Title = "Planned " + sentence(r) })
		return
	}
	switch r.IntN(16) {
	case 0, 1:
		w.person(t, ticket.FieldTitle, func(f *ticket.Fields) { f.Title = "Planned " + sentence(r) })
	case 2:
		if !w.unsettled { // within an unsettled write a value set back cannot be told from one not written
			w.person(t, ticket.FieldPriority, func(f *ticket.Fields) { f.Priority = ticket.Priority(1 + r.IntN(5)) })
		}
	case 3:
		w.person(t, ticket.FieldDue, func(f *ticket.Fields) { f.Due = w.day(100 + w.rng.IntN(500)) })
	case 4:
		w.person(t, ticket.FieldAssignees, func(f *ticket.Fields) { f.Assignees = []string{word(r)} })
	case 5:
		note := "note " + word(r)
		w.mem.Edit(t.Ref, func(k *memory.Ticket) { k.Whole += "\n" + note + "\n" })
		w.notes[t.Ref] = append(w.notes[t.Ref], note)
	case 6:
		label := "own-" + word(r)
		w.mem.Edit(t.Ref, func(k *memory.Ticket) { k.Fields.Labels = append(k.Fields.Labels, label) })
		w.notes[t.Ref] = append(w.notes[t.Ref], label)
	case 7, 8:
		statuses := []ticket.Status{ticket.StatusOpen, ticket.StatusActive, ticket.StatusBlocked, ticket.StatusDone, ticket.StatusDropped}
		status := statuses[r.IntN(len(statuses))]
		w.mem.Close(t.Ref, status)
		w.finished[t.Ref] = w.finished[t.Ref] || status.Finished()
	case 9:
		if !w.linked(t.Ref) {
			w.allowed[uidOf(t.Whole)]++ // its create was cut off, and nobody ever learned that it was there
		}
		w.mem.Delete(t.Ref)
		w.logf("person deletes %s", t.Name)
	case 10:
		w.mem.Move(t.Ref, "MOVED")
	case 11:
		other := live[r.IntN(len(live))]
		if other.Ref != t.Ref {
			w.mem.Reparent(t.Ref, other.Ref)
			w.parents[t.Ref] = other.Ref
		}
	case 12:
		w.mem.Comment(t.Ref, "person's remark "+word(r))
	case 13:
		w.person(t, ticket.FieldBody, func(f *ticket.Fields) { f.Body = fmt.Sprintf("uid %d of %s", uidOf(t.Whole), sentence(r)) })
	case 14:
		for _, gone := range w.mem.Tickets() {
			if gone.Deleted && r.IntN(2) == 0 {
				w.mem.Undelete(gone.Ref)
				w.logf("person brings %s back", gone.Name)
				return
			}
		}
	case 15:
		if r.IntN(3) == 0 {
			twin := w.mem.Duplicate(t.Ref)
			w.touched[twin] = maps.Clone(w.touched[t.Ref])
			w.finished[twin] = w.finished[t.Ref]
			w.logf("person copies %s", t.Name)
		}
	}
}

// cutOff is a ticket whose title a process was writing when it was killed.
func (w *world) cutOff() (memory.Ticket, bool) {
	links, err := w.state.Links(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, l := range links {
		if t := w.ticket(l.Ref); slices.Contains(l.Trying.Set, ticket.FieldTitle) && t.Ref != "" && !t.Deleted {
			return t, true
		}
	}
	return memory.Ticket{}, false
}

// textOf is what the document now says of the action that the ticket was filed for.
func (w *world) textOf(ref ticket.Ref) string {
	for _, d := range w.docs {
		for _, a := range d.actions {
			if a.uid == w.filedFor[ref] && !d.missing {
				return a.text
			}
		}
	}
	return ""
}

// person edits one field and remembers what is expected to stay.
func (w *world) person(t memory.Ticket, f ticket.Field, change func(*ticket.Fields)) {
	before := t.Fields.Text(f)
	w.touch(t.Ref, f)
	w.mem.Edit(t.Ref, func(k *memory.Ticket) { change(&k.Fields) })
	after := w.ticket(t.Ref).Fields.Text(f)
	if w.edits[t.Ref] == nil {
		w.edits[t.Ref] = map[ticket.Field]personal{}
	}
	if old, ok := w.edits[t.Ref][f]; ok {
		before = old.before
	}
	if after == before {
		delete(w.edits[t.Ref], f)
		return
	}
	w.edits[t.Ref][f] = personal{before: before, value: after}
	w.logf("person sets %s %s: %s -> %s", t.Name, f, before, after)
}

func (w *world) touch(ref ticket.Ref, f ticket.Field) {
	if w.touched[ref] == nil {
		w.touched[ref] = map[ticket.Field]bool{}
	}
	w.touched[ref][f] = true
}

// linked reports whether the state knows of the ticket.
func (w *world) linked(ref ticket.Ref) bool {
	links, err := w.state.Links(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.ContainsFunc(links, func(l ticket.Link) bool { return l.Ref == ref })
}

func (w *world) ticket(ref ticket.Ref) memory.Ticket {
	for _, t := range w.mem.Tickets() {
		if t.Ref == ref {
			return t
		}
	}
	return memory.Ticket{}
}

// loseState forgets everything, after the tracker's index has caught up: the one thing
// that finds tickets again is their markers.
func (w *world) loseState() {
	if w.renamed() { // who knows neither the old id nor the new one cannot join them
		return
	}
	time.Sleep(w.opts.FindLag + time.Hour)
	w.state = statememory.New(time.Now)
	for _, t := range w.mem.Tickets() {
		if t.Deleted || t.Key == (ticket.Key{}) {
			w.allowed[uidOf(t.Whole)]++ // not to be found by any marker
		}
	}
	w.lost = true
	w.logf("the state is lost")
}

// trace is the history for a person who has to find the fault.
func (w *world) trace() string {
	var b strings.Builder
	for _, l := range w.log {
		b.WriteString(l + "\n")
	}
	for _, d := range w.docs {
		fmt.Fprintf(&b, "%s draft %v missing %v\n", d.id, d.draft, d.missing)
		for _, a := range d.actions {
			fmt.Fprintf(&b, "   uid %d %q %q repeats %q names %q done %v guess %v\n", a.uid, a.id, a.text, a.repeats, a.names, a.done, a.guess)
		}
	}
	for _, t := range w.mem.Tickets() {
		fmt.Fprintf(&b, "%s %s key %s uid %d ours %v deleted %v %s %q prio %s\n", t.Name, t.Ref, t.Key, uidOf(t.Whole), t.Ours, t.Deleted, t.Status, t.Fields.Title, t.Fields.Priority)
	}
	links, _ := w.state.Links(context.Background())
	for _, l := range links {
		fmt.Fprintf(&b, "link %s %s %s %s text %q retired %v told %v of %s\n", l.Key, l.ActionID, l.State, l.Name, l.Text, !l.Retired.IsZero(), l.Told, l.Of)
	}
	return b.String()
}
