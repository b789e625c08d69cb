package main

import (
	"context"
	"time"

	"percolate/trackers/rally/rallytest"
)

// rallyKind is a simulated Rally. Its parents do not follow the states of their
// children, since that would be nobody's edit.
func rallyKind() kind {
	return kind{
		name: "rally",
		start: func(ctx context.Context, r *run) (tracker, error) {
			sim := rallytest.New(rallytest.Options{Now: r.clock.now, Sleep: time.Sleep, Key: token, AnyUser: true})
			thin := r.dice.IntN(3) == 0
			sim.SetFaults(func(f *rallytest.Faults) {
				f.NoRollUp, f.ThinAnswers = true, thin
				f.BatchCollections = pick(r.dice, []string{"", "", "warn", "drop", "refuse"})
			})
			return simulated(ctx, r, sim, `  - name: work
    type: rally
    url: %s
    key_env: CHAOS_TOKEN
    workspace: "41529001"
    project: "41529017"
    default_account: name
    find_lag: `+findLag.String()+`
`)
		},
		faults: []string{
			`{"lose_next": 1}`, `{"lose_next": 2}`, `{"lose_every": 2}`, `{"drop_every": 2}`, `{"drop_every": 3}`, `{"cut_next": 1}`,
			`{"down": 1}`, `{"conflict_next": 2}`, `{"conflict_every": 3}`, `{"lose_next": 1, "late": "1s"}`, `{"latency": "30ms"}`, `{"reformat": true}`,
		},
		priorities: []string{"Resolve Immediately", "High Attention", "Normal", "Low"},
		lag:        findLag,
	}
}
