package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (s *Server) routes() {
	const repo, one = "/repos/{owner}/{repo}", "/repos/{owner}/{repo}/issues/{n}"
	s.mux.HandleFunc("POST /graphql", s.onGraphQL)
	s.mux.HandleFunc("GET /rate_limit", s.onRateLimit)
	s.mux.HandleFunc("GET /search/issues", s.onSearch)
	s.mux.HandleFunc("GET /user", func(w http.ResponseWriter, _ *http.Request) {
		w.(*answer).give(http.StatusOK, s.showUser(s.opt.Login))
	})
	s.mux.HandleFunc("GET /orgs/{org}/issue-types", s.onTypes)
	s.mux.HandleFunc("GET /orgs/{org}/issue-fields", s.onFields)
	s.mux.HandleFunc("GET "+repo, s.inRepo(s.onRepo))
	s.mux.HandleFunc("GET "+repo+"/issues", s.inRepo(s.onList))
	s.mux.HandleFunc("POST "+repo+"/issues", s.inRepo(s.onCreate))
	s.mux.HandleFunc("GET "+repo+"/labels", s.inRepo(s.onLabels))
	s.mux.HandleFunc("POST "+repo+"/labels", s.inRepo(s.onNewLabel))
	s.mux.HandleFunc("GET "+repo+"/milestones", s.inRepo(s.onMilestones))
	s.mux.HandleFunc("POST "+repo+"/milestones", s.inRepo(s.onNewMilestone))
	s.mux.HandleFunc("GET "+repo+"/assignees/{login}", s.inRepo(s.onAssignee))
	s.mux.HandleFunc("GET "+one, s.onIssue(s.onGet))
	s.mux.HandleFunc("PATCH "+one, s.onIssue(s.onEdit))
	s.mux.HandleFunc("POST "+one+"/labels", s.onIssue(s.onAddLabels))
	s.mux.HandleFunc("DELETE "+one+"/labels/{name}", s.onIssue(s.onDropLabel))
	s.mux.HandleFunc("GET "+one+"/comments", s.onIssue(s.onComments))
	s.mux.HandleFunc("POST "+one+"/comments", s.onIssue(s.onComment))
	s.mux.HandleFunc("GET "+one+"/sub_issues", s.onIssue(s.onChildren))
	s.mux.HandleFunc("POST "+one+"/sub_issues", s.onIssue(s.onLink))
	s.mux.HandleFunc("DELETE "+one+"/sub_issue", s.onIssue(s.onUnlink))
	s.mux.HandleFunc("GET "+one+"/parent", s.onIssue(s.onParent))
	s.mux.HandleFunc("GET "+one+"/timeline", s.onIssue(s.onTimeline))
	s.mux.HandleFunc("PUT "+one+"/issue-field-values", s.onIssue(s.onValues))
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { notFound(w.(*answer)) })
}

func notFound(a *answer) { a.fail(http.StatusNotFound, "Not Found") }

func (s *Server) inRepo(do func(*answer, *http.Request, *repo)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in := s.repo(r.PathValue("owner"), r.PathValue("repo"))
		if in == nil {
			notFound(w.(*answer))
			return
		}
		do(w.(*answer), r, in)
	}
}

// onIssue leads to an issue, or to where it went: 301 for one that was transferred, 410
// for one that was deleted.
func (s *Server) onIssue(do func(*answer, *http.Request, *issue)) http.HandlerFunc {
	return s.inRepo(func(a *answer, r *http.Request, in *repo) {
		n, err := strconv.Atoi(r.PathValue("n"))
		is := in.issue(n)
		switch {
		case err != nil || is == nil:
			notFound(a)
		case is.movedTo != nil:
			_, rest, _ := strings.Cut(r.URL.Path, "/issues/"+r.PathValue("n"))
			to := fmt.Sprintf("%s/repositories/%d/issues/%d%s", base(r), is.movedTo.repo.id, is.movedTo.number, rest)
			a.header.Set("Location", to)
			a.give(http.StatusMovedPermanently, map[string]any{"message": "Moved Permanently", "url": to})
		case is.deleted:
			a.fail(http.StatusGone, "This issue was deleted")
		default:
			do(a, r, is)
		}
	})
}

// base is the address that the request was sent to.
func base(r *http.Request) string {
	host, scheme := r.Host, "https"
	if r.URL.Host != "" {
		host, scheme = r.URL.Host, r.URL.Scheme
	} else if r.TLS == nil {
		scheme = "http"
	}
	return scheme + "://" + host
}

func (s *Server) onRepo(a *answer, _ *http.Request, r *repo) {
	kind := "User"
	if s.opt.Types != nil || s.opt.Fields != nil {
		kind = "Organization"
	}
	a.give(http.StatusOK, map[string]any{
		"id": r.id, "node_id": r.node, "name": r.name, "full_name": r.full(), "private": s.opt.Private, "has_issues": true, "archived": false,
		"owner":       map[string]any{"login": r.owner, "type": kind},
		"permissions": map[string]any{"pull": true, "triage": !s.faults.NoPush, "push": !s.faults.NoPush},
	})
}

func (s *Server) onTypes(w http.ResponseWriter, _ *http.Request) {
	if s.opt.Types == nil {
		notFound(w.(*answer))
		return
	}
	all := []any{}
	for i, t := range s.opt.Types {
		all = append(all, showType(i, t))
	}
	w.(*answer).give(http.StatusOK, all)
}

func (s *Server) onFields(w http.ResponseWriter, _ *http.Request) {
	if s.opt.Fields == nil {
		notFound(w.(*answer))
		return
	}
	all := []any{}
	for _, f := range s.opt.Fields {
		one := map[string]any{"id": f.ID, "node_id": fmt.Sprintf("IF_%d", f.ID), "name": f.Name, "data_type": f.Type}
		var options []any
		for i, o := range f.Options {
			options = append(options, map[string]any{"id": i + 1, "name": o})
		}
		if options != nil {
			one["options"] = options
		}
		all = append(all, one)
	}
	w.(*answer).give(http.StatusOK, all)
}

func (s *Server) onLabels(a *answer, r *http.Request, in *repo) {
	var all []any
	for _, l := range in.labels {
		all = append(all, s.showLabel(in, l.name))
	}
	page(a, r, all)
}

func (s *Server) onNewLabel(a *answer, r *http.Request, in *repo) {
	var ask struct{ Name, Color, Description string }
	switch {
	case !read(a, r, &ask):
	case s.faults.NoPush:
		notFound(a)
	case ask.Name == "" || len([]rune(ask.Name)) > 50:
		a.invalid("name", "invalid")
	case in.label(ask.Name) != nil:
		a.fail(http.StatusUnprocessableEntity, "Validation Failed", map[string]any{"resource": "Label", "field": "name", "code": "already_exists"})
	case s.mayCreate(a, r):
		s.labelled(in, ask.Name)
		a.give(http.StatusCreated, s.showLabel(in, ask.Name))
	}
}

func (s *Server) onMilestones(a *answer, r *http.Request, in *repo) {
	var all []any
	for _, m := range in.milestones {
		if want := r.URL.Query().Get("state"); want == "all" || m.state == "open" {
			all = append(all, s.showMilestone(in, m.number))
		}
	}
	page(a, r, all)
}

func (s *Server) onNewMilestone(a *answer, r *http.Request, in *repo) {
	var ask struct {
		Title       string
		State       string
		Description string
		Due         string `json:"due_on"`
	}
	if !read(a, r, &ask) {
		return
	}
	_, err := time.Parse(time.RFC3339, ask.Due)
	switch {
	case s.faults.NoPush:
		notFound(a)
	case ask.Title == "" || ask.Due != "" && err != nil:
		a.invalid("due_on", "invalid")
	case slices.ContainsFunc(in.milestones, func(m *milestone) bool { return m.title == ask.Title }):
		a.invalid("title", "already_exists")
	case s.mayCreate(a, r):
		m := &milestone{number: len(in.milestones) + 1, id: s.nextID(), title: ask.Title, due: ask.Due, state: "open"}
		in.milestones = append(in.milestones, m)
		a.give(http.StatusCreated, s.showMilestone(in, m.number))
	}
}

func (s *Server) onAssignee(a *answer, r *http.Request, _ *repo) {
	if !s.assignable(r.PathValue("login")) {
		notFound(a)
		return
	}
	a.none()
}

// page answers with one page of a list, and with a Link to the next.
func page(a *answer, r *http.Request, all []any) {
	a.give(http.StatusOK, append([]any{}, portion(a, r, all)...))
}

// portion is the page that is asked for, with the address of the next one.
func portion[T any](a *answer, r *http.Request, all []T) []T {
	q := r.URL.Query()
	size, _ := strconv.Atoi(q.Get("per_page"))
	if size <= 0 {
		size = 30
	}
	size = min(size, 100)
	number, _ := strconv.Atoi(q.Get("page"))
	number = max(number, 1)
	from := min((number-1)*size, len(all))
	to := min(from+size, len(all))
	if to < len(all) {
		next := *r.URL
		q.Set("page", strconv.Itoa(number+1))
		next.RawQuery = q.Encode()
		a.header.Set("Link", fmt.Sprintf("<%s%s>; rel=\"next\"", base(r), next.RequestURI()))
	}
	return all[from:to]
}

// value is a JSON value that may be absent, null or there.
type value[T any] struct {
	set bool
	v   T
}

// UnmarshalJSON notes that the value is there.
func (v *value[T]) UnmarshalJSON(b []byte) error {
	v.set = true
	return json.Unmarshal(b, &v.v)
}
