package plan_test

import (
	"errors"
	"testing"

	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
)

// rerendered is a ticket that a person renamed, while a new template would call it otherwise.
func rerendered(t *testing.T) *scene {
	s := filed(t, document("P", action("A", "An action")))
	s.person("P/A", func(k *ticket.Known) { k.Seen.Fields.Title = "theirs" })
	s.wanted("P/A", func(w *ticket.Wanted) { w.Fields.Title = "[P] An action" })
	s.want(t)
	s.in.Options.Rerender = true
	s.want(t, "conflict P/A title")
	return s
}

func TestAConflictThatOnlyARewriteShowsIsSettled(t *testing.T) {
	for keep, want := range map[plan.Keep][]string{
		plan.KeepTracker:  nil,
		plan.KeepDocument: {"update P/A title=[P] An action"},
	} {
		s := rerendered(t)
		s.in.Options = plan.Options{} // resolve takes no such option
		r, err := plan.Resolve(s.in, "P/A", ticket.FieldTitle, keep)
		if err != nil {
			t.Fatal(err)
		}
		s.save(r.Link)
		s.want(t, want...)
		s.in.Options.Rerender = true
		s.want(t, want...)
		s.sync()
		s.want(t)
	}
}

func TestARewriteIsNoReasonToSettleWhatNobodyChanged(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.wanted("P/A", func(w *ticket.Wanted) { w.Fields.Title = "[P] An action" })
	if _, err := plan.Resolve(s.in, "P/A", ticket.FieldTitle, plan.KeepTracker); !errors.Is(err, plan.ErrNoConflict) {
		t.Errorf("it says %v", err)
	}
}

func TestAfterALostStateAnActionMayNameAnotherDocumentsOwnTicket(t *testing.T) {
	for _, document2 := range []string{"A", "Q"} { // before and behind it in the order of documents
		s := filed(t, document("P", action("A", "An action")), document(document2, action("B", "Another action")))
		s.lost()
		s.tree(document2, func(tree *ticket.Tree) {
			tree.Children = append(tree.Children, action("C", "More of the same", names("ops-"+string(s.refOf("P")))))
			tree.Children[1].Key.Document = document2
		})
		p := s.plan()
		if len(p.Steps) != 1 || p.Steps[0].Op != plan.Repeat || p.Steps[0].Of.String() != "P" {
			t.Errorf("the steps are %+v; %v", p.Steps, said(p))
		}
	}
}

func (s *scene) refOf(key string) ticket.Ref {
	for a, k := range s.in.Known {
		if k.Seen.Key == ticket.ParseKey(key) {
			return a.Ref
		}
	}
	return ""
}

func TestATicketIsFollowedOnlyToATrackerThatIsConfiguredAndRead(t *testing.T) {
	moved := func() *scene {
		s := filed(t, document("P", action("A", "An action")))
		w := s.in.Trees[0].Children[0]
		s.person("P/A", func(k *ticket.Known) { k.Gone = noon })
		s.see(ticket.Seen{Tracker: "new", Ref: "9", Name: "new-9", Key: w.Key, Fields: w.Fields, Status: ticket.StatusOpen})
		return s
	}
	s := moved()
	s.want(t, "unmapped P/A")
	s.in.Trackers["new"] = trackers.Info{Name: "new", Batch: 1}
	s.in.Unread = map[string]string{"new": "no answer"}
	s.want(t, "(unread) P")
	s.in.Unread = nil
	s.want(t, "learn P/A", "(moved) P/A")
}
