package resttest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"percolate/trackers"
)

// mostRequests is how many requests all operations together may make of a server whose
// answers have no end.
const mostRequests = 50_000

// Survives runs every operation of a tracker against servers that answer whatever they
// like: nonsense, values of other types, depth without end, pages without end. It is told
// how to make the tracker for a server's address. Every operation must end, within a
// bound of requests, without a panic, and without a secret in what it says.
func Survives(t *testing.T, make func(t *testing.T, address string) trackers.Tracker) {
	t.Helper()
	for name, answer := range hostileAnswers() {
		t.Run(name, func(t *testing.T) {
			var n atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				answer(w, r, n.Add(1))
			}))
			defer server.Close()
			for _, text := range everything(t, make(t, server.URL)) {
				wantNoSecret(t, text)
			}
			if n.Load() > mostRequests {
				t.Errorf("%d requests were made", n.Load())
			}
		})
	}
}

type answering func(w http.ResponseWriter, r *http.Request, n int64)

func hostileAnswers() map[string]answering {
	all := map[string]answering{
		"a redirect to itself": func(w http.ResponseWriter, r *http.Request, _ int64) {
			http.Redirect(w, r, r.URL.String(), http.StatusTemporaryRedirect)
		},
		"a redirect elsewhere": func(w http.ResponseWriter, r *http.Request, _ int64) {
			http.Redirect(w, r, "http://elsewhere.invalid/", http.StatusPermanentRedirect)
		},
		"objects without end":             func(w http.ResponseWriter, _ *http.Request, n int64) { fmt.Fprint(w, endless(n, `%d`)) },
		"objects without end by texts":    func(w http.ResponseWriter, _ *http.Request, n int64) { fmt.Fprint(w, endless(n, `"%d"`)) },
		"the same object again and again": func(w http.ResponseWriter, _ *http.Request, _ int64) { fmt.Fprint(w, endless(7, `"%d"`)) },
		"lists without end": func(w http.ResponseWriter, r *http.Request, n int64) {
			w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?page=%d>; rel="next"`, r.Host, r.URL.Path, n+1))
			fmt.Fprintf(w, "[%s]", issue(n, `%d`))
		},
		"the same page again and again": func(w http.ResponseWriter, r *http.Request, _ int64) {
			w.Header().Set("Link", fmt.Sprintf(`<http://%s%s>; rel="next"`, r.Host, r.URL.Path))
			if strings.Contains(r.URL.Path, "/issues") {
				fmt.Fprintf(w, "[%s]", issue(7, `%d`))
				return
			}
			fmt.Fprint(w, endless(7, `%d`))
		},
		"a next page elsewhere": func(w http.ResponseWriter, _ *http.Request, n int64) {
			w.Header().Set("Link", `<http://elsewhere.invalid/x>; rel="next"`)
			fmt.Fprintf(w, "[%s]", issue(n, `%d`))
		},
	}
	for name, body := range map[string]string{
		"nothing": "", "null": "null", "a number": "7", "a text": `"x"`, "an empty list": "[]", "an empty object": "{}", "half an object": `{"issues":[{"id":`,
		"a list of everything": `[null,1,"x",[],{}]`, "depth without end": strings.Repeat("[", 1<<20), "depth of objects": strings.Repeat(`{"fields":`, 1<<18),
		"other types": `{"issues":{"x":1},"nextPageToken":[],"isLast":"no","total":"many","data":[],"errors":"x","fields":[],"values":7,"deploymentType":{},
			"QueryResult":[],"OperationResult":7,"issue":[],"total_count":{},"projects":"x","user":7,"accountId":[],"permissions":7,"name":{},"id":{},"html_url":7}`,
		"numbers too large": `{"total":1e999,"id":99999999999999999999999,"number":-1}`, "keys twice": `{"id":"1","id":2,"issues":[],"issues":null}`, "no UTF-8": "{\"id\":\"\xff\xfe\"}",
	} {
		all[name] = func(w http.ResponseWriter, _ *http.Request, _ int64) { fmt.Fprint(w, body) }
	}
	return all
}

// issue is one of ours in the forms of several trackers at once, with what may be
// dangerous in every text. form is how it writes its id.
func issue(n int64, form string) string {
	const text = `\u001b[2J\u202e](javascript:alert(1))<script>\r\n@ann {{.}}`
	return `{"id":` + fmt.Sprintf(form, n) + fmt.Sprintf(`,"number":%d,"key":"OPS-%[1]d","node_id":"I_%[1]d","html_url":"javascript:alert(1)","title":"%[2]s","body":"%[2]s","subject":"%[2]s",
		"description":"%[2]s","state":"%[2]s","updated_at":"9999-12-31T23:59:59Z","labels":[{"name":"%[2]s"}],"fields":{"summary":"%[2]s","labels":["percolate-ticket"],
		"updated":"9999-12-31T23:59:59.000+0000","status":{"name":"%[2]s"}},"ObjectID":%[1]d,"_ref":"javascript:alert(1)","FormattedID":"%[2]s","Name":"%[2]s"}`, n, text)
}

// endless is a page of which there is always another.
func endless(n int64, form string) string {
	return fmt.Sprintf(`{"issues":[%[2]s],"nextPageToken":"t%[1]d","isLast":false,"total":1000000000,"total_count":1000000000,"startAt":%[1]d,"values":[%[2]s],
		"memberships":[{"user":{"id":%[1]d,"name":"x"}},{"user":{"id":%[1]d,"name":"y"}}],"issue_statuses":[%[2]s],"trackers":[%[2]s],
		"project":{"id":1,"identifier":"ops","name":"x"},"user":{"id":1,"login":"x"},
		"QueryResult":{"TotalResultCount":1000000000,"StartIndex":%[1]d,"PageSize":1,"Results":[%[2]s],"Errors":[],"Warnings":[]},
		"data":{"nodes":[%[2]s],"repository":{"issues":{"nodes":[%[2]s],"pageInfo":{"hasNextPage":true,"endCursor":"c%[1]d"}}}}}`, n, issue(n, form))
}
