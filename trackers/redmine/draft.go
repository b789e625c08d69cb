package redmine

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"percolate/ticket"
)

// draft is what will be written into an issue, and what cannot be. Values are texts;
// "" clears. Names are those of Redmine's API, and numbers those of custom fields.
type draft struct {
	t      *Tracker
	values map[string]string
	custom map[int]string
	labels []string // that must be there afterwards
	asked  ticket.Fields
	unmet  []ticket.Unmet

	// candidates are who may still be tried as assignee, the one in values first.
	candidates []candidate
}

// candidate is a member and how the configuration calls them.
type candidate struct {
	number  int
	account string
}

func (t *Tracker) newDraft(asked ticket.Fields) *draft {
	return &draft{t: t, values: map[string]string{}, custom: map[int]string{}, asked: asked}
}

// titleMax is the length of a subject in Redmine.
const titleMax = 255

// title is one line that Redmine takes as a subject.
func title(text string) string {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(text))
	if r := []rune(text); len(r) > titleMax {
		return strings.TrimSpace(string(r[:titleMax-3])) + "..."
	}
	return text
}

// without is the draft with some values left out: a request that is sent once more.
func (d *draft) without(names []string) *draft {
	less := *d
	less.values, less.custom, less.unmet = map[string]string{}, map[int]string{}, slices.Clone(d.unmet)
	for name, v := range d.values {
		if !slices.Contains(names, name) {
			less.values[name] = v
		}
	}
	for number, v := range d.custom {
		if !slices.Contains(names, customName(number)) {
			less.custom[number] = v
		}
	}
	return &less
}

func customName(number int) string { return "cf_" + strconv.Itoa(number) }

func (d *draft) empty() bool { return len(d.values)+len(d.custom) == 0 }

// body is the draft as Redmine takes it. An empty text clears every kind of field.
func (d *draft) body() map[string]any {
	in := map[string]any{}
	for name, v := range d.values {
		in[name] = v
	}
	var custom []map[string]any
	for number, v := range d.custom {
		custom = append(custom, map[string]any{"id": number, "value": v})
	}
	if custom != nil {
		in["custom_fields"] = custom
	}
	return map[string]any{"issue": in}
}

// unmetField records a value that Redmine will not take.
func (d *draft) unmetField(f ticket.Field, value, why string) {
	d.unmet = append(d.unmet, ticket.Unmet{Field: f, Value: value, Reason: why, At: d.t.opt.Now()})
}

// assign takes the first candidate that is a member of the project. Those before are unmet.
func (d *draft) assign(ctx context.Context, op, project string, accounts []string) error {
	for _, account := range accounts {
		number, why, err := d.t.assignable(ctx, op, project, account)
		if err != nil {
			return err
		}
		if why != "" && len(d.candidates) == 0 {
			d.unmetField(ticket.FieldAssignees, account, why)
		}
		if why == "" {
			d.candidates = append(d.candidates, candidate{number, account})
		}
	}
	if len(d.candidates) > 0 {
		d.values["assigned_to_id"] = strconv.Itoa(d.candidates[0].number)
	}
	return nil
}

// prioritise sets the priority, or says why it cannot be set.
func (d *draft) prioritise(f facts, p ticket.Priority) {
	number, why := d.t.priority(f, p)
	if why != "" {
		d.unmetField(ticket.FieldPriority, p.String(), why)
		return
	}
	d.values["priority_id"] = strconv.Itoa(number)
}

// label puts labels where they belong: into the custom field, or into the text, which
// is returned.
func (d *draft) label(whole string, labels []string) string {
	text := strings.Join(labels, ", ")
	if d.t.opt.LabelsField != 0 {
		d.custom[d.t.opt.LabelsField] = text
		return whole
	}
	if text != "" {
		text = "Labels: " + text
	}
	return withLine(whole, labelsLine, text)
}

// goodLabels are the labels that a list with commas can hold, and those it cannot.
func goodLabels(labels []string) (good, bad []string) {
	for _, l := range labels {
		switch {
		case strings.TrimSpace(l) != l || l == "" || strings.ContainsAny(l, ",\r\n"):
			bad = append(bad, l)
		case !slices.Contains(good, l):
			good = append(good, l)
		}
	}
	return good, bad
}

// fieldOf is which of our fields a value of Redmine's serves. What serves none is either
// needed or not worth a word.
func (d *draft) fieldOf(name string) (ticket.Field, bool) {
	switch name {
	case "assigned_to_id":
		return ticket.FieldAssignees, true
	case "due_date":
		return ticket.FieldDue, true
	case "priority_id":
		return ticket.FieldPriority, true
	case "description":
		return ticket.FieldBody, true
	case "tracker_id":
		return ticket.FieldKind, true
	case "subject":
		return ticket.FieldTitle, true
	case "parent_issue_id":
		return ticket.FieldParent, true
	case customName(d.t.opt.LabelsField):
		return ticket.FieldLabels, true
	}
	return "", false
}

// wantedText is what was asked of a field.
func (d *draft) wantedText(f ticket.Field) string {
	switch {
	case f == ticket.FieldAssignees && len(d.candidates) > 0:
		return d.candidates[0].account
	case f == ticket.FieldBody:
		return "" // too long for a line
	case f == ticket.FieldParent:
		return d.t.nameOf(d.values["parent_issue_id"])
	case f == ticket.FieldLabels:
		return strings.Join(d.labels, ", ")
	}
	return d.asked.Text(f)
}

// quiet reasons of Redmine, which drops values without a word.
const (
	whyDerived = "Redmine kept its own: it takes this from the tickets below, or the account's role must not set it"
	whyDropped = "Redmine kept its own: the account's role must not set it, or the tracker has no such field"
	whyLoose   = "Redmine did not put it there: the account's role must be allowed to manage subtasks, and the tracker must have parent tasks"
)

// compare finds what Redmine dropped without a word.
func (d *draft) compare(is issue) {
	for _, name := range []string{"tracker_id", "subject", "description", "priority_id", "due_date", "assigned_to_id", "parent_issue_id"} {
		want, sent := d.values[name]
		if !sent || want == is.value(name) {
			continue
		}
		f, _ := d.fieldOf(name)
		why := whyDropped
		switch f {
		case ticket.FieldDue, ticket.FieldPriority:
			why = whyDerived
		case ticket.FieldParent:
			why = whyLoose
		}
		d.unmetField(f, d.wantedText(f), why)
	}
	have := d.t.labels(is)
	if lost := slices.DeleteFunc(slices.Clone(d.labels), func(l string) bool { return slices.Contains(have, l) }); len(lost) > 0 {
		d.unmetField(ticket.FieldLabels, strings.Join(lost, ", "), whyDropped)
	}
}

// value is one of an issue's values in the form in which drafts have them.
func (is issue) value(name string) string {
	switch name {
	case "tracker_id":
		return number(is.Tracker)
	case "subject":
		return is.Subject
	case "description":
		return oneLineEnd(is.Description)
	case "priority_id":
		return number(is.Priority)
	case "due_date":
		return is.Due
	case "assigned_to_id":
		return number(is.Assignee)
	case "parent_issue_id":
		return number(is.Parent)
	}
	return ""
}

func number(th thing) string {
	if th.ID == 0 {
		return ""
	}
	return strconv.Itoa(th.ID)
}

// oneLineEnd is text with "\n" as line end, where Redmine stores "\r\n".
func oneLineEnd(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
