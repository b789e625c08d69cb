package plan

import (
	"time"

	"percolate/ticket"
)

// Mode says who wins when document and tracker differ; see the table in decide.go.
type Mode string

// The modes. The zero Mode is Theirs.
const (
	Theirs Mode = "theirs" // what a person changed in the tracker stays
	Ours   Mode = "ours"   // the document's word is set back
	Once   Mode = "once"   // written when the ticket is filed, and never again
)

// Policy is what a team decides about writing to tickets that are filed.
type Policy struct {
	Mode   Mode                  // for all fields but those in Fields
	Fields map[ticket.Field]Mode // by field
	Guard  Guard

	CloseRemoved  bool // close the ticket of an action that left its document, beside the comment
	FileElsewhere bool // file an action although it names a ticket of a tracker that is not configured

	// Basis is a digest of people and configuration. A value that a tracker refused is
	// tried again when it changes, at most once in [RetryUnmet].
	Basis string
}

// RetryUnmet is the least time between two tries of a value that a tracker refused.
const RetryUnmet = 24 * time.Hour

func (p Policy) mode(f ticket.Field) Mode {
	if m := p.Fields[f]; m != "" {
		return m
	}
	if p.Mode != "" {
		return p.Mode
	}
	return Theirs
}

// Guard holds a plan back that is far larger than usual.
type Guard struct {
	Creations     int // tickets that one run may file; 0 = no limit
	ChangePercent int // share of the filed tickets that one run may change; 0 = no limit
	ChangeFloor   int // the share counts only from this many filed tickets on
}

// DefaultGuard is the guard of a configuration that names none.
func DefaultGuard() Guard { return Guard{Creations: 50, ChangePercent: 30, ChangeFloor: 10} }
