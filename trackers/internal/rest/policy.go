package rest

import (
	"context"
	"net/http"
	"time"

	"percolate/trackers"
)

// firstWait is the wait before the second try where the server states none; it doubles
// with every try.
const firstWait = time.Second

// again decides whether a request is tried once more: when nothing was done, and what
// there is to wait fits into what is left of the time to wait.
func (c *Client) again(ctx context.Context, resp *http.Response, err error) (bool, error) {
	a := attemptOf(ctx)
	a.tries++
	v := c.judge(resp, err)
	if v.code != trackers.RateLimit && v.code != trackers.Unavailable {
		return false, nil // the error of the last try is what is handed up
	}
	a.next = c.waitFor(a, v)
	a.last = &fault{code: v.code, after: a.next, err: errNoTime}
	return a.waited+a.next <= c.opt.MaxWait && c.inTime(ctx, a.next), nil
}

// inTime reports whether somebody still waits for the answer after d.
func (c *Client) inTime(ctx context.Context, d time.Duration) bool {
	end, ok := ctx.Deadline()
	return ctx.Err() == nil && (!ok || !c.opt.Now().Add(d).After(end))
}

// waitFor is how long to wait before the next try. What the server states is never cut
// short; what is of our own making varies, so that many clients do not come back at once.
func (c *Client) waitFor(a *attempt, v verdict) time.Duration {
	if v.after > 0 {
		return v.after + time.Duration(c.opt.Random()*0.1*float64(v.after))
	}
	own := firstWait << min(a.tries-1, 5)
	return time.Duration((0.7 + 0.6*c.opt.Random()) * float64(own))
}

// pause waits before another try.
func (c *Client) pause(req *http.Request) error {
	a := attemptOf(req.Context())
	a.waited += a.next
	if err := c.opt.Sleep(req.Context(), a.next); err != nil {
		return a.last
	}
	return nil
}

// verdict is what one try came to.
type verdict struct {
	code  trackers.Code // "" for success
	after time.Duration // stated by the server; 0 when it states nothing
	all   bool          // the refusal is meant for everything we send, not for this request alone
}

// judge tells what an answer, or the lack of one, means.
func (c *Client) judge(resp *http.Response, err error) verdict {
	if err != nil {
		f := faultOf(err)
		return verdict{code: f.code, after: f.after}
	}
	if v, refused := c.refusal(resp); refused {
		return v
	}
	unclear := trackers.Unavailable
	if writes(resp.Request) {
		unclear = trackers.UnknownOutcome
	}
	switch s := resp.StatusCode; {
	case s >= 200 && s < 300, s == http.StatusNotModified:
		return verdict{}
	case s == http.StatusUnauthorized, s == http.StatusForbidden, s == http.StatusProxyAuthRequired:
		return verdict{code: trackers.Denied}
	case s == http.StatusNotFound, s == http.StatusGone:
		return verdict{code: trackers.NotFound}
	case s == http.StatusNotImplemented:
		return verdict{code: trackers.Invalid}
	case s == http.StatusServiceUnavailable:
		return verdict{code: unclear, after: c.stated(resp.Header)}
	case s >= 500, s == http.StatusRequestTimeout:
		return verdict{code: unclear}
	case s >= 300 && s < 400:
		return verdict{code: trackers.Denied}
	}
	return verdict{code: trackers.Invalid}
}
