package main

import (
	"slices"
	"time"
)

// author lets one of the authors do one thing to one document.
func (r *run) author() error {
	d := pick(r.dice, r.docs)
	what := r.authorDoes(d)
	r.logf("author: %s of %s", what, d.id)
	r.counts["edits of documents"]++
	return d.write(r.path("pers"))
}

func (r *run) authorDoes(d *document) string {
	if len(d.actions) == 0 || r.dice.IntN(7) == 0 {
		d.add(r.dice)
		return "a new action"
	}
	a := pick(r.dice, d.actions)
	switch r.dice.IntN(9) {
	case 0, 1, 2:
		a.reword(r.dice)
		return "the text of " + a.word + " is now " + a.text
	case 3, 4:
		return r.redate(a)
	case 5:
		a.owner, a.since["assignees"] = pick(r.dice, owners()), time.Now()
		return "the owner of " + a.word + " is now " + a.owner
	case 6:
		d.actions = slices.DeleteFunc(d.actions, func(b *action) bool { return a == b })
		d.removed = append(d.removed, a)
		return "removal of " + a.word
	case 7:
		return r.restore(d)
	}
	d.retitle(r.dice)
	return "the title " + d.title
}

// insist is an author who changes the same action again and again, with every call: what
// a process that comes late remembers of it is then old.
func (r *run) insist() func() error {
	d := pick(r.dice, r.docs)
	if len(d.actions) == 0 || d.missing || r.dice.IntN(3) == 0 {
		return func() error { return nil }
	}
	a := pick(r.dice, d.actions)
	return func() error {
		a.reword(r.dice)
		r.logf("author: the text of %s is now %s", a.word, a.text)
		return d.write(r.path("pers"))
	}
}

// redate gives an action another due day, or the one that it had before.
func (r *run) redate(a *action) string {
	if a.before != "" && r.dice.IntN(3) == 0 {
		a.due, a.before = a.before, a.due
		delete(a.since, "due") // it is not new, and percolate may have asked for it already
		return "the due day of " + a.word + " is again " + a.due
	}
	a.before, a.due = a.due, someDay(r.dice, 2027)
	a.since["due"] = time.Now()
	return "the due day of " + a.word + " is now " + a.due
}

// restore puts back what was taken away, or takes the whole document away.
func (r *run) restore(d *document) string {
	switch {
	case d.missing:
		d.missing = false
		return "the file, put back,"
	case len(d.removed) > 0:
		a := pick(r.dice, d.removed)
		d.removed = slices.DeleteFunc(d.removed, func(b *action) bool { return a == b })
		d.actions = append(d.actions, a)
		return "the action " + a.word + ", put back,"
	case r.dice.IntN(2) == 0:
		d.missing = true
		return "removal of the file"
	}
	slices.Reverse(d.actions)
	return "another order"
}
