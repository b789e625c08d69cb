// Package githubtest is a strict, stateful simulator of the parts of GitHub that the
// tracker uses: issues, labels, milestones, comments, sub-issues, types and fields over
// REST, and creating, linking and reading issues over GraphQL. What GitHub rejects it
// rejects, what GitHub drops silently it drops silently, and an issue's id, node id and
// number all differ. It was built from documentation; it is no proof of what GitHub does.
package githubtest

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"percolate/trackers/internal/simctl"
)

// Options say what kind of GitHub it is. Now is needed.
type Options struct {
	Owner, Repo string   // "octo" and "backlog" when empty
	Others      []string // names of further repositories of the owner; "elsewhere" when nil
	Login       string   // who the token belongs to; "percolate-bot" when empty
	Token       string   // the only one that is let in; "" lets everybody in
	Accounts    []string // who can be assigned
	Types       []string // the organisation's issue types; nil for an owner without
	Fields      []Field  // the organisation's issue fields
	Private     bool

	NoGraphQL    bool // GraphQL is refused
	NoParentID   bool // createIssue takes no parentIssueId
	NoSubIssues  bool // an older server
	NoPush       bool // see [Faults]
	FreshIDs     bool // a transferred issue gets another id and node id
	SubIssuesMax int  // of one parent; 100 when 0

	PerMinute, PerHour int // content that may be created; 80 and 500 when 0
	Primary            int // requests an hour; 5000 when 0

	Now   func() time.Time
	Sleep func(time.Duration) // for Faults.Latency; nil does not wait
}

// Field is an issue field of the organisation.
type Field struct {
	ID      int64
	Name    string
	Type    string   // "date", "single_select", "text"
	Options []string // of a single_select
}

// Server is one GitHub with one owner. It is an [http.Handler] and, for tests without a
// network, an [http.RoundTripper]. It is safe for concurrent use.
type Server struct {
	opt  Options
	mux  *http.ServeMux
	desk http.Handler // the API, and what programs look into it by

	mu       sync.Mutex
	repos    []*repo
	serial   int64
	limits   limits
	faults   Faults
	failNext []int
	turn     int // of the requests
	writes   int // that were answered
	requests []Request
	counts   map[string]int // of requests by endpoint
}

// Request is one request that was served.
type Request struct {
	Method, Path string // the path with its query
	Status       int
	Aliases      int // mutations in a GraphQL request
}

// New makes a GitHub with empty repositories.
func New(opt Options) *Server {
	def := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	num := func(n *int, v int) {
		if *n == 0 {
			*n = v
		}
	}
	def(&opt.Owner, "octo")
	def(&opt.Repo, "backlog")
	def(&opt.Login, "percolate-bot")
	num(&opt.SubIssuesMax, 100) // -1 for none
	num(&opt.PerMinute, 80)
	num(&opt.PerHour, 500)
	num(&opt.Primary, 5000)
	if opt.Others == nil {
		opt.Others = []string{"elsewhere"}
	}
	if opt.Sleep == nil {
		opt.Sleep = func(time.Duration) {}
	}
	s := &Server{opt: opt, mux: http.NewServeMux(), counts: map[string]int{}, faults: Faults{NoPush: opt.NoPush}}
	for i, name := range append([]string{opt.Repo}, opt.Others...) {
		s.repos = append(s.repos, &repo{
			id: int64(7001 + i), node: fmt.Sprintf("R_kgDO%04d", i+1), owner: opt.Owner, name: name, next: 1 + 40*i,
		})
	}
	s.routes()
	s.desk = simctl.Handler(desk{s}, http.HandlerFunc(s.api))
	return s
}

func (s *Server) now() time.Time { return s.opt.Now().UTC().Truncate(time.Second) }

// Requests returns what was asked since the last call of it.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.requests
	s.requests = nil
	return all
}

// ServeHTTP answers one request, of the API or below /_sim/.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.desk.ServeHTTP(w, r) }

// api answers one request as GitHub does.
func (s *Server) api(w http.ResponseWriter, r *http.Request) {
	s.wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &answer{ResponseWriter: w, header: w.Header(), status: http.StatusOK}
	w.Header().Set("Date", s.now().Format(http.TimeFormat))
	s.serve(a, r)
	dropped := s.lose(r, a)
	s.requests = append(s.requests, Request{Method: r.Method, Path: r.URL.RequestURI(), Status: a.status, Aliases: a.aliases})
	s.counts[s.endpoint(r, a)]++
	if dropped {
		panic(http.ErrAbortHandler)
	}
	a.flush()
}

// wait lets requests wait beside each other.
func (s *Server) wait() {
	var d Duration
	s.with(func() { d = s.faults.Latency })
	if d > 0 {
		s.opt.Sleep(time.Duration(d))
	}
}

// endpoint names what was asked, without owner, repository and numbers: "POST issues/{n}/labels".
func (s *Server) endpoint(r *http.Request, a *answer) string {
	_, pattern := s.mux.Handler(r)
	switch {
	case a.mutates:
		return "POST graphql mutation"
	case pattern == "/":
		return r.Method + " unknown"
	}
	method, path, _ := strings.Cut(pattern, " /")
	if rest, ok := strings.CutPrefix(path, "repos/{owner}/{repo}"); ok {
		path = cmp.Or(strings.TrimPrefix(rest, "/"), "repository")
	}
	return method + " " + path
}

func (s *Server) serve(a *answer, r *http.Request) {
	open := !s.opt.Private && !writes(r) && r.Header.Get("Authorization") == ""
	if s.opt.Token != "" && !open && r.Header.Get("Authorization") != "Bearer "+s.opt.Token {
		a.fail(http.StatusUnauthorized, "Bad credentials")
		return
	}
	a.header.Set("X-OAuth-Scopes", "repo, read:org")
	if s.refuse(a, r) || s.overLimit(a, r) {
		return
	}
	r.URL.Path = s.byID(r.URL.Path)
	s.mux.ServeHTTP(a, r)
}

// byID turns the address of a repository by id into the one by name.
func (s *Server) byID(path string) string {
	for _, r := range s.repos {
		if rest, ok := strings.CutPrefix(path, fmt.Sprintf("/repositories/%d/", r.id)); ok {
			return "/repos/" + r.owner + "/" + r.name + "/" + rest
		}
	}
	return path
}

// writes reports whether a request may change something.
func writes(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }
