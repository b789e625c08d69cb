package plan

import (
	"fmt"
	"slices"
	"strings"

	"percolate/ticket"
)

// pendingRepeat is an action that repeats an earlier one, set aside until all
// documents are decided, since the earlier one may be filed by this very plan.
type pendingRepeat struct {
	doc   *document
	child int
	of    ticket.Key // known from the ticket it names; else Wanted.Repeats tells
}

func (m *maker) repeats() {
	for _, p := range m.pending {
		w := p.doc.tree.Children[p.child]
		of := p.of
		if of == (ticket.Key{}) {
			var why string
			if of, why = m.target(w.Key, w.Repeats); why != "" {
				m.findOf(w, ticket.FindUnknownRepeat, "not filed: "+why, "mend what it repeats, or take that out to have a ticket filed")
				continue
			}
		}
		m.repeat(p, w, of)
	}
}

// target resolves what an action says it repeats to the key of the earliest action
// that has a ticket of its own, or says why it cannot.
func (m *maker) target(from ticket.Key, written string) (ticket.Key, string) {
	first, visited := written, map[ticket.Key]bool{from: true}
	for {
		k, ok := m.lookUp(written)
		if !ok {
			return k, fmt.Sprintf("it repeats %s, which percolate does not know", quote(written))
		}
		if visited[k] {
			return k, fmt.Sprintf("it repeats %s, which leads back to it in a circle", first)
		}
		visited[k] = true
		l, linked := m.link(k)
		if linked && l.State == ticket.StateRepeat {
			k = l.Of
		} else if of, shares := m.sharing(k); shares {
			k = of
		} else if linked {
			return k, ""
		}
		if _, filing := m.filing[k]; filing || m.hasTicket(k) {
			return k, ""
		}
		w, ok := m.wanted(k)
		switch {
		case !ok:
			return k, fmt.Sprintf("it repeats %s, which percolate does not know", k)
		case w.Repeats != "":
			written = w.Repeats
		case w.Done:
			return k, ""
		default:
			return k, fmt.Sprintf("it repeats %s, which is not filed itself", k)
		}
	}
}

// sharing finds the action whose ticket the action k names as its own.
func (m *maker) sharing(k ticket.Key) (ticket.Key, bool) {
	for _, p := range m.pending {
		if p.doc.tree.Children[p.child].Key == k && p.of != (ticket.Key{}) {
			return p.of, true
		}
	}
	return ticket.Key{}, false
}

// lookUp finds the action that a text names: "PER-2026-002/A4", or its ticket.
func (m *maker) lookUp(written string) (ticket.Key, bool) {
	k := ticket.ParseKey(strings.TrimSpace(written))
	if _, ok := m.link(k); ok {
		return k, true
	}
	for _, l := range m.linksOf[k.Document] {
		if l.ActionID != "" && l.ActionID == k.Action {
			return l.Key, true
		}
	}
	if w, ok := m.wanted(k); ok {
		return w.Key, true // which is another one when it was filed before it had its id
	}
	for _, a := range m.addresses(written) {
		if owner, ok := m.owner[a]; ok {
			return owner, true
		}
	}
	return k, false
}

// wanted finds the action of a document that is read in this run.
func (m *maker) wanted(k ticket.Key) (ticket.Wanted, bool) {
	d := m.byID[k.Document]
	if d == nil || d.broken || k.IsParent() {
		return ticket.Wanted{}, false
	}
	for _, w := range d.tree.Children {
		if w.Key == k || w.ActionID != "" && w.ActionID == k.Action {
			return w, true
		}
	}
	return ticket.Wanted{}, false
}

// repeat decides an action that repeats earlier work for the first time.
func (m *maker) repeat(p pendingRepeat, w ticket.Wanted, of ticket.Key) {
	earlier, _ := m.link(of)
	if _, filing := m.filing[of]; !filing {
		if !earlier.HasTicket() { // done before it was ever filed
			m.create(p.doc, w, p.doc.tree.TrackerOf(p.child))
			return
		}
		l, ok := m.reachQuietly(earlier)
		if !ok {
			m.findOf(w, ticket.FindUnknownRepeat, "not filed: it repeats "+of.String()+", whose ticket "+earlier.Name+" cannot be read", "settle the findings of "+of.String()+" first")
			return
		}
		if m.known(l).Seen.Status.Finished() {
			m.create(p.doc, w, p.doc.tree.TrackerOf(p.child))
			return
		}
		earlier = l
	}
	m.tell(p.doc, w, ticket.Link{
		Key: w.Key, ActionID: w.ActionID, Text: w.Text, Owners: w.Owners, Path: p.doc.tree.Path,
		State: ticket.StateRepeat, Of: of, Tracker: earlier.Tracker, Ref: earlier.Ref, Name: earlier.Name, URL: earlier.URL,
	}, earlier)
}

// repeated decides an action that is known to repeat earlier work: once told, that
// is never decided again, whatever becomes of the earlier ticket.
func (m *maker) repeated(d *document, w ticket.Wanted, l ticket.Link) {
	if !l.Told {
		of, _ := m.link(l.Of)
		earlier, ok := m.reachQuietly(of)
		if !ok {
			m.findOf(w, ticket.FindUnknownRepeat, "it repeats "+l.Of.String()+", whose ticket could not be told yet", "settle the findings of "+l.Of.String()+" first")
			return
		}
		l.Ref, l.Name, l.URL, l.Tracker = earlier.Ref, earlier.Name, earlier.URL, earlier.Tracker
		m.tell(d, w, l, earlier)
		return
	}
	if l.Text != w.Text || l.Path != d.tree.Path || l.ActionID != w.ActionID || !slices.Equal(l.Owners, w.Owners) || !l.Retired.IsZero() {
		l.Text, l.Path, l.ActionID, l.Owners = w.Text, d.tree.Path, w.ActionID, w.Owners
		l.Retired = ticket.Link{}.Retired
		m.learn(l)
	}
}

// reachQuietly is reach for a ticket whose own document says what is wrong with it.
func (m *maker) reachQuietly(l ticket.Link) (ticket.Link, bool) {
	known := m.known(l)
	_, configured := m.in.Trackers[l.Tracker]
	_, unread := m.in.Unread[l.Tracker]
	claimed := l.State == ticket.StateFiled || l.State == ticket.StateAdopted
	_, broken := m.in.Broken[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}]
	return l, claimed && configured && !broken && !unread && known.Seen.Ref != "" && known.Gone.IsZero() && known.Misses == 0 && len(m.others(l)) == 0
}

// tell plans to tell an earlier ticket that it was hit again. Its priority rises one
// step from the value that is seen now; where a person had set it, where it is not
// ours or where the tracker has none, the comment alone tells.
func (m *maker) tell(d *document, w ticket.Wanted, l, earlier ticket.Link) {
	from := m.known(earlier).Seen.Fields.Priority
	free := earlier.State == ticket.StateFiled && from == earlier.Got.Priority
	name := earlier.Name
	if filing, ok := m.filing[l.Of]; ok {
		from, free, name = m.plan.Steps[filing].Wanted.Fields.Priority, true, l.Of.String()
		l.Tracker = m.plan.Steps[filing].Tracker
	}
	if raised, ok := m.priority[l.Of]; ok {
		from = raised
	}
	to := from.Raised()
	if decided := l.Trying.To.Priority; decided != ticket.PriorityNone {
		to = decided // decided before a crash; what landed meanwhile is not raised twice
	}
	patch := ticket.Patch{Comment: repeatComment(w, d.tree, l.Of)}
	reason := fmt.Sprintf("repeats %s (%s), which is not finished", l.Of, name)
	if name == l.Of.String() {
		reason = fmt.Sprintf("repeats %s, which is not finished", l.Of)
	}
	var changes []Change
	if free && to > from && m.in.Policy.mode(ticket.FieldPriority) != Once {
		patch.Set = []ticket.Field{ticket.FieldPriority}
		patch.To.Priority = to
		changes = []Change{{Field: ticket.FieldPriority, From: from.String(), To: to.String()}}
		m.priority[l.Of] = to
	} else {
		reason += "; its priority stays, " + stays(from, free, earlier.State) + ", and a comment tells"
	}
	m.repeating[l.Key.Document] = true
	m.plan.Steps = append(m.plan.Steps, Step{
		Op: Repeat, Tracker: l.Tracker, Link: l, Wanted: w, Patch: patch, Of: l.Of, Changes: changes,
		Reason: reason,
	})
}

// stays says why a priority is not raised.
func stays(now ticket.Priority, free bool, state ticket.State) string {
	switch {
	case now == ticket.PriorityNone:
		return "there is none"
	case state == ticket.StateAdopted:
		return "the ticket was there before us"
	case !free:
		return "a person set it"
	case now == ticket.PriorityHighest:
		return "it is the highest"
	default:
		return "it was raised already"
	}
}
