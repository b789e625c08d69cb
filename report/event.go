package report

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"percolate/ticket"
)

// Event is one event with how far its actions are.
type Event struct {
	Document string     `json:"document"`
	Title    string     `json:"title,omitempty"`
	Path     string     `json:"path,omitempty"`
	Kind     string     `json:"kind,omitempty"`
	Severity string     `json:"severity,omitempty"`
	Service  string     `json:"service,omitempty"`
	Team     string     `json:"team,omitempty"`
	Owner    string     `json:"owner,omitempty"`
	Day      ticket.Day `json:"day,omitempty"`
	Draft    bool       `json:"draft,omitempty"`
	Hold     string     `json:"hold,omitempty"` // why nothing of it is filed

	Parent Parent `json:"parent,omitzero"`

	Actions  int             `json:"actions"`           // that its document asks for
	Finished int             `json:"actions_done"`      // those done, without a ticket too
	Left     int             `json:"actions_dropped"`   // finished otherwise: dropped, or duplicates
	Unfiled  int             `json:"actions_not_filed"` // neither done nor tracked, nor let go of
	Closable bool            `json:"ready_to_close"`    // all are finished, and the parent's ticket is not
	Counts   `json:"counts"` // of its tracked actions, and its findings

	Meeting   time.Time `json:"meeting,omitzero"`
	MeetingBy time.Time `json:"meeting_by,omitzero"` // when it is due at the latest, where one is needed
	Met       Met       `json:"meeting_state,omitempty"`

	// In seconds.
	Downtime      *Seconds `json:"downtime,omitempty"`
	TimeToDetect  *Seconds `json:"time_to_detect,omitempty"`
	TimeToResolve *Seconds `json:"time_to_resolve,omitempty"`

	tracked, gone int // of its tickets: finished, and gone
}

// Parent is the event's own ticket.
type Parent struct {
	Tracker string        `json:"tracker,omitempty"`
	Ticket  string        `json:"ticket,omitempty"`
	URL     string        `json:"url,omitempty"`
	State   State         `json:"state,omitempty"`
	Status  ticket.Status `json:"status,omitempty"`
	Word    string        `json:"word,omitempty"`
	AsOf    time.Time     `json:"as_of,omitzero"`
}

// Seconds is a duration in whole seconds.
type Seconds int64

func seconds(d *time.Duration) *Seconds {
	if d == nil {
		return nil
	}
	s := Seconds(*d / time.Second)
	return &s
}

// Met says how an event stands to the rule for its meeting; empty when it needs none.
type Met string

// The standings.
const (
	MetInTime Met = "in-time"
	MetLate   Met = "late"    // there was one, after it was due
	MetNot    Met = "missing" // it was due, and there is none
	MetAhead  Met = "ahead"   // it is not due yet, or planned in time
)

// eventRows tells the events within the filter, newest first.
func (b *builder) eventRows(all []Action) []Event {
	rows := map[string]*Event{}
	for id, e := range b.events {
		if b.inside[id] {
			rows[id] = b.event(e)
		}
	}
	for i := range all {
		rows[all[i].Event].take(b, &all[i])
	}
	for _, f := range b.rows.Findings {
		if e := rows[f.Key.Document]; e != nil {
			e.Counts.Findings++
		}
	}
	out := make([]Event, 0, len(rows))
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		e := rows[id]
		e.close(b.events[id])
		out = append(out, *e)
	}
	slices.SortStableFunc(out, func(x, y Event) int { return cmp.Compare(y.Day, x.Day) })
	return out
}

func (b *builder) event(e ticket.Event) *Event {
	return &Event{
		Document: e.Document, Title: e.Title, Path: e.Path, Kind: e.Kind, Severity: e.Severity, Service: e.Service,
		Team: e.Team, Owner: e.Owner, Day: e.Day, Draft: e.Draft, Hold: e.Hold, Parent: b.parent(e.Document),
		Finished: e.Done, Actions: e.Done,
		Meeting: b.local(e.Meeting), MeetingBy: b.local(e.MeetingBy), Met: b.met(e),
		Downtime: seconds(e.Downtime), TimeToDetect: seconds(e.TimeToDetect), TimeToResolve: seconds(e.TimeToResolve),
	}
}

// local is the instant in the zone of the report.
func (b *builder) local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(b.rules.Zone)
}

func (b *builder) parent(document string) Parent {
	l, ok := b.links[ticket.Key{Document: document}]
	if !ok {
		return Parent{}
	}
	k := b.rows.Known[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}]
	return Parent{
		Tracker: l.Tracker, Ticket: firstOf(k.Seen.Name, l.Name), URL: firstOf(k.Seen.URL, l.URL),
		State: stateOf(*l, k), Status: k.Seen.Status, Word: k.Seen.Word, AsOf: b.local(later(k.Seen.AsOf, b.rows.Read[l.Tracker])),
	}
}

func (b *builder) met(e ticket.Event) Met {
	switch {
	case e.MeetingBy.IsZero():
		return ""
	case e.Meeting.After(e.MeetingBy):
		return MetLate
	case e.Meeting.IsZero() && b.now.After(e.MeetingBy):
		return MetNot
	case e.Meeting.IsZero() || e.Meeting.After(b.now):
		return MetAhead
	}
	return MetInTime
}

// take counts an action. A repeat is as far as the action that it repeats.
func (e *Event) take(b *builder, a *Action) {
	e.Counts.add(a)
	state := a.State
	if state == Repeat {
		state = b.stateAt(b.links[a.Key].Of)
	}
	switch state {
	case Retired, Released:
		return
	case Done:
		e.Finished++
		e.tracked++
	case Dropped, Duplicate:
		e.Left++
		e.tracked++
	case Gone:
		e.gone++
	}
	e.Actions++
}

// stateAt is the state of the action with a key, none when there is no such action.
func (b *builder) stateAt(k ticket.Key) State {
	l, ok := b.links[k]
	if !ok {
		return ""
	}
	return stateOf(*l, b.rows.Known[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}])
}

// close tells what can only be told once all actions are counted. What is gone does not
// keep an event open: nobody works on it, and its finding stays until it is settled.
func (e *Event) close(known ticket.Event) {
	e.Unfiled = max(known.Actions-e.Counts.Released-e.Actions, 0)
	e.Actions += e.Unfiled
	e.Closable = e.tracked > 0 && e.Finished+e.Left+e.gone == e.Actions && e.Parent.State == Open
}
