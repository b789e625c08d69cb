package report

import (
	"time"

	"percolate/ticket"
)

// Version is that of the JSON form. It grows when a key changes its meaning or goes;
// new keys may come at any time.
const Version = 1

// Report is how everything stands at one instant. Its JSON form is described in JSON.md.
type Report struct {
	Version     int        `json:"version"`
	Now         time.Time  `json:"now"`
	Today       ticket.Day `json:"today"`
	Zone        string     `json:"zone"`
	StalledDays int        `json:"stalled_days"`
	DueSoonDays int        `json:"due_soon_days"`
	Filter      Filter     `json:"filter,omitzero"`
	Trackers    []Tracker  `json:"trackers"`

	Totals   Counts           `json:"totals"`
	Week     Week             `json:"week"`
	Actions  []Action         `json:"actions"` // in the order of their keys
	Events   []Event          `json:"events"`  // newest first
	Teams    []Group          `json:"teams"`
	Services []Group          `json:"services"`
	Findings []ticket.Finding `json:"findings"`
	Months   []Month          `json:"months"`
	Policy   Policy           `json:"policy"`
	Metrics  Metrics          `json:"metrics"`

	zone *time.Location
}

// Tracker is when a tracker was last read.
type Tracker struct {
	Name string    `json:"name"`
	Read time.Time `json:"read,omitzero"` // zero when it never was
}

// Action is one action that is or was tracked, with its ticket.
type Action struct {
	Key      ticket.Key  `json:"-"`
	ID       string      `json:"key"`   // the key as people type it
	Event    string      `json:"event"` // the id of its document
	Title    string      `json:"title"` // the ticket's title, else the document's words
	Kind     ticket.Kind `json:"kind,omitempty"`
	Severity string      `json:"severity,omitempty"` // of the event
	Service  string      `json:"service,omitempty"`
	Team     string      `json:"team,omitempty"`

	State State  `json:"state"`
	Marks []Mark `json:"marks,omitempty"`

	Tracker string        `json:"tracker,omitempty"`
	Ref     ticket.Ref    `json:"ref,omitempty"`
	Ticket  string        `json:"ticket,omitempty"` // the ticket's name
	URL     string        `json:"url,omitempty"`
	Status  ticket.Status `json:"status,omitempty"` // ours
	Word    string        `json:"word,omitempty"`   // the tracker's own
	Adopted bool          `json:"adopted,omitempty"`

	Owners        []string        `json:"owners,omitempty"`    // who the document says brings it to completion
	Assignees     []string        `json:"assignees,omitempty"` // who does the work now
	PriorityFiled ticket.Priority `json:"priority_filed,omitzero"`
	Priority      ticket.Priority `json:"priority,omitzero"`

	Created  time.Time  `json:"created,omitzero"` // when it was filed, or adopted
	Age      int        `json:"age_days"`         // from then to now, or to when it was finished
	DueFirst ticket.Day `json:"due_first,omitempty"`
	Due      ticket.Day `json:"due,omitempty"`
	DueBy    DueBy      `json:"due_by,omitempty"`
	Slip     int        `json:"slip_days,omitempty"`      // from the first due day to the present one
	DaysLeft *int       `json:"days_left,omitempty"`      // of open ones with a due day; negative when overdue
	Finished time.Time  `json:"finished,omitzero"`        // when it came to be done, dropped or a duplicate; zero when not known
	InTime   *bool      `json:"done_in_time,omitempty"`   // of done ones with a due day
	Moved    time.Time  `json:"moved,omitzero"`           // when a person last moved it
	Idle     int        `json:"idle_days,omitempty"`      // days since then, of open ones
	MovedBy  Source     `json:"moved_source,omitempty"`   // how that is known
	Hits     []string   `json:"hit_again_by,omitempty"`   // keys of later actions that met the same problem
	Of       string     `json:"repeats,omitempty"`        // the earlier action, of a repeat
	Reopened int        `json:"reopened_times,omitempty"` // how often it was open again after it was finished
	AsOf     time.Time  `json:"as_of,omitzero"`           // when its tracker was last read
	Gone     time.Time  `json:"gone_since,omitzero"`      // when its ticket was found gone
	Retired  time.Time  `json:"retired_since,omitzero"`   // when its action was found gone from its document
	Missed   bool       `json:"missed,omitempty"`         // its ticket was not found when last read; once proves nothing
	Findings []string   `json:"finding_kinds,omitempty"`  // the kinds of what is not settled about it
	Path     string     `json:"document_path,omitempty"`  // of its document
	life     *life
}

// DueBy says who set the due day.
type DueBy string

// The setters of due days.
const (
	ByDocument DueBy = "document"
	ByPolicy   DueBy = "policy"
	ByPlanners DueBy = "tracker" // it was moved in the tracker
)

// Has reports whether the action has the mark.
func (a *Action) Has(m Mark) bool {
	for _, have := range a.Marks {
		if have == m {
			return true
		}
	}
	return false
}

// In reports whether a state or a mark of the given name is the action's.
func (a *Action) In(name string) bool { return string(a.State) == name || a.Has(Mark(name)) }
