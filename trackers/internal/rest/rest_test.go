package rest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// scene is a client over a scripted server, on a clock that only waiting moves on.
type scene struct {
	*rest.Client
	mu     sync.Mutex
	now    time.Time
	waits  []time.Duration
	bodies []string
	seen   []trackers.Request
}

// answer is one scripted answer; err instead of one.
type answer struct {
	status int
	header string // "Name: value" lines
	body   string
	err    error
}

func newScene(t *testing.T, opt rest.Options, script ...answer) *scene {
	t.Helper()
	s := &scene{now: time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)}
	opt.Tracker, opt.Base = "demo", "https://demo.example/api"
	opt.Now = func() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now }
	opt.Random = func() float64 { return 0.5 }
	opt.Sleep = func(ctx context.Context, d time.Duration) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.now, s.waits = s.now.Add(d), append(s.waits, d)
		return ctx.Err()
	}
	opt.Observe = func(r trackers.Request) { s.seen = append(s.seen, r) }
	if opt.Transport == nil {
		opt.Transport = roundTrip(func(req *http.Request) (*http.Response, error) {
			body := ""
			if req.Body != nil {
				b, _ := io.ReadAll(req.Body)
				body = string(b)
			}
			s.bodies = append(s.bodies, body)
			a := script[min(len(s.bodies), len(script))-1]
			if a.err != nil {
				return nil, a.err
			}
			return a.response(), nil
		})
	}
	var err error
	if s.Client, err = rest.New(opt); err != nil {
		t.Fatal(err)
	}
	return s
}

func (a answer) response() *http.Response {
	h := http.Header{}
	for line := range strings.Lines(a.header) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		h.Set(name, value)
	}
	return &http.Response{StatusCode: a.status, Header: h, Body: io.NopCloser(strings.NewReader(a.body))}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// send makes one request and returns the answer's text, and what came of it as the port
// would tell it.
func (s *scene) send(ctx context.Context, method string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, method, "https://demo.example/api/x", strings.NewReader("the body"))
	if err != nil {
		return "", err
	}
	resp, err := s.HTTP().Do(req)
	if err != nil {
		return "", s.Fail("op", nil, err, "")
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		return string(text), s.Fail("op", resp, err, "")
	}
	return string(text), nil
}

func TestOnlyWhatDidNothingIsTriedAgain(t *testing.T) {
	dial := &net.OpError{Op: "dial", Err: errors.New("refused")}
	reset := &net.OpError{Op: "read", Err: errors.New("reset")}
	for _, c := range []struct {
		name   string
		method string
		first  answer
		tries  int
		code   trackers.Code
	}{
		{"ReadOn502", "GET", answer{status: 502}, 2, ""},
		{"ReadOnReset", "GET", answer{err: reset}, 2, ""},
		{"WriteOn502", "POST", answer{status: 502}, 1, trackers.UnknownOutcome},
		{"WriteOn503WithRetryAfter", "POST", answer{status: 503, header: "Retry-After: 1"}, 1, trackers.UnknownOutcome},
		{"PutOn504", "PUT", answer{status: 504}, 1, trackers.UnknownOutcome},
		{"DeleteOnReset", "DELETE", answer{err: reset}, 1, trackers.UnknownOutcome},
		{"WriteOnReset", "POST", answer{err: reset}, 1, trackers.UnknownOutcome},
		{"WriteOnNoConnection", "POST", answer{err: dial}, 2, ""},
		{"WriteOn429", "POST", answer{status: 429}, 2, ""},
		{"WriteOnSecondaryLimit", "POST", answer{status: 403, header: "Retry-After: 2"}, 2, ""},
		{"WriteOnSpentLimit", "POST", answer{status: 403, header: "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1772618405"}, 2, ""},
		{"On400", "POST", answer{status: 400}, 1, trackers.Invalid},
		{"On401", "GET", answer{status: 401}, 1, trackers.Denied},
		{"On403", "GET", answer{status: 403}, 1, trackers.Denied},
		{"On404", "GET", answer{status: 404}, 1, trackers.NotFound},
		{"On410", "GET", answer{status: 410}, 1, trackers.NotFound},
		{"On501", "POST", answer{status: 501}, 1, trackers.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t, rest.Options{}, c.first, answer{status: 200})
			_, err := s.send(t.Context(), c.method)
			if trackers.CodeOf(err) != c.code {
				t.Errorf("got %v, want the code %q", err, c.code)
			}
			if len(s.bodies) != c.tries || slices.ContainsFunc(s.bodies, func(b string) bool { return b != "the body" }) {
				t.Errorf("sent %q, want %d times the body", s.bodies, c.tries)
			}
		})
	}
}

func TestAReadByPostIsTriedAgain(t *testing.T) {
	s := newScene(t, rest.Options{}, answer{status: 502}, answer{err: io.ErrUnexpectedEOF}, answer{status: 200})
	if _, err := s.send(rest.Reading(t.Context()), "POST"); err != nil || len(s.bodies) != 3 {
		t.Errorf("%d tries, %v", len(s.bodies), err)
	}
	if want := []time.Duration{time.Second, 2 * time.Second}; !slices.Equal(s.waits, want) {
		t.Errorf("waited %v, want %v", s.waits, want)
	}
}

func TestTheWaitIsTheOneThatTheServerStates(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		header string
		wait   time.Duration // before the tenth that is added
	}{
		"Seconds":      {429, "Retry-After: 7", 7 * time.Second},
		"Date":         {429, "Retry-After: Wed, 04 Mar 2026 10:00:09 GMT", 9 * time.Second},
		"Beta":         {429, "Beta-Retry-After: 3", 3 * time.Second},
		"JiraReset":    {429, "X-RateLimit-Reset: 2026-03-04T10:00:20Z", 20 * time.Second},
		"JiraMinutes":  {429, "X-RateLimit-Reset: 2026-03-04T11:00+01:00", 0},
		"Epoch":        {403, "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1772618411", 11 * time.Second},
		"DataCenter":   {429, "X-RateLimit-Remaining: 0\nX-RateLimit-Interval-Seconds: 5\nX-RateLimit-FillRate: 10", 5 * time.Second},
		"Unavailable":  {503, "Retry-After: 4", 4 * time.Second},
		"OtherLimit":   {429, "X-RateLimit-Remaining: 7\nX-RateLimit-Reset: 1772618411", 0},
		"NothingSaid":  {429, "", 0},
		"Nonsense":     {429, "Retry-After: soon", 0},
		"FarTooLarge":  {429, "Retry-After: 99999999999999999999", 0},
		"NegativeTime": {429, "Retry-After: -5", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, rest.Options{}, answer{status: c.status, header: c.header}, answer{status: 200})
			if _, err := s.send(t.Context(), "GET"); err != nil {
				t.Fatal(err)
			}
			want := c.wait + c.wait/20
			if c.wait == 0 {
				want = time.Second
			}
			if len(s.waits) != 1 || s.waits[0] != want {
				t.Errorf("waited %v, want %v", s.waits, want)
			}
		})
	}
}

func TestAWaitThatIsTooLongIsHandedUp(t *testing.T) {
	s := newScene(t, rest.Options{}, answer{status: 429, header: "Retry-After: 1847", body: "come back later"}, answer{status: 200})
	text, err := s.send(t.Context(), "POST")
	e, ok := errors.AsType[*trackers.Error](err)
	if !ok || e.Code != trackers.RateLimit || e.After != 1847*time.Second || len(s.waits) > 0 {
		t.Fatalf("got %v after waiting %v", err, s.waits)
	}
	if text != "come back later" {
		t.Errorf("the answer became %q", text)
	}
	// What was refused for all is not even sent, until the time has come.
	if _, err := s.send(t.Context(), "GET"); trackers.CodeOf(err) != trackers.RateLimit || len(s.bodies) != 1 {
		t.Errorf("sent %d requests, %v", len(s.bodies), err)
	}
	s.now = s.now.Add(1848 * time.Second)
	if _, err := s.send(t.Context(), "GET"); err != nil {
		t.Errorf("after the time: %v", err)
	}
}

// A wait without end would make the sum of all waits negative, and a server that wants
// to be left alone be asked without a pause.
func TestNoServerSilencesUsForLongerThanADay(t *testing.T) {
	for name, header := range map[string]string{
		"Seconds":   "Retry-After: 9223372036854775807",
		"Date":      "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT",
		"ISO":       "X-RateLimit-Reset: 9999-12-31T23:59:59Z",
		"Epoch":     "X-RateLimit-Reset: 99999999999999",
		"LastEpoch": "X-RateLimit-Reset: 9223372036",
		"Interval":  "X-RateLimit-Interval-Seconds: 9223372036854775807",
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, rest.Options{}, answer{status: 429, header: header}, answer{status: 200})
			_, err := s.send(t.Context(), "GET")
			e, ok := errors.AsType[*trackers.Error](err)
			if !ok || e.Code != trackers.RateLimit || e.After <= 0 || e.After > 27*time.Hour || len(s.waits) > 0 {
				t.Fatalf("got %v after waiting %v", err, s.waits)
			}
			s.now = s.now.Add(27 * time.Hour)
			if _, err := s.send(t.Context(), "GET"); err != nil {
				t.Errorf("on the day after: %v", err)
			}
		})
	}
}

func TestAllWaitsOfARequestTogetherAreBounded(t *testing.T) {
	s := newScene(t, rest.Options{Retries: 9}, answer{status: 429, header: "Retry-After: 9"})
	if _, err := s.send(t.Context(), "GET"); trackers.CodeOf(err) != trackers.RateLimit || len(s.bodies) != 4 {
		t.Errorf("%d tries after waiting %v, %v", len(s.bodies), s.waits, err)
	}
}

func TestARefusalOfOneKindHoldsNothingElseBack(t *testing.T) {
	s := newScene(t, rest.Options{}, answer{status: 429, header: "Retry-After: 99\nRateLimit-Reason: jira-per-issue-on-write"}, answer{status: 200})
	if _, err := s.send(t.Context(), "PUT"); trackers.CodeOf(err) != trackers.RateLimit {
		t.Error(err)
	}
	if _, err := s.send(t.Context(), "PUT"); err != nil || len(s.waits) > 0 {
		t.Errorf("%v after waiting %v", err, s.waits)
	}
}

func TestTheLastAnswerSurvives(t *testing.T) {
	s := newScene(t, rest.Options{Retries: 2, MaxWait: time.Hour}, answer{status: 502, body: "the reason"})
	text, err := s.send(t.Context(), "GET")
	if trackers.CodeOf(err) != trackers.Unavailable || len(s.bodies) != 3 {
		t.Fatalf("%d tries, %v", len(s.bodies), err)
	}
	if text != "the reason" {
		t.Errorf("the answer became %q", text)
	}
	if len(s.seen) != 3 || s.seen[2].Outcome != trackers.Unavailable || s.seen[2].Status != 502 || s.seen[2].Tracker != "demo" {
		t.Errorf("seen %+v", s.seen)
	}
}

func TestWhoWaitsNoLongerIsToldWhatIsKnown(t *testing.T) {
	ctx, cancel := context.WithCancel(rest.WithOp(t.Context(), "create"))
	during := roundTrip(func(*http.Request) (*http.Response, error) { cancel(); return nil, context.Canceled })
	s := newScene(t, rest.Options{Transport: during})
	if _, err := s.send(ctx, "POST"); trackers.CodeOf(err) != trackers.UnknownOutcome || !errors.Is(err, context.Canceled) {
		t.Errorf("while it is under way: %v", err)
	}
	if _, err := s.send(ctx, "POST"); trackers.CodeOf(err) != trackers.Unavailable {
		t.Errorf("before it is sent: %v", err)
	}
	if len(s.seen) != 1 || s.seen[0].Op != "create" {
		t.Errorf("seen %+v", s.seen)
	}
}

// frozen is a context whose end has come while its timer has not fired yet, as in a
// process that goes on after it was suspended.
type frozen struct {
	context.Context
	end time.Time
}

func (f frozen) Deadline() (time.Time, bool) { return f.end, true }

func TestNothingIsSentPastTheEndThatNoTimerToldOf(t *testing.T) {
	s := newScene(t, rest.Options{}, answer{status: 200})
	for name, tt := range map[string]struct {
		end  time.Duration
		sent int
		code trackers.Code
	}{
		"before": {time.Hour, 1, ""},
		"after":  {-time.Hour, 0, trackers.Unavailable},
	} {
		s.bodies = nil
		_, err := s.send(frozen{t.Context(), time.Now().Add(tt.end)}, "POST")
		if err != nil && trackers.CodeOf(err) != tt.code || err == nil && tt.code != "" || len(s.bodies) != tt.sent {
			t.Errorf("%s its end: sent %d, %v", name, len(s.bodies), err)
		}
	}
}

func TestALargeAnswerIsNotRead(t *testing.T) {
	s := newScene(t, rest.Options{MaxAnswer: 10}, answer{status: 200, body: "more than ten bytes"})
	if _, err := s.send(t.Context(), "GET"); trackers.CodeOf(err) != trackers.Internal || len(s.bodies) != 1 {
		t.Errorf("read: %v", err)
	}
	if _, err := s.send(t.Context(), "POST"); trackers.CodeOf(err) != trackers.UnknownOutcome {
		t.Errorf("write: %v", err)
	}
}

func TestWritesKeepTheirDistance(t *testing.T) {
	s := newScene(t, rest.Options{WriteGap: 5 * time.Second}, answer{status: 200})
	for range 3 {
		if _, err := s.send(t.Context(), "POST"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.send(t.Context(), "GET"); err != nil {
			t.Fatal(err)
		}
	}
	if want := []time.Duration{5 * time.Second, 5 * time.Second}; !slices.Equal(s.waits, want) {
		t.Errorf("waited %v, want %v", s.waits, want)
	}
}

func TestNoMoreRequestsThanAllowedAreUnderWay(t *testing.T) {
	var mu sync.Mutex
	now, most := 0, 0
	slow := roundTrip(func(*http.Request) (*http.Response, error) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
		return answer{status: 200}.response(), nil
	})
	c, err := rest.New(rest.Options{Tracker: "demo", Base: "https://demo.example", Parallel: 2, Transport: slow, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			resp, err := c.HTTP().Get("https://demo.example/")
			if err != nil {
				t.Error(err)
				return
			}
			_ = resp.Body.Close()
		})
	}
	group.Wait()
	if most > 2 {
		t.Errorf("%d requests at once, want at most 2", most)
	}
}

func TestRequestsStayAtHomeAndWritesStayWrites(t *testing.T) {
	var log []string
	abroad := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		log = append(log, "abroad "+r.Header.Get("Authorization"))
	}))
	defer abroad.Close()
	home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log = append(log, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/here", http.StatusMovedPermanently)
		case "/kept":
			http.Redirect(w, r, "/here", http.StatusPermanentRedirect)
		case "/abroad":
			http.Redirect(w, r, abroad.URL, http.StatusFound)
		}
	}))
	defer home.Close()
	c, err := rest.New(rest.Options{Tracker: "demo", Base: home.URL, Auth: rest.Bearer("tok"), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	do := func(method, address string) int {
		req, _ := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader("x"))
		resp, err := c.HTTP().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	for _, x := range []struct {
		method, path string
		status       int
	}{{"GET", "/moved", 200}, {"POST", "/moved", 301}, {"POST", "/kept", 200}, {"GET", "/abroad", 302}} {
		if got := do(x.method, home.URL+x.path); got != x.status {
			t.Errorf("%s %s: %d, want %d", x.method, x.path, got, x.status)
		}
	}
	// As where an answer names the address of the next page.
	if err := get(t, c, abroad.URL); trackers.CodeOf(err) != trackers.Denied {
		t.Errorf("elsewhere: %v", err)
	}
	want := []string{"GET /moved Bearer tok", "GET /here Bearer tok", "POST /moved Bearer tok", "POST /kept Bearer tok", "POST /here Bearer tok", "GET /abroad Bearer tok"}
	if !slices.Equal(log, want) {
		t.Errorf("got  %q\nwant %q", log, want)
	}
}

func TestCredentialsAreNotSentInTheClear(t *testing.T) {
	for base, ok := range map[string]bool{
		"https://jira.example/x": true, "http://127.0.0.1:80": true, "http://localhost": true, "http://[::1]:9": true,
		"http://jira.example": false, "ftp://jira.example": false, "jira.example": false, "https://u:p@jira.example": false, "": false,
	} {
		if _, err := rest.New(rest.Options{Tracker: "x", Base: base, Now: time.Now}); (err == nil) != ok {
			t.Errorf("%q: %v", base, err)
		}
	}
	if _, err := rest.New(rest.Options{Base: "http://jira.example", Insecure: true, Now: time.Now}); err != nil {
		t.Errorf("where it is allowed: %v", err)
	}
}
