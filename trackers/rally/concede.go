package rally

import (
	"context"
	"slices"
	"strings"

	"percolate/ticket"
)

// field is the field that an attribute serves, where a ticket is worth writing without it.
func (d *draft) field(attribute string) (ticket.Field, bool) {
	switch attribute {
	case "Owner":
		return ticket.FieldAssignees, true
	case "Priority":
		return ticket.FieldPriority, true
	case "Description":
		return ticket.FieldBody, true
	case "Tags":
		return ticket.FieldLabels, true
	}
	due := d.t.due[d.typ].attributes()
	return ticket.FieldDue, len(due) > 0 && due[0] == attribute
}

// concede leaves out what Rally refused, where the ticket can do without; false where it
// cannot, or where Rally blames nothing that was sent.
func (d *draft) concede(ctx context.Context, op string, reasons []string) (bool, error) {
	names := blamed(reasons, d.attributes())
	why := strings.Join(reasons, "; ")
	for _, name := range names {
		if _, can := d.field(name); !can || slices.Contains(d.fixed, name) {
			return false, nil
		}
	}
	for _, name := range names {
		if name == "Owner" && len(d.candidates) > 0 {
			d.t.refuses(d.candidates[0], why)
			d.nextCandidate(why)
			if err := d.assign(ctx, op); err != nil {
				return false, err
			}
			continue
		}
		d.leaveOut(name, why)
	}
	return len(names) > 0, nil
}

// leaveOut takes an attribute out of what is sent.
func (d *draft) leaveOut(name, why string) {
	f, _ := d.field(name)
	if f != ticket.FieldAssignees || len(d.asked.Assignees) > 0 {
		d.refuse(f, d.asked.Text(f), why)
	}
	delete(d.fields, name)
	delete(d.adds, name)
	if name == "Description" {
		d.rewrites = false
	}
}

// warned records what Rally says it ignored of what was sent. Whether it ignored
// collections is seen by what the ticket holds.
func (d *draft) warned(warnings []string) {
	why := strings.Join(warnings, "; ")
	for _, name := range ignored(warnings) {
		for _, sent := range d.attributes() {
			f, ours := d.field(sent)
			if !strings.EqualFold(name, sent) || !ours || d.adds[sent] != nil {
				continue
			}
			if !slices.ContainsFunc(d.unmet, func(u ticket.Unmet) bool { return u.Field == f }) {
				d.refuse(f, d.asked.Text(f), why)
			}
		}
	}
}
