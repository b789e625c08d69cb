// Package storetest is what every implementation of the worker's state must pass. Its
// tests are named as claims about the contract and go from plain memory to what
// several processes may do to each other. It does not test how a state is opened,
// what a file looks like or how fast it is.
package storetest

import (
	"context"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

// Run checks the states that open makes, a new and empty one for each claim.
func Run(t *testing.T, open func(t *testing.T) persync.State) {
	groups := []struct {
		name   string
		claims []claim
	}{
		{"Links", linkClaims()},
		{"Fence", fenceClaims()},
		{"Lease", leaseClaims()},
		{"Observe", observeClaims()},
		{"Miss", missClaims()},
		{"Roster", rosterClaims()},
		{"History", historyClaims()},
		{"Findings", findingClaims()},
		{"Events", eventClaims()},
		{"Small", smallClaims()},
		{"Whole", wholeClaims()},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.claims {
				t.Run(c.name, func(t *testing.T) { c.check(t, open(t)) })
			}
		})
	}
}

// claim is one sentence about a state and the test of it.
type claim struct {
	name  string
	check func(t *testing.T, s persync.State)
}

// day is the instant at which most of what happens in the claims happens.
func day() time.Time { return time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC) }

// lease takes the documents for holder until long after the test has ended.
func lease(t *testing.T, s persync.State, holder string, documents ...string) persync.Lease {
	t.Helper()
	l, err := s.Lease(t.Context(), documents, holder, time.Hour)
	if err != nil {
		t.Fatalf("lease of %v for %s: %v", documents, holder, err)
	}
	return l
}

// save stores links and drops keys under a fresh lease on all of their documents.
func save(t *testing.T, s persync.State, links []ticket.Link, drop ...ticket.Key) {
	t.Helper()
	var documents []string
	for _, l := range links {
		documents = append(documents, l.Key.Document)
	}
	for _, key := range drop {
		documents = append(documents, key.Document)
	}
	must(t, s.Save(t.Context(), lease(t, s, "saver", documents...), links, drop...))
}

// must ends the test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// want ends the test unless the call that it wraps answered without error, and returns the answer.
func want[T any](t *testing.T) func(answer T, err error) T {
	return func(answer T, err error) T {
		t.Helper()
		must(t, err)
		return answer
	}
}

// cancelled is a context that was given up.
func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
