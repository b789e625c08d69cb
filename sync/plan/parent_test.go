package plan_test

import (
	"testing"

	"percolate/sync/plan"
	"percolate/ticket"
)

// unhang makes a filed ticket one that could not be put below its parent.
func (s *scene) unhang(key string, again bool) {
	unmet := ticket.Unmet{Field: ticket.FieldParent, Value: "ops-1", Reason: "no", At: s.in.Now, Again: true}
	put := func(l *ticket.Link) { l.Unmet = []ticket.Unmet{unmet} }
	s.link(key, put)
	for _, st := range s.plan().Steps { // it is tried, and refused
		unmet.Basis, unmet.Again = st.Bases(s.in.Policy, st.Link.Name).Parent, again
	}
	s.link(key, put)
}

func TestATicketThatDidNotGetBelowItsParentIsPutThere(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.unhang("P/A", true)
	s.want(t, "update P/A parent=1")
	if st := s.plan().Steps[0]; st.Parent != "1" || st.Changes[0].String() != `parent: (none) -> ops-1` {
		t.Errorf("the step is %+v", st)
	}
	s.sync()
	s.want(t)
}

func TestAPlaceThatWasRefusedIsShownAndTriedAgainOnlyWithAnotherBasis(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.unhang("P/A", false)
	s.want(t, "unmet P/A parent")
	s.in.Policy.Basis, s.in.Now = "people 2", noon.Add(plan.RetryUnmet)
	s.want(t, "update P/A parent=1")
}

func TestAPlaceThatWasRefusedIsTriedAgainOnceEitherIsElsewhereOrTheParentIsOpenAgain(t *testing.T) {
	for name, c := range map[string]struct {
		key    string
		change func(k *ticket.Known)
	}{
		"the parent is elsewhere": {"P", func(k *ticket.Known) { k.Seen.Name = "shop-1" }},
		"the ticket is elsewhere": {"P/A", func(k *ticket.Known) { k.Seen.Name = "shop-2" }},
		"the parent is open":      {"P", func(k *ticket.Known) { k.Seen.Status = ticket.StatusOpen }},
	} {
		t.Run(name, func(t *testing.T) {
			s := filed(t, document("P", action("A", "An action")))
			s.person("P", func(k *ticket.Known) { k.Seen.Status = ticket.StatusDone })
			s.unhang("P/A", false)
			s.in.Now = noon.Add(plan.RetryUnmet)
			s.want(t, "unmet P/A parent")
			s.person(c.key, c.change)
			s.in.Now = noon.Add(plan.RetryUnmet - 1)
			s.sync() // another name is learned
			s.want(t, "unmet P/A parent")
			s.in.Now = noon.Add(plan.RetryUnmet)
			s.want(t, "update P/A parent=1")
		})
	}
}

func TestAPlannersPlaceSettlesOneThatWasRefused(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.unhang("P/A", true)
	s.person("P/A", func(k *ticket.Known) { k.Seen.Parent = "77" })
	s.want(t, "learn P/A")
	s.sync()
	s.want(t)
}

func TestATicketIsPutBelowNoParentThatIsGone(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.unhang("P/A", true)
	s.person("P", func(k *ticket.Known) { k.Gone = noon })
	s.want(t, "gone P", "unmet P/A parent")
}

func TestACreateThatWasCutOffBeforeTheTicketWasBelowItsParentIsEnded(t *testing.T) {
	s := cutOff(t)
	w := s.in.Trees[0].Children[0]
	s.see(ticket.Seen{Tracker: "ops", Ref: "9", Name: "ops-9", Key: w.Key, Fields: w.Fields, Status: ticket.StatusOpen})
	s.want(t, "learn P/A", "(found) P/A", "update P/A parent=1")
	s.sync()
	s.want(t)
}

func TestAnAdoptedTicketWhoseParentWasLetGoStaysWhereItIs(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.link("P/A", func(l *ticket.Link) { l.State, l.Trying = ticket.StateAdopted, ticket.Patch{Parent: "1"} })
	s.person("P/A", func(k *ticket.Known) { k.Seen.Parent = "" })
	s.link("P", func(l *ticket.Link) { l.State = ticket.StateReleased })
	s.want(t, "learn P/A")
	s.sync()
	s.want(t)
}
