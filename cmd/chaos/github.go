package main

import (
	"context"
	"time"

	"percolate/trackers/github/githubtest"
)

// githubKind is a simulated GitHub without limits on writing, which would only slow the
// runs down; that it refuses is one of the faults.
func githubKind() kind {
	return kind{
		name: "github",
		start: func(ctx context.Context, r *run) (tracker, error) {
			sim := githubtest.New(githubtest.Options{
				Now: r.clock.now, Sleep: time.Sleep, Token: token, Private: true,
				Accounts: append(owners(), planners()...), NoGraphQL: r.dice.IntN(4) == 0,
			})
			lag := githubtest.Duration(pick(r.dice, lags()))
			sim.SetFaults(func(f *githubtest.Faults) { f.NoLimits, f.SearchLag, f.ListLag = true, lag, lag })
			return simulated(ctx, r, sim, `  - name: work
    type: github
    url: %[1]s
    api: %[1]s
    owner: octo
    repo: backlog
    token_env: CHAOS_TOKEN
    default_account: name
    unlimited: true
    statuses: [{status: blocked, words: [blocked]}, {status: active, words: [in progress]}]
    find_lag: `+findLag.String()+`
`)
		},
		faults: []string{
			`{"lose_next": 1}`, `{"lose_next": 2}`, `{"lose_every": 2}`, `{"drop_every": 2}`, `{"drop_every": 3}`, `{"down": 1}`,
			`{"limit_every": 5, "limit_as": "403 with Retry-After", "retry_after": 1}`, `{"latency": "30ms"}`,
		},
		priorities: []string{"priority: lowest", "priority: low", "priority: medium", "priority: high", "priority: highest"},
		lag:        findLag,
	}
}
