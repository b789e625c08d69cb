package plan

import (
	"fmt"

	"percolate/ticket"
)

// nearlySame is the closeness from which a text that stands under another id than
// before is taken for a sign that ids were given out again.
const nearlySame = 0.7

// slips doubts ids that were given out again, as they are from the top when an action
// is inserted above others: followed by their ids, tickets would change hands. It shows
// in an action whose text stood under another id before, and is clearly closer to that
// than either is to what its own id says. holder finds a child by its id, byID a link.
func (m *matcher) slips(holder, byID map[string]int) {
	children, links := m.movedTexts(holder, byID)
	for _, i := range children {
		mine, known := byID[m.children[i].ActionID]
		for _, j := range links {
			other, held := holder[idOf(m.links[j])]
			v := m.near(i, j)
			switch {
			case known && mine == j, !known && !held: // no id speaks against it
			case m.sameText(i, j):
				m.doubtIDs(i, j, holder, byID)
			case v < nearlySame, known && v < m.near(i, mine)+clearlyBest, held && v < m.near(other, j)+clearlyBest:
			default:
				m.doubtIDs(i, j, holder, byID)
			}
		}
	}
}

// movedTexts lists the children and the links with ids whose texts do not stand where
// their ids say.
func (m *matcher) movedTexts(holder, byID map[string]int) (children, links []int) {
	for i, c := range m.children {
		if j, ok := byID[c.ActionID]; c.ActionID != "" && m.open(i) && (!ok || !m.sameText(i, j)) {
			children = append(children, i)
		}
	}
	for j, l := range m.links {
		if idOf(l) == "" || m.taken[j] || l.State == ticket.StateReleased || !l.Retired.IsZero() {
			continue
		}
		if i, ok := holder[idOf(l)]; !ok || !m.sameText(i, j) {
			links = append(links, j)
		}
	}
	return children, links
}

func (m *matcher) sameText(i, j int) bool {
	return m.now[i] == m.old[j]
}

// doubtIDs doubts the child that has the text of link j, and the one that has its id.
func (m *matcher) doubtIDs(i, j int, holder, byID map[string]int) {
	c := m.children[i]
	why := fmt.Sprintf("%s now has the text that %s had: were the ids given out again?", c.ActionID, m.links[j].Key)
	m.doubt(i, why, j)
	m.reserve(j)
	if mine, ok := byID[c.ActionID]; ok {
		m.maybe[mine] = true
	}
	if other, ok := holder[idOf(m.links[j])]; ok {
		m.doubt(other, why, j)
	}
}
