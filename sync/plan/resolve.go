package plan

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"percolate/ticket"
)

// Keep says whose word stands when a conflict is settled.
type Keep string

// The two sides.
const (
	KeepTracker  Keep = "tracker"
	KeepDocument Keep = "document"
)

// FieldTicket is what a person names to settle a ticket that is gone or unmatched, in
// place of one of its fields.
const FieldTicket ticket.Field = "ticket"

// Errors of [Resolve].
var (
	ErrUnknownKey = errors.New("no ticket is known for it")
	ErrNoConflict = errors.New("there is nothing to settle")
)

// Resolution is how the memory of a ticket moves when a person settles a conflict.
type Resolution struct {
	Link ticket.Link // to be saved
	Drop bool        // the link is to be deleted instead: a new ticket will be filed
	Text string      // what follows from it, one line
}

// Resolve settles one field of one ticket, named by its key or by the ticket's name.
// Keeping the tracker's word counts the document's as asked, so that nothing is
// written; keeping the document's counts the tracker's as got, so that the next sync
// writes. Neither forgets: a later change on either side is seen as one.
func Resolve(in Input, name string, f ticket.Field, keep Keep) (Resolution, error) {
	m := newMaker(in)
	for _, d := range m.docs {
		m.identify(d)
	}
	l, ok := m.byName(name)
	if !ok {
		return Resolution{}, fmt.Errorf("%s: %w", name, ErrUnknownKey)
	}
	if f == FieldTicket {
		return m.resolveTicket(l, keep)
	}
	d, w, ok := m.wantedBy(l)
	if !ok {
		return Resolution{}, fmt.Errorf("%s: its document was not found among those read", l.Key)
	}
	if d.broken {
		return Resolution{}, fmt.Errorf("%s: %s", l.Key, d.tree.Broken)
	}
	return m.resolveField(l, w, f, keep)
}

// byName finds a link by its key, its action's id or its ticket's name.
func (m *maker) byName(name string) (ticket.Link, bool) {
	if k, ok := m.lookUp(name); ok {
		if l, linked := m.link(k); linked {
			return l, true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(m.linksOf)) {
		for _, l := range m.linksOf[id] {
			if l.Owns() && (strings.EqualFold(l.Name, name) || l.URL != "" && l.URL == name) {
				return l, true
			}
		}
	}
	return ticket.Link{}, false
}

// wantedBy finds what the documents want of a link's ticket.
func (m *maker) wantedBy(l ticket.Link) (*document, ticket.Wanted, bool) {
	d := m.byID[l.Key.Document]
	if d == nil {
		return nil, ticket.Wanted{}, false
	}
	if l.Key.IsParent() {
		return d, d.tree.Parent, true
	}
	for i, j := range d.identity.link {
		if j >= 0 && d.links[j].Key == l.Key {
			return d, d.tree.Children[i], true
		}
	}
	return d, ticket.Wanted{}, false
}

// resolveField settles a conflict that a plan shows, or one that it shows with a rewrite of
// all that differs.
func (m *maker) resolveField(l ticket.Link, w ticket.Wanted, f ticket.Field, keep Keep) (Resolution, error) {
	dec, conflict := m.conflictOn(l, w, f, Options{})
	if !conflict {
		dec, conflict = m.conflictOn(l, w, f, Options{Rerender: true})
	}
	if !conflict {
		return Resolution{}, fmt.Errorf("%s %s: %w: document and tracker do not both change it", l.Key, f, ErrNoConflict)
	}
	if keep == KeepTracker {
		dec.learn(f, false)
		return Resolution{Link: dec.link, Text: fmt.Sprintf("%s %s stays as it is in the tracker", l.Key, f)}, nil
	}
	dec.link.Got.Take(f, dec.seen.Fields)
	dec.link.Basis = maps.Clone(dec.link.Basis)
	delete(dec.link.Basis, f) // so that also what only a rewrite would change is written
	return Resolution{Link: dec.link, Text: fmt.Sprintf("%s %s will be set to the document's by the next percolate sync", l.Key, f)}, nil
}

// conflictOn decides a ticket's fields and tells whether there is a conflict on one.
func (m *maker) conflictOn(l ticket.Link, w ticket.Wanted, f ticket.Field, opts Options) (*decision, bool) {
	info := m.in.Trackers[l.Tracker]
	dec := &decision{wanted: able(w, info), link: l, seen: m.known(l).Seen, policy: m.in.Policy, opts: opts, now: m.in.Now, fixed: !info.KindChanges}
	dec.settleTrying()
	dec.decide()
	return dec, slices.ContainsFunc(dec.findings, func(found ticket.Finding) bool {
		return found.Kind == ticket.FindConflict && found.Field == f
	})
}

// resolveTicket settles a ticket that is gone, or recovered and claimed by no action.
func (m *maker) resolveTicket(l ticket.Link, keep Keep) (Resolution, error) {
	gone := !m.known(l).Gone.IsZero() && l.Owns()
	switch {
	case !gone && l.State != ticket.StateRecovered:
		return Resolution{}, fmt.Errorf("%s: %w: its ticket is there", l.Key, ErrNoConflict)
	case keep == KeepDocument && l.State == ticket.StateRecovered:
		return Resolution{}, fmt.Errorf("%s: %w: write %s beside its action, or let it go with --keep tracker", l.Key, ErrNoConflict, l.Name)
	case keep == KeepDocument:
		return Resolution{Link: l, Drop: true, Text: l.Key.String() + " will be filed again by the next percolate sync"}, nil
	}
	l.State = ticket.StateReleased
	return Resolution{Link: l, Text: l.Key.String() + " is let go: percolate files and watches nothing for it any more"}, nil
}
