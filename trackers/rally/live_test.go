package rally_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"percolate/trackers/rally"
	"percolate/trackers/trackertest"
)

// TestLive runs the conformance tests against a real Rally, in a project that is meant
// for it. What only people can do there is skipped.
func TestLive(t *testing.T) {
	env := func(name string) string { return os.Getenv("RALLY_" + name) }
	if env("KEY") == "" || env("WORKSPACE") == "" || env("PROJECT") == "" || env("ACCOUNTS") == "" {
		t.Skip("RALLY_KEY, RALLY_WORKSPACE, RALLY_PROJECT and RALLY_ACCOUNTS name no Rally to run against")
	}
	runs := 0
	trackertest.Run(t, trackertest.Harness{
		New: func(t *testing.T) *trackertest.Place {
			tr, err := rally.New(rally.Options{
				Name: "live", URL: env("URL"), Key: env("KEY"), Workspace: env("WORKSPACE"), Project: env("PROJECT"), Scope: rally.Scope(env("SCOPE")),
				Due: rally.Due(env("DUE")), DueField: env("DUE_FIELD"), FindLag: time.Second, Now: time.Now,
			})
			if err != nil {
				t.Fatal(err)
			}
			runs++
			return &trackertest.Place{Tracker: tr, Prefix: fmt.Sprintf("T%d-%d-", time.Now().Unix(), runs), Wait: time.Sleep}
		},
		Accounts: strings.Split(env("ACCOUNTS"), ","),
	})
}
