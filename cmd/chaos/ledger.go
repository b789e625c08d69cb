package main

import (
	"strings"
	"time"
)

// ledger is what people did, and which ticket is whose. It holds what must still be so
// in the end.
type ledger struct {
	words   map[string]string          // by ref: the word that the ticket was filed for
	edits   map[string]map[string]edit // by ref and field: what a person left there last
	notes   map[string][]note          // by ref: texts, remarks and labels that people added
	deleted map[string]bool            // by ref
	closed  map[string]bool            // by ref: people finished it once
	copies  map[string]string          // by ref of a copy: that of its original
	allowed map[string]int             // by word: tickets beyond the first that are no fault
}

// edit is a value that a person gave a field.
type edit struct {
	value  string
	before string // what stood there before the first person came
	from   time.Time
	to     time.Time // it was done between from and to
	quiet  bool      // no process ran, then or at any earlier edit of the field
}

// note is something that a person added: in the text, as a comment or as a label.
type note struct {
	edit
	where string
}

func newLedger() *ledger {
	return &ledger{
		words: map[string]string{}, edits: map[string]map[string]edit{}, notes: map[string][]note{},
		deleted: map[string]bool{}, closed: map[string]bool{}, copies: map[string]string{}, allowed: map[string]int{},
	}
}

// learn notes for which word each new ticket was filed: the title tells, as nobody but
// percolate has written it yet.
func (l *ledger) learn(items []item, docs []*document) {
	for _, i := range items {
		if _, known := l.words[i.Ref]; known {
			continue
		}
		for _, word := range words(docs) {
			if strings.Contains(i.Title, word) {
				l.words[i.Ref] = word
			}
		}
	}
}

// words are those of all documents and of all actions that ever were in them.
func words(docs []*document) []string {
	var out []string
	for _, d := range docs {
		out = append(out, d.word)
		for _, a := range d.all() {
			out = append(out, a.word)
		}
	}
	return out
}

func (d *document) all() []*action {
	return append(append([]*action{}, d.actions...), d.removed...)
}

// set notes an edit of a field.
func (l *ledger) set(ref, field string, e edit) {
	if l.edits[ref] == nil {
		l.edits[ref] = map[string]edit{}
	}
	if old, ok := l.edits[ref][field]; ok {
		e.before, e.quiet = old.before, old.quiet && e.quiet
	}
	l.edits[ref][field] = e
}

// value is what a ticket has in a field that people edit.
func (i item) value(field string) string {
	switch field {
	case "title":
		return i.Title
	case "due":
		return i.Due
	case "priority":
		return i.Priority
	case "assignees":
		return strings.Join(i.Assignees, ",")
	case "status":
		return i.Status
	case "parent":
		return i.Parent
	}
	return ""
}
