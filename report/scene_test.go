package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/report"
	"percolate/ticket"
)

// scene is a state as it is drawn for a test. Days are counted from the day of the report.
type scene struct {
	now  time.Time
	zone *time.Location
	rows report.Rows
	refs int
}

func newScene(now string, zone string) *scene {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", now, loc)
	if err != nil {
		panic(err)
	}
	return &scene{now: at, zone: loc, rows: report.Rows{
		Known: map[ticket.Address]ticket.Known{},
		Read:  map[string]time.Time{"ops": at.Add(-3 * time.Minute)},
	}}
}

// at is the instant some days from now.
func (s *scene) at(days int) time.Time { return s.now.AddDate(0, 0, days) }

// day is the day some days from now.
func (s *scene) day(days int) ticket.Day { return ticket.DayOf(s.at(days), s.zone) }

// event adds an event.
func (s *scene) event(e ticket.Event) { s.rows.Events = append(s.rows.Events, e) }

// work is one action and its ticket, with the usual for what is not said.
type work struct {
	key     string
	title   string
	kind    ticket.Kind
	state   ticket.State
	created int // days from now; the ticket was first seen then
	due     string
	now     string // the due day now, "none" when it was taken away
	owners  string
	assign  string // who is assigned; "none" is nobody
	filed   ticket.Priority
	prio    ticket.Priority
	basis   string // of the due day
	moves   []move // after it was filed
	unseen  bool
	gone    int
	retired int
	of      string
	moved   int // what the tracker tells; 0 is nothing
}

// move is a change that was seen.
type move struct {
	day    int
	status ticket.Status
	word   string
	assign string
	ours   bool
	exact  bool
}

// add puts the work into the state and its history.
func (s *scene) add(w work) {
	s.refs++
	key := ticket.ParseKey(w.key)
	if w.state == "" {
		w.state = ticket.StateFiled
	}
	if w.kind == "" {
		w.kind = ticket.KindStory
	}
	if w.basis == "" {
		w.basis = w.due
	}
	l := ticket.Link{
		Key: key, Text: w.title, Tracker: "ops", Ref: ticket.Ref(fmt.Sprint(s.refs)), State: w.state,
		Name: fmt.Sprintf("OPS-%d", s.refs), URL: fmt.Sprintf("https://ops.example/browse/OPS-%d", s.refs),
		Created: s.at(w.created), Due: ticket.Day(w.due), Priority: w.filed, Asked: ticket.Fields{Kind: w.kind},
		Basis: map[ticket.Field]string{ticket.FieldDue: w.basis},
	}
	if w.owners != "" {
		l.Owners = strings.Split(w.owners, ", ")
	}
	if w.retired != 0 {
		l.Retired = s.at(w.retired)
	}
	switch w.state {
	case ticket.StateIntent:
		l.Ref, l.Name, l.URL, l.Created, l.Intended = "", "", "", time.Time{}, s.at(w.created)
	case ticket.StateRepeat:
		earlier := s.link(w.of)
		l.Of, l.Ref, l.Name, l.URL, l.Told = earlier.Key, earlier.Ref, earlier.Name, earlier.URL, true
	default:
		if !w.unseen {
			s.see(l, w)
		}
	}
	s.rows.Links = append(s.rows.Links, l)
}

// see puts the sight of the ticket and its history into the state.
func (s *scene) see(l ticket.Link, w work) {
	if w.prio == ticket.PriorityNone {
		w.prio = w.filed
	}
	due := ticket.Day(w.due)
	switch w.now {
	case "":
	case "none":
		due = ""
	default:
		due = ticket.Day(w.now)
	}
	if w.assign == "" {
		w.assign = "raj"
	}
	seen := ticket.Seen{
		Tracker: "ops", Ref: l.Ref, Name: l.Name, URL: l.URL, Key: l.Key, Status: ticket.StatusOpen, Word: "To Do", Ours: true,
		Fields: ticket.Fields{Kind: w.kind, Title: w.title, Priority: w.prio, Due: due},
		AsOf:   s.at(w.created),
	}
	assign(&seen, w.assign)
	s.rows.History = append(s.rows.History, seen.Observation())
	for _, m := range w.moves {
		seen.AsOf, seen.Ours, seen.Updated = s.at(m.day), m.ours, time.Time{}
		if m.exact {
			seen.Updated = s.at(m.day).Add(-time.Hour)
		}
		if m.status != "" {
			seen.Status, seen.Word = m.status, m.word
		}
		if m.assign != "" {
			assign(&seen, m.assign)
		}
		s.rows.History = append(s.rows.History, seen.Observation())
	}
	if w.moved != 0 {
		seen.Moved = s.at(w.moved)
	}
	seen.AsOf = s.at(-1)
	k := ticket.Known{Seen: seen}
	if w.gone != 0 {
		k.Misses, k.Gone = 2, s.at(w.gone)
	}
	s.rows.Known[ticket.Address{Tracker: "ops", Ref: l.Ref}] = k
}

func assign(s *ticket.Seen, who string) {
	s.Fields.Assignees = nil
	if who != "none" {
		s.Fields.Assignees = strings.Split(who, ", ")
	}
}

// abroad tells all instants in another zone.
func (s *scene) abroad(zone *time.Location) {
	s.now = s.now.In(zone)
	turn := func(instants ...*time.Time) {
		for _, t := range instants {
			if !t.IsZero() {
				*t = t.In(zone)
			}
		}
	}
	for i := range s.rows.Links {
		l := &s.rows.Links[i]
		turn(&l.Created, &l.Intended, &l.Retired)
	}
	for i := range s.rows.History {
		turn(&s.rows.History[i].At, &s.rows.History[i].AsOf)
	}
	for a, k := range s.rows.Known {
		turn(&k.Gone, &k.Seen.AsOf, &k.Seen.Moved, &k.Seen.Updated)
		s.rows.Known[a] = k
	}
	for name, read := range s.rows.Read {
		turn(&read)
		s.rows.Read[name] = read
	}
	for i := range s.rows.Findings {
		turn(&s.rows.Findings[i].Since)
	}
	for i := range s.rows.Events {
		turn(&s.rows.Events[i].Meeting, &s.rows.Events[i].MeetingBy)
	}
}

// link is that of a key.
func (s *scene) link(key string) ticket.Link {
	i := slices.IndexFunc(s.rows.Links, func(l ticket.Link) bool { return l.Key.String() == key })
	if i < 0 {
		panic("no link " + key)
	}
	return s.rows.Links[i]
}

// find adds a finding.
func (s *scene) find(key string, kind ticket.FindingKind, text, mend string, since int) {
	f := ticket.Finding{Kind: kind, Text: text, Mend: mend, Since: s.at(since)}
	if key != "" {
		f.Key = ticket.ParseKey(key)
	}
	s.rows.Findings = append(s.rows.Findings, f)
}

// rules are the usual ones, in the zone of the scene.
func (s *scene) rules() report.Rules {
	r := report.DefaultRules()
	r.Zone = s.zone
	return r
}

func (s *scene) build() report.Report { return report.Build(s.now, s.rows, s.rules()) }

// action is the row of a key.
func action(t *testing.T, r report.Report, key string) report.Action {
	t.Helper()
	i := slices.IndexFunc(r.Actions, func(a report.Action) bool { return a.ID == key })
	if i < 0 {
		t.Fatalf("%s is not in the report", key)
	}
	return r.Actions[i]
}
