package githubtest

import (
	"net/http"
	"strings"
	"time"
)

// Faults are the switches. The zero Faults are a GitHub in good order.
type Faults struct {
	Latency Duration `json:"latency"` // of every answer

	LoseNext  int `json:"lose_next"`  // the connections of so many writes from now on end without an answer
	LoseEvery int `json:"lose_every"` // the answer of every n-th write is a 502
	DropEvery int `json:"drop_every"` // the connection of every n-th write ends without an answer
	Down      int `json:"down"`       // so many requests from now on are 503s

	LimitEvery int     `json:"limit_every"` // every n-th request is refused
	LimitAs    Limit   `json:"limit_as"`    // in which form; [Secondary403] when empty
	LimitNext  []Limit `json:"limit_next"`  // the next writes are refused, one by each
	RetryAfter int     `json:"retry_after"` // the seconds that a limit states; 60 when 0
	NoLimits   bool    `json:"no_limits"`   // there are none, and none are stated
	PerMinute  int     `json:"per_minute"`  // content that may be created; the options' when 0
	PerHour    int     `json:"per_hour"`

	SearchLag Duration `json:"search_lag"` // how long the search knows nothing of a change
	ListLag   Duration `json:"list_lag"`   // how long lists know nothing of a new issue

	NoPush bool     `json:"no_push"` // labels, assignees, milestone, type and fields are dropped in silence
	Refuse []string `json:"refuse"`  // no issue can be created with one of these in its body
}

// Duration reads and writes as "250ms".
type Duration time.Duration

// MarshalText writes the duration.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads a duration.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	*d = Duration(v)
	return err
}

// SetFaults changes the switches while the simulator runs.
func (s *Server) SetFaults(change func(*Faults)) { s.with(func() { change(&s.faults) }) }

// LoseAnswer loses the answer to the next n writes, which are done.
func (s *Server) LoseAnswer(n int) { s.SetFaults(func(f *Faults) { f.LoseNext = n }) }

// LimitNext refuses the next writes, one by each limit.
func (s *Server) LimitNext(l ...Limit) { s.SetFaults(func(f *Faults) { f.LimitNext = l }) }

// Refuse refuses to create issues with this text in their body.
func (s *Server) Refuse(text string) {
	s.SetFaults(func(f *Faults) { f.Refuse = append(f.Refuse, text) })
}

// FailNext answers the next requests with these statuses and does nothing.
func (s *Server) FailNext(status ...int) { s.with(func() { s.failNext = status }) }

func (s *Server) with(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// refuse applies a fault that stands before the effect.
func (s *Server) refuse(a *answer, r *http.Request) bool {
	f := &s.faults
	s.turn++
	switch {
	case len(s.failNext) > 0:
		a.fail(s.failNext[0], http.StatusText(s.failNext[0]))
		s.failNext = s.failNext[1:]
	case f.Down > 0:
		f.Down--
		a.fail(http.StatusServiceUnavailable, "No server is currently available to service your request.")
	case f.LimitEvery > 0 && s.turn%f.LimitEvery == 0:
		s.limit(a, r, f.LimitAs)
	case len(f.LimitNext) > 0 && writes(r) && f.LimitNext[0].fits(r):
		s.limit(a, r, f.LimitNext[0])
		f.LimitNext = f.LimitNext[1:]
	default:
		return false
	}
	return true
}

// lose takes the answer of a write away, which is done and stays so. It reports whether
// not even an answer that says nothing is left.
func (s *Server) lose(r *http.Request, a *answer) (dropped bool) {
	if a.status >= 300 || !writes(r) || onGraph(r) && !a.mutates {
		return false
	}
	f := &s.faults
	s.writes++
	switch {
	case f.LoseNext > 0:
		f.LoseNext--
		return true
	case f.LoseEvery > 0 && s.writes%f.LoseEvery == 0:
		a.fail(http.StatusBadGateway, "Bad Gateway")
	case f.DropEvery > 0 && s.writes%f.DropEvery == 0:
		return true
	}
	return false
}

func onGraph(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/graphql") }

func (s *Server) refuses(body string) bool {
	for _, text := range s.faults.Refuse {
		if strings.Contains(body, text) {
			return true
		}
	}
	return false
}
