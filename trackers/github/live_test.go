package github_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"percolate/trackers/github"
	"percolate/trackers/trackertest"
)

// TestLive runs the conformance suite against a real repository, which is left full of
// issues. Its writes are paced, so it takes an hour and more: run it with -timeout 3h.
func TestLive(t *testing.T) {
	token, at := os.Getenv("GITHUB_LIVE_TOKEN"), os.Getenv("GITHUB_LIVE_REPO")
	owner, repo, ok := strings.Cut(at, "/")
	accounts := strings.FieldsFunc(os.Getenv("GITHUB_LIVE_ACCOUNTS"), func(r rune) bool { return r == ',' })
	if token == "" || !ok || len(accounts) < 2 {
		t.Skip("set GITHUB_LIVE_TOKEN, GITHUB_LIVE_REPO=owner/repo and GITHUB_LIVE_ACCOUNTS=two,logins")
	}
	g, err := github.New(github.Options{
		Name: "live", URL: os.Getenv("GITHUB_LIVE_URL"), Owner: owner, Repo: repo, Token: token, Now: time.Now,
		Public: os.Getenv("GITHUB_LIVE_PUBLIC") != "",
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	trackertest.Run(t, trackertest.Harness{
		New: func(*testing.T) *trackertest.Place {
			n++
			return &trackertest.Place{Tracker: g, Wait: time.Sleep, Prefix: fmt.Sprintf("T%d-%d-", time.Now().Unix(), n)}
		},
		Accounts:     accounts,
		Unassignable: "ghost",
	})
}
