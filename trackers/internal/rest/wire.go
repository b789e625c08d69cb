package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"percolate/trackers"
)

// wire sends one try: in its turn, with the credentials, within the limits of time and
// size. Its answers are whole and in memory, and its errors are faults.
type wire struct{ *Client }

// RoundTrip sends the request, to the configured origin alone: where else a server's
// answer leads is no place that its people named.
func (w wire) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != w.base.Scheme || req.URL.Host != w.base.Host {
		return nil, &fault{trackers.Denied, 0, fmt.Errorf("the server leads to %s://%s, which is not asked", req.URL.Scheme, req.URL.Host)}
	}
	if err := w.enter(req); err != nil {
		return nil, err
	}
	begun := w.opt.Now()
	resp, err := w.send(req)
	<-w.slots
	v := w.judge(resp, err)
	if v.all {
		w.holdAll(v.after)
	}
	seen := trackers.Request{Tracker: w.opt.Tracker, Op: opOf(req.Context()), Outcome: v.code, Took: w.opt.Now().Sub(begun)}
	if resp != nil {
		seen.Status = resp.StatusCode
	}
	w.opt.Observe(seen)
	return resp, err
}

// enter waits until the server and our own limits allow the request, and takes a slot.
// Its errors mean that nothing was sent.
func (w wire) enter(req *http.Request) error {
	ctx := req.Context()
	hold := w.hold(writes(req))
	a := attemptOf(ctx)
	if a.waited+hold > w.opt.MaxWait {
		return &fault{trackers.RateLimit, hold, errors.New("the server asked to be left alone for a while")}
	}
	if hold > 0 {
		a.waited += hold
		if err := w.opt.Sleep(ctx, hold); err != nil {
			return &fault{trackers.Unavailable, 0, err}
		}
	}
	select {
	case <-ctx.Done():
	case w.slots <- struct{}{}:
		if ended(ctx) == nil {
			return nil
		}
		<-w.slots
	}
	return &fault{trackers.Unavailable, 0, ended(ctx)}
}

// ended is why the context is done, or would be as soon as its timer fired: a process that
// goes on after it was suspended may come here first. A context that is made with a
// deadline in the past is done at once.
func ended(ctx context.Context) error {
	end, ok := ctx.Deadline()
	if ctx.Err() != nil || !ok {
		return ctx.Err()
	}
	probe, cancel := context.WithDeadline(context.WithoutCancel(ctx), end)
	defer cancel()
	return probe.Err()
}

// hold is how long a request must be held back now. A write takes its place in the
// row of writes.
func (c *Client) hold(write bool) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.opt.Now()
	at := now
	if c.until.After(at) {
		at = c.until
	}
	if write && c.opt.WriteGap > 0 {
		if c.nextWrite.After(at) {
			at = c.nextWrite
		}
		if at.Sub(now) <= c.opt.MaxWait { // else it gives up and takes no place
			c.nextWrite = at.Add(c.opt.WriteGap)
		}
	}
	return at.Sub(now)
}

// holdAll holds everything back for d.
func (c *Client) holdAll(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until := c.opt.Now().Add(d); until.After(c.until) {
		c.until = until
	}
}

func (w wire) send(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), w.opt.Timeout)
	defer cancel()
	out := req.Clone(ctx)
	out.Header.Set("User-Agent", w.opt.UserAgent)
	if out.Header.Get("Accept") == "" {
		out.Header.Set("Accept", "application/json")
	}
	w.opt.Auth.sign(out.Header)
	resp, err := w.opt.Transport.RoundTrip(out)
	if err != nil {
		return nil, w.unanswered(req, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, w.opt.MaxAnswer+1))
	if err == nil && int64(len(body)) > w.opt.MaxAnswer {
		err = fmt.Errorf("an answer of more than %d bytes", w.opt.MaxAnswer)
		if !writes(req) {
			return nil, &fault{trackers.Internal, 0, err}
		}
	}
	if err != nil {
		return nil, w.unanswered(req, err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.Request = req // the one without credentials
	return resp, nil
}

// unanswered is what it means that no whole answer came.
func (w wire) unanswered(req *http.Request, err error) error {
	f := &fault{trackers.Unavailable, 0, w.clean(err)}
	if writes(req) && !neverSent(err) {
		f.code = trackers.UnknownOutcome
	}
	return f
}

// neverSent reports whether err proves that no connection was made.
func neverSent(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	_, dns := errors.AsType[*net.DNSError](err)
	return dns
}

// clean is a transport's error without secrets, still known as the end of a context.
func (c *Client) clean(err error) error {
	text := errors.New(c.Scrub(err.Error()))
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("no answer within %s: %w", c.opt.Timeout.Round(time.Millisecond), context.DeadlineExceeded)
	}
	return text
}
