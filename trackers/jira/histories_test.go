package jira_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"percolate/sync/enginetest"
	"percolate/trackers"
	"percolate/trackers/internal/simsite"
	"percolate/trackers/jira/jiratest"
)

func TestHistories(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{New: historySite})
}

// historySite is a Jira of any flavour, with bad days.
func historySite(t *testing.T, r *rand.Rand) *enginetest.Site {
	f := flavours()[r.IntN(len(flavours()))]
	f.opt.FindLag = 5 * time.Minute
	x := newSite(t, f)
	place := simsite.At(t, x.sim).Place()
	place.Tracker, place.Wait = x.tracker, x.Wait
	accounts := []string{"acc-ann", "acc-bob"}
	if f.sim.DataCenter {
		accounts = []string{"ann", "bob"}
	}
	lasting := jiratest.Faults{
		OffScreen: f.bad.OffScreen, Reformat: r.IntN(2) == 0, HideEmails: f.bad.HideEmails,
		IndexLag: jiratest.Duration(time.Duration(r.IntN(2)*r.IntN(240)) * time.Second), Flap: r.IntN(2) == 0, // as on every Jira
	}
	x.sim.SetFaults(func(b *jiratest.Faults) { *b = lasting })
	return &enginetest.Site{
		Place: place, Name: "jira-ops", Now: x.Now, Accounts: accounts,
		Restart: func() trackers.Tracker { return x.open(t, f) },
		Tickets: simsite.At(t, x.sim).Stored,
		Trouble: func(r *rand.Rand) {
			x.sim.SetFaults(func(b *jiratest.Faults) { *b = badDay(r, lasting) })
		},
		Calm: func() { x.sim.SetFaults(func(b *jiratest.Faults) { *b = lasting }) },
	}
}

// badDay are some of the switches, by chance, beside those that are never turned.
func badDay(r *rand.Rand, f jiratest.Faults) jiratest.Faults {
	some := func(n int) int { return []int{0, n}[r.IntN(2)] }
	f.LoseEvery, f.DropEvery, f.LimitEvery, f.RetryAfter = some(3), some(5), some(4), r.IntN(40)
	f.PageMax, f.Loop, f.HTML, f.Down = some(3), r.IntN(2) == 0, r.IntN(3) == 0, some(2)
	return f
}
