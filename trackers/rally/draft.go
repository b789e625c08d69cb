package rally

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

// nameMax is the length of a name in Rally, in characters.
const nameMax = 256

// draft is a ticket on its way into Rally: what will be sent, and what cannot be.
type draft struct {
	t    *Tracker
	typ  kindOf
	base artifact // the ticket as it stands; empty for a new one

	fields   map[string]any
	whole    string // the description
	rewrites bool   // the description is sent
	adds     map[string][]string
	drops    map[string][]string

	unmet      []ticket.Unmet
	candidates []string // who may still be tried as owner, the one in fields first
	asked      ticket.Fields
	fixed      []string // attributes that the configuration gives a value
}

func (t *Tracker) newDraft(typ kindOf, asked ticket.Fields) *draft {
	return &draft{t: t, typ: typ, asked: asked.Sum(), fields: map[string]any{}, adds: map[string][]string{}, drops: map[string][]string{}}
}

// refuse records a value that Rally will not take.
func (d *draft) refuse(f ticket.Field, value, why string) {
	d.unmet = append(d.unmet, ticket.Unmet{Field: f, Value: value, Reason: d.t.rest.Scrub(why), At: d.t.opt.Now()})
}

// add puts a ref into a collection, and drop takes one out.
func (d *draft) add(collection, ref string)  { d.adds[collection] = append(d.adds[collection], ref) }
func (d *draft) drop(collection, ref string) { d.drops[collection] = append(d.drops[collection], ref) }

// compose is the draft of a new ticket. An error means that it cannot be filed at all.
func (t *Tracker) compose(ctx context.Context, c trackers.Creation) (*draft, error) {
	kind := c.Fields.Kind
	if c.Key.IsParent() {
		kind = ticket.KindParent
	}
	d := t.newDraft(typeOf(kind), c.Fields)
	if err := d.fix(ctx, kind); err != nil {
		return nil, err
	}
	d.fields["Name"] = title(c.Fields.Title)
	d.fields["Notes"] = t.marks.notes(c.Key)
	d.fields["Project"] = "/project/" + t.opt.Project
	if c.Parent != "" {
		d.below(c.Parent)
	}
	set := []ticket.Field{ticket.FieldDue, ticket.FieldBody, ticket.FieldPriority, ticket.FieldAssignees}
	for _, f := range set {
		if c.Fields.Text(f) == "" {
			continue
		}
		if err := d.set(ctx, "create", f, c.Fields); err != nil {
			return nil, err
		}
	}
	if err := d.severity(ctx, c.Fields.Priority); err != nil {
		return nil, err
	}
	return d, d.addLabels(ctx, "create", c.Fields.Labels, true)
}

// fix sets the values that the configuration gives.
func (d *draft) fix(ctx context.Context, kind ticket.Kind) error {
	for _, v := range d.t.opt.Values {
		if v.Kinds != nil && !slices.Contains(v.Kinds, kind) {
			continue
		}
		all, err := d.t.attributes(ctx, "create", d.typ)
		if err != nil {
			return err
		}
		a := all[strings.ToLower(v.Field)]
		if a.Element == "" {
			return d.t.fail("create", trackers.Invalid, "%s has no attribute %s, which the configuration gives a value", d.typ.element(), v.Field)
		}
		d.fields[a.Element] = a.shape(v.Value)
		d.fixed = append(d.fixed, a.Element)
	}
	return nil
}

// shape is a text as a value of the attribute.
func (a attribute) shape(text string) any {
	switch a.Type {
	case "BOOLEAN":
		if b, err := strconv.ParseBool(text); err == nil {
			return b
		}
	case "INTEGER":
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
	case "DECIMAL", "QUANTITY":
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	}
	return text
}

// below puts the ticket below a story.
func (d *draft) below(parent ticket.Ref) {
	attribute := "Parent"
	if d.typ == defectType {
		attribute = "Requirement"
	}
	d.fields[attribute] = path(string(storyType), oidOf(parent))
}

// set puts one field into the draft; an empty value clears it.
func (d *draft) set(ctx context.Context, op string, f ticket.Field, to ticket.Fields) error {
	switch f {
	case ticket.FieldTitle:
		d.fields["Name"] = title(to.Title)
	case ticket.FieldBody:
		d.whole, d.rewrites = d.t.writer.embed(d.whole, to.Body), true
	case ticket.FieldDue:
		why, err := d.t.due[d.typ].write(ctx, op, d, to.Due)
		if why != "" {
			d.refuse(f, string(to.Due), why)
		}
		return err
	case ticket.FieldPriority:
		return d.priority(ctx, op, to.Priority)
	case ticket.FieldAssignees:
		if len(to.Assignees) == 0 {
			d.fields["Owner"] = nil
			return nil
		}
		d.candidates = to.Assignees
		return d.assign(ctx, op)
	case ticket.FieldKind:
		if typeOf(to.Kind) != d.typ {
			d.refuse(f, string(to.Kind), "Rally cannot make a defect of a story, or a story of a defect")
		}
	}
	return nil
}

// priority sets what the workspace calls a priority.
func (d *draft) priority(ctx context.Context, op string, p ticket.Priority) error {
	if d.typ == storyType {
		if p != ticket.PriorityNone && op != "create" {
			d.refuse(ticket.FieldPriority, p.String(), "a story has no priority in Rally")
		}
		return nil
	}
	if p == ticket.PriorityNone {
		d.fields["Priority"] = "None"
		return nil
	}
	allowed, err := d.t.allowed(ctx, op, d.typ, "Priority")
	if err != nil {
		return err
	}
	name, ok := pick(d.t.opt.Priorities[p], allowed)
	if !ok {
		d.refuse(ticket.FieldPriority, p.String(), "the workspace has none of the names configured for it")
		return nil
	}
	d.fields["Priority"] = name
	return nil
}

// severity sets the severity of a new defect, where the configuration names one.
func (d *draft) severity(ctx context.Context, p ticket.Priority) error {
	names := d.t.opt.Severities[p]
	if d.typ == storyType || len(names) == 0 {
		return nil
	}
	allowed, err := d.t.allowed(ctx, "create", d.typ, "Severity")
	if name, ok := pick(names, allowed); ok && err == nil {
		d.fields["Severity"] = name
	}
	return err
}

// assign takes the first candidate that can own it. Those before are unmet. Without one
// a new ticket is nobody's, and one that is filed stays with whom it is.
func (d *draft) assign(ctx context.Context, op string) error {
	delete(d.fields, "Owner")
	for len(d.candidates) > 0 {
		found, err := d.t.owner(ctx, op, d.candidates[0])
		if err != nil {
			return err
		}
		if found.why == "" {
			d.fields["Owner"] = found.ref
			return nil
		}
		d.nextCandidate(found.why)
	}
	return nil
}

func (d *draft) nextCandidate(why string) {
	d.refuse(ticket.FieldAssignees, d.candidates[0], why)
	d.candidates = d.candidates[1:]
}

// addLabels adds tags, and that of the marker to a new ticket.
func (d *draft) addLabels(ctx context.Context, op string, labels []string, marker bool) error {
	good, bad := d.t.goodLabels(labels)
	if len(bad) > 0 {
		d.refuse(ticket.FieldLabels, strings.Join(bad, ", "), "such a tag means something else to percolate")
	}
	if marker {
		good = append(good, d.t.marks.tag)
	}
	if len(good) == 0 {
		return nil
	}
	refs, refused, err := d.t.tags.ensure(ctx, d.t, op, good)
	d.adds["Tags"] = append(d.adds["Tags"], refs...)
	for _, l := range labels {
		if why, no := refused[l]; no { // not everybody may make tags
			d.refuse(ticket.FieldLabels, l, why)
		}
	}
	return err
}

// goodLabels are the labels that can be tags, and those that mean something else.
func (t *Tracker) goodLabels(labels []string) (good, bad []string) {
	for _, l := range labels {
		switch {
		case strings.TrimSpace(l) != l || l == "" || len(l) > nameMax || l == t.marks.tag || t.folds.speaks(l):
			bad = append(bad, l)
		case !slices.Contains(good, l):
			good = append(good, l)
		}
	}
	return good, bad
}

// attributes are the names of what the draft sets.
func (d *draft) attributes() []string {
	names := slices.Collect(maps.Keys(d.fields))
	if d.rewrites {
		names = append(names, "Description")
	}
	return append(names, slices.Collect(maps.Keys(d.adds))...)
}

// body is the draft as Rally wants it, with its collections where those can be carried.
func (d *draft) body(collections bool) map[string]any {
	body := maps.Clone(d.fields)
	if d.rewrites {
		body["Description"] = d.whole
	}
	if !collections {
		return body
	}
	for name, refs := range d.adds {
		items := make([]map[string]string, len(refs))
		for i, ref := range refs {
			items[i] = map[string]string{"_ref": ref}
		}
		body[name] = items
	}
	return body
}

// empty reports whether nothing is to be sent beside collections.
func (d *draft) empty() bool { return len(d.fields) == 0 && !d.rewrites }

// title is one line that Rally takes as a name.
func title(text string) string {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(text))
	if r := []rune(text); len(r) > nameMax {
		return strings.TrimSpace(string(r[:nameMax-3])) + "..."
	}
	return text
}
