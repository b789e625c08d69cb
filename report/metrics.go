package report

import (
	"cmp"
	"maps"
	"slices"

	"percolate/ticket"
)

// Metrics are the figures of the events, drafts left out. They are shown event by
// event, in [Report.Events], and here as spreads, in seconds: of how long an event
// lasted and how bad it was the one does not follow from the other.
type Metrics struct {
	Months     []Figures `json:"months"`     // the oldest first
	Severities []Figures `json:"severities"` // by severity, over all months
}

// Figures are those of the events of one month and severity.
type Figures struct {
	Month         string `json:"month,omitempty"` // "2026-03"; "" for events that state no day
	Severity      string `json:"severity"`        // "" for events that state none
	Events        int    `json:"events"`
	Downtime      Spread `json:"downtime"`
	TimeToDetect  Spread `json:"time_to_detect"`
	TimeToResolve Spread `json:"time_to_resolve"`
}

type figuresKey struct{ month, severity string }

// values are the figures of one group before they are summed up.
type values struct {
	events                 int
	severity               string
	down, detect, resolved []int64
}

func (b *builder) metrics() Metrics {
	byMonth, bySeverity := map[figuresKey]*values{}, map[figuresKey]*values{}
	for _, id := range slices.Sorted(maps.Keys(b.events)) {
		e := b.events[id]
		if !b.inside[id] || e.Draft || !stated(e) {
			continue
		}
		severity := fold(e.Severity)
		collect(byMonth, figuresKey{b.monthOf(e), severity}, e)
		collect(bySeverity, figuresKey{"", severity}, e)
	}
	return Metrics{Months: figures(byMonth), Severities: figures(bySeverity)}
}

// stated reports whether anything is known of the event itself, and not only of its tickets.
func stated(e ticket.Event) bool { return e.Day != "" || e.Title != "" }

func (b *builder) monthOf(e ticket.Event) string {
	switch {
	case len(e.Day) >= len("2006-01"):
		return string(e.Day[:len("2006-01")])
	case !e.Started.IsZero():
		return b.month(e.Started)
	}
	return ""
}

func collect(all map[figuresKey]*values, k figuresKey, e ticket.Event) {
	v := all[k]
	if v == nil {
		v = &values{severity: e.Severity}
		all[k] = v
	}
	v.events++
	for _, f := range []struct {
		to   *[]int64
		from *Seconds
	}{{&v.down, seconds(e.Downtime)}, {&v.detect, seconds(e.TimeToDetect)}, {&v.resolved, seconds(e.TimeToResolve)}} {
		if f.from != nil {
			*f.to = append(*f.to, int64(*f.from))
		}
	}
}

func figures(all map[figuresKey]*values) []Figures {
	keys := slices.SortedFunc(maps.Keys(all), func(x, y figuresKey) int {
		return cmp.Or(cmp.Compare(x.month, y.month), cmp.Compare(btoi(x.severity == ""), btoi(y.severity == "")), cmp.Compare(x.severity, y.severity))
	})
	out := make([]Figures, 0, len(keys))
	for _, k := range keys {
		v := all[k]
		out = append(out, Figures{
			Month: k.month, Severity: v.severity, Events: v.events,
			Downtime: spreadOf(v.down), TimeToDetect: spreadOf(v.detect), TimeToResolve: spreadOf(v.resolved),
		})
	}
	return out
}
