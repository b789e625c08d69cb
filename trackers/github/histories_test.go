package github_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"percolate/sync/enginetest"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/github"
	"percolate/trackers/github/githubtest"
	"percolate/trackers/internal/simctl"
	"percolate/trackers/internal/simsite"
)

func TestHistories(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{New: historySite})
}

// historySite is a GitHub of any kind, configured in any way, that refuses and loses.
func historySite(t *testing.T, r *rand.Rand) *enginetest.Site {
	so, change := anyGitHub(r)
	w := newWorld(t, so, change)
	desk := simsite.At(t, w.sim)
	desk.Ref = func(k simctl.Ticket) ticket.Ref { return refOf(k.Name, k.Ref) }
	place := desk.Place()
	place.Tracker, place.Wait = w.Tracker, w.clock.pass
	return &enginetest.Site{
		Place: place, Name: "gh", Now: w.clock.now, Accounts: []string{"ann", "Bob"},
		Restart: func() trackers.Tracker { return w.again(t, change) },
		Tickets: desk.Stored,
		Trouble: func(r *rand.Rand) { w.sim.SetFaults(func(f *githubtest.Faults) { *f = badDay(r) }) },
		Calm:    func() { w.sim.SetFaults(func(f *githubtest.Faults) { *f = githubtest.Faults{} }) },
		Orphans: so.NoSubIssues || so.SubIssuesMax != 0,
	}
}

// anyGitHub is a kind of server and what a team makes of it.
func anyGitHub(r *rand.Rand) (githubtest.Options, func(*github.Options)) {
	so := githubtest.Options{
		FreshIDs: r.IntN(2) == 0, NoGraphQL: r.IntN(3) == 0, NoParentID: r.IntN(3) == 0, NoSubIssues: r.IntN(6) == 0,
		SubIssuesMax: []int{0, 0, 2, -1}[r.IntN(4)],
	}
	switch r.IntN(5) {
	case 0:
		return so, func(o *github.Options) { o.Due = github.DueMilestone }
	case 1:
		return so, func(o *github.Options) { o.Due, o.Priorities = github.DueNone, map[ticket.Priority]string{} }
	case 2:
		so.Types = []string{"Task", "Bug", "Feature"}
		return so, func(o *github.Options) { o.Types = issueTypes() }
	case 3:
		so.Types = []string{"Task", "Bug", "Feature"}
		so.Fields = []githubtest.Field{
			{ID: 11, Name: "Target date", Type: "date"},
			{ID: 12, Name: "Priority", Type: "single_select", Options: []string{"P0", "P1", "P2", "P3", "P4"}},
		}
		return so, func(o *github.Options) {
			o.Types, o.Due, o.DueField, o.PriorityField = issueTypes(), github.DueField, "Target date", "Priority"
			o.Priorities = map[ticket.Priority]string{
				ticket.PriorityHighest: "P0", ticket.PriorityHigh: "P1", ticket.PriorityMedium: "P2", ticket.PriorityLow: "P3", ticket.PriorityLowest: "P4",
			}
		}
	}
	return so, nil
}

func issueTypes() map[ticket.Kind]string {
	return map[ticket.Kind]string{ticket.KindParent: "Feature", ticket.KindStory: "Task", ticket.KindDefect: "Bug"}
}

// badDay are some of the switches, by chance.
func badDay(r *rand.Rand) (f githubtest.Faults) {
	some := func(n int) int { return []int{0, n}[r.IntN(2)] }
	f.LoseNext, f.LoseEvery, f.DropEvery, f.Down = some(2), some(3), some(5), some(2)
	f.LimitEvery, f.LimitAs, f.RetryAfter = some(4), githubtest.Limits()[r.IntN(len(githubtest.Limits()))], some(40)
	f.SearchLag, f.ListLag = githubtest.Duration(time.Duration(some(60))*time.Second), githubtest.Duration(time.Duration(some(5))*time.Second)
	return f
}

// again is the tracker as another process opens it.
func (w *world) again(t *testing.T, change func(*github.Options)) *github.Tracker {
	t.Helper()
	opt := github.Options{
		Name: "gh", Owner: "octo", Repo: "backlog", Token: "secret", Public: true, Now: w.clock.now, Sleep: w.clock.sleep, Transport: w.sim,
		Statuses: map[ticket.Status]string{ticket.StatusActive: "in progress", ticket.StatusBlocked: "blocked"},
	}
	if change != nil {
		change(&opt)
	}
	g, err := github.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// refOf is how the tracker calls an issue.
func refOf(name, node string) ticket.Ref {
	number, own := strings.CutPrefix(name, "octo/backlog#")
	if !own {
		number = name
	}
	return ticket.Ref(number + ":" + node)
}
