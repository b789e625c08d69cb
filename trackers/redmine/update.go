package redmine

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

// Update changes what the patch names in one request, status and comment included, and
// reads what is stored then. With a status or a comment it reads before it writes, too.
func (t *Tracker) Update(ctx context.Context, base ticket.Seen, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	u := updating{t: t, base: base, patch: p}
	s, err := u.run(ctx)
	if err != nil {
		return ticket.Seen{}, nil, t.partly("update", u.wrote, err)
	}
	return s, u.unmet, nil
}

// updating is one update under way.
type updating struct {
	t     *Tracker
	base  ticket.Seen
	patch ticket.Patch
	draft *draft
	unmet []ticket.Unmet
	wrote bool // something has been written, so that failing now is no proof of nothing done
}

func (u *updating) run(ctx context.Context) (ticket.Seen, error) {
	if slices.Contains(u.patch.Set, ticket.FieldLabels) {
		return ticket.Seen{}, u.t.fail("update", trackers.Invalid, "labels are added and dropped one by one")
	}
	u.draft = u.t.newDraft(u.patch.To)
	if u.patch.Comment != (ticket.Comment{}) || u.patch.Status != "" || u.base.AsOf.IsZero() {
		now, err := u.t.one(ctx, "update", u.base.Ref, "journals,allowed_statuses")
		if err != nil {
			return ticket.Seen{}, err
		}
		if said(now, u.patch.Comment.Marker) {
			return u.end(ctx)
		}
		if err := u.step(now); err != nil {
			return ticket.Seen{}, err
		}
		if u.base.AsOf.IsZero() { // else we would write over people's text
			if u.base, err = u.fold(ctx, now); err != nil {
				return ticket.Seen{}, err
			}
		}
	}
	if err := u.compose(ctx); err != nil {
		return ticket.Seen{}, err
	}
	if !u.draft.empty() {
		d, err := u.t.write(ctx, "update", http.MethodPut, "/issues/"+string(u.base.Ref)+".json", u.draft, nil)
		if err != nil {
			return ticket.Seen{}, err
		}
		u.draft, u.wrote = d, !d.empty()
	}
	return u.end(ctx)
}

func said(is issue, marker string) bool {
	return marker != "" && slices.ContainsFunc(is.Journals, func(j journal) bool { return ticket.Signed(j.Notes, marker) })
}

// step finds the status to set: of those that the workflow allows now, the one that is
// configured first for what is wanted. Redmine would ignore any other without a word.
func (u *updating) step(now issue) error {
	want := u.patch.Status
	if want == "" || want == u.t.folds.status(now.Status) {
		return nil
	}
	var best status
	for _, s := range now.Allowed {
		if u.t.folds.status(s) == want && (best.ID == 0 || u.t.rank(s, want) < u.t.rank(best, want)) {
			best = s
		}
	}
	if best.ID == 0 {
		return u.t.fail("update", trackers.Invalid, "the workflow leads from %q to no status that means %s; an issue with open ones below it cannot be closed", now.Status.Name, want)
	}
	u.draft.values["status_id"] = strconv.Itoa(best.ID)
	return nil
}

// rank is the place of a status among the configured words for what it means.
func (t *Tracker) rank(s status, want ticket.Status) int {
	words := t.opt.Statuses[want]
	i := slices.IndexFunc(words, func(w string) bool { return ticket.FoldText(w) == ticket.FoldText(s.Name) })
	if i < 0 {
		return len(words)
	}
	return i
}

// end reads what is stored now, and compares it with what was asked.
func (u *updating) end(ctx context.Context) (ticket.Seen, error) {
	include := ""
	if u.wrote && u.patch.Comment.Marker != "" {
		include = "journals"
	}
	now, err := u.t.one(ctx, "update", u.base.Ref, include)
	if err != nil {
		return ticket.Seen{}, err
	}
	if err := u.landed(now); err != nil {
		return ticket.Seen{}, err
	}
	u.draft.compare(now)
	u.unmet = u.draft.unmet
	return u.fold(ctx, now)
}

// landed looks for what a patch cannot be without.
func (u *updating) landed(now issue) error {
	d := u.draft
	switch {
	case !u.wrote:
		return nil
	case d.values["status_id"] != "" && d.values["status_id"] != strconv.Itoa(now.Status.ID):
		return u.t.fail("update", trackers.Denied, "Redmine left the status at %q; the account's role must be allowed to change it", now.Status.Name)
	case u.patch.Comment.Marker != "" && !said(now, u.patch.Comment.Marker):
		return u.t.fail("update", trackers.Denied, "Redmine did not take the comment; the account's role must be allowed to add notes")
	}
	return nil
}

func (u *updating) fold(ctx context.Context, is issue) (ticket.Seen, error) {
	all, err := u.t.seen(ctx, "update", u.t.opt.Now(), []issue{is})
	if err != nil {
		return ticket.Seen{}, err
	}
	return all[0], nil
}

// compose fills the draft with what the patch names.
func (u *updating) compose(ctx context.Context) error {
	for _, f := range u.patch.Set {
		if err := u.set(ctx, f); err != nil {
			return err
		}
	}
	u.describe()
	if u.patch.Parent != "" {
		u.draft.values["parent_issue_id"] = string(u.patch.Parent)
	}
	if u.patch.Comment != (ticket.Comment{}) {
		signed := u.patch.Comment
		signed.Text = u.t.render(signed.Text)
		u.draft.values["notes"] = ticket.Sign(signed)
	}
	return nil
}

// project is where the ticket is, which need not be where we file.
func (u *updating) project() string {
	name, _, _ := strings.Cut(u.base.Name, "#")
	return cmp.Or(name, u.t.opt.Project)
}

// set puts one field into the draft; an empty value clears it.
func (u *updating) set(ctx context.Context, f ticket.Field) error {
	to, d := u.patch.To, u.draft
	switch f {
	case ticket.FieldTitle:
		d.values["subject"] = title(to.Title)
	case ticket.FieldDue:
		d.values["due_date"] = string(to.Due)
	case ticket.FieldAssignees:
		if len(to.Assignees) == 0 {
			d.values["assigned_to_id"] = ""
			return nil
		}
		return d.assign(ctx, "update", u.project(), to.Assignees)
	case ticket.FieldPriority, ticket.FieldKind:
		return u.choose(ctx, f)
	}
	return nil
}

// choose sets fields whose values have numbers.
func (u *updating) choose(ctx context.Context, f ticket.Field) error {
	known, err := u.t.learn(ctx, "update")
	if err != nil {
		return err
	}
	if f == ticket.FieldPriority {
		if u.patch.To.Priority == ticket.PriorityNone {
			u.draft.unmetField(f, "none", "an issue of Redmine always has a priority")
			return nil
		}
		u.draft.prioritise(known, u.patch.To.Priority)
		return nil
	}
	tracker, err := u.t.tracker("update", known, cmp.Or(u.patch.To.Kind, ticket.KindStory))
	u.draft.values["tracker_id"] = strconv.Itoa(tracker)
	return err
}

// describe sets the text, where our block, the labels in it, or both change.
func (u *updating) describe() {
	whole := u.base.Whole
	if slices.Contains(u.patch.Set, ticket.FieldBody) {
		whole = u.t.embed(whole, u.patch.To.Body)
	}
	good, bad := goodLabels(u.patch.AddLabels)
	if len(bad) > 0 {
		u.draft.unmetField(ticket.FieldLabels, fmt.Sprint(bad), whyLabel)
	}
	now := u.base.Fields.Labels
	next := slices.DeleteFunc(slices.Clone(now), func(l string) bool { return slices.Contains(u.patch.DropLabels, l) })
	for _, l := range good {
		if !slices.Contains(next, l) {
			next = append(next, l)
		}
	}
	if !slices.Equal(now, next) {
		whole = u.draft.label(whole, next)
		u.draft.labels = good
	}
	if whole != u.base.Whole {
		u.draft.values["description"] = oneLineEnd(whole)
	}
}
