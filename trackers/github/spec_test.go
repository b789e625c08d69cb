package github_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

func itoa(n int) string { return strconv.Itoa(n) }

// description routes requests in GitHub's OpenAPI description, where one is at hand.
var description = sync.OnceValues(func() (routers.Router, error) {
	folder := os.Getenv("PERCOLATE_SPECS")
	if folder == "" {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(folder, "github-*.json"))
	if err != nil || len(files) == 0 {
		return nil, os.ErrNotExist
	}
	doc, err := openapi3.NewLoader().LoadFromFile(files[0])
	if err != nil {
		return nil, err
	}
	doc.Servers = openapi3.Servers{{URL: "https://api.github.com"}}
	return gorillamux.NewRouter(doc)
})

// checked compares what both sides say with the description that PERCOLATE_SPECS leads
// to. GraphQL, comments, repositories and assignees are not in it.
func checked(t *testing.T, next http.RoundTripper) http.RoundTripper {
	t.Helper()
	router, err := description()
	if err != nil {
		t.Fatal(err)
	}
	if router == nil {
		return next
	}
	return spec{t, router, next}
}

type spec struct {
	t      *testing.T
	router routers.Router
	next   http.RoundTripper
}

// RoundTrip sends a request that is in the description as it must be.
func (s spec) RoundTrip(r *http.Request) (*http.Response, error) {
	route, params, err := s.router.FindRoute(r)
	if err != nil {
		return s.next.RoundTrip(r)
	}
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	in := &openapi3filter.RequestValidationInput{
		Request: r.Clone(r.Context()), PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}
	in.Request.Body = io.NopCloser(bytes.NewReader(sent))
	if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
		s.t.Errorf("%s %s: %.600v", r.Method, r.URL, err)
	}
	resp, err := s.next.RoundTrip(r)
	if err != nil || resp.StatusCode >= 300 {
		return resp, err
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header, Options: in.Options}
	out.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(r.Context(), out); err != nil && !strings.Contains(err.Error(), "status is not supported") {
		s.t.Errorf("the answer to %s %s: %.900v", r.Method, r.URL, err)
	}
	return resp, nil
}
