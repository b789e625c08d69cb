package per

import (
	"strings"
	"time"
)

// View is what was understood of a document, in the shape that tools read as JSON.
// What the document does not say is null, never invented.
type View struct {
	ID           string            `json:"id"`
	Title        *string           `json:"title"`
	Kind         *string           `json:"kind"`
	Status       string            `json:"status"`
	Severity     *string           `json:"severity"`
	Service      *string           `json:"service"`
	Team         *string           `json:"team"`
	Owner        *string           `json:"owner"`
	Confidential bool              `json:"confidential"`
	Day          *string           `json:"day"`
	Started      *string           `json:"started"` // RFC 3339, as are all times
	Detected     *string           `json:"detected"`
	Resolved     *string           `json:"resolved"`
	Meeting      *string           `json:"meeting"`
	Summary      *string           `json:"summary"`
	Timeline     []EntryView       `json:"timeline"`
	Pluses       []ObservationView `json:"pluses"`
	Deltas       []ObservationView `json:"deltas"`
	Luck         []ObservationView `json:"luck"`
	Actions      []ActionView      `json:"actions"`
	Metrics      MetricsView       `json:"metrics"`
	Problems     []ProblemView     `json:"problems"`
}

// EntryView is an entry of the timeline; At is null when no time could be read.
type EntryView struct {
	At   *string `json:"at"`
	Text string  `json:"text"`
	Line int     `json:"line"`
}

// ObservationView is a plus, a delta or a piece of luck.
type ObservationView struct {
	ID       *string `json:"id"`
	Text     string  `json:"text"`
	Accepted *string `json:"accepted"`
	Line     int     `json:"line"`
}

// ActionView is an action. Ticket is where its work is: the issue beside it, or else
// the first pull request, commit or card. Owner joins the owners with commas.
type ActionView struct {
	ID        *string  `json:"id"`
	Text      string   `json:"text"`
	Details   *string  `json:"details"`
	Kind      *string  `json:"kind"`
	Owner     *string  `json:"owner"`
	Owners    []string `json:"owners"`
	Due       *string  `json:"due"`
	Done      *bool    `json:"done"`
	Ticket    *string  `json:"ticket"`
	Refs      []string `json:"refs"`
	Addresses []string `json:"addresses"`
	Repeats   *string  `json:"repeats"`
	Category  *string  `json:"category"`
	Priority  *string  `json:"priority"`
	Tracker   *string  `json:"tracker"`
	Certain   bool     `json:"certain"`
	Line      int      `json:"line"`
}

// MetricsView holds figures in seconds.
type MetricsView struct {
	Downtime      *int64 `json:"downtime"`
	TimeToDetect  *int64 `json:"time_to_detect"`
	TimeToResolve *int64 `json:"time_to_resolve"`
}

// ProblemView is a problem; line 0 is the document as a whole.
type ProblemView struct {
	Line     int    `json:"line"`
	Severity Level  `json:"severity"`
	Code     string `json:"code"`
	Message  string `json:"message"`
}

// Show turns a document and its problems into a View.
func Show(d *Document, problems []Problem) View {
	m := d.Metrics()
	v := View{
		ID: d.ID.Value, Title: orNull(d.Title.Value), Kind: orNull(string(d.Kind)), Status: string(d.Status),
		Severity: orNull(d.Severity.Value), Service: orNull(d.Service.Value), Team: orNull(d.Team.Value),
		Owner: orNull(d.Owner.Value), Confidential: d.Confidential, Day: orNull(d.Day.Value),
		Started: d.Started.view(), Detected: d.Detected.view(), Resolved: d.Resolved.view(), Meeting: d.Meeting.view(),
		Summary:  orNull(d.Summary.Value),
		Timeline: []EntryView{}, Pluses: observationViews(d.Pluses), Deltas: observationViews(d.Deltas), Luck: observationViews(d.Luck),
		Actions: []ActionView{}, Problems: []ProblemView{},
		Metrics: MetricsView{seconds(m.Downtime), seconds(m.TimeToDetect), seconds(m.TimeToResolve)},
	}
	for _, e := range d.Timeline {
		v.Timeline = append(v.Timeline, EntryView{At: e.At.view(), Text: e.Text, Line: e.Line})
	}
	for _, a := range d.Actions {
		v.Actions = append(v.Actions, a.view())
	}
	for _, p := range problems {
		v.Problems = append(v.Problems, ProblemView{p.Line, p.Level, p.Code, p.Message})
	}
	return v
}

func (a Action) view() ActionView {
	v := ActionView{
		ID: orNull(a.ID), Text: a.Text, Details: orNull(a.Details), Kind: orNull(string(a.Kind)),
		Owner: orNull(strings.Join(a.Owners, ", ")), Owners: orEmpty(a.Owners), Due: orNull(a.Due.Value), Done: a.Done,
		Ticket: orNull(a.Ticket), Refs: orEmpty(a.Refs), Addresses: orEmpty(a.Addresses), Repeats: orNull(a.Repeats),
		Category: orNull(a.Category), Priority: orNull(a.Priority), Tracker: orNull(a.Tracker), Certain: a.Certain, Line: a.Line,
	}
	if v.Ticket == nil && len(a.Refs) > 0 {
		v.Ticket = &v.Refs[0]
	}
	return v
}

func observationViews(list []Observation) []ObservationView {
	views := []ObservationView{}
	for _, o := range list {
		views = append(views, ObservationView{orNull(o.ID), o.Text, orNull(o.Accepted), o.Line})
	}
	return views
}

func (i Instant) view() *string {
	if i.IsZero() {
		return nil
	}
	s := i.Time.Format(time.RFC3339)
	return &s
}

func seconds(d *time.Duration) *int64 {
	if d == nil {
		return nil
	}
	s := int64(d.Seconds())
	return &s
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
