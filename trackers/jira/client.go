package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	jiralib "github.com/andygrunwald/go-jira"

	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// api is where version 2 of the API is, which takes and gives texts as wiki markup.
const api = "rest/api/2/"

// apiError is a request that went wrong, with what Jira says about single fields.
type apiError struct {
	port   *trackers.Error
	fields map[string]string
	body   []byte
}

// Error is that of the port's error.
func (e *apiError) Error() string { return e.port.Error() }

// Unwrap returns the port's error.
func (e *apiError) Unwrap() error { return e.port }

// read asks for something that changes nothing, whatever its method.
func (t *Tracker) read(ctx context.Context, op, method, path string, in, out any) error {
	return t.send(rest.Reading(ctx), op, method, path, in, out)
}

// send makes one request through go-jira.
func (t *Tracker) send(ctx context.Context, op, method, path string, in, out any) error {
	req, err := t.jira.NewRequestWithContext(rest.WithOp(ctx, op), method, api+path, in)
	if err != nil {
		return &trackers.Error{Tracker: t.opt.Name, Op: op, Code: trackers.Internal, Err: err}
	}
	resp, err := t.jira.Do(req, out)
	if err == nil || resp != nil && resp.StatusCode == http.StatusNoContent { // no content is none to decode
		return nil
	}
	if resp == nil {
		return t.rest.Fail(op, nil, err, "")
	}
	return t.failure(op, resp, err)
}

func (t *Tracker) failure(op string, resp *jiralib.Response, err error) error {
	if resp.StatusCode < 300 { // the body is spent, and was not what we know
		return t.rest.Fail(op, resp.Response, err, "")
	}
	body, _ := io.ReadAll(resp.Body) // in memory already
	said := readWords(body)
	e := t.rest.Fail(op, resp.Response, err, said.text())
	if resp.StatusCode == http.StatusUnauthorized {
		e.Err = fmt.Errorf("%w; tokens expire after at most a year, and scoped ones need the address of the API gateway", e.Err)
	}
	return &apiError{port: e, fields: said.Errors, body: body}
}

// words are what Jira says of an error.
type words struct {
	Messages []string          `json:"errorMessages"`
	Errors   map[string]string `json:"errors"`
	Message  string            `json:"message"`
	other    string
}

func readWords(body []byte) words {
	var w words
	if json.Unmarshal(body, &w) != nil && len(w.Messages) == 0 {
		w.other = rest.Words(body)
	}
	return w
}

// text is all that is said as one line.
func (w words) text() string {
	all := slices.Clone(w.Messages)
	for _, field := range slices.Sorted(maps.Keys(w.Errors)) {
		all = append(all, field+": "+w.Errors[field])
	}
	if w.Message != "" {
		all = append(all, w.Message)
	}
	if len(all) == 0 {
		return w.other
	}
	return strings.Join(all, "; ")
}

// fail is an error of ours.
func (t *Tracker) fail(op string, code trackers.Code, format string, args ...any) *trackers.Error {
	return t.rest.Errorf(op, code, format, args...)
}

// plain is err as the port wants it.
func (t *Tracker) plain(op string, err error) error { return t.rest.Plain(op, err) }

// partly is err after something else was written: nobody may take it for nothing done.
func (t *Tracker) partly(op string, done bool, err error) error {
	return t.rest.Partly(op, done, err)
}

// refused is what Jira says of the fields of a request that it refused as a whole; nil
// when that is not why it failed.
func refused(err error) map[string]string {
	if e, ok := errors.AsType[*apiError](err); ok && e.port.Code == trackers.Invalid {
		return e.fields
	}
	return nil
}
