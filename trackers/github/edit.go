package github

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// edit is one update under way.
type edit struct {
	t     *Tracker
	base  ticket.Seen
	patch ticket.Patch
	at    time.Time

	path  string // of the issue in the API
	body  string // the whole text as it is to be
	wrote bool   // something was written
	fresh bool   // item and seen are the ticket as stored
	item  item
	seen  ticket.Seen
	unmet []ticket.Unmet

	person person
	values []fieldValue
}

// change sends what one request can change.
func (e *edit) change(ctx context.Context) error {
	in, err := e.request(ctx)
	if err != nil {
		return err
	}
	if len(in) > 0 {
		var r restIssue
		if err := e.send(ctx, http.MethodPatch, e.path, in, &r); err != nil {
			return err
		}
		if err := e.keep(ctx, r); err != nil {
			return err
		}
	}
	return e.clearValues(ctx)
}

func (e *edit) request(ctx context.Context) (map[string]any, error) {
	in := map[string]any{}
	p := e.patch
	if e.sets(ticket.FieldTitle) && title(p.To.Title) != "" {
		in["title"] = title(p.To.Title)
	}
	e.setText()
	if e.body != e.base.Whole {
		in["body"] = e.body
	}
	if e.sets(ticket.FieldKind) && e.t.opt.Types != nil {
		in["type"] = e.t.opt.Types[p.To.Kind]
	}
	if p.Status != "" && p.Status != e.base.Status {
		setStatus(in, p.Status)
	}
	if err := e.assign(ctx, in); err != nil {
		return nil, err
	}
	return in, e.plan(ctx, in)
}

// setText changes our lines and our block in the issue's text.
func (e *edit) setText() {
	p := e.patch
	if e.sets(ticket.FieldBody) {
		e.body = withBlock(e.body, p.To.Body)
	}
	if e.sets(ticket.FieldDue) && e.t.opt.Due == DueBody {
		e.body = withDue(e.body, p.To.Due)
	}
}

func setStatus(in map[string]any, s ticket.Status) {
	switch s {
	case ticket.StatusDone:
		in["state"], in["state_reason"] = "closed", "completed"
	case ticket.StatusDropped:
		in["state"], in["state_reason"] = "closed", "not_planned"
	default:
		in["state"] = "open"
	}
}

// assign takes the first candidate who can be assigned, nobody when there is no
// candidate, and leaves whoever has it when none of them can be.
func (e *edit) assign(ctx context.Context, in map[string]any) error {
	if !e.sets(ticket.FieldAssignees) {
		return nil
	}
	candidates := e.patch.To.Assignees
	if err := e.t.lookup(ctx, "update", nil, candidates); err != nil {
		return err
	}
	var unmet []ticket.Unmet
	e.person, unmet = e.t.assignee(candidates)
	e.unmet = append(e.unmet, unmet...)
	switch {
	case e.person.login != "":
		in["assignees"] = []string{e.person.login}
	case len(candidates) == 0:
		in["assignees"] = []string{}
	}
	return nil
}

// plan sets due day and priority where they are milestones or fields.
func (e *edit) plan(ctx context.Context, in map[string]any) (err error) {
	due := e.patch.To.Due
	if e.sets(ticket.FieldDue) && e.t.opt.Due == DueMilestone {
		in["milestone"] = nil
		if due != "" {
			m, err := e.t.milestoneOf(ctx, "update", string(due))
			if isCode(err, trackers.NotFound) || isCode(err, trackers.Denied) {
				delete(in, "milestone")
				e.unmet = append(e.unmet, ticket.Unmet{Field: ticket.FieldDue, Value: string(due), Reason: "this token may not make milestones"})
				return nil
			} else if err != nil {
				return err
			}
			in["milestone"] = m.Number
		}
	}
	var unmet []ticket.Unmet
	e.values, unmet, err = e.t.values(ctx, "update", e.patch.Set, e.patch.To)
	e.unmet = append(e.unmet, unmet...)
	if len(e.values) > 0 {
		in["issue_field_values"] = e.values
	}
	return err
}

// clearValues takes the values off that are to be empty. GitHub can only replace all
// values of an issue, so the others are sent as they were just read.
func (e *edit) clearValues(ctx context.Context) error {
	var names []string
	for _, f := range e.patch.Set {
		if name, value := e.t.valueOf(f, e.patch.To); name != "" && value == "" {
			names = append(names, strings.ToLower(name))
		}
	}
	if len(names) == 0 {
		return nil
	}
	if err := e.read(ctx); err != nil {
		return err
	}
	keep := []fieldValue{}
	had := false
	for name, v := range e.item.values {
		if slices.Contains(names, name) {
			had = true
		} else {
			keep = append(keep, v)
		}
	}
	if !had {
		return nil
	}
	return e.send(ctx, http.MethodPut, e.path+"/issue-field-values", map[string]any{"issue_field_values": keep}, nil)
}

// compare finds what GitHub dropped in silence.
func (e *edit) compare() {
	told := func(f ticket.Field) bool {
		return slices.ContainsFunc(e.unmet, func(u ticket.Unmet) bool { return u.Field == f })
	}
	drop := func(f ticket.Field, value string) {
		if !told(f) {
			e.unmet = append(e.unmet, ticket.Unmet{Field: f, Value: value, Reason: dropped})
		}
	}
	to := e.patch.To
	if e.person.login != "" && !hasFold(e.item.assignees, e.person.login) {
		drop(ticket.FieldAssignees, e.person.login)
	}
	if e.sets(ticket.FieldKind) && e.seen.Fields.Kind != to.Kind {
		drop(ticket.FieldKind, string(to.Kind))
	}
	if e.sets(ticket.FieldDue) && e.t.opt.Due != DueNone && e.seen.Fields.Due != to.Due {
		drop(ticket.FieldDue, string(to.Due))
	}
	if e.sets(ticket.FieldPriority) && len(e.t.opt.Priorities) > 0 && to.Priority != 0 && e.seen.Fields.Priority != to.Priority {
		drop(ticket.FieldPriority, to.Priority.String())
	}
	if lost := lacking(e.patch.AddLabels, e.item.labels); len(lost) > 0 {
		drop(ticket.FieldLabels, strings.Join(lost, ", "))
	}
}
