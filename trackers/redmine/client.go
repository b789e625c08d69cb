package redmine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// refusal is a request that Redmine did not take, with its words, one for each fault.
type refusal struct {
	port  *trackers.Error
	words []string
}

// Error is that of the port's error.
func (r *refusal) Error() string { return r.port.Error() }

// Unwrap returns the port's error.
func (r *refusal) Unwrap() error { return r.port }

// read asks for what is below path, which changes nothing.
func (t *Tracker) read(ctx context.Context, op, path string, out any) error {
	_, err := t.send(ctx, op, http.MethodGet, path, nil, out)
	return err
}

// send makes one request. It returns the server's own time, where the answer tells it.
func (t *Tracker) send(ctx context.Context, op, method, path string, in, out any) (time.Time, error) {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return time.Time{}, t.fail(op, trackers.Internal, "%w", err)
		}
	}
	req, err := http.NewRequestWithContext(rest.WithOp(ctx, op), method, t.opt.URL+path, bytes.NewReader(body.Bytes()))
	if err != nil {
		return time.Time{}, t.fail(op, trackers.Internal, "%w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := t.rest.HTTP().Do(req)
	if err != nil {
		return time.Time{}, t.rest.Fail(op, nil, err, "")
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode < 200 || resp.StatusCode > 299 {
		return time.Time{}, t.refused(op, resp, err, text)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			return time.Time{}, t.rest.Fail(op, resp, err, rest.Words(text))
		}
	}
	now, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		now = time.Time{} // a server without one in front may not tell
	}
	return now, nil
}

// refused is the error of an answer that is none.
func (t *Tracker) refused(op string, resp *http.Response, err error, text []byte) error {
	var said struct {
		Errors []string `json:"errors"`
	}
	why := rest.Words(text)
	if json.Unmarshal(text, &said) == nil {
		why = strings.Join(said.Errors, "; ")
	}
	e := t.rest.Fail(op, resp, err, why)
	switch resp.StatusCode {
	case http.StatusUnauthorized:
		e.Err = fmt.Errorf("%w; is the API key right, and is the REST service switched on (Administration, Settings, API)", e.Err)
	case http.StatusForbidden:
		e.Err = fmt.Errorf("%w; the account's role lacks a permission, see percolate doctor", e.Err)
	case http.StatusUnprocessableEntity:
		return &refusal{e, said.Errors}
	}
	return e
}

// fail is an error of ours.
func (t *Tracker) fail(op string, code trackers.Code, format string, args ...any) *trackers.Error {
	return t.rest.Errorf(op, code, format, args...)
}

// plain is err as the port wants it.
func (t *Tracker) plain(op string, err error) error { return t.rest.Plain(op, err) }

// partly is err after something was written: nobody may take it for nothing done.
func (t *Tracker) partly(op string, done bool, err error) error {
	return t.rest.Partly(op, done, err)
}
