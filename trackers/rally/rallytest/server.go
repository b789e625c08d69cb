// Package rallytest is a strict simulator of Rally's Web Services API 2.0: it takes
// queries with strictly binary parentheses and no others, refuses what the workspace
// does not allow under a status that says that all is well, and by switches drops,
// warns, loses and conflicts as the real one does. It lives in memory and knows the
// requests that percolate makes. It is built from documentation and reports, not from
// recordings of a live Rally.
package rallytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/microcosm-cc/bluemonday"
)

// The ids of what is there beside the configured workspace and project.
const (
	WorkspaceID    = 41529001 // the default of Options.Workspace
	ProjectID      = 41529017 // the default of Options.Project
	OtherProject   = 41529033 // in the same workspace
	OtherWorkspace = 41529101 // the user's default one

	defaultProject = 41529117
	user           = 7001 // whose key it is
)

// Options say which Rally it is. Now is needed.
type Options struct {
	Now        func() time.Time // the server's clock
	Site       string           // the address in answers; "https://rally.example" when empty
	Key        string           // the API key; "" lets everybody in
	Workspace  int64
	Project    int64
	Zone       *time.Location // of the workspace; UTC when nil
	Priorities []string       // of defects, where they are not Rally's own
	AnyUser    bool           // every name is a user who may own work, for demonstrations
	// Due is where people have the due day of a story: "" for a line in its description,
	// "field" for the attribute c_DueDate; they cannot say it where it is anything else.
	Due   string
	Sleep func(time.Duration)
}

// Server is the simulator, an [http.Handler]. It is safe for concurrent use.
type Server struct {
	opt     Options
	control http.Handler // of /_sim/
	clean   *bluemonday.Policy

	mu       sync.Mutex
	faults   Faults
	objects  []*object // by creation
	byID     map[int64]*object
	numbers  map[string]int // the last formatted id, by type
	serial   int64
	feature  int64
	author   int64 // who writes just now
	requests map[string]int
	writes   int // for switches that act now and then
	items    int // of writes, those in batches counted one by one
	turn     int
	busy     int // requests under way
	busiest  int
	crowds   map[int64]int // writes under way, by the story that they are below
	crowded  int
}

// New makes a Rally with a workspace, two projects and a few people.
func New(opt Options) *Server {
	if opt.Zone == nil {
		opt.Zone = time.UTC
	}
	if opt.Site == "" {
		opt.Site = "https://rally.example"
	}
	if opt.Workspace == 0 {
		opt.Workspace = WorkspaceID
	}
	if opt.Project == 0 {
		opt.Project = ProjectID
	}
	if opt.Sleep == nil {
		opt.Sleep = func(time.Duration) {}
	}
	s := &Server{opt: opt, byID: map[int64]*object{}, numbers: map[string]int{}, requests: map[string]int{}, crowds: map[int64]int{}, serial: 50001000, author: user, clean: sanitiser()}
	s.seed()
	s.control = controlOf(s)
	return s
}

// call is one request, read.
type call struct {
	req   *http.Request
	parts []string // of the path below the API
	body  map[string]json.RawMessage
	write bool
}

// result is what an answer holds under its name.
type result map[string]any

// answer is a status and the envelope with its name.
type answer struct {
	status int
	name   string
	body   result
	page   string // a web page in place of all that
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if strings.HasPrefix(req.URL.Path, "/_sim/") {
		s.control.ServeHTTP(w, req)
		return
	}
	defer s.enter(req)()
	faults := s.Faults()
	s.opt.Sleep(time.Duration(faults.Latency))
	a, dropped := s.answer(req)
	if dropped {
		panic(http.ErrAbortHandler) // the connection ends without an answer
	}
	w.Header()["Date"] = []string{s.opt.Now().UTC().Format(http.TimeFormat)}
	if faults.NoDate {
		w.Header()["Date"] = nil // which net/http leaves alone
	}
	if a.page != "" {
		w.Header().Set("Content-Type", "text/html;charset=UTF-8")
		w.WriteHeader(a.status)
		fmt.Fprintf(w, "<html><head><title>%s</title></head><body></body></html>", a.page)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if faults.Script {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	}
	w.WriteHeader(a.status)
	_ = json.NewEncoder(w).Encode(map[string]any{a.name: a.body})
}

// enter counts a request as under way until the returned function is called.
func (s *Server) enter(req *http.Request) (leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	family := s.family(req)
	s.busy++
	s.busiest = max(s.busiest, s.busy)
	s.crowds[family]++
	if family != 0 {
		s.crowded = max(s.crowded, s.crowds[family])
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.busy--
		s.crowds[family]--
	}
}

// family is the story that a write of one ticket is below; 0 for other requests.
func (s *Server) family(req *http.Request) int64 {
	parts := strings.Split(strings.TrimPrefix(req.URL.Path, base), "/")
	if req.Method == http.MethodGet || len(parts) < 2 {
		return 0
	}
	id, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || s.byID[id] == nil {
		return 0
	}
	for _, name := range []string{"Parent", "Requirement"} {
		if above := idIn(s.byID[id].values[name]); above != 0 {
			return above
		}
	}
	return id
}

// Busiest is how many requests were under way at once at most.
func (s *Server) Busiest() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.busiest
}

// Crowded is how many writes were under way at once at most below one story.
func (s *Server) Crowded() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.crowded
}

const base = "/slm/webservice/v2.0/"

func (s *Server) answer(req *http.Request) (a answer, dropped bool) {
	c, err := readCall(req)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn++
	s.requests[c.endpoint()]++
	if err != nil {
		return failed("OperationResult", err.Error()), false
	}
	if a, refused := s.refuse(req, c); refused {
		return a, false
	}
	if c.write {
		return s.lossy(c)
	}
	return s.read(c), false
}

// endpoint is the name of a request in the statistics.
func (c *call) endpoint() string {
	name := c.req.Method + " "
	for i, p := range c.parts {
		if i > 0 {
			name += "/"
		}
		if i == 1 && p != "create" {
			p = "{}"
		}
		name += p
	}
	return name
}

// failed is an answer of errors, which has the status of success.
func failed(name string, reasons ...string) answer {
	return answer{status: http.StatusOK, name: name, body: result{"Errors": reasons, "Warnings": []string{}}}
}

// envelope is an answer of success.
func envelope(name string, warnings []string, more result) answer {
	body := result{"_rallyAPIMajor": "2", "_rallyAPIMinor": "0", "Errors": []string{}, "Warnings": append([]string{}, warnings...)}
	for k, v := range more {
		body[k] = v
	}
	return answer{status: http.StatusOK, name: name, body: body}
}
