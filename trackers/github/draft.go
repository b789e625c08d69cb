package github

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

// draft is a ticket about to be filed, in GitHub's terms.
type draft struct {
	trackers.Creation
	title  string
	body   string
	labels []string // that are there
	person person   // who gets it; no login for nobody
	typ    string
	values []fieldValue
	due    milestone // number 0 for none
	parent place     // number 0 for none
	below  bool      // it hangs below its parent in a task list alone
	unmet  []ticket.Unmet
	err    error
}

// draft prepares a batch: everything is looked up at once, and labels are made before
// they are used.
func (t *Tracker) draft(ctx context.Context, batch []trackers.Creation) ([]*draft, error) {
	var drafts []*draft
	var labels, logins []string
	for _, c := range batch {
		d := &draft{Creation: c, title: title(c.Fields.Title)}
		d.labels = t.wantedLabels(c.Fields)
		labels = append(labels, d.labels...)
		logins = append(logins, c.Fields.Assignees...)
		drafts = append(drafts, d)
	}
	if err := t.lookup(ctx, "create", labels, logins); err != nil {
		return nil, err
	}
	bad, err := t.labelsThere(ctx, "create", labels)
	if err != nil {
		return nil, err
	}
	for _, d := range drafts {
		if err := t.fill(ctx, d, bad); err != nil {
			if !isCode(err, trackers.Invalid) {
				return nil, err
			}
			d.err = err
		}
	}
	return drafts, nil
}

func (t *Tracker) fill(ctx context.Context, d *draft, bad map[string]string) error {
	f := d.Fields
	d.unmet = append(d.unmet, t.badLabels(d.labels, bad, f)...)
	d.labels = slices.DeleteFunc(d.labels, func(l string) bool { return bad[strings.ToLower(l)] != "" })
	var unmet []ticket.Unmet
	d.person, unmet = t.assignee(f.Assignees)
	d.unmet = append(d.unmet, unmet...)
	d.body = withMarker(withBlock("", f.Body), d.Key)
	if t.opt.Due == DueBody {
		d.body = withDue(d.body, f.Due)
	}
	if t.opt.Types != nil {
		d.typ = t.opt.Types[f.Kind]
	}
	if d.Parent != "" {
		p, ok := t.placeOf(d.Parent)
		if !ok {
			return t.fail("create", trackers.Invalid, "%s cannot be a parent here", d.Parent)
		}
		d.parent = p
		if t.isFull(p) {
			d.below = true
			d.body = withParent(d.body, d.Parent)
		}
	}
	return t.fillPlanning(ctx, d)
}

// fillPlanning sets due day and priority where they are milestones or fields.
func (t *Tracker) fillPlanning(ctx context.Context, d *draft) (err error) {
	f := d.Fields
	if t.opt.Due == DueMilestone && f.Due != "" {
		if d.due, err = t.milestoneOf(ctx, "create", string(f.Due)); err != nil {
			if !isCode(err, trackers.NotFound) && !isCode(err, trackers.Denied) {
				return err
			}
			d.unmet = append(d.unmet, ticket.Unmet{Field: ticket.FieldDue, Value: string(f.Due), Reason: "this token may not make milestones"})
		}
	}
	values, unmet, err := t.values(ctx, "create", []ticket.Field{ticket.FieldDue, ticket.FieldPriority}, f)
	d.values, d.unmet = values, append(d.unmet, unmet...)
	return err
}

// values are the issue fields that hold some of the fields of want.
func (t *Tracker) values(ctx context.Context, op string, fields []ticket.Field, want ticket.Fields) (values []fieldValue, unmet []ticket.Unmet, err error) {
	for _, f := range fields {
		name, value := t.valueOf(f, want)
		if name == "" || value == "" {
			continue
		}
		known, ok, err := t.fieldOf(ctx, op, name)
		switch {
		case err != nil:
			return nil, nil, err
		case !ok:
			unmet = append(unmet, ticket.Unmet{Field: f, Value: value, Reason: fmt.Sprintf("the organisation has no issue field %q", name)})
		case len(known.Options) > 0 && !slices.ContainsFunc(known.Options, func(o struct{ Name string }) bool { return o.Name == value }):
			unmet = append(unmet, ticket.Unmet{Field: f, Value: value, Reason: fmt.Sprintf("the issue field %q has no option %q", name, value)})
		default:
			values = append(values, fieldValue{known.ID, value})
		}
	}
	return values, unmet, nil
}

// valueOf is the name of the issue field that holds f, "" when none does, and its value.
func (t *Tracker) valueOf(f ticket.Field, want ticket.Fields) (name, value string) {
	switch {
	case f == ticket.FieldDue && t.opt.Due == DueField:
		return t.opt.DueField, string(want.Due)
	case f == ticket.FieldPriority && t.opt.PriorityField != "":
		return t.opt.PriorityField, t.opt.Priorities[want.Priority]
	}
	return "", ""
}

// wantedLabels are all labels of a new ticket: the marker's first.
func (t *Tracker) wantedLabels(f ticket.Fields) []string {
	all := []string{t.opt.Marker, t.kindLabel(f.Kind), t.priorityLabel(f.Priority)}
	return distinct(append(all, f.Labels...))
}

func (t *Tracker) kindLabel(k ticket.Kind) string {
	if t.opt.Types != nil {
		return ""
	}
	return t.opt.Kinds[k]
}

func (t *Tracker) priorityLabel(p ticket.Priority) string {
	if t.opt.PriorityField != "" {
		return ""
	}
	return t.opt.Priorities[p]
}

// badLabels says what cannot be met since its label cannot be there.
func (t *Tracker) badLabels(labels []string, bad map[string]string, f ticket.Fields) (unmet []ticket.Unmet) {
	for _, l := range labels {
		if why := bad[strings.ToLower(l)]; why != "" {
			unmet = append(unmet, t.lostLabel(l, why, f))
		}
	}
	return unmet
}

// lostLabel is what it means that a label is not on the ticket.
func (t *Tracker) lostLabel(label, why string, f ticket.Fields) ticket.Unmet {
	u := ticket.Unmet{Field: ticket.FieldLabels, Value: label, Reason: why}
	switch {
	case strings.EqualFold(label, t.kindLabel(f.Kind)):
		u.Field, u.Value = ticket.FieldKind, string(f.Kind)
	case strings.EqualFold(label, t.priorityLabel(f.Priority)):
		u.Field, u.Value = ticket.FieldPriority, f.Priority.String()
	}
	return u
}

// assignee is the first candidate who can be assigned, and those before as unmet.
func (t *Tracker) assignee(candidates []string) (person, []ticket.Unmet) {
	var unmet []ticket.Unmet
	for _, c := range candidates {
		p, _ := t.known.person(c, t.opt.Now())
		if p.can {
			return p, unmet
		}
		why := c + " cannot be assigned in " + t.full()
		if !isLogin(c) {
			why = c + " is no login of GitHub; list the login under people"
		}
		unmet = append(unmet, ticket.Unmet{Field: ticket.FieldAssignees, Value: c, Reason: why})
	}
	return person{}, unmet
}

// titleMax is the length of a title in characters.
const titleMax = 256

func title(text string) string {
	text = strings.TrimSpace(text)
	if r := []rune(text); len(r) > titleMax {
		return strings.TrimSpace(string(r[:titleMax-3])) + "..."
	}
	return text
}

const dropped = "GitHub dropped it without saying so; the token has no push access to the repository"

// missing compares what an answer holds with what was asked: GitHub drops in silence.
func (t *Tracker) missing(d *draft, s ticket.Seen, it item) []ticket.Unmet {
	unmet := d.unmet
	for _, l := range lacking(d.labels, it.labels) {
		unmet = append(unmet, t.lostLabel(l, dropped, d.Fields))
	}
	if d.person.login != "" && !hasFold(it.assignees, d.person.login) {
		unmet = append(unmet, ticket.Unmet{Field: ticket.FieldAssignees, Value: d.person.login, Reason: dropped})
	}
	if d.typ != "" && !strings.EqualFold(d.typ, it.typ) {
		unmet = append(unmet, ticket.Unmet{Field: ticket.FieldKind, Value: string(d.Fields.Kind), Reason: dropped})
	}
	has := func(f ticket.Field) bool {
		return slices.ContainsFunc(unmet, func(u ticket.Unmet) bool { return u.Field == f })
	}
	if d.Fields.Due != "" && s.Fields.Due == "" && t.opt.Due != DueNone && !has(ticket.FieldDue) {
		unmet = append(unmet, ticket.Unmet{Field: ticket.FieldDue, Value: string(d.Fields.Due), Reason: dropped})
	}
	if d.Fields.Priority != 0 && t.opt.PriorityField != "" && s.Fields.Priority == 0 && !has(ticket.FieldPriority) {
		unmet = append(unmet, ticket.Unmet{Field: ticket.FieldPriority, Value: d.Fields.Priority.String(), Reason: dropped})
	}
	return unmet
}
