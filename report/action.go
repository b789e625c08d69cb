package report

import (
	"strings"
	"time"

	"percolate/ticket"
)

// action makes the row of one link.
func (b *builder) action(l ticket.Link) Action {
	k := b.rows.Known[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}]
	if l.State == ticket.StateRepeat {
		k = ticket.Known{} // what is known there is of the earlier action's ticket
	}
	e := b.events[l.Key.Document]
	a := Action{
		Key: l.Key, ID: l.Key.String(), Event: l.Key.Document, Title: firstOf(k.Seen.Fields.Title, l.Text, l.Asked.Title),
		Kind:     ticket.Kind(firstOf(string(l.Asked.Kind), string(k.Seen.Fields.Kind))),
		Severity: e.Severity, Service: e.Service, Team: e.Team, Path: firstOf(e.Path, l.Path),
		Tracker: l.Tracker, Ref: l.Ref, Ticket: firstOf(k.Seen.Name, l.Name), URL: firstOf(k.Seen.URL, l.URL),
		Status: k.Seen.Status, Word: k.Seen.Word, Adopted: l.State == ticket.StateAdopted,
		Owners: l.Owners, Assignees: k.Seen.Fields.Assignees, PriorityFiled: l.Priority, Priority: k.Seen.Fields.Priority,
		Created: l.Created, Gone: k.Gone, Retired: l.Retired, Missed: k.Misses > 0 && k.Gone.IsZero(),
		Findings: b.found[l.Key], Hits: b.hits[l.Key],
	}
	if l.State == ticket.StateRepeat {
		a.Of = l.Of.String()
	}
	if a.Created.IsZero() {
		a.Created = l.Intended
	}
	if l.HasTicket() {
		a.AsOf = later(k.Seen.AsOf, b.rows.Read[l.Tracker])
	}
	a.State = stateOf(l, k)
	a.life = newLife(nil)
	if l.State != ticket.StateRepeat {
		a.life = newLife(b.lives[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}])
	}
	a.Reopened = a.life.reopened
	b.due(&a, l, k)
	b.times(&a, k)
	if a.State == Open {
		b.mark(&a, k)
	}
	for _, t := range []*time.Time{&a.Created, &a.Finished, &a.Moved, &a.AsOf, &a.Gone, &a.Retired} {
		*t = b.local(*t)
	}
	return a
}

func stateOf(l ticket.Link, k ticket.Known) State {
	switch {
	case l.State == ticket.StateReleased:
		return Released
	case !k.Gone.IsZero():
		return Gone
	case !l.Retired.IsZero():
		return Retired
	case l.State == ticket.StateRepeat:
		return Repeat
	case !l.HasTicket():
		return Filing
	case k.Seen.AsOf.IsZero():
		return Unread
	case k.Seen.Status.Finished():
		return finishOf(k.Seen.Status, k.Seen.Word)
	}
	return Open
}

// due tells the due day. The tracker's counts, since planners may move it. Where the
// tracker has none of its own, or the ticket was there before us, the document's counts.
func (b *builder) due(a *Action, l ticket.Link, k ticket.Known) {
	basis := ticket.Day(l.Basis[ticket.FieldDue])
	a.DueFirst, a.Due = l.Due, k.Seen.Fields.Due
	if a.DueFirst == "" && a.Due == "" && basis.Valid() {
		a.DueFirst, a.Due = basis, basis
	}
	switch {
	case a.Due == "":
		return
	case a.Due == basis:
		a.DueBy = ByDocument
	case a.Due == a.DueFirst && l.Basis[ticket.FieldDue] == ticket.BasisPolicy:
		a.DueBy = ByPolicy
	default:
		a.DueBy = ByPlanners
	}
	if a.DueFirst != "" {
		a.Slip = a.Due.Sub(a.DueFirst)
	}
}

// times tells when the action was moved and finished, and how long all that took.
func (b *builder) times(a *Action, k ticket.Known) {
	end := b.today
	switch a.State {
	case Done, Dropped, Duplicate:
		a.Finished = a.life.finished
		if !a.Finished.IsZero() {
			end = b.day(a.Finished)
		}
		if a.State == Done && a.Due != "" && !a.Finished.IsZero() {
			inTime := end <= a.Due
			a.InTime = &inTime
		}
	}
	if !a.Created.IsZero() {
		a.Age = max(end.Sub(b.day(a.Created)), 0)
	}
	a.Moved, a.MovedBy = a.Created, FromFiling
	if a.life.moved.After(a.Moved) {
		a.Moved, a.MovedBy = a.life.moved, FromHistory
	}
	// Our history cannot tell people from bots; a tracker that can is believed.
	if !k.Seen.Moved.IsZero() {
		a.Moved, a.MovedBy = later(a.Created, k.Seen.Moved), FromTracker
	}
	if a.Moved.IsZero() {
		a.MovedBy = ""
	}
}

// mark notices what there is about an open action.
func (b *builder) mark(a *Action, k ticket.Known) {
	set := func(m Mark, is bool) {
		if is {
			a.Marks = append(a.Marks, m)
		}
	}
	if a.Due != "" {
		left := a.Due.Sub(b.today)
		a.DaysLeft = &left
		set(Overdue, left < 0)
		set(DueSoon, left >= 0 && left <= b.rules.DueSoonDays)
	}
	if !a.Moved.IsZero() {
		a.Idle = max(b.today.Sub(b.day(a.Moved)), 0)
		set(Stalled, a.Idle >= b.rules.StalledDays)
	}
	set(Blocked, k.Seen.Status == ticket.StatusBlocked)
	set(Unowned, len(a.Owners) == 0)
	set(Unassigned, len(a.Assignees) == 0)
	set(Reopened, a.Reopened > 0)
	set(HitAgain, len(a.Hits) > 0)
	set(Drifted, a.PriorityFiled != ticket.PriorityNone && a.Priority != a.PriorityFiled)
}

// day is the civil day of an instant in the report's zone.
func (b *builder) day(t time.Time) ticket.Day { return ticket.DayOf(t, b.rules.Zone) }

func firstOf(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}
