package sync_test

import (
	"context"
	"errors"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/trackers"
	"percolate/trackers/memory"
)

// paced is a tracker that takes one batch of tickets in an hour, and refuses what comes before.
type paced struct {
	trackers.Tracker
	next *time.Time
}

// Info says so.
func (p paced) Info() trackers.Info {
	info := p.Tracker.Info()
	info.Batch = 2
	info.Pace.Pause = func(int) time.Duration { return max(time.Until(*p.next), 0) }
	return info
}

func (p paced) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	if time.Now().Before(*p.next) {
		out := make([]trackers.Created, len(batch))
		for i := range out {
			out[i].Err = &trackers.Error{Tracker: "mem", Op: "create", Code: trackers.RateLimit, Err: errors.New("too much")}
		}
		return out
	}
	*p.next = time.Now().Add(time.Hour)
	return p.Tracker.Create(ctx, batch)
}

// sleep waits as a program does.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func TestARunThatMayWaitFilesEverythingInTheTrackersPace(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		w := p.worker("patient", func(w *persync.Worker) {
			w.Trackers["mem"], w.Wait = paced{p.mem, new(time.Time)}, sleep
		})
		begun := time.Now()
		r, err := w.Run(p.t.Context(), asked(actions(5)))
		if err != nil || r.Partly() || len(p.mem.Tickets()) != 6 {
			t.Errorf("%d of 6 tickets were filed: %v, %v", len(p.mem.Tickets()), err, r.Findings)
		}
		if took := time.Since(begun); took != 3*time.Hour {
			t.Errorf("it took %s", took)
		}
	})
}

func TestARunThatMayNotWaitEndsAndTheNextGoesOn(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		next := new(time.Time)
		for _, want := range []int{1, 3, 5, 6} {
			w := p.worker("hurried", func(w *persync.Worker) { w.Trackers["mem"] = paced{p.mem, next} })
			if _, err := w.Run(p.t.Context(), asked(actions(5))); err != nil || len(p.mem.Tickets()) != want {
				t.Fatalf("%d tickets are there, want %d: %v", len(p.mem.Tickets()), want, err)
			}
			time.Sleep(time.Hour)
		}
	})
}

// refusing is a paced tracker whose account others use too: it refuses the second ticket
// of a batch, although it was time, for as long as it is told to.
type refusing struct {
	paced
	left *int
}

func (f refusing) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	if len(batch) < 2 || *f.left == 0 {
		return f.paced.Create(ctx, batch)
	}
	*f.left--
	return append(f.paced.Create(ctx, batch[:1]), trackers.Created{Err: &trackers.Error{Tracker: "mem", Op: "create", Code: trackers.RateLimit, Err: errors.New("too much")}})
}

func TestWhatIsRefusedAlthoughItWasTimeIsTriedAgain(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		left := 2
		w := p.worker("patient", func(w *persync.Worker) {
			w.Trackers["mem"], w.Wait = refusing{paced{p.mem, new(time.Time)}, &left}, sleep
		})
		r, err := w.Run(p.t.Context(), asked(actions(5)))
		if err != nil || r.Partly() || len(r.Done) != 6 || len(p.mem.Tickets()) != 6 || left != 0 {
			t.Errorf("%d of 6 tickets were filed in %d steps: %v, %v", len(p.mem.Tickets()), len(r.Done), err, r.Findings)
		}
	})
}

// closed is a paced tracker that never takes anything, although it says that it is time.
type closed struct {
	paced
	tried *int
}

func (c closed) Create(context.Context, []trackers.Creation) []trackers.Created {
	*c.tried++
	return []trackers.Created{{Err: &trackers.Error{Tracker: "mem", Op: "create", Code: trackers.RateLimit, Err: errors.New("too much")}}}
}

func TestARunDoesNotTryForEver(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		tried := 0
		w := p.worker("patient", func(w *persync.Worker) {
			w.Trackers["mem"], w.Wait = closed{paced{p.mem, new(time.Time)}, &tried}, sleep
		})
		if r, err := w.Run(p.t.Context(), asked(actions(1))); err != nil || !r.Partly() || tried != 5 {
			t.Errorf("it was tried %d times: %v, %v", tried, err, r.Findings)
		}
	})
}

func TestARunThatIsStoppedWhileItWaitsLeavesNothingBehind(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		next := new(time.Time)
		ctx, stop := context.WithTimeout(p.t.Context(), 90*time.Minute)
		defer stop()
		w := p.worker("stopped", func(w *persync.Worker) { w.Trackers["mem"], w.Wait = paced{p.mem, next}, sleep })
		if _, err := w.Run(ctx, asked(actions(5))); !errors.Is(err, context.DeadlineExceeded) || len(p.mem.Tickets()) != 3 {
			t.Fatalf("%d tickets are there: %v", len(p.mem.Tickets()), err)
		}
		links, err := p.state.Links(p.t.Context())
		if err != nil || len(links) != 3 {
			t.Errorf("%d links are kept: %v", len(links), err)
		}
		w = p.worker("next", func(w *persync.Worker) { w.Trackers["mem"], w.Wait = paced{p.mem, next}, sleep })
		if _, err := w.Run(p.t.Context(), asked(actions(5))); err != nil || len(p.mem.Tickets()) != 6 {
			t.Errorf("%d tickets are there: %v", len(p.mem.Tickets()), err)
		}
	})
}
