package sync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"percolate/ticket"
)

// wanting lists documents that are neither held by us nor known to be held by others.
func (r *run) wanting(documents []string) []string {
	return slices.DeleteFunc(slices.Clone(documents), func(d string) bool {
		return slices.Contains(r.lease.Documents, d) || slices.Contains(r.busy, d)
	})
}

// claim leases the documents beside those that are leased, those that others hold left
// out and reported.
func (r *run) claim(ctx context.Context, documents []string) error {
	for {
		more := r.wanting(documents)
		if len(more) == 0 {
			return nil
		}
		lease, err := r.w.State.Lease(ctx, slices.Concat(r.lease.Documents, more), r.w.Holder, r.w.ttl())
		held, isBusy := errors.AsType[*BusyError](err)
		if !isBusy {
			if err == nil {
				r.lease = lease
			}
			return err
		}
		r.findings = append(r.findings, busyFindings(held)...)
		r.busy = append(r.busy, held.Documents...)
		// One of ours that another took meanwhile is not ours any more.
		r.lease.Documents = slices.DeleteFunc(slices.Clone(r.lease.Documents), func(d string) bool { return slices.Contains(r.busy, d) })
	}
}

// busyFindings says who holds the documents. One that was killed holds them until then.
func busyFindings(held *BusyError) []ticket.Finding {
	until := held.Until.UTC().Format(time.TimeOnly) + " UTC"
	var out []ticket.Finding
	for _, d := range held.Documents {
		out = append(out, ticket.Finding{
			Kind: ticket.FindBusy, Key: ticket.Key{Document: d},
			Text: "left alone: another percolate (" + held.Holder + ") has it until " + until + " at the latest",
			Mend: "run percolate sync again when that one has ended",
		})
	}
	return out
}

// save writes links under the lease. It is done even when ctx is done, because what
// it keeps has happened.
func (r *run) save(ctx context.Context, links []ticket.Link, drop ...ticket.Key) error {
	if len(links)+len(drop) == 0 {
		return nil
	}
	if err := r.w.State.Save(context.WithoutCancel(ctx), r.held(), links, drop...); err != nil {
		return fmt.Errorf("save links: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range links {
		r.remember(&links[i])
	}
	for _, k := range drop {
		r.forget(k)
	}
	return nil
}

// mayWrite is asked before every write to a tracker. It renews the lease in good time and returns
// the context of the write, which ends with the lease: a process that was suspended past its
// lease sends nothing more. The write is not cut off when ctx is done, only not begun.
func (r *run) mayWrite(ctx context.Context, tracker string) (context.Context, context.CancelFunc, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	r.mu.Lock()
	err := r.stopped[tracker]
	r.mu.Unlock()
	if err != nil {
		return nil, nil, err
	}
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	if r.lease.Expires.Sub(r.w.Now()) < r.w.ttl()/2 {
		lease, err := r.w.State.Renew(ctx, r.lease, r.w.ttl())
		if err != nil {
			return nil, nil, fmt.Errorf("renew lease: %w", err)
		}
		r.lease = lease
	}
	writing, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.lease.Expires.Sub(r.w.Now()))
	return writing, cancel, nil
}

// held is the lease as it stands.
func (r *run) held() Lease {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	return r.lease
}
