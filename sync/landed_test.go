package sync_test

import (
	"context"
	"iter"
	"testing"

	persync "percolate/sync"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

// mute is a tracker whose list of changes lags far behind.
type mute struct{ trackers.Tracker }

func (mute) Changed(context.Context, trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) { yield(trackers.Change{Cursor: "late"}, nil) }
}

// The answer to an update was lost, and its author took the change back before the
// tracker's list showed that it had landed.
func TestWhetherAnUpdateLandedIsReadAndNotGuessed(t *testing.T) {
	lose := false
	in(t, memory.Options{Fault: func(m memory.Moment, _ int) memory.Fault {
		if lose && m == memory.AfterUpdate {
			lose = false
			return memory.Fault{Code: trackers.UnknownOutcome}
		}
		return memory.Fault{}
	}}, func(p *place) {
		run := func(d *modelDocument) {
			w := p.worker("anybody", func(w *persync.Worker) { w.Trackers["mem"] = mute{w.Trackers["mem"]} })
			if _, err := w.Run(t.Context(), asked(d)); err != nil {
				t.Fatal(err)
			}
		}
		d := actions(1)
		d.actions[0].due = "2001-01-01"
		p.sync(d)
		lose = true
		d.actions[0].due = "2002-02-02"
		run(d)
		if got := p.mem.Tickets()[1].Fields.Due; got != "2002-02-02" || lose {
			t.Fatalf("it is due %s", got)
		}
		d.actions[0].due = "2001-01-01"
		run(d)
		run(d)
		if got := p.mem.Tickets()[1].Fields.Due; got != ticket.Day("2001-01-01") {
			t.Errorf("its author took the due day back to 2001, and it is %s", got)
		}
	})
}
