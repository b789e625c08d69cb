package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	persync "percolate/sync"
	"percolate/sync/plan"
)

// progressEvery is how often a long run that no terminal shows tells how far it is.
const progressEvery = time.Minute

// bePatient lets the worker wait for trackers that let few writes through. Where that
// takes minutes or more it says so before it begins, and when no terminal shows a bar
// how far it is every now and then.
func (p *program) bePatient(w *persync.Worker, planned plan.Plan) {
	w.Wait = wait
	var long []string
	for _, c := range planned.Costs {
		if c.Takes > 0 {
			long = append(long, plan.Long(c.Takes)+" on "+plan.Plain(c.Tracker))
		}
	}
	if len(long) == 0 || planned.Held != nil {
		return
	}
	fmt.Fprintf(p.stderr, "percolate: this takes at least %s; it can be stopped, and the next sync goes on\n", strings.Join(long, ", "))
	last := p.now()
	w.Progress = func(done, total int) {
		if now := p.now(); now.Sub(last) >= progressEvery {
			last = now
			fmt.Fprintf(p.stderr, "percolate: %d of %d steps\n", done, total)
		}
	}
}

// wait waits, or ends early with ctx.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
