package ticket

import "time"

// Seen is a ticket as its tracker shows it.
type Seen struct {
	Tracker string `json:"tracker"`
	Ref     Ref    `json:"ref"`
	Name    string `json:"name"` // what people call it: "OPS-812", "backlog/PER-2026-003-A1.md"
	URL     string `json:"url,omitempty"`
	Key     Key    `json:"key,omitzero"` // from its marker; the zero Key when it carries none of ours
	Parent  Ref    `json:"parent,omitempty"`
	Fields  Fields `json:"fields"`
	Status  Status `json:"status"`
	Word    string `json:"word,omitempty"` // the tracker's own status word

	// Updated is when the tracker says that the ticket last changed; zero when it does not tell.
	Updated time.Time `json:"updated,omitzero"`
	// Moved is when a person last changed status or assignee or commented; what bots and
	// our own account did does not count, and where no person has moved it yet it is the
	// instant of its creation. Zero means that this read does not tell: then what was
	// told before holds while status, word and assignees stay as they were.
	Moved time.Time `json:"moved,omitzero"`
	// AsOf is when this was read: the worker's clock before the request was sent.
	AsOf time.Time `json:"as_of,omitzero"`
	// Ours says that this is the answer to our own write, so that what it shows as changed
	// is no movement by a person. Who wrote sets it.
	Ours bool `json:"ours,omitempty"`

	// Deleted says that the tracker itself tells that it was deleted, which not every
	// tracker does: where one only does not find a ticket, it may be hidden from us. With
	// it all but Tracker, Ref and AsOf is empty, and what was seen before stays known.
	Deleted bool `json:"deleted,omitempty"`

	// Whole is the ticket's whole text as the tracker holds it, of which Fields.Body is
	// our block. A tracker sets it where its Update needs it; it is never kept in state.
	Whole string `json:"-"`
}

// Sum is s as it is remembered: the body replaced by its sum, the whole text left out.
func (s Seen) Sum() Seen {
	s.Fields = s.Fields.Sum()
	s.Whole = ""
	return s
}

// Comment is a remark that we add to a ticket. Marker identifies it within the
// ticket: where a comment with that marker stands, the patch that it belongs to has
// been carried out.
type Comment struct {
	Marker string `json:"marker"`
	Text   string `json:"text"` // Markdown
}

// Patch names what to change of one ticket, and nothing else is touched.
type Patch struct {
	// Set lists the fields to be set to the values in To; a zero value clears the field.
	// Labels never stand in Set: they are added and dropped one by one, so that the
	// labels of other people stay.
	Set        []Field  `json:"set,omitempty"`
	To         Fields   `json:"to,omitzero"`
	AddLabels  []string `json:"add_labels,omitempty"`
	DropLabels []string `json:"drop_labels,omitempty"`
	Parent     Ref      `json:"parent,omitempty"` // put the ticket below this one
	Status     Status   `json:"status,omitempty"`
	Comment    Comment  `json:"comment,omitzero"`
}

// IsZero reports whether p changes nothing.
func (p Patch) IsZero() bool {
	return len(p.Set) == 0 && len(p.AddLabels) == 0 && len(p.DropLabels) == 0 &&
		p.Parent == "" && p.Status == "" && p.Comment == (Comment{})
}

// Unmet is a wanted value that the tracker refused or dropped.
type Unmet struct {
	Field  Field     `json:"field"`
	Value  string    `json:"value,omitempty"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at,omitzero"`
	Basis  string    `json:"basis,omitempty"` // digest of people and configuration when it was refused
	// Again says that it was not refused and did not get through: the next run tries it
	// once more. What was refused waits, since asking again would be refused again.
	Again bool `json:"again,omitempty"`
}

// Address is where a ticket is: refs are only unique within their tracker.
type Address struct {
	Tracker string
	Ref     Ref
}

// Known is what the state remembers of how a ticket was last seen.
type Known struct {
	Seen   Seen      // a sum; its AsOf is when it was last read
	Misses int       // reads in a row that did not find it
	Gone   time.Time // when two reads in a row had missed it; zero while it is there
}
