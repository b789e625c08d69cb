package rally

import (
	"context"
	"slices"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// Update changes what the patch names: tags one by one through their collection, then
// attributes in one request, then the comment.
func (t *Tracker) Update(ctx context.Context, base ticket.Seen, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	u := updating{t: t, base: base, patch: p}
	defer t.families.lock(base.Ref, base.Parent, p.Parent)()
	s, err := u.run(ctx)
	if err != nil {
		return ticket.Seen{}, nil, t.partly("update", u.wrote, err)
	}
	return s, u.draft.unmet, nil
}

// updating is one update under way.
type updating struct {
	t     *Tracker
	base  ticket.Seen
	patch ticket.Patch
	draft *draft
	now   artifact // as the last answer showed it
	wrote bool     // something has been written, so that failing now is no proof of nothing done
}

func (u *updating) run(ctx context.Context) (ticket.Seen, error) {
	u.draft = u.t.newDraft(typeOf(u.base.Fields.Kind), u.patch.To)
	if slices.Contains(u.patch.Set, ticket.FieldLabels) {
		return ticket.Seen{}, u.t.fail("update", trackers.Invalid, "labels are added and dropped one by one")
	}
	if u.patch.Comment.Marker != "" {
		said, err := u.t.said(ctx, u.base.Ref, u.patch.Comment.Marker)
		if err != nil || said {
			return u.end(ctx, err)
		}
	}
	err := u.begin(ctx)
	if err == nil {
		err = u.compose(ctx)
	}
	if err == nil {
		err = u.collect(ctx)
	}
	if err == nil {
		err = u.edit(ctx)
	}
	if err == nil && u.patch.Comment != (ticket.Comment{}) {
		err = u.did(u.t.remark(ctx, path(string(u.draft.typ), u.id()), u.patch.Comment))
	}
	return u.end(ctx, err)
}

func (u *updating) id() oid { return oidOf(u.base.Ref) }

func (u *updating) did(err error) error {
	u.wrote = u.wrote || err == nil
	return err
}

// begin reads the ticket where the patch needs more of it than the base tells: what
// people wrote round our block, or which milestones it has.
func (u *updating) begin(ctx context.Context) error {
	known := !u.base.AsOf.IsZero() && u.base.Fields.Kind != ""
	if known && !(u.t.opt.Due == DueMilestone && slices.Contains(u.patch.Set, ticket.FieldDue)) && u.patch.Status == "" {
		u.draft.whole = u.base.Whole
		return nil
	}
	a, err := u.t.artifact(ctx, "update", u.base.Ref)
	if err != nil {
		return err
	}
	if !known {
		u.base = u.t.fold(&a, time.UTC, u.t.opt.Now())
	}
	unmet := u.draft.unmet
	u.draft = u.t.newDraft(a.kind(), u.patch.To)
	u.draft.base, u.draft.whole, u.draft.unmet = a, u.base.Whole, unmet
	return nil
}

// compose is the draft of the patch. The due line goes before the block, which takes
// what room is left.
func (u *updating) compose(ctx context.Context) error {
	order := slices.Clone(u.patch.Set)
	slices.SortStableFunc(order, func(a, b ticket.Field) int {
		if a == ticket.FieldBody && b == ticket.FieldDue {
			return 1
		}
		if a == ticket.FieldDue && b == ticket.FieldBody {
			return -1
		}
		return 0
	})
	for _, f := range order {
		if err := u.draft.set(ctx, "update", f, u.patch.To); err != nil {
			return err
		}
	}
	if u.patch.Parent != "" {
		u.draft.below(u.patch.Parent)
	}
	if u.draft.rewrites && u.draft.whole == u.base.Whole {
		u.draft.rewrites = false
	}
	if err := u.labels(ctx); err != nil {
		return err
	}
	return u.status(ctx)
}

func (u *updating) labels(ctx context.Context) error {
	u.draft.asked.Labels = u.patch.AddLabels
	if err := u.draft.addLabels(ctx, "update", u.patch.AddLabels, false); err != nil {
		return err
	}
	drop := slices.DeleteFunc(slices.Clone(u.patch.DropLabels), func(l string) bool { return l == u.t.marks.tag || u.t.folds.speaks(l) })
	if len(drop) == 0 {
		return nil
	}
	refs, err := u.t.tags.known(ctx, u.t, "update", drop)
	for _, ref := range refs {
		u.draft.drop("Tags", ref)
	}
	return err
}

// collect changes collections. Rally adds and removes members one by one, so that those
// of other people stay.
func (u *updating) collect(ctx context.Context) error {
	for name, refs := range u.draft.adds {
		err := u.t.collectAgain(ctx, "update", u.draft.typ, u.id(), name, "add", refs)
		if trackers.CodeOf(err) == trackers.Invalid {
			f, _ := u.draft.field(name)
			u.draft.refuse(f, u.draft.asked.Text(f), err.Error())
		} else if u.did(err) != nil {
			return err
		}
	}
	for name, refs := range u.draft.drops {
		if err := u.did(u.t.collectAgain(ctx, "update", u.draft.typ, u.id(), name, "remove", refs)); err != nil {
			return err
		}
	}
	return nil
}

// collectAgain is collect, which may be done again where it met another write: a member
// that is there is not added twice.
func (t *Tracker) collectAgain(ctx context.Context, op string, typ kindOf, id oid, name, do string, members []string) (err error) {
	for range maxRounds {
		if err = t.collect(ctx, op, typ, id, name, do, members); !isConflict(reasonsOf(err)) {
			break
		}
	}
	return err
}

// edit writes attributes. What Rally refuses as a whole for the sake of some values is
// tried again without those.
func (u *updating) edit(ctx context.Context) error {
	for round := 0; !u.draft.empty(); {
		now, warnings, err := u.t.update(ctx, "update", u.draft.typ, u.id(), u.draft.body(false))
		if err == nil {
			u.now, u.wrote = now, true
			u.draft.warned(warnings)
			return nil
		}
		reasons := reasonsOf(err)
		if isConflict(reasons) {
			round++
			landed, failed := u.landed(ctx, err, round)
			if landed || failed != nil {
				return failed
			}
			continue
		}
		again, failed := u.concede(ctx, reasons)
		if failed != nil {
			return failed
		}
		if !again {
			return err
		}
	}
	return nil
}

func (u *updating) concede(ctx context.Context, reasons []string) (bool, error) {
	if len(reasons) == 0 {
		return false, nil
	}
	return u.draft.concede(ctx, "update", reasons)
}

// landed reads the ticket after our write met another one. It is done again only when
// what it changes stands as it did: what somebody else changed meanwhile is not ours to
// write over.
func (u *updating) landed(ctx context.Context, why error, round int) (bool, error) {
	a, err := u.t.artifact(ctx, "update", u.base.Ref)
	if err != nil {
		return false, err
	}
	zone, err := u.t.zone(ctx, "update")
	if err != nil {
		return false, err
	}
	now := u.t.fold(&a, zone, u.t.opt.Now())
	if u.carriesOut(now) {
		u.now, u.wrote = a, true
		return true, nil
	}
	if round >= maxRounds || !u.stands(now) || u.patch.Status != "" && !sameState(&a, &u.draft.base) {
		return false, why
	}
	return false, nil
}

// sameState reports whether two sights of a ticket show it in the same state. Tags that
// mean one are not looked at, since ours are written before.
func sameState(a, b *artifact) bool {
	return a.ScheduleState == b.ScheduleState && a.State == b.State && a.Resolution == b.Resolution && a.Blocked == b.Blocked
}

// stands reports whether all that the patch sets is as it was.
func (u *updating) stands(now ticket.Seen) bool {
	for _, f := range u.patch.Set {
		if f != ticket.FieldKind && now.Fields.Text(f) != u.base.Fields.Text(f) {
			return false
		}
	}
	return (!u.draft.rewrites || now.Whole == u.base.Whole) && (u.patch.Parent == "" || now.Parent == u.base.Parent)
}

// carriesOut reports whether all that the patch sets is as it wants it.
func (u *updating) carriesOut(now ticket.Seen) bool {
	want := u.patch.To.Sum()
	for _, f := range u.patch.Set {
		if f != ticket.FieldKind && now.Fields.Sum().Text(f) != want.Text(f) {
			return false
		}
	}
	return len(u.patch.Set) > 0 && (u.patch.Parent == "" || now.Parent == u.patch.Parent) && (u.patch.Status == "" || now.Status == u.patch.Status)
}

// end is the ticket as it is stored now: from the last answer where that shows it.
func (u *updating) end(ctx context.Context, err error) (ticket.Seen, error) {
	if err != nil {
		return ticket.Seen{}, err
	}
	if u.now.thin() || u.patch.Comment != (ticket.Comment{}) {
		return u.t.one(ctx, "update", u.base.Ref)
	}
	zone, err := u.t.zone(ctx, "update")
	if err != nil {
		return ticket.Seen{}, err
	}
	return u.t.fold(&u.now, zone, u.t.opt.Now()), nil
}
