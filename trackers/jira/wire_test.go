package jira_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/jira"
	"percolate/trackers/jira/jiratest"
)

// tap looks at what goes over the wire.
type tap struct {
	next http.RoundTripper
	look func(req *http.Request, body string)
}

func (w tap) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	w.look(req, string(body))
	return w.next.RoundTrip(req)
}

// Scoped tokens are only taken behind the gateway, while people open the site; version
// 3 wants texts in another form; the library sends neither headers nor people as they
// should be.
func TestRequestsGoThroughTheGatewayInTheFormOfVersionTwo(t *testing.T) {
	for _, f := range flavours()[:6] {
		s := newSite(t, f)
		var n atomic.Int32 // requests, of which some go side by side
		opt := f.opt
		opt.Name, opt.URL, opt.Project, opt.Token, opt.User = "jira-ops", "https://jira.example", "OPS", token, user
		opt.API = "https://gateway.example/ex/jira/0000-1111"
		if f.sim.DataCenter {
			opt.User = ""
		}
		opt.Now, opt.Sleep = s.Now, func(_ context.Context, d time.Duration) error { s.Wait(d); return nil }
		opt.Transport = tap{s.sim.Transport(), func(req *http.Request, body string) {
			n.Add(1)
			if req.URL.Host != "gateway.example" || !strings.HasPrefix(req.URL.Path, "/ex/jira/0000-1111/rest/api/2/") {
				t.Errorf("%s: it asks %s", f.name, req.URL)
			}
			if req.Header.Get("Accept") != "application/json" || req.Header.Get("User-Agent") == "" {
				t.Errorf("%s: headers %v", f.name, req.Header)
			}
			if strings.Contains(body, "Password") || strings.Contains(body, "avatarUrls") {
				t.Errorf("%s: it sends %s", f.name, body)
			}
		}}
		tr, err := jira.New(opt)
		if err != nil {
			t.Fatal(err)
		}
		everyKindOfRequest(t, s, tr)
		s.sim.SetFaults(func(x *jiratest.Faults) { *x = f.bad })
		seen := tr.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-9"}, Fields: ticket.Fields{Title: "P"}}})[0].Seen
		if n.Load() < 20 || seen.URL != "https://jira.example/browse/"+seen.Name {
			t.Errorf("%s: %d requests, and people open %s", f.name, n.Load(), seen.URL)
		}
		if seen.Updated.IsZero() {
			t.Errorf("%s: the time of the last change was not understood", f.name)
		}
	}
}
