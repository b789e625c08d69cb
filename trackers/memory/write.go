package memory

import (
	"context"
	"slices"

	"percolate/ticket"
	"percolate/trackers"
)

// Create files the tickets one by one, so that some may be refused, or filed with
// their answer lost, while others of the batch are not.
func (t *Tracker) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	done := make([]trackers.Created, len(batch))
	for i, c := range batch {
		if len(batch) > t.opt.Batch {
			done[i].Err = t.fail("create", trackers.Invalid, "%d tickets at once, when %d are taken", len(batch), t.opt.Batch)
			continue
		}
		done[i] = t.create(ctx, c)
	}
	return done
}

func (t *Tracker) create(ctx context.Context, c trackers.Creation) (done trackers.Created) {
	if done.Err = t.before(ctx, BeforeCreate, "create"); done.Err != nil {
		return done
	}
	if t.opt.Refuse != nil {
		if why := t.opt.Refuse(c.Key); why != "" {
			done.Err = t.fail("create", trackers.Invalid, "%s", why)
			return done
		}
	}
	if done.Seen, done.Unmet, done.Err = t.store(c); done.Err != nil {
		return done
	}
	if err := t.after(ctx, AfterCreate, "create"); err != nil {
		return trackers.Created{Err: err}
	}
	return done
}

func (t *Tracker) store(c trackers.Creation) (ticket.Seen, []ticket.Unmet, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := Ticket{Key: c.Key, Status: ticket.StatusOpen, Ours: true}
	if err := t.place(&k, c.Parent, "create"); err != nil {
		return ticket.Seen{}, nil, err
	}
	unmet := t.set(&k, ticket.AllFields(), c.Fields)
	t.creates[c.Key]++
	return t.seen(t.add(k)), unmet, nil
}

// Update changes one ticket.
func (t *Tracker) Update(ctx context.Context, base ticket.Seen, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	if err := t.before(ctx, BeforeUpdate, "update"); err != nil {
		return ticket.Seen{}, nil, err
	}
	seen, unmet, err := t.update(base.Ref, p)
	if err != nil {
		return ticket.Seen{}, nil, err
	}
	if err := t.after(ctx, AfterUpdate, "update"); err != nil {
		return ticket.Seen{}, nil, err
	}
	return seen, unmet, nil
}

func (t *Tracker) update(ref ticket.Ref, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := t.find(ref)
	if k == nil {
		return ticket.Seen{}, nil, t.fail("update", trackers.NotFound, "no ticket %s", ref)
	}
	if slices.Contains(p.Set, ticket.FieldLabels) {
		return ticket.Seen{}, nil, t.fail("update", trackers.Invalid, "labels are added and dropped one by one")
	}
	if carries(k, p.Comment) {
		return t.seen(k), nil, nil // the patch was carried out before
	}
	if err := t.place(k, p.Parent, "update"); err != nil {
		return ticket.Seen{}, nil, err
	}
	unmet := t.set(k, p.Set, p.To)
	t.label(k, p)
	if p.Status != "" {
		k.Status = p.Status
	}
	if p.Comment != (ticket.Comment{}) {
		k.Comments = append(k.Comments, Comment{Marker: p.Comment.Marker, Text: p.Comment.Text, Ours: true})
	}
	t.touch(k)
	return t.seen(k), unmet, nil
}

// place puts k below the parent, where one is named.
func (t *Tracker) place(k *Ticket, parent ticket.Ref, op string) error {
	if parent == "" {
		return nil
	}
	above := t.find(parent)
	if above == nil || above == k {
		return t.fail(op, trackers.Invalid, "%s cannot be a parent here", parent)
	}
	k.Parent = above.Ref
	return nil
}

// carries reports whether a comment of ours with c's marker stands on the ticket.
func carries(k *Ticket, c ticket.Comment) bool {
	return c.Marker != "" && slices.ContainsFunc(k.Comments, func(have Comment) bool { return have.Ours && have.Marker == c.Marker })
}
