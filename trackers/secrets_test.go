package trackers_test

import (
	"context"
	"testing"
	"time"

	"percolate/trackers"
	"percolate/trackers/internal/rest/resttest"
	"percolate/trackers/jira"
	"percolate/trackers/rally"
	"percolate/trackers/redmine"
)

// Every tracker that speaks HTTP stands here.
func TestNoTrackerTellsItsSecrets(t *testing.T) {
	trackersByName := map[string]func(*testing.T, string) trackers.Tracker{
		"JiraByUser":   func(t *testing.T, at string) trackers.Tracker { return newJira(t, at, resttest.User) },
		"Rally":        newRally,
		"Redmine":      newRedmine,
		"JiraByBearer": func(t *testing.T, at string) trackers.Tracker { return newJira(t, at, "") },
	}
	for name, make := range trackersByName {
		t.Run(name, func(t *testing.T) { resttest.KeepsSecrets(t, make) })
	}
}

func newJira(t *testing.T, address, user string) trackers.Tracker {
	t.Helper()
	j, err := jira.New(jira.Options{
		Name: "jira-ops", URL: address, User: user, Token: resttest.Secret, Project: "OPS", Deployment: jira.Cloud, Now: time.Now,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func newRally(t *testing.T, address string) trackers.Tracker {
	t.Helper()
	r, err := rally.New(rally.Options{
		Name: "rally-ops", URL: address, Key: resttest.Secret, Workspace: "41529001", Project: "41529017", Now: time.Now,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newRedmine(t *testing.T, address string) trackers.Tracker {
	t.Helper()
	r, err := redmine.New(redmine.Options{
		Name: "redmine-ops", URL: address, Key: resttest.Secret, Project: "ops", Now: time.Now,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
