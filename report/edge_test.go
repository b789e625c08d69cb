package report_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"percolate/report"
	"percolate/ticket"
)

// one builds the report of a single action.
func one(t *testing.T, s *scene, w work) report.Action {
	t.Helper()
	w.key = "PER-1/A1"
	s.add(w)
	return action(t, s.build(), w.key)
}

func TestDueDaysCountInTheTeamsZone(t *testing.T) {
	for _, c := range []struct {
		name, now, zone, due string
		left                 int
		mark                 report.Mark
	}{
		{"the day before", "2026-04-12 23:59", "UTC", "2026-04-13", 1, report.DueSoon},
		{"due today is not overdue", "2026-04-13 00:00", "UTC", "2026-04-13", 0, report.DueSoon},
		{"nor at its last minute", "2026-04-13 23:59", "UTC", "2026-04-13", 0, report.DueSoon},
		{"but at midnight", "2026-04-14 00:00", "UTC", "2026-04-13", -1, report.Overdue},
		{"the last soon day", "2026-04-06 12:00", "UTC", "2026-04-13", 7, report.DueSoon},
		{"the day before that", "2026-04-05 12:00", "UTC", "2026-04-13", 8, ""},
		{"a Saturday is a day like others", "2026-04-18 12:00", "UTC", "2026-04-18", 0, report.DueSoon},
		{"and overdue on Sunday", "2026-04-19 12:00", "UTC", "2026-04-18", -1, report.Overdue},
		{"the night of daylight saving", "2026-03-29 03:00", "Europe/Berlin", "2026-03-28", -1, report.Overdue},
		{"the week of daylight saving", "2026-03-25 23:30", "Europe/Berlin", "2026-04-01", 7, report.DueSoon},
		{"and back", "2026-10-26 00:30", "Europe/Berlin", "2026-10-24", -2, report.Overdue},
		{"over the turn of the year", "2026-12-31 23:59", "UTC", "2027-01-01", 1, report.DueSoon},
		{"over a leap day", "2028-02-28 12:00", "UTC", "2028-03-01", 2, report.DueSoon},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := one(t, newScene(c.now, c.zone), work{due: c.due, owners: "ana", created: -3})
			if a.DaysLeft == nil || *a.DaysLeft != c.left {
				t.Errorf("days left %v, want %d", a.DaysLeft, c.left)
			}
			if a.Has(report.Overdue) != (c.mark == report.Overdue) || a.Has(report.DueSoon) != (c.mark == report.DueSoon) {
				t.Errorf("marks %v, want %q", a.Marks, c.mark)
			}
		})
	}
}

// At one instant it is another day on either side of the date line.
func TestOneInstantIsAnotherDayInAnotherZone(t *testing.T) {
	at := time.Date(2026, 4, 13, 10, 30, 0, 0, time.UTC)
	for zone, want := range map[string]int{"Pacific/Kiritimati": -1, "UTC": 0, "Pacific/Pago_Pago": 1, "Asia/Kathmandu": 0} {
		s := newScene("2026-04-13 10:30", "UTC")
		s.add(work{key: "PER-1/A1", due: "2026-04-13", created: -3, moves: []move{{day: -1, status: ticket.StatusActive, word: "Doing"}}})
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		rules := report.DefaultRules()
		rules.Zone = loc
		a := action(t, report.Build(at, s.rows, rules), "PER-1/A1")
		if *a.DaysLeft != want || a.Idle != 1 || a.Age != 3 {
			t.Errorf("%s: %d days left, want %d; idle %d, age %d", zone, *a.DaysLeft, want, a.Idle, a.Age)
		}
	}
}

func TestStalledIsCountedInDaysWithoutMovementByAPerson(t *testing.T) {
	person := func(day int) move { return move{day: day, status: ticket.StatusActive, word: "Doing"} }
	for _, c := range []struct {
		name   string
		work   work
		idle   int
		source report.Source
	}{
		{"never moved since it was filed", work{created: -14}, 14, report.FromFiling},
		{"moved a day too late to be stalled", work{created: -40, moves: []move{person(-13)}}, 13, report.FromHistory},
		{"moved just so long ago", work{created: -40, moves: []move{person(-14)}}, 14, report.FromHistory},
		{"only we changed the status", work{created: -40, moves: []move{{day: -2, status: ticket.StatusBlocked, word: "Held", ours: true}}}, 40, report.FromFiling},
		{"another word of the same status", work{created: -40, moves: []move{person(-20), {day: -3, status: ticket.StatusActive, word: "In review"}}}, 3, report.FromHistory},
		{"another assignee", work{created: -40, moves: []move{{day: -4, assign: "lee"}}}, 4, report.FromHistory},
		{"nobody assigned any more", work{created: -40, moves: []move{{day: -4, assign: "none"}}}, 4, report.FromHistory},
		{"the tracker knows of a comment", work{created: -40, moves: []move{person(-20)}, moved: -5}, 5, report.FromTracker},
		{"the tracker knows that it was a bot", work{created: -40, moves: []move{person(-5)}, moved: -20}, 20, report.FromTracker},
		{"the tracker knows of nobody", work{created: -40, moves: []move{person(-5)}, moved: -50}, 40, report.FromTracker},
		{"the tracker's own time counts", work{created: -40, moves: []move{{day: -13, status: ticket.StatusActive, word: "Doing", exact: true}}}, 13, report.FromHistory},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := one(t, newScene("2026-04-13 09:00", "Europe/Berlin"), c.work) // daylight saving began two weeks before
			if a.Idle != c.idle || a.MovedBy != c.source || a.Has(report.Stalled) != (c.idle >= 14) {
				t.Errorf("idle %d by %s, marks %v; want %d by %s", a.Idle, a.MovedBy, a.Marks, c.idle, c.source)
			}
		})
	}
}

func TestFinishedIsWhatTheTrackerSaysAndWhen(t *testing.T) {
	done := move{day: -5, status: ticket.StatusDone, word: "Done"}
	open := move{day: -3, status: ticket.StatusActive, word: "Reopened"}
	exact := done
	exact.exact = true
	for _, c := range []struct {
		name     string
		work     work
		state    report.State
		finished string // minutes count where the tracker tells
		inTime   string
		reopened int
	}{
		{"done", work{moves: []move{done}}, report.Done, "2026-04-08 09:00", "", 0},
		{"done by the tracker's own time", work{moves: []move{exact}}, report.Done, "2026-04-08 08:00", "", 0},
		{"done on its due day", work{due: "2026-04-08", moves: []move{done}}, report.Done, "2026-04-08 09:00", "true", 0},
		{"done a day late", work{due: "2026-04-07", moves: []move{done}}, report.Done, "2026-04-08 09:00", "false", 0},
		{"done before the day that planners moved", work{due: "2026-04-07", now: "2026-05-01", moves: []move{done}}, report.Done, "2026-04-08 09:00", "true", 0},
		{"dropped is no done in time", work{due: "2026-04-30", moves: []move{{day: -5, status: ticket.StatusDropped, word: "Won't Do"}}}, report.Dropped, "2026-04-08 09:00", "", 0},
		{"a duplicate is dropped in the tracker's words", work{moves: []move{{day: -5, status: ticket.StatusDropped, word: "Closed as Duplicate"}}}, report.Duplicate, "2026-04-08 09:00", "", 0},
		{"a duplicate that its tracker calls done", work{moves: []move{{day: -5, status: ticket.StatusDone, word: "duplicate"}}}, report.Duplicate, "2026-04-08 09:00", "", 0},
		{"reopened", work{moves: []move{done, open}}, report.Open, "", "", 1},
		{"reopened and done again", work{moves: []move{{day: -9, status: ticket.StatusDone, word: "Done"}, {day: -8, status: ticket.StatusOpen, word: "To Do"}, done}}, report.Done, "2026-04-08 09:00", "", 1},
		{"another word for done keeps the day", work{moves: []move{done, {day: -2, status: ticket.StatusDone, word: "Shipped"}}}, report.Done, "2026-04-08 09:00", "", 0},
		{"done, and then dropped after all", work{moves: []move{{day: -9, status: ticket.StatusDone, word: "Done"}, {day: -5, status: ticket.StatusDropped, word: "Won't Do"}}}, report.Dropped, "2026-04-08 09:00", "", 0},
		{"done, and then found to be a duplicate", work{moves: []move{{day: -9, status: ticket.StatusDone, word: "Done"}, {day: -5, status: ticket.StatusDone, word: "Duplicate"}}}, report.Duplicate, "2026-04-08 09:00", "", 0},
		{"reopened twice", work{moves: []move{{day: -9, status: ticket.StatusDropped, word: "Won't Do"}, {day: -8, status: ticket.StatusOpen, word: "To Do"}, done, open}}, report.Open, "", "", 2},
		{"gone, whatever it was", work{moves: []move{done}, gone: -1}, report.Gone, "", "", 0},
		{"deleted by mistake and back", work{moves: []move{open}}, report.Open, "", "", 0},
		{"retired though done", work{moves: []move{done}, retired: -1}, report.Retired, "", "", 0},
		{"gone and retired", work{gone: -2, retired: -1}, report.Gone, "", "", 0},
		{"let go of", work{state: ticket.StateReleased}, report.Released, "", "", 0},
		{"filed and not read yet", work{unseen: true}, report.Unread, "", "", 0},
		{"being filed", work{state: ticket.StateIntent}, report.Filing, "", "", 0},
		{"recovered by its marker", work{state: ticket.StateRecovered}, report.Open, "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.work.created = -30
			a := one(t, newScene("2026-04-13 09:00", "UTC"), c.work)
			finished, inTime := "", ""
			if !a.Finished.IsZero() {
				finished = a.Finished.Format("2006-01-02 15:04")
			}
			if a.InTime != nil {
				inTime = map[bool]string{true: "true", false: "false"}[*a.InTime]
			}
			if a.State != c.state || finished != c.finished || inTime != c.inTime || a.Reopened != c.reopened {
				t.Errorf("%s finished %q in time %q reopened %d; want %s %q %q %d", a.State, finished, inTime, a.Reopened, c.state, c.finished, c.inTime, c.reopened)
			}
			if (len(a.Marks) > 0 || a.DaysLeft != nil) && a.State != report.Open {
				t.Errorf("%s has marks %v and days left %v", a.State, a.Marks, a.DaysLeft)
			}
			if a.Has(report.Reopened) != (a.State == report.Open && c.reopened > 0) {
				t.Errorf("marks %v", a.Marks)
			}
		})
	}
}

// What was finished when percolate first saw it counts as finished, and nobody knows
// when unless the tracker tells.
func TestAdoptedWorkThatWasFinishedCountsAsFinished(t *testing.T) {
	for name, updated := range map[string]time.Time{
		"unknown": {}, "told": time.Date(2025, 12, 24, 12, 0, 0, 0, time.UTC), "this week": time.Date(2026, 4, 9, 12, 0, 0, 0, time.UTC),
	} {
		s := newScene("2026-04-13 09:00", "UTC")
		s.add(work{key: "PER-1/A1", state: ticket.StateAdopted, created: -3, due: "2026-01-10"})
		a := ticket.Address{Tracker: "ops", Ref: "1"}
		k := s.rows.Known[a]
		k.Seen.Status, k.Seen.Word, k.Seen.Updated, k.Seen.Ours = ticket.StatusDone, "Closed", updated, false
		k.Seen.AsOf = s.at(-3)
		s.rows.Known[a] = k
		s.rows.History = []ticket.Observation{k.Seen.Observation()}
		r := s.build()
		got := action(t, r, "PER-1/A1")
		if got.State != report.Done || !got.Finished.Equal(updated) {
			t.Errorf("%s: %s at %s, want done at %s", name, got.State, got.Finished, updated)
		}
		if r.Policy.TimeToDone.N != 0 || r.Week.New != 0 || r.Week.Done != 0 {
			t.Errorf("%s: it took no time of ours: %+v, %+v", name, r.Policy, r.Week)
		}
		wantMonth := map[string]string{"unknown": "", "told": "2025-12", "this week": "2026-04"}[name]
		if i := slices.IndexFunc(r.Months, func(m report.Month) bool { return m.Month == wantMonth && m.Done == 1 }); i < 0 {
			t.Errorf("%s: done in none of %+v", name, r.Months)
		}
	}
}

func TestDueDaysAreThoseOfTheTrackerThenOfTheDocument(t *testing.T) {
	for _, c := range []struct {
		name  string
		work  work
		due   ticket.Day
		first ticket.Day
		by    report.DueBy
		slip  int
	}{
		{"stated", work{due: "2026-05-01"}, "2026-05-01", "2026-05-01", report.ByDocument, 0},
		{"by policy", work{due: "2026-05-01", basis: ticket.BasisPolicy}, "2026-05-01", "2026-05-01", report.ByPolicy, 0},
		{"moved later", work{due: "2026-05-01", now: "2026-05-11"}, "2026-05-11", "2026-05-01", report.ByPlanners, 10},
		{"moved earlier", work{due: "2026-05-01", now: "2026-04-21"}, "2026-04-21", "2026-05-01", report.ByPlanners, -10},
		{"taken away", work{due: "2026-05-01", now: "none"}, "", "2026-05-01", "", 0},
		{"given by planners", work{now: "2026-05-11", basis: ticket.BasisPolicy}, "2026-05-11", "", report.ByPlanners, 0},
		{"a tracker without due days", work{basis: "2026-05-01"}, "2026-05-01", "2026-05-01", report.ByDocument, 0},
		{"none at all", work{basis: ticket.BasisPolicy}, "", "", "", 0},
		{"changed in the document and set", work{due: "2026-05-01", now: "2026-05-11", basis: "2026-05-11"}, "2026-05-11", "2026-05-01", report.ByDocument, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := one(t, newScene("2026-04-13 09:00", "UTC"), c.work)
			if a.Due != c.due || a.DueFirst != c.first || a.DueBy != c.by || a.Slip != c.slip {
				t.Errorf("due %s first %s by %s slip %d; want %s %s %s %d", a.Due, a.DueFirst, a.DueBy, a.Slip, c.due, c.first, c.by, c.slip)
			}
		})
	}
}

func TestPriorityDriftsFromWhatItWasFiledWith(t *testing.T) {
	for _, c := range []struct {
		filed, now ticket.Priority
		drifted    bool
	}{
		{ticket.PriorityHigh, ticket.PriorityHigh, false},
		{ticket.PriorityHigh, ticket.PriorityLow, true},
		{ticket.PriorityHigh, ticket.PriorityHighest, true},
		{ticket.PriorityNone, ticket.PriorityHigh, false}, // it was filed without one
	} {
		if a := one(t, newScene("2026-04-13 09:00", "UTC"), work{filed: c.filed, prio: c.now}); a.Has(report.Drifted) != c.drifted {
			t.Errorf("%s to %s: marks %v", c.filed, c.now, a.Marks)
		}
	}
}

func TestActionsComeInTheOrderOfTheirNumbers(t *testing.T) {
	s := newScene("2026-04-13 09:00", "UTC")
	for _, key := range []string{"PER-2/A1", "PER-1/A10", "PER-1/B1", "PER-1/A9", "PER-1/A", "PER-1/A1a"} {
		s.add(work{key: key})
	}
	var got []string
	for _, a := range s.build().Actions {
		got = append(got, a.ID)
	}
	if want := []string{"PER-1/A", "PER-1/A9", "PER-1/A10", "PER-1/A1a", "PER-1/B1", "PER-2/A1"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTeamsThatDifferOnlyInCaseAreOne(t *testing.T) {
	s := newScene("2026-04-13 09:00", "UTC")
	for i, team := range []string{"Data Ops", "data-ops", "", "payments"} {
		document := "PER-" + string(rune('a'+i))
		s.event(ticket.Event{Document: document, Team: team})
		s.add(work{key: document + "/A1"})
	}
	var got []string
	for _, g := range s.build().Teams {
		got = append(got, fmt.Sprint(g.Name, " ", g.Open))
	}
	if want := []string{"Data Ops 2", "payments 1", " 1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestARepeatTellsNothingOfTheTicketThatItShares(t *testing.T) {
	s := newScene("2026-04-13 09:00", "UTC")
	s.add(work{key: "PER-1/A1", title: "earlier", due: "2026-04-01", created: -30, moves: []move{
		{day: -20, status: ticket.StatusDone, word: "Done"}, {day: -10, status: ticket.StatusOpen, word: "To Do"},
	}})
	s.add(work{key: "PER-2/A1", title: "again", state: ticket.StateRepeat, of: "PER-1/A1", created: -5})
	a := action(t, s.build(), "PER-2/A1")
	if a.State != report.Repeat || a.Title != "again" || a.Status != "" || a.Due != "" || a.Reopened != 0 || a.Of != "PER-1/A1" || len(a.Marks) > 0 {
		t.Errorf("got %+v", a)
	}
}

func TestMeetingsAreHeldAgainstTheRule(t *testing.T) {
	s := newScene("2026-04-13 09:00", "UTC")
	by := s.at(-1)
	for want, e := range map[report.Met]ticket.Event{
		"":               {Meeting: by},
		report.MetInTime: {MeetingBy: by, Meeting: by},
		report.MetLate:   {MeetingBy: by, Meeting: by.Add(time.Second)},
		report.MetNot:    {MeetingBy: by},
		report.MetAhead:  {MeetingBy: s.at(1)},
	} {
		e.Document = "PER-" + string(want)
		s.event(e)
	}
	s.event(ticket.Event{Document: "PER-planned", MeetingBy: s.at(2), Meeting: s.at(1)})
	for _, e := range s.build().Events {
		want := report.Met(e.Document[len("PER-"):])
		if want == "planned" {
			want = report.MetAhead
		}
		if e.Met != want {
			t.Errorf("%s is %q", e.Document, e.Met)
		}
	}
}

func TestEventsTellHowFarTheyAre(t *testing.T) {
	done := []move{{day: -2, status: ticket.StatusDone, word: "Done"}}
	dropped := []move{{day: -2, status: ticket.StatusDropped, word: "Won't Do"}}
	parent := work{key: "PER-1", kind: ticket.KindParent, created: -9}
	for _, c := range []struct {
		name                              string
		event                             ticket.Event
		works                             []work
		actions, finished, left, unfiled_ int
		closable                          bool
	}{
		{"all open", ticket.Event{Actions: 2}, []work{parent, {key: "PER-1/A1"}, {key: "PER-1/A2"}}, 2, 0, 0, 0, false},
		{"one without a ticket was done before", ticket.Event{Actions: 2, Done: 1}, []work{parent, {key: "PER-1/A1", moves: done}}, 2, 2, 0, 0, true},
		{"dropped counts apart", ticket.Event{Actions: 2}, []work{parent, {key: "PER-1/A1", moves: done}, {key: "PER-1/A2", moves: dropped}}, 2, 1, 1, 0, true},
		{"one is not filed", ticket.Event{Actions: 2}, []work{parent, {key: "PER-1/A1", moves: done}}, 2, 1, 0, 1, false},
		{"one was let go", ticket.Event{Actions: 2}, []work{parent, {key: "PER-1/A1", moves: done}, {key: "PER-1/A2", state: ticket.StateReleased}}, 1, 1, 0, 0, true},
		{"one left the document", ticket.Event{Actions: 1}, []work{parent, {key: "PER-1/A1", moves: done}, {key: "PER-1/A2", retired: -1}}, 1, 1, 0, 0, true},
		{"one is gone", ticket.Event{Actions: 2}, []work{parent, {key: "PER-1/A1", moves: done}, {key: "PER-1/A2", gone: -1}}, 2, 1, 0, 0, true},
		{"the parent is closed already", ticket.Event{Actions: 1}, []work{{key: "PER-1", kind: ticket.KindParent, created: -9, moves: done}, {key: "PER-1/A1", moves: done}}, 1, 1, 0, 0, false},
		{"nothing was ever filed", ticket.Event{Actions: 1, Done: 1}, []work{parent}, 1, 1, 0, 0, false},
		{"a repeat is as far as what it repeats", ticket.Event{Actions: 2}, []work{
			parent, {key: "PER-1/A1", moves: done}, {key: "PER-1/A2", state: ticket.StateRepeat, of: "PER-1/A1"},
		}, 2, 2, 0, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene("2026-04-13 09:00", "UTC")
			c.event.Document, c.event.Day = "PER-1", "2026-04-01"
			s.event(c.event)
			for _, w := range c.works {
				w.created = -9
				s.add(w)
			}
			e := s.build().Events[0]
			if e.Actions != c.actions || e.Finished != c.finished || e.Left != c.left || e.Unfiled != c.unfiled_ || e.Closable != c.closable {
				t.Errorf("%d of %d done, %d dropped, %d not filed, closable %v; want %d of %d, %d, %d, %v",
					e.Finished, e.Actions, e.Left, e.Unfiled, e.Closable, c.finished, c.actions, c.left, c.unfiled_, c.closable)
			}
		})
	}
}

func TestWhenTheTrackerWasReadIsTold(t *testing.T) {
	for minutes, want := range map[int]string{0: "just now", 1: "1 min ago", 59: "59 min ago", 60: "1 h ago", 23*60 + 59: "23 h ago", 24 * 60: "1 day ago", 14 * 24 * 60: "14 days ago"} {
		s := newScene("2026-03-30 10:00", "Europe/Berlin")
		s.rows.Read = map[string]time.Time{"ops": s.now.Add(-time.Duration(minutes) * time.Minute)}
		if got := s.build().Text(report.Style{}); !contains(got, "(trackers read "+want+")") {
			t.Errorf("%d minutes: %s", minutes, got[:80])
		}
	}
}
