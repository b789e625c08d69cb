package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"percolate/trackers"
)

var errNoTime = errors.New("nobody waits for it any longer")

// fault is why there is no answer, and what that means for the request.
type fault struct {
	code  trackers.Code
	after time.Duration
	err   error
}

// Error is the cause.
func (f *fault) Error() string { return f.err.Error() }

// Unwrap returns the cause.
func (f *fault) Unwrap() error { return f.err }

// faultOf is the fault in err. Other errors come from before a request was sent, or
// from an answer that was not understood.
func faultOf(err error) *fault {
	if f, ok := errors.AsType[*fault](err); ok {
		return f
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &fault{code: trackers.Unavailable, err: err}
	}
	return &fault{code: trackers.Internal, err: err}
}

// Fail is the port's error for a request that went wrong: resp as the vendor's library
// returned it, which may be nil; err as it returned it; and why, the server's own
// words if the caller could read them. A good answer that was not understood is
// [trackers.Internal] for a read, and [trackers.UnknownOutcome] for a write.
func (c *Client) Fail(op string, resp *http.Response, err error, why string) *trackers.Error {
	e := &trackers.Error{Tracker: c.opt.Tracker, Op: op}
	if resp == nil {
		f := faultOf(err)
		e.Code, e.After, e.Err = f.code, f.after, f.err
		return c.scrubbed(e, why)
	}
	v := c.judge(resp, nil)
	e.Code, e.After = v.code, v.after
	switch {
	case v.code != "":
		e.Err = fmt.Errorf("%d %s", resp.StatusCode, meaning(resp))
	case writes(resp.Request):
		e.Code, e.Err = trackers.UnknownOutcome, notUnderstood(err)
	default:
		e.Code, e.Err = trackers.Internal, notUnderstood(err)
	}
	return c.scrubbed(e, why)
}

func (c *Client) scrubbed(e *trackers.Error, why string) *trackers.Error {
	text := e.Err.Error()
	if why = c.Scrub(OneLine(why)); why != "" {
		text += ": " + why
	}
	if clean := c.Scrub(text); clean != e.Err.Error() {
		e.Err = errors.New(clean)
	}
	return e
}

func notUnderstood(err error) error {
	if err == nil {
		return errors.New("the answer was not understood")
	}
	return fmt.Errorf("the answer was not understood: %w", err)
}

// meaning is the status in words; for a redirect that was not followed, where it led.
func meaning(resp *http.Response) string {
	if to, err := resp.Location(); err == nil && resp.StatusCode/100 == 3 {
		return "redirect to " + to.Scheme + "://" + to.Host + ", which is not followed; is the address right, and the token valid"
	}
	return http.StatusText(resp.StatusCode)
}

// whyLength is how much of a server's words an error shows, in characters.
const whyLength = 300

// OneLine is text for one line of an error: white space folded, and cut where it is long.
func OneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > whyLength {
		return string(r[:whyLength]) + "..."
	}
	return text
}

var htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// Words is what an answer that is not in the API's form says to people: the title of
// an HTML page, or the text itself.
func Words(body []byte) string {
	text := string(body)
	if m := htmlTitle.FindStringSubmatch(text); m != nil {
		return OneLine("a web page: " + m[1])
	}
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		return "a web page"
	}
	return OneLine(text)
}
