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
	word    string
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

// every is a state with every case in it, as it stands on a Monday morning.
func every() *scene {
	s := newScene("2026-04-13 09:00", "Europe/Berlin")
	s.rows.Read["gh-payments"] = s.now.Add(-26 * time.Hour)
	s.rows.Read["rally"] = time.Time{}
	s.events()
	s.openWork()
	s.finishedWork()
	s.oddWork()
	s.find("", ticket.FindUnread, "not read: 401, the token in RALLY_TOKEN was refused", "run percolate doctor; nothing is lost meanwhile, run sync again when it answers", -2)
	s.find("PER-2026-007/A2", ticket.FindConflict, `due: now "2026-04-20" in the tracker, the document now says "2026-04-10"`, "percolate resolve PER-2026-007/A2 due --keep tracker|document", -5)
	s.find("PER-2026-004/A1", ticket.FindGone, "OPS-24 is deleted or not visible to us since 2026-04-08", "percolate resolve PER-2026-004/A1 ticket --keep tracker (let it go) | document (file it again)", -5)
	s.find("PER-2026-004/A3", ticket.FindUnowned, `owner "kim" is in no people list; filed unassigned`, "add \"kim\" to people or teams in the configuration", -30)
	s.find("PER-2026-003", ticket.FindReady, "all actions are finished", "close OPS-9", -1)
	return s
}

func (s *scene) events() {
	minutes := func(n int) *time.Duration { d := time.Duration(n) * time.Minute; return &d }
	clock := func(day int, hour, minute int) time.Time {
		y, m, d := s.at(day).Date()
		return time.Date(y, m, d, hour, minute, 0, 0, s.zone)
	}
	s.event(ticket.Event{
		Document: "PER-2026-001", Path: "pers/2026-001.md", Title: "Importer stopped overnight", Kind: "outage", Severity: "sev1", Service: "importer", Team: "data",
		Owner: "mia", Day: s.day(-90), Resolved: clock(-90, 7, 0), Meeting: clock(-89, 6, 30), MeetingBy: clock(-89, 7, 0),
		Downtime: minutes(312), TimeToDetect: minutes(240), TimeToResolve: minutes(72), Actions: 3, Done: 1,
	})
	s.event(ticket.Event{
		Document: "PER-2026-002", Path: "pers/2026-002.md", Title: "Backup had been empty for nine days", Kind: "near-miss", Service: "orders-db", Team: "storage",
		Owner: "lee", Day: s.day(-70), TimeToDetect: minutes(13690), TimeToResolve: minutes(155), Actions: 4,
	})
	s.event(ticket.Event{
		Document: "PER-2026-003", Path: "pers/2026-003.md", Title: "Checkout refused cards for 47 minutes", Kind: "outage", Severity: "sev2", Service: "checkout", Team: "payments",
		Owner: "mia", Day: s.day(-42), MeetingBy: clock(-41, 9, 59), Meeting: clock(-39, 10, 0),
		Downtime: minutes(47), TimeToDetect: minutes(19), TimeToResolve: minutes(28), Actions: 5,
	})
	s.event(ticket.Event{
		Document: "PER-2026-004", Path: "pers/2026-004.md", Title: "\u691c\u7d22\u304c\u9045\u3044: search answered late", Kind: "degradation", Severity: "sev3", Service: "search", Team: "data",
		Owner: "raj", Day: s.day(-35), MeetingBy: clock(-34, 12, 0), TimeToResolve: minutes(90), Actions: 4,
	})
	s.event(ticket.Event{
		Document: "PER-2026-007", Path: "pers/2026-007.md", Title: "Search index fell behind after the upgrade", Kind: "degradation", Severity: "sev3", Service: "search", Team: "data",
		Owner: "raj", Day: s.day(-20), MeetingBy: clock(-19, 12, 0), Meeting: clock(-19, 9, 0),
		TimeToDetect: minutes(35), TimeToResolve: minutes(125), Actions: 5,
	})
	s.event(ticket.Event{
		Document: "PER-2026-008", Path: "pers/2026-008.md", Title: "Half a draft", Kind: "outage", Service: "checkout", Day: s.day(-1),
		MeetingBy: clock(1, 0, 0), Downtime: minutes(999), Draft: true, Hold: "draft",
	})
}

func (s *scene) openWork() {
	s.add(work{key: "PER-2026-001", title: "PER-2026-001: Importer stopped overnight", kind: ticket.KindParent, created: -89})
	s.add(work{
		key: "PER-2026-001/A1", title: "Load-test the importer", kind: ticket.KindDefect, created: -89, due: "2026-05-02", owners: "mia", assign: "mia",
		filed: ticket.PriorityHighest, prio: ticket.PriorityHigh, moves: []move{{day: -23, status: ticket.StatusActive, word: "In Progress"}},
	})
	s.add(work{key: "PER-2026-001/A2", title: "Page when the importer is idle for an hour", created: -89, due: "2026-03-01", now: "2026-04-01", owners: "raj", filed: ticket.PriorityMedium, basis: ticket.BasisPolicy, moved: -3})
	s.add(work{key: "PER-2026-007", title: "PER-2026-007: Search index fell behind", kind: ticket.KindParent, created: -19})
	s.add(work{key: "PER-2026-007/A1", title: "Alert on index lag", kind: ticket.KindDefect, created: -19, due: "2026-04-13", owners: "raj", filed: ticket.PriorityHigh, moved: -1})
	s.add(work{key: "PER-2026-007/A2", title: "Document and rehearse the rebuild | = with <everyone>", created: -19, due: "2026-04-20", owners: "raj, ops-team", assign: "none", filed: ticket.PriorityMedium, moves: []move{{day: -6, status: ticket.StatusBlocked, word: "On Hold", exact: true}}})
	s.add(work{key: "PER-2026-007/A3", state: ticket.StateRepeat, of: "PER-2026-001/A1", title: "Load-test the importer, again", created: -19})
	s.add(work{key: "PER-2026-007/A4", title: "=HYPERLINK(\"https://bad.example\";\"click\") \x1b[31mred\x1b[0m", created: -19, due: "2026-03-31", filed: ticket.PriorityLow, basis: ticket.BasisPolicy})
	s.add(work{key: "PER-2026-007/~0a1b2c3d4e", title: "Warm the cache before the switch", created: -4, owners: "lee"})
}

func (s *scene) finishedWork() {
	done := func(day int) []move { return []move{{day: day, status: ticket.StatusDone, word: "Done", exact: true}} }
	s.add(work{key: "PER-2026-003", title: "PER-2026-003: Checkout refused cards", kind: ticket.KindParent, created: -39})
	s.add(work{key: "PER-2026-003/A1", title: "Rotate the payment certificate by itself", kind: ticket.KindDefect, created: -39, due: "2026-03-16", owners: "ana", moves: done(-30)})
	s.add(work{key: "PER-2026-003/A2", title: "Page on card refusals above 2 %", created: -39, due: "2026-03-30", owners: "raj", moves: done(-2)})
	s.add(work{key: "PER-2026-003/A3", title: "Tell support which channel wakes us up", created: -39, due: "2026-04-30", owners: "mia", moves: []move{{day: -5, status: ticket.StatusDropped, word: "Won't Do"}}})
	s.add(work{key: "PER-2026-003/A4", title: "Watch the certificate of the shop", created: -39, due: "2026-04-30", owners: "mia", moves: []move{{day: -5, status: ticket.StatusDropped, word: "Duplicate"}}})
	s.add(work{key: "PER-2026-003/A5", title: "Keep the vendor's number in the runbook", state: ticket.StateAdopted, created: -39, owners: "ana", moves: []move{{day: -38, status: ticket.StatusDone, word: "Closed"}}})
	s.add(work{key: "PER-2026-002/A1", title: "Let the backup fail when it is empty", kind: ticket.KindDefect, created: -69, due: "2026-02-20", now: "2026-03-05", owners: "lee", moves: done(-41)})
	s.add(work{key: "PER-2026-002/A2", title: "Restore last night's backup every week", created: -69, due: "2026-05-15", owners: "raj", moves: []move{
		{day: -40, status: ticket.StatusDone, word: "Done"}, {day: -10, status: ticket.StatusActive, word: "Reopened"},
	}})
}

func (s *scene) oddWork() {
	s.add(work{key: "PER-2026-002/A3", title: "Alert when a backup shrinks", created: -69, owners: "lee", retired: -8})
	s.add(work{key: "PER-2026-002/A4", state: ticket.StateReleased, title: "Buy a second disk", created: -69, owners: "lee"})
	s.add(work{key: "PER-2026-004", title: "PER-2026-004: search answered late", kind: ticket.KindParent, created: -34})
	s.add(work{key: "PER-2026-004/A1", title: "\u7d22\u5f15\u3092\u4f5c\u308a\u76f4\u3059\u624b\u9806\u3092\u66f8\u304f (write down how to rebuild the index)", created: -34, due: "2026-04-30", owners: "raj", gone: -5})
	s.add(work{key: "PER-2026-004/A2", state: ticket.StateIntent, title: "Add a second node", created: 0})
	s.add(work{key: "PER-2026-004/A3", title: "\u30ad\u30e3\u30c3\u30b7\u30e5\u306e\u5927\u304d\u3055\u3092\u6e2c\u308b (measure the cache)", created: -34, due: "2026-04-16", owners: "kim", assign: "none", moved: -2})
	s.add(work{key: "PER-2026-004/A4", title: "Ask the vendor", created: -1, owners: "raj", unseen: true})
	s.add(work{key: "PER-2025-099/A1", title: "From a document that is not there any more", created: -200, owners: "ana", due: "2026-06-30", moved: -10})
}
