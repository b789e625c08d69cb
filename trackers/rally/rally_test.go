package rally_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/internal/simctl"
	"percolate/trackers/rally"
	"percolate/trackers/rally/rallytest"
	"percolate/trackers/trackertest"
)

const key = "_s3cr3t-key"

// clock is a clock that moves on with every look, and by waiting.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *clock) Wait(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// site is a tracker on a simulated Rally.
type site struct {
	*clock
	sim     *rallytest.Server
	tracker *rally.Tracker
}

// flavour is one way to be configured.
type flavour struct {
	name string
	sim  rallytest.Options
	opt  rally.Options
	bad  rallytest.Faults
}

func flavours() []flavour {
	denver, err := time.LoadLocation("America/Denver")
	if err != nil {
		panic(err)
	}
	return []flavour{
		{name: "DueText"},
		{name: "DueField", opt: rally.Options{Due: rally.DueField, DueField: "c_DueDate"}, sim: rallytest.Options{Zone: denver}},
		{name: "DueMilestone", opt: rally.Options{Due: rally.DueMilestone}, sim: rallytest.Options{Zone: denver}},
		{name: "DueIteration", opt: rally.Options{Due: rally.DueIteration}},
		{name: "DueNone", opt: rally.Options{Due: rally.DueNone}},
		{name: "BatchesRefuseCollections", bad: rallytest.Faults{BatchCollections: "refuse"}, opt: rally.Options{Due: rally.DueMilestone}},
		{name: "BatchesDropCollections", bad: rallytest.Faults{BatchCollections: "drop", Reformat: true}},
		{name: "BatchesWarnOfCollections", bad: rallytest.Faults{BatchCollections: "warn", ThinAnswers: true}},
		{name: "Reformatting", bad: rallytest.Faults{Reformat: true, NoDate: true, Script: true}},
		{name: "Conflicts", bad: rallytest.Faults{ConflictEvery: 3}},
		{name: "InTheProject", opt: rally.Options{Scope: rally.ScopeProject}},
	}
}

func newSite(t *testing.T, f flavour) *site {
	t.Helper()
	s := &site{clock: newClock()}
	f.sim.Now, f.sim.Key = s.Now, key
	s.sim = rallytest.New(f.sim)
	s.sim.SetFaults(func(x *rallytest.Faults) { *x = f.bad })
	s.tracker = s.open(t, f)
	return s
}

// open makes another tracker on the same Rally, as a new process would.
func (s *site) open(t *testing.T, f flavour) *rally.Tracker {
	t.Helper()
	opt := f.opt
	opt.Name, opt.URL, opt.Key = "rally-ops", "https://rally.example", key
	opt.Workspace, opt.Project = fmt.Sprint(rallytest.WorkspaceID), fmt.Sprint(rallytest.ProjectID)
	opt.Now, opt.Transport = s.Now, s.sim.Transport()
	opt.Sleep = func(ctx context.Context, d time.Duration) error { s.Wait(d); return ctx.Err() }
	tr, err := rally.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestConformance(t *testing.T) {
	for _, f := range flavours() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			for _, nobody := range []string{"noaccess@percolate.example", "gone@percolate.example", "nobody@percolate.example"} {
				t.Run(nobody, func(t *testing.T) {
					trackertest.Run(t, trackertest.Harness{
						New:          func(t *testing.T) *trackertest.Place { return place(newSite(t, f)) },
						Accounts:     []string{"ann@percolate.example", "bob"},
						Unassignable: nobody,
					})
				})
				if f.name != "DueText" {
					break
				}
			}
		})
	}
}

func place(s *site) *trackertest.Place {
	return &trackertest.Place{
		Tracker: s.tracker,
		Wait:    s.Wait,
		Open: func(title, text string) ticket.Ref {
			return ticket.Ref(s.act(simctl.Act{Do: simctl.Open, Value: title, Text: text}))
		},
		Delete:   func(ref ticket.Ref) { s.sim.Delete(string(ref)) },
		Text:     func(ref ticket.Ref) string { return fmt.Sprint(s.sim.Value(string(ref), "Description")) },
		Comments: func(ref ticket.Ref) []string { return s.sim.Ticket(string(ref)).Comments },
		Edit:     s.edit,
		Refuse: func(k ticket.Key) {
			s.sim.SetFaults(func(f *rallytest.Faults) { f.RefuseNotes = append(f.RefuseNotes, rally.Marker(k)) })
		},
		LoseAnswer: func() { s.sim.SetFaults(func(f *rallytest.Faults) { f.LoseNext = 1 }) },
	}
}

func (s *site) act(a simctl.Act) string {
	ref, err := s.sim.Person(a)
	if err != nil {
		panic(err)
	}
	return ref
}

func (s *site) edit(ref ticket.Ref, e trackertest.Edit) {
	if e.Text != nil {
		s.sim.Set(string(ref), "Description", e.Text(fmt.Sprint(s.sim.Value(string(ref), "Description"))))
	}
	for do, value := range map[string]string{
		simctl.Title: e.Title, simctl.Label: e.Label, simctl.Assign: e.Assignee, simctl.Status: string(e.Status), simctl.Due: string(e.Due), simctl.Parent: string(e.Parent),
	} {
		if value != "" {
			s.act(simctl.Act{Do: do, Ref: string(ref), Value: value})
		}
	}
}

// filed files one ticket and fails when it cannot.
func (s *site) filed(t *testing.T, c trackers.Creation) trackers.Created {
	t.Helper()
	done := s.tracker.Create(t.Context(), []trackers.Creation{c})[0]
	if done.Err != nil {
		t.Fatal(done.Err)
	}
	return done
}
