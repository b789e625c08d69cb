package rally_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"percolate/sync/enginetest"
	"percolate/trackers"
	"percolate/trackers/internal/simsite"
	"percolate/trackers/rally"
	"percolate/trackers/rally/rallytest"
)

func TestHistories(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{New: historySite})
}

// historySite is a Rally of any flavour, with bad days.
func historySite(t *testing.T, r *rand.Rand) *enginetest.Site {
	f := flavours()[r.IntN(len(flavours()))]
	if f.sim.Due = string(f.opt.Due); f.opt.Due == rally.DueText || f.opt.Due == rally.DueIteration {
		f.sim.Due = ""
	}
	x := newSite(t, f)
	place := simsite.At(t, x.sim).Place()
	place.Tracker, place.Wait = x.tracker, x.Wait
	// Who reads the history takes every change of a status for a person's or ours.
	lasting := rallytest.Faults{NoRollUp: true, BatchCollections: f.bad.BatchCollections, ThinAnswers: f.bad.ThinAnswers, NoDate: f.bad.NoDate, Reformat: r.IntN(2) == 0}
	x.sim.SetFaults(func(b *rallytest.Faults) { *b = lasting })
	return &enginetest.Site{
		Place: place, Name: "rally-ops", Now: x.Now, Accounts: []string{"ann@percolate.example", "bob"},
		Restart: func() trackers.Tracker { return x.open(t, f) },
		Tickets: simsite.At(t, x.sim).Stored,
		Trouble: func(r *rand.Rand) { x.sim.SetFaults(func(b *rallytest.Faults) { *b = badDay(r, lasting) }) },
		Calm:    func() { x.sim.SetFaults(func(b *rallytest.Faults) { *b = lasting }) },
	}
}

// badDay are some of the switches, by chance, beside those that are never turned.
func badDay(r *rand.Rand, f rallytest.Faults) rallytest.Faults {
	some := func(n int) int { return []int{0, n}[r.IntN(2)] }
	f.LoseEvery, f.DropEvery, f.ConflictEvery, f.DownEvery = some(3), some(5), some(4), some(6)
	f.CutNext, f.Late = some(2), rallytest.Duration(time.Duration(some(300))*time.Second)
	return f
}
