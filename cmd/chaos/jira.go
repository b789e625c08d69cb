package main

import (
	"context"
	"time"

	"percolate/trackers/jira/jiratest"
)

// jiraKind is a simulated Jira, Cloud or Data Center, with each of the hierarchies.
func jiraKind() kind {
	return kind{
		name: "jira",
		start: func(ctx context.Context, r *run) (tracker, error) {
			opt := jiratest.Options{Now: r.clock.now, Sleep: time.Sleep, AnyUser: true, Token: token, DataCenter: r.dice.IntN(3) == 0}
			deployment := "cloud"
			if opt.DataCenter {
				deployment = "data-center"
			}
			lag := pick(r.dice, lags())
			hierarchy := pick(r.dice, []string{"epic", "epic", "subtask", "link"})
			sim := jiratest.New(opt)
			sim.SetFaults(func(f *jiratest.Faults) { f.IndexLag, f.Flap = jiratest.Duration(lag), r.dice.IntN(3) == 0 })
			return simulated(ctx, r, sim, `  - name: work
    type: jira
    url: %s
    project: OPS
    token_env: CHAOS_TOKEN
    default_account: name
    deployment: `+deployment+`
    hierarchy: `+hierarchy+`
    find_lag: `+findLag.String()+`
`)
		},
		faults: []string{
			`{"lose_next": 1}`, `{"lose_next": 2}`, `{"lose_every": 2}`, `{"drop_every": 2}`, `{"drop_every": 3}`, `{"down": 1}`,
			`{"limit_every": 3}`, `{"page_max": 2}`, `{"html": true, "lose_every": 2}`,
			`{"latency": "30ms"}`, `{"reformat": true}`,
		},
		priorities: []string{"Lowest", "Low", "Medium", "High", "Highest"},
		lag:        findLag,
	}
}

// findLag is how long percolate is told that a new ticket may stay out of sight, and lags
// are how long that really takes. Between the two there must be time for a request that
// the network held up and a machine that is busy.
const findLag = 4 * time.Second

func lags() []time.Duration {
	return []time.Duration{0, 0, 600 * time.Millisecond, time.Second}
}

// token is what simulators ask for.
const token = "chaos-s3cr3t"
