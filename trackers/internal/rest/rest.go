// Package rest is the HTTP client below every tracker that speaks HTTP. It gives the
// vendor's library an [http.Client] that retries what may be retried and nothing else:
// reads that failed, and requests that the server refused. A write whose outcome is
// unknown is never sent again. Requests go to the configured origin only, and no error
// holds credentials. It knows no tracker, and decodes no answer.
package rest

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"percolate/trackers"
)

// Options configure a client. Tracker, Base and Now are needed; zero values of the
// others mean the defaults.
type Options struct {
	Tracker   string // the configured name, for errors and counters
	Base      string // the address below which the API is; nothing is sent to another origin
	Auth      Auth
	Secrets   []string // what else must never be seen; Auth's own are known
	UserAgent string   // "percolate"
	Insecure  bool     // allow plain http to hosts other than this one

	Timeout   time.Duration // of one try, its answer included; 30 s
	MaxWait   time.Duration // that one request waits in all before it gives up; 30 s, negative for none
	Retries   int           // tries after the first; 4, negative for none
	Parallel  int           // requests under way at once; 4
	WriteGap  time.Duration // the least time between the beginnings of two writes; 0
	MaxAnswer int64         // bytes of an answer, once it is unpacked; 32 MiB

	Now     func() time.Time
	Sleep   func(context.Context, time.Duration) error // waits, or ends early with ctx
	Random  func() float64                             // in [0,1)
	Observe func(trackers.Request)                     // is told of every try; safe for concurrent use
	// Transport sends the requests; nil is one with the standard library's settings: TLS
	// with the system's roots, and the proxy that the environment names.
	Transport http.RoundTripper
}

// Client holds what all requests to one tracker share. It is safe for concurrent use.
type Client struct {
	opt     Options
	base    *url.URL
	secrets *strings.Replacer
	http    *http.Client
	slots   chan struct{}

	mu        sync.Mutex
	until     time.Time // the server wants nothing from us before
	nextWrite time.Time
}

// New makes a client. The error is for the person who wrote the configuration.
func New(opt Options) (*Client, error) {
	base, err := url.Parse(opt.Base)
	if err != nil || base.Host == "" || base.User != nil {
		return nil, errors.New("the address must look like https://host/path, without a password in it")
	}
	if base.Scheme != "https" && !(base.Scheme == "http" && (opt.Insecure || loopback(base.Hostname()))) {
		return nil, fmt.Errorf("%s://%s would send the credentials in the clear; use https", base.Scheme, base.Host)
	}
	c := &Client{opt: withDefaults(opt), base: base}
	c.secrets = hide(append(c.opt.Auth.secrets(), c.opt.Secrets...))
	c.slots = make(chan struct{}, c.opt.Parallel)
	c.http = &http.Client{Transport: c.retrying(), CheckRedirect: stayHome}
	return c, nil
}

// HTTP is the client to hand to the vendor's library.
func (c *Client) HTTP() *http.Client { return c.http }

func withDefaults(opt Options) Options {
	opt.UserAgent = cmp.Or(opt.UserAgent, "percolate")
	opt.Timeout = cmp.Or(opt.Timeout, 30*time.Second)
	opt.MaxWait = max(cmp.Or(opt.MaxWait, 30*time.Second), 0)
	opt.Retries = max(cmp.Or(opt.Retries, 4), 0)
	opt.Parallel = max(cmp.Or(opt.Parallel, 4), 1)
	opt.MaxAnswer = cmp.Or(opt.MaxAnswer, 32<<20)
	if opt.Sleep == nil {
		opt.Sleep = sleep
	}
	if opt.Random == nil {
		opt.Random = rand.Float64
	}
	if opt.Observe == nil {
		opt.Observe = func(trackers.Request) {}
	}
	if opt.Transport == nil {
		opt.Transport = transport(opt.Parallel)
	}
	return opt
}

// maxHeader bounds the header of an answer, in bytes.
const maxHeader = 1 << 20

func transport(parallel int) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = parallel
	t.MaxResponseHeaderBytes = maxHeader
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	return t
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// retrying is the transport that tries again, over the wire.
func (c *Client) retrying() http.RoundTripper {
	r := retryablehttp.NewClient()
	r.Logger = nil // it logs addresses with their query
	r.RetryMax = c.opt.Retries
	r.HTTPClient = &http.Client{Transport: wire{c}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r.CheckRetry = c.again
	r.Backoff = func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return 0 } // pause waits
	r.PrepareRetry = c.pause
	r.ErrorHandler = lastAnswer
	return attempts{&retryablehttp.RoundTripper{Client: r}}
}

// lastAnswer hands up the answer of the last try, where the library would drop it.
func lastAnswer(resp *http.Response, err error, _ int) (*http.Response, error) {
	if err != nil {
		return nil, err
	}
	return resp, nil
}

// stayHome follows a redirect within the origin, and never one that would turn a
// write into a read. What is not followed comes back as the answer that it is.
func stayHome(req *http.Request, via []*http.Request) error {
	first := via[0]
	if len(via) >= 5 || req.Method != first.Method || req.URL.Host != first.URL.Host || req.URL.Scheme != first.URL.Scheme {
		return http.ErrUseLastResponse
	}
	return nil
}
