package jiratest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"percolate/trackers/internal/simctl"
	"percolate/trackers/jira/jiratest"
)

// sim asks the simulator itself, and decodes the answer into v.
func sim(t *testing.T, s *jiratest.Server, method, path, body string, v any) (status int, text string) {
	t.Helper()
	req, err := http.NewRequest(method, "https://jira.example/_sim/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.Transport().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err == nil && v != nil && resp.StatusCode == http.StatusOK {
		err = json.Unmarshal(raw, v)
	}
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

// stored is a ticket as the simulator shows it.
func stored(t *testing.T, s *jiratest.Server, ref string) simctl.Ticket {
	t.Helper()
	var all []simctl.Ticket
	sim(t, s, http.MethodGet, "tickets", "", &all)
	return all[slices.IndexFunc(all, func(t simctl.Ticket) bool { return t.Ref == ref })]
}

// person does one act.
func person(t *testing.T, s *jiratest.Server, act simctl.Act) (status int, text, ref string) {
	t.Helper()
	body, err := json.Marshal(act)
	if err != nil {
		t.Fatal(err)
	}
	var done simctl.Act
	status, text = sim(t, s, http.MethodPost, "people", string(body), &done)
	return status, text, done.Ref
}

func TestPeopleDoWhatJiraLetsThem(t *testing.T) {
	is := func(want string, got func(simctl.Ticket) string) func(simctl.Ticket) bool {
		return func(t simctl.Ticket) bool { return got(t) == want }
	}
	status := func(t simctl.Ticket) string { return t.Status }
	for _, dc := range []bool{false, true} {
		s := jiratest.New(jiratest.Options{Now: start, DataCenter: dc})
		ann := "acc-ann"
		if dc {
			ann = "ann"
		}
		_, _, epic := person(t, s, simctl.Act{Do: simctl.Open, Value: "An epic"})
		s.Edit(epic, func(i *jiratest.Issue) { i.Type = "10000" })
		_, _, ref := person(t, s, simctl.Act{Do: simctl.Open, Value: "A story", Text: "Why."})
		for _, c := range []struct {
			do, value string
			holds     func(simctl.Ticket) bool
		}{
			{simctl.Title, "Another", is("Another", func(t simctl.Ticket) string { return t.Title })},
			{simctl.Append, "More.", is("Why.\n\nMore.", func(t simctl.Ticket) string { return t.Text })},
			{simctl.Comment, "A remark", is("A remark", func(t simctl.Ticket) string { return t.Comments[0] })},
			{simctl.Label, "x", func(t simctl.Ticket) bool { return slices.Equal(t.Labels, []string{"x"}) }},
			{simctl.Unlabel, "x", func(t simctl.Ticket) bool { return len(t.Labels) == 0 }},
			{simctl.Assign, ann, func(t simctl.Ticket) bool { return slices.Equal(t.Assignees, []string{ann}) }},
			{simctl.Assign, "", func(t simctl.Ticket) bool { return len(t.Assignees) == 0 }},
			{simctl.Due, "2026-05-01", is("2026-05-01", func(t simctl.Ticket) string { return t.Due })},
			{simctl.Due, "", is("", func(t simctl.Ticket) string { return t.Due })},
			{simctl.Priority, "Low", is("Low", func(t simctl.Ticket) string { return t.Priority })},
			{simctl.Status, "active", is("active", status)},
			{simctl.Status, "blocked", is("blocked", status)},
			{simctl.Status, "dropped", is("dropped", status)},
			{simctl.Status, "done", is("done", status)},
			{simctl.Status, "open", is("open", status)},
			{simctl.Parent, epic, is(epic, func(t simctl.Ticket) string { return t.Parent })},
			{simctl.Parent, "", is("", func(t simctl.Ticket) string { return t.Parent })},
			{simctl.Move, "", is("ELSE-1", func(t simctl.Ticket) string { return t.Name })},
			{simctl.Move, "OPS", is("OPS", func(t simctl.Ticket) string { return t.Place })},
			{simctl.Delete, "", func(t simctl.Ticket) bool { return t.Deleted }},
		} {
			code, text, at := person(t, s, simctl.Act{Do: c.do, Ref: ref, Value: c.value})
			if got := stored(t, s, ref); code != http.StatusOK || at != ref || !c.holds(got) {
				t.Errorf("data center %v, %s %q: %d %s, and it is %+v", dc, c.do, c.value, code, text, got)
			}
		}
		if code, _, _ := person(t, s, simctl.Act{Do: simctl.Title, Ref: ref, Value: "x"}); code != http.StatusBadRequest {
			t.Errorf("what is deleted was given a title: %d", code)
		}
	}
}

func TestPeopleCannotDoWhatJiraDoesNotLetThem(t *testing.T) {
	s := jiratest.New(jiratest.Options{Now: start})
	story, sub := s.Open("A story", ""), s.Open("A sub-task", "")
	other := s.Open("Another story", "")
	_, _, _ = person(t, s, simctl.Act{Do: simctl.Parent, Ref: story, Value: other})
	s.Edit(sub, func(i *jiratest.Issue) { i.Type = "10004" })
	if code, text, _ := person(t, s, simctl.Act{Do: simctl.Parent, Ref: sub, Value: story}); code != http.StatusOK {
		t.Fatalf("%d %s", code, text)
	}
	for _, c := range []struct {
		act  simctl.Act
		code int
	}{
		{simctl.Act{Do: simctl.Title, Ref: story, Value: ""}, 400},
		{simctl.Act{Do: simctl.Label, Ref: story, Value: "a b"}, 400},
		{simctl.Act{Do: simctl.Assign, Ref: story, Value: "acc-nobody"}, 400},
		{simctl.Act{Do: simctl.Due, Ref: story, Value: "tomorrow"}, 400},
		{simctl.Act{Do: simctl.Priority, Ref: story, Value: "Urgent"}, 400},
		{simctl.Act{Do: simctl.Status, Ref: story, Value: "resolved"}, 400},
		{simctl.Act{Do: simctl.Move, Ref: story, Value: "NOWHERE"}, 400},
		{simctl.Act{Do: simctl.Parent, Ref: story, Value: "4711"}, 400},
		{simctl.Act{Do: simctl.Move, Ref: sub}, 501},
		{simctl.Act{Do: simctl.Parent, Ref: sub}, 501},
		{simctl.Act{Do: "vote", Ref: story}, 501},
	} {
		before := stored(t, s, c.act.Ref)
		code, text, _ := person(t, s, c.act)
		after := stored(t, s, c.act.Ref)
		if code != c.code || after.Title != before.Title || after.Due != before.Due || after.Place != before.Place || len(after.Assignees) > 0 {
			t.Errorf("%+v: %d %s, want %d, and it is %+v", c.act, code, text, c.code, after)
		}
	}
	if got := stored(t, s, story).Parent; got != other {
		t.Errorf("a story below a story is linked: it is below %q, want %q", got, other)
	}
	_, _, _ = person(t, s, simctl.Act{Do: simctl.Move, Ref: story})
	if got := stored(t, s, sub).Place; got != "ELSE" {
		t.Errorf("the sub-task of what moved is in %s", got)
	}
	_, _, _ = person(t, s, simctl.Act{Do: simctl.Delete, Ref: story})
	if !stored(t, s, sub).Deleted {
		t.Error("the sub-task of what was deleted is there")
	}
}

func TestTheChangeLogTellsWhoDidWhat(t *testing.T) {
	s := jiratest.New(jiratest.Options{Now: start})
	ref := s.Open("A story", "")
	_, _, _ = person(t, s, simctl.Act{Do: simctl.Status, Ref: ref, Value: "active"})
	s.EditAs("automation", ref, func(i *jiratest.Issue) { i.Assignee = "acc-bob" })
	if status, text := ask(t, s, "PUT", "issue/"+ref, `{"fields":{"summary":"Ours"}}`); status != 204 {
		t.Fatalf("%d %s", status, text)
	}
	_, text := ask(t, s, "POST", "changelog/bulkfetch", `{"issueIdsOrKeys":["OPS-1","`+ref+`","OPS-99"],"fieldIds":["status","assignee"]}`)
	for _, want := range []string{`"accountId":"acc-ann"`, `"accountType":"app"`, `"fieldId":"status"`, `"toString":"acc-bob"`} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%s is not there once: %s", want, text)
		}
	}
	if strings.Contains(text, "summary") || strings.Contains(text, "acc-bot") {
		t.Errorf("it tells of fields that were not asked for: %s", text)
	}
	for body, says := range map[string]string{
		`{"issueIdsOrKeys":[]}`:                                        "between 1 and 1000",
		`{"issueIdsOrKeys":["OPS-1"],"maxResults":10001}`:              "maxResults",
		`{"issueIdsOrKeys":["OPS-1"],"nextPageToken":"x"}`:             "token",
		`{"issueIdsOrKeys":["OPS-1"],"fields":["status"]}`:             "fields",
		`{"issueIdsOrKeys":["` + strings.Repeat(`x","`, 1000) + `x"]}`: "between 1 and 1000",
	} {
		if status, text := ask(t, s, "POST", "changelog/bulkfetch", body); status != 400 || !strings.Contains(text, says) {
			t.Errorf("%.60s: %d %s, want 400 with %q", body, status, text, says)
		}
	}
}
