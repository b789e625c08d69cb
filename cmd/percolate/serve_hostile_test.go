package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
)

// nasty is what a title, a name or an error may hold.
const nasty = "a\x1b]0;x\a\x1b[2Jb\u009b31m\r\nlevel=ERROR msg=forged\u202egnp.\u2066\xff\x7f"

func TestLogsAreOneHarmlessLineAnEvent(t *testing.T) {
	for name, json := range map[string]bool{"text": false, "json": true} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			s := &server{program: &program{stderr: &log}, watch: newWatch(time.Now, time.Hour, nil, &trackers.Counter{})}
			s.log = s.logger(json)
			s.told(persync.Result{Done: []persync.Done{{
				Step: &plan.Step{Tracker: nasty, Link: ticket.Link{Key: ticket.Key{Document: nasty, Action: nasty}}},
				Name: nasty, Err: &trackers.Error{Tracker: nasty, Op: "create", Err: io.EOF},
			}}})
			s.ended(persync.Cycle{Result: persync.Result{
				Findings: []ticket.Finding{{Kind: ticket.FindConflict, Key: ticket.Key{Document: nasty}, Name: nasty, Text: nasty, Mend: nasty}},
			}})
			if got := strings.Count(log.String(), "\n"); got != 3 {
				t.Errorf("%d lines, want 3:\n%q", got, log.String())
			}
			for _, r := range log.String() {
				if r != '\n' && (unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069') {
					t.Fatalf("the log holds %U:\n%q", r, log.String())
				}
			}
		})
	}
}

// Whatever a document is called, the page is whole and tells each of them.
func TestMetricsHoldWhateverADocumentIsCalled(t *testing.T) {
	hostile := &trackers.Counter{}
	hostile.Observe(trackers.Request{Tracker: "t\xff", Op: "get"})
	w := newWatch(time.Now, time.Hour, []string{"t\xff"}, hostile)
	ids := []string{nasty, "\xff", "\xfe", `"} 1` + "\nforged 7", `back\slash`}
	c := persync.Cycle{Result: persync.Result{Findings: []ticket.Finding{{Kind: "odd\xff"}}}}
	var trees persync.Trees
	for _, id := range ids {
		trees = append(trees, ticket.Tree{Document: id})
	}
	c.Documents = trees
	w.ended(c)
	page := httptest.NewRecorder()
	w.metrics().ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if got := strings.Count(page.Body.String(), "\npercolate_document_last_success_timestamp_seconds{"); page.Code != http.StatusOK || got != len(ids) {
		t.Errorf("%d: %d documents, want %d:\n%s", page.Code, got, len(ids), page.Body)
	}
	if strings.Contains(page.Body.String(), "\nforged") {
		t.Errorf("a line was forged:\n%s", page.Body)
	}
}

// listening is a server as serve starts it.
func listening(t *testing.T, listen string) (address string, log *buffer) {
	t.Helper()
	log = &buffer{}
	s := &server{program: &program{stderr: log}, watch: newWatch(time.Now, time.Hour, nil, &trackers.Counter{}), log: slog.New(slog.NewTextHandler(log, nil))}
	ctx, end := context.WithCancel(context.Background())
	stop, err := s.listen(ctx, listen)
	if err != nil {
		end()
		t.Fatal(err)
	}
	t.Cleanup(func() { end(); stop() })
	return log.waitFor(t, `msg=listening address=(\S+)`), log
}

// A server that gives back what it was sent finds it on no page and in no log.
func TestPagesAndLogsKeepSecrets(t *testing.T) {
	sent := make(chan bool, 100)
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent <- strings.Contains(r.Header.Get("Authorization"), hidden)
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"errorMessages":["`+r.Header.Get("Authorization")+`"]}`)
	}))
	defer echo.Close()
	c := tree(t, "documents: {paths: [pers]}", "pers/a.md")
	settings := "serve: {listen: '127.0.0.1:0', settle: 0s}\ntrackers: [{name: ops, type: jira, deployment: cloud, project: OPS, token_env: TOKEN, url: '" + echo.URL + "'}]\n"
	if err := errors.Join(os.WriteFile(c.file, []byte(settings), 0o600), os.WriteFile(filepath.Join(c.dir(), "pers", "a.md"), []byte("---\nid: P1\ntitle: T\nkind: outage\n---\n## Corrective actions\n- A1: Do it\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"--log-json", "--log-json=false"} {
		var log buffer
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan int)
		go func() {
			p := &program{stdin: strings.NewReader(""), stdout: io.Discard, stderr: &log, env: env("TOKEN=" + hidden), now: time.Now}
			ended <- p.run(ctx, []string{"serve", format, "--config", c.file})
		}()
		address := log.waitFor(t, `listening"?,?.*address"?[=:]"?([0-9.:]+)`)
		log.waitFor(t, `401`)
		for _, page := range []string{"/healthz", "/metrics"} {
			if got := get(t, "http://"+address+page); strings.Contains(got, hidden) {
				t.Errorf("%s tells the token:\n%s", page, strings.ReplaceAll(got, hidden, redacted))
			}
		}
		stop()
		<-ended
		if strings.Contains(log.String(), hidden) || !strings.Contains(log.String(), redacted) {
			t.Errorf("the log tells the token, or nothing of it:\n%s", strings.ReplaceAll(log.String(), hidden, "TOKEN"))
		}
	}
	if !<-sent {
		t.Error("the token was never sent")
	}
}

func TestPagesTellNothingButHealthAndMetrics(t *testing.T) {
	address, _ := listening(t, "127.0.0.1:0")
	for request, want := range map[string]int{
		"GET /healthz": 200, "GET /metrics": 200, "GET /": 404, "GET /debug/pprof/": 404, "GET /debug/vars": 404, "GET /percolate.yaml": 404,
		"POST /healthz": 405, "DELETE /metrics": 405, "PUT /metrics": 405,
	} {
		method, path, _ := strings.Cut(request, " ")
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, method+" "+path+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", request, resp.StatusCode, want)
		}
		_, _ = resp.Body.Close(), conn.Close()
	}
}

func TestAHeaderThatIsTooLongIsRefused(t *testing.T) {
	address, _ := listening(t, "127.0.0.1:0")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Long", strings.Repeat("a", 64<<10))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Skip("the server hung up before it had read the header") // that refuses it too
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("%s", resp.Status)
	}
}

func TestWhoListensToTheWorldIsTold(t *testing.T) {
	const said = "can be read from other machines"
	if _, log := listening(t, "127.0.0.1:0"); strings.Contains(log.String(), said) {
		t.Errorf("on this machine alone: %s", log)
	}
	if _, log := listening(t, "0.0.0.0:0"); !strings.Contains(log.String(), said) {
		t.Errorf("to all: %s", log)
	}
	if listen := defaults().Serve.Listen; !strings.HasPrefix(listen, "127.0.0.1:") {
		t.Errorf("by default %s", listen)
	}
}
