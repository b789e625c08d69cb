package plan

import (
	"maps"
	"slices"
	"strings"
	"time"

	"percolate/ticket"
)

// The decision for one field of one ticket that is filed. Wanted is compared with
// what was asked, and seen with what was got; wanted is never compared with seen,
// but for agreement. Trackers cut titles, wrap text and drop labels, and this way
// nothing of that is ever taken for a change.
//
//	document   tracker    theirs          ours       once
//	same       same       -               -          -
//	changed    same       set             set        -
//	same       changed    keep            set back   keep
//	changed    changed    keep, conflict  set        keep
//
// Whether the document changed a field is told by the field's basis, the document's
// own values that it is made of: a new template or policy changes no basis.

// decision collects what is decided for one ticket.
type decision struct {
	wanted ticket.Wanted
	link   ticket.Link // as remembered, with what was learned
	seen   ticket.Seen // a sum
	policy Policy
	opts   Options
	now    time.Time
	fixed  bool // the tracker cannot change a kind

	sum      ticket.Fields // what is wanted, as it is remembered
	patch    ticket.Patch
	changes  []Change
	reason   string
	findings []ticket.Finding
	learned  bool
}

// decide compares all fields and returns what is to be done.
func (d *decision) decide() {
	d.sum = d.wanted.Fields.Sum()
	for _, f := range ticket.AllFields() {
		switch {
		case f == ticket.FieldAssignees && d.opts.NoAssign:
		case f == ticket.FieldLabels:
			d.labels()
		default:
			d.field(f)
		}
	}
}

func (d *decision) field(f ticket.Field) {
	wanted, asked := d.sum, d.link.Asked
	documentChanged := d.documentChanged(f)
	trackerChanged := d.seen.Fields.Text(f) != d.link.Got.Text(f)
	unmet, isUnmet := d.link.UnmetOf(f)

	mode := d.policy.mode(f)
	setBack := trackerChanged && mode == Ours

	switch {
	case documentChanged && wanted.Text(f) == asked.Text(f) && !isUnmet && !setBack:
		d.learn(f, false) // other words in the document, the same value
	case documentChanged && d.agrees(f):
		d.learn(f, true)
	case documentChanged && isUnmet && trackerChanged && !setBack && d.refused(unmet, wanted.Text(f)):
		d.learn(f, false) // a person gave it a value, which settles what was refused
	case documentChanged && isUnmet && (mode == Once || d.tooEarly(unmet, wanted.Text(f), d.policy.Basis)):
		d.unmet(unmet)
	case documentChanged && mode == Once:
	case f == ticket.FieldKind && d.fixed && (documentChanged || setBack):
		d.unmet(ticket.Unmet{Field: f, Value: wanted.Text(f), Reason: "this tracker cannot change the type of a filed ticket"})
	case documentChanged && trackerChanged && mode == Theirs:
		d.conflict(f)
	case setBack:
		d.set(f, "changed in the tracker, and the policy is to set it back")
	case documentChanged:
		d.set(f, "document changed, nobody touched the ticket")
	case isUnmet:
		d.unmet(unmet)
	}
}

// documentChanged reports whether the document changed the field since it was asked,
// or a rewrite of all that differs was ordered.
func (d *decision) documentChanged(f ticket.Field) bool {
	if d.wanted.Basis[f] != d.link.Basis[f] {
		return true
	}
	if !d.opts.Rerender || d.wanted.Basis[f] == ticket.BasisPolicy {
		return false
	}
	return d.sum.Text(f) != d.link.Asked.Text(f)
}

// agrees reports whether the tracker has already what the document wants.
func (d *decision) agrees(f ticket.Field) bool {
	wanted, seen := d.sum, d.seen.Fields
	if f == ticket.FieldAssignees && len(seen.Assignees) > 0 {
		return !slices.ContainsFunc(seen.Assignees, func(a string) bool { return !containsFold(wanted.Assignees, a) })
	}
	return wanted.Text(f) == seen.Text(f)
}

// learn moves the memory of a field without any write: what was asked always, what
// was got only when both sides agree, so that a value of a person's stays theirs.
func (d *decision) learn(f ticket.Field, got bool) {
	d.link.Asked.Take(f, d.sum)
	if got {
		d.link.Got.Take(f, d.seen.Fields)
	}
	d.link.Basis = withBasis(d.link.Basis, f, d.wanted.Basis[f])
	d.settled(f)
}

// settled forgets that a value of the field was refused.
func (d *decision) settled(f ticket.Field) {
	d.link.Unmet = slices.DeleteFunc(slices.Clone(d.link.Unmet), func(u ticket.Unmet) bool { return u.Field == f })
	d.learned = true
}

func (d *decision) set(f ticket.Field, reason string) {
	d.reason = reason
	d.patch.Set = append(d.patch.Set, f)
	d.patch.To.Take(f, d.wanted.Fields)
	d.changes = append(d.changes, Change{Field: f, From: d.seen.Fields.Text(f), To: d.wanted.Fields.Text(f)})
}

// refused reports whether the wanted value is the one that was refused. One that policy
// gives may differ from day to day and is the same all the same.
func (d *decision) refused(u ticket.Unmet, wanted string) bool {
	return u.Value == wanted || d.wanted.Basis[u.Field] == ticket.BasisPolicy
}

// tooEarly reports whether a refused value is not to be tried again yet, its basis being
// this one now.
func (d *decision) tooEarly(u ticket.Unmet, wanted, basis string) bool {
	return !u.Again && d.refused(u, wanted) && (u.Basis == basis || d.now.Sub(u.At) < RetryUnmet)
}

func (d *decision) unmet(u ticket.Unmet) {
	d.findings = append(d.findings, UnmetFinding(d.link, u, d.wanted.Place))
}

// UnmetFinding tells people of a value that the tracker refused or dropped.
func UnmetFinding(l ticket.Link, u ticket.Unmet, place ticket.Place) ticket.Finding {
	return ticket.Finding{
		Kind: ticket.FindUnmet, Key: l.Key, Tracker: l.Tracker, Ref: l.Ref, Name: l.Name,
		Field: u.Field, Text: string(u.Field) + " " + quote(u.Value) + ": " + u.Reason, Place: place,
	}
}

func (d *decision) conflict(f ticket.Field) {
	key := d.link.Key.String()
	text := string(f) + ": changed in the tracker, and the document changed it too"
	if f != ticket.FieldBody {
		text = string(f) + ": now " + quote(d.seen.Fields.Text(f)) + " in the tracker, the document now says " + quote(d.wanted.Fields.Text(f))
	}
	d.find(ticket.FindConflict, f, text, "percolate resolve "+ShellWord(key)+" "+string(f)+" --keep tracker|document")
}

func (d *decision) find(kind ticket.FindingKind, f ticket.Field, text, mend string) {
	d.findings = append(d.findings, ticket.Finding{
		Kind: kind, Key: d.link.Key, Tracker: d.link.Tracker, Ref: d.link.Ref, Name: d.link.Name,
		Field: f, Text: text, Mend: mend, Place: d.wanted.Place,
	})
}

// labels are decided one by one, since people and tools add their own beside ours:
// we add what the document added, drop what it dropped, and touch no other.
func (d *decision) labels() {
	mode := d.policy.mode(ticket.FieldLabels)
	changed := d.documentChanged(ticket.FieldLabels)
	if changed && mode != Once {
		d.addLabels(minus(d.wanted.Fields.Labels, d.link.Asked.Labels))
		d.dropLabels(minus(d.link.Asked.Labels, d.wanted.Fields.Labels))
	}
	if mode == Ours {
		d.addLabels(common(common(d.wanted.Fields.Labels, d.link.Asked.Labels), d.link.Got.Labels))
	}
	d.refusedLabels(mode)
	added, dropped := d.patch.AddLabels, d.patch.DropLabels
	switch {
	case len(added)+len(dropped) > 0:
		if d.reason == "" {
			d.reason = "the document's labels changed"
		}
		d.changes = append(d.changes, Change{Field: ticket.FieldLabels, From: signed("-", dropped), To: signed("+", added)})
	case changed && mode != Once:
		d.learn(ticket.FieldLabels, true)
	}
}

// refusedLabels shows those that are still wanted and not there, or tries them again.
func (d *decision) refusedLabels(mode Mode) {
	u, ok := d.link.UnmetOf(ticket.FieldLabels)
	if !ok {
		return
	}
	refused := minus(common(strings.Split(u.Value, ", "), d.wanted.Fields.Labels), d.seen.Fields.Labels)
	switch {
	case len(refused) == 0:
		d.settled(ticket.FieldLabels)
	case mode == Once || d.tooEarly(u, u.Value, d.policy.Basis):
		d.patch.AddLabels = minus(d.patch.AddLabels, refused)
		u.Value = strings.Join(refused, ", ")
		d.unmet(u)
	default:
		d.addLabels(refused)
	}
}

func (d *decision) addLabels(labels []string) {
	d.patch.AddLabels = append(d.patch.AddLabels, minus(minus(labels, d.seen.Fields.Labels), d.patch.AddLabels)...)
}

func (d *decision) dropLabels(labels []string) {
	d.patch.DropLabels = append(d.patch.DropLabels, common(d.seen.Fields.Labels, labels)...)
}

// settleTrying learns, field by field, what landed of an update whose end is not
// known. A value that moved and resembles what we sent is ours; one that did not
// move was not written; anything else is a person's, and the table above decides.
func (d *decision) settleTrying() {
	t := d.link.Trying
	if t.IsZero() {
		return
	}
	for _, f := range t.Set {
		moved := d.seen.Fields.Text(f) != d.link.Got.Text(f)
		if moved && resembles(f, t.To, d.seen.Fields) {
			d.link.Asked.Take(f, t.To.Sum())
			d.link.Got.Take(f, d.seen.Fields)
			// What the document said then is not known: what it says now is compared by value.
			d.link.Basis = maps.Clone(d.link.Basis)
			delete(d.link.Basis, f)
		}
	}
	d.link.Trying = ticket.Patch{}
	d.learned = true
}

// resembles reports whether seen may be what a tracker made of the value we sent: the
// same, cut short, or in other case.
func resembles(f ticket.Field, sent, seen ticket.Fields) bool {
	switch f {
	case ticket.FieldTitle:
		a, b := ticket.FoldText(sent.Title), strings.TrimRight(ticket.FoldText(seen.Title), ".\u2026 ")
		return b != "" && strings.HasPrefix(a, b)
	case ticket.FieldAssignees:
		if len(seen.Assignees) == 0 {
			return len(sent.Assignees) == 0
		}
		return containsFold(sent.Assignees, seen.Assignees[0])
	default:
		return sent.Sum().Text(f) == seen.Sum().Text(f)
	}
}
