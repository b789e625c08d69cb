package plan_test

import (
	"testing"

	"percolate/sync/plan"
	"percolate/ticket"
)

// secondHand is a document of which B was filed under the number that the ticket of A had
// before it was deleted.
func secondHand(t *testing.T) *scene {
	s := filed(t, document("P", action("A", "An action"), action("B", "Another action")))
	was, of := s.linkOf("P/A"), s.linkOf("P/B")
	delete(s.in.Known, ticket.Address{Tracker: was.Tracker, Ref: was.Ref})
	s.person("P/B", func(k *ticket.Known) { k.Seen.AsOf = noon })
	s.link("P/A", func(l *ticket.Link) { l.Ref, l.Name = of.Ref, of.Name })
	return s
}

func TestATicketWhoseNumberWasGivenToAnotherIsGone(t *testing.T) {
	s := secondHand(t)
	s.want(t, "gone P/A")
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Title = "Not for the ticket of B" })
	s.want(t, "gone P/A")
	s.link("P/B", func(l *ticket.Link) { l.State, l.Ref = ticket.StateIntent, "" })
	s.want(t, "gone P/A", "learn P/B", "(found) P/B", "update P/B parent=1")
}

func TestATicketWhoseNumberWasGivenToAnotherIsFiledAgainWhenAPersonSaysSo(t *testing.T) {
	s := secondHand(t)
	if _, err := plan.Resolve(s.in, "P/B", "ticket", plan.KeepDocument); err == nil {
		t.Error("the ticket of B is there, and may be filed again")
	}
	r, err := plan.Resolve(s.in, "P/A", "ticket", plan.KeepDocument)
	if err != nil || !r.Drop {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestAMarkerThatAPersonOverwroteTakesNoTicketAway(t *testing.T) {
	s := filed(t, document("P", action("A", "An action"), action("B", "Another action")))
	s.person("P/A", func(k *ticket.Known) { k.Seen.Key = ticket.Key{Document: "Q", Action: "A"} })
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Title = "Said better" })
	s.want(t, "update P/A title=Said better")
}
