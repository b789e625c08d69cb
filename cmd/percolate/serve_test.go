package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
)

// buffer is a log that is written while it is read.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// waitFor waits until the log has what re matches, and returns its first group.
func (b *buffer) waitFor(t *testing.T, re string) string {
	t.Helper()
	want := regexp.MustCompile(re)
	for range 1000 {
		if m := want.FindStringSubmatch(b.String()); m != nil {
			return m[len(m)-1]
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the log never had %s:\n%s", re, b.String())
	return ""
}

func TestServeFilesAnswersAndStops(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("percolate.yaml", "serve: {listen: '127.0.0.1:0', settle: 0s}\n")
	write("pers/1.md", "---\nid: PER-1\ntitle: An event\nkind: near-miss\n---\n\n## Corrective actions\n\n- A1: Do it\n")
	var log buffer
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int)
	go func() {
		p := &program{stdin: strings.NewReader(""), stdout: io.Discard, stderr: &log, env: func(string) (string, bool) { return "", false }, now: time.Now}
		ended <- p.run(ctx, []string{"serve", "--config", filepath.Join(dir, "percolate.yaml")})
	}()
	address := log.waitFor(t, `msg=listening address=(\S+)`)
	log.waitFor(t, `msg="round ended"`)
	for page, want := range map[string]string{"/healthz": "ok", "/metrics": `percolate_rounds_total{outcome="ok"} 1`} {
		if got := get(t, "http://"+address+page); !strings.Contains(got, want) {
			t.Errorf("%s has no %q:\n%s", page, want, got)
		}
	}
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("exit code %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, "backlog", "PER-1-A1.md")); err != nil {
		t.Error(err)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestWatchForgetsDocumentsThatAreGone(t *testing.T) {
	w := newWatch(time.Now, time.Hour, nil, &trackers.Counter{})
	told := func() int {
		page := httptest.NewRecorder()
		w.metrics().ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return strings.Count(page.Body.String(), "\npercolate_document_last_success_timestamp_seconds{")
	}
	w.ended(persync.Cycle{Documents: persync.Trees{{Document: "PER-1"}, {Document: "PER-2"}}, Whole: true})
	one := persync.Cycle{Documents: persync.Trees{{Document: "PER-1"}}}
	w.ended(one)
	if n := told(); n != 2 {
		t.Errorf("a folder could not be read, and %d documents are told of, want 2", n)
	}
	one.Whole = true
	w.ended(one)
	if n := told(); n != 1 {
		t.Errorf("one is there, and %d are told of", n)
	}
}

func TestWatchTellsWhoWaits(t *testing.T) {
	now := time.Date(2026, 4, 13, 8, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	requests := &trackers.Counter{}
	requests.Observe(trackers.Request{Tracker: "gh", Op: "changed", Outcome: trackers.Denied})
	w := newWatch(clock, 15*time.Minute, []string{"ops", "gh"}, requests)
	trees := persync.Trees{{Document: "PER-1"}, {Document: "PER-2"}}
	conflict := ticket.Finding{Kind: ticket.FindConflict, Key: ticket.Key{Document: "PER-1"}}
	unread := ticket.Finding{Kind: ticket.FindUnread, Tracker: "gh"}
	round := func(c persync.Cycle) []ticket.Finding {
		c.Documents, c.Begun = trees, now
		now = now.Add(time.Minute)
		c.Ended = now
		return w.ended(c)
	}

	good := persync.Cycle{Result: persync.Result{Findings: []ticket.Finding{conflict}}}
	if fresh := round(good); len(fresh) != 1 {
		t.Errorf("a new finding is told: %v", fresh)
	}
	if fresh := round(good); len(fresh) != 0 {
		t.Errorf("a finding is told once: %v", fresh)
	}
	halfRead := persync.Cycle{Result: persync.Result{
		Findings: []ticket.Finding{unread},
		Plan:     plan.Plan{Notes: []plan.Note{{Key: ticket.Key{Document: "PER-2"}, Word: plan.WordUnread}}},
	}}
	round(halfRead)
	round(halfRead)
	page := httptest.NewRecorder()
	w.metrics().ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{
		`percolate_oldest_unsynced_document_seconds 120`,
		`percolate_rounds_total{outcome="ok"} 2`,
		`percolate_rounds_total{outcome="partly"} 2`,
		`percolate_findings{kind="unread"} 1`,
		`percolate_tracker_requests_total{op="changed",outcome="denied",tracker="gh"} 1`,
		`percolate_tracker_last_success_timestamp_seconds{tracker="gh"} 1.77606732e+09`,
		`percolate_tracker_last_success_timestamp_seconds{tracker="ops"} 1.77606744e+09`,
	} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the metrics have no %s:\n%s", want, page.Body)
		}
	}

	for range 20 {
		round(persync.Cycle{Err: errors.New("the state is away")})
	}
	page = httptest.NewRecorder()
	w.health(page, nil)
	if page.Code != http.StatusServiceUnavailable || !strings.Contains(page.Body.String(), "the state is away") {
		t.Errorf("after 20 minutes without a good round: %d %s", page.Code, page.Body)
	}
	round(good)
	page = httptest.NewRecorder()
	if w.health(page, nil); page.Code != http.StatusOK {
		t.Errorf("after a good round: %d %s", page.Code, page.Body)
	}
}
