package report

import (
	"strings"
	"time"

	"percolate/ticket"
)

// life is what a ticket's history tells.
type life struct {
	rows     []ticket.Observation
	finished time.Time // when it came to its present finished status; zero when it is not, or that is not known
	reopened int
	moved    time.Time // when status or assignee were last found changed, and not by us
}

// lives cuts the history into one part for each ticket.
func lives(history []ticket.Observation) map[ticket.Address][]ticket.Observation {
	all := map[ticket.Address][]ticket.Observation{}
	for from := 0; from < len(history); {
		to := from + 1
		for to < len(history) && history[to].Address == history[from].Address {
			to++
		}
		all[history[from].Address] = history[from:to:to]
		from = to
	}
	return all
}

// newLife reads the rows of one ticket.
func newLife(rows []ticket.Observation) *life {
	l := &life{rows: rows}
	for i, r := range rows {
		if i == 0 {
			// What was finished when it was first seen was so before; only the tracker can tell when.
			if r.Status.Finished() && r.Exact {
				l.finished = r.At
			}
			continue
		}
		before := rows[i-1]
		if !r.Ours && (r.Status != before.Status || r.Word != before.Word || r.Assignees != before.Assignees) {
			l.moved = later(l.moved, r.At)
		}
		if before.Status.Finished() && !r.Status.Finished() {
			l.reopened++
		}
		if r.Status != before.Status || finish(r) != finish(before) {
			l.finished = time.Time{}
			if r.Status.Finished() {
				l.finished = r.At
			}
		}
	}
	return l
}

// at is how the ticket stood at an instant; ok is false before it was first seen.
func (l *life) at(t time.Time) (s ticket.Standing, ok bool) {
	for _, r := range l.rows {
		if r.At.After(t) {
			break
		}
		s, ok = r.Standing, true
	}
	return s, ok
}

// finish is the state that a finished ticket is in, "" of one that is not finished.
func finish(o ticket.Observation) State { return finishOf(o.Status, o.Word) }

// finishOf tells duplicates by the tracker's own word, since trackers close them as they
// close what nobody will do, or as if it were done.
func finishOf(s ticket.Status, word string) State {
	switch {
	case !s.Finished():
		return ""
	case strings.Contains(ticket.FoldText(word), "duplicate"):
		return Duplicate
	case s == ticket.StatusDone:
		return Done
	}
	return Dropped
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
