package github_test

import (
	"net/http"
	"strings"
	"testing"

	"percolate/ticket"
	"percolate/trackers/github"
	"percolate/trackers/github/githubtest"
)

// enterprise serves the simulator where GitHub Enterprise Server has its APIs, and
// nowhere else.
func enterprise(t *testing.T, sim http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		path, ok := strings.CutPrefix(r.URL.Path, "/api/v3")
		if !ok && r.URL.Path == "/api/graphql" {
			path, ok = "/graphql", true
		}
		if !ok || r.URL.Host != "github.example.com" {
			t.Errorf("asked for %s", r.URL)
		}
		in := r.Clone(r.Context())
		in.URL.Path, in.URL.RawPath = path, ""
		return sim.RoundTrip(in)
	})
}

func TestAnEnterpriseServerIsFoundByItsAddress(t *testing.T) {
	w := newWorld(t, githubtest.Options{Private: true}, nil)
	g, err := github.New(github.Options{
		Name: "gh", URL: "https://github.example.com/", Owner: "octo", Repo: "backlog", Token: "secret",
		Now: w.clock.now, Sleep: w.clock.sleep, Transport: enterprise(t, w.sim),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Tracker = g
	parents, children := w.documents(t, 1, 2)
	if got := children[1].Seen.Parent; got != parents[0].Seen.Ref {
		t.Errorf("a child is below %q", got)
	}
	if got, total := w.asked(); got["POST /graphql mutation"] != 2 {
		t.Errorf("%d requests: %v", total, got)
	}
	ref, ok := g.Info().Recognise("https://github.example.com/octo/backlog/issues/1")
	if got, err := g.Get(t.Context(), []ticket.Ref{ref}); !ok || err != nil || len(got) != 1 {
		t.Errorf("by its address: %v, %v", got, err)
	}
	for _, d := range g.Check(t.Context(), []string{"ann"}) {
		if d.Level != "ok" {
			t.Errorf("%s: %s", d.Level, d.Text)
		}
	}
	w.poll(t, "", 3)
}

func TestEachSiteHasItsAPIWhereGitHubPutsIt(t *testing.T) {
	for url, want := range map[string]string{
		"":                           "api.github.com/repos/octo/backlog",
		"https://acme.ghe.com":       "api.acme.ghe.com/repos/octo/backlog",
		"https://github.example.com": "github.example.com/api/v3/repos/octo/backlog",
	} {
		asked := ""
		c := newClock()
		g, err := github.New(github.Options{
			Name: "gh", URL: url, Owner: "octo", Repo: "backlog", Token: "secret", Now: c.now, Sleep: c.sleep,
			Transport: trip(func(r *http.Request) (*http.Response, error) {
				asked = r.URL.Host + r.URL.Path
				return &http.Response{StatusCode: http.StatusUnauthorized, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		g.Check(t.Context(), nil)
		if asked != want {
			t.Errorf("%q asks %s, want %s", url, asked, want)
		}
	}
}
