package sync_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/sync/plan"
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

// strict is a tracker that lets nothing be put below what is finished, and files it beside.
type strict struct{ *memory.Tracker }

func (s strict) refuses(parent ticket.Ref) bool {
	return slices.ContainsFunc(s.Tickets(), func(t memory.Ticket) bool { return t.Ref == parent && t.Status.Finished() })
}

func (s strict) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	var done []trackers.Created
	for _, c := range batch {
		var unmet []ticket.Unmet
		if s.refuses(c.Parent) {
			unmet = []ticket.Unmet{{Field: ticket.FieldParent, Value: string(c.Parent), Reason: "it is finished"}}
			c.Parent = ""
		}
		filed := s.Tracker.Create(ctx, []trackers.Creation{c})[0]
		filed.Unmet = append(filed.Unmet, unmet...)
		done = append(done, filed)
	}
	return done
}

func TestAPlaceRefusedBelowAFinishedTicketIsTakenADayAfterThatIsOpenAgain(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		sync := func(d *modelDocument) persync.Result {
			w := p.worker("anybody", func(w *persync.Worker) { w.Trackers["mem"] = strict{p.mem} })
			r, err := w.Run(t.Context(), asked(d))
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		sync(actions(1))
		parent := p.mem.Tickets()[0].Ref
		p.mem.Close(parent, ticket.StatusDone)
		sync(actions(2))
		for range 2 {
			time.Sleep(plan.RetryUnmet)
			if r := sync(actions(2)); len(r.Done) > 0 || !found(r, ticket.FindUnmet) {
				t.Errorf("it is finished still, and there is %v to do; findings %v", steps(r.Plan), r.Findings)
			}
		}
		p.mem.Close(parent, ticket.StatusOpen)
		time.Sleep(plan.RetryUnmet)
		if sync(actions(2)); p.mem.Tickets()[2].Parent != parent {
			t.Errorf("it is below %q, want %q", p.mem.Tickets()[2].Parent, parent)
		}
	})
}
