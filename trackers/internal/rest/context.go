package rest

import (
	"context"
	"net/http"
	"time"
)

type contextKey int

const (
	opKey contextKey = iota
	readKey
	attemptKey
)

// WithOp names the operation that the requests made with the context belong to.
func WithOp(ctx context.Context, op string) context.Context {
	return context.WithValue(ctx, opKey, op)
}

// Reading says that the requests made with the context change nothing, whatever their
// method: searches and bulk reads are often a POST.
func Reading(ctx context.Context) context.Context { return context.WithValue(ctx, readKey, true) }

func opOf(ctx context.Context) string {
	op, _ := ctx.Value(opKey).(string)
	return op
}

// writes reports whether the request may change something; one that is not known may.
func writes(req *http.Request) bool {
	if req == nil {
		return true
	}
	read, _ := req.Context().Value(readKey).(bool)
	return !read && req.Method != http.MethodGet && req.Method != http.MethodHead
}

// attempt is what one request went through so far.
type attempt struct {
	tries  int
	waited time.Duration
	next   time.Duration // to wait before the next try
	last   error         // what the last try came to, as an error of ours
}

// attempts gives each request its attempt.
type attempts struct{ next http.RoundTripper }

func (a attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	return a.next.RoundTrip(req.WithContext(context.WithValue(req.Context(), attemptKey, &attempt{})))
}

func attemptOf(ctx context.Context) *attempt {
	a, _ := ctx.Value(attemptKey).(*attempt)
	return a
}
