package githubtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
)

// answer collects an answer, so that it can be lost after all was done.
type answer struct {
	http.ResponseWriter
	header  http.Header
	status  int
	body    bytes.Buffer
	aliases int
	mutates bool // it was a GraphQL mutation
}

// Header is that of the answer.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write keeps the body.
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

func (a *answer) flush() {
	a.ResponseWriter.WriteHeader(a.status)
	_, _ = a.ResponseWriter.Write(a.body.Bytes())
}

// give answers with JSON.
func (a *answer) give(status int, v any) {
	a.header.Set("Content-Type", "application/json; charset=utf-8")
	a.status = status
	a.body.Reset()
	_ = json.NewEncoder(&a.body).Encode(v)
}

func (a *answer) none() { a.status = http.StatusNoContent }

// fail answers with an error as GitHub words it.
func (a *answer) fail(status int, message string, errs ...map[string]any) {
	v := map[string]any{"message": message, "documentation_url": "https://docs.github.com/rest"}
	if len(errs) > 0 {
		v["errors"] = errs
	}
	a.give(status, v)
}

func (a *answer) invalid(field, code string) {
	a.fail(http.StatusUnprocessableEntity, "Validation Failed", map[string]any{"resource": "Issue", "field": field, "code": code})
}

// read decodes a request and refuses keys that GitHub does not know.
func read(a *answer, r *http.Request, into any) bool {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		a.fail(http.StatusBadRequest, "Problems parsing JSON: "+err.Error())
		return false
	}
	return true
}

var errLost = errors.New("connection reset by peer")

// RoundTrip serves a request without a network. A lost answer is an error.
func (s *Server) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = io.NopCloser(bytes.NewReader(nil))
	}
	w := httptest.NewRecorder()
	defer func() {
		if lost := recover(); lost == http.ErrAbortHandler { //nolint:errorlint // a panic value is compared as it is
			resp, err = nil, errLost
		} else if lost != nil {
			panic(lost)
		}
	}()
	s.ServeHTTP(w, in)
	resp = w.Result()
	resp.Request = r
	return resp, nil
}
