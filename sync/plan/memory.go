package plan

import (
	"cmp"
	"slices"

	"percolate/ticket"
)

// What the state remembers may be far more than what a plan does anything about. It is
// looked at where it stands, and only what the plan moves is copied.

// takeLinks finds the links of each document, which stand side by side in the input.
func (m *maker) takeLinks() {
	for all := m.in.Links; len(all) > 0; {
		document, n := all[0].Key.Document, 1
		for n < len(all) && all[n].Key.Document == document {
			n++
		}
		if len(m.linksOf[document]) == 0 {
			m.linksOf[document] = all[:n:n]
		} else {
			m.linksOf[document] = slices.Concat(m.linksOf[document], all[:n])
		}
		all = all[n:]
	}
	for i := range m.in.Links {
		m.own(&m.in.Links[i])
		if m.in.Links[i].Owns() {
			m.plan.Tracked++
		}
	}
}

// makeRoom makes room for the steps that file what has no link yet: each is large, and a
// list that grows is copied again and again.
func (m *maker) makeRoom() {
	n := -len(m.in.Links)
	for _, d := range m.docs {
		if d.broken || d.hold != "" {
			continue
		}
		n++
		for i := range d.tree.Children {
			if w := &d.tree.Children[i]; !w.Done && w.Hold == "" {
				n++
			}
		}
	}
	m.plan.Steps = make([]Step, 0, max(n, 0))
}

func (m *maker) own(l *ticket.Link) {
	if l.Owns() {
		m.owner[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}] = l.Key
	}
}

// remember adds a link to those of the input.
func (m *maker) remember(l ticket.Link) {
	m.learned[l.Key] = l
	m.linksOf[l.Key.Document] = append(m.linksOf[l.Key.Document], l)
	m.own(&l)
}

// link is the link of a key as it stands now.
func (m *maker) link(k ticket.Key) (ticket.Link, bool) {
	if l, ok := m.learned[k]; ok {
		return l, true
	}
	links := m.linksOf[k.Document]
	if i := slices.IndexFunc(links, func(l ticket.Link) bool { return l.Key == k }); i >= 0 {
		return links[i], true
	}
	return ticket.Link{}, false
}

func (m *maker) hasTicket(k ticket.Key) bool {
	l, _ := m.link(k)
	return l.HasTicket()
}

// apart tells a document's own link, which stands first as a rule, from those of its actions.
func apart(links []ticket.Link) (parent *ticket.Link, actions []ticket.Link) {
	switch i := slices.IndexFunc(links, func(l ticket.Link) bool { return l.Key.IsParent() }); i {
	case -1:
		return nil, links
	case 0:
		return &links[0], links[1:]
	default:
		return &links[i], slices.Delete(slices.Clone(links), i, i+1)
	}
}

// takeKnown finds the tickets that carry a marker of ours.
func (m *maker) takeKnown() {
	for a, k := range m.in.Known {
		if k.Gone.IsZero() && k.Seen.Key != (ticket.Key{}) {
			m.marked[k.Seen.Key] = append(m.marked[k.Seen.Key], a)
		}
	}
	for k, addresses := range m.marked {
		slices.SortFunc(addresses, func(a, b ticket.Address) int {
			return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Ref, b.Ref))
		})
		m.markedOf[k.Document] = append(m.markedOf[k.Document], k)
	}
	for _, keys := range m.markedOf {
		slices.SortFunc(keys, compareKeys)
	}
}

// carriers are the tickets that carry the marker of a key.
func (m *maker) carriers(k ticket.Key) []ticket.Seen {
	var out []ticket.Seen
	for _, a := range m.marked[k] {
		out = append(out, m.in.Known[a].Seen)
	}
	return out
}
