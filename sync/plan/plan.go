// Package plan decides what to do: Make compares what documents want with what was
// asked of the trackers before and with what is seen there now, and returns the
// steps, the findings and their reasons as a Plan, a value that prints well. It is
// pure: it reads no clock, file, network or state, and carries nothing out.
package plan

import (
	"slices"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// Input is all that a plan is made from.
type Input struct {
	Now   time.Time
	Trees []ticket.Tree // what the documents want
	Whole bool          // Trees are all documents there are: one that is not among them is missing

	Links []ticket.Link // all that the state remembers, in the order of their keys
	Known map[ticket.Address]ticket.Known

	Trackers map[string]trackers.Info // those configured, by name
	Unread   map[string]string        // trackers that could not be read, with the reason
	Looked   map[string]time.Time     // when tickets of open intents were last looked for, by tracker

	Broken map[ticket.Address]string // tickets that are there and cannot be read, with the reason

	// Named holds the tickets that documents name beside an action and that no link
	// leads to, by the address recognised in the text. One that is absent cannot be read.
	Named map[ticket.Address]ticket.Seen

	Policy   Policy
	Options  Options
	Approved map[string]bool // digests of steps that a person approved

	Rest *Rest // nil when this is all that the run works on
}

// Rest is what has to be known of the other documents of a run when the input holds a
// part of them. The guard is then the caller's, who sees all parts; see [Guard.Holds].
type Rest struct {
	Read    map[string]bool // the ids of all documents of the run
	Broken  map[string]bool // the paths of those that cannot be acted on
	Missing map[string]bool // the ids of documents that this part tells to be missing
}

// Options are what the caller of a single run asks for.
type Options struct {
	Force    bool // let a plan go on that the guard would hold back
	Retire   bool // retire the tickets of documents that are missing
	Rerender bool // write again what a new template, policy or people list changed
	NoAssign bool // file now, assign later
}

// Op is what a step does.
type Op string

// The operations.
const (
	Create  Op = "create"  // file a ticket
	Adopt   Op = "adopt"   // take a ticket that the document names
	Update  Op = "update"  // set fields that the document changed
	Repeat  Op = "repeat"  // tell an earlier ticket that it was hit again
	Retire  Op = "retire"  // tell a ticket that its action left the document
	Restore Op = "restore" // tell it that the action is back
)

// Step is one thing to do to one ticket.
type Step struct {
	Op      Op
	Tracker string
	Link    ticket.Link   // the link as it is before the step; for Create as the intent is to be saved
	Wanted  ticket.Wanted // Create, Adopt, Update: what is wanted; its Key is Link.Key
	Patch   ticket.Patch  // what Adopt, Update, Repeat, Retire and Restore send
	Of      ticket.Key    // Repeat: the earlier action whose ticket is told
	Parent  ticket.Ref    // Create, Adopt, Update: the ticket that it is put below, when that is filed already
	Below   bool          // Adopt: put the ticket below its document's parent
	Hung    string        // Create, Adopt, Update: what the parent is called and whether it is finished, in short
	Changes []Change      // Update, Repeat: for people
	Reason  string
}

// Change is one field as it changes, for people.
type Change struct {
	Field    ticket.Field
	From, To string
}

// Note says why something that a reader may expect is not a step.
type Note struct {
	Key  ticket.Key
	Word string // one word: "done", "draft", "elsewhere", "recovered"
	Text string
}

// WordUnread is the word of a note that says that a document's tracker was not read, so
// that what the plan says of the document is not all there is to say.
const WordUnread = "unread"

// Document is the heading under which a document's steps are printed.
type Document struct {
	ID, Path, Title, Summary, Tracker string
}

// Plan is what is to be done, in the order in which it is done, and what a person
// should look at.
type Plan struct {
	Documents []Document
	Steps     []Step
	Findings  []ticket.Finding
	Notes     []Note

	// Learned are links whose memory moves without any write to a tracker, and Dropped
	// the keys of links that led to nothing.
	Learned []ticket.Link
	Dropped []ticket.Key

	Left    Left // what was left out of the lists above
	Costs   []Cost
	Tracked int   // tickets that are tracked before the plan is carried out
	Held    *Held // why the plan is held back; nil when it may go on
}

// Left tells of steps and memory that a plan does not list, since they may be too many to
// be held at once: how many steps, and what [Plan.DocumentIDs] would have said of them.
type Left struct {
	Steps     int
	Documents []string
}

// Size is how many steps there are to do.
func (p Plan) Size() int { return len(p.Steps) + p.Left.Steps }

// Empty reports whether there is nothing to do.
func (p Plan) Empty() bool { return p.Size() == 0 }

// DocumentIDs lists the documents whose tickets or links the plan touches, those
// that are told of repeats included, without repetition.
func (p Plan) DocumentIDs() []string {
	var ids []string
	seen := map[string]bool{"": true}
	add := func(id string) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, s := range p.Steps {
		add(s.Link.Key.Document)
		add(s.Of.Document)
	}
	for _, l := range p.Learned {
		add(l.Key.Document)
	}
	for _, k := range p.Dropped {
		add(k.Document)
	}
	for _, id := range p.Left.Documents {
		add(id)
	}
	return ids
}

// Brief is p without its steps and memory, but for how many steps there are and which
// documents they touch.
func (p Plan) Brief() Plan {
	p.Left = Left{Steps: p.Size(), Documents: p.DocumentIDs()}
	p.Steps, p.Learned, p.Dropped = nil, nil, nil
	return p
}

// Append adds what a plan of other documents says.
func (p *Plan) Append(q Plan) {
	p.Documents = append(p.Documents, q.Documents...)
	p.Steps = append(p.Steps, q.Steps...)
	p.Findings = append(p.Findings, q.Findings...)
	p.Notes = append(p.Notes, q.Notes...)
	p.Learned = append(p.Learned, q.Learned...)
	p.Dropped = append(p.Dropped, q.Dropped...)
	p.Left.Steps += q.Left.Steps
	p.Left.Documents = append(p.Left.Documents, q.Left.Documents...)
}

// Replace is p with what a later plan of some of its documents says in place of what it
// said of them.
func (p Plan) Replace(q Plan) Plan {
	spoken := map[string]bool{}
	for _, d := range q.Documents {
		spoken[d.ID] = true
	}
	p.Steps = only(p.Steps, func(s Step) bool { return !spoken[s.Link.Key.Document] })
	p.Learned = only(p.Learned, func(l ticket.Link) bool { return !spoken[l.Key.Document] })
	p.Dropped = only(p.Dropped, func(k ticket.Key) bool { return !spoken[k.Document] })
	p.Findings = only(p.Findings, func(f ticket.Finding) bool { return !spoken[f.Key.Document] })
	p.Notes = only(p.Notes, func(n Note) bool { return !spoken[n.Key.Document] })
	p.Left.Documents = only(p.Left.Documents, func(id string) bool { return !spoken[id] })
	p.Left.Steps -= min(p.Left.Steps, len(q.Steps))
	p.Held = q.Held
	q.Documents = nil // which are headed already
	p.Append(q)
	return p
}

// Part is what p does and learns of the documents, in a plan of its own.
func (p Plan) Part(documents map[string]bool) Plan {
	p.Steps = only(p.Steps, func(s Step) bool { return documents[s.Link.Key.Document] })
	p.Learned = only(p.Learned, func(l ticket.Link) bool { return documents[l.Key.Document] })
	p.Dropped = only(p.Dropped, func(k ticket.Key) bool { return documents[k.Document] })
	p.Left = Left{Documents: only(p.Left.Documents, func(id string) bool { return documents[id] })}
	p.Documents, p.Findings, p.Notes = nil, nil, nil
	return p
}

// Only is p without the steps and memory of other documents than those that keep accepts.
func (p Plan) Only(keep func(document string) bool) Plan {
	p.Steps = only(p.Steps, func(s Step) bool {
		return keep(s.Link.Key.Document) && (s.Of == (ticket.Key{}) || keep(s.Of.Document))
	})
	p.Learned = only(p.Learned, func(l ticket.Link) bool { return keep(l.Key.Document) })
	p.Dropped = only(p.Dropped, func(k ticket.Key) bool { return keep(k.Document) })
	return p
}

// only is what keep accepts of all, which is all itself as a rule.
func only[T any](all []T, keep func(T) bool) []T {
	if !slices.ContainsFunc(all, func(one T) bool { return !keep(one) }) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool { return !keep(one) })
}

// Digest names the step for approval: it changes with what the step does to which
// ticket, and with nothing else.
func (s Step) Digest() string {
	parts := []string{string(s.Op), s.Tracker, s.Link.Key.String(), string(s.Link.Ref), s.Of.String(), s.Patch.Comment.Marker}
	for _, c := range s.Changes {
		parts = append(parts, string(c.Field), c.To)
	}
	return ticket.Digest(parts...)
}
