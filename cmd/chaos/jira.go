package main

import (
	"context"
	"time"

	"percolate/trackers/jira/jiratest"
)

// jiraKind is a simulated Jira, Cloud or Data Center, with each of the hierarchies.
func jiraKind() kind {
	const lag = 3 * time.Second
	return kind{
		name: "jira",
		start: func(ctx context.Context, r *run) (tracker, error) {
			opt := jiratest.Options{Now: r.clock.now, Sleep: time.Sleep, AnyUser: true, Token: token, DataCenter: r.dice.IntN(3) == 0}
			deployment := "cloud"
			if opt.DataCenter {
				deployment = "data-center"
			}
			hierarchy := pick(r.dice, []string{"epic", "epic", "subtask", "link"})
			return simulated(ctx, r, jiratest.New(opt), `  - name: work
    type: jira
    url: %s
    project: OPS
    token_env: CHAOS_TOKEN
    default_account: name
    deployment: `+deployment+`
    hierarchy: `+hierarchy+`
    find_lag: `+lag.String()+`
`)
		},
		faults: []string{
			`{"lose_next": 1}`, `{"lose_next": 2}`, `{"lose_every": 2}`, `{"drop_every": 2}`, `{"drop_every": 3}`, `{"down": 1}`,
			`{"limit_every": 3}`, `{"index_lag": "300ms"}`, `{"index_lag": "300ms", "flap": true}`, `{"page_max": 2}`, `{"html": true, "lose_every": 2}`,
			`{"latency": "30ms"}`, `{"reformat": true}`,
		},
		priorities: []string{"Lowest", "Low", "Medium", "High", "Highest"},
		lag:        lag,
	}
}

// token is what simulators ask for.
const token = "chaos-s3cr3t"
