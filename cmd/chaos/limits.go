package main

import (
	"slices"
	"strings"
	"time"
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
	return r.duplicates[document] && r.wroteLate(s, func(p passage) bool {
		return p.Point == "create.before" && slices.ContainsFunc(p.About, func(key string) bool { return strings.HasPrefix(key, document) })
	})
}

// suspendedWhileUpdating reports whether what a suspended process wrote late to a ticket
// may be what nobody knows of: the same limit.
func (r *run) suspendedWhileUpdating(s *scene, ref string) bool {
	return r.wroteLate(s, func(p passage) bool {
		return (p.Point == "update.before" || p.Point == "create.after") && slices.ContainsFunc(p.About, func(a string) bool { return sameTicket(a, ref) })
	})
}

// atOnce is how soon after it goes on a process must have begun a write for that write
// to have been decided on before it was suspended.
const atOnce = 20 * time.Millisecond

// wroteLate reports whether a process that was suspended while it held its lease made
// such a write in that very moment.
func (r *run) wroteLate(s *scene, such func(passage) bool) bool {
	return slices.ContainsFunc(s.trace, func(p passage) bool {
		pause, paused := r.pauses[p.PID]
		return paused && such(p) && p.time().Before(pause.to.Add(atOnce)) && s.hadLease(p.PID, pause.from)
	})
}

// hadLease reports whether a process was between taking its lease and giving it back.
func (s *scene) hadLease(pid int, at time.Time) bool {
	had := false
	for _, p := range s.trace {
		if p.PID == pid && p.time().Before(at) {
			had = p.Point == "lease.after" || had && p.Point != "release.after"
		}
	}
	return had
}
