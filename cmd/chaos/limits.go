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
// to have been decided on before it was suspended. A failpoint waits for longer, so that
// what is written at the very step at which it suspended its process is never excused.
const atOnce = 20 * time.Millisecond

// wroteLate reports whether a process was suspended while it held its lease and was in
// the midst of such a write: begun by the moment when it went on, and not ended before
// it was suspended.
func (r *run) wroteLate(s *scene, such func(passage) bool) bool {
	for n, p := range s.trace {
		pause, paused := r.pauses[p.PID]
		if paused && such(p) && p.time().Before(pause.to.Add(atOnce)) && s.ended(n).After(pause.from) && s.hadLease(p.PID, pause.from) {
			return true
		}
	}
	return false
}

// ended is when the write of the n-th passage of the trace ended; far in the future when
// that is not known. Of a create it is the end of the last that its process made.
func (s *scene) ended(n int) time.Time {
	begun := s.trace[n]
	step, isBegin := strings.CutSuffix(begun.Point, ".before")
	if !isBegin {
		return begun.time()
	}
	end := begun.time().Add(time.Hour)
	for _, p := range s.trace[n:] {
		switch {
		case p.PID != begun.PID || p.Point != step+".after":
		case step == "create":
			end = p.time()
		case slices.Equal(p.About, begun.About):
			return p.time()
		}
	}
	return end
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
