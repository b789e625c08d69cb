package ticket

import "time"

// Observation is one row of a ticket's history: how it stood from an instant on. The
// first row of a ticket is how it was first seen.
type Observation struct {
	Address
	Standing

	// At is when the ticket came to stand so: the tracker's own time of its last change
	// when Exact, else AsOf.
	At    time.Time
	Exact bool
	AsOf  time.Time // when it was read
	Ours  bool      // it was seen in the answer to our own write
}

// Standing is what is reported of a ticket over time. A ticket's history has a row for
// every change of it, and for no other.
type Standing struct {
	Status    Status
	Word      string // the tracker's own status word
	Assignees string // in order, with ", " between them
	Priority  Priority
	Due       Day
	Parent    Ref
}

// Observation is the row that s makes in its ticket's history.
func (s Seen) Observation() Observation {
	o := Observation{
		Address: Address{Tracker: s.Tracker, Ref: s.Ref},
		Standing: Standing{
			Status: s.Status, Word: s.Word, Assignees: s.Fields.Text(FieldAssignees),
			Priority: s.Fields.Priority, Due: s.Fields.Due, Parent: s.Parent,
		},
		At: s.Updated, Exact: true, AsOf: s.AsOf, Ours: s.Ours,
	}
	if s.Updated.IsZero() {
		o.At, o.Exact = s.AsOf, false
	}
	return o
}
