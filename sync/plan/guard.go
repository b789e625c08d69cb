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

// Extent is how much a run would do, over all of its parts, as the guard counts it.
type Extent struct{ creations, changes int }

// Add counts steps, those that a person approved left out.
func (e *Extent) Add(steps []Step, approved map[string]bool) {
	for i := range steps {
		switch s := &steps[i]; {
		case approved[s.Digest()]:
		case s.Op == Create:
			e.creations++
		case s.Op != Adopt:
			e.changes++
		}
	}
}

// Holds says why all of it is held back while so many tickets are tracked already: what
// is filed or what is changed is above its limit. It is nil when all may go on.
func (g Guard) Holds(e Extent, tracked int) *Held {
	h := Held{Creations: e.creations, Changes: e.changes}
	if g.Creations > 0 && h.Creations > g.Creations {
		h.CreationLimit = g.Creations
	}
	if limit := tracked * g.ChangePercent / 100; g.ChangePercent > 0 && tracked >= g.ChangeFloor && h.Changes > limit {
		h.ChangeLimit = max(limit, 1)
	}
	if h.CreationLimit == 0 && h.ChangeLimit == 0 {
		return nil
	}
	return &h
}

// HoldBack is the plan held back, which a finding tells.
func (p Plan) HoldBack(h *Held) Plan {
	p.Held = h
	p.Findings = append(p.Findings, ticket.Finding{
		Kind: ticket.FindHeld, Text: "held back: " + h.Text(),
		Mend: "look at percolate plan, then percolate approve (this plan) or percolate sync --force",
	})
	return p
}

// guard holds a plan back that is all there is.
func (m *maker) guard() {
	if m.in.Options.Force || m.in.Rest != nil {
		return
	}
	var e Extent
	e.Add(m.plan.Steps, m.in.Approved)
	if h := m.in.Policy.Guard.Holds(e, m.plan.Tracked); h != nil {
		m.plan = m.plan.HoldBack(h)
	}
}
