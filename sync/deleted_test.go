package sync_test

import (
	"context"
	"strings"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

// candid tells of tickets that are not there that they were deleted.
type candid struct{ trackers.Tracker }

func (c candid) Get(ctx context.Context, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	got, err := c.Tracker.Get(ctx, refs)
	for _, ref := range refs {
		if _, there := got[ref]; err == nil && !there {
			got[ref] = ticket.Seen{Ref: ref, Deleted: true}
		}
	}
	return got, err
}

func TestATrackerThatTellsOfADeletionIsBelievedAtOnce(t *testing.T) {
	for _, c := range []struct {
		name   string
		tells  bool
		misses int
		text   string
	}{
		{"told", true, 1, " is deleted since "},
		{"not found", false, 2, " is deleted or not visible to us since "},
	} {
		in(t, memory.Options{}, func(p *place) {
			d := actions(1)
			p.sync(d)
			p.mem.Delete(p.mem.Tickets()[1].Ref)
			time.Sleep(persync.SweepEvery)
			for read := range c.misses {
				w := p.worker("anybody", func(w *persync.Worker) {
					if c.tells {
						w.Trackers["mem"] = candid{w.Trackers["mem"]}
					}
				})
				r, err := w.Run(t.Context(), asked(d))
				if err != nil {
					t.Fatal(err)
				}
				shown := ""
				for _, f := range r.Findings {
					if f.Kind == ticket.FindGone {
						shown = f.Text
					}
				}
				if last := read == c.misses-1; last != strings.Contains(shown, c.text) || len(r.Done) > 0 {
					t.Errorf("%s: after %d reads it is shown as %q", c.name, read+1, shown)
				}
			}
		})
	}
}
