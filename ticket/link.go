package ticket

import "time"

// State says how a link came to its ticket and whether it has one.
type State string

// The states of a link.
const (
	// StateIntent: a create was begun and its outcome is not known yet.
	StateIntent State = "intent"
	// StateFiled: we created the ticket.
	StateFiled State = "filed"
	// StateAdopted: the ticket was there before us and the document named it.
	StateAdopted State = "adopted"
	// StateRepeat: the action repeats earlier work and has no ticket of its own; Ref is the earlier one's.
	StateRepeat State = "repeat"
	// StateRecovered: found by its marker with the state lost, and claimed by no action yet.
	StateRecovered State = "recovered"
	// StateReleased: a person said that no action is behind the ticket; it is left alone for good.
	StateReleased State = "released"
)

// Link is our memory of one ticket: which key it serves, where it is, what we last
// asked of it and what the tracker answered.
type Link struct {
	Key      Key      `json:"key"`
	ActionID string   `json:"action_id,omitempty"` // the action's own id when last seen
	Text     string   `json:"text,omitempty"`      // the action's text in the document when last synced
	Path     string   `json:"path,omitempty"`      // the document's path when last synced
	Owners   []string `json:"owners,omitempty"`    // of the action when last synced; see [Wanted]
	Tracker  string   `json:"tracker"`
	Ref      Ref      `json:"ref,omitempty"` // empty for an intent
	Name     string   `json:"name,omitempty"`
	URL      string   `json:"url,omitempty"`
	State    State    `json:"state"`

	Asked Fields           `json:"asked,omitzero"` // sums; what we last wanted
	Got   Fields           `json:"got,omitzero"`   // sums; what the tracker answered to that
	Basis map[Field]string `json:"basis,omitempty"`
	Unmet []Unmet          `json:"unmet,omitempty"`

	Intended time.Time `json:"intended,omitzero"` // when the create was begun
	Until    time.Time `json:"until,omitzero"`    // when the create had ended, or will have been cut off
	Trying   Patch     `json:"trying,omitzero"`   // an update that was begun and not known to have ended

	Created  time.Time `json:"created,omitzero"`  // when we learned that it is there
	Retired  time.Time `json:"retired,omitzero"`  // when its action had left the document
	Retires  int       `json:"retires,omitempty"` // how often it left or came back; part of the comments' markers
	Of       Key       `json:"of,omitzero"`       // the earlier action, for a repeat
	Told     bool      `json:"told,omitempty"`    // the earlier ticket has been told of this repeat
	Priority Priority  `json:"priority,omitzero"` // as first filed
	Due      Day       `json:"due,omitempty"`     // as first filed
}

// HasTicket reports whether the link leads to a ticket.
func (l Link) HasTicket() bool { return l.Ref != "" }

// Owns reports whether the ticket is this link's own, and not an earlier one's that
// it repeats nor one that was released.
func (l Link) Owns() bool {
	return l.Ref != "" && (l.State == StateFiled || l.State == StateAdopted || l.State == StateRecovered)
}

// UnmetOf returns what is unmet of field f, and whether anything is.
func (l Link) UnmetOf(f Field) (Unmet, bool) {
	for _, u := range l.Unmet {
		if u.Field == f {
			return u, true
		}
	}
	return Unmet{}, false
}
