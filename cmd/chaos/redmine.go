package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"percolate/trackers/redmine/redminetest"
)

// redmineKind is a real Redmine, whose people go through its web pages. It takes seconds
// to start, so that one serves all runs, one after the other; each keeps to itself by a
// marker of its own.
func redmineKind() kind {
	k := kind{
		name: "redmine",
		faults: []string{
			`{"lose_next": 1}`, `{"lose_next": 2}`, `{"lose_every": 2}`, `{"drop_every": 2}`, `{"drop_every": 3}`, `{"down": 1}`, `{"limit_every": 5}`,
		},
		priorities: []string{"Low", "Normal", "High", "Urgent", "Immediate"},
		accounts:   map[string]string{"ana": redminetest.Ann, "raj": redminetest.Ann, "mia": redminetest.Ann},
		planners:   []string{redminetest.Bob},
		derived:    []string{"due", "priority"},
		serial:     true,
	}
	k.serve = func(ctx context.Context) (kind, func(), error) {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
		defer cancel()
		server, err := redminetest.Start(ctx, redminetest.Options{Log: os.Stderr})
		if err != nil {
			return k, nil, err
		}
		k.start = func(ctx context.Context, r *run) (tracker, error) {
			return simulated(ctx, r, server, `  - name: work
    type: redmine
    url: %s
    key_env: CHAOS_TOKEN
    project: ops
    marker_field: 1
    labels_field: 2
    marker: `+fmt.Sprintf("m%d-", r.seed)+`
    default_account: none
    statuses: [{status: blocked, words: [Blocked]}, {status: dropped, words: [Rejected]}]
`)
		}
		return k, func() { _ = server.Close() }, nil
	}
	k.key = redminetest.BotKey
	return k
}
