package sync

import (
	"context"
	"maps"
	gosync "sync"

	"percolate/sync/plan"
	"percolate/ticket"
)

// Apply carries a plan out, a portion of the documents at a time. It takes the leases of
// all documents that a portion touches, reads afresh what is to be written, decides once
// more, and does the steps of that second plan. A plan that the guard holds back is not
// carried out. What could not be done is in the Result; an error is one of the state or of
// ctx.
func (w *Worker) Apply(ctx context.Context, req Request, p plan.Plan) (Result, error) {
	r := &round{w: w, req: req, total: p.Size(), stopped: map[string]error{}, read: newReading(), result: Result{Plan: p}}
	maps.Copy(r.read.unread, unreadOf(p))
	empty, held := p.Empty(), p.Held != nil
	err := r.carryOut(ctx, p)
	r.result.Plan.Sort()
	r.result.Findings = r.allFindings()
	if err == nil {
		err = r.keepFindings(ctx)
	}
	if err == nil {
		err = r.keepEvents(ctx)
	}
	if err == nil && !held && !empty && !r.result.Partly() {
		err = w.State.Approve(ctx, nil) // what was approved is done; the next plan is for the guard again
	}
	return r.result, err
}

// round is one carrying out of a plan.
type round struct {
	w      *Worker
	req    Request
	ground *ground
	read   reading
	total  int // steps to do

	mu       gosync.Mutex     // guards what follows, while trackers are written in parallel
	begun    int              // steps
	stopped  map[string]error // trackers that refuse everything for now
	result   Result
	findings []ticket.Finding // what went wrong
}

// carryOut does the plan portion by portion. One that was not begun keeps what was
// planned of it.
func (r *round) carryOut(ctx context.Context, p plan.Plan) error {
	touched := map[string]bool{}
	for _, id := range p.DocumentIDs() {
		touched[id] = true
	}
	if p.Held != nil || len(touched) == 0 {
		return nil
	}
	var err error
	if r.ground, err = r.w.survey(ctx, r.req); err != nil {
		return err
	}
	for _, part := range r.ground.portions(func(id string) bool { return touched[id] }) {
		x := &run{
			round: r, w: r.w, part: part, trees: r.ground.trees(part), turn: make(chan struct{}, 1),
			parents: map[string]spot{}, earlier: map[ticket.Key]ticket.Link{}, fresh: map[ticket.Address]ticket.Seen{},
		}
		x.plan = p.Part(x.documents())
		err = x.carryOut(ctx)
		r.take(x)
		if err != nil || r.result.Plan.Held != nil {
			break
		}
	}
	return err
}

// take adds what came of a portion in place of what was planned of its documents.
func (r *round) take(x *run) {
	x.arrange()
	r.findings = append(r.findings, x.findings...)
	r.result.Steps += len(x.done)
	said := Result{Plan: x.plan, Done: x.done, Steps: len(x.done), Findings: x.findings}
	if x.decided {
		r.result.Plan = r.result.Plan.Replace(x.plan)
	}
	if r.req.Told == nil {
		r.result.Done = append(r.result.Done, x.done...)
		return
	}
	r.req.Told(said)
	r.result.Plan.Steps, r.result.Plan.Learned, r.result.Plan.Dropped = nil, nil, nil
	for _, d := range x.done {
		if d.Err != nil {
			r.result.Done = append(r.result.Done, d)
		}
	}
}

func unreadOf(p plan.Plan) map[string]string {
	out := map[string]string{}
	for _, f := range p.Findings {
		if f.Kind == ticket.FindUnread && f.Tracker != "" {
			out[f.Tracker] = f.Text
		}
	}
	return out
}
