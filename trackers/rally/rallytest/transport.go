package rallytest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// Transport reaches the simulator without a network.
func (s *Server) Transport() http.RoundTripper { return direct{s} }

type direct struct{ handler http.Handler }

var errDropped = errors.New("connection reset by peer")

// RoundTrip hands the request to the simulator.
func (d direct) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	defer func() {
		switch r := recover(); r {
		case nil:
		case http.ErrAbortHandler:
			resp, err = nil, errDropped
		default:
			panic(r)
		}
	}()
	w := &recorder{status: http.StatusOK, header: http.Header{}}
	d.handler.ServeHTTP(w, req)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: w.status, Status: http.StatusText(w.status), Header: w.header, Request: req, Body: io.NopCloser(&w.body),
		ContentLength: int64(w.body.Len()), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

type recorder struct {
	status int
	header http.Header
	body   bytes.Buffer
}

// Header is that of the answer.
func (r *recorder) Header() http.Header { return r.header }

// WriteHeader keeps the status.
func (r *recorder) WriteHeader(status int) { r.status = status }

// Write keeps the body.
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
