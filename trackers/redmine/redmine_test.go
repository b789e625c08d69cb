package redmine_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/internal/simctl"
	"percolate/trackers/redmine"
	"percolate/trackers/redmine/redminetest"
	"percolate/trackers/trackertest"
)

// shared is the one real server of this test binary: it takes seconds to start. Each
// test keeps to itself by a marker of its own.
type shared struct {
	once   sync.Once
	server *redminetest.Server
	front  *httptest.Server
	err    error
	places atomic.Int64
}

var one shared

func TestMain(m *testing.M) {
	code := m.Run()
	if one.server != nil {
		one.front.Close()
		_ = one.server.Close()
	}
	os.Exit(code)
}

// server is the running Redmine. A machine that cannot have one fails, unless the person
// who runs the tests says REDMINE=skip.
func server(t *testing.T) *redminetest.Server {
	t.Helper()
	if os.Getenv("REDMINE") == "skip" {
		t.Skip("REDMINE=skip: nothing is tried against a real Redmine")
	}
	one.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
		defer cancel()
		if one.server, one.err = redminetest.Start(ctx, redminetest.Options{Log: os.Stderr}); one.err == nil {
			one.front = httptest.NewServer(one.server)
		}
	})
	if one.err != nil {
		t.Fatalf("%v\n\nREDMINE=skip leaves out what needs a real Redmine", one.err)
	}
	one.server.SetFaults(func(f *redminetest.Faults) { *f = redminetest.Faults{} })
	return one.server
}

// site is a tracker on the real server, and what people do there.
type site struct {
	t       *testing.T
	server  *redminetest.Server
	opt     redmine.Options
	tracker *redmine.Tracker
}

const markerField, labelsField = 1, 2 // as the server is seeded

func newSite(t *testing.T, opt redmine.Options) *site {
	t.Helper()
	s := &site{t: t, server: server(t)}
	opt.Name, opt.URL, opt.Project = "redmine-ops", one.front.URL, "ops"
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Key == "" {
		opt.Key = redminetest.BotKey
	}
	opt.Marker = fmt.Sprintf("m%d-", one.places.Add(1))
	opt.Overlap = time.Second
	opt.Statuses = map[ticket.Status][]string{ticket.StatusBlocked: {"Blocked"}, ticket.StatusDropped: {"Rejected"}}
	s.opt = opt
	s.tracker = s.again()
	return s
}

// again is the tracker as another process opens it.
func (s *site) again() *redmine.Tracker {
	s.t.Helper()
	r, err := redmine.New(s.opt)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// act lets a person do something through Redmine's web pages.
func (s *site) act(a simctl.Act) ticket.Ref {
	s.t.Helper()
	ref, err := s.server.Person(a)
	if err != nil {
		s.t.Fatalf("a person's %s: %v", a.Do, err)
	}
	return ticket.Ref(ref)
}

func (s *site) stored(ref ticket.Ref) simctl.Ticket {
	s.t.Helper()
	is, err := s.server.Ticket(string(ref))
	if err != nil {
		s.t.Fatal(err)
	}
	return is
}

func (s *site) place() *trackertest.Place {
	return &trackertest.Place{
		Tracker: s.tracker,
		Wait:    func(time.Duration) { time.Sleep(3 * time.Second) }, // the server's clock is real
		Open: func(title, text string) ticket.Ref {
			return s.act(simctl.Act{Do: simctl.Open, Value: title, Text: text})
		},
		Edit: s.edit,
		Remark: func(ref ticket.Ref, text string) {
			s.act(simctl.Act{Do: simctl.Comment, Ref: string(ref), Value: text})
		},
		Delete:   func(ref ticket.Ref) { s.act(simctl.Act{Do: simctl.Delete, Ref: string(ref)}) },
		Move:     func(ref ticket.Ref) { s.act(simctl.Act{Do: simctl.Move, Ref: string(ref)}) },
		Text:     func(ref ticket.Ref) string { return s.stored(ref).Text },
		Comments: func(ref ticket.Ref) []string { return s.stored(ref).Comments },
		Refuse: func(k ticket.Key) {
			s.server.SetFaults(func(f *redminetest.Faults) { f.Refuse = append(f.Refuse, s.opt.Marker+":"+k.Document+"/"+k.Action) })
		},
		LoseAnswer: func() { s.server.SetFaults(func(f *redminetest.Faults) { f.LoseNext = 1 }) },
	}
}

func (s *site) edit(ref ticket.Ref, e trackertest.Edit) {
	s.t.Helper()
	do := func(what, value string) { s.act(simctl.Act{Do: what, Ref: string(ref), Value: value}) }
	if e.Title != "" {
		do(simctl.Title, e.Title)
	}
	if e.Text != nil {
		if err := s.server.SetText(s.t.Context(), string(ref), e.Text(s.stored(ref).Text)); err != nil {
			s.t.Fatal(err)
		}
	}
	if e.Label != "" && s.opt.LabelsField != 0 {
		do(simctl.Label, e.Label)
	} else if e.Label != "" {
		text := strings.Replace(s.stored(ref).Text, "\nLabels: ", "\nLabels: "+e.Label+", ", 1)
		if err := s.server.SetText(s.t.Context(), string(ref), text); err != nil {
			s.t.Fatal(err)
		}
	}
	if e.Assignee != "" {
		do(simctl.Assign, e.Assignee)
	}
	if e.Status != "" {
		do(simctl.Status, string(e.Status))
	}
}

func TestConformance(t *testing.T) {
	for name, opt := range map[string]redmine.Options{
		"FieldsAndTextile":       {MarkerField: markerField, LabelsField: labelsField},
		"DescriptionAndMarkdown": {Format: redmine.Markdown},
	} {
		t.Run(name, func(t *testing.T) {
			trackertest.Run(t, trackertest.Harness{
				New:          func(t *testing.T) *trackertest.Place { return newSite(t, opt).place() },
				Accounts:     []string{redminetest.Ann, redminetest.Bob},
				Unassignable: redminetest.Nobody,
				Stored:       stored,
			})
		})
	}
}

// stored is what Redmine makes of values: there is no issue without a priority.
func stored(f ticket.Fields) ticket.Fields {
	if f.Priority == ticket.PriorityNone {
		f.Priority = ticket.PriorityMedium
	}
	return f
}

// filed files one ticket and fails when it cannot.
func (s *site) filed(c trackers.Creation) trackers.Created {
	s.t.Helper()
	done := s.tracker.Create(s.t.Context(), []trackers.Creation{c})[0]
	if done.Err != nil {
		s.t.Fatal(done.Err)
	}
	return done
}
