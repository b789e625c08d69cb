package sync_test

import (
	"context"
	"errors"
	"testing"

	persync "percolate/sync"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

// flat is a tracker whose hierarchy lets nothing be put below anything.
type flat struct{ trackers.Tracker }

func (f flat) Update(ctx context.Context, base ticket.Seen, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	if p.Parent != "" {
		return ticket.Seen{}, nil, &trackers.Error{Tracker: "mem", Op: "update", Code: trackers.Invalid, Err: errors.New("a story cannot be below a story")}
	}
	return f.Tracker.Update(ctx, base, p)
}

func TestATicketThatFitsBelowNoParentIsAdoptedAllTheSame(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		p.mem.Open("By hand", "A person's text.")
		d := actions(1)
		d.actions[0].names = p.mem.Tickets()[0].Name
		sync := func() persync.Result {
			w := p.worker("anybody", func(w *persync.Worker) { w.Trackers["mem"] = flat{p.mem} })
			r, err := w.Run(t.Context(), asked(d))
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if r := sync(); !found(r, ticket.FindRefused) {
			t.Errorf("nothing says that it was refused: %v", r.Findings)
		}
		for range 2 {
			if r := sync(); len(r.Done) > 0 || !found(r, ticket.FindUnmet) {
				t.Errorf("it was refused for good, and there is %v to do; findings %v", steps(r.Plan), r.Findings)
			}
		}
	})
}
