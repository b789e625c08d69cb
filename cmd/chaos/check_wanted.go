package main

import (
	"slices"
	"strings"
)

// everyActionHasItsTicket: each action that its document asks for has a ticket that is
// there, or something says why not.
func (r *run) everyActionHasItsTicket(s *scene) {
	for _, d := range r.docs {
		if d.missing {
			if len(s.byWord[d.word]) > 0 && !r.allDeleted(s, d.word) && !s.shows("missing-document", d.id, "") {
				r.violate("never silently: the file of %s is gone, and nothing says so", d.id)
			}
			continue
		}
		if !r.there(s, d.word) && !s.shows("", d.id, "") && !r.finishedWhenDeleted(s, d.word) {
			r.violate("never silently: %s has no ticket, and nothing says so", d.id)
		}
		for _, a := range d.actions {
			if !r.there(s, a.word) && !s.tellsOf(d, a) && !r.finishedWhenDeleted(s, a.word) {
				r.violate("never silently: action %s %q of %s has no ticket, and nothing says so", a.id, a.text, d.id)
			}
		}
	}
}

func (r *run) there(s *scene, word string) bool {
	return slices.ContainsFunc(s.byWord[word], func(i item) bool { return !i.Deleted }) || r.copyThere(s, word)
}

func (r *run) copyThere(s *scene, word string) bool {
	return slices.ContainsFunc(s.items, func(i item) bool {
		return !i.Deleted && r.ledger.copies[i.Ref] != "" && r.ledger.words[i.Ref] == word
	})
}

func (r *run) allDeleted(s *scene, word string) bool { return !r.there(s, word) }

// tellsOf reports whether plan or report say anything about an action. One without an id
// goes by a key that is percolate's own; then whatever is said of its kind must do.
func (s *scene) tellsOf(d *document, a *action) bool {
	if a.id != "" {
		return s.shows("", d.id, a.id) || slices.ContainsFunc(s.plan.Notes, func(n struct {
			Key  string `json:"key"`
			Word string `json:"word"`
			Text string `json:"text"`
		}) bool {
			return n.Key == d.id+"/"+a.id
		})
	}
	return slices.ContainsFunc(s.findings, func(f finding) bool {
		return f.Key.Document == d.id && strings.HasPrefix(f.Key.Action, "~")
	})
}

// finishedWhenDeleted: only work that was not finished when percolate last saw it is
// looked for every day.
func (r *run) finishedWhenDeleted(s *scene, word string) bool {
	return slices.ContainsFunc(s.byWord[word], func(i item) bool { return i.Deleted && (i.finished() || r.ledger.closed[i.Ref]) })
}

// authorsAreHeard: what the document says stands in the ticket, unless a person has
// written there.
func (r *run) authorsAreHeard(s *scene) {
	for _, d := range r.docs {
		if d.missing {
			continue
		}
		r.heard(s, d, d.word, "title", d.id+": "+d.title)
		for _, a := range d.actions {
			r.heard(s, d, a.word, "title", a.text)
			r.heard(s, d, a.word, "due", a.due)
			if a.owner != "" && a.owner != stranger {
				r.heard(s, d, a.word, "assignees", r.kind.account(a.owner))
			}
		}
	}
}

func (r *run) heard(s *scene, d *document, word, field, want string) {
	i, ok := r.sole(s, word)
	_, theirs := r.ledger.edits[i.Ref][field]
	if !ok || theirs || want == "" {
		return
	}
	if got := i.value(field); got != want {
		if r.suspendedWhileUpdating(s, i.Ref) {
			r.counts["written late, within the stated limit"]++
			return
		}
		r.violate("the authors of %s want %s of %s to be %q, and it is %q", d.id, field, i.Name, want, got)
	}
}

// childrenAreBelow: a ticket is below its document's unless a person moved it. Of a
// document that is missing nothing is written, so one whose create was cut off between
// filing it and putting it there stays below nothing.
func (r *run) childrenAreBelow(s *scene) {
	for _, d := range r.docs {
		parents := s.byWord[d.word]
		for _, a := range d.all() {
			i, ok := r.sole(s, a.word)
			_, moved := r.ledger.edits[i.Ref]["parent"]
			if !ok || moved || len(parents) == 0 || d.missing && i.Parent == "" {
				continue
			}
			under := slices.IndexFunc(parents, func(p item) bool { return p.Ref == i.Parent })
			deleted := slices.ContainsFunc(parents, func(p item) bool { return p.Deleted })
			if under < 0 && !deleted && !s.saysOutOfReach(d, a, i, parents) {
				r.violate("%s is not below the ticket of %s but below %q", i.Name, d.id, i.Parent)
			}
		}
	}
}

// saysOutOfReach reports whether people moved the document's ticket to another place, or
// finished it, so that the tracker lets nothing more be put below it, and percolate says
// so of this one. Of one whose action left the document it says no more than that.
func (s *scene) saysOutOfReach(d *document, a *action, i item, parents []item) bool {
	takesMore := slices.ContainsFunc(parents, func(p item) bool { return p.Place == i.Place && !p.finished() })
	if i.Parent == "" && s.retired(i.Ref) {
		return true
	}
	return !takesMore && i.Parent == "" && slices.ContainsFunc(s.findings, func(f finding) bool {
		return f.Kind == "unmet" && f.Key.Document == d.id && f.Key.Action == s.keyOf(d, a, i.Ref) && f.Field == "parent"
	})
}
