// Package enginetest holds the engine's promises against any tracker: random histories
// of documents, of the people who use the tracker, of trouble and of processes that end
// in the middle, and after each of them a look at what is stored, past the adapter. It
// knows no tracker and starts no server; the harness does. Its time is the harness's
// clock, and everything that happens follows from a seed, which is printed.
//
// A tracker's test is a few lines beside its conformance test:
//
//	func TestHistories(t *testing.T) {
//		enginetest.Run(t, enginetest.Harness{New: func(t *testing.T, r *rand.Rand) *enginetest.Site {
//			return &enginetest.Site{Place: place(t), Now: clock.Now, Accounts: accounts, Tickets: stored, ...}
//		}})
//	}
//
// and takes the flags -histories and -seed.
package enginetest

import (
	"cmp"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/trackertest"
)

// Harness brings a tracker to the histories.
type Harness struct {
	// New makes an empty site for one history. By r it chooses among all ways to configure
	// the tracker, so that the seed alone says what a history ran on.
	New func(t *testing.T, r *rand.Rand) *Site

	// Histories is how many are run when no flag says so; 0 is [DefaultHistories].
	Histories int
}

// DefaultHistories is how many histories an ordinary go test runs for a tracker.
const DefaultHistories = 15

// Site is one tracker with its people, its clock and its trouble.
type Site struct {
	// Place has the tracker and what people do: Open and Edit are needed, and Wait, which
	// moves the clock. What else is nil does not happen.
	*trackertest.Place

	// Name is the tracker's configured name.
	Name string
	// Now is the clock of tracker and engine. It need not move by itself.
	Now func() time.Time
	// Accounts can be assigned, by the names that documents use.
	Accounts []string

	// Restart is the tracker as a new process opens it, with nothing in memory. Nil means
	// that a tracker keeps nothing in memory.
	Restart func() trackers.Tracker
	// Tickets are all tickets as they are stored, in the order of their creation and not
	// read through the adapter.
	Tickets func() []Ticket

	// Trouble turns on faults of the tracker and its network that go on until it is called
	// again or things calm down; nil has none. Calm turns all of them off.
	Trouble func(r *rand.Rand)
	Calm    func()

	// Orphans says that the tracker cannot put every filed ticket below its parent, so that
	// where tickets hang is not looked at.
	Orphans bool
}

// Ticket is a ticket as it is stored. Texts are in whatever markup the tracker has; only
// the words in them are looked at.
type Ticket struct {
	Ref       ticket.Ref // as the adapter calls it now
	Name      string
	Parent    ticket.Ref // "" for none
	Title     string
	Text      string
	Status    ticket.Status
	Due       string
	Priority  string
	Labels    []string
	Assignees []string
	Comments  []string
	Deleted   bool // or left out
}

var (
	histories = flag.Int("histories", 0, "how many random histories to run; 0 is a few")
	firstSeed = flag.Uint64("seed", 1, "the seed of the first history")
)

// Seeds are those of the histories that the flags ask for, and as many as few says when
// they ask for none.
func Seeds(few int) iter.Seq[uint64] {
	n := *histories
	if n <= 0 {
		n = few
	}
	return func(yield func(uint64) bool) {
		for seed := *firstSeed; seed < *firstSeed+uint64(n); seed++ {
			if !yield(seed) {
				return
			}
		}
	}
}

// Run runs histories, each as a test of its own that is named by its seed, and stops at
// the first that fails.
func Run(t *testing.T, h Harness) {
	t.Helper()
	n := 0
	var sum Tally
	for seed := range Seeds(cmp.Or(h.Histories, DefaultHistories)) {
		ok := t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t, h, seed)
			w.history()
			sum.add(w.tally)
		})
		if !ok {
			t.Fatalf("run it alone: go test -run '%s/%d$' -seed %d -histories 1 -v", t.Name(), seed, seed)
		}
		n++
	}
	t.Logf("%d histories from seed %d: %s", n, *firstSeed, sum)
}
