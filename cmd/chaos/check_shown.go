package main

import (
	"slices"
	"strings"
	"time"
)

// lossesAreShown: what was deleted, and what nobody can own, is a finding.
func (r *run) lossesAreShown(s *scene) {
	for _, d := range r.docs {
		if d.missing {
			continue
		}
		for _, a := range d.actions {
			ref := r.deletedRef(s, a.word)
			if ref != "" && !r.finishedWhenDeleted(s, a.word) && !s.shows("gone", d.id, s.keyOf(d, a, ref)) {
				r.violate("never silently: the ticket of %s %s was deleted, and nothing says so", d.id, a.word)
			}
			i, ok := r.sole(s, a.word)
			if ok && a.owner == stranger && !i.finished() && !s.shows("unowned", d.id, s.keyOf(d, a, i.Ref)) {
				r.violate("never silently: nobody can own %s of %s, and nothing says so", i.Name, d.id)
			}
		}
		for _, a := range d.removed {
			unclear := slices.ContainsFunc(s.findings, func(f finding) bool { return f.Kind == "unclear" && f.Key.Document == d.id })
			if i, ok := r.sole(s, a.word); ok && !unclear && !s.retired(i.Ref) {
				r.violate("never silently: %s left %s, and the report does not say so of %s", a.word, d.id, i.Name)
			}
		}
	}
}

// deletedRef is the one ticket of a word when it was deleted and nobody copied it.
func (r *run) deletedRef(s *scene, word string) string {
	tickets := s.byWord[word]
	if len(tickets) != 1 || !tickets[0].Deleted || r.copied(tickets[0].Ref) {
		return ""
	}
	if r.ledger.allowed[word] > 0 {
		return "" // percolate may never have known of it
	}
	return tickets[0].Ref
}

func (s *scene) retired(ref string) bool {
	for _, a := range s.report.Actions {
		if sameTicket(a.Ref, ref) {
			return a.State == "retired"
		}
	}
	return false
}

// conflictsAreShown: where a person changed a field and an author did so later, percolate
// asks who is right.
func (r *run) conflictsAreShown(s *scene) {
	for _, d := range r.docs {
		if d.missing {
			continue
		}
		for _, a := range d.actions {
			r.conflict(s, d, a.word, a, "title", a.text, a.since["title"])
			r.conflict(s, d, a.word, a, "due", a.due, a.since["due"])
		}
		r.conflict(s, d, d.word, &action{}, "title", d.id+": "+d.title, d.since["title"])
	}
}

// conflict looks at one field. It asks for one only where it is certain: the author's
// value is new, and no process ran while the person wrote.
func (r *run) conflict(s *scene, d *document, word string, a *action, field, want string, since time.Time) {
	i, ok := r.sole(s, word)
	e, theirs := r.ledger.edits[i.Ref][field]
	if !ok || !theirs || !e.quiet || want == "" || want == e.before || i.value(field) != e.value || since.IsZero() || !since.After(e.to) || i.finished() {
		return
	}
	key := ""
	if word != d.word {
		key = s.keyOf(d, a, i.Ref)
	}
	shown := slices.ContainsFunc(s.findings, func(f finding) bool {
		return f.Kind == "conflict" && f.Key.Document == d.id && f.Key.Action == key && strings.EqualFold(f.Field, field)
	})
	if !shown {
		r.violate("never silently: a person set %s of %s to %q and the document wants %q, and nothing says so", field, i.Name, e.value, want)
	}
}

// conflictsAreReal: nobody is asked who is right about a field that no person has changed.
func (r *run) conflictsAreReal(s *scene) {
	for _, f := range s.plan.Findings {
		i, ok := r.ticketNamed(s, f.Name)
		if f.Kind != "conflict" || !ok || i.Deleted || r.copied(i.Ref) || r.changed(i.Ref, f.Field) || r.suspendedWhileUpdating(s, i.Ref) {
			continue
		}
		r.violate("no conflict: percolate asks about %s of %s, which nobody but it has changed: %s", f.Field, i.Name, f.Text)
	}
}

// ticketNamed finds a ticket by the name that percolate shows.
func (r *run) ticketNamed(s *scene, name string) (item, bool) {
	for _, i := range s.items {
		if name != "" && (name == i.Name || strings.HasSuffix(name, "/"+i.Name)) {
			return i, true
		}
	}
	return item{}, false
}

// changed reports whether a person changed a field, as percolate calls it.
func (r *run) changed(ref, field string) bool {
	if field == "owner" {
		field = "assignees"
	}
	_, edited := r.ledger.edits[ref][field]
	return edited || slices.ContainsFunc(r.ledger.notes[ref], func(n note) bool {
		return n.where == "append" && field == "body" || n.where == "label" && field == "labels"
	})
}

// copiesAreLeftAlone: of two tickets with one marker neither is written to.
func (r *run) copiesAreLeftAlone(s *scene) error {
	if len(r.ledger.copies) == 0 {
		return nil
	}
	for _, d := range r.docs {
		for _, a := range d.actions {
			a.reword(r.dice)
		}
		d.retitle(r.dice)
		if err := d.write(r.path("pers")); err != nil {
			return err
		}
	}
	if _, _, err := r.percolate("sync"); err != nil {
		return err
	}
	after, err := r.look()
	if err != nil {
		return err
	}
	for ref, original := range r.ledger.copies {
		for _, i := range after {
			n := slices.IndexFunc(s.items, func(b item) bool { return b.Ref == i.Ref })
			if n < 0 || i.Ref != ref && i.Ref != original || i.Deleted || deletedOf(after, original) {
				continue
			}
			if before := s.items[n]; before.Title != i.Title || before.Text != i.Text || before.Due != i.Due {
				r.violate("%s has the marker of %s too, and it was written to: %q, %q", i.Name, original, before.Title, i.Title)
			}
		}
		asked := slices.ContainsFunc(r.docs, func(d *document) bool { return d.asksFor(r.ledger.words[original]) })
		if asked && !slices.ContainsFunc(s.findings, func(f finding) bool { return f.Kind == "duplicate" }) && !deletedOf(after, original) {
			r.violate("never silently: a person copied %s, and nothing says so", original)
		}
	}
	return nil
}

func deletedOf(items []item, ref string) bool {
	return slices.ContainsFunc(items, func(i item) bool { return i.Ref == ref && i.Deleted })
}
