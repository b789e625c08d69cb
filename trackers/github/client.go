package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	ghlib "github.com/google/go-github/v60/github"

	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// library is a client of the library for one request. It is made anew each time, since
// a client remembers limits by the machine's clock and then refuses by itself; limits
// are the business of package rest.
func (t *Tracker) library(h *http.Client) *ghlib.Client {
	l := ghlib.NewClient(h)
	l.BaseURL = t.base
	return l
}

// noting keeps the error of a request. The library puts the end of the context in its
// place, and then nothing tells whether the request may have been carried out.
type noting struct {
	next   http.RoundTripper
	failed *error
}

// RoundTrip makes one request.
func (n noting) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	resp, err = n.next.RoundTrip(req)
	*n.failed = err
	return resp, err
}

// get reads something at an address of the API or one that GitHub gave.
func (t *Tracker) get(ctx context.Context, op, path string, out any) (*http.Response, error) {
	return t.request(ctx, op, http.MethodGet, path, nil, out)
}

// write makes one request that changes something, in its turn and pace.
func (t *Tracker) write(ctx context.Context, op, method, path string, in, out any) error {
	if err := t.mayWrite(ctx, op, 1); err != nil {
		return err
	}
	_, err := t.request(ctx, op, method, path, in, out)
	return err
}

// redirects is how often a write follows an issue that moved.
const redirects = 3

func (t *Tracker) request(ctx context.Context, op, method, path string, in, out any) (*http.Response, error) {
	for hop := 0; ; hop++ {
		resp, err := t.once(ctx, method, path, op, in, out)
		if err == nil {
			return resp, nil
		}
		to, ok := t.moved(resp)
		if !ok || hop == redirects {
			return resp, t.refusal(op, resp, err)
		}
		path = to
	}
}

func (t *Tracker) once(ctx context.Context, method, path, op string, in, out any) (*http.Response, error) {
	var failed error
	h := *t.rest.HTTP()
	h.Transport = noting{h.Transport, &failed}
	l := t.library(&h)
	req, err := l.NewRequest(method, path, in)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(path, "graphql") {
		req.Header.Set("GraphQL-Features", features)
	}
	resp, err := l.Do(rest.WithOp(ctx, op), req, out)
	if resp == nil {
		return nil, cmp.Or(failed, err)
	}
	return resp.Response, err
}

// moved is where a request that must not become another one is to be sent again: the
// HTTP client follows reads by itself, and would turn a write into a read.
func (t *Tracker) moved(resp *http.Response) (string, bool) {
	if resp == nil || resp.Request == nil || resp.Request.Method == http.MethodGet {
		return "", false
	}
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return "", false
	}
	to, err := resp.Location()
	if err != nil || to.Scheme != t.base.Scheme || to.Host != t.base.Host {
		return "", false
	}
	return to.String(), true
}

// refusal is the port's error for a request that went wrong.
func (t *Tracker) refusal(op string, resp *http.Response, err error) error {
	err = t.rest.Fail(op, resp, err, said(err))
	if e, ok := errors.AsType[*trackers.Error](err); ok && e.Code == trackers.RateLimit {
		t.pace.hold(e.After)
	}
	return err
}

// said are GitHub's own words.
func said(err error) string {
	e, ok := errors.AsType[*ghlib.ErrorResponse](err)
	if !ok {
		return ""
	}
	text := e.Message
	for _, one := range e.Errors {
		text += fmt.Sprintf("; %s %s", one.Field, one.Code)
		if one.Message != "" {
			text += ": " + one.Message
		}
	}
	return text
}

// fail is an error of ours.
func (t *Tracker) fail(op string, code trackers.Code, format string, args ...any) *trackers.Error {
	return t.rest.Errorf(op, code, format, args...)
}

// partly is err after something else was written: nobody may take it for nothing done.
func (t *Tracker) partly(op string, done bool, err error) error {
	return t.rest.Partly(op, done, err)
}

func isCode(err error, code trackers.Code) bool { return trackers.CodeOf(err) == code }

var nextLink = regexp.MustCompile(`<([^>]*)>\s*;[^,]*\brel="?next"?`)

// next is the address of the next page, as GitHub gives it; "" for the last one.
func (t *Tracker) next(resp *http.Response) string {
	m := nextLink.FindStringSubmatch(strings.Join(resp.Header.Values("Link"), ","))
	if m == nil {
		return ""
	}
	return m[1]
}

// maxPages bounds a list that does not end.
const maxPages = 2000

// pages reads a list from page to page.
func pages[T any](ctx context.Context, t *Tracker, op, path string, each func([]T, *http.Response) bool) error {
	for range maxPages {
		var page []T
		resp, err := t.get(ctx, op, path, &page)
		if err != nil {
			return err
		}
		if path = t.next(resp); !each(page, resp) || path == "" {
			return nil
		}
	}
	return t.fail(op, trackers.Internal, "a list has more than %d pages", maxPages)
}
