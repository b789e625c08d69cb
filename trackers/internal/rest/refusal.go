package rest

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"percolate/trackers"
)

// quietTime is what GitHub asks for after a refusal that states no time.
const quietTime = time.Minute

// refusal tells whether the server refused for now, so that nothing was done. That is
// a 429, and the 403 by which GitHub means the same.
func (c *Client) refusal(resp *http.Response) (verdict, bool) {
	after := c.stated(resp.Header)
	reason := resp.Header.Get("RateLimit-Reason")
	v := verdict{
		code:  trackers.RateLimit,
		after: after,
		all:   after > 0 && !strings.HasPrefix(reason, "jira-burst") && !strings.HasPrefix(reason, "jira-per-issue"),
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		return v, true
	case http.StatusForbidden:
		if resp.Header.Get("Retry-After") != "" || resp.Header.Get("X-RateLimit-Remaining") == "0" {
			return v, true
		}
		if text := strings.ToLower(peek(resp)); strings.Contains(text, "secondary rate limit") || strings.Contains(text, "abuse detection") {
			v.after, v.all = quietTime, true
			return v, true
		}
	}
	return verdict{}, false
}

// stated is how long the headers ask us to wait, 0 when they do not.
func (c *Client) stated(h http.Header) time.Duration {
	now := c.opt.Now()
	for _, name := range []string{"Retry-After", "Beta-Retry-After"} {
		if d, ok := afterValue(h.Get(name), now); ok && d > 0 {
			return d
		}
	}
	if left := h.Get("X-RateLimit-Remaining"); left != "" && left != "0" {
		return 0 // the reset is that of a limit that was not reached
	}
	if at, ok := resetValue(h.Get("X-RateLimit-Reset")); ok {
		return until(at, now)
	}
	if s, err := strconv.Atoi(h.Get("X-RateLimit-Interval-Seconds")); err == nil && s > 0 {
		return seconds(int64(s))
	}
	return 0
}

// afterValue reads seconds or a date.
func afterValue(text string, now time.Time) (time.Duration, bool) {
	if s, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil {
		return seconds(s), true
	}
	if at, err := http.ParseTime(text); err == nil {
		return until(at, now), true
	}
	return 0, false
}

// longest is the longest wait that is believed, whatever a server states: no sum of
// them overflows, and by a lie of a server nobody is silent for longer.
const longest = 24 * time.Hour

// seconds is s as a wait.
func seconds(s int64) time.Duration {
	return time.Duration(min(max(s, 0), int64(longest/time.Second))) * time.Second
}

// until is the wait from now to an instant.
func until(at, now time.Time) time.Duration { return min(max(at.Sub(now), 0), longest) }

// resetValue reads seconds since 1970 (GitHub) or an ISO time (Jira), with or without seconds.
func resetValue(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if s, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Unix(s, 0), true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// peek reads an answer that others will read again.
func peek(resp *http.Response) string {
	body, _ := io.ReadAll(resp.Body) // bounded and in memory already, see wire
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return string(body)
}
