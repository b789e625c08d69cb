package ticket

import "time"

// FindingKind is one word for what a person should look at.
type FindingKind string

// The kinds of findings. A finding is never a step of a plan: percolate shows it, in
// every plan and report, until it is settled.
const (
	FindConflict      FindingKind = "conflict"         // document and tracker both changed a field
	FindDuplicate     FindingKind = "duplicate"        // two tickets carry one marker
	FindGone          FindingKind = "gone"             // the ticket is deleted or not visible to us
	FindMoved         FindingKind = "moved"            // the ticket went elsewhere
	FindUnmet         FindingKind = "unmet"            // the tracker refused or dropped a value
	FindUnowned       FindingKind = "unowned"          // nobody owns the action, or nobody that we know
	FindUnclear       FindingKind = "unclear"          // two texts fit; we do not guess
	FindUnmatched     FindingKind = "unmatched"        // a recovered ticket that no action claims
	FindMissing       FindingKind = "missing-document" // a document with tickets was not found
	FindRenamed       FindingKind = "renamed-document" // a new id for what looks like a known document
	FindBroken        FindingKind = "broken-document"  // a document that must be mended first
	FindReady         FindingKind = "ready-to-close"   // all children of a parent are finished
	FindHeld          FindingKind = "held-back"        // the guard holds the plan back
	FindGuess         FindingKind = "guess"            // read without certainty; not filed
	FindConfidential  FindingKind = "confidential"     // must not go to a public tracker
	FindUndated       FindingKind = "undated"          // cannot tell whether it is older than the configured day
	FindUnknownRepeat FindingKind = "unknown-repeat"   // repeats something we do not know, or in a circle
	FindUnknownTicket FindingKind = "unknown-ticket"   // names a ticket that cannot be read
	FindElsewhere     FindingKind = "elsewhere"        // tracked in a tracker that is not configured
	FindRoute         FindingKind = "route"            // the route changed after filing; the place stands
	FindPending       FindingKind = "pending"          // a create with unknown outcome; waiting for the tracker's index
	FindRefused       FindingKind = "refused"          // the tracker refused the ticket as a whole
	FindUnread        FindingKind = "unread"           // a tracker could not be read or written
	FindBusy          FindingKind = "busy"             // another percolate holds the document
	FindUnmapped      FindingKind = "unmapped"         // no route, tracker or kind fits
)

// Finding is something that a person should look at.
type Finding struct {
	Kind    FindingKind `json:"kind"`
	Key     Key         `json:"key,omitzero"`
	Tracker string      `json:"tracker,omitempty"`
	Ref     Ref         `json:"ref,omitempty"`
	Name    string      `json:"name,omitempty"` // the ticket's name, where there is one
	Field   Field       `json:"field,omitempty"`
	Text    string      `json:"text"`           // what is the matter, one line
	Mend    string      `json:"mend,omitempty"` // how to settle it, or the command that does
	Place   Place       `json:"place,omitzero"`
	Since   time.Time   `json:"since,omitzero"` // when it was first found; set by the state
}
