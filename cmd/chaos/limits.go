package main

import (
	"slices"
	"strings"
)

// suspendedWhileCreating reports whether a second ticket of a word may be one that a
// suspended process filed late: the stated limit. percolate must have shown it.
func (r *run) suspendedWhileCreating(s *scene, word string) bool {
	document := ""
	for _, d := range r.docs {
		for _, a := range d.all() {
			if a.word == word {
				document = d.id
			}
		}
		if d.word == word {
			document = d.id
		}
	}
	late := false
	for _, p := range s.trace {
		pause, paused := r.pauses[p.PID]
		if paused && p.Point == "create.before" && p.time().Before(pause.from) && mentions(p.About, document) {
			late = late || s.underWay("create", p.PID, pause)
		}
	}
	return late && r.duplicates[document]
}

func mentions(keys []string, document string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return strings.HasPrefix(key, document) })
}

// suspendedWhileUpdating reports whether what a suspended process wrote late to a ticket
// may be what nobody knows of: the same limit.
func (r *run) suspendedWhileUpdating(s *scene, ref string) bool {
	return slices.ContainsFunc(s.trace, func(p passage) bool {
		pause, paused := r.pauses[p.PID]
		about := slices.ContainsFunc(p.About, func(a string) bool { return sameTicket(a, ref) })
		return paused && about && p.Point == "update.before" && s.underWay("update", p.PID, pause)
	})
}

// underWay reports whether a process was at a create or an update when it was suspended.
func (s *scene) underWay(what string, pid int, pause window) bool {
	begun := 0
	for _, p := range s.trace {
		switch {
		case p.PID != pid || !p.time().Before(pause.from):
		case p.Point == what+".before":
			begun++
		case p.Point == what+".after":
			begun--
		}
	}
	return begun > 0
}
