package jira_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/jira"
	"percolate/trackers/jira/jiratest"
)

// The simulator and the requests to it are compared with the vendor's own description
// of Jira Cloud, where a folder with it is named. It describes version 3, which differs
// from version 2 in that texts are documents and not markup; both leave the values of
// fields open, so the texts themselves are not compared. Not described there, and so
// not compared, are comments, permissions, projects, link types and all of Data Center.
func TestTrafficIsAsTheVendorDescribesIt(t *testing.T) {
	folder := os.Getenv("PERCOLATE_SPECS")
	if folder == "" {
		t.Skip("PERCOLATE_SPECS names no folder with the description of Jira's API")
	}
	v := newValidator(t, filepath.Join(folder, "jira-trim-2025-12-25.json"))
	for _, f := range flavours()[:3] {
		s := newSite(t, f)
		v.next = s.sim.Transport()
		opt := f.opt
		opt.Name, opt.URL, opt.Project, opt.Token, opt.User = "jira-ops", "https://jira.example", "OPS", token, user
		opt.Now, opt.Transport = s.Now, v
		opt.Sleep = func(_ context.Context, d time.Duration) error { s.Wait(d); return nil }
		tr, err := jira.New(opt)
		if err != nil {
			t.Fatal(err)
		}
		everyKindOfRequest(t, s, tr)
	}
	for _, path := range v.unknown {
		if !slices.ContainsFunc([]string{"/comment", "/mypermissions", "/project/", "/issueLinkType", "/issueLink/"}, func(p string) bool { return strings.Contains(path, p) }) {
			t.Errorf("the description knows nothing of %s", path)
		}
	}
	t.Logf("%d requests were compared, %d are not described: %q", v.compared, len(v.unknown), v.unknown)
	if v.compared < 40 {
		t.Errorf("only %d requests were compared", v.compared)
	}
}

// everyKindOfRequest makes each request that the tracker knows.
func everyKindOfRequest(t *testing.T, s *site, tr trackers.Tracker) {
	t.Helper()
	ctx := t.Context()
	tr.Check(ctx, []string{"acc-ann", "bob@percolate.example", "nobody"})
	parent := tr.Create(ctx, []trackers.Creation{{Key: ticket.Key{Document: "PER-1"}, Fields: ticket.Fields{Title: "P", Body: "x"}}})[0].Seen
	for _, bad := range [][]string{nil, {"duedate", "priority"}, {"summary"}} {
		s.sim.SetFaults(func(f *jiratest.Faults) { f.Surprise = bad })
		c := story
		c.Parent, c.Fields.Assignees, c.Fields.Priority = parent.Ref, []string{"acc-ann"}, ticket.PriorityLow
		child := tr.Create(ctx, []trackers.Creation{c, c})[0].Seen
		if child.Ref == "" {
			continue
		}
		_, _, _ = tr.Update(ctx, child, ticket.Patch{
			Set: []ticket.Field{ticket.FieldTitle, ticket.FieldBody, ticket.FieldDue, ticket.FieldAssignees}, To: ticket.Fields{Title: "New"},
			AddLabels: []string{"a"}, DropLabels: []string{"b"}, Parent: parent.Ref, Status: ticket.StatusDropped, Comment: ticket.Comment{Marker: "m", Text: "t"},
		})
	}
	for range tr.Find(ctx, []string{"PER-1"}) {
	}
	for range tr.Changed(ctx, "") {
	}
	if _, err := tr.Get(ctx, []ticket.Ref{parent.Ref, "OPS-99", "999999"}); err != nil {
		t.Fatal(err)
	}
}

// validator compares what goes over the wire with a description.
type validator struct {
	t        *testing.T
	router   routers.Router
	next     http.RoundTripper
	mu       sync.Mutex
	compared int
	unknown  []string
}

func newValidator(t *testing.T, file string) *validator {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// What the description says of the values of fields is nothing at all, and null is a value.
	for _, name := range []string{"IssueBean", "IssueUpdateDetails"} {
		doc.Components.Schemas[name].Value.Properties["fields"].Value.AdditionalProperties.Schema.Value.Nullable = true
	}
	doc.Servers = openapi3.Servers{{URL: "https://jira.example"}}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &validator{t: t, router: router}
}

// RoundTrip compares the request, and the answer where there is one.
func (v *validator) RoundTrip(req *http.Request) (*http.Response, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	described := req.Clone(req.Context())
	described.URL.Path = strings.Replace(req.URL.Path, "/rest/api/2/", "/rest/api/3/", 1)
	described.Body = io.NopCloser(bytes.NewReader(body))
	route, args, err := v.router.FindRoute(described)
	resp, sent := v.next.RoundTrip(req)
	if err != nil {
		v.unknown = append(v.unknown, req.Method+" "+described.URL.Path)
		return resp, sent
	}
	if sent == nil {
		v.compare(described, route, args, resp)
	}
	return resp, sent
}

func (v *validator) compare(req *http.Request, route *routers.Route, args map[string]string, resp *http.Response) {
	v.compared++
	opt := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, ExcludeReadOnlyValidations: true}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: args, Route: route, Options: opt}
	if err := openapi3filter.ValidateRequest(v.t.Context(), in); err != nil {
		v.t.Errorf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	if resp.StatusCode == http.StatusNoContent {
		if route.Operation.Responses.Status(http.StatusNoContent) == nil {
			v.t.Errorf("%s %s answers without content", req.Method, req.URL.Path)
		}
		return
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header, Options: opt}
	if err := openapi3filter.ValidateResponse(v.t.Context(), out.SetBodyBytes(body)); err != nil {
		v.t.Errorf("%s %s, answer %d: %v", req.Method, req.URL.Path, resp.StatusCode, err)
	}
}
