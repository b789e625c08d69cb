package sync

import (
	"context"
	"errors"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// State is what the worker remembers between runs. Implementations are safe for
// several processes at once, and every method is atomic: it happens whole or not at all.
type State interface {
	// Links returns the links of the documents, or all links when none is named, in the
	// order of their keys.
	Links(ctx context.Context, documents ...string) ([]ticket.Link, error)

	// Save inserts or replaces links by key and deletes those of the dropped keys. It
	// returns [ErrFenced], and changes nothing, unless the lease is the latest one on the
	// document of every key.
	Save(ctx context.Context, lease Lease, links []ticket.Link, drop ...ticket.Key) error

	// Known returns what was last seen of the tickets that the documents' links lead to or
	// that carry a marker of the documents, or of all when no document is named.
	Known(ctx context.Context, documents ...string) (map[ticket.Address]ticket.Known, error)

	// Roster tells in short of all tickets that are remembered: one entry for every link, in
	// the order of their keys, then one for every ticket that carries a marker of ours and
	// that no link leads to.
	Roster(ctx context.Context) ([]Entry, error)

	// LastRead is when any ticket was last read, by the clock of who read it; zero when none was.
	LastRead(ctx context.Context) (time.Time, error)

	// Observe remembers tickets as they were read, and that they are there. What is not
	// newer (by AsOf) than what is remembered is ignored. A row of history is kept when
	// status, word, assignees, priority, due day or parent changed. A sight that does not
	// tell of movement keeps what an earlier one told, while status, word and assignees
	// stay as they were. One with Deleted makes the ticket gone at once, and what was
	// seen of it before stays.
	Observe(ctx context.Context, seen ...ticket.Seen) error

	// Miss counts a read at the given instant that did not find the tickets. The second
	// in a row makes them gone. A miss that is not newer than the last sight is ignored.
	Miss(ctx context.Context, at time.Time, tickets ...ticket.Address) error

	// Progress tells how far a tracker has been read; the zero Progress before first contact.
	Progress(ctx context.Context, tracker string) (Progress, error)
	SaveProgress(ctx context.Context, tracker string, p Progress) error

	// Lease takes the documents for the holder until ttl has passed, all of them or none,
	// and raises their fence. When others hold some of them it returns [*BusyError].
	// A holder that takes a document again gets a new fence.
	Lease(ctx context.Context, documents []string, holder string, ttl time.Duration) (Lease, error)

	// Renew extends a lease by ttl from now; [ErrFenced] when another took a document meanwhile.
	Renew(ctx context.Context, lease Lease, ttl time.Duration) (Lease, error)

	// Release gives the documents back. Releasing a lease that was lost does nothing.
	Release(ctx context.Context, lease Lease) error

	// SaveFindings replaces the findings of the documents (of all, and those of no
	// document, when none is named) by the given ones. What stood there before keeps the
	// instant at which it was first found, now is that of new ones.
	SaveFindings(ctx context.Context, now time.Time, documents []string, findings []ticket.Finding) error

	// Findings returns all findings, in the order of their keys and kinds.
	Findings(ctx context.Context) ([]ticket.Finding, error)

	// SaveEvents inserts or replaces events by document, and forgets those of the dropped
	// documents.
	SaveEvents(ctx context.Context, events []ticket.Event, drop ...string) error

	// Events returns all events, in the order of their documents.
	Events(ctx context.Context) ([]ticket.Event, error)

	// History returns the history of all tickets, by tracker and ref, each in the order
	// in which it was read.
	History(ctx context.Context) ([]ticket.Observation, error)

	// Approve remembers that the steps with these digests may be done however many there
	// are, in place of all that was approved before; Approved returns them.
	Approve(ctx context.Context, digests []string) error
	Approved(ctx context.Context) ([]string, error)
}

// Lease is the right to write the tickets and links of some documents until it
// expires or another takes it.
type Lease struct {
	Documents []string
	Holder    string
	Fence     int64 // grows with every lease of the state
	Expires   time.Time
}

// Progress is how far a tracker has been read.
type Progress struct {
	Cursor    trackers.Cursor
	Contacted time.Time // when all of our tickets were first looked for
	Polled    time.Time // when its changes were last read without error
	Swept     time.Time // when all open tickets were last read one by one
}

// Entry is what is remembered of one ticket, in short: there may be tens of thousands.
type Entry struct {
	Key    ticket.Key // of the link; the marker's where there is no link
	At     ticket.Address
	State  ticket.State // "" where there is no link
	Known  bool         // the ticket has been seen or missed
	Marker ticket.Key   // that it was last seen with

	Misses   int
	Gone     bool
	Finished bool
}

// Owns reports whether the ticket is the link's own, as [ticket.Link.Owns] does.
func (e Entry) Owns() bool { return ticket.Link{Ref: e.At.Ref, State: e.State}.Owns() }

// ErrFenced says that another process took the documents over; what this one holds is stale.
var ErrFenced = errors.New("another percolate took these documents over; nothing was written")

// BusyError says which documents other processes hold, and until when the last of them does.
type BusyError struct {
	Documents []string
	Holder    string // of the first
	Until     time.Time
}

// Error names the first document and its holder.
func (e *BusyError) Error() string {
	return e.Documents[0] + " is being synced by " + e.Holder + " until " + e.Until.UTC().Format(time.TimeOnly) + " UTC at the latest"
}
