package sync_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	statememory "percolate/store/memory"
	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

// bench is a loop over one document and a memory tracker.
type bench struct {
	mem   *memory.Tracker
	state *statememory.State
	loop  *persync.Loop

	mu     sync.Mutex // guards what follows, while the loop runs
	doc    *modelDocument
	load   error
	cycles []persync.Cycle
}

// change changes the world while the loop runs.
func (b *bench) change(do func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	do()
}

func newBench(opts memory.Options) *bench {
	opts.Name, opts.Now = "mem", time.Now
	b := &bench{
		mem: memory.New(opts), state: statememory.New(time.Now),
		doc: &modelDocument{id: "PER-1", path: "per/1.md", title: "Event", severity: "2"},
	}
	for i := range 3 {
		b.doc.actions = append(b.doc.actions, &modelAction{uid: i + 1, id: fmt.Sprintf("A%d", i+1), text: fmt.Sprintf("action number %d", i+1), kind: ticket.KindStory})
	}
	b.loop = &persync.Loop{
		Worker: &persync.Worker{
			Trackers: map[string]trackers.Tracker{"mem": b.mem}, State: b.state,
			Policy: plan.Policy{Guard: plan.DefaultGuard()}, Now: time.Now, Holder: "loop",
		},
		Load: func(context.Context) (persync.Batch, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			digest := ""
			for _, a := range b.doc.actions {
				digest += a.text
			}
			return persync.Batch{Documents: persync.Trees{b.doc.tree(mapRules{})}, Whole: true, Versions: map[string]string{"PER-1": digest}}, b.load
		},
		Interval: 5 * time.Minute, Settle: 2 * time.Minute,
		Ended: func(c persync.Cycle) { b.change(func() { b.cycles = append(b.cycles, c) }) },
	}
	return b
}

func TestLoopRunsForWeeks(t *testing.T) {
	defer goleak.VerifyNone(t)
	synctest.Test(t, func(t *testing.T) {
		b := newBench(memory.Options{})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { b.loop.Run(ctx); close(ended) }()
		const weeks = 3
		time.Sleep(weeks * 7 * 24 * time.Hour)
		stop()
		<-ended
		if want := weeks*7*24*12 + 1; len(b.cycles) < want-1 || len(b.cycles) > want {
			t.Errorf("%d cycles in %d weeks of five minutes, want %d", len(b.cycles), weeks, want)
		}
		if n := len(b.mem.Tickets()); n != 4 {
			t.Errorf("%d tickets, want the parent and three", n)
		}
		for _, c := range b.cycles {
			if c.Err != nil && !errors.Is(c.Err, context.Canceled) {
				t.Fatal(c.Err)
			}
		}
	})
}

func TestLoopWaitsUntilADocumentHasSettled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(memory.Options{})
		b.loop.Settle = 12 * time.Minute
		ctx, stop := context.WithCancel(t.Context())
		go b.loop.Run(ctx)
		time.Sleep(11 * time.Minute) // cycles at 0, 5 and 10 minutes
		if n := len(b.mem.Tickets()); n != 0 {
			t.Errorf("%d tickets of a document that is not settled", n)
		}
		b.change(func() { b.doc.actions[0].text = "the author is still at it" })
		time.Sleep(10 * time.Minute) // the change is seen at 15 minutes
		if n := len(b.mem.Tickets()); n != 0 {
			t.Errorf("%d tickets of a document that has changed again", n)
		}
		time.Sleep(15 * time.Minute)
		if n := len(b.mem.Tickets()); n != 4 {
			t.Errorf("%d tickets once it has settled, want 4", n)
		}
		stop()
		synctest.Wait()
	})
}

func TestLoopGoesOnAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(memory.Options{})
		b.load = errors.New("the folder is away")
		ctx, stop := context.WithCancel(t.Context())
		go b.loop.Run(ctx)
		time.Sleep(time.Hour)
		b.change(func() { b.load = nil })
		time.Sleep(time.Hour)
		stop()
		synctest.Wait()
		if b.cycles[0].Err == nil {
			t.Error("the failure was not told")
		}
		if n := len(b.mem.Tickets()); n != 4 {
			t.Errorf("%d tickets after the folder was back, want 4", n)
		}
	})
}

// TestLoopStopsBetweenWrites stops the loop at every moment of a first import, and
// finds a state from which the next process goes on without filing anything twice.
func TestLoopStopsBetweenWrites(t *testing.T) {
	for at := 1; at <= 8; at++ {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				var moments atomic.Int32
				b := newBench(memory.Options{Fault: func(memory.Moment, int) memory.Fault {
					if int(moments.Add(1)) == at {
						stop()
					}
					return memory.Fault{}
				}, Batch: 1})
				b.loop.Settle = 0
				b.loop.Run(ctx)
				time.Sleep(persync.DefaultLeaseTTL)
				next, end := context.WithTimeout(t.Context(), time.Hour)
				defer end()
				b.loop.Run(next)
				for key, n := range b.mem.Creations() {
					if n != 1 {
						t.Errorf("%s was filed %d times", key, n)
					}
				}
				if n := len(b.mem.Tickets()); n != 4 {
					t.Errorf("%d tickets, want 4", n)
				}
			})
		})
	}
}

func TestOneTrackerThatFailsDoesNotHoldTheOthersBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(memory.Options{})
		away := memory.New(memory.Options{Name: "away", Now: time.Now, Fault: func(memory.Moment, int) memory.Fault {
			return memory.Fault{Code: trackers.Unavailable}
		}})
		b.loop.Worker.Trackers["away"] = away
		other := &modelDocument{id: "PER-2", path: "per/2.md", title: "Elsewhere", severity: "2"}
		load := b.loop.Load
		b.loop.Load = func(ctx context.Context) (persync.Batch, error) {
			batch, err := load(ctx)
			tree := other.tree(mapRules{})
			tree.Tracker = "away"
			batch.Documents = append(batch.Documents.(persync.Trees), tree)
			return batch, err
		}
		ctx, stop := context.WithCancel(t.Context())
		go b.loop.Run(ctx)
		time.Sleep(time.Hour + time.Minute) // between two rounds
		stop()
		synctest.Wait()
		if n := len(b.mem.Tickets()); n != 4 {
			t.Errorf("%d tickets on the tracker that answers, want 4", n)
		}
		last := b.cycles[len(b.cycles)-1]
		if unsynced := last.Unsynced(); !unsynced["PER-2"] || unsynced["PER-1"] {
			t.Errorf("not synced are %v, want PER-2 alone", unsynced)
		}
		if !last.Result.Partly() {
			t.Error("the round does not tell that a part of it is left")
		}
	})
}
