// Package trackers declares the port through which percolate speaks to every
// tracker, its error type, and decorators with the same shape. It does no I/O; each
// tracker lives in a folder of its own below this one and passes trackers/trackertest.
package trackers

import (
	"context"
	"iter"
	"time"

	"percolate/ticket"
)

// Tracker is what the engine needs of a tracker. Implementations are safe for
// concurrent use. Errors are of type [*Error].
type Tracker interface {
	// Info tells the tracker's limits and abilities. It does no I/O.
	Info() Info

	// Check proves configuration and permissions, that each of the accounts can be
	// assigned included. It writes nothing.
	Check(ctx context.Context, accounts []string) []Diagnosis

	// Find returns the tickets that carry our marker for one of the documents, once
	// each; no documents means all of ours. A ticket created less than Info.FindLag ago
	// may be left out. The sequence ends at the first error.
	Find(ctx context.Context, documents []string) iter.Seq2[ticket.Seen, error]

	// Get reads tickets by ref, and reads its own writes. The answer is keyed by the ref
	// that was asked for, while Seen.Ref is the ticket's lasting one, so that a moved
	// ticket and one named by a person (see Info.Recognise) are both found. What does
	// not exist or is not visible to us is left out, or is there as Seen.Deleted where the
	// tracker tells that. An error means that nothing is known;
	// with the code [Invalid] it is one of the tickets that cannot be read, while others can.
	Get(ctx context.Context, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error)

	// Changed yields pages of our tickets that changed since the cursor ("" = all), each
	// with the cursor to keep once the page is stored. It may repeat tickets, and it is
	// a hint: that a ticket is not in it proves nothing. At least one page is yielded
	// when nothing changed, so that the cursor can move.
	Changed(ctx context.Context, since Cursor) iter.Seq2[Change, error]

	// Create files tickets, at most Info.Batch at once, with marker and all fields in the
	// request that creates each. The answer has one Created for each Creation, in order.
	// It never sends a create again whose outcome is unknown.
	Create(ctx context.Context, batch []Creation) []Created

	// Update changes what the patch names and nothing else, and returns the ticket as
	// stored afterwards with the values that were refused or dropped. base is the fresh
	// read on which the patch was decided. A patch with a comment writes the comment last,
	// and when the ticket carries a comment with that marker already, the patch was carried
	// out before: nothing of it is done, and the ticket is returned as it stands.
	Update(ctx context.Context, base ticket.Seen, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error)
}

// Cursor is a tracker's own note of how far its changes have been read.
type Cursor string

// Info is what the engine and the documentation may know of a tracker without asking it.
type Info struct {
	Name     string        // as configured: "jira-ops"
	Type     string        // "files", "jira", ...
	Where    string        // for people: the address and project, without secrets
	Public   bool          // the configuration calls it public: nothing confidential goes there
	Batch    int           // tickets that one Create takes; at least 1
	PerWrite int           // tickets that one creating request takes, where that is fewer; 0 = Batch
	GetBatch int           // tickets that one read request takes; at least 1
	Parallel int           // requests that may be under way at once; at least 1
	FindLag  time.Duration // how long a new ticket may stay invisible to Find
	Pace     Pace          // how many writes the tracker lets through; zero for as many as are sent

	Priorities  bool // tickets have a priority
	Due         bool // tickets have a due day of their own
	KindChanges bool // a filed ticket's kind can be changed
	// Lacks names the fields that tickets of one kind do not have, where other kinds have
	// them. Nil means that all kinds have the same.
	Lacks func(ticket.Kind) []ticket.Field

	// Recognise tells whether a text that a document has beside an action names a ticket
	// of this tracker, and by which ref Get finds it. It does no I/O. Nil recognises nothing.
	Recognise func(text string) (ticket.Ref, bool)
}

// Pace is how many writes a tracker lets us make.
type Pace struct {
	Minute, Hour int // 0 for any number
	PerChild     int // writes that filing a child takes, with its place below the parent; 0 = 1
	// Pause tells how long to wait until filing so many more tickets fits, from what was
	// written so far. It does no I/O. Nil waits for nothing.
	Pause func(tickets int) time.Duration
}

// Takes is how long so many writes take at least.
func (p Pace) Takes(writes int) time.Duration {
	var d time.Duration
	rest := max(writes-1, 0) // the first one goes at once
	if p.Hour > 0 {
		d, rest = time.Duration(rest/p.Hour)*time.Hour, rest%p.Hour
	}
	if p.Minute > 0 {
		d += time.Duration(rest/p.Minute) * time.Minute
	}
	return d
}

// Creation is one ticket to file.
type Creation struct {
	Key    ticket.Key
	Fields ticket.Fields
	Parent ticket.Ref // empty for a parent
}

// Created is the outcome of one Creation.
type Created struct {
	Seen  ticket.Seen    // the ticket as stored, when Err is nil
	Unmet []ticket.Unmet // values that were refused or dropped while the ticket was filed
	Err   error          // an [*Error]; with [UnknownOutcome] the ticket may exist
}

// Change is one page of changed tickets.
type Change struct {
	Seen   []ticket.Seen
	Cursor Cursor
	// Census lists every ticket of the tracker by ref when the poll learned that at no
	// further cost, else nil. A ref that is not in it is probably gone.
	Census []ticket.Ref
	// Broken holds tickets that are there and cannot be read, by ref, with the reason and
	// its place: a file that a person left half-edited. They are told with every poll.
	Broken map[ticket.Ref]string
}

// Level says how bad a diagnosis is.
type Level string

// The levels of a diagnosis.
const (
	OK   Level = "ok"
	Warn Level = "warn"
	Fail Level = "FAIL"
)

// Diagnosis is one line of percolate doctor.
type Diagnosis struct {
	Level Level
	Text  string
	Mend  string // what to do about it, where something can be done
}
