package rallytest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"percolate/trackers/rally/rallytest"
)

const inOps = "workspace=/workspace/41529001&project=/project/41529017"

// ask sends one request and returns the envelope.
func ask(t *testing.T, s *rallytest.Server, method, path, body string) (name string, got map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "https://rally.example/slm/webservice/v2.0/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.Transport().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var named map[string]map[string]any
	if err := json.Unmarshal(text, &named); err != nil || len(named) != 1 || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", path, resp.StatusCode, text)
	}
	for name, got = range named {
	}
	return name, got
}

func newServer() *rallytest.Server {
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	return rallytest.New(rallytest.Options{Now: func() time.Time { now = now.Add(time.Millisecond); return now }})
}

// story files a story and returns its object id.
func story(t *testing.T, s *rallytest.Server, fields string) string {
	t.Helper()
	_, got := ask(t, s, "POST", "hierarchicalrequirement/create?fetch=ObjectID&"+inOps, `{"HierarchicalRequirement":{"Name":"x"`+fields+`}}`)
	object, ok := got["Object"].(map[string]any)
	if !ok {
		t.Fatalf("not filed: %v", got)
	}
	return fmt.Sprintf("%.0f", object["ObjectID"])
}

func query(text string) string { return "query=" + url.QueryEscape(text) }

func TestQueriesThatRallyDoesNotTakeAreRefused(t *testing.T) {
	s := newServer()
	for text, says := range map[string]string{
		`Name = "x"`:                    `expected "("`,
		`(Name = "x") AND (Name = "y")`: "expected the end",
		`((Name = "x") AND (Name = "y") AND (Name = "z"))`: `expected ")"`,
		`((Name = "x"))`:                   "expected AND or OR",
		`(Name = x y)`:                     `expected ")"`,
		`(Name ~ "x")`:                     "expected an operator",
		`(Nme = "x")`:                      `Could not find the attribute "Nme"`,
		`(Owner.Nme = "x")`:                `Could not find the attribute "Nme"`,
		`(Name.Length = 1)`:                "has no attributes",
		`(ObjectID = "x")`:                 "is no number",
		`(ObjectID contains "1")`:          "is not allowed",
		`(LastUpdateDate > "yesterday")`:   "is no date",
		`(TargetDate = null)`:              `Could not find the attribute "TargetDate"`,
		`(Name = "x`:                       "expected",
		`((Name = "x")  AND (Name = "y"))`: "expected AND or OR",
	} {
		_, got := ask(t, s, "GET", "hierarchicalrequirement?"+inOps+"&"+query(text), "")
		if errors := fmt.Sprint(got["Errors"]); !strings.Contains(errors, says) {
			t.Errorf("%s: %s, want %q", text, errors, says)
		}
	}
}

func TestQueriesFindWhatTheySay(t *testing.T) {
	s := newServer()
	_, tag := ask(t, s, "POST", "tag/create?fetch=ObjectID&"+inOps, `{"Tag":{"Name":"per"}}`)
	ref := fmt.Sprintf("/tag/%.0f", tag["Object"].(map[string]any)["ObjectID"])
	above := story(t, s, "")
	story(t, s, `,"Owner":"/user/7002","Parent":"/hierarchicalrequirement/`+above+`","Tags":[{"_ref":"`+ref+`"}],"Notes":"about PER-1"`)
	for text, want := range map[string]float64{
		"": 2, `(Name = "X")`: 2, `(Name != "x")`: 0, `(Owner = null)`: 1, `(Owner != null)`: 1, `(Owner.UserName = "ann@percolate.example")`: 1,
		`(Tags.Name = "per")`: 1, `(Notes contains "per-1")`: 1, `((Owner = null) OR (Tags.Name = "per"))`: 2, `((Owner = null) AND (Tags.Name = "per"))`: 0,
		`(Parent.ObjectID = ` + above + `)`: 1, `(Parent = "/hierarchicalrequirement/` + above + `")`: 1, `(LastUpdateDate >= "2026-03-04T08:00:00.000Z")`: 2,
		`(LastUpdateDate > "2027-03-04T08:00:00.000Z")`: 0, `(ObjectID > ` + above + `)`: 1, `(Blocked = false)`: 2,
	} {
		_, got := ask(t, s, "GET", "hierarchicalrequirement?"+inOps+"&"+query(text), "")
		if got["TotalResultCount"] != want {
			t.Errorf("%s finds %v of 2, want %v: %v", text, got["TotalResultCount"], want, got["Errors"])
		}
	}
	for scope, want := range map[string]float64{
		"": 0, "workspace=/workspace/41529001": 0, "workspace=/workspace/41529001&project=null": 2, "workspace=/workspace/41529101&project=null": 0,
		"workspace=/workspace/41529001&project=/project/41529033": 0,
	} {
		if _, got := ask(t, s, "GET", "hierarchicalrequirement?"+scope, ""); got["TotalResultCount"] != want {
			t.Errorf("in %q there are %v, want %v", scope, got["TotalResultCount"], want)
		}
	}
}

func TestWritesThatRallyDoesNotTakeAreRefusedUnderSuccess(t *testing.T) {
	s := newServer()
	id := story(t, s, "")
	child := story(t, s, `,"Parent":"/hierarchicalrequirement/`+id+`"`)
	feature := fmt.Sprint(s.Feature(story(t, s, "")))
	for body, says := range map[string]string{
		`{"HierarchicalRequirement":{"Name":"x","Prioritty":"Low"}}`:                                                                               "Could not find the attribute Prioritty",
		`{"HierarchicalRequirement":{"Name":"x","Priority":"Low"}}`:                                                                                "Could not find the attribute Priority",
		`{"HierarchicalRequirement":{}}`:                                                                                                           "HierarchicalRequirement.Name should not be null",
		`{"HierarchicalRequirement":{"Name":""}}`:                                                                                                  "HierarchicalRequirement.Name should not be null",
		`{"HierarchicalRequirement":{"Name":"x","FormattedID":"US9"}}`:                                                                             "FormattedID is read-only",
		`{"HierarchicalRequirement":{"Name":"x","Owner":"/user/1"}}`:                                                                               "Cannot find object to read",
		`{"HierarchicalRequirement":{"Name":"x","Owner":"/user/7006"}}`:                                                                            "has no access",
		`{"HierarchicalRequirement":{"Name":"x","ScheduleState":"Done"}}`:                                                                          `cannot be "Done"`,
		`{"HierarchicalRequirement":{"Name":"x","Tags":"/tag/1"}}`:                                                                                 "must be a list",
		`{"HierarchicalRequirement":{"Name":"x","Tags":[{"_ref":"/tag/1"}]}}`:                                                                      "Cannot parse object reference",
		`{"HierarchicalRequirement":{"Name":"` + strings.Repeat("x", 257) + `"}}`:                                                                  "maximum length of 256",
		`{"HierarchicalRequirement":{"Name":"x","Notes":"` + strings.Repeat("x", 32769) + `"}}`:                                                    "maximum length of 32768",
		`{"Defect":{"Name":"x"}}`:                                                                                                                  "the body holds no HierarchicalRequirement",
		`{"HierarchicalRequirement":{"Name":"x","Parent":"/hierarchicalrequirement/` + id + `","PortfolioItem":"/portfolioitem/` + feature + `"}}`: "parentArtifact",
	} {
		name, got := ask(t, s, "POST", "hierarchicalrequirement/create?"+inOps, body)
		if errors := fmt.Sprint(got["Errors"]); name != "CreateResult" || !strings.Contains(errors, says) || got["Object"] != nil {
			t.Errorf("%s: %s %s, want %q", body[:min(len(body), 80)], name, errors, says)
		}
	}
	for path, body := range map[string]string{
		"defect/" + id: `{"Defect":{"Name":"y"}}`, "hierarchicalrequirement/1": `{"HierarchicalRequirement":{"Name":"y"}}`,
		"hierarchicalrequirement/" + id + "/Tags/add": `{"CollectionItems":{"_ref":"/tag/1"}}`, "hierarchicalrequirement/" + id: `{"HierarchicalRequirement":{"Parent":"/hierarchicalrequirement/` + child + `"}}`,
	} {
		if _, got := ask(t, s, "POST", path+"?"+inOps, body); len(got["Errors"].([]any)) == 0 {
			t.Errorf("%s %s is taken", path, body)
		}
	}
}

func TestDeletedTicketsAreInTheRecycleBin(t *testing.T) {
	s := newServer()
	id := story(t, s, "")
	ask(t, s, "DELETE", "hierarchicalrequirement/"+id+"?"+inOps, "")
	if _, got := ask(t, s, "GET", "hierarchicalrequirement?"+inOps, ""); got["TotalResultCount"] != 0.0 {
		t.Errorf("it is still found: %v", got)
	}
	_, got := ask(t, s, "POST", "hierarchicalrequirement/"+id+"?"+inOps, `{"HierarchicalRequirement":{"Name":"y"}}`)
	if fmt.Sprint(got["Errors"]) != "[Could not read: Could not read HierarchicalRequirement "+id+" to update.]" {
		t.Errorf("updated: %v", got["Errors"])
	}
}

func TestABatchIsNoTransaction(t *testing.T) {
	s := newServer()
	entry := `{"Entry":{"Path":"/defect/create","Method":"POST","Body":{"defect":{"Name":"%s"}}}}`
	_, got := ask(t, s, "POST", "batch?"+inOps, `{"Batch":[`+fmt.Sprintf(entry, "a")+`,`+fmt.Sprintf(entry, "")+`,`+fmt.Sprintf(entry, "c")+`]}`)
	results := got["Results"].([]any)
	for i, bad := range []bool{false, true, false} {
		r := results[i].(map[string]any)
		if (len(r["Errors"].([]any)) > 0) != bad || (r["Object"] == nil) != bad {
			t.Errorf("entry %d: %v", i, r)
		}
	}
	if n := len(s.Tickets()); n != 2 {
		t.Errorf("%d tickets, want 2", n)
	}
	if _, got := ask(t, s, "POST", "batch?"+inOps, `{"Batch":[`+strings.Repeat(fmt.Sprintf(entry, "a")+",", 50)+fmt.Sprintf(entry, "a")+`]}`); len(got["Errors"].([]any)) == 0 {
		t.Error("a batch of 51 is taken")
	}
	s.SetFaults(func(f *rallytest.Faults) { f.BatchCollections = "refuse" })
	_, got = ask(t, s, "POST", "batch?"+inOps, `{"Batch":[{"Entry":{"Path":"/defect/create","Method":"POST","Body":{"defect":{"Name":"a","Tags":[]}}}}]}`)
	if text := fmt.Sprint(got["Results"]); !strings.Contains(text, "Defect.Tags is a collection") {
		t.Errorf("got %s", text)
	}
}

func TestStatesRollUp(t *testing.T) {
	s := newServer()
	id := story(t, s, "")
	below := `,"Parent":"/hierarchicalrequirement/` + id + `"`
	children := []string{story(t, s, below), story(t, s, below)}
	state := func() any { return s.Value(id, "ScheduleState") }
	set := func(id, to string) map[string]any {
		_, got := ask(t, s, "POST", "hierarchicalrequirement/"+id+"?"+inOps, `{"HierarchicalRequirement":{"ScheduleState":"`+to+`"}}`)
		return got
	}
	if got := set(id, "Accepted"); !strings.Contains(fmt.Sprint(got["Warnings"]), "Ignored JSON element hierarchicalrequirement.ScheduleState") || state() != "Defined" {
		t.Errorf("set by hand: %v, %v", got["Warnings"], state())
	}
	for i, want := range []string{"In-Progress", "Accepted"} {
		if set(children[i], "Accepted"); state() != want {
			t.Errorf("with %d stories accepted it is %v, want %s", i+1, state(), want)
		}
	}
}
