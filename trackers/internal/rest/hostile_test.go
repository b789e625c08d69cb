package rest_test

import (
	"compress/gzip"
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// serve answers with handler, and makes a client for it with the given options.
func serve(t *testing.T, opt rest.Options, handler http.HandlerFunc) (*rest.Client, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	opt.Tracker, opt.Base, opt.Retries, opt.Now = "demo", server.URL, -1, time.Now
	c, err := rest.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return c, server.URL
}

// get makes one request and tells what came of it.
func get(t *testing.T, c *rest.Client, address string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.HTTP().Do(req)
	if err != nil {
		return c.Fail("op", nil, err, "")
	}
	return resp.Body.Close()
}

func TestACompressedAnswerCountsAsWhatItUnpacksTo(t *testing.T) {
	c, at := serve(t, rest.Options{MaxAnswer: 1 << 20}, func(w http.ResponseWriter, r *http.Request) {
		size := int64(1 << 19)
		if r.URL.Path == "/bomb" {
			size = 1 << 28
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.CopyN(z, zeros{}, size)
		_ = z.Close()
	})
	if err := get(t, c, at+"/small"); err != nil {
		t.Errorf("half of what is allowed: %v", err)
	}
	if err := get(t, c, at+"/bomb"); trackers.CodeOf(err) != trackers.Internal || !strings.Contains(err.Error(), "more than 1048576 bytes") {
		t.Errorf("256 times what is allowed: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestAnAnswerThatDoesNotEndIsGivenUp(t *testing.T) {
	gone := make(chan struct{})
	c, at := serve(t, rest.Options{Timeout: 50 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
		defer close(gone)
		_, _ = io.WriteString(w, "[")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	if err := get(t, c, at); trackers.CodeOf(err) != trackers.Unavailable || !strings.Contains(err.Error(), "no answer within") {
		t.Error(err)
	}
	<-gone
}

func TestAHeaderWithoutEndIsGivenUp(t *testing.T) {
	c, at := serve(t, rest.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("a", 2<<20))
	})
	if err := get(t, c, at); trackers.CodeOf(err) != trackers.Unavailable {
		t.Error(err)
	}
}

func TestAServerWithOldTLSOrAnUnknownCertificateGetsNothing(t *testing.T) {
	for name, version := range map[string]uint16{"TLS 1.1": tls.VersionTLS11, "a certificate of its own": tls.VersionTLS13} {
		t.Run(name, func(t *testing.T) {
			asked := false
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
			server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: version}
			server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
			server.StartTLS()
			defer server.Close()
			// Even where plain http is allowed, TLS is checked in full.
			c, err := rest.New(rest.Options{Tracker: "demo", Base: server.URL, Auth: rest.Bearer("tok"), Insecure: true, Retries: -1, Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			if err := get(t, c, server.URL); err == nil || asked || !strings.Contains(err.Error(), "tls: ") {
				t.Errorf("%v, asked %v", err, asked)
			}
		})
	}
}

// proxiedEnv makes the test binary a process that sends one request: the environment
// counts as it is when a process begins.
const proxiedEnv = "PERCOLATE_REST_TEST_PROXIED"

func TestTheProxyOfTheEnvironmentIsUsed(t *testing.T) {
	if os.Getenv(proxiedEnv) != "" {
		c, err := rest.New(rest.Options{Tracker: "demo", Base: "https://tracker.example", Auth: rest.Bearer("tok"), Retries: -1, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		_ = get(t, c, "https://tracker.example/x")
		return
	}
	asked := make(chan string, 1)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.Host + " " + r.Header.Get("Authorization")
		w.WriteHeader(http.StatusForbidden)
	}))
	defer proxy.Close()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), proxiedEnv+"=1", "HTTPS_PROXY="+proxy.URL, "NO_PROXY=", "no_proxy=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	select {
	case got := <-asked:
		if got != "CONNECT tracker.example:443 " { // the tunnel, and nothing secret
			t.Errorf("the proxy was asked for %q", got)
		}
	default:
		t.Error("the proxy was not asked")
	}
}
