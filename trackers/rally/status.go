package rally

import (
	"context"

	"percolate/ticket"
	"percolate/trackers"
)

// status puts a status into the draft: a schedule state of a story, a state and a
// resolution of a defect, the mark for blocked, and the tag that says dropped, which is
// all that a story has for that.
func (u *updating) status(ctx context.Context) error {
	to := u.patch.Status
	if to == "" || to == u.t.folds.status(&u.draft.base) {
		return nil
	}
	d := u.draft
	if to == ticket.StatusBlocked {
		d.fields["Blocked"] = true
		return u.untag(ctx)
	}
	if d.base.Blocked {
		d.fields["Blocked"] = false
	}
	if err := u.untag(ctx); err != nil {
		return err
	}
	if d.typ == defectType {
		return u.defectStatus(ctx, to)
	}
	state := to
	if to == ticket.StatusDropped {
		state = ticket.StatusDone
		if err := u.tagDropped(ctx); err != nil {
			return err
		}
	}
	return u.choose(ctx, "ScheduleState", state)
}

// untag takes off the tags that say blocked or dropped.
func (u *updating) untag(ctx context.Context) error {
	var say []string
	for _, tag := range u.draft.base.Tags.names() {
		if u.t.folds.speaks(tag) {
			say = append(say, tag)
		}
	}
	refs, err := u.t.tags.known(ctx, u.t, "update", say)
	for _, ref := range refs {
		u.draft.drop("Tags", ref)
	}
	return err
}

func (u *updating) tagDropped(ctx context.Context) error {
	word := u.t.folds.names[ticket.StatusDropped][0]
	if len(u.t.opt.Statuses[ticket.StatusDropped]) == 0 {
		word = droppedTag
	}
	refs, refused, err := u.t.tags.ensure(ctx, u.t, "update", []string{word})
	if why, no := refused[word]; no {
		return u.t.fail("update", trackers.Invalid, "a story is dropped by the tag %s: %s", word, why)
	}
	for _, ref := range refs {
		u.draft.add("Tags", ref)
	}
	return err
}

// droppedTag marks a story that nobody will work on, where the configuration names no
// other tag.
const droppedTag = "Won't Do"

// defectStatus closes with the resolution that says why.
func (u *updating) defectStatus(ctx context.Context, to ticket.Status) error {
	state := to
	if to == ticket.StatusDropped {
		state = ticket.StatusDone
		if err := u.choose(ctx, "Resolution", to); err != nil {
			return err
		}
	} else if u.t.folds.meant(u.draft.base.Resolution) == ticket.StatusDropped {
		u.draft.fields["Resolution"] = "None"
	}
	return u.choose(ctx, "State", state)
}

// choose sets the first value of the attribute that means the status.
func (u *updating) choose(ctx context.Context, attribute string, to ticket.Status) error {
	allowed, err := u.t.allowed(ctx, "update", u.draft.typ, attribute)
	if err != nil {
		return err
	}
	var fit []string
	for _, a := range allowed {
		if u.t.folds.meant(a) == to {
			fit = append(fit, a)
		}
	}
	if len(fit) == 0 {
		return u.t.fail("update", trackers.Invalid, "no %s of this workspace is configured as %s", attribute, to)
	}
	value, ok := pick(u.t.folds.names[to], fit)
	if !ok {
		value = fit[0]
	}
	u.draft.fields[attribute] = value
	return nil
}
