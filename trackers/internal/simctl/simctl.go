// Package simctl lets programs look into a simulated tracker and be the people who use
// it, over HTTP and in the same form for every tracker: what is stored, what was asked,
// which switches are on, and what a person does to a ticket. Whoever checks percolate
// reads the simulator itself here, and not through the adapter under test. It simulates
// nothing.
package simctl

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Ticket is a ticket as the simulator stores it, in the words of no tracker.
type Ticket struct {
	Ref       string   `json:"ref"`  // the id that never changes
	Name      string   `json:"name"` // what people call it now: "OPS-12", "octo/backlog#7"
	Parent    string   `json:"parent,omitempty"`
	Title     string   `json:"title"`
	Text      string   `json:"text"`             // the whole text, as the tracker stores it
	Kind      string   `json:"kind"`             // its type or the label for it, in the tracker's own word
	Status    string   `json:"status"`           // open, active, blocked, done or dropped
	Priority  string   `json:"priority"`         // in the tracker's own word
	Due       string   `json:"due,omitempty"`    // 2006-01-02
	Place     string   `json:"place"`            // the project or repository that holds it
	Labels    []string `json:"labels,omitempty"` // tags too
	Assignees []string `json:"assignees,omitempty"`
	Comments  []string `json:"comments,omitempty"`
	Deleted   bool     `json:"deleted,omitempty"`
}

// Act is what a person does. Ref names the ticket; Value is what Do needs.
type Act struct {
	Do    string `json:"do"`
	Ref   string `json:"ref"`
	Value string `json:"value,omitempty"`
	Text  string `json:"text,omitempty"` // of what is opened
}

// What a person can do. Value is the title of what is opened; the new title; what is
// added at the end of the text; the remark; the label; the account, "" for nobody; the
// day, "" for none; the priority in the tracker's own word; one of the five statuses;
// the ref of the new parent, "" for none; the place to move to, "" for any other.
const (
	Open     = "open"
	Title    = "title"
	Append   = "append"
	Comment  = "comment"
	Label    = "label"
	Unlabel  = "unlabel"
	Assign   = "assign"
	Due      = "due"
	Priority = "priority"
	Status   = "status"
	Parent   = "parent"
	Move     = "move"
	Delete   = "delete"
)

// ErrCannot says that people cannot do such a thing in this tracker.
var ErrCannot = errors.New("people cannot do this here")

// Simulator is what a simulated tracker shows and lets people do.
type Simulator interface {
	// Tickets are all tickets in the order of their creation, deleted ones included.
	Tickets() []Ticket
	// Requests tells how often each endpoint of the tracker was asked.
	Requests() map[string]int
	// Person does one act of a person and returns the ref of the ticket.
	Person(Act) (ref string, err error)
	// Switches returns a pointer to a copy of the switches that JSON can be read into;
	// Switch puts such a copy in their place.
	Switches() any
	Switch(any)
}

// Stats is the answer of /_sim/stats.
type Stats struct {
	Requests map[string]int `json:"requests"`
	Total    int            `json:"total"`   // of the requests
	Tickets  int            `json:"tickets"` // that are not deleted

	// Busy is how long a server that is not simulated had requests to answer, in nanoseconds.
	Busy time.Duration `json:"busy,omitempty"`
}

// busy is a server that is not simulated.
type busy interface{ Busy() time.Duration }

// Handler answers what is below /_sim/: GET stats, GET tickets, GET and PUT faults
// (those that are named change) and POST people. All else is the tracker's.
func Handler(sim Simulator, tracker http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sim/stats", func(w http.ResponseWriter, _ *http.Request) { answer(w, stats(sim), nil) })
	mux.HandleFunc("GET /_sim/tickets", func(w http.ResponseWriter, _ *http.Request) { answer(w, sim.Tickets(), nil) })
	mux.HandleFunc("GET /_sim/faults", func(w http.ResponseWriter, _ *http.Request) { answer(w, sim.Switches(), nil) })
	mux.HandleFunc("PUT /_sim/faults", func(w http.ResponseWriter, r *http.Request) {
		switches := sim.Switches()
		err := read(r.Body, switches)
		if err == nil {
			sim.Switch(switches)
		}
		answer(w, switches, err)
	})
	mux.HandleFunc("POST /_sim/people", func(w http.ResponseWriter, r *http.Request) {
		var act Act
		err := read(r.Body, &act)
		if err == nil {
			act.Ref, err = sim.Person(act)
		}
		answer(w, act, err)
	})
	mux.HandleFunc("/_sim/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprintln(w, "there are GET /_sim/stats and /_sim/tickets, GET and PUT /_sim/faults, and POST /_sim/people")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_sim/") {
			mux.ServeHTTP(w, r)
			return
		}
		tracker.ServeHTTP(w, r)
	})
}

func stats(sim Simulator) Stats {
	s := Stats{Requests: sim.Requests()}
	if real, ok := sim.(busy); ok {
		s.Busy = real.Busy()
	}
	for _, n := range s.Requests {
		s.Total += n
	}
	for _, t := range sim.Tickets() {
		if !t.Deleted {
			s.Tickets++
		}
	}
	return s
}

// read takes one JSON value and nothing that v does not know: a switch with a slip in
// its name would be no switch.
func read(body io.Reader, v any) error {
	d := json.NewDecoder(body)
	d.DisallowUnknownFields()
	return d.Decode(v)
}

func answer(w http.ResponseWriter, body any, err error) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case errors.Is(err, ErrCannot):
		w.WriteHeader(http.StatusNotImplemented)
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	}
	if err != nil {
		body = map[string]string{"error": err.Error()}
	}
	_ = json.NewEncoder(w).Encode(body)
}
