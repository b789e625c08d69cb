package plan

import (
	"fmt"

	"percolate/ticket"
)

// Held says why a plan is held back: it is far larger than usual, which more often is
// a wrong folder or a moved one than a busy week.
type Held struct {
	Creations, CreationLimit int // steps that file tickets; the limit is 0 when it is kept
	Changes, ChangeLimit     int // steps that change filed ones; the limit is 0 when it is kept
}

// Text says in one line what is above its limit.
func (h Held) Text() string {
	switch {
	case h.CreationLimit > 0 && h.ChangeLimit > 0:
		return fmt.Sprintf("%d tickets to file (usual: up to %d) and %d to change (usual: up to %d)", h.Creations, h.CreationLimit, h.Changes, h.ChangeLimit)
	case h.CreationLimit > 0:
		return fmt.Sprintf("%d tickets to file (usual: up to %d)", h.Creations, h.CreationLimit)
	default:
		return fmt.Sprintf("%d filed tickets to change (usual: up to %d)", h.Changes, h.ChangeLimit)
	}
}

// guard counts creations and changes apart, steps that were approved left out, and
// holds the whole plan back when either is above its limit.
func (m *maker) guard() {
	if m.in.Options.Force {
		return
	}
	var h Held
	for _, s := range m.plan.Steps {
		switch {
		case m.in.Approved[s.Digest()]:
		case s.Op == Create:
			h.Creations++
		case s.Op != Adopt:
			h.Changes++
		}
	}
	g := m.in.Policy.Guard
	if g.Creations > 0 && h.Creations > g.Creations {
		h.CreationLimit = g.Creations
	}
	if limit := m.plan.Tracked * g.ChangePercent / 100; g.ChangePercent > 0 && m.plan.Tracked >= g.ChangeFloor && h.Changes > limit {
		h.ChangeLimit = max(limit, 1)
	}
	if h.CreationLimit == 0 && h.ChangeLimit == 0 {
		return
	}
	m.plan.Held = &h
	m.find(ticket.Finding{
		Kind: ticket.FindHeld, Text: "held back: " + h.Text(),
		Mend: "look at percolate plan, then percolate approve (this plan) or percolate sync --force",
	})
}
