// Package jiratest is a strict simulator of Jira Cloud and Jira Data Center: what the
// vendor rejects it rejects, what the vendor drops it drops, and by switches it lags,
// loses answers, refuses and hides as the real ones do. It lives in memory, knows the
// requests that percolate makes and answers 404 to all others. It is built from
// documentation and reports, not from recordings of a live Jira.
package jiratest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"percolate/trackers/internal/simctl"
)

// Options say which Jira it is. Now is needed.
type Options struct {
	DataCenter bool             // else Cloud
	Now        func() time.Time // the server's clock
	Zone       *time.Location   // of the API user's profile; UTC when nil
	Site       string           // the address in answers; "https://jira.example" when empty
	User       string           // the name that Basic credentials must have; "" for a bearer token
	Token      string           // the token or password; "" lets everybody in
	Project    string           // the key of the project; "OPS" when empty
	Public     bool             // anybody may read the project
	Localised  bool             // types and priorities have French names
	AnyUser    bool             // every account can be assigned, for demonstrations
	Sleep      func(time.Duration)
}

// Server is the simulator, an [http.Handler]. It is safe for concurrent use.
type Server struct {
	opt   Options
	serve http.Handler // the tracker, and what is below /_sim/

	mu       sync.Mutex
	faults   Faults
	projects map[string]int    // keys, with the last number given out
	issues   []*Issue          // by creation
	refs     map[string]*Issue // by id, key and former keys in capitals
	links    []link
	serial   int64
	requests map[string]int // by endpoint
	turn     int            // of requests, for switches that act now and then
	writes   int            // of writes, likewise
}

// New makes a Jira with one project and a few people.
func New(opt Options) *Server {
	if opt.Zone == nil {
		opt.Zone = time.UTC
	}
	if opt.Site == "" {
		opt.Site = "https://jira.example"
	}
	if opt.Project == "" {
		opt.Project = "OPS"
	}
	if opt.Sleep == nil {
		opt.Sleep = func(time.Duration) {}
	}
	s := &Server{opt: opt, projects: map[string]int{opt.Project: 0, "ELSE": 0}, refs: map[string]*Issue{}, requests: map[string]int{}, serial: 10000}
	s.serve = simctl.Handler(desk{s}, http.HandlerFunc(s.jira))
	return s
}

// route is one endpoint: method and path below /rest/api/2, where {} is any one part.
type route struct {
	method, path string
	write        bool
	do           func(*Server, *call) answer
}

func routes() []route {
	return []route{
		{"GET", "serverInfo", false, (*Server).serverInfo},
		{"GET", "myself", false, (*Server).myself},
		{"GET", "mypermissions", false, (*Server).permissions},
		{"GET", "project/{}", false, (*Server).project},
		{"GET", "field", false, (*Server).fields},
		{"GET", "issueLinkType", false, (*Server).linkTypes},
		{"GET", "issue/createmeta/{}/issuetypes", false, (*Server).metaTypes},
		{"GET", "issue/createmeta/{}/issuetypes/{}", false, (*Server).metaFields},
		{"GET", "user/assignable/search", false, (*Server).assignable},
		{"POST", "issue", true, (*Server).createOne},
		{"POST", "issue/bulk", true, (*Server).createBulk},
		{"POST", "issue/bulkfetch", false, (*Server).bulkFetch},
		{"POST", "search/jql", false, (*Server).searchCloud},
		{"POST", "changelog/bulkfetch", false, (*Server).bulkLog},
		{"POST", "search", false, (*Server).searchDataCenter},
		{"GET", "search", false, (*Server).searchDataCenter},
		{"GET", "issue/{}", false, (*Server).getIssue},
		{"PUT", "issue/{}", true, (*Server).editIssue},
		{"GET", "issue/{}/comment", false, (*Server).comments},
		{"POST", "issue/{}/comment", true, (*Server).addComment},
		{"GET", "issue/{}/transitions", false, (*Server).transitions},
		{"POST", "issue/{}/transitions", true, (*Server).transition},
		{"POST", "issueLink", true, (*Server).addLink},
		{"DELETE", "issueLink/{}", true, (*Server).dropLink},
	}
}

// call is one request, read.
type call struct {
	req  *http.Request
	args []string // what stood for {}
	body []byte
	anon bool // it came without credentials
}

// answer is a status and what goes into the body as JSON; nil for none.
type answer struct {
	status int
	body   any
	header map[string]string
}

// ServeHTTP answers one request, and those below /_sim/ as package simctl says.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) { s.serve.ServeHTTP(w, req) }

// jira answers one request to Jira itself.
func (s *Server) jira(w http.ResponseWriter, req *http.Request) {
	name, r, args := match(req)
	s.mu.Lock()
	s.requests[name]++
	faults := s.faults
	s.mu.Unlock()
	s.opt.Sleep(time.Duration(faults.Latency))
	a, lost := s.answer(req, name, r, args)
	if lost == dropped {
		panic(http.ErrAbortHandler) // the connection ends without an answer
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	if faults.HTML && a.status >= 400 {
		w.Header().Set("Content-Type", "text/html;charset=UTF-8")
		w.WriteHeader(a.status)
		fmt.Fprintf(w, "<html><head><title>Oops, you've found a dead link (%d)</title></head><body>...</body></html>", a.status)
		return
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(a.status)
	if a.body != nil {
		_ = json.NewEncoder(w).Encode(a.body)
	}
}

func (s *Server) answer(req *http.Request, name string, r *route, args []string) (answer, loss) {
	body, err := readBody(req)
	if err != nil {
		return failed(400, "the body could not be read"), kept
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn++
	if a, refused := s.refuse(name); refused {
		return a, kept
	}
	anon := req.Header.Get("Authorization") == ""
	if !anon && !s.authentic(req) {
		return failed(401, "Client must be authenticated to access this resource."), kept
	}
	if r == nil {
		return failed(404, "null for uri: "+req.URL.Path), kept
	}
	c := &call{req: req, args: args, body: body, anon: anon && s.opt.Token != ""}
	if c.anon && r.path != "serverInfo" && r.path != "project/{}" {
		return failed(401, "Client must be authenticated to access this resource."), kept
	}
	a := r.do(s, c)
	if r.write && a.status < 300 {
		return s.lose(a)
	}
	return a, kept
}

// match finds the endpoint of a request, by its name for the statistics.
func match(req *http.Request) (string, *route, []string) {
	path := req.URL.Path
	if _, rest, ok := strings.Cut(path, "/rest/api/2/"); ok { // version 3 has texts in another form
		path = rest
	}
	parts := strings.Split(path, "/")
	for _, r := range routes() {
		want := strings.Split(r.path, "/")
		if r.method != req.Method || len(want) != len(parts) {
			continue
		}
		var args []string
		fits := true
		for i, w := range want {
			if w == "{}" {
				args = append(args, parts[i])
			} else if w != parts[i] {
				fits = false
			}
		}
		if fits {
			return r.method + " " + r.path, &r, args
		}
	}
	return req.Method + " " + path, nil, nil
}

func (s *Server) authentic(req *http.Request) bool {
	if s.opt.Token == "" {
		return true
	}
	if user, password, ok := req.BasicAuth(); ok {
		return s.opt.User != "" && user == s.opt.User && password == s.opt.Token
	}
	return s.opt.User == "" && req.Header.Get("Authorization") == "Bearer "+s.opt.Token
}

// failed is an error as Jira writes one.
func failed(status int, messages ...string) answer {
	return answer{status: status, body: errorBody{Messages: messages, Errors: map[string]string{}}}
}

type errorBody struct {
	Messages []string          `json:"errorMessages"`
	Errors   map[string]string `json:"errors"`
}
