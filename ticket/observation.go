package ticket

import "time"

// Observation is one row of a ticket's history: how it stood from an instant on, as
// far as that is reported on. The first row of a ticket is how it was first seen.
type Observation struct {
	Address

	// At is when the ticket came to stand so: the tracker's own time of its last change
	// when Exact, else AsOf.
	At    time.Time
	Exact bool
	AsOf  time.Time // when it was read
	Ours  bool      // it was seen in the answer to our own write

	Status    Status
	Word      string // the tracker's own status word
	Assignees string // in order, with ", " between them
	Priority  Priority
	Due       Day
	Parent    Ref
}
