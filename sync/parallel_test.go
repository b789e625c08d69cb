package sync_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

// crowd counts how many requests a tracker has under way at once. The later one comes,
// the sooner it is answered, so that answers come in the wrong order.
type crowd struct {
	trackers.Tracker
	parallel int
	getBatch int

	mu               sync.Mutex
	calls, now, most int
}

func (c *crowd) Info() trackers.Info {
	info := c.Tracker.Info()
	info.Parallel, info.GetBatch = c.parallel, max(c.getBatch, 1)
	return info
}

func (c *crowd) pass() {
	c.mu.Lock()
	c.calls++
	c.now++
	c.most = max(c.most, c.now)
	wait := time.Minute / time.Duration(c.calls)
	c.mu.Unlock()
	time.Sleep(wait)
	c.mu.Lock()
	c.now--
	c.mu.Unlock()
}

func (c *crowd) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	c.pass()
	return c.Tracker.Create(ctx, batch)
}

func (c *crowd) Get(ctx context.Context, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	c.pass()
	return c.Tracker.Get(ctx, refs)
}

func TestIndependentRequestsAreUnderWayAtOnceAsManyAsTheTrackerAllows(t *testing.T) {
	for _, parallel := range []int{1, 3} {
		in(t, memory.Options{Batch: 2}, func(p *place) {
			c := &crowd{Tracker: p.mem, parallel: parallel}
			w := p.worker("anybody", func(w *persync.Worker) { w.Trackers["mem"] = c })
			d := actions(20)
			r, err := w.Run(t.Context(), asked(d))
			if err != nil || len(r.Done) != 21 || c.most != parallel {
				t.Errorf("creating: %d at once, want %d (%d done, %v)", c.most, parallel, len(r.Done), err)
			}
			for _, a := range d.actions {
				a.due = "2000-04-01"
			}
			c.most = 0
			req := asked(d)
			req.Options.Force = true
			r, err = w.Run(t.Context(), req)
			if err != nil || len(r.Done) != 20 || c.most != parallel {
				t.Errorf("reading afresh: %d at once, want %d (%d done, %v)", c.most, parallel, len(r.Done), err)
			}
		})
	}
}

func TestWhatWasDoneIsToldInTheOrderOfThePlan(t *testing.T) {
	in(t, memory.Options{Batch: 2}, func(p *place) {
		c := &crowd{Tracker: p.mem, parallel: 4}
		w := p.worker("anybody", func(w *persync.Worker) { w.Trackers["mem"] = c })
		r, err := w.Run(t.Context(), asked(actions(20)))
		if err != nil {
			t.Fatal(err)
		}
		var done, planned []ticket.Key
		for _, d := range r.Done {
			done = append(done, d.Step.Link.Key)
		}
		for _, s := range r.Plan.Steps {
			planned = append(planned, s.Link.Key)
		}
		if !slices.Equal(done, planned) {
			t.Errorf("done  %v\nplanned %v", done, planned)
		}
	})
}

// diary notes of how many documents links were read at once, 0 for all.
type diary struct {
	persync.State
	mu    sync.Mutex
	reads []int
}

func (d *diary) Links(ctx context.Context, documents ...string) ([]ticket.Link, error) {
	d.mu.Lock()
	d.reads = append(d.reads, len(documents))
	d.mu.Unlock()
	return d.State.Links(ctx, documents...)
}

func TestAPlanReadsTheStateOnceAPortion(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		var docs []*modelDocument
		for i := range 5 {
			d := actions(2)
			d.id, d.path = fmt.Sprintf("PER-%d", i+1), fmt.Sprintf("per/%d.md", i+1)
			docs = append(docs, d)
		}
		p.sync(docs...)
		var d *diary
		w := p.worker("anybody", func(w *persync.Worker) { d = &diary{State: w.State}; w.State, w.Portion = d, 2 })
		if pl, err := w.Plan(t.Context(), asked(docs...)); err != nil || !pl.Empty() || len(pl.Documents) != 5 {
			t.Fatal(pl, err)
		}
		if want := []int{2, 2, 1}; !slices.Equal(d.reads, want) {
			t.Errorf("links were read of %v documents, want %v", d.reads, want)
		}
	})
}
