package main

import (
	"fmt"
	"strings"

	"percolate/per"
)

// across looks for what is wrong between documents that are right each by itself.
func (l *library) across() {
	l.twins()
	l.circles()
}

func (l *library) problem(i, line int, code, format string, args ...any) {
	d := &l.documents[i]
	d.problems = append(d.problems, per.Problem{
		Path: d.path, Line: line, Level: per.Error, Code: code, Message: fmt.Sprintf(format, args...),
	})
}

// twins finds documents with one id: neither can be acted on, because its tickets
// would be the other's.
func (l *library) twins() {
	first := map[string]int{}
	for i, d := range l.documents {
		if d.id.Value == "" {
			continue
		}
		j, twice := first[d.id.Value]
		if !twice {
			first[d.id.Value] = i
			continue
		}
		l.problem(i, d.id.Line, "duplicate-document", "the id %s stands in %s too", d.id.Value, l.config.shown(l.documents[j].path))
		l.problem(j, l.documents[j].id.Line, "duplicate-document", "the id %s stands in %s too", d.id.Value, l.config.shown(d.path))
	}
}

// repeating is an action that repeats another one.
type repeating struct {
	id, of string
	line   int
}

func repeatsOf(d *per.Document) []repeating {
	var out []repeating
	for _, a := range d.Actions {
		if a.Repeats != "" {
			out = append(out, repeating{strings.Clone(a.ID), strings.Clone(strings.TrimSpace(a.Repeats)), a.Line})
		}
	}
	return out
}

// place is where an action that repeats another stands among the documents.
type place struct{ document, action int }

// circles finds actions that repeat one another in a circle, so that there is no
// earliest one whose ticket could be told.
func (l *library) circles() {
	at := map[string]place{}
	for i, d := range l.documents {
		for j, a := range d.again {
			if a.id != "" {
				at[key(d.id.Value, a.id)] = place{i, j}
			}
		}
	}
	told := map[place]bool{}
	for i, d := range l.documents {
		for j := range d.again {
			l.circle(place{i, j}, at, told)
		}
	}
}

// circle follows an action to what it repeats until it comes back or ends.
func (l *library) circle(start place, at map[string]place, told map[place]bool) {
	var way []string
	for p, steps := start, map[place]bool{}; !steps[p] && !told[p]; {
		steps[p] = true
		d := l.documents[p.document]
		a := d.again[p.action]
		next, ok := at[a.of]
		if !ok || next == p { // an action that repeats itself is told by per.Check
			return
		}
		way = append(way, key(d.id.Value, a.id))
		if next == start {
			for q := range steps {
				told[q] = true
			}
			l.problem(start.document, l.documents[start.document].again[start.action].line, "repeats-in-circle",
				"%s repeat one another in a circle; say which was first", strings.Join(way, ", "))
			return
		}
		p = next
	}
}

func key(document, action string) string { return document + "/" + action }
