package sync

import (
	"context"
	"fmt"

	"percolate/sync/plan"
	"percolate/ticket"
)

// Resolve settles a conflict: a field of a ticket, named by its key or its name, or
// with [plan.FieldTicket] a ticket that is gone. It writes to no tracker. Errors of
// the request itself wrap [plan.ErrUnknownKey] or [plan.ErrNoConflict].
func (w *Worker) Resolve(ctx context.Context, req Request, name string, f ticket.Field, keep plan.Keep) (plan.Resolution, error) {
	read, err := w.poll(ctx)
	if err != nil {
		return plan.Resolution{}, err
	}
	g, err := w.survey(ctx, req)
	if err != nil {
		return plan.Resolution{}, err
	}
	all := portion{whole: true, trees: g.order}
	decide := func() (plan.Resolution, error) {
		in, err := w.look(ctx, g, all, g.trees(all), read)
		if err != nil {
			return plan.Resolution{}, err
		}
		return plan.Resolve(in, name, f, keep)
	}
	res, err := decide()
	if err != nil {
		return res, err
	}
	lease, err := w.State.Lease(ctx, []string{res.Link.Key.Document}, w.Holder, w.ttl())
	if err != nil {
		return res, fmt.Errorf("lease: %w", err)
	}
	defer func() { _ = w.State.Release(context.WithoutCancel(ctx), lease) }()
	if res, err = decide(); err != nil { // what another process saved before the lease counts
		return res, err
	}
	if res.Drop {
		err = w.State.Save(ctx, lease, nil, res.Link.Key)
	} else {
		err = w.State.Save(ctx, lease, []ticket.Link{res.Link})
	}
	if err != nil {
		return res, fmt.Errorf("save: %w", err)
	}
	return res, nil
}

// Approve lets the steps of a plan go on although the guard holds it back. What was
// approved before and is not in this plan is forgotten.
func (w *Worker) Approve(ctx context.Context, p plan.Plan) error {
	var digests []string
	for _, s := range p.Steps {
		digests = append(digests, s.Digest())
	}
	if err := w.State.Approve(ctx, digests); err != nil {
		return fmt.Errorf("approve: %w", err)
	}
	return nil
}
