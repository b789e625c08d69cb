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
		a.due, a.since["due"] = someDay(r.dice, 2027), time.Now()
		return "the due day of " + a.word + " is now " + a.due
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
