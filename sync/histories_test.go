package sync_test

import (
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	persync "percolate/sync"
	"percolate/sync/enginetest"
	"percolate/sync/plan"
	"percolate/ticket"
)

// TestHistories runs random histories: authors edit documents, people edit, move, copy
// and delete tickets, processes are killed before and after every kind of write, are
// suspended past their lease and run two at a time, the tracker fails, lags, cuts and
// drops, and the state is lost. After every step the promises hold, and when things
// calm down the plan runs empty.
func TestHistories(t *testing.T) {
	few := 2000
	if testing.Short() {
		few = 200
	}
	n, raced := 0, 0
	for seed := range enginetest.Seeds(few) {
		n++
		ok := t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, seed)
				w.history(seed)
				raced += w.raced
			})
		})
		if !ok {
			t.Fatalf("run it alone: go test ./sync -run 'TestHistories/%d$' -seed %d -histories 1 -v", seed, seed)
		}
	}
	t.Logf("%d histories; %d edits fell between a read and its write and were counted apart", n, raced)
}

func (w *world) history(seed uint64) {
	for range 5 + w.rng.IntN(20) {
		w.turn()
		w.holds()
		if w.t.Failed() {
			w.report(seed)
			return
		}
	}
	w.calmDown()
	if w.t.Failed() {
		w.report(seed)
	}
}

func (w *world) report(seed uint64) {
	if os.Getenv("TRACE") != "" {
		w.t.Logf("seed %d\n%+v\n%s", seed, w.opts, w.trace())
	}
}

// turn is one thing that happens.
func (w *world) turn() {
	w.mu.Lock()
	w.faults = w.rng.IntN(2) == 0
	w.mu.Unlock()
	switch n := w.rng.IntN(24); {
	case n < 6:
		w.edit(w.docs[w.rng.IntN(len(w.docs))])
	case n < 11:
		w.act()
	case n < 16:
		w.sync(true, plan.Options{})
	case n < 18:
		w.sync(false, plan.Options{Retire: w.rng.IntN(4) == 0})
	case n < 20 && w.rng.IntN(3) == 0:
		w.overtaken()
	case n < 20:
		w.both()
	case n == 20:
		w.sync(false, plan.Options{NoAssign: true})
	case n == 21:
		w.rules.footer = " (template " + word(w.rng) + ")"
	case n == 22:
		time.Sleep(time.Duration(w.rng.IntN(40)) * time.Hour)
	case w.rng.IntN(3) == 0:
		w.loseState()
	}
}

// holds checks what must be true at any moment.
func (w *world) holds() {
	w.agree()
	w.neverTwice()
	w.neverSwapped()
	w.neverClobber()
}

// calmDown lets everything come to rest: no faults, time enough for leases and the
// index, conflicts settled both ways. Then the second run is empty.
func (w *world) calmDown() {
	w.mu.Lock()
	w.faults = false
	w.mu.Unlock()
	for _, d := range w.docs {
		d.renamed, d.copied = false, false // their authors mend what was shown
	}
	var last persync.Result
	for range 8 {
		time.Sleep(persync.DefaultLeaseTTL + w.opts.FindLag + time.Second)
		r, err := w.sync(false, plan.Options{})
		if err != nil {
			w.failf("calm: sync: %v", err)
			return
		}
		w.holds()
		last = r
		if len(r.Done) == 0 {
			break
		}
	}
	if len(last.Done) > 0 {
		w.failf("second run is empty: eight calm runs, and there still is: %v", steps(last.Plan))
		return
	}
	time.Sleep(persync.SweepEvery)
	for range 3 { // whatever was deleted is missed twice, and what waited for that is done
		w.sync(false, plan.Options{})
	}
	p := w.plan()
	w.neverSilently(p)
	w.dropsAreShown(p)
	w.childrenAreBelow()
	w.statusIsKnown()
	w.repeatsHaveNoTicket()
	w.disputesAreShown(p)
	w.settle(p)
}

func (w *world) plan() plan.Plan {
	worker, _ := w.start(false)
	p, err := worker.Plan(w.t.Context(), persync.Request{Documents: persync.Trees(w.trees()), Whole: true, Options: plan.Options{Force: true}})
	if err != nil {
		w.t.Fatal(err)
	}
	if !p.Empty() {
		w.failf("second run is empty: straight after a sync the plan has %v", steps(p))
	}
	return p
}

func steps(p plan.Plan) []string {
	var out []string
	for _, s := range p.Steps {
		out = append(out, fmt.Sprintf("%s %s (%s) %v", s.Op, s.Link.Key, s.Reason, s.Changes))
	}
	return out
}

// settle resolves every conflict, one way or the other, and finds it settled.
func (w *world) settle(p plan.Plan) {
	for _, f := range p.Findings {
		if f.Kind != ticket.FindConflict {
			continue
		}
		keep := plan.KeepTracker
		if w.rng.IntN(2) == 0 {
			keep = plan.KeepDocument
		}
		worker, _ := w.start(false)
		before := w.ticket(f.Ref).Fields.Text(f.Field)
		if _, err := worker.Resolve(w.t.Context(), persync.Request{Documents: persync.Trees(w.trees()), Whole: true}, f.Key.String(), f.Field, keep); err != nil {
			w.failf("resolve %s %s: %v", f.Key, f.Field, err)
			continue
		}
		w.logf("resolve %s %s --keep %s", f.Key, f.Field, keep)
		if keep == plan.KeepDocument {
			delete(w.edits[f.Ref], f.Field)
		} else if got := w.ticket(f.Ref).Fields.Text(f.Field); got != before {
			w.failf("resolve --keep tracker changed %s from %q to %q", f.Field, before, got)
		}
	}
	w.sync(false, plan.Options{})
	w.holds()
	for _, f := range w.plan().Findings {
		if f.Kind == ticket.FindConflict {
			w.failf("the conflict on %s %s was settled and is there again: %s", f.Key, f.Field, f.Text)
		}
	}
}
