package main

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	persync "percolate/sync"
	"percolate/ticket"
	"percolate/trackers"
)

// watch keeps what is to be told of a running percolate: its health and its metrics.
// It is safe for concurrent use.
type watch struct {
	now      func() time.Time
	patience time.Duration     // without a round that ended well for this long, it is not healthy
	names    []string          // of the trackers
	requests *trackers.Counter // to them

	mu        sync.Mutex
	rounds    map[string]int       // by outcome: ok, partly, failed
	last      persync.Cycle        // the last round
	wentWell  time.Time            // the end of the last round that had no error
	trackers  map[string]time.Time // the last round in which each tracker was read
	documents map[string]time.Time // the last round after which each document was synced
	waiting   map[string]time.Time // since when documents are not
	known     map[string]bool      // findings that have been told
}

func newWatch(now func() time.Time, patience time.Duration, names []string, requests *trackers.Counter) *watch {
	return &watch{
		now: now, patience: patience, names: names, requests: requests, wentWell: now(),
		rounds: map[string]int{"ok": 0, "partly": 0, "failed": 0}, trackers: map[string]time.Time{},
		documents: map[string]time.Time{}, waiting: map[string]time.Time{}, known: map[string]bool{},
	}
}

// ended takes in a round and returns the findings that were not there before it.
func (w *watch) ended(c persync.Cycle) (fresh []ticket.Finding) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = c
	w.rounds[outcomeOf(c)]++
	if c.Err == nil {
		w.wentWell = c.Ended
		w.read(c)
	}
	w.synced(c)
	if c.Err != nil {
		return nil
	}
	known := map[string]bool{}
	for _, f := range c.Result.Findings {
		id := fmt.Sprintf("%s %s %s %s", f.Kind, f.Key, f.Tracker, f.Field)
		if !w.known[id] && !known[id] {
			fresh = append(fresh, f)
		}
		known[id] = true
	}
	w.known = known
	return fresh
}

func outcomeOf(c persync.Cycle) string {
	switch {
	case c.Err != nil:
		return "failed"
	case c.Result.Partly():
		return "partly"
	default:
		return "ok"
	}
}

// read notes which trackers were read in a round.
func (w *watch) read(c persync.Cycle) {
	for _, name := range w.names {
		unread := slices.ContainsFunc(c.Result.Findings, func(f ticket.Finding) bool { return f.Kind == ticket.FindUnread && f.Tracker == name })
		if !unread {
			w.trackers[name] = c.Ended
		}
	}
}

// synced notes which documents are as they want to be after a round.
func (w *watch) synced(c persync.Cycle) {
	unsynced, there := c.Unsynced(), map[string]bool{}
	for h := range c.Heads() {
		id := h.Document
		there[id] = true
		switch {
		case !unsynced[id]:
			w.documents[id] = c.Ended
			delete(w.waiting, id)
		case w.waiting[id].IsZero():
			w.waiting[id] = c.Begun
		}
	}
	gone := func(id string, _ time.Time) bool { return !there[id] }
	if c.Err == nil {
		maps.DeleteFunc(w.waiting, gone)
	}
	if c.Err == nil && c.Whole {
		maps.DeleteFunc(w.documents, gone)
	}
}

// health says whether rounds end well.
func (w *watch) health(rw http.ResponseWriter, _ *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.Header().Set("X-Content-Type-Options", "nosniff")
	since := w.now().Sub(w.wentWell)
	if since <= w.patience {
		fmt.Fprintf(rw, "ok, last round %s ago\n", since.Round(time.Second))
		return
	}
	rw.WriteHeader(http.StatusServiceUnavailable)
	fmt.Fprintf(rw, "no round ended well for %s", since.Round(time.Second))
	if w.last.Err != nil {
		fmt.Fprintf(rw, ": %v", w.last.Err)
	}
	fmt.Fprintln(rw)
}

// metrics is the page that Prometheus reads.
func (w *watch) metrics() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(w)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// The metrics of percolate. Instants are Unix seconds.
var (
	descRounds   = prometheus.NewDesc("percolate_rounds_total", "Rounds by how they ended.", []string{"outcome"}, nil)
	descTracker  = prometheus.NewDesc("percolate_tracker_last_success_timestamp_seconds", "When each tracker was last read without error.", []string{"tracker"}, nil)
	descDocument = prometheus.NewDesc("percolate_document_last_success_timestamp_seconds", "When each document was last found or brought up to date.", []string{"document"}, nil)
	descOldest   = prometheus.NewDesc("percolate_oldest_unsynced_document_seconds", "For how long the document that waits longest has not been up to date; 0 when all are.", nil, nil)
	descRequests = prometheus.NewDesc("percolate_tracker_requests_total", "Requests to trackers by outcome, tries counted apart.", []string{"tracker", "op", "outcome"}, nil)
	descFindings = prometheus.NewDesc("percolate_findings", "What waits for a person, by kind.", []string{"kind"}, nil)
)

// Describe implements [prometheus.Collector].
func (w *watch) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descRounds, descTracker, descDocument, descOldest, descRequests, descFindings} {
		ch <- d
	}
}

// Collect implements [prometheus.Collector].
func (w *watch) Collect(ch chan<- prometheus.Metric) {
	w.mu.Lock()
	defer w.mu.Unlock()
	tell := func(kind prometheus.ValueType, d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, kind, v, labelsOf(labels)...)
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) { tell(prometheus.GaugeValue, d, v, labels...) }
	for outcome, n := range w.rounds {
		tell(prometheus.CounterValue, descRounds, float64(n), outcome)
	}
	for name, at := range w.trackers {
		gauge(descTracker, unixSeconds(at), name)
	}
	for id, at := range w.documents {
		gauge(descDocument, unixSeconds(at), id)
	}
	oldest := time.Duration(0)
	for _, since := range w.waiting {
		oldest = max(oldest, w.now().Sub(since))
	}
	gauge(descOldest, oldest.Seconds())
	kinds := map[ticket.FindingKind]int{}
	for _, f := range w.last.Result.Findings {
		kinds[f.Kind]++
	}
	for kind, n := range kinds {
		gauge(descFindings, float64(n), string(kind))
	}
	for _, t := range w.requests.Tallies() {
		tell(prometheus.CounterValue, descRequests, float64(t.Times), t.Tracker, t.Op, string(cmp.Or(t.Outcome, "ok")))
	}
}

// labelsOf are labels that Prometheus takes: what is not UTF-8, such as the name of a
// file, stands there escaped, so that no two become the same.
func labelsOf(values []string) []string {
	for i, v := range values {
		if !utf8.ValidString(v) {
			values[i] = strconv.QuoteToASCII(v)
		}
	}
	return values
}

func unixSeconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
