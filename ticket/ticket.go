// Package ticket holds the values that documents, engine, trackers and state
// exchange: the key of a ticket, what is wanted of it, what was seen of it, and
// the memory that joins the two. It is a leaf: it does no I/O, knows no tracker
// and imports nothing of percolate.
package ticket

import (
	"slices"
	"strings"
	"time"
)

// Key names one wanted ticket for ever. Action is empty for a document's parent.
// For an action that has its own id, Action is that id; for one that has none, it
// is the [Fingerprint] of the text under which it was first filed.
type Key struct {
	Document string `json:"document"`
	Action   string `json:"action,omitempty"`
}

// IsParent reports whether k is the key of a document's own ticket.
func (k Key) IsParent() bool { return k.Action == "" }

// Parent is the key of the document's own ticket.
func (k Key) Parent() Key { return Key{Document: k.Document} }

// String is the key as people read and type it: "PER-2026-003" or "PER-2026-003/A1".
func (k Key) String() string {
	if k.IsParent() {
		return k.Document
	}
	return k.Document + "/" + k.Action
}

// ParseKey reads what [Key.String] wrote. The action is what follows the last slash,
// since document ids may hold slashes and action ids may not.
func ParseKey(s string) Key {
	if i := strings.LastIndexByte(s, '/'); i >= 0 {
		return Key{Document: s[:i], Action: s[i+1:]}
	}
	return Key{Document: s}
}

// Ref is a tracker's own lasting id of a ticket. It is never parsed outside the
// tracker that made it, and the zero Ref means "not filed yet".
type Ref string

// Kind says what sort of ticket a key becomes.
type Kind string

// The kinds, after the PER process: an event becomes a parent story, an improvement
// a story and a direct contributor a defect.
const (
	KindParent Kind = "parent"
	KindStory  Kind = "story"
	KindDefect Kind = "defect"
)

// Status is a tracker's own status word folded into the five that percolate speaks.
type Status string

// The statuses. Dropped (won't do) is finished, and never counted as done.
const (
	StatusOpen    Status = "open"
	StatusActive  Status = "active"
	StatusBlocked Status = "blocked"
	StatusDone    Status = "done"
	StatusDropped Status = "dropped"
)

// Finished reports whether nobody will work on the ticket any more.
func (s Status) Finished() bool { return s == StatusDone || s == StatusDropped }

// Priority is a tracker's priority folded to an ordered scale. The zero value means
// that there is none: the tracker has no priorities, or nobody has set one.
type Priority int

// The priorities in rising order.
const (
	PriorityNone Priority = iota
	PriorityLowest
	PriorityLow
	PriorityMedium
	PriorityHigh
	PriorityHighest
)

var priorityNames = [...]string{"", "lowest", "low", "medium", "high", "highest"}

// String is the priority's word, empty for none.
func (p Priority) String() string {
	if p < 0 || int(p) >= len(priorityNames) {
		return ""
	}
	return priorityNames[p]
}

// MarshalText writes the priority as its word.
func (p Priority) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a priority's word; an unknown word reads as none.
func (p *Priority) UnmarshalText(b []byte) error {
	*p, _ = ParsePriority(string(b))
	return nil
}

// ParsePriority reads a priority's word in any case; "" and "none" are none.
func ParsePriority(s string) (Priority, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "none" {
		return PriorityNone, true
	}
	i := slices.Index(priorityNames[:], s)
	if i < 0 {
		return PriorityNone, false
	}
	return Priority(i), true
}

// Raised is the priority one step up; the highest stays, and none stays none.
func (p Priority) Raised() Priority {
	if p == PriorityNone || p >= PriorityHighest {
		return p
	}
	return p + 1
}

// Day is a civil day as "2006-01-02", without a zone; "" is no day. Days compare
// with < as text does.
type Day string

// DayOf is the day that the instant t falls on in loc.
func DayOf(t time.Time, loc *time.Location) Day {
	if t.IsZero() {
		return ""
	}
	return Day(t.In(loc).Format(time.DateOnly))
}

// Valid reports whether d is a real day of the calendar.
func (d Day) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Add is the day n days later (earlier when n is negative); "" for an invalid day.
func (d Day) Add(n int) Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return Day(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// Sub is the number of days from e to d; 0 when either is invalid.
func (d Day) Sub(e Day) int {
	a, errA := time.Parse(time.DateOnly, string(d))
	b, errB := time.Parse(time.DateOnly, string(e))
	if errA != nil || errB != nil {
		return 0
	}
	return int(a.Sub(b).Hours() / 24)
}
