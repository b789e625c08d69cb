package github

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

// Update changes what the patch names: labels first, then the place below a parent, then
// everything that one request can change, and the comment last.
func (t *Tracker) Update(ctx context.Context, base ticket.Seen, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	leave, err := t.alone(ctx, "update")
	if err != nil {
		return ticket.Seen{}, nil, err
	}
	defer leave()
	e := &edit{t: t, base: base, patch: p, at: t.opt.Now()}
	if err := e.run(ctx); err != nil {
		return ticket.Seen{}, nil, t.partly("update", e.wrote, err)
	}
	return e.seen, e.unmet, nil
}

func (e *edit) run(ctx context.Context) error {
	t, p := e.t, e.patch
	if slices.Contains(p.Set, ticket.FieldLabels) {
		return t.fail("update", trackers.Invalid, "labels are added and dropped one by one")
	}
	if err := e.begin(ctx); err != nil {
		return err
	}
	if p.Comment.Marker != "" {
		told, err := e.told(ctx)
		if err != nil || told {
			return errors.Join(err, e.read(ctx))
		}
	}
	steps := []func(context.Context) error{e.relabel, e.reparent, e.change, e.comment, e.finish}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// begin finds where the issue is. A read that came without a text is made again.
func (e *edit) begin(ctx context.Context) error {
	p, ok := e.t.placeOf(e.base.Ref)
	if !ok {
		return e.t.fail("update", trackers.NotFound, "there is no ticket %s", e.base.Ref)
	}
	e.path = p.path()
	if m := named.FindStringSubmatch(e.base.Name); m != nil { // where it is now, if it moved
		now, _ := e.t.placeOf(ticket.Ref(e.base.Name))
		e.path = now.path()
	}
	e.body = e.base.Whole
	if e.base.Name != "" {
		return nil
	}
	if err := e.read(ctx); err != nil {
		return err
	}
	e.base, e.body = e.seen, e.seen.Whole
	return nil
}

// read reads the issue as it stands, by number, since every change went there.
func (e *edit) read(ctx context.Context) error {
	var r restIssue
	if _, err := e.t.get(ctx, "update", e.path, &r); err != nil {
		return err
	}
	return e.keep(ctx, r)
}

// keep takes an answer of GitHub as the ticket as stored.
func (e *edit) keep(ctx context.Context, r restIssue) error {
	items := []item{r.item()}
	if err := e.t.nameParents(ctx, "update", items); err != nil {
		return err
	}
	e.item, e.fresh = items[0], true
	e.seen = e.t.seen(e.item, e.at)
	if p, ok := e.t.placeOf(e.base.Ref); ok && p.node != "" {
		e.seen.Ref = e.base.Ref
	}
	return nil
}

// send is one write; after the first, nothing may be taken for not done.
func (e *edit) send(ctx context.Context, method, path string, in, out any) error {
	err := e.t.write(ctx, "update", method, path, in, out)
	if err == nil {
		e.wrote, e.fresh = true, false
	}
	return err
}

func (e *edit) sets(f ticket.Field) bool { return slices.Contains(e.patch.Set, f) }

// relabel adds labels and drops others, one by one, so that those of people stay.
func (e *edit) relabel(ctx context.Context) error {
	add, drop := e.labels()
	if len(add) > 0 {
		if err := e.addLabels(ctx, add); err != nil {
			return err
		}
	}
	for _, l := range drop {
		err := e.send(ctx, http.MethodDelete, e.path+"/labels/"+url.PathEscape(l), nil, nil)
		switch {
		case err == nil, isCode(err, trackers.NotFound) && strings.Contains(err.Error(), "Label does not exist"):
		case isCode(err, trackers.Denied):
			e.unmet = append(e.unmet, e.t.lostLabel(l, "this token may not take labels off", e.patch.To))
		default:
			return err
		}
	}
	return nil
}

func (e *edit) addLabels(ctx context.Context, add []string) error {
	t := e.t
	if err := t.lookup(ctx, "update", add, nil); err != nil {
		return err
	}
	bad, err := t.labelsThere(ctx, "update", add)
	if err != nil {
		return err
	}
	e.unmet = append(e.unmet, t.badLabels(add, bad, e.patch.To)...)
	add = slices.DeleteFunc(add, func(l string) bool { return bad[strings.ToLower(l)] != "" })
	if len(add) == 0 {
		return nil
	}
	var have []struct{ Name string }
	err = e.send(ctx, http.MethodPost, e.path+"/labels", map[string]any{"labels": add}, &have)
	if isCode(err, trackers.Denied) {
		for _, l := range add {
			e.unmet = append(e.unmet, t.lostLabel(l, "this token may not add labels", e.patch.To))
		}
		return nil
	}
	return err
}

// labels are those to add and to drop, for values that are labels too.
func (e *edit) labels() (add, drop []string) {
	t, p := e.t, e.patch
	add = append(add, p.AddLabels...)
	for _, l := range p.DropLabels {
		if hasFold(e.base.Fields.Labels, l) {
			drop = append(drop, l)
		}
	}
	swap := func(old, now string) {
		if strings.EqualFold(old, now) && old != "" {
			return
		}
		if now != "" {
			add = append(add, now)
		}
		if old != "" {
			drop = append(drop, old)
		}
	}
	if e.sets(ticket.FieldKind) && p.To.Kind != e.base.Fields.Kind {
		swap(t.kindLabel(e.base.Fields.Kind), t.kindLabel(p.To.Kind))
	}
	if e.sets(ticket.FieldPriority) {
		swap(t.priorityLabel(e.base.Fields.Priority), t.priorityLabel(p.To.Priority))
	}
	switch p.Status {
	case ticket.StatusOpen, ticket.StatusActive, ticket.StatusBlocked:
		if e.base.Status == ticket.StatusActive || e.base.Status == ticket.StatusBlocked {
			drop = append(drop, t.opt.Statuses[e.base.Status])
		} else if e.base.Status.Finished() { // which of them it has is not seen while it is closed
			drop = append(drop, t.opt.Statuses[ticket.StatusActive], t.opt.Statuses[ticket.StatusBlocked])
		}
		add = append(add, t.opt.Statuses[p.Status])
	}
	add = distinct(add)
	return add, lacking(distinct(drop), add)
}

// comment adds the comment, which says that all the rest was done.
func (e *edit) comment(ctx context.Context) error {
	c := e.patch.Comment
	if c == (ticket.Comment{}) {
		return nil
	}
	c.Text = quiet(c.Text)
	return e.send(ctx, http.MethodPost, e.path+"/comments", map[string]any{"body": ticket.Sign(c)}, nil)
}

// told reports whether the comment stands already, so that all was done before.
func (e *edit) told(ctx context.Context) (yes bool, err error) {
	err = pages(ctx, e.t, "update", e.path+"/comments?per_page=100", func(page []struct{ Body string }, _ *http.Response) bool {
		for _, c := range page {
			yes = yes || ticket.Signed(c.Body, e.patch.Comment.Marker)
		}
		return !yes
	})
	return yes, err
}

// finish reads the ticket back where the last answer did not show it, and compares.
func (e *edit) finish(ctx context.Context) error {
	if !e.fresh {
		if err := e.read(ctx); err != nil {
			return e.t.partly("update", e.wrote, err)
		}
	}
	e.compare()
	return nil
}

// reparent puts the issue below another one; where there is no room, into its task list.
func (e *edit) reparent(ctx context.Context) error {
	t, ref := e.t, e.patch.Parent
	if ref == "" || ref == e.base.Parent {
		return nil
	}
	parent, ok := t.placeOf(ref)
	child, _ := t.placeOf(e.base.Ref)
	if !ok || ref == e.base.Ref {
		return t.fail("update", trackers.Invalid, "%s cannot be a parent here", ref)
	}
	err := errNoGraph
	if !t.isFull(parent) {
		err = e.link(ctx, parent, child)
	}
	switch {
	case err == nil, alreadyLinked.MatchString(err.Error()):
		e.body = withParent(e.body, "")
		return nil
	case t.isFull(parent), t.noRoom(parent, err):
		e.body = withParent(e.body, ref)
		return t.addTasks(ctx, "update", parent, []string{e.base.Name})
	}
	return err
}

func (e *edit) link(ctx context.Context, parent, child place) error {
	t := e.t
	if t.known.graphRefused() == nil && parent.node != "" && child.node != "" {
		if err := t.mayWrite(ctx, "update", 1); err != nil {
			return err
		}
		in := map[string]any{"issueId": parent.node, "subIssueId": child.node, "replaceParent": true}
		r, err := t.graph(ctx, "update", "mutation($i: AddSubIssueInput!) { c: addSubIssue(input: $i) { issue { id } } }", map[string]any{"i": in})
		var got struct{ Issue *struct{ ID string } }
		switch {
		case errors.Is(err, errNoGraph):
		case err != nil:
			return err
		case json.Unmarshal(r.Data["c"], &got) == nil && got.Issue != nil:
			e.wrote, e.fresh = true, false
			return nil
		default:
			return t.outcome("update", r, "c")
		}
	}
	if err := e.read(ctx); err != nil { // REST wants the id
		return err
	}
	err := t.linkByREST(ctx, "update", parent, e.item.database)
	if err == nil {
		e.wrote, e.fresh = true, false
	}
	return err
}
