package ticket

import "strconv"

// Place is where in the documents something was read. Line counts from 1; 0 is the
// document as a whole.
type Place struct {
	Path string `json:"path,omitempty"`
	Line int    `json:"line,omitempty"`
}

// String is the place as compilers write one: "pers/2026-003.md:41".
func (p Place) String() string {
	if p.Line == 0 {
		return p.Path
	}
	return p.Path + ":" + strconv.Itoa(p.Line)
}

// BasisPolicy is the basis of a value that the document leaves to policy. Such a value
// is decided when the ticket is filed, and is then fixed.
const BasisPolicy = "policy"

// Wanted is one ticket as a document wants it.
type Wanted struct {
	Key      Key    // for an action without an id the fingerprint of its present text; identity may replace it
	ActionID string // the action's own id, "" when it has none
	Text     string // the action's text in the document; identity goes by it when there is no id
	Fields   Fields

	// Basis holds, by field, a digest of the document's own values that the field is
	// made of. The document changed a field when its basis differs from the remembered
	// one; a new template, policy or people list changes values but no basis, and so
	// re-renders nothing that is filed.
	Basis map[Field]string

	Ticket  string   // an existing ticket that the document names beside the action, as written
	Repeats string   // an earlier action that this one repeats: "PER-2026-002/A4" or a ticket, as written
	Done    bool     // the document says that it is done
	Owners  []string // who brings it to completion: known people and teams by their name, others as written
	Hold    string   // why it must not be filed, "" when it may be
	Unknown []string // owners in no people list, as written
	Place   Place
}

// Tree is everything that one document wants of the trackers.
type Tree struct {
	Document string // its id
	Path     string
	Title    string
	Summary  string   // severity and kind as one short phrase for the plan: "SEV2 outage"
	Tracker  string   // the name of the tracker that its parent goes to
	Trackers []string // by child, in order; an action may choose its own tracker
	Parent   Wanted
	Children []Wanted
	Hold     string    // why nothing of it is filed (a draft, too old, confidential), "" when it may be
	Broken   string    // why the document cannot be acted on at all until it is mended; its tickets are left as they are
	Findings []Finding // what mapping found
	Event    Event     // what a report tells of the document
}

// TrackerOf is the name of the tracker that child i goes to.
func (t Tree) TrackerOf(i int) string {
	if i < len(t.Trackers) && t.Trackers[i] != "" {
		return t.Trackers[i]
	}
	return t.Tracker
}
