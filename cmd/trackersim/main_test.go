package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestASimulatorIsServedUntilItIsStopped(t *testing.T) {
	ready := filepath.Join(t.TempDir(), "ready")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	var out bytes.Buffer
	go func() {
		ended <- run(ctx, []string{"jira", "--addr", "127.0.0.1:0", "--ready", ready, "--project", "PAY"}, &out)
	}()
	at := ""
	for at == "" {
		text, _ := os.ReadFile(ready)
		at = strings.TrimSpace(string(text))
		time.Sleep(time.Millisecond)
	}
	for path, want := range map[string]string{"/rest/api/2/project/PAY": `"PAY"`, "/_sim/stats": `"GET project/{}":1`, "/_sim/none": "there are GET /_sim/stats"} {
		resp, err := http.Get(at + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if path != "/_sim/stats" && !strings.Contains(string(body), want) {
			t.Errorf("%s: %s", path, body)
		}
	}
	stop()
	if err := <-ended; err != nil || strings.TrimSpace(out.String()) != at {
		t.Errorf("ended with %v, after it said %q", err, out.String())
	}
}

func TestWhatCannotBeServedIsToldWhy(t *testing.T) {
	for args, want := range map[string]string{
		"": "say which", "--help": "say which", "trello": "say which",
		"jira --zone Nowhere": "zone", "jira --addr 127.0.0.1:x": "port",
	} {
		err := run(t.Context(), strings.Fields(args), io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", args, err, want)
		}
	}
}

func TestLatencyIsTheTrackersAndNotTheSimulators(t *testing.T) {
	served := httptest.NewServer(new(clock).around(http.NotFoundHandler(), time.Hour))
	defer served.Close()
	if resp, err := http.Get(served.URL + "/_sim/stats"); err != nil {
		t.Error(err)
	} else {
		resp.Body.Close()
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, served.URL+"/rest", nil)
	if resp, err := http.DefaultClient.Do(req); err == nil {
		resp.Body.Close()
		t.Error("the tracker answered at once")
	}
}

func TestAnHourPassesInNoTime(t *testing.T) {
	var c clock
	served := httptest.NewServer(c.around(http.NotFoundHandler(), 0))
	defer served.Close()
	for query, want := range map[string]int{"by=1h": http.StatusOK, "by=-1h": http.StatusBadRequest, "by=soon": http.StatusBadRequest} {
		resp, err := http.Post(served.URL+"/_sim/clock?"+query, "", nil)
		if err != nil || resp.StatusCode != want {
			t.Fatalf("%s: %v, %v", query, resp, err)
		}
		resp.Body.Close()
	}
	if ahead := time.Until(c.now()).Round(time.Minute); ahead != time.Hour {
		t.Errorf("the clock is ahead by %s", ahead)
	}
}

func TestRequestsThatWaitBesideEachOtherCountOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		far := new(clock).around(http.NotFoundHandler(), time.Second)
		ask := func(path string) string {
			w := httptest.NewRecorder()
			far.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
			return w.Body.String()
		}
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() { ask("/rest") })
		}
		group.Wait()
		time.Sleep(time.Minute) // what the client does meanwhile
		ask("/rest")
		if told := ask("/_sim/waited"); told != "{\"nanoseconds\":2000000000}\n" {
			t.Errorf("three requests at once and one after them: %s", told)
		}
	})
}

// real is a server whose clock cannot be put forward.
type real struct {
	http.Handler
	aged time.Duration
}

func (r *real) Age(_ context.Context, by time.Duration) error {
	r.aged += by
	return nil
}

func TestWhatARealServerWroteDownGetsOlderInstead(t *testing.T) {
	r := &real{Handler: http.NotFoundHandler()}
	var c clock
	served := httptest.NewServer(c.around(r, 0))
	defer served.Close()
	resp, err := http.Post(served.URL+"/_sim/clock?by=1h", "", nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", resp, err)
	}
	resp.Body.Close()
	if ahead := time.Until(c.now()).Round(time.Minute); r.aged != time.Hour || ahead != 0 {
		t.Errorf("it is older by %s, and the clock ahead by %s", r.aged, ahead)
	}
}
