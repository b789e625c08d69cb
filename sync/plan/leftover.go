package plan

import (
	"fmt"
	"slices"

	"percolate/ticket"
)

// leftovers decides the links that no action of their document claims any more.
func (m *maker) leftovers(d *document) {
	for _, j := range d.free() {
		m.leftover(d.links[j], d.tree.Document, ticket.Place{Path: d.tree.Path})
	}
}

func (m *maker) leftover(l ticket.Link, document string, place ticket.Place) {
	switch l.State {
	case ticket.StateReleased:
		return
	case ticket.StateRecovered:
		m.find(ticket.Finding{
			Kind: ticket.FindUnmatched, Key: l.Key, Tracker: l.Tracker, Ref: l.Ref, Name: l.Name, Place: place,
			Text: l.Name + " carries the marker of " + document + " and belongs to no action of it; new actions of the document are not filed meanwhile",
			Mend: "write " + l.Name + " beside its action, or percolate resolve " + ShellWord(l.Key.String()) + " ticket --keep tracker (let it go)",
		})
		return
	case ticket.StateIntent:
		found, ok := m.unwanted(l)
		if !ok {
			return
		}
		l = found
	case ticket.StateRepeat:
		if l.Retired.IsZero() {
			l.Retired = m.in.Now
			m.learn(l)
		}
		return
	}
	l, ok := m.reach(place, l)
	if ok && l.Retired.IsZero() {
		m.retire(l, document)
	}
}

// unwanted settles a create that was begun and that no document asks for any more: its
// ticket is found by its marker, or there is none. The answer is the link once its ticket
// is known.
func (m *maker) unwanted(l ticket.Link) (ticket.Link, bool) {
	if m.unread(l.Key, l.Tracker) || m.waiting(l) {
		return l, false
	}
	found := m.carriers(l.Key)
	if len(found) == 0 {
		m.plan.Dropped = append(m.plan.Dropped, l.Key)
		return l, false
	}
	return m.found(l, found[0]), true
}

// retire tells a ticket, once, that no document asks for it any more. It is closed
// only when the policy says so, and never when it was there before us.
func (m *maker) retire(l ticket.Link, document string) {
	if m.known(l).Seen.Status.Finished() {
		l.Retired = m.in.Now
		m.learn(l)
		return
	}
	patch := ticket.Patch{Comment: retiredComment(l, document)}
	if m.in.Policy.CloseRemoved && l.State == ticket.StateFiled {
		patch.Status = ticket.StatusDropped
	}
	m.plan.Steps = append(m.plan.Steps, Step{
		Op: Retire, Tracker: l.Tracker, Link: l, Patch: patch,
		Reason: "no longer in the document",
	})
}

// missing lists documents that have live links and were not read, in order. In a run
// over a part of the documents that says nothing.
func (m *maker) missing() []string {
	if m.absent == nil {
		m.absent = m.findMissing()
	}
	return m.absent
}

func (m *maker) findMissing() []string {
	out := []string{}
	broken := map[string]bool{}
	for _, d := range m.docs {
		if d.broken {
			broken[d.tree.Path] = true
		}
	}
	read := map[string]bool{}
	if m.in.Rest != nil {
		read, broken = m.in.Rest.Read, m.in.Rest.Broken
	}
	for id, links := range m.linksOf {
		if m.byID[id] != nil || read[id] || !slices.ContainsFunc(links, live) {
			continue
		}
		if !slices.ContainsFunc(links, func(l ticket.Link) bool { return broken[l.Path] }) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

func live(l ticket.Link) bool {
	return l.State != ticket.StateReleased && l.Retired.IsZero()
}

func (m *maker) missingDocuments() {
	if !m.in.Whole {
		return
	}
	for _, id := range m.missing() {
		if m.in.Rest != nil && !m.in.Rest.Missing[id] {
			continue
		}
		links := m.linksOf[id]
		m.plan.Documents = append(m.plan.Documents, Document{ID: id, Path: links[0].Path, Title: "(document missing)", Tracker: links[0].Tracker})
		if m.in.Options.Retire {
			for _, l := range links {
				if live(l) {
					m.leftover(l, id, ticket.Place{Path: l.Path})
				}
			}
			continue
		}
		for _, l := range links {
			if l.State == ticket.StateIntent {
				m.unwanted(l) // so that reports tell of its ticket
			}
		}
		m.find(ticket.Finding{
			Kind: ticket.FindMissing, Key: ticket.Key{Document: id}, Name: links[0].Name, Place: ticket.Place{Path: links[0].Path},
			Text: "the document was not found; its tickets are left as they are",
			Mend: "bring it back, or percolate sync --retire",
		})
	}
}

// renamedFrom names the known document that a new one looks like: it stands at the
// same path or, when all documents were read and that one is missing, has an action
// of the same text. Empty when the document is known or surely new.
func (m *maker) renamedFrom(d *document) string {
	if len(m.linksOf[d.tree.Document]) > 0 {
		return ""
	}
	texts := map[string]bool{}
	for _, w := range d.tree.Children {
		texts[ticket.FoldText(w.Text)] = true
	}
	for _, id := range m.missing() {
		for _, l := range m.linksOf[id] {
			same := l.Path != "" && l.Path == d.tree.Path
			if m.in.Whole && !l.Key.IsParent() && texts[ticket.FoldText(l.Text)] {
				same = true
			}
			if same && live(l) {
				return id
			}
		}
	}
	return ""
}

// readyToClose finds a parent whose children are all finished.
func (m *maker) readyToClose(d *document) {
	if d.broken || d.parent == nil || !d.parent.Owns() {
		return
	}
	parent := m.known(*d.parent)
	if parent.Seen.Ref == "" || parent.Seen.Status.Finished() || !parent.Gone.IsZero() {
		return
	}
	finished := 0
	for i, w := range d.tree.Children {
		if _, filing := m.filing[w.Key]; filing || d.identity.unclear[i] != "" {
			return
		}
		j := d.identity.link[i]
		if j < 0 {
			if !w.Done {
				return
			}
			continue
		}
		known := m.known(d.links[j])
		if d.links[j].State == ticket.StateReleased || !known.Gone.IsZero() {
			continue
		}
		if !known.Seen.Status.Finished() {
			return
		}
		finished++
	}
	if finished > 0 {
		m.find(ticket.Finding{
			Kind: ticket.FindReady, Key: d.parent.Key, Tracker: d.parent.Tracker, Ref: d.parent.Ref, Name: d.parent.Name, Place: d.tree.Parent.Place,
			Text: fmt.Sprintf("all %s finished; %s can be closed", count(finished, "action is", "actions are"), d.parent.Name),
		})
	}
}
