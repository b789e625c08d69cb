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
