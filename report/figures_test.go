package report_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/report"
	"percolate/ticket"
)

func TestMonthsAreThoseOfTheTeamsZone(t *testing.T) {
	for zone, want := range map[string][]report.Month{
		"UTC":                {{Month: "2026-03", Created: 1, Done: 1}},
		"Pacific/Kiritimati": {{Month: "2026-03", Created: 1}, {Month: "2026-04", Done: 1}},
		"Pacific/Pago_Pago":  {{Month: "2026-02", Created: 1}, {Month: "2026-03", Done: 1}},
	} {
		s := newScene("2026-03-31 23:30", "UTC")
		s.add(work{key: "PER-1/A1", moves: []move{{day: 0, status: ticket.StatusDone, word: "Done"}}})
		s.rows.Links[0].Created = time.Date(2026, 3, 1, 5, 0, 0, 0, time.UTC)
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		rules := report.DefaultRules()
		rules.Zone = loc
		if got := report.Build(s.now, s.rows, rules).Months; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", zone, got, want)
		}
	}
}

func TestDroppedIsLeftOutOfTheShareDoneInTime(t *testing.T) {
	at := func(day int, status ticket.Status, word string) []move {
		return []move{{day: day, status: status, word: word}}
	}
	s := newScene("2026-04-13 09:00", "UTC")
	for i, w := range []work{
		{due: "2026-04-10", moves: at(-5, ticket.StatusDone, "Done")},                    // in time
		{due: "2026-04-01", now: "2026-04-10", moves: at(-5, ticket.StatusDone, "Done")}, // in time since it was moved
		{due: "2026-04-01", moves: at(-5, ticket.StatusDone, "Done")},                    // late
		{due: "2026-04-08", moves: at(-5, ticket.StatusDone, "Done")},                    // in time on that very day
		{due: "2026-04-12"}, // overdue
		{due: "2026-04-14"}, // not due yet
		{due: "2026-04-01", moves: at(-20, ticket.StatusDropped, "Won't Do")},
		{due: "2026-04-01", moves: at(-20, ticket.StatusDropped, "Duplicate")},
		{due: "2026-04-01", gone: -3},
		{due: "2026-04-01", retired: -3},
		{}, // no due day
	} {
		w.key, w.created = "PER-1/A"+string(rune('a'+i)), -30
		s.add(w)
	}
	p := s.build().Policy
	want := report.Policy{InTime: 3, Late: 1, Still: 1, InTimeFirst: 2, Dropped: 2, NoDue: 1, AgeOpen: p.AgeOpen, TimeToDone: p.TimeToDone}
	if p != want || p.Come() != 5 {
		t.Errorf("got %+v, want %+v", p, want)
	}
	if p.AgeOpen != (report.Spread{N: 3, Min: 30, Median: 30, P90: 30, Max: 30}) || p.TimeToDone != (report.Spread{N: 4, Min: 25, Median: 25, P90: 25, Max: 25}) {
		t.Errorf("age of open %+v, time to done %+v", p.AgeOpen, p.TimeToDone)
	}
}

func TestAShareIsRoundedDown(t *testing.T) {
	s := newScene("2026-04-13 09:00", "UTC")
	for i, due := range []string{"2026-04-10", "2026-04-10", "2026-04-01"} {
		s.add(work{key: "PER-1/A" + string(rune('a'+i)), due: due, created: -30, moves: []move{{day: -5, status: ticket.StatusDone, word: "Done"}}})
	}
	if text := s.build().Text(report.Style{}); !strings.Contains(text, "2 of 3 (66 %); 1 done late") {
		t.Error(text)
	}
}

func TestPercentilesAreValuesThatAreThere(t *testing.T) {
	for _, c := range []struct {
		ages []int
		want report.Spread
	}{
		{nil, report.Spread{}},
		{[]int{5}, report.Spread{N: 1, Min: 5, Median: 5, P90: 5, Max: 5}},
		{[]int{9, 1}, report.Spread{N: 2, Min: 1, Median: 1, P90: 9, Max: 9}},
		{[]int{3, 1, 2}, report.Spread{N: 3, Min: 1, Median: 2, P90: 3, Max: 3}},
		{[]int{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, report.Spread{N: 10, Min: 1, Median: 5, P90: 9, Max: 10}},
		{[]int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 400}, report.Spread{N: 11, Min: 1, Median: 1, P90: 1, Max: 400}},
	} {
		s := newScene("2026-04-13 09:00", "UTC")
		for i, age := range c.ages {
			s.add(work{key: "PER-1/A" + string(rune('a'+i)), created: -age})
		}
		if got := s.build().Policy.AgeOpen; got != c.want {
			t.Errorf("%v: %+v, want %+v", c.ages, got, c.want)
		}
	}
}

func TestFiguresAreOfAgreedEventsByMonthAndSeverity(t *testing.T) {
	minutes := func(n int) *time.Duration { d := time.Duration(n) * time.Minute; return &d }
	s := newScene("2026-04-13 09:00", "UTC")
	s.event(ticket.Event{Document: "a", Day: "2026-03-02", Severity: "SEV1", Downtime: minutes(10)})
	s.event(ticket.Event{Document: "b", Day: "2026-03-31", Severity: "sev-1", Downtime: minutes(30), TimeToResolve: minutes(0)})
	s.event(ticket.Event{Document: "c", Day: "2026-04-01", Severity: "sev1", TimeToDetect: minutes(5)})
	s.event(ticket.Event{Document: "d", Title: "without a day", Downtime: minutes(1)})
	s.event(ticket.Event{Document: "e", Day: "2026-03-02", Severity: "SEV1", Downtime: minutes(999), Draft: true})
	got := s.build().Metrics
	one := func(n int64) report.Spread { return report.Spread{N: 1, Min: n, Median: n, P90: n, Max: n} }
	want := report.Metrics{
		Months: []report.Figures{
			{Events: 1, Downtime: one(60)},
			{Month: "2026-03", Severity: "SEV1", Events: 2, Downtime: report.Spread{N: 2, Min: 600, Median: 600, P90: 1800, Max: 1800}, TimeToResolve: one(0)},
			{Month: "2026-04", Severity: "sev1", Events: 1, TimeToDetect: one(300)},
		},
		Severities: []report.Figures{
			{Severity: "SEV1", Events: 3, Downtime: report.Spread{N: 2, Min: 600, Median: 600, P90: 1800, Max: 1800}, TimeToDetect: one(300), TimeToResolve: one(0)},
			{Events: 1, Downtime: one(60)},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestNoFormatShowsAMean(t *testing.T) {
	mean := regexp.MustCompile(`(?i)\b(mean|average|avg|mttr|mttd)\b`)
	for name, text := range forms(t, every().build()) {
		if found := mean.FindString(text); found != "" {
			t.Errorf("%s speaks of %s", name, found)
		}
	}
}

func TestPlanningPutsFirstWhatHurtsAgain(t *testing.T) {
	s := newScene("2026-04-13 09:00", "UTC")
	for _, w := range []work{
		{key: "PER-1/plain"},
		{key: "PER-1/soon", due: "2026-04-14"},
		{key: "PER-1/idle", created: -20},
		{key: "PER-1/unowned", owners: "none"},
		{key: "PER-1/drifted", filed: ticket.PriorityHigh, prio: ticket.PriorityLow},
		{key: "PER-1/late", due: "2026-04-12", basis: ticket.BasisPolicy},
		{key: "PER-1/later", due: "2026-02-01", now: "2026-04-01"},
		{key: "PER-1/defect", kind: ticket.KindDefect, filed: ticket.PriorityHigh, prio: ticket.PriorityHighest},
		{key: "PER-1/lateDefect", kind: ticket.KindDefect, due: "2026-04-12"},
		{key: "PER-1/once"},
		{key: "PER-1/twice"},
		{key: "PER-1/finished", due: "2026-04-01", moves: []move{{status: ticket.StatusDone, word: "Done"}}},
		{key: "PER-2/r1", state: ticket.StateRepeat, of: "PER-1/once"},
		{key: "PER-2/r2", state: ticket.StateRepeat, of: "PER-1/twice"},
		{key: "PER-3/r3", state: ticket.StateRepeat, of: "PER-1/twice"},
		{key: "PER-3/r4", state: ticket.StateRepeat, of: "PER-1/plain", retired: -1},
		{key: "PER-3/r5", state: ticket.StateRepeat, of: "PER-1/finished"},
	} {
		switch w.owners {
		case "":
			w.owners = "ana"
		case "none":
			w.owners = ""
		}
		w.created = min(w.created, -1)
		s.add(w)
	}
	var got []string
	for _, it := range s.build().Planning().Items {
		got = append(got, it.Key.Action+": "+strings.Join(it.Why, "; "))
	}
	want := []string{
		"twice: hit again 2 times, last by PER-3",
		"once: hit again by PER-2",
		"lateDefect: overdue 1 d",
		"defect: priority high -> highest",
		"later: overdue 12 d though moved by 59 d",
		"late: overdue 1 d by policy",
		"drifted: priority high -> low",
		"unowned: no owner",
		"idle: idle 20 d",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestFiltersLeaveAPart(t *testing.T) {
	for name, c := range map[string]struct {
		filter report.Filter
		want   []string
	}{
		"nothing asked":           {report.Filter{}, []string{"PER-1/A1", "PER-1/A2", "PER-2/A1", "PER-3/A1"}},
		"a team in other case":    {report.Filter{Teams: []string{"PAYMENTS"}}, []string{"PER-1/A1", "PER-1/A2"}},
		"two teams":               {report.Filter{Teams: []string{"payments", "data ops"}}, []string{"PER-1/A1", "PER-1/A2", "PER-2/A1"}},
		"a service":               {report.Filter{Services: []string{"shop"}}, []string{"PER-1/A1", "PER-1/A2"}},
		"a severity":              {report.Filter{Severities: []string{"SEV-2"}}, []string{"PER-2/A1"}},
		"since":                   {report.Filter{Since: "2026-03-02"}, []string{"PER-2/A1", "PER-3/A1"}}, // one without a day is kept
		"a kind":                  {report.Filter{Kinds: []string{"defect"}}, []string{"PER-1/A2"}},
		"a state":                 {report.Filter{States: []string{"done"}}, []string{"PER-2/A1"}},
		"a mark or a state":       {report.Filter{States: []string{"overdue", "done"}}, []string{"PER-1/A1", "PER-2/A1"}},
		"all of several":          {report.Filter{Teams: []string{"payments"}, Kinds: []string{"story"}}, []string{"PER-1/A1"}},
		"nothing fits":            {report.Filter{Teams: []string{"none"}}, nil},
		"a team that none states": {report.Filter{Teams: []string{""}}, []string{"PER-3/A1"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene("2026-04-13 09:00", "UTC")
			s.event(ticket.Event{Document: "PER-1", Team: "payments", Service: "shop", Severity: "sev1", Day: "2026-03-01"})
			s.event(ticket.Event{Document: "PER-2", Team: "Data-Ops", Severity: "sev2", Day: "2026-03-02"})
			s.add(work{key: "PER-1/A1", due: "2026-04-01"})
			s.add(work{key: "PER-1/A2", kind: ticket.KindDefect})
			s.add(work{key: "PER-2/A1", moves: []move{{status: ticket.StatusDone, word: "Done"}}})
			s.add(work{key: "PER-3/A1"})
			s.find("PER-2/A1", ticket.FindConflict, "c", "", -1)
			s.find("", ticket.FindUnread, "u", "", -1)
			rules := s.rules()
			rules.Filter = c.filter
			r := report.Build(s.now, s.rows, rules)
			var got []string
			for _, a := range r.Actions {
				got = append(got, a.ID)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if !slices.ContainsFunc(r.Findings, func(f ticket.Finding) bool { return f.Kind == ticket.FindUnread }) {
				t.Error("what concerns no document is not shown")
			}
			events := 0
			for _, e := range r.Events {
				events += e.Open + e.Done
			}
			if len(c.filter.Kinds)+len(c.filter.States) > 0 && events <= len(got) && name != "all of several" {
				t.Errorf("the events count only the %d actions that are shown: %d", len(got), events)
			}
		})
	}
}

func TestLimitsArePassedByAnyAtAll(t *testing.T) {
	s := newScene("2026-04-13 09:00", "UTC")
	s.add(work{key: "PER-1/A1", due: "2026-04-01", owners: "ana", created: -30, moved: -1})
	s.add(work{key: "PER-1/A2", due: "2026-04-02", owners: "ana", created: -30, moved: -1})
	s.find("PER-1/A1", ticket.FindConflict, "c", "", -1)
	r := s.build()
	for _, c := range []struct{ limits, want []string }{
		{nil, nil},
		{[]string{"stalled", "unowned"}, nil},
		{[]string{"overdue"}, []string{"2 overdue"}},
		{report.Limits(), []string{"2 overdue", "1 finding"}},
	} {
		if got := r.Passed(c.limits); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.limits, got, c.want)
		}
	}
}

func TestTheWeekLeadsToWhatIsOpen(t *testing.T) {
	at := func(day int, status ticket.Status) move { return move{day: day, status: status, word: string(status)} }
	s := newScene("2026-04-13 09:00", "UTC")
	for i, w := range []work{
		{created: -30}, // open all the time
		{created: -3},  // new
		{created: -30, moves: []move{at(-2, ticket.StatusDone)}},
		{created: -3, moves: []move{at(-2, ticket.StatusDone)}}, // new and done
		{created: -30, moves: []move{at(-20, ticket.StatusDone)}},
		{created: -30, moves: []move{at(-20, ticket.StatusDone), at(-2, ticket.StatusOpen)}}, // reopened
		{created: -30, moves: []move{at(-2, ticket.StatusDropped)}},
		{created: -30, gone: -2},
		{created: -30, gone: -20},
		{created: -30, retired: -2},
		{created: -30, moves: []move{at(-20, ticket.StatusDone)}, gone: -2}, // was finished
		{created: -3, unseen: true},
	} {
		w.key = "PER-1/A" + string(rune('a'+i))
		s.add(w)
	}
	r := s.build()
	if want := (report.Week{OpenBefore: 5, New: 2, Reopened: 1, Done: 2, Dropped: 1, Lost: 2}); r.Week != want || r.Totals.Open != 3 {
		t.Errorf("got %+v with %d open, want %+v", r.Week, r.Totals.Open, want)
	}
}

// What concerns people is shown with the work, and never sorted or summed by them.
func TestNobodyIsRanked(t *testing.T) {
	r := every().build()
	kind := reflect.TypeOf(r)
	for i := range kind.NumField() {
		if name := strings.ToLower(kind.Field(i).Name); strings.Contains(name, "owner") || strings.Contains(name, "people") || strings.Contains(name, "assignee") {
			t.Errorf("the report counts by %s", name)
		}
	}
}
