package githubtest

import (
	"cmp"
	"net/http"
	"strconv"
	"time"
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

// fits reports whether a request can be refused so.
func (l Limit) fits(r *http.Request) bool {
	return l != GraphQLTooFast && l != GraphQLLimited || onGraph(r)
}

const (
	tooMuch = "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later."
	usedUp  = "API rate limit exceeded for user ID 1."
)

// limit refuses a request.
func (s *Server) limit(a *answer, r *http.Request, l Limit) {
	if l == "" || !l.fits(r) {
		l = Secondary403
	}
	after := cmp.Or(s.faults.RetryAfter, 60)
	switch l {
	case Secondary403:
		a.header.Set("Retry-After", strconv.Itoa(after))
		a.fail(http.StatusForbidden, tooMuch)
	case SecondaryBody:
		a.fail(http.StatusForbidden, tooMuch)
	case Secondary429:
		a.header.Set("Retry-After", strconv.Itoa(after))
		a.fail(http.StatusTooManyRequests, tooMuch)
	case Primary403, Primary429:
		a.header.Set("X-RateLimit-Remaining", "0")
		a.header.Set("X-RateLimit-Reset", strconv.FormatInt(s.opt.Now().Add(time.Duration(after)*time.Second).Unix(), 10))
		status := http.StatusForbidden
		if l == Primary429 {
			status = http.StatusTooManyRequests
		}
		a.fail(status, usedUp)
	case GraphQLTooFast:
		a.give(http.StatusOK, map[string]any{"data": nil, "errors": []any{map[string]any{"message": "was submitted too quickly"}}})
	case GraphQLLimited:
		a.give(http.StatusOK, map[string]any{"data": nil, "errors": []any{map[string]any{"type": "RATE_LIMITED", "message": usedUp}}})
	}
}

// limits are GitHub's limits: requests in an hour, searches in a minute, and content that
// is created in either.
type limits struct {
	used     int
	reset    time.Time
	searches []time.Time
	content  []time.Time
}

// overLimit counts a request and refuses it above the primary limit.
func (s *Server) overLimit(a *answer, r *http.Request) bool {
	if s.faults.NoLimits {
		return false
	}
	l, now := &s.limits, s.opt.Now()
	if !now.Before(l.reset) {
		l.used, l.reset = 0, now.Add(time.Hour)
	}
	if r.URL.Path != "/rate_limit" {
		l.used++
	}
	a.header.Set("X-RateLimit-Limit", strconv.Itoa(s.opt.Primary))
	a.header.Set("X-RateLimit-Remaining", strconv.Itoa(max(s.opt.Primary-l.used, 0)))
	a.header.Set("X-RateLimit-Reset", strconv.FormatInt(l.reset.Unix(), 10))
	if l.used <= s.opt.Primary || r.URL.Path == "/rate_limit" {
		return false
	}
	a.fail(http.StatusForbidden, usedUp)
	return true
}

// since counts the instants that are less than d ago.
func since(all []time.Time, now time.Time, d time.Duration) (n int) {
	for _, at := range all {
		if now.Sub(at) < d {
			n++
		}
	}
	return n
}

// create counts one piece of content, and reports whether it may be created.
func (s *Server) create() bool {
	now, l := s.opt.Now(), &s.limits
	perMinute, perHour := cmp.Or(s.faults.PerMinute, s.opt.PerMinute), cmp.Or(s.faults.PerHour, s.opt.PerHour)
	over := since(l.content, now, time.Minute) >= perMinute || since(l.content, now, time.Hour) >= perHour
	if over && !s.faults.NoLimits {
		return false
	}
	if len(l.content) > perHour { // older ones count no more
		l.content = l.content[len(l.content)-perHour:]
	}
	l.content = append(l.content, now)
	return true
}

// mayCreate counts content that a request creates, and refuses it above the limits.
func (s *Server) mayCreate(a *answer, r *http.Request) bool {
	if s.create() {
		return true
	}
	s.limit(a, r, Secondary403)
	return false
}

// onRateLimit tells what is left.
func (s *Server) onRateLimit(w http.ResponseWriter, _ *http.Request) {
	a := w.(*answer)
	if s.faults.NoLimits {
		a.fail(http.StatusNotFound, "Rate limiting is not enabled.")
		return
	}
	l := &s.limits
	one := func(limit, used int, reset time.Time) map[string]any {
		return map[string]any{"limit": limit, "used": used, "remaining": max(limit-used, 0), "reset": reset.Unix()}
	}
	core := one(s.opt.Primary, l.used, l.reset)
	a.give(http.StatusOK, map[string]any{"rate": core, "resources": map[string]any{
		"core": core, "graphql": core,
		"search": one(searchesAMinute, since(l.searches, s.opt.Now(), time.Minute), s.opt.Now().Add(time.Minute)),
	}})
}
