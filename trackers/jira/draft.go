package jira

import (
	"context"
	"maps"
	"slices"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

// draft is a ticket on its way into Jira: what will be sent, and what cannot be.
type draft struct {
	t          *Tracker
	kind       Deployment
	project    string
	screen     screen
	body       update
	unmet      []ticket.Unmet
	candidates []string // who may still be tried as assignee, the one in body first
	asked      ticket.Fields
	above      string     // the field that puts the ticket below its parent, if one does
	parent     ticket.Ref // that parent
	edits      bool       // an update, not a new ticket
}

// titleMax is the length of a summary in Jira, textMax that of other texts.
const (
	titleMax = 254
	textMax  = 32767
)

// unmetField records a value that Jira will not take.
func (d *draft) unmetField(f ticket.Field, value, why string) {
	d.unmet = append(d.unmet, ticket.Unmet{Field: f, Value: value, Reason: why, At: d.t.opt.Now()})
}

// compose is the draft of a new ticket. An error means that it cannot be filed at all.
func (t *Tracker) compose(ctx context.Context, kind Deployment, c trackers.Creation, screens map[slot]screen, ids fieldIDs) (*draft, error) {
	of := c.Fields.Kind
	if c.Key.IsParent() {
		of = ticket.KindParent
	}
	s, ok := screens[slot{of, c.Parent == ""}]
	if !ok {
		return nil, t.fail("create", trackers.Invalid, "no type is configured for the kind %q", of)
	}
	d := &draft{t: t, kind: kind, project: t.projectOf(of), screen: s, asked: c.Fields.Sum(), body: update{Fields: map[string]any{}, Update: map[string][]op{}}}
	d.body.Fields["project"] = map[string]any{"key": d.project}
	d.body.Fields["issuetype"] = map[string]any{"id": s.typ.ID}
	for id, v := range s.values {
		d.body.Fields[id] = v
	}
	if err := d.mark(c.Key, c.Fields.Labels); err != nil {
		return nil, err
	}
	if err := d.below(ctx, c.Parent, of, ids); err != nil {
		return nil, err
	}
	if ids.EpicName != "" && of == ticket.KindParent && t.opt.Hierarchy == Epic {
		d.body.Fields[ids.EpicName] = title(c.Fields.Title)
	}
	return d, d.fill(ctx, c.Fields)
}

// mark sets the labels, with those of the marker, and the property.
func (d *draft) mark(key ticket.Key, labels []string) error {
	marks, err := d.t.marks.labels(key)
	if err != nil {
		return d.t.fail("create", trackers.Invalid, "%w", err)
	}
	if _, ok := d.screen.fields["labels"]; !ok {
		return d.t.fail("create", trackers.Invalid, "type %s has no labels on its create screen, and without them its tickets could not be found again", d.screen.typ.Name)
	}
	good, bad := d.t.goodLabels(labels)
	d.body.Fields["labels"] = append(good, marks...)
	if len(bad) > 0 {
		d.unmetField(ticket.FieldLabels, strings.Join(bad, ", "), "Jira takes no such labels")
	}
	d.body.Properties = []propertyOfIssue{{property, key}}
	return nil
}

// goodLabels are the labels that Jira takes, and those it does not.
func (t *Tracker) goodLabels(labels []string) (good, bad []string) {
	for _, l := range labels {
		switch {
		case l == "" || strings.ContainsAny(l, " \t\r\n") || len(l) > labelMax || t.marks.ours(l):
			bad = append(bad, l)
		case !slices.Contains(good, l):
			good = append(good, l)
		}
	}
	return good, bad
}

// below hangs the ticket below its parent, as the hierarchy says.
func (d *draft) below(ctx context.Context, parent ticket.Ref, of ticket.Kind, ids fieldIDs) error {
	switch {
	case parent == "":
		return nil
	case d.t.opt.Hierarchy == Link:
		if _, ok := d.screen.fields["issuelinks"]; ok {
			d.body.Update["issuelinks"] = []op{{"add": map[string]any{
				"type": named{Name: d.t.opt.LinkType}, "outwardIssue": named{ID: string(parent)},
			}}}
		}
		return nil
	case ids.EpicLink != "" && d.t.opt.Hierarchy == Epic:
		key, err := d.t.keyOf(ctx, "create", parent)
		if err != nil {
			return err
		}
		d.hang(ids.EpicLink, key, parent)
		return nil
	}
	d.hang("parent", named{ID: string(parent)}, parent)
	return nil
}

// hang sets the field that puts the ticket below its parent.
func (d *draft) hang(field string, value any, parent ticket.Ref) {
	d.body.Fields[field] = value
	d.above, d.parent = field, parent
}

// fill sets the fields that the screen has, and records the others.
func (d *draft) fill(ctx context.Context, v ticket.Fields) error {
	d.body.Fields["summary"] = title(v.Title)
	if v.Body != "" && d.on("description", ticket.FieldBody, "our part of the text") {
		d.body.Fields["description"] = embed("", v.Body)
	}
	if v.Due != "" && d.on("duedate", ticket.FieldDue, string(v.Due)) {
		d.body.Fields["duedate"] = v.Due
	}
	if v.Priority != ticket.PriorityNone && d.on("priority", ticket.FieldPriority, v.Priority.String()) {
		if p, why := d.t.priority(v.Priority, d.screen); why != "" {
			d.unmetField(ticket.FieldPriority, v.Priority.String(), why)
		} else {
			d.body.Fields["priority"] = p
		}
	}
	if _, ok := d.screen.fields["assignee"]; !ok && len(v.Assignees) == 0 {
		return nil
	}
	if len(v.Assignees) == 0 || d.on("assignee", ticket.FieldAssignees, v.Assignees[0]) {
		d.candidates = v.Assignees
		return d.assign(ctx, "create")
	}
	return nil
}

// on reports whether the field is on the screen.
func (d *draft) on(id string, f ticket.Field, value string) bool {
	_, ok := d.screen.fields[id]
	if !ok {
		d.unmetField(f, value, "type "+d.screen.typ.Name+" has no field "+id+" on its create screen")
	}
	return ok
}

// assign takes the first candidate that can be assigned. Those before are unmet. Without
// one a new ticket is nobody's, and one that is filed stays with whom it is.
func (d *draft) assign(ctx context.Context, op string) error {
	delete(d.body.Fields, "assignee")
	for len(d.candidates) > 0 {
		f, err := d.t.assignable(ctx, op, d.project, d.candidates[0])
		if err != nil {
			return err
		}
		if f.why == "" {
			d.body.Fields["assignee"] = person(d.kind, f.account)
			return nil
		}
		d.nextCandidate(f.why)
	}
	if !d.edits {
		d.body.Fields["assignee"] = nil // else Jira may take the project's lead for the owner
	}
	return nil
}

func (d *draft) nextCandidate(why string) {
	d.unmetField(ticket.FieldAssignees, d.candidates[0], why)
	d.candidates = d.candidates[1:]
}

// priority is what Jira calls a priority: the first of our names that the screen allows.
func (t *Tracker) priority(p ticket.Priority, s screen) (any, string) {
	names := t.opt.Priorities[p]
	allowed := s.fields["priority"].Allowed
	for _, name := range names {
		for _, a := range allowed {
			if strings.EqualFold(a.Name, name) || a.ID == name {
				return named{ID: a.ID}, ""
			}
		}
	}
	if len(allowed) > 0 || len(names) == 0 {
		return nil, "no priority of this Jira is configured as " + p.String()
	}
	return named{Name: names[0]}, ""
}

// title is one line that Jira takes as a summary.
func title(text string) string {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(text))
	if r := []rune(text); len(r) > titleMax {
		return strings.TrimSpace(string(r[:titleMax-3])) + "..."
	}
	return text
}

// optional are the fields without which a ticket is still worth writing.
func (d *draft) optional(id string) (ticket.Field, bool) {
	switch id {
	case "description":
		return ticket.FieldBody, true
	case "priority":
		return ticket.FieldPriority, true
	case "duedate":
		return ticket.FieldDue, true
	case "assignee":
		return ticket.FieldAssignees, true
	case "issuetype":
		return ticket.FieldKind, d.edits
	case "labels":
		return ticket.FieldLabels, d.edits
	case d.above: // a sub-task cannot be created without
		return ticket.FieldParent, d.edits || !d.screen.typ.Subtask
	}
	return "", false
}

// blamed are the fields that Jira refused, by the ids under which we sent them.
func blamed(refused map[string]string) map[string]string {
	out := maps.Clone(refused)
	if why, ok := out["parentId"]; ok { // which is how Cloud calls a parent that does not fit
		delete(out, "parentId")
		out["parent"] = why
	}
	return out
}

// asking is what was asked of a field, as people would read it.
func (d *draft) asking(f ticket.Field) string {
	if f == ticket.FieldParent {
		return d.t.nameOf(d.parent)
	}
	return d.asked.Text(f)
}

// concede leaves out what Jira refused, where the ticket can do without; false where it
// cannot, or where nothing that it refused was sent.
func (d *draft) concede(ctx context.Context, op string, refused map[string]string) (bool, error) {
	refused = blamed(refused)
	for id := range refused {
		_, can := d.optional(id)
		_, set := d.body.Fields[id]
		_, changed := d.body.Update[id]
		if !can || !set && !changed {
			return false, nil
		}
	}
	for id, why := range refused {
		f, _ := d.optional(id)
		if f == ticket.FieldAssignees && len(d.candidates) > 0 {
			d.nextCandidate(d.t.rest.Scrub(why))
			if err := d.assign(ctx, op); err != nil {
				return false, err
			}
			continue
		}
		if f != ticket.FieldAssignees { // a project may want everything to be somebody's
			d.unmetField(f, d.asking(f), d.t.rest.Scrub(why))
		}
		delete(d.body.Fields, id)
		delete(d.body.Update, id)
	}
	return len(refused) > 0, nil
}
