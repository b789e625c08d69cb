package jira_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"percolate/trackers/jira"
	"percolate/trackers/trackertest"
)

// TestLive runs the conformance tests against a real Jira, in a project that is meant
// for it. What only people can do there is skipped.
func TestLive(t *testing.T) {
	env := func(name string) string { return os.Getenv("JIRA_" + name) }
	if env("URL") == "" || env("TOKEN") == "" || env("PROJECT") == "" || env("ACCOUNTS") == "" {
		t.Skip("JIRA_URL, JIRA_TOKEN, JIRA_PROJECT and JIRA_ACCOUNTS name no Jira to run against")
	}
	runs := 0
	trackertest.Run(t, trackertest.Harness{
		New: func(t *testing.T) *trackertest.Place {
			tr, err := jira.New(jira.Options{
				Name: "live", URL: env("URL"), API: env("API"), User: env("USER"), Token: env("TOKEN"), Project: env("PROJECT"),
				Hierarchy: jira.Hierarchy(env("HIERARCHY")), FindLag: time.Minute, Now: time.Now,
			})
			if err != nil {
				t.Fatal(err)
			}
			runs++
			return &trackertest.Place{Tracker: tr, Prefix: fmt.Sprintf("T%d-%d-", time.Now().Unix(), runs), Wait: time.Sleep}
		},
		Accounts: strings.Split(env("ACCOUNTS"), ","),
		Stored:   stored,
	})
}
