package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"percolate/ticket"
)

// Build makes the report at the instant now. It takes time in proportion to the rows.
func Build(now time.Time, rows Rows, rules Rules) Report {
	if rules.Zone == nil {
		rules.Zone = time.UTC
	}
	b := newBuilder(now, rows, rules)
	r := Report{
		Version: Version, Now: now.In(rules.Zone), Today: b.today, Zone: rules.Zone.String(),
		StalledDays: rules.StalledDays, DueSoonDays: rules.DueSoonDays, Filter: rules.Filter,
		Trackers: b.trackers(), zone: rules.Zone,
	}
	all := b.actions()
	r.Findings = b.findings()
	r.Events = b.eventRows(all)
	r.Actions = slices.DeleteFunc(all, func(a Action) bool { return !rules.Filter.action(a) })
	b.count(&r)
	r.Week = b.week(r.Actions)
	r.Months = b.months(r.Actions)
	r.Policy = b.policy(r.Actions)
	r.Metrics = b.metrics()
	for i := range r.Actions {
		r.Actions[i].life = nil // what it told is told
	}
	return r
}

// builder holds what the rows of a report share.
type builder struct {
	now   time.Time
	today ticket.Day
	rows  Rows
	rules Rules

	events map[string]ticket.Event // by document, of every document there is a trace of
	inside map[string]bool         // documents within the filter
	lives  map[ticket.Address][]ticket.Observation
	hits   map[ticket.Key][]string
	found  map[ticket.Key][]string
	links  map[ticket.Key]*ticket.Link
}

func newBuilder(now time.Time, rows Rows, rules Rules) *builder {
	b := &builder{
		now: now.In(rules.Zone), today: ticket.DayOf(now, rules.Zone), rows: rows, rules: rules,
		events: map[string]ticket.Event{}, inside: map[string]bool{}, lives: lives(rows.History),
		hits: map[ticket.Key][]string{}, found: map[ticket.Key][]string{}, links: make(map[ticket.Key]*ticket.Link, len(rows.Links)),
	}
	for _, e := range rows.Events {
		b.events[e.Document] = e
	}
	for i := range rows.Links {
		l := &rows.Links[i]
		b.links[l.Key] = l
		if _, known := b.events[l.Key.Document]; !known {
			b.events[l.Key.Document] = ticket.Event{Document: l.Key.Document, Path: l.Path}
		}
	}
	for _, l := range rows.Links {
		if l.State == ticket.StateRepeat && l.Retired.IsZero() {
			b.hits[l.Of] = append(b.hits[l.Of], l.Key.String())
		}
	}
	for id, e := range b.events {
		b.inside[id] = rules.Filter.event(e)
	}
	for _, f := range rows.Findings {
		if kinds := b.found[f.Key]; !slices.Contains(kinds, string(f.Kind)) {
			b.found[f.Key] = append(kinds, string(f.Kind))
		}
	}
	return b
}

func (b *builder) trackers() []Tracker {
	var out []Tracker
	for _, name := range slices.Sorted(maps.Keys(b.rows.Read)) {
		read := b.rows.Read[name]
		if !read.IsZero() {
			read = read.In(b.rules.Zone)
		}
		out = append(out, Tracker{Name: name, Read: read})
	}
	return out
}

// actions are those of all events within the filter, in the order of their keys.
func (b *builder) actions() []Action {
	var links []*ticket.Link
	for i := range b.rows.Links {
		if l := &b.rows.Links[i]; !l.Key.IsParent() && b.inside[l.Key.Document] {
			links = append(links, l)
		}
	}
	slices.SortFunc(links, func(x, y *ticket.Link) int { return compareKeys(x.Key, y.Key) })
	out := make([]Action, len(links))
	for i, l := range links {
		out[i] = b.action(*l)
	}
	return out
}

// findings are those of documents within the filter, and those of no document.
func (b *builder) findings() []ticket.Finding {
	out := []ticket.Finding{}
	for _, f := range b.rows.Findings {
		if _, known := b.events[f.Key.Document]; !known || b.inside[f.Key.Document] {
			f.Since = b.local(f.Since)
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(x, y ticket.Finding) int {
		return cmp.Or(compareKeys(x.Key, y.Key), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Field, y.Field), cmp.Compare(x.Text, y.Text))
	})
	return out
}

func compareKeys(a, b ticket.Key) int {
	return cmp.Or(cmp.Compare(a.Document, b.Document), compareNatural(a.Action, b.Action))
}

// compareNatural puts A2 before A10.
func compareNatural(a, b string) int {
	x, y := strings.TrimRight(a, digits), strings.TrimRight(b, digits)
	return cmp.Or(cmp.Compare(x, y), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

const digits = "0123456789"
