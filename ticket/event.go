package ticket

import "time"

// Event is what a report needs to know of one document. What the document does not
// state is zero.
type Event struct {
	Document string `json:"document"` // its id
	Path     string `json:"path,omitempty"`
	Title    string `json:"title,omitempty"`
	Kind     string `json:"kind,omitempty"`     // "outage", "near-miss", ...
	Severity string `json:"severity,omitempty"` // as the configured scale calls it, else as written
	Service  string `json:"service,omitempty"`
	Team     string `json:"team,omitempty"`
	Owner    string `json:"owner,omitempty"` // the PER owner
	Day      Day    `json:"day,omitempty"`

	Started  time.Time `json:"started,omitzero"`
	Detected time.Time `json:"detected,omitzero"`
	Resolved time.Time `json:"resolved,omitzero"`
	Meeting  time.Time `json:"meeting,omitzero"`
	// MeetingBy is when the meeting is due at the latest; zero when the event needs none,
	// or when its end is not known.
	MeetingBy time.Time `json:"meeting_by,omitzero"`

	// The figures of the event; nil is not known, and of downtime also that there was none to speak of.
	Downtime      *time.Duration `json:"downtime,omitempty"`
	TimeToDetect  *time.Duration `json:"time_to_detect,omitempty"`
	TimeToResolve *time.Duration `json:"time_to_resolve,omitempty"`

	Draft   bool   `json:"draft,omitempty"`   // its times and figures are not agreed yet
	Hold    string `json:"hold,omitempty"`    // why nothing of it is filed, "" when it may be
	Actions int    `json:"actions,omitempty"` // that its document decided; guesses are none
	// Done is how many of them were done before they had a ticket, and so never get one.
	// Who knows what is filed sets it.
	Done int `json:"done,omitempty"`
}
