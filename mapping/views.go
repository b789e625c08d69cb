package mapping

import (
	"net/url"
	"strings"
	"time"

	"percolate/per"
	"percolate/ticket"
)

// The views are what templates may use. Each view holds values of the document that
// the basis of its field is made of (see basis.go), so that a template can show
// nothing whose change would go unnoticed.

// event is what every body may say of the event.
type event struct {
	ID, Title, Day, Severity, Kind, Service, Team string

	Link string // the document's address, else its path; no part of any basis
}

// Facts is the event in a few words: "2026-03-02, SEV2 outage, checkout".
func (e event) Facts() string {
	return join([]string{e.Day, strings.TrimSpace(e.Severity + " " + e.Kind), e.Service}, ", ")
}

// fact is one line about the event.
type fact struct{ Name, Value string }

// addressed is a plus or delta that an action answers.
type addressed struct{ What, ID, Text string }

// titleView serves a child's title.
type titleView struct{ Document, ID, Text string }

// parentTitleView serves a parent's title.
type parentTitleView struct{ Document, Title string }

// labelView serves the labels of a parent or child; every value can be a label.
type labelView struct{ Kind, EventKind, Severity, Service, Team string }

// bodyView serves a child's body.
type bodyView struct {
	Event     event
	ID        string // of the action
	Kind      string // "improvement" or "defect"
	Text      string
	Details   string
	Category  string
	Addresses []addressed
	Owners    []string // known people by their name in the configuration
	Due       string   // the day that the document states; a day of policy is on the ticket alone
	Repeats   string
	Refs      []string
}

// parentBodyView serves a parent's body.
type parentBodyView struct {
	Event   event
	Summary string
	Owner   string
	Facts   []fact
}

func (m *mapper) newEvent() event {
	d := m.doc
	return event{
		ID:       d.ID.Value,
		Title:    oneLine(d.Title.Value),
		Day:      string(m.day),
		Severity: oneLine(d.Severity.Value),
		Kind:     oneLine(string(d.Kind)),
		Service:  oneLine(d.Service.Value),
		Team:     oneLine(d.Team.Value),
		Link:     m.link(),
	}
}

// link is where the document is shown. Its line is left out, since it moves with
// every edit above it.
func (m *mapper) link() string {
	if m.rules.settings.DocumentURL == "" {
		return m.rules.relative(m.doc.Path)
	}
	return strings.NewReplacer(
		"{path}", escapePath(m.rules.relative(m.doc.Path)),
		"{id}", url.PathEscape(m.doc.ID.Value),
	).Replace(m.rules.settings.DocumentURL)
}

func escapePath(p string) string {
	parts := strings.Split(p, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

func (m *mapper) body(a per.Action, kind ticket.Kind, o owners) bodyView {
	v := bodyView{
		Event:     m.event,
		ID:        a.ID,
		Kind:      string(per.Improvement),
		Text:      a.Text,
		Details:   a.Details,
		Category:  a.Category,
		Addresses: m.addresses(a),
		Owners:    o.names,
		Due:       string(statedDue(a)),
		Repeats:   a.Repeats,
		Refs:      a.Refs,
	}
	if kind == ticket.KindDefect {
		v.Kind = string(per.Defect)
	}
	return v
}

// addresses are the pluses and deltas that an action names, with their words. An id
// that the document does not have stays, so that a reader can ask.
func (m *mapper) addresses(a per.Action) []addressed {
	var out []addressed
	for _, id := range a.Addresses {
		v := addressed{What: "observation", ID: id}
		if o := findObservation(m.doc.Deltas, id); o != nil {
			v = addressed{What: "delta", ID: o.ID, Text: o.Text}
		} else if o := findObservation(m.doc.Pluses, id); o != nil {
			v = addressed{What: "plus", ID: o.ID, Text: o.Text}
		}
		out = append(out, v)
	}
	return out
}

func findObservation(list []per.Observation, id string) *per.Observation {
	for i := range list {
		if list[i].ID != "" && fold(list[i].ID) == fold(id) {
			return &list[i]
		}
	}
	return nil
}

// facts lists what the document states of the event, in the order of its front matter.
func (m *mapper) facts() []fact {
	d := m.doc
	all := []fact{
		{"Severity", oneLine(d.Severity.Value)},
		{"Kind", oneLine(string(d.Kind))},
		{"Service", oneLine(d.Service.Value)},
		{"Team", oneLine(d.Team.Value)},
		{"Owner", join(m.owners.names, ", ")},
		{"Day", string(m.day)},
		{"Started", m.clock(d.Started)},
		{"Detected", m.clock(d.Detected)},
		{"Resolved", m.clock(d.Resolved)},
		{"Meeting", m.clock(d.Meeting)},
		{"Downtime", span(m.metrics.Downtime)},
		{"Time to detect", span(m.metrics.TimeToDetect)},
		{"Time to resolve", span(m.metrics.TimeToResolve)},
	}
	var stated []fact
	for _, f := range all {
		if f.Value != "" {
			stated = append(stated, f)
		}
	}
	return stated
}

func (m *mapper) clock(i per.Instant) string {
	if i.IsZero() {
		return ""
	}
	return i.Time.In(m.rules.settings.Zone).Format("2006-01-02 15:04 MST")
}

// span is a duration as people say it: "47 min", "2 h 5 min", "3 d 4 h".
func span(d *time.Duration) string {
	if d == nil {
		return ""
	}
	return spanOf(*d)
}
