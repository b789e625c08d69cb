package main

import (
	"slices"
	"strings"
)

// scene is what there is in the end, for the checker.
type scene struct {
	items    []item
	byWord   map[string][]item // copies left out
	trace    []passage
	plan     planView
	report   report
	findings []finding // of both
}

// check holds the world against the promises. It shares no code with the engine: it
// reads the tracker past percolate, and knows what authors and people did.
func (r *run) check() error {
	s, err := r.sight()
	if err != nil {
		return err
	}
	for _, i := range s.items {
		if r.ledger.copies[i.Ref] == "" && r.ledger.words[i.Ref] != "" {
			r.counts["tickets"]++
		}
	}
	r.neverTwice(s)
	r.neverClobber(s)
	r.everyActionHasItsTicket(s)
	r.authorsAreHeard(s)
	r.childrenAreBelow(s)
	r.lossesAreShown(s)
	r.conflictsAreShown(s)
	r.conflictsAreReal(s)
	return r.copiesAreLeftAlone(s)
}

func (r *run) sight() (*scene, error) {
	s := &scene{byWord: map[string][]item{}}
	var err error
	if s.items, err = r.look(); err != nil {
		return nil, err
	}
	if s.trace, err = r.trace(); err != nil {
		return nil, err
	}
	if s.plan, err = r.plan(); err != nil {
		return nil, err
	}
	if s.report, err = r.report(); err != nil {
		return nil, err
	}
	s.findings = append(slices.Clone(s.plan.Findings), s.report.Findings...)
	for _, i := range s.items {
		if word := r.ledger.words[i.Ref]; word != "" && r.ledger.copies[i.Ref] == "" {
			s.byWord[word] = append(s.byWord[word], i)
		}
	}
	return s, nil
}

// live is the ticket of a word that is there, if there is exactly one and nobody copied it.
func (r *run) sole(s *scene, word string) (item, bool) {
	var there []item
	for _, i := range s.byWord[word] {
		if !i.Deleted && !r.copied(i.Ref) {
			there = append(there, i)
		}
	}
	if len(there) != 1 {
		return item{}, false
	}
	return there[0], true
}

// copied reports whether a person copied the ticket.
func (r *run) copied(ref string) bool {
	for _, original := range r.ledger.copies {
		if original == ref {
			return true
		}
	}
	return false
}

// shows reports whether a finding of the kind, or of any when kind is "", is about the
// action, or the document for an empty key.
func (s *scene) shows(kind, document, key string) bool {
	return slices.ContainsFunc(s.findings, func(f finding) bool {
		return (kind == "" || f.Kind == kind) && f.Key.Document == document && f.Key.Action == key
	})
}

// keyOf is percolate's key of an action: its id, or what the report tells of its ticket.
func (s *scene) keyOf(d *document, a *action, ref string) string {
	for _, row := range s.report.Actions {
		if ref != "" && sameTicket(row.Ref, ref) {
			_, key, _ := strings.Cut(row.Key, "/")
			return key
		}
	}
	return a.id
}

// neverTwice: one ticket for every document and action, whatever happened, and none
// again after people deleted it.
func (r *run) neverTwice(s *scene) {
	for _, i := range s.items {
		if word := r.ledger.words[i.Ref]; r.ledger.deleted[i.Ref] && !i.Deleted && r.ledger.allowed[word] == 0 {
			r.violate("never twice: a person deleted %s, and it is there again", i.Name)
		}
	}
	for _, word := range words(r.docs) {
		tickets := s.byWord[word]
		if n := len(tickets); n > 1+r.ledger.allowed[word] {
			var names []string
			for _, i := range tickets {
				names = append(names, i.Name)
			}
			if r.suspendedWhileCreating(s, word) {
				r.counts["twice, within the stated limit"]++
				continue
			}
			r.violate("never twice: %s has %d tickets: %s", word, n, strings.Join(names, ", "))
		}
	}
}

// neverClobber: what a person changed stays as they left it.
func (r *run) neverClobber(s *scene) {
	for _, i := range s.items {
		if i.Deleted {
			continue
		}
		open := windows(s.trace, i.Ref)
		for field, e := range r.ledger.edits[i.Ref] {
			if field == "parent" && deletedOf(s.items, e.value) {
				continue // and so it is below nothing
			}
			if got := i.value(field); got != e.value {
				r.lost(e, open, "a person set %s of %s to %q, and it is %q", field, i.Name, e.value, got)
			}
		}
		for _, n := range r.ledger.notes[i.Ref] {
			if !i.has(n) {
				r.lost(n.edit, open, "%q, which a person added to %s (%s), is not there", n.value, i.Name, n.where)
			}
		}
	}
}

func (r *run) lost(e edit, open []window, format string, args ...any) {
	if e.within(open) {
		r.counts["edits between a read and its write"]++
		r.logf("within the stated limit: "+format, args...)
		return
	}
	r.violate("never clobber: "+format, args...)
}

func (i item) has(n note) bool {
	switch n.where {
	case "label":
		return slices.Contains(i.Labels, n.value)
	case "comment":
		return slices.ContainsFunc(i.Comments, func(c string) bool { return strings.Contains(c, n.value) })
	}
	return strings.Contains(i.Text, n.value)
}
