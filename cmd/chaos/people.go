package main

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// look reads the tracker past percolate, and learns what is new.
func (r *run) look() ([]item, error) {
	items, err := r.tracker.items()
	r.ledger.learn(items, r.docs)
	return items, err
}

// standing are the tickets that percolate filed and that are still there.
func (r *run) standing(items []item) []item {
	return slices.DeleteFunc(slices.Clone(items), func(i item) bool {
		return i.Deleted || r.ledger.words[i.Ref] == "" || r.ledger.copies[i.Ref] != ""
	})
}

// person lets somebody do one thing to one ticket. quiet says that no process runs.
func (r *run) person(quiet bool) error {
	items, err := r.look()
	live := r.standing(items)
	if err != nil || len(live) == 0 {
		return err
	}
	i := pick(r.dice, live)
	a := r.personDoes(i, live)
	if word := r.ledger.words[i.Ref]; strings.HasPrefix(word, "ev") && slices.Contains(r.kind.derived, a.Do) {
		a.Do, a.Value = "comment", "Remark "+newWord(r.dice, "re")
	}
	var unknown []item
	if a.Do == "delete" || a.Do == "move" {
		if unknown, err = r.unknown(withBelow(live, i)); err != nil {
			return err
		}
	}
	e := edit{value: a.Value, from: time.Now(), quiet: quiet}
	ref, err := r.tracker.do(a)
	e.to = time.Now()
	r.logf("person: %s %s %q -> %v", a.Do, i.Name, a.Value, err)
	if err != nil {
		r.counts["people's acts that were refused"]++
		return nil //nolint:nilerr // it is not possible here, or the ticket has just gone
	}
	r.counts["edits of people"]++
	now, err := r.again(i, ref)
	r.remember(i, now, a, ref, e)
	return errors.Join(err, r.takenAway(unknown))
}

// again is a ticket as it stands right after an act. What percolate wrote in between, it
// had read before, so that this is what the person left there: a tracker may have made
// something else of it, or have changed more.
func (r *run) again(i item, ref string) (item, error) {
	items, err := r.tracker.items()
	if n := slices.IndexFunc(items, func(k item) bool { return k.Ref == i.Ref }); n >= 0 && ref == i.Ref {
		return items[n], err
	}
	return i, err
}

// withBelow are a ticket and those below it, which some trackers let go with it.
func withBelow(live []item, i item) []item {
	all := []item{i}
	for n := 0; n < len(all); n++ {
		for _, k := range live {
			if k.Parent == all[n].Ref && !slices.ContainsFunc(all, func(a item) bool { return a.Ref == k.Ref }) {
				all = append(all, k)
			}
		}
	}
	return all
}

// takenAway is told of tickets that percolate did not know of. Where one has gone to where
// percolate may not look, nobody ever learned that it was there, and another is no fault.
func (r *run) takenAway(unknown []item) error {
	if len(unknown) == 0 {
		return nil
	}
	items, err := r.tracker.items()
	for _, was := range unknown {
		n := slices.IndexFunc(items, func(k item) bool { return k.Ref == was.Ref })
		if n < 0 || items[n].Deleted || items[n].Place != was.Place {
			r.counts["taken away before it was known"]++
			r.ledger.allowed[r.ledger.words[was.Ref]]++
		}
	}
	return err
}

func (r *run) personDoes(i item, live []item) act {
	d := r.dice
	a := act{Ref: i.Ref}
	switch d.IntN(20) {
	case 0, 1, 2:
		a.Do, a.Value = "title", "Planned "+newWord(d, "pl")+" "+phrase(d, 2)
	case 3, 4, 5:
		a.Do, a.Value = "due", someDay(d, 2029)
	case 6, 7:
		a.Do, a.Value = "assign", pick(d, r.kind.whom())
	case 8:
		a.Do, a.Value = "priority", other(d, r.kind.priorities, i.Priority)
	case 9, 10:
		a.Do, a.Value = "status", other(d, []string{"open", "active", "blocked", "done", "dropped"}, i.Status)
	case 11, 12:
		a.Do, a.Value = "append", "Note "+newWord(d, "no")
	case 13, 14:
		a.Do, a.Value = "comment", "Remark "+newWord(d, "re")
	case 15:
		a.Do, a.Value = "label", newWord(d, "la")
	case 16:
		a.Do, a.Value = "parent", r.otherParent(i, live)
		if a.Value == i.Parent {
			a.Do, a.Value = "label", newWord(d, "la")
		}
	case 17:
		a.Do = "move"
		if r.kind.name == "files" {
			a.Value = pick(d, []string{"sprint", "later", "."})
		}
	case 18:
		a.Do = "delete"
	case 19:
		a.Do = "copy"
	}
	if leaves := []string{"move", "delete", "copy"}; slices.Contains(leaves, a.Do) && r.copied(i.Ref) {
		a.Do, a.Value = "comment", "Remark "+newWord(d, "re") // which of the two is the first would be anybody's guess
	}
	return a
}

// other is one of the values that is not the present one.
func other(r *rand.Rand, values []string, present string) string {
	return pick(r, slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == present }))
}

// otherParent is where a person may put a ticket: below the ticket of any document.
func (r *run) otherParent(i item, live []item) string {
	var parents []string
	for _, p := range live {
		if strings.HasPrefix(r.ledger.words[p.Ref], "ev") && p.Ref != i.Ref {
			parents = append(parents, p.Ref)
		}
	}
	if strings.HasPrefix(r.ledger.words[i.Ref], "ev") || len(parents) == 0 {
		return i.Parent
	}
	return pick(r.dice, parents)
}

// remember notes what must still be so in the end.
func (r *run) remember(i, now item, a act, ref string, e edit) {
	l := r.ledger
	field := a.Do
	switch a.Do {
	case "assign":
		field = "assignees"
		fallthrough
	case "title", "due", "priority", "status", "parent":
		e.before, e.value = i.value(field), now.value(field)
		l.closed[i.Ref] = l.closed[i.Ref] || now.finished()
		l.set(i.Ref, field, e)
	case "move":
		if now.Parent != i.Parent { // it could not stay below a ticket that is elsewhere
			e.before, e.value = i.Parent, now.Parent
			l.set(i.Ref, "parent", e)
		}
	case "append", "comment", "label":
		l.notes[i.Ref] = append(l.notes[i.Ref], note{e, a.Do})
	case "delete":
		l.deleted[i.Ref] = true
		delete(l.edits, i.Ref) // where names are given out again, what comes next is another ticket
		delete(l.notes, i.Ref)
	case "copy":
		l.copies[ref] = i.Ref
		l.words[ref] = l.words[i.Ref]
		for field, old := range l.edits[i.Ref] {
			l.set(ref, field, old)
		}
	}
}

// unknown are those tickets that percolate's report does not name.
func (r *run) unknown(items []item) ([]item, error) {
	v, err := r.report()
	if err != nil {
		return items, nil //nolint:nilerr // without a state it knows of nothing
	}
	return slices.DeleteFunc(items, v.names), nil
}

func (v report) names(i item) bool {
	for _, a := range v.Actions {
		if sameTicket(a.Ref, i.Ref) {
			return true
		}
	}
	return slices.ContainsFunc(v.Events, func(e reportEvent) bool { return e.Parent.Ticket != "" && strings.HasSuffix(e.Parent.Ticket, i.Name) })
}
