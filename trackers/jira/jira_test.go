package jira_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/jira"
	"percolate/trackers/jira/jiratest"
	"percolate/trackers/trackertest"
)

const (
	user  = "bot@percolate.example"
	token = "s3cr3t-token"
)

// clock is a clock that moves on by a second with every look, and by waiting.
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

// site is a tracker on a simulated Jira.
type site struct {
	*clock
	sim     *jiratest.Server
	tracker *jira.Tracker
}

// flavour is one way to be configured.
type flavour struct {
	name string
	sim  jiratest.Options
	opt  jira.Options
	bad  jiratest.Faults
}

func flavours() []flavour {
	return []flavour{
		{name: "CloudEpic", bad: jiratest.Faults{IndexLag: jiratest.Duration(time.Minute), Flap: true, Reformat: true}},
		{name: "CloudSubtask", opt: jira.Options{Hierarchy: jira.Subtask, Types: map[ticket.Kind]string{ticket.KindDefect: "Sub-bug"}}},
		{name: "CloudLink", opt: jira.Options{Hierarchy: jira.Link, LinkType: "Post-event"}, bad: jiratest.Faults{PageMax: 3, Loop: true, EditShows: "edited"}},
		{name: "CloudLinkWithoutScreen", opt: jira.Options{Hierarchy: jira.Link, LinkType: "Post-event"}, bad: jiratest.Faults{OffScreen: []string{"issuelinks"}}},
		{name: "DataCenterEpic", sim: jiratest.Options{DataCenter: true}, bad: jiratest.Faults{IndexLag: jiratest.Duration(2 * time.Second), PageMax: 4}},
		{name: "DataCenterSubtask", sim: jiratest.Options{DataCenter: true}, opt: jira.Options{Hierarchy: jira.Subtask, Types: map[ticket.Kind]string{ticket.KindDefect: "Sub-bug"}}},
		{name: "CloudLinkElsewhere", opt: jira.Options{Hierarchy: jira.Link, LinkType: "Post-event", ChildProject: "ELSE"}, bad: jiratest.Faults{IndexLag: jiratest.Duration(time.Minute)}},
		{name: "DataCenterLinkElsewhere", sim: jiratest.Options{DataCenter: true}, opt: jira.Options{Hierarchy: jira.Link, LinkType: "Post-event", ChildProject: "ELSE"}},
		{name: "Refusing", bad: jiratest.Faults{LimitEvery: 11, RetryAfter: 2, HideEmails: true, EditShows: "nothing"}},
	}
}

func newSite(t *testing.T, f flavour) *site {
	t.Helper()
	s := &site{clock: newClock()}
	f.sim.Now, f.sim.Token, f.sim.User = s.Now, token, user
	if f.sim.DataCenter {
		f.sim.User = ""
	}
	s.sim = jiratest.New(f.sim)
	s.sim.SetFaults(func(x *jiratest.Faults) { *x = f.bad })
	s.tracker = s.open(t, f)
	return s
}

// open makes another tracker on the same Jira, as a new process would.
func (s *site) open(t *testing.T, f flavour) *jira.Tracker {
	t.Helper()
	opt := f.opt
	opt.Name, opt.URL, opt.Project, opt.Token, opt.User = "jira-ops", "https://jira.example", "OPS", token, user
	if f.sim.DataCenter {
		opt.User = ""
	}
	opt.Statuses = map[ticket.Status][]string{ticket.StatusBlocked: {"Blocked"}}
	opt.Now, opt.Transport = s.Now, s.sim.Transport()
	opt.Sleep = func(ctx context.Context, d time.Duration) error { s.Wait(d); return ctx.Err() }
	tr, err := jira.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestConformance(t *testing.T) {
	for _, f := range flavours() {
		t.Run(f.name, func(t *testing.T) {
			accounts, nobody := []string{"acc-ann", "acc-bob"}, "acc-nobody"
			if f.sim.DataCenter {
				accounts, nobody = []string{"ann", "bob"}, "nobody"
			}
			trackertest.Run(t, trackertest.Harness{
				New: func(t *testing.T) *trackertest.Place {
					s := newSite(t, f)
					p := place(s)
					if f.opt.Hierarchy == jira.Subtask {
						p.Open = s.openSubtask
					}
					return p
				},
				Accounts:     accounts,
				Unassignable: nobody,
				Stored:       stored,
				Moves:        true,
			})
		})
	}
}

// stored is what Jira makes of values.
func stored(f ticket.Fields) ticket.Fields {
	if f.Priority == ticket.PriorityNone {
		f.Priority = ticket.PriorityMedium // there is no issue without
	}
	return f
}

func place(s *site) *trackertest.Place {
	return &trackertest.Place{
		Tracker: s.tracker,
		Wait:    s.Wait,
		Open:    func(title, text string) ticket.Ref { return ticket.Ref(s.sim.Open(title, text)) },
		Delete:  func(ref ticket.Ref) { s.sim.Delete(string(ref)) },
		Move:    func(ref ticket.Ref) { s.sim.Move(string(ref), "ELSE") },
		Text:    func(ref ticket.Ref) string { return s.issue(ref).Description },
		Comments: func(ref ticket.Ref) (texts []string) {
			for _, c := range s.issue(ref).Comments {
				texts = append(texts, c.Body)
			}
			return texts
		},
		Remark: func(ref ticket.Ref, text string) { s.sim.Remark("ann", string(ref), text) },
		Edit: func(ref ticket.Ref, e trackertest.Edit) {
			s.sim.Edit(string(ref), func(i *jiratest.Issue) { apply(i, e) })
		},
		Refuse: func(k ticket.Key) {
			s.sim.SetFaults(func(f *jiratest.Faults) { f.RefuseKeys = append(f.RefuseKeys, jira.KeyLabel(k)) })
		},
		LoseAnswer: func() { s.sim.SetFaults(func(f *jiratest.Faults) { f.LoseNext = 1 }) },
	}
}

// link lets a person link a ticket to another, by the type that we use.
func (s *site) link(from, to ticket.Ref) { s.sim.Link(string(from), string(to), "Post-event") }

// openSubtask files a ticket that can be below another where children are sub-tasks.
func (s *site) openSubtask(title, text string) ticket.Ref {
	above, _ := strconv.ParseInt(s.sim.Open("Above "+title, ""), 10, 64)
	id := s.sim.Open(title, text)
	s.sim.Edit(id, func(i *jiratest.Issue) { i.Type, i.Parent = "10004", above })
	return ticket.Ref(id)
}

func (s *site) issue(ref ticket.Ref) jiratest.Issue {
	all := s.sim.Issues()
	return all[slices.IndexFunc(all, func(i jiratest.Issue) bool { return strconv.FormatInt(i.ID, 10) == string(ref) })]
}

func apply(i *jiratest.Issue, e trackertest.Edit) {
	if e.Title != "" {
		i.Summary = e.Title
	}
	if e.Text != nil {
		i.Description = e.Text(i.Description)
	}
	if e.Label != "" {
		i.Labels = append(i.Labels, e.Label)
	}
	if e.Assignee != "" {
		i.Assignee = e.Assignee
	}
	if e.Status == "" {
		return
	}
	i.Resolution = ""
	switch e.Status {
	case ticket.StatusActive:
		i.Status = jiratest.StatusID("indeterminate")
	case ticket.StatusBlocked:
		i.Status = jiratest.StatusID("blocked")
	case ticket.StatusOpen:
		i.Status = jiratest.StatusID("new")
	case ticket.StatusDone:
		i.Status, i.Resolution = jiratest.StatusID("done"), "Done"
	case ticket.StatusDropped:
		i.Status, i.Resolution = jiratest.StatusID("done"), "Won't Do"
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
