package githubtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"percolate/trackers/github/githubtest"
	"percolate/trackers/internal/simctl"
)

// sim is a simulator that is spoken to over HTTP, at a time of its own.
type sim struct {
	t   *testing.T
	at  string
	now time.Time
}

func served(t *testing.T, opt githubtest.Options) *sim {
	t.Helper()
	s := &sim{t: t, now: time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)}
	opt.Now = func() time.Time { return s.now }
	opt.Accounts = []string{"ann", "Bob"}
	server := httptest.NewServer(githubtest.New(opt))
	t.Cleanup(server.Close)
	s.at = server.URL
	return s
}

// ask makes one request and decodes its answer; the status is 0 when none came.
func (s *sim) ask(method, path, body string, into any) int {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.at+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0
	}
	if into != nil && resp.StatusCode < 300 {
		if err := json.Unmarshal(text, into); err != nil {
			s.t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return resp.StatusCode
}

func (s *sim) act(do, ref, value string) (string, int) {
	s.t.Helper()
	body, _ := json.Marshal(simctl.Act{Do: do, Ref: ref, Value: value})
	var done simctl.Act
	status := s.ask("POST", "/_sim/people", string(body), &done)
	return done.Ref, status
}

func (s *sim) ticket(ref string) (found simctl.Ticket) {
	s.t.Helper()
	var all []simctl.Ticket
	s.ask("GET", "/_sim/tickets", "", &all)
	for _, k := range all {
		if k.Ref == ref {
			found = k
		}
	}
	return found
}

func TestProgramsDoWhatPeopleDoAndSeeIt(t *testing.T) {
	s := served(t, githubtest.Options{})
	parent, _ := s.act(simctl.Open, "", "The event")
	ref, _ := s.act(simctl.Open, "", "An issue")
	for _, c := range []struct {
		do, value string
		holds     func(simctl.Ticket) bool
	}{
		{simctl.Title, "Another title", func(k simctl.Ticket) bool { return k.Title == "Another title" }},
		{simctl.Append, "At the end.", func(k simctl.Ticket) bool { return strings.HasSuffix(k.Text, "At the end.") }},
		{simctl.Comment, "A remark", func(k simctl.Ticket) bool { return len(k.Comments) == 1 && k.Comments[0] == "A remark" }},
		{simctl.Label, "defect", func(k simctl.Ticket) bool { return k.Kind == "defect" }},
		{simctl.Unlabel, "Defect", func(k simctl.Ticket) bool { return k.Kind == "" && len(k.Labels) == 0 }},
		{simctl.Assign, "bob", func(k simctl.Ticket) bool { return len(k.Assignees) == 1 && k.Assignees[0] == "Bob" }},
		{simctl.Assign, "", func(k simctl.Ticket) bool { return len(k.Assignees) == 0 }},
		{simctl.Due, "2026-05-01", func(k simctl.Ticket) bool { return k.Due == "2026-05-01" }},
		{simctl.Due, "2026-05-02", func(k simctl.Ticket) bool { return k.Due == "2026-05-02" }},
		{simctl.Due, "", func(k simctl.Ticket) bool { return k.Due == "" }},
		{simctl.Priority, "priority: high", func(k simctl.Ticket) bool { return k.Priority == "priority: high" }},
		{simctl.Priority, "priority: low", func(k simctl.Ticket) bool { return k.Priority == "priority: low" && len(k.Labels) == 1 }},
		{simctl.Status, "active", func(k simctl.Ticket) bool { return k.Status == "active" }},
		{simctl.Status, "blocked", func(k simctl.Ticket) bool { return k.Status == "blocked" }},
		{simctl.Status, "dropped", func(k simctl.Ticket) bool { return k.Status == "dropped" }},
		{simctl.Status, "done", func(k simctl.Ticket) bool { return k.Status == "done" }},
		{simctl.Status, "open", func(k simctl.Ticket) bool { return k.Status == "open" }},
		{simctl.Parent, parent, func(k simctl.Ticket) bool { return k.Parent == parent }},
		{simctl.Parent, "", func(k simctl.Ticket) bool { return k.Parent == "" }},
		{simctl.Move, "", func(k simctl.Ticket) bool {
			return k.Place == "octo/elsewhere" && strings.HasPrefix(k.Name, k.Place+"#")
		}},
		{simctl.Delete, "", func(k simctl.Ticket) bool { return k.Deleted }},
	} {
		same, status := s.act(c.do, ref, c.value)
		if got := s.ticket(ref); status != http.StatusOK || same != ref || !c.holds(got) {
			t.Errorf("%s %q: %d, and the ticket is %+v", c.do, c.value, status, got)
		}
	}
	var stats simctl.Stats
	if s.ask("GET", "/_sim/stats", "", &stats); stats.Tickets != 1 || stats.Total != 0 {
		t.Errorf("what was done here counts as %+v", stats)
	}
}

func TestWhatPeopleCannotDoIsRefused(t *testing.T) {
	s := served(t, githubtest.Options{NoSubIssues: true})
	ref, _ := s.act(simctl.Open, "", "An issue")
	for _, c := range []struct {
		do, ref, value string
		want           int
	}{
		{"fly", ref, "", http.StatusNotImplemented},
		{simctl.Parent, ref, ref, http.StatusNotImplemented}, // there are no sub-issues
		{simctl.Title, ref, " ", http.StatusBadRequest},
		{simctl.Title, "none", "x", http.StatusBadRequest},
		{simctl.Assign, ref, "nobody", http.StatusBadRequest},
		{simctl.Due, ref, "tomorrow", http.StatusBadRequest},
		{simctl.Status, ref, "half", http.StatusBadRequest},
		{simctl.Move, ref, "nowhere", http.StatusBadRequest},
	} {
		if _, status := s.act(c.do, c.ref, c.value); status != c.want {
			t.Errorf("%s %q on %q: %d, want %d", c.do, c.value, c.ref, status, c.want)
		}
	}
}

func TestDaysAndPrioritiesArePeoplesWhereTheRepositoryKeepsThem(t *testing.T) {
	s := served(t, githubtest.Options{Fields: []githubtest.Field{
		{ID: 1, Name: "Target", Type: "date"}, {ID: 2, Name: "Priority", Type: "single_select", Options: []string{"P0", "P1"}},
	}})
	ref, _ := s.act(simctl.Open, "", "By field")
	s.act(simctl.Due, ref, "2026-05-01")
	s.act(simctl.Priority, ref, "P1")
	if k := s.ticket(ref); k.Due != "2026-05-01" || k.Priority != "P1" || k.Text != "" {
		t.Errorf("by field: %+v", k)
	}
	if _, status := s.act(simctl.Priority, ref, "P9"); status != http.StatusBadRequest {
		t.Errorf("an option that is not there: %d", status)
	}
	s = served(t, githubtest.Options{})
	s.ask("POST", "/repos/octo/backlog/milestones", `{"title": "Due 2026-06-01", "due_on": "2026-06-01T12:00:00Z"}`, nil)
	ref, _ = s.act(simctl.Open, "", "By milestone")
	for _, day := range []string{"2026-06-01", "2026-07-01", ""} {
		s.act(simctl.Due, ref, day)
		if k := s.ticket(ref); k.Due != day || k.Text != "" {
			t.Errorf("by milestone: %+v, want %s", k, day)
		}
	}
}

const issues = "/repos/octo/backlog/issues"

// file creates an issue by the API.
func (s *sim) file() int { return s.ask("POST", issues, `{"title": "x"}`, nil) }

func TestSwitchesAreSetByNameAndHold(t *testing.T) {
	s := served(t, githubtest.Options{})
	turn := func(faults string) {
		t.Helper()
		if status := s.ask("PUT", "/_sim/faults", faults, nil); status != http.StatusOK {
			t.Fatalf("%s: %d", faults, status)
		}
	}
	want := func(what string, statuses ...int) {
		t.Helper()
		for i, want := range statuses {
			if got := s.file(); got != want {
				t.Errorf("%s: answer %d is %d, want %d", what, i, got, want)
			}
		}
	}
	if status := s.ask("PUT", "/_sim/faults", `{"lose_evry": 2}`, nil); status != http.StatusBadRequest {
		t.Errorf("a slip in a name: %d", status)
	}
	turn(`{"lose_every": 2}`)
	want("lose every second", 201, 502, 201, 502)
	turn(`{"lose_every": 0, "drop_every": 2}`)
	want("drop every second", 201, 0, 201, 0)
	turn(`{"drop_every": 0, "lose_next": 1}`)
	want("lose the next", 0, 201)
	var all []simctl.Ticket
	if s.ask("GET", "/_sim/tickets", "", &all); len(all) != 10 {
		t.Errorf("%d issues were filed, want all 10", len(all))
	}
	turn(`{"limit_every": 2, "limit_as": "429 with Retry-After"}`)
	want("limit every second", 201, 429, 201)
	turn(`{"limit_every": 0, "down": 1}`)
	want("down", 503, 201)
	turn(`{"per_minute": 12}`)
	want("secondary limit", 403)
	turn(`{"no_limits": true}`)
	want("no limits", 201)
	if status := s.ask("GET", "/rate_limit", "", nil); status != http.StatusNotFound {
		t.Errorf("without limits /rate_limit answers %d", status)
	}
}

func TestTheRateLimitTellsWhatIsLeftAndCostsNothing(t *testing.T) {
	s := served(t, githubtest.Options{Primary: 3})
	var told struct {
		Resources struct {
			Core struct{ Limit, Remaining int }
		}
	}
	s.file()
	for range 5 {
		if s.ask("GET", "/rate_limit", "", &told); told.Resources.Core.Limit != 3 || told.Resources.Core.Remaining != 2 {
			t.Errorf("told %+v", told)
		}
	}
	s.file()
	s.file()
	if status := s.file(); status != http.StatusForbidden {
		t.Errorf("above the limit: %d", status)
	}
}

func TestTheSearchLagsAndListsMay(t *testing.T) {
	s := served(t, githubtest.Options{})
	s.ask("PUT", "/_sim/faults", `{"search_lag": "1m", "list_lag": "10s"}`, nil)
	s.ask("POST", issues, `{"title": "Rotate the key", "labels": ["ours"]}`, nil)
	search := func(q string) (n int) {
		var got struct {
			Total int `json:"total_count"`
		}
		if status := s.ask("GET", "/search/issues?q="+q, "", &got); status != http.StatusOK {
			t.Fatalf("search %s: %d", q, status)
		}
		return got.Total
	}
	list := func() int {
		var got []any
		s.ask("GET", issues, "", &got)
		return len(got)
	}
	if search("rotate") != 0 || list() != 0 {
		t.Error("a new issue is shown at once")
	}
	s.now = s.now.Add(10 * time.Second)
	if search("rotate") != 0 || list() != 1 {
		t.Error("after ten seconds the list must show it, and the search not yet")
	}
	s.now = s.now.Add(time.Minute)
	for q, want := range map[string]int{
		"rotate": 1, "other": 0, "repo:octo/backlog": 1, "repo:octo/other": 0, "label:ours+is:issue": 1, "label:theirs": 0, "%22rotate+the%22": 1, "is:closed": 0,
	} {
		if got := search(q); got != want {
			t.Errorf("search %s finds %d, want %d", q, got, want)
		}
	}
	for range 40 {
		s.ask("GET", "/search/issues?q=x", "", nil)
	}
	if status := s.ask("GET", "/search/issues?q=x", "", nil); status != http.StatusForbidden {
		t.Errorf("more than 30 searches a minute: %d", status)
	}
}

func TestTheTimelineTellsWhoDidWhat(t *testing.T) {
	s := served(t, githubtest.Options{})
	ref, _ := s.act(simctl.Open, "", "An issue")
	s.act(simctl.Assign, ref, "ann")
	s.act(simctl.Status, ref, "blocked")
	s.act(simctl.Comment, ref, "why")
	s.ask("PATCH", issues+"/1", `{"state": "closed", "assignees": []}`, nil)
	var got []struct {
		Event string
		Actor struct{ Login, Type string }
	}
	s.ask("GET", issues+"/1/timeline", "", &got)
	told := ""
	for _, e := range got {
		told += e.Event + " " + e.Actor.Login + "; "
	}
	want := "assigned a-person; labeled a-person; commented a-person; unassigned percolate-bot; closed percolate-bot; "
	if told != want {
		t.Errorf("the timeline is %s", told)
	}
}
