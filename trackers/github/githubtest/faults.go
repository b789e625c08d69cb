package githubtest

import (
	"net/http"
	"strings"
)

// Limit is one of the forms in which GitHub says that it is too much.
type Limit string

// The forms of limits.
const (
	Secondary403   Limit = "403 with Retry-After"
	SecondaryBody  Limit = "403 that only its body explains"
	Secondary429   Limit = "429 with Retry-After"
	Primary403     Limit = "403 with nothing remaining"
	Primary429     Limit = "429 with nothing remaining"
	GraphQLTooFast Limit = "200 with an error of GraphQL"
	GraphQLLimited Limit = "200 with RATE_LIMITED"
)

// Limits are all forms.
func Limits() []Limit {
	return []Limit{Secondary403, SecondaryBody, Secondary429, Primary403, Primary429, GraphQLTooFast, GraphQLLimited}
}

const tooMuch = "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later."

func (l Limit) answer(a *answer) {
	switch l {
	case Secondary403:
		a.header.Set("Retry-After", "60")
		a.fail(http.StatusForbidden, tooMuch)
	case SecondaryBody:
		a.fail(http.StatusForbidden, tooMuch)
	case Secondary429:
		a.header.Set("Retry-After", "60")
		a.fail(http.StatusTooManyRequests, tooMuch)
	case Primary403, Primary429:
		a.header.Set("X-RateLimit-Remaining", "0")
		status := http.StatusForbidden
		if l == Primary429 {
			status = http.StatusTooManyRequests
		}
		a.fail(status, "API rate limit exceeded for user ID 1.")
	case GraphQLTooFast:
		a.give(http.StatusOK, map[string]any{"data": nil, "errors": []any{map[string]any{"message": "was submitted too quickly"}}})
	case GraphQLLimited:
		a.give(http.StatusOK, map[string]any{"data": nil, "errors": []any{map[string]any{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}}})
	}
}

// faults are what goes wrong next.
type faults struct {
	lose   int
	limit  []Limit
	status []int
	titles []string // texts in bodies of issues that are refused
}

// LoseAnswer loses the answer to the next n writes, which are done.
func (s *Server) LoseAnswer(n int) { s.with(func() { s.faults.lose = n }) }

// LimitNext refuses the next writes, one by each limit.
func (s *Server) LimitNext(l ...Limit) { s.with(func() { s.faults.limit = l }) }

// FailNext answers the next requests with these statuses and does nothing.
func (s *Server) FailNext(status ...int) { s.with(func() { s.faults.status = status }) }

// Refuse refuses to create issues with this text in their body.
func (s *Server) Refuse(text string) {
	s.with(func() { s.faults.titles = append(s.faults.titles, text) })
}

func (s *Server) with(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// refuse applies a fault that stands before the effect.
func (f *faults) refuse(a *answer, r *http.Request) bool {
	graph := strings.HasSuffix(r.URL.Path, "/graphql")
	if len(f.status) > 0 {
		a.fail(f.status[0], http.StatusText(f.status[0]))
		f.status = f.status[1:]
		return true
	}
	if len(f.limit) == 0 || !writes(r) {
		return false
	}
	l := f.limit[0]
	if (l == GraphQLTooFast || l == GraphQLLimited) && !graph {
		return false
	}
	f.limit = f.limit[1:]
	l.answer(a)
	return true
}

// lost reports whether the answer is lost: only those of writes that were done are.
func (f *faults) lost(r *http.Request, a *answer) bool {
	graph := strings.HasSuffix(r.URL.Path, "/graphql")
	if f.lose == 0 || a.status >= 300 || !writes(r) || graph && !a.mutates {
		return false
	}
	f.lose--
	return true
}

func (f *faults) refuses(body string) bool {
	for _, text := range f.titles {
		if strings.Contains(body, text) {
			return true
		}
	}
	return false
}
