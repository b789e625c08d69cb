package github_test

import (
	"context"
	"net/http"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/github"
	"percolate/trackers/github/githubtest"
)

// late carries requests out, and answers the one that files a ticket only when nobody
// waits for it any longer.
func late(sim *githubtest.Server, ends context.CancelFunc) trip {
	return func(r *http.Request) (*http.Response, error) {
		before := len(sim.Issues())
		resp, err := sim.RoundTrip(r)
		if len(sim.Issues()) == before {
			return resp, err
		}
		ends()
		return nil, r.Context().Err()
	}
}

func TestAWriteThatIsCutOffInFlightMayHaveBeenDone(t *testing.T) {
	for name, so := range map[string]githubtest.Options{"GraphQL": {}, "REST": {NoGraphQL: true}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, so, nil)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			g, err := github.New(github.Options{
				Name: "gh", Owner: "octo", Repo: "backlog", Token: "secret", Now: w.clock.now, Sleep: w.clock.sleep, Transport: late(w.sim, cancel),
			})
			if err != nil {
				t.Fatal(err)
			}
			d := g.Create(ctx, []trackers.Creation{{Key: ticket.Key{Document: "PER-9"}, Fields: fields("cut off")}})[0]
			if n := len(w.sim.Issues()); n != 1 || trackers.CodeOf(d.Err) != trackers.UnknownOutcome {
				t.Errorf("%d tickets were filed, and the outcome is %q: %v", n, trackers.CodeOf(d.Err), d.Err)
			}
		})
	}
}
