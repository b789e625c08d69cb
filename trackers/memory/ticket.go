package memory

import (
	"slices"
	"strconv"
	"time"

	"percolate/ticket"
)

// Comment is a comment on a ticket.
type Comment struct {
	Marker string // empty for a person's
	Text   string
	Ours   bool // percolate wrote it, not a person
}

// Ticket is a ticket as the tracker holds it. Fields.Body is our block of Whole.
type Ticket struct {
	Ref      ticket.Ref
	Name     string
	Key      ticket.Key // our marker
	Parent   ticket.Ref
	Fields   ticket.Fields
	Whole    string
	Status   ticket.Status
	Comments []Comment
	Created  time.Time
	Updated  time.Time
	Moved    time.Time // when a person last changed status or assignee, or commented
	Ours     bool      // percolate created it, not a person
	Deleted  bool

	serial int // of its last change
}

// word is the tracker's own word for a status.
func word(s ticket.Status) string {
	switch s {
	case ticket.StatusActive:
		return "In Progress"
	case ticket.StatusBlocked:
		return "On Hold"
	case ticket.StatusDone:
		return "Done"
	case ticket.StatusDropped:
		return "Won't Do"
	}
	return "To Do"
}

// copy is a deep copy of k.
func (k *Ticket) copy() Ticket {
	c := *k
	for _, f := range ticket.AllFields() {
		c.Fields.Take(f, k.Fields)
	}
	c.Comments = slices.Clone(k.Comments)
	return c
}

func (t *Tracker) seen(k *Ticket) ticket.Seen {
	c := k.copy()
	return ticket.Seen{
		Tracker: t.opt.Name,
		Ref:     c.Ref,
		Name:    c.Name,
		URL:     t.urlOf(c.Name),
		Key:     c.Key,
		Parent:  c.Parent,
		Fields:  c.Fields,
		Status:  c.Status,
		Word:    word(c.Status),
		Updated: c.Updated,
		Moved:   c.Moved,
		AsOf:    t.now(),
		Whole:   c.Whole,
	}
}

// find returns the ticket with the ref, name or earlier name, nil where there is none.
func (t *Tracker) find(ref ticket.Ref) *Ticket {
	for _, k := range t.tickets {
		if !k.Deleted && string(k.Ref) == t.names[ref] {
			return k
		}
	}
	return nil
}

// add takes k in as a new ticket.
func (t *Tracker) add(k Ticket) *Ticket {
	n := strconv.Itoa(len(t.tickets) + 1)
	k.Ref = ticket.Ref("1000" + n) // as opaque as the ids of real trackers
	k.Name = t.opt.Project + "-" + n
	t.names[k.Ref] = string(k.Ref)
	t.names[ticket.Ref(k.Name)] = string(k.Ref)
	t.tickets = append(t.tickets, &k)
	t.touch(&k)
	k.Created = k.Updated
	return &k
}

// touch notes that k has just changed.
func (t *Tracker) touch(k *Ticket) {
	t.clock++
	t.serial++
	k.serial = t.serial
	k.Updated = t.now()
}
