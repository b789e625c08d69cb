// Package resttest proves of a tracker what is the same for all that speak HTTP: that
// its credentials reach no error, whatever a server answers. It knows no tracker.
package resttest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
)

// User and Secret are the credentials to make the tracker under test with.
const (
	User   = "bot@percolate.example"
	Secret = "s3cr3t+token/of=ours"
)

// KeepsSecrets runs every operation of a tracker against servers that give back, in
// every way, whatever credentials they were sent. It is told how to make the tracker
// for a server's address.
func KeepsSecrets(t *testing.T, make func(t *testing.T, address string) trackers.Tracker) {
	t.Helper()
	for _, status := range []int{200, 201, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503} {
		for _, kind := range []string{"application/json", "text/html", "text/plain"} {
			t.Run(fmt.Sprintf("%d %s", status, kind), func(t *testing.T) {
				server := httptest.NewServer(echo(status, kind))
				defer server.Close()
				for _, text := range everything(t, make(t, server.URL)) {
					wantNoSecret(t, text)
				}
			})
		}
	}
}

// echo answers with what it was sent.
func echo(status int, kind string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent := r.Header.Get("Authorization") + " " + Secret
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Retry-After", "3600")
		w.Header().Set("Location", "https://elsewhere.example/?token="+Secret)
		w.WriteHeader(status)
		switch kind {
		case "application/json":
			fmt.Fprintf(w, `{"message":%q,"errorMessages":[%q],"errors":[{"message":%q}]}`, sent, sent, sent)
		case "text/html":
			fmt.Fprintf(w, "<html><title>%s</title><body>%s</body></html>", sent, sent)
		default:
			fmt.Fprint(w, sent)
		}
	})
}

// everything is what all operations say.
func everything(t *testing.T, tr trackers.Tracker) (texts []string) {
	t.Helper()
	say := func(v any) { texts = append(texts, fmt.Sprintf("%v %+v %#v", v, v, v)) }
	ctx := t.Context()
	say(tr.Info())
	say(tr.Check(ctx, []string{"ann"}))
	for s, err := range tr.Find(ctx, []string{"PER-1"}) {
		say(s)
		say(err)
	}
	got, err := tr.Get(ctx, []ticket.Ref{"10001"})
	say(got)
	say(err)
	for c, err := range tr.Changed(ctx, "") {
		say(c)
		say(err)
	}
	for _, c := range tr.Create(ctx, []trackers.Creation{{Key: ticket.Key{Document: "PER-1"}, Fields: ticket.Fields{Kind: ticket.KindParent, Title: "x"}}}) {
		say(c.Err)
		say(c)
	}
	_, unmet, err := tr.Update(ctx, ticket.Seen{Ref: "10001"}, ticket.Patch{Status: ticket.StatusDone})
	say(unmet)
	say(err)
	return texts
}

func wantNoSecret(t *testing.T, text string) {
	t.Helper()
	for _, form := range []string{Secret, base64.StdEncoding.EncodeToString([]byte(User + ":" + Secret)), base64.StdEncoding.EncodeToString([]byte(Secret))} {
		if strings.Contains(text, form) {
			// The secret itself is left out of the failure too.
			t.Errorf("a secret is told: %s", strings.ReplaceAll(text, form, "<secret>"))
		}
	}
}
