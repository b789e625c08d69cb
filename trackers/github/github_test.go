package github_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/github"
	"percolate/trackers/github/githubtest"
	"percolate/trackers/internal/rest/resttest"
	"percolate/trackers/trackertest"
)

// clock is the one time of a tracker and its simulator; who sleeps moves it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.pass(d)
	return nil
}

// world is a tracker over its simulator.
type world struct {
	*github.Tracker
	clock *clock
	sim   *githubtest.Server
}

func newWorld(t *testing.T, so githubtest.Options, change func(*github.Options)) *world {
	t.Helper()
	w := &world{clock: newClock()}
	so.Now, so.Token = w.clock.now, "secret"
	if so.Others == nil {
		so.Others = []string{"elsewhere"}
	}
	if so.Accounts == nil {
		so.Accounts = []string{"ann", "Bob"}
	}
	w.sim = githubtest.New(so)
	opt := github.Options{
		Name: "gh", Owner: "octo", Repo: "backlog", Token: "secret", Public: !so.Private, Now: w.clock.now, Sleep: w.clock.sleep, Transport: checked(t, w.sim),
		Statuses: map[ticket.Status]string{ticket.StatusActive: "in progress", ticket.StatusBlocked: "blocked"},
	}
	if change != nil {
		change(&opt)
	}
	var err error
	if w.Tracker, err = github.New(opt); err != nil {
		t.Fatal(err)
	}
	return w
}

// node is the simulator's name of a ticket.
func node(ref ticket.Ref) string {
	_, node, _ := strings.Cut(string(ref), ":")
	return node
}

func (w *world) place() *trackertest.Place {
	return &trackertest.Place{
		Tracker: w,
		Wait:    w.clock.pass,
		Open: func(title, text string) ticket.Ref {
			is := w.sim.Open(title, text)
			return ticket.Ref(strings.TrimPrefix(is.Repo, "octo/backlog") + itoa(is.Number) + ":" + is.Node)
		},
		Edit:     w.edit,
		Remark:   func(ref ticket.Ref, text string) { w.clock.pass(time.Second); w.sim.Comment(node(ref), text) },
		Delete:   func(ref ticket.Ref) { w.sim.Delete(node(ref)) },
		Move:     func(ref ticket.Ref) { w.sim.Transfer(node(ref), "elsewhere") },
		Text:     func(ref ticket.Ref) string { return w.sim.Look(node(ref)).Body },
		Comments: func(ref ticket.Ref) []string { return w.sim.Look(node(ref)).Comments },
		Refuse: func(k ticket.Key) {
			w.sim.Refuse("<!-- percolate: ticket " + k.Marker() + " -->")
		},
		LoseAnswer: func() {
			// Labels and milestones are made before a ticket is; it is the ticket's answer that is lost.
			w.Create(context.Background(), []trackers.Creation{{Key: ticket.Key{Document: "labels"}, Fields: ticket.Fields{
				Kind: ticket.KindStory, Title: "x", Labels: []string{"per", "outage"}, Priority: ticket.PriorityHigh, Due: "2026-04-30",
			}}})
			w.sim.LoseAnswer(1)
		},
	}
}

func (w *world) edit(ref ticket.Ref, e trackertest.Edit) {
	w.clock.pass(time.Second)
	w.sim.Edit(node(ref), func(is *githubtest.Issue) {
		if e.Title != "" {
			is.Title = e.Title
		}
		if e.Text != nil {
			is.Body = e.Text(is.Body)
		}
		if e.Label != "" {
			is.Labels = append(is.Labels, e.Label)
		}
		if e.Assignee != "" {
			is.Assignees = []string{e.Assignee}
		}
		is.State = "open"
		switch e.Status {
		case ticket.StatusDone:
			is.State, is.Reason = "closed", "completed"
		case ticket.StatusDropped:
			is.State, is.Reason = "closed", "not_planned"
		case ticket.StatusActive:
			is.Labels = append(is.Labels, "in progress")
		case ticket.StatusBlocked:
			is.Labels = append(is.Labels, "blocked")
		case ticket.StatusOpen:
			is.Labels = without(is.Labels, "in progress", "blocked")
		}
	})
}

func without(list []string, names ...string) (out []string) {
	for _, l := range list {
		keep := true
		for _, n := range names {
			keep = keep && l != n
		}
		if keep {
			out = append(out, l)
		}
	}
	return out
}

func TestConformance(t *testing.T) {
	types := map[ticket.Kind]string{ticket.KindParent: "Feature", ticket.KindStory: "Task", ticket.KindDefect: "Bug"}
	fields := []githubtest.Field{
		{ID: 11, Name: "Target date", Type: "date"},
		{ID: 12, Name: "Priority", Type: "single_select", Options: []string{"P0", "P1", "P2", "P3", "P4"}},
		{ID: 13, Name: "Team", Type: "text"},
	}
	options := map[ticket.Priority]string{
		ticket.PriorityHighest: "P0", ticket.PriorityHigh: "P1", ticket.PriorityMedium: "P2", ticket.PriorityLow: "P3", ticket.PriorityLowest: "P4",
	}
	for name, c := range map[string]struct {
		sim    githubtest.Options
		change func(*github.Options)
	}{
		"Labels":     {},
		"FreshIDs":   {sim: githubtest.Options{FreshIDs: true}},
		"REST":       {sim: githubtest.Options{NoGraphQL: true}},
		"OldServer":  {sim: githubtest.Options{NoSubIssues: true}},
		"Bare":       {sim: githubtest.Options{NoSubIssues: true, NoGraphQL: true}},
		"Full":       {sim: githubtest.Options{SubIssuesMax: -1}},
		"Milestones": {change: func(o *github.Options) { o.Due = github.DueMilestone }},
		"Types": {
			sim:    githubtest.Options{Types: []string{"Task", "Bug", "Feature"}},
			change: func(o *github.Options) { o.Types = types },
		},
		"Fields": {
			sim: githubtest.Options{Types: []string{"Task", "Bug", "Feature"}, Fields: fields},
			change: func(o *github.Options) {
				o.Types, o.Priorities, o.PriorityField, o.Due, o.DueField = types, options, "Priority", github.DueField, "Target date"
			},
		},
		"FieldsByREST": {
			sim: githubtest.Options{Types: []string{"Task", "Bug", "Feature"}, Fields: fields, NoGraphQL: true},
			change: func(o *github.Options) {
				o.Types, o.Priorities, o.PriorityField, o.Due, o.DueField = types, options, "Priority", github.DueField, "Target date"
			},
		},
		"Poor": {change: func(o *github.Options) { o.Due, o.Priorities = github.DueNone, map[ticket.Priority]string{} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			trackertest.Run(t, trackertest.Harness{
				New: func(t *testing.T) *trackertest.Place {
					p := newWorld(t, c.sim, c.change).place()
					if name == "Milestones" {
						p.Move = nil // an issue leaves its milestone behind
					}
					return p
				},
				Accounts:     []string{"ann", "Bob"},
				Unassignable: "nobody",
				Moves:        !c.sim.NoGraphQL && !c.sim.NoSubIssues,
			})
		})
	}
}

func TestSecretsAreNeverTold(t *testing.T) {
	resttest.KeepsSecrets(t, func(t *testing.T, address string) trackers.Tracker {
		c := newClock()
		g, err := github.New(github.Options{
			Name: "gh", Owner: "octo", Repo: "backlog", API: address, Token: resttest.Secret, Now: c.now, Sleep: c.sleep,
		})
		if err != nil {
			t.Fatal(err)
		}
		return g
	})
}
