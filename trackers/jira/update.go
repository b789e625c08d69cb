package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// Update changes what the patch names: fields in one request, then the status, then the
// comment.
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
	unmet []ticket.Unmet
	wrote bool  // something has been written, so that failing now is no proof of nothing done
	now   issue // as the answer to the last write showed it, if it did
	asOf  time.Time
}

func (u *updating) run(ctx context.Context) (ticket.Seen, error) {
	if err := u.allowed(); err != nil {
		return ticket.Seen{}, err
	}
	if u.patch.Comment.Marker != "" {
		said, err := u.t.said(ctx, u.base.Ref, u.patch.Comment.Marker)
		if err != nil || said {
			return u.end(ctx, err)
		}
	}
	if u.base.AsOf.IsZero() && slices.Contains(u.patch.Set, ticket.FieldBody) {
		fresh, err := u.t.one(ctx, "update", u.base.Ref) // else we would write over people's text
		if err != nil {
			return ticket.Seen{}, err
		}
		u.base = fresh
	}
	step, err := u.t.stepTo(ctx, u.base, u.patch.Status)
	if err == nil {
		err = u.edit(ctx)
	}
	if err == nil {
		err = u.relink(ctx)
	}
	if err == nil && step != nil {
		err = u.done(u.t.send(ctx, "update", "POST", u.path("/transitions"), step, nil))
	}
	if err == nil && u.patch.Comment != (ticket.Comment{}) {
		err = u.done(u.t.send(ctx, "update", "POST", u.path("/comment"), map[string]any{"body": signed(u.patch.Comment)}, nil))
	}
	return u.end(ctx, err)
}

// allowed refuses patches that no tracker takes.
func (u *updating) allowed() error {
	if slices.Contains(u.patch.Set, ticket.FieldLabels) {
		return u.t.fail("update", trackers.Invalid, "labels are added and dropped one by one")
	}
	return nil
}

// end is what is stored now: from the last answer where that shows it.
func (u *updating) end(ctx context.Context, err error) (ticket.Seen, error) {
	if err != nil {
		return ticket.Seen{}, err
	}
	whole, err := u.showsAll(ctx)
	if err != nil || !whole {
		return u.t.one(ctx, "update", u.base.Ref)
	}
	all, err := u.t.seen(ctx, "update", u.asOf, []issue{u.now})
	if err != nil {
		return ticket.Seen{}, err
	}
	return all[0], nil
}

// showsAll reports whether the last answer holds all that a ticket is made of. It never
// holds the property of the marker, which no edit of ours changes.
func (u *updating) showsAll(ctx context.Context) (bool, error) {
	var shown map[string]json.RawMessage
	_ = json.Unmarshal(u.now.Fields, &shown) // what is in another form shows nothing
	if u.now.ID != string(u.base.Ref) {
		return false, nil
	}
	names, err := u.t.shownFields(ctx, "update")
	for _, name := range names {
		// A ticket below none has no field that says so.
		if _, ok := shown[name]; !ok && (name != "parent" || u.base.Parent != "" || u.patch.Parent != "") {
			return false, err
		}
	}
	if key, failed := json.Marshal(u.base.Key); failed == nil && u.base.Key != (ticket.Key{}) {
		u.now.Properties = map[string]json.RawMessage{property: key}
	}
	return true, err
}

func (u *updating) path(tail string) string { return "issue/" + string(u.base.Ref) + tail }

// done notes a write that an earlier answer does not show.
func (u *updating) done(err error) error {
	u.wrote, u.now = u.wrote || err == nil, issue{}
	return err
}

// edit writes fields. What Jira refuses as a whole for the sake of some
// values is tried again without those.
func (u *updating) edit(ctx context.Context) error {
	d, err := u.draft(ctx)
	if err != nil {
		return err
	}
	for !d.body.empty() {
		now, err := u.put(ctx, d)
		if err == nil {
			u.wrote, u.now = true, now
			break
		}
		again, failed := d.concede(ctx, "update", refused(err))
		if failed != nil {
			return failed
		}
		if !again {
			return err
		}
	}
	u.unmet = append(u.unmet, d.unmet...)
	return nil
}

// put sends an edit. Cloud answers with the issue when it is asked to.
func (u *updating) put(ctx context.Context, d *draft) (now issue, err error) {
	u.asOf = u.t.opt.Now()
	if d.kind == Cloud {
		err = u.t.send(ctx, "update", "PUT", u.path("?returnIssue=true"), d.body, &now)
	} else {
		err = u.t.send(ctx, "update", "PUT", u.path(""), d.body, nil)
	}
	return now, err
}

// draft is the body of the edit.
func (u *updating) draft(ctx context.Context) (*draft, error) {
	kind, err := u.t.deployment(ctx, "update")
	if err != nil {
		return nil, err
	}
	d := &draft{
		t: u.t, kind: kind, project: u.project(), asked: u.patch.To.Sum(), edits: true,
		body: update{Fields: map[string]any{}, Update: map[string][]op{}},
	}
	for _, f := range u.patch.Set {
		if err := u.set(ctx, d, f); err != nil {
			return nil, err
		}
	}
	u.labels(d)
	return d, u.reparent(ctx, d)
}

// project is where the ticket is, which need not be where we file.
func (u *updating) project() string {
	project, _ := splitKey(u.base.Name)
	return cmp.Or(project, u.t.opt.Project)
}

// set puts one field into the body; an empty value clears it.
func (u *updating) set(ctx context.Context, d *draft, f ticket.Field) error {
	to := u.patch.To
	switch f {
	case ticket.FieldTitle:
		d.body.Fields["summary"] = title(to.Title)
	case ticket.FieldBody:
		d.body.Fields["description"] = u.text(to.Body)
	case ticket.FieldDue:
		d.body.Fields["duedate"] = orNull(string(to.Due))
	case ticket.FieldAssignees:
		if len(to.Assignees) == 0 {
			d.body.Fields["assignee"] = nil
			return nil
		}
		d.candidates = to.Assignees
		return d.assign(ctx, "update")
	case ticket.FieldPriority, ticket.FieldKind:
		return u.choose(ctx, d, f)
	}
	return nil
}

// choose sets fields whose values Jira lists.
func (u *updating) choose(ctx context.Context, d *draft, f ticket.Field) error {
	screens, err := u.t.screens(ctx, "update")
	if err != nil {
		return err
	}
	of := slot{cmp.Or(u.patch.To.Kind, u.base.Fields.Kind, ticket.KindStory), u.base.Parent == ""}
	if f == ticket.FieldKind {
		d.body.Fields["issuetype"] = named{ID: screens[of].typ.ID}
		return nil
	}
	if u.patch.To.Priority == ticket.PriorityNone {
		d.body.Fields["priority"] = nil
		return nil
	}
	p, why := u.t.priority(u.patch.To.Priority, screens[of])
	if why != "" {
		d.unmetField(f, u.patch.To.Priority.String(), why)
		return nil
	}
	d.body.Fields["priority"] = p
	return nil
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// text is the whole text with our block in it.
func (u *updating) text(body string) any { return orNull(embed(u.base.Whole, body)) }

// labels adds and drops labels one by one; those of the marker stay.
func (u *updating) labels(d *draft) {
	good, bad := u.t.goodLabels(u.patch.AddLabels)
	if len(bad) > 0 {
		d.unmetField(ticket.FieldLabels, strings.Join(bad, ", "), "Jira takes no such labels")
	}
	d.asked.Labels = good
	var ops []op
	for _, l := range good {
		ops = append(ops, op{"add": l})
	}
	for _, l := range u.patch.DropLabels {
		if !u.t.marks.ours(l) {
			ops = append(ops, op{"remove": l})
		}
	}
	if len(ops) > 0 {
		d.body.Update["labels"] = ops
	}
}

// reparent puts the ticket below another, where a field does that.
func (u *updating) reparent(ctx context.Context, d *draft) error {
	if u.patch.Parent == "" || u.t.opt.Hierarchy == Link {
		return nil
	}
	ids, err := u.t.fieldIDs(ctx, "update")
	if err != nil {
		return err
	}
	if ids.EpicLink == "" || u.t.opt.Hierarchy == Subtask {
		d.hang("parent", named{ID: string(u.patch.Parent)}, u.patch.Parent)
		return nil
	}
	key, err := u.t.keyOf(ctx, "update", u.patch.Parent)
	if err != nil {
		return err
	}
	d.hang(ids.EpicLink, key, u.patch.Parent)
	return nil
}

// relink does the same where a link says what is below what: the new link first, so
// that the ticket is never without one.
func (u *updating) relink(ctx context.Context) error {
	if u.patch.Parent == "" || u.t.opt.Hierarchy != Link {
		return nil
	}
	var is struct {
		Fields fields `json:"fields"`
	}
	if err := u.t.read(ctx, "update", "GET", u.path("?fields=issuelinks"), nil, &is); err != nil {
		return err
	}
	old, had := oldestLink(is.Fields.Links, u.t.opt.LinkType)
	if had && ticket.Ref(old.Outward.ID) == u.patch.Parent {
		return nil
	}
	err := u.done(u.t.addLink(ctx, "update", u.base.Ref, u.patch.Parent))
	if unlinkable(err) {
		u.unmet = append(u.unmet, u.t.unlinked(u.patch.Parent, err))
		return nil
	}
	if err != nil || !had {
		return err
	}
	return u.done(u.t.send(ctx, "update", "DELETE", "issueLink/"+old.ID, nil, nil))
}
