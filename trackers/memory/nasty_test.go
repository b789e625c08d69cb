package memory_test

import (
	"context"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

func batch(actions ...string) []trackers.Creation {
	var all []trackers.Creation
	for _, a := range actions {
		key := ticket.Key{Document: "PER-1", Action: a}
		all = append(all, trackers.Creation{Key: key, Fields: ticket.Fields{Kind: ticket.KindStory, Title: a}})
	}
	return all
}

func TestAFlappingSearchForgetsWhatItKnewUntilTheLagEnds(t *testing.T) {
	now := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	m := memory.New(memory.Options{FindLag: time.Minute, Flap: true, Seed: 3, Now: func() time.Time { return now }})
	m.Create(t.Context(), batch("A1"))
	looks := ""
	for range 20 {
		found := "-"
		for range m.Find(t.Context(), nil) {
			found = "x"
		}
		looks += found
	}
	flaps := 0
	for i := range len(looks) - 1 {
		if looks[i:i+2] == "x-" {
			flaps++
		}
	}
	if flaps == 0 {
		t.Errorf("the ticket never vanished again: %s", looks)
	}
	now = now.Add(time.Minute)
	for range 20 {
		n := 0
		for range m.Find(t.Context(), nil) {
			n++
		}
		if n != 1 {
			t.Fatal("the ticket vanished after the lag")
		}
	}
}

func TestAFaultBeforeAnEffectLeavesNothingAndOneAfterItLosesTheAnswerOnly(t *testing.T) {
	at := map[memory.Moment]trackers.Code{}
	m := memory.New(memory.Options{Fault: func(mo memory.Moment, n int) memory.Fault {
		if n != 2 || at[mo] == "" {
			return memory.Fault{}
		}
		return memory.Fault{Code: at[mo], After: time.Minute}
	}})
	at[memory.BeforeCreate] = trackers.RateLimit
	done := m.Create(t.Context(), batch("A1", "A2", "A3"))
	if done[0].Err != nil || !trackers.NothingDone(done[1].Err) || done[2].Err != nil || len(m.Tickets()) != 2 {
		t.Errorf("refused the second of three: %v, %d tickets", done, len(m.Tickets()))
	}

	at = map[memory.Moment]trackers.Code{memory.AfterUpdate: trackers.UnknownOutcome}
	for i, want := range []trackers.Code{"", trackers.UnknownOutcome} {
		p := ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "new"}}
		_, _, err := m.Update(t.Context(), done[2*i].Seen, p)
		if got := trackers.CodeOf(err); got != want {
			t.Errorf("update %d: code %q, want %q", i, got, want)
		}
		if k := m.Tickets()[i]; k.Fields.Title != "new" {
			t.Errorf("update %d was not done: %q", i, k.Fields.Title)
		}
	}
	if n := m.Creations()[ticket.Key{Document: "PER-1", Action: "A1"}]; n != 1 {
		t.Errorf("%d creations of A1, want 1", n)
	}
}

func TestAContextThatEndsInTheMiddleLosesTheAnswer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	m := memory.New(memory.Options{Fault: func(mo memory.Moment, _ int) memory.Fault {
		if mo == memory.AfterCreate {
			cancel()
		}
		return memory.Fault{}
	}})
	done := m.Create(ctx, batch("A1", "A2"))
	if trackers.CodeOf(done[0].Err) != trackers.UnknownOutcome || trackers.CodeOf(done[1].Err) != trackers.Unavailable {
		t.Errorf("got %v and %v", done[0].Err, done[1].Err)
	}
	if len(m.Tickets()) != 1 {
		t.Errorf("%d tickets, want the first", len(m.Tickets()))
	}
}

func TestPeopleDoWhatPeopleDo(t *testing.T) {
	m := memory.New(memory.Options{Project: "OPS"})
	done := m.Create(t.Context(), batch("", "A1"))
	parent, child := done[0].Seen, done[1].Seen
	read := func(ref ticket.Ref) (ticket.Seen, bool) {
		got, err := m.Get(t.Context(), []ticket.Ref{ref})
		if err != nil {
			t.Fatal(err)
		}
		s, ok := got[ref]
		return s, ok
	}
	m.Reparent(child.Ref, parent.Ref)
	if s, _ := read(child.Ref); s.Parent != parent.Ref {
		t.Errorf("reparented below %q", s.Parent)
	}
	m.Move(child.Ref, "NEW")
	if s, _ := read(ticket.Ref(child.Name)); s.Ref != child.Ref || s.Name == child.Name {
		t.Errorf("by its old name it is %s, called %s", s.Ref, s.Name)
	}
	twin := m.Duplicate(child.Ref)
	if s, _ := read(twin); s.Key != child.Key || s.Ref == child.Ref {
		t.Errorf("the copy is %s with the marker %s", s.Ref, s.Key)
	}
	m.Unmark(twin)
	if s, _ := read(twin); s.Key != (ticket.Key{}) {
		t.Errorf("unmarked, it carries %s", s.Key)
	}
	m.Edit(child.Ref, func(k *memory.Ticket) { k.Fields.Body = "by hand" })
	if s, _ := read(child.Ref); s.Fields.Body != "by hand" {
		t.Errorf("the block is %q", s.Fields.Body)
	}
	m.Close(child.Ref, ticket.StatusDropped)
	m.Comment(child.Ref, "no")
	m.Delete(child.Ref)
	if _, ok := read(child.Ref); ok {
		t.Error("deleted, it is still there")
	}
	m.Undelete(child.Ref)
	if s, ok := read(child.Ref); !ok || s.Status != ticket.StatusDropped {
		t.Errorf("back again: %v with status %s", ok, s.Status)
	}
}

func TestMoreTicketsThanABatchTakesAreRefused(t *testing.T) {
	m := memory.New(memory.Options{Batch: 2})
	for _, d := range m.Create(t.Context(), batch("A1", "A2", "A3")) {
		if trackers.CodeOf(d.Err) != trackers.Invalid {
			t.Errorf("got %v", d.Err)
		}
	}
	if n := len(m.Tickets()); n > 0 {
		t.Errorf("%d tickets were created", n)
	}
}

func TestWhatWasReadIsACopy(t *testing.T) {
	m := memory.New(memory.Options{})
	asked := ticket.Fields{Title: "x", Labels: []string{"per"}, Assignees: []string{"ann"}}
	s := m.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-1"}, Fields: asked}})[0].Seen
	s.Fields.Labels[0], s.Fields.Assignees[0] = "changed", "changed"
	asked.Labels[0] = "changed"
	if k := m.Tickets()[0]; k.Fields.Labels[0] != "per" || k.Fields.Assignees[0] != "ann" {
		t.Errorf("the tracker holds %+v", k.Fields)
	}
}

func TestALabelIsDroppedUnderTheNameThatItWasAskedBy(t *testing.T) {
	m := memory.New(memory.Options{LowerLabels: true})
	f := ticket.Fields{Labels: []string{"Outage"}}
	s := m.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-1"}, Fields: f}})[0].Seen
	got, _, err := m.Update(t.Context(), s, ticket.Patch{DropLabels: []string{"Outage"}})
	if err != nil || len(got.Fields.Labels) != 0 {
		t.Errorf("the labels are %v, %v", got.Fields.Labels, err)
	}
}
