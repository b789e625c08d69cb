package jiratest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"percolate/trackers/jira/jiratest"
)

// ask sends one request and returns the answer.
func ask(t *testing.T, s *jiratest.Server, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, "https://jira.example/rest/api/2/"+path, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.Transport().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

func start() time.Time { return time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC) }

const place = `"project":{"key":"OPS"},"issuetype":{"name":"Story"},"summary":"x"`

func TestItRejectsWhatJiraRejects(t *testing.T) {
	long := strings.Repeat("x", 40000)
	for name, c := range map[string]struct {
		dataCenter         bool
		method, path, body string
		status             int
		says               string
	}{
		"OldSearch":        {false, "POST", "search", `{"jql":"project = OPS"}`, 410, "search/jql"},
		"NewSearchOnDC":    {true, "POST", "search/jql", `{"jql":"project = OPS"}`, 404, "uri"},
		"BulkFetchOnDC":    {true, "POST", "issue/bulkfetch", `{"issueIdsOrKeys":["1"]}`, 404, "uri"},
		"Unbounded":        {false, "POST", "search/jql", `{"jql":"ORDER BY key"}`, 400, "nbounded"},
		"StartAt":          {false, "POST", "search/jql", `{"jql":"project = OPS","startAt":0}`, 400, "startAt"},
		"UnknownField":     {false, "POST", "search/jql", `{"jql":"colour = red"}`, 400, "colour"},
		"BadToken":         {false, "POST", "search/jql", `{"jql":"project = OPS","nextPageToken":"x"}`, 400, "token"},
		"MissingIssue":     {true, "POST", "search", `{"jql":"id in (4711)"}`, 400, "4711"},
		"MissingIsAllowed": {true, "POST", "search", `{"jql":"id in (4711)","validateQuery":false}`, 200, `"total":0`},
		"NoSummary":        {false, "POST", "issue", `{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Story"}}}`, 400, "Summary is required"},
		"LongSummary":      {false, "POST", "issue", `{"fields":{` + strings.Replace(place, `"x"`, `"`+long[:300]+`"`, 1) + `}}`, 400, "255"},
		"LongText":         {false, "POST", "issue", `{"fields":{` + place + `,"description":"` + long + `"}}`, 400, "32,767"},
		"LabelWithSpace":   {false, "POST", "issue", `{"fields":{` + place + `,"labels":["a b"]}}`, 400, "spaces"},
		"BadDay":           {false, "POST", "issue", `{"fields":{` + place + `,"duedate":"2026-02-30"}}`, 400, "date"},
		"BadPriority":      {false, "POST", "issue", `{"fields":{` + place + `,"priority":{"name":"Urgent"}}}`, 400, "priority"},
		"EmptyPassword":    {false, "POST", "issue", `{"fields":{` + place + `,"assignee":{"Password":"","accountId":"acc-ann"}}}`, 400, "assign"},
		"NameOnCloud":      {false, "POST", "issue", `{"fields":{` + place + `,"assignee":{"name":"ann"}}}`, 400, "assign"},
		"AccountOnDC":      {true, "POST", "issue", `{"fields":{` + place + `,"assignee":{"accountId":"acc-ann"}}}`, 400, "'name'"},
		"OffScreen":        {false, "POST", "issue", `{"fields":{` + place + `,"customfield_1":1}}`, 400, "appropriate screen"},
		"FieldTwice":       {false, "POST", "issue", `{"fields":{` + place + `,"labels":[]},"update":{"labels":[{"add":"a"}]}}`, 400, "both"},
		"StoryBelowStory":  {false, "POST", "issue", `{"fields":{` + place + `,"parent":{"key":"OPS-1"}}}`, 400, "hierarchy"},
		"ParentOnDC":       {true, "POST", "issue", `{"fields":{` + place + `,"parent":{"key":"OPS-1"}}}`, 400, "appropriate screen"},
		"SubtaskAlone":     {false, "POST", "issue", `{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Sub-task"},"summary":"x"}}`, 400, "sub-task"},
		"EpicWithoutName":  {true, "POST", "issue", `{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Epic"},"summary":"x"}}`, 400, "Epic Name"},
		"TooMany":          {false, "POST", "issue/bulk", `{"issueUpdates":[` + strings.Repeat(`{},`, 50) + `{}]}`, 400, "between 1 and 50"},
		"HugePage":         {false, "GET", "issue/createmeta/OPS/issuetypes?maxResults=201", "", 400, "200"},
		"OldCreateMeta":    {false, "GET", "issue/createmeta?projectKeys=OPS", "", 404, "exist"},
		"NoResolution":     {false, "POST", "issue/OPS-1/transitions", `{"transition":{"id":"25"}}`, 400, "Resolution"},
		"NoTransition":     {false, "POST", "issue/OPS-1/transitions", `{"transition":{"id":"99"}}`, 400, "valid"},
		"EmptyComment":     {false, "POST", "issue/OPS-1/comment", `{"body":" "}`, 400, "empty"},
		"QueryOnDC":        {true, "GET", "user/assignable/search?project=OPS&query=ann", "", 400, "username"},
	} {
		t.Run(name, func(t *testing.T) {
			s := jiratest.New(jiratest.Options{DataCenter: c.dataCenter, Now: start})
			s.Open("A story", "")
			status, text := ask(t, s, c.method, c.path, c.body)
			if status != c.status || !strings.Contains(text, c.says) {
				t.Errorf("%d %s, want %d with %q", status, text, c.status, c.says)
			}
			if n := len(s.Issues()); n != 1 {
				t.Errorf("%d issues are stored, want the one that was", n)
			}
		})
	}
}

func TestABulkCreateFailsInPart(t *testing.T) {
	s := jiratest.New(jiratest.Options{Now: start})
	status, text := ask(t, s, "POST", "issue/bulk", `{"issueUpdates":[{"fields":{`+place+`}},{"fields":{}},{"fields":{`+place+`}}]}`)
	var out struct {
		Issues []struct{ Key string }
		Errors []struct {
			FailedElementNumber int
		}
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil || status != 201 || len(out.Issues) != 2 || len(out.Errors) != 1 || out.Errors[0].FailedElementNumber != 1 {
		t.Errorf("%d %s, %v", status, text, err)
	}
	if status, _ := ask(t, s, "POST", "issue/bulk", `{"issueUpdates":[{"fields":{}}]}`); status != 400 {
		t.Errorf("all failed, and the status is %d", status)
	}
}

func TestSwitchesAreChangedAndShownWhileItRuns(t *testing.T) {
	s := jiratest.New(jiratest.Options{Now: start})
	put := func(body string) (int, string) {
		req, _ := http.NewRequest(http.MethodPut, "https://jira.example/_sim/faults", strings.NewReader(body))
		resp, err := s.Transport().RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(text)
	}
	if status, text := put(`{"index_lag":"1m0s","lose_next":2}`); status != 200 || !strings.Contains(text, `"index_lag":"1m0s"`) {
		t.Errorf("%d %s", status, text)
	}
	if status, text := put(`{"lose_nxt":2}`); status != 400 || !strings.Contains(text, "lose_nxt") {
		t.Errorf("%d %s", status, text)
	}
	for range 2 {
		if status, _ := ask(t, s, "POST", "issue", `{"fields":{`+place+`}}`); status != 502 {
			t.Errorf("the answer was not lost but %d", status)
		}
	}
	if n := len(s.Issues()); n != 2 {
		t.Errorf("%d issues are stored, want 2", n)
	}
	if _, text := ask(t, s, "POST", "search/jql", `{"jql":"project = OPS"}`); !strings.Contains(text, `"issues":[]`) {
		t.Errorf("the search knows what is new: %s", text)
	}
}
