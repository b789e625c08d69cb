package trackers_test

import (
	"context"
	"testing"
	"time"

	"percolate/trackers"
	"percolate/trackers/github"
	"percolate/trackers/internal/rest/resttest"
	"percolate/trackers/jira"
	"percolate/trackers/rally"
	"percolate/trackers/redmine"
)

// Every tracker that speaks HTTP stands here too.
func TestEveryTrackerSurvivesAHostileServer(t *testing.T) {
	trackersByName := map[string]func(*testing.T, string) trackers.Tracker{
		"JiraCloud":      func(t *testing.T, at string) trackers.Tracker { return hostileJira(t, at, jira.Cloud) },
		"JiraDataCenter": func(t *testing.T, at string) trackers.Tracker { return hostileJira(t, at, jira.DataCenter) },
		"GitHub":         hostileGitHub,
		"Rally":          hostileRally,
		"Redmine":        hostileRedmine,
	}
	for name, make := range trackersByName {
		t.Run(name, func(t *testing.T) { resttest.Survives(t, make) })
	}
}

func hostileJira(t *testing.T, address string, kind jira.Deployment) trackers.Tracker {
	t.Helper()
	j, err := jira.New(jira.Options{
		Name: "jira-ops", URL: address, Token: resttest.Secret, Project: "OPS", Deployment: kind, Now: time.Now, Sleep: atOnce,
	})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func hostileGitHub(t *testing.T, address string) trackers.Tracker {
	t.Helper()
	g, err := github.New(github.Options{
		Name: "gh", Owner: "octo", Repo: "backlog", API: address, Token: resttest.Secret, Now: time.Now, Sleep: atOnce,
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func hostileRally(t *testing.T, address string) trackers.Tracker {
	t.Helper()
	r, err := rally.New(rally.Options{
		Name: "rally-ops", URL: address, Key: resttest.Secret, Workspace: "1", Project: "2", Now: time.Now, Sleep: atOnce,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func hostileRedmine(t *testing.T, address string) trackers.Tracker {
	t.Helper()
	r, err := redmine.New(redmine.Options{
		Name: "redmine-ops", URL: address, Key: resttest.Secret, Project: "ops", Now: time.Now, Sleep: atOnce,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func atOnce(ctx context.Context, _ time.Duration) error { return ctx.Err() }
