package githubtest

import (
	"net/http"
	"strconv"
	"time"
)

// limits are GitHub's limits: requests in all, and content that is created.
type limits struct {
	perMinute, perHour, primary int

	used    int
	reset   time.Time
	content []time.Time
}

func newLimits(opt Options) limits {
	return limits{perMinute: opt.PerMinute, perHour: opt.PerHour, primary: opt.Primary}
}

// refuse counts a request and refuses it above the primary limit.
func (l *limits) refuse(a *answer, _ *http.Request, now time.Time) bool {
	if !now.Before(l.reset) {
		l.used, l.reset = 0, now.Add(time.Hour)
	}
	l.used++
	a.header.Set("X-RateLimit-Limit", strconv.Itoa(l.primary))
	a.header.Set("X-RateLimit-Remaining", strconv.Itoa(max(l.primary-l.used, 0)))
	a.header.Set("X-RateLimit-Reset", strconv.FormatInt(l.reset.Unix(), 10))
	if l.used <= l.primary {
		return false
	}
	a.fail(http.StatusForbidden, "API rate limit exceeded for user ID 1.")
	return true
}

// create counts one piece of content, and reports whether it may be created.
func (l *limits) create(now time.Time) bool {
	minute, hour := 0, 0
	for _, at := range l.content {
		if now.Sub(at) < time.Minute {
			minute++
		}
		if now.Sub(at) < time.Hour {
			hour++
		}
	}
	if minute >= l.perMinute || hour >= l.perHour {
		return false
	}
	l.content = append(l.content, now)
	return true
}

// mayCreate counts content that a request creates, and refuses it above the limits.
func (s *Server) mayCreate(a *answer) bool {
	if s.limits.create(s.opt.Now()) {
		return true
	}
	Secondary403.answer(a)
	return false
}
