package plan

import (
	"maps"
	"slices"

	"percolate/ticket"
	"percolate/trackers"
)

// create plans to file a ticket.
func (m *maker) create(d *document, w ticket.Wanted, tracker string) {
	info, ok := m.in.Trackers[tracker]
	if !ok {
		m.findOf(w, ticket.FindUnmapped, "not filed: no tracker "+quote(tracker)+" is configured", "name a configured tracker in the route or beside the action")
		return
	}
	if m.unread(w.Key, tracker) {
		return
	}
	if why := m.parentBlocks(d, w); why != "" {
		d.waits = true
		m.findOf(w, ticket.FindPending, "not filed yet: "+why, "")
		return
	}
	if twins := m.carriers(w.Key); len(twins) > 0 {
		// A ticket with this very marker is there: an id was given out again, or the link
		// was let go of. A second one must not appear.
		m.findOf(w, ticket.FindUnmatched, "not filed: "+twins[0].Name+" carries its marker", "write that ticket beside the action, or delete it")
		return
	}
	w = able(w, info)
	if m.in.Options.NoAssign {
		w.Fields.Assignees = nil
		w.Basis = maps.Clone(w.Basis)
		delete(w.Basis, ticket.FieldAssignees)
	}
	m.filing[w.Key] = len(m.plan.Steps)
	m.plan.Steps = append(m.plan.Steps, Step{
		Op: Create, Tracker: tracker, Wanted: w, Parent: m.parentRef(d, w, tracker), Hung: m.hung(d), Reason: reasonToFile(w),
		Link: ticket.Link{
			Key: w.Key, ActionID: w.ActionID, Text: w.Text, Owners: w.Owners, Path: d.tree.Path, Tracker: tracker,
			State: ticket.StateIntent, Asked: w.Fields.Sum(), Basis: w.Basis,
			Priority: w.Fields.Priority, Due: w.Fields.Due,
		},
	})
}

func reasonToFile(w ticket.Wanted) string {
	switch {
	case w.Key.IsParent():
		return "parent"
	case w.Fields.Kind == ticket.KindDefect:
		return "direct contributor"
	default:
		return "improvement"
	}
}

// able is w without the values that the tracker has no notion of. They stand in the
// body, and doctor says once what a tracker lacks; a finding a ticket would be noise.
func able(w ticket.Wanted, info trackers.Info) ticket.Wanted {
	if !info.Priorities {
		w.Fields.Priority = ticket.PriorityNone
	}
	if !info.Due {
		w.Fields.Due = ""
	}
	if info.Lacks != nil {
		for _, f := range info.Lacks(w.Fields.Kind) {
			w.Fields.Take(f, ticket.Fields{})
		}
	}
	return w
}

// parentBlocks says why a child cannot be filed below its parent yet, "" when it can.
func (m *maker) parentBlocks(d *document, w ticket.Wanted) string {
	if w.Key.IsParent() {
		return ""
	}
	if d.parent == nil {
		return m.closed(d.tree.Tracker)
	}
	p := m.parentNow(d)
	switch {
	case p.State == ticket.StateReleased:
		return ""
	case p.State == ticket.StateIntent && m.closed(p.Tracker) != "":
		return m.closed(p.Tracker)
	case p.State == ticket.StateIntent && m.waiting(p):
		return "whether its parent was filed is not known yet"
	case len(m.others(p)) > 0:
		return "its parent's marker stands on two tickets"
	case !m.known(p).Gone.IsZero():
		return "its parent's ticket " + p.Name + " is gone"
	case p.HasTicket() && m.known(p).Misses > 0:
		return "its parent's ticket " + p.Name + " was not found when last read"
	}
	return ""
}

// closed says why no parent can be filed on a tracker in this run, "" when one can.
func (m *maker) closed(tracker string) string {
	if _, ok := m.in.Trackers[tracker]; !ok {
		return "its parent belongs on " + quote(tracker) + ", which is not configured"
	}
	if why, bad := m.in.Unread[tracker]; bad {
		return "its parent belongs on " + tracker + ", which was not read: " + why
	}
	return ""
}

// parentRef is the ticket that w is filed below, when that is filed already and on
// the same tracker.
func (m *maker) parentRef(d *document, w ticket.Wanted, tracker string) ticket.Ref {
	if w.Key.IsParent() || d.parent == nil {
		return ""
	}
	p := m.parentNow(d)
	if !p.Owns() || p.Tracker != tracker {
		return ""
	}
	return p.Ref
}

// parentNow is the link of a document's own ticket as it will be once this plan has
// learned where that is: followed when it moved, and found when its create was cut off.
func (m *maker) parentNow(d *document) ticket.Link {
	p, _ := m.moved(*d.parent)
	if found := m.carriers(p.Key); p.State == ticket.StateIntent && len(found) > 0 {
		p.State, p.Tracker, p.Ref, p.Name = ticket.StateFiled, found[0].Tracker, found[0].Ref, found[0].Name
	}
	return p
}

// named decides an action that names a ticket beside it.
func (m *maker) named(d *document, w ticket.Wanted, tracker string) {
	addresses := m.addresses(w.Ticket)
	if len(addresses) == 0 {
		if m.in.Policy.FileElsewhere {
			m.create(d, w, tracker)
			return
		}
		m.note(w.Key, "elsewhere", "tracked elsewhere: "+w.Ticket)
		return
	}
	for _, a := range addresses {
		if k, ok := m.owner[a]; ok {
			m.sharesTicket(d, w, k)
			return
		}
	}
	for _, a := range addresses {
		if m.unread(w.Key, a.Tracker) {
			return
		}
		if seen, ok := m.in.Named[a]; ok {
			m.adopt(d, w, seen)
			return
		}
	}
	m.findOf(w, ticket.FindUnknownTicket, "not filed: "+w.Ticket+" cannot be read on "+addresses[0].Tracker, "mend the ticket in the document, or take it out to have one filed")
}

// sharesTicket decides an action that names a ticket which percolate tracks already.
func (m *maker) sharesTicket(d *document, w ticket.Wanted, k ticket.Key) {
	if k.Document == d.tree.Document {
		m.findOf(w, ticket.FindUnclear, "not filed: "+w.Ticket+" is the ticket of "+k.String()+" already", "name another ticket, or say that it repeats "+k.String())
		return
	}
	i := slices.IndexFunc(d.tree.Children, func(c ticket.Wanted) bool { return c.Key == w.Key })
	m.pending = append(m.pending, pendingRepeat{doc: d, child: i, of: k})
}

// adopt plans to take a ticket that was there before us. It is put below the parent
// when it has none, tracked from then on, and its fields are left alone.
func (m *maker) adopt(d *document, w ticket.Wanted, seen ticket.Seen) {
	address := ticket.Address{Tracker: seen.Tracker, Ref: seen.Ref}
	if k, ok := m.owner[address]; ok {
		m.sharesTicket(d, w, k)
		return
	}
	below := seen.Parent == "" && !seen.Status.Finished() && seen.Tracker == d.parentTracker()
	if why := m.parentBlocks(d, w); below && why != "" {
		m.findOf(w, ticket.FindPending, "not adopted yet: "+why, "")
		return
	}
	l := ticket.Link{
		Key: w.Key, ActionID: w.ActionID, Text: w.Text, Owners: w.Owners, Path: d.tree.Path,
		Tracker: seen.Tracker, Ref: seen.Ref, Name: seen.Name, URL: seen.URL,
		State: ticket.StateAdopted, Asked: w.Fields.Sum(), Got: seen.Fields.Sum(), Basis: w.Basis,
		Priority: seen.Fields.Priority, Due: seen.Fields.Due,
	}
	m.owner[address], m.learned[w.Key], m.adopting[address] = w.Key, l, seen
	reason := "the document names it"
	if seen.Status.Finished() {
		reason += "; it is finished already"
	}
	s := Step{Op: Adopt, Tracker: seen.Tracker, Wanted: w, Link: l, Reason: reason, Below: below}
	if below {
		s.Parent, s.Hung = m.parentRef(d, w, seen.Tracker), m.hung(d)
	}
	m.plan.Steps = append(m.plan.Steps, s)
}

// parentTracker is where the document's own ticket is, or will be.
func (d *document) parentTracker() string {
	if d.parent != nil {
		return d.parent.Tracker
	}
	return d.tree.Tracker
}

// unread reports whether the tracker could not be read in this run, and says so once
// for each document.
func (m *maker) unread(k ticket.Key, tracker string) bool {
	why, bad := m.in.Unread[tracker]
	if told := [2]string{k.Document, tracker}; bad && !m.unreadTold[told] {
		m.unreadTold[told] = true
		m.note(ticket.Key{Document: k.Document}, WordUnread, tracker+" was not read: "+why)
	}
	return bad
}

// Addresses lists where a ticket may be that a document names: one address for each
// tracker that recognises the text, in the order of their names.
func Addresses(all map[string]trackers.Info, text string) []ticket.Address {
	var out []ticket.Address
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if recognise := all[name].Recognise; recognise != nil && text != "" {
			if ref, ok := recognise(text); ok {
				out = append(out, ticket.Address{Tracker: name, Ref: ref})
			}
		}
	}
	return out
}

// Unlinked lists the addresses of tickets that documents name and that may have to be
// read before a plan is made, because no link of the document leads to them yet.
func Unlinked(in Input) []ticket.Address {
	byDocument := map[string][]ticket.Link{}
	for _, l := range in.Links {
		byDocument[l.Key.Document] = append(byDocument[l.Key.Document], l)
	}
	var out []ticket.Address
	for _, t := range in.Trees {
		for _, w := range t.Children {
			if w.Ticket == "" || w.Done || t.Hold != "" || w.Hold != "" || t.Broken != "" {
				continue
			}
			addresses := Addresses(in.Trackers, w.Ticket)
			if !slices.ContainsFunc(byDocument[t.Document], func(l ticket.Link) bool { return leadsTo(l, w.Ticket, addresses) }) {
				out = append(out, addresses...)
			}
		}
	}
	return out
}
