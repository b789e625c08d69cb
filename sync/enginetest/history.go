package enginetest

import (
	"fmt"
	"time"

	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
)

func (w *world) history() {
	defer func() {
		if w.t.Failed() {
			w.t.Logf("seed %d\n%s", w.seed, w.trace())
		}
	}()
	for range 10 + w.rng.IntN(30) {
		w.turn()
		w.holds()
		if w.t.Failed() {
			return
		}
	}
	w.calmDown()
}

// turn is one thing that happens.
func (w *world) turn() {
	r := w.rng
	if w.site.Trouble != nil && r.IntN(3) == 0 {
		w.trouble()
	}
	switch n := r.IntN(20); {
	case n < 1 && len(w.docs) < 4:
		w.write()
	case n < 6:
		w.change(w.docs[r.IntN(len(w.docs))])
	case n < 11:
		w.act()
	case n < 16:
		w.run(w.doomed(), plan.Options{})
	case n < 19:
		w.run(&Process{}, plan.Options{Retire: r.IntN(6) == 0})
	default:
		w.site.Wait(time.Duration(r.IntN(40*60)) * time.Minute)
	}
}

// trouble comes and goes.
func (w *world) trouble() {
	if w.troubled = w.rng.IntN(2) == 0; w.troubled {
		w.site.Trouble(w.rng)
		w.logf("trouble")
	} else {
		w.calm()
	}
}

func (w *world) calm() {
	w.troubled = false
	if w.site.Calm != nil {
		w.site.Calm()
	}
	w.logf("calm")
}

// calmDown lets everything come to rest: no trouble, time enough for leases and the
// index. Then the second run is empty, and every promise holds.
func (w *world) calmDown() {
	w.calm()
	w.rest()
	if w.t.Failed() {
		return
	}
	p := w.plan()
	for _, f := range p.Findings {
		w.logf("shown: %s %s %s: %s", f.Kind, f.Key, f.Name, f.Text)
	}
	for _, n := range p.Notes {
		w.logf("noted: %s %s: %s", n.Word, n.Key, n.Text)
	}
	w.atRest(p)
	if !w.t.Failed() {
		w.settle(p)
	}
}

// rest runs until there is nothing to do, and then for what has to be missed twice.
func (w *world) rest() {
	done := 0
	for range 8 {
		w.site.Wait(persync.DefaultLeaseTTL + w.site.Tracker.Info().FindLag + time.Second)
		r := w.run(&Process{}, plan.Options{})
		w.holds()
		if done = len(r.Done); done > 0 {
			continue
		}
		if r.Partly() {
			w.failf("all is calm, and something could not be done: %v", r.Findings)
		}
		break
	}
	if done > 0 {
		w.failf("second run is empty: eight calm runs, and there still is something to do")
		return
	}
	w.site.Wait(persync.SweepEvery)
	for range 3 {
		w.run(&Process{}, plan.Options{})
	}
	w.holds()
}

func (w *world) plan() plan.Plan {
	worker := w.start(&Process{})
	w.site.Wait(time.Second)
	p, err := worker.Plan(w.t.Context(), w.request(plan.Options{}))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range p.Steps {
		w.failf("second run is empty: straight after a sync the plan has %s %s (%s) %v", s.Op, s.Link.Key, s.Reason, s.Changes)
	}
	return p
}

// settle resolves every conflict, and every ticket that is gone, one way or the other,
// and finds it settled.
func (w *world) settle(p plan.Plan) {
	settled := map[string]bool{}
	for _, f := range p.Findings {
		field := f.Field
		switch f.Kind {
		case ticket.FindConflict:
		case ticket.FindGone:
			field = plan.FieldTicket
		default:
			continue
		}
		keep := []plan.Keep{plan.KeepTracker, plan.KeepDocument}[w.rng.IntN(2)]
		worker := w.start(&Process{})
		if _, err := worker.Resolve(w.t.Context(), w.request(plan.Options{}), f.Key.String(), field, keep); err != nil {
			w.failf("resolve %s %s --keep %s: %v", f.Key, field, keep, err)
			return
		}
		w.logf("resolve %s %s --keep %s", f.Key, field, keep)
		w.tally.Settled++
		settled[fmt.Sprint(f.Kind, f.Key, f.Field)] = true
		w.resolved(f, keep)
	}
	if len(settled) == 0 {
		return
	}
	w.rest()
	again := w.plan()
	w.atRest(again)
	for _, f := range again.Findings {
		if settled[fmt.Sprint(f.Kind, f.Key, f.Field)] {
			w.failf("%s of %s %s was settled and is there again: %s", f.Kind, f.Key, f.Field, f.Text)
		}
	}
}
