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
		if d.per == nil || d.per.ID.Value == "" {
			continue
		}
		j, twice := first[d.per.ID.Value]
		if !twice {
			first[d.per.ID.Value] = i
			continue
		}
		l.problem(i, d.per.ID.Line, "duplicate-document", "the id %s stands in %s too", d.per.ID.Value, l.config.shown(l.documents[j].path))
		l.problem(j, l.documents[j].per.ID.Line, "duplicate-document", "the id %s stands in %s too", d.per.ID.Value, l.config.shown(d.path))
	}
}

// place is where an action stands among the documents.
type place struct{ document, action int }

// circles finds actions that repeat one another in a circle, so that there is no
// earliest one whose ticket could be told.
func (l *library) circles() {
	at := map[string]place{}
	for i, d := range l.documents {
		if d.per == nil {
			continue
		}
		for j, a := range d.per.Actions {
			if a.ID != "" {
				at[key(d.per.ID.Value, a.ID)] = place{i, j}
			}
		}
	}
	told := map[place]bool{}
	for i, d := range l.documents {
		if d.per == nil {
			continue
		}
		for j := range d.per.Actions {
			l.circle(place{i, j}, at, told)
		}
	}
}

// circle follows an action to what it repeats until it comes back or ends.
func (l *library) circle(start place, at map[string]place, told map[place]bool) {
	var way []string
	for p, steps := start, map[place]bool{}; !steps[p] && !told[p]; {
		steps[p] = true
		d := l.documents[p.document].per
		a := d.Actions[p.action]
		next, ok := at[strings.TrimSpace(a.Repeats)]
		if a.Repeats == "" || !ok || next == p { // an action that repeats itself is told by per.Check
			return
		}
		way = append(way, key(d.ID.Value, a.ID))
		if next == start {
			for q := range steps {
				told[q] = true
			}
			l.problem(start.document, l.documents[start.document].per.Actions[start.action].Line, "repeats-in-circle",
				"%s repeat one another in a circle; say which was first", strings.Join(way, ", "))
			return
		}
		p = next
	}
}

func key(document, action string) string { return document + "/" + action }
