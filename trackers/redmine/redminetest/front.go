package redminetest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"percolate/trackers/internal/simctl"
)

// Faults are what the server in front of Redmine does wrong. The zero Faults are a
// network in good order.
type Faults struct {
	LoseNext   int      `json:"lose_next"`   // so many writes from now on are done and their answers lost
	LoseEvery  int      `json:"lose_every"`  // every n-th write is done and its answer is a 502
	DropEvery  int      `json:"drop_every"`  // every n-th write is done and the connection ends without an answer
	LimitEvery int      `json:"limit_every"` // every n-th request is refused with a 429
	Down       int      `json:"down"`        // so many requests from now on are 503s
	Refuse     []string `json:"refuse"`      // texts with which no issue can be created
	NoKey      bool     `json:"no_key"`      // the API key is not believed
}

// SetFaults changes the faults while the server runs.
func (s *Server) SetFaults(change func(*Faults)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.faults)
}

// ServeHTTP is Redmine's API as it is reached through the server in front, which counts
// requests and does what is set to go wrong.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.front.ServeHTTP(w, r) }

// Transport reaches the server without a network, whatever the host.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

func (s *Server) newFront() http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(s.upstream)
			r.Out.Host = r.In.Host // Redmine makes addresses of it
		},
		// Whoever asked may be gone: a client that is cut off is what tests are about, and
		// no news. The others hear of it.
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusBadGateway)
		},
	}
	return simctl.Handler(s, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		f := s.meet(r, body)
		if f.status != 0 {
			refuse(w, f.status)
			return
		}
		if f.stranger {
			r.Header.Del("X-Redmine-API-Key")
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		defer s.atWork()()
		if !f.lost && !f.dropped {
			proxy.ServeHTTP(w, r)
			return
		}
		proxy.ServeHTTP(&nowhere{header: http.Header{}}, r)
		if f.dropped {
			panic(http.ErrAbortHandler)
		}
		http.Error(w, "Bad Gateway", http.StatusBadGateway)
	}))
}

// atWork counts a request that Redmine has to answer, until the returned function is called.
func (s *Server) atWork() (answered func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.working++; s.working == 1 {
		s.since = s.now()
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.working--; s.working == 0 {
			s.busy += s.now().Sub(s.since)
		}
	}
}

// Busy is how long Redmine had any request to answer that came through the server in
// front; 0 where [Options.Now] does not tell.
func (s *Server) Busy() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.busy
}

// fate is what becomes of one request.
type fate struct {
	status                  int // of a refusal by the front itself, else 0
	lost, dropped, stranger bool
}

// meet counts the request and tells what goes wrong with it.
func (s *Server) meet(r *http.Request, body []byte) fate {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[endpoint(r)]++
	s.asked++
	f := fate{stranger: s.faults.NoKey}
	if s.faults.Down > 0 {
		s.faults.Down--
		f.status = http.StatusServiceUnavailable
		return f
	}
	if every(s.faults.LimitEvery, s.asked) {
		f.status = http.StatusTooManyRequests
		return f
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return f
	}
	s.wrote++
	if r.Method == http.MethodPost && slices.ContainsFunc(s.faults.Refuse, func(text string) bool { return bytes.Contains(body, []byte(text)) }) {
		f.status = http.StatusUnprocessableEntity
		return f
	}
	if f.lost = s.faults.LoseNext > 0 || every(s.faults.LoseEvery, s.wrote); s.faults.LoseNext > 0 {
		s.faults.LoseNext--
	}
	f.dropped = every(s.faults.DropEvery, s.wrote)
	return f
}

func every(n, count int) bool { return n > 0 && count%n == 0 }

var number = regexp.MustCompile(`/\d+`)

// endpoint is the request without what differs from ticket to ticket.
func endpoint(r *http.Request) string {
	return r.Method + " " + strings.TrimSuffix(number.ReplaceAllString(r.URL.Path, "/:id"), ".json")
}

func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string][]string{"errors": {"This is refused"}})
}

// nowhere is where answers go that are lost.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n *nowhere) WriteHeader(int)             {}

// transport hands requests to the server in front.
type transport struct{ server *Server }

// RoundTrip answers one request.
func (t transport) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.Host, in.RemoteAddr, in.RequestURI = r.URL.Host, "127.0.0.1:1", r.URL.RequestURI()
	out := &answer{header: http.Header{}, status: http.StatusOK}
	defer func() {
		if recover() != nil {
			resp, err = nil, io.ErrUnexpectedEOF
		}
	}()
	t.server.ServeHTTP(out, in)
	return &http.Response{
		Status: http.StatusText(out.status), StatusCode: out.status, Header: out.header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(&out.body), ContentLength: int64(out.body.Len()), Request: r,
	}, nil
}

// answer keeps what a handler answers.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }
func (a *answer) WriteHeader(status int)      { a.status = status }

// URL is where Redmine itself is, without the server in front: for a browser.
func (s *Server) URL() string { return s.upstream.String() }

// address is one of Redmine's own pages.
func (s *Server) address(path string, query url.Values) string {
	u := *s.upstream
	u.Path, u.RawQuery = path, query.Encode()
	return u.String()
}
