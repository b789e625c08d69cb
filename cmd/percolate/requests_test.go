package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/trackers"
	"percolate/trackers/github/githubtest"
	"percolate/trackers/jira/jiratest"
)

// Every request to a tracker that speaks HTTP is counted by the one counter that the
// metrics show.
func TestRequestsToTrackersAreCounted(t *testing.T) {
	for name, c := range map[string]struct {
		sim  http.Handler
		yaml string
	}{
		"jira":   {jiratest.New(jiratest.Options{Now: time.Now}), "type: jira\n    project: OPS\n    url: URL\n    token_env: TOKEN\n"},
		"github": {githubtest.New(githubtest.Options{Now: time.Now}), "type: github\n    owner: octo\n    repo: backlog\n    api: URL/api/v3/\n    token_env: TOKEN\n"},
	} {
		t.Run(name, func(t *testing.T) {
			web := httptest.NewServer(c.sim)
			defer web.Close()
			file := filepath.Join(t.TempDir(), "percolate.yaml")
			text := "trackers:\n  - name: there\n    " + strings.ReplaceAll(c.yaml, "URL", web.URL)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			env := func(name string) (string, bool) { return "t0ken", name == "TOKEN" }
			p := &program{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, env: env, now: time.Now}
			p.run(t.Context(), []string{"poll", "--config", file})
			if all := p.requests.Tallies(); !slices.ContainsFunc(all, func(t trackers.Tally) bool { return t.Tracker == "there" && t.Times > 0 }) {
				t.Errorf("counted %+v", all)
			}
		})
	}
}
