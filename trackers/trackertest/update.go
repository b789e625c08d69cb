package trackertest

import (
	"slices"
	"strings"

	"percolate/ticket"
)

// otherFields are values that all differ from those of [trial.fields].
func (x *trial) otherFields() ticket.Fields {
	f := x.fields("Another title")
	f.Body = "Another body."
	f.Assignees = x.h.Accounts[1:2]
	if f.Priority != ticket.PriorityNone {
		f.Priority = ticket.PriorityLow
	}
	if f.Due != "" {
		f.Due = "2027-01-31"
	}
	return f
}

// settable are the fields that every ticket of the tracker has and that can be set.
func (x *trial) settable() []ticket.Field {
	return slices.DeleteFunc(ticket.AllFields(), func(f ticket.Field) bool {
		return f == ticket.FieldLabels || f == ticket.FieldKind || !x.has(f)
	})
}

func updateTouchesOnlyWhatItNames(x *trial) {
	to := x.otherFields()
	parent := x.file("PER-1", "", "")
	for _, f := range x.settable() {
		before := x.file("PER-1", "A-"+string(f), parent.Ref)
		want := before
		want.Fields.Take(f, x.stored(to))
		_, unmet := x.update(before.Ref, ticket.Patch{Set: []ticket.Field{f}, To: to})
		if len(unmet) > 0 {
			x.Errorf("%s: unmet %+v", f, unmet)
		}
		x.wantSame("with another "+string(f), x.get(before.Ref), want)
	}
}

func updateReturnsTheTicketAsStored(x *trial) {
	s := x.file("PER-1", "A1", "")
	asked := x.otherFields()
	got, unmet := x.update(s.Ref, ticket.Patch{Set: x.settable(), To: asked})
	if len(unmet) > 0 {
		x.Errorf("unmet %+v", unmet)
	}
	x.wantFields("updated", got.Fields, asked)
	x.wantSame("read right after", x.get(s.Ref), got)
}

func updateClears(x *trial) {
	fields := slices.DeleteFunc(x.settable(), func(f ticket.Field) bool {
		return f == ticket.FieldTitle || f == ticket.FieldPriority // the one must not, the other often cannot be empty
	})
	s := x.file("PER-1", "A1", "")
	got, _ := x.update(s.Ref, ticket.Patch{Set: fields})
	for _, f := range fields {
		if text := got.Fields.Text(f); text != "" {
			x.Errorf("%s is still %q", f, text)
		}
	}
	if got.Fields.Title != s.Fields.Title {
		x.Errorf("the title became %q", got.Fields.Title)
	}
	x.wantSame("read right after", x.get(s.Ref), got)
}

func updateAddsAndDropsLabels(x *trial) {
	x.needs("edit a ticket", x.Edit != nil)
	s := x.file("PER-1", "A1", "")
	x.Edit(s.Ref, Edit{Label: "theirs"})
	want := s.Fields
	want.Labels = []string{"theirs", "outage", "new"}
	got, _ := x.update(s.Ref, ticket.Patch{AddLabels: []string{"new", "outage"}, DropLabels: []string{"per", "never-there"}})
	x.wantFields("updated", got.Fields, want)
	x.wantSame("read right after", x.get(s.Ref), got)
}

func updatePutsATicketBelowAnother(x *trial) {
	first, second := x.file("PER-1", "", ""), x.file("PER-2", "", "")
	s := x.file("PER-1", "A1", first.Ref)
	got, _ := x.update(s.Ref, ticket.Patch{Parent: second.Ref})
	if got.Parent != second.Ref || x.get(s.Ref).Parent != second.Ref {
		x.Errorf("it is below %s, want %s", got.Parent, second.Ref)
	}
	x.wantFields("moved below another", got.Fields, s.Fields)
}

func anEmptyPatchChangesNothing(x *trial) {
	s := x.file("PER-1", "A1", "")
	got, unmet := x.update(s.Ref, ticket.Patch{})
	if len(unmet) > 0 {
		x.Errorf("unmet %+v", unmet)
	}
	x.wantSame("updated", got, s)
}

func kindChangesWhereItCan(x *trial) {
	s := x.file("PER-1", "A1", "")
	got, unmet := x.update(s.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldKind}, To: ticket.Fields{Kind: ticket.KindDefect}})
	want := s.Fields
	if x.Tracker.Info().KindChanges {
		want.Kind = ticket.KindDefect
	} else if len(unmet) != 1 || unmet[0].Field != ticket.FieldKind || unmet[0].Reason == "" {
		x.Errorf("the kind cannot be changed, and unmet is %+v", unmet)
	}
	x.wantFields("updated", got.Fields, want)
}

func bodyOfPeopleStays(x *trial) {
	x.needs("edit a ticket and read its whole text", x.Edit != nil && x.Text != nil)
	s := x.file("PER-1", "A1", "")
	x.Edit(s.Ref, Edit{Text: func(whole string) string { return "Above it.\n\n" + whole + "\n\nBelow it." }})
	if got := x.get(s.Ref); ticket.BodySum(got.Fields.Body) != ticket.BodySum(s.Fields.Body) {
		x.Errorf("our block became %q", got.Fields.Body)
	}
	x.update(s.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldBody}, To: ticket.Fields{Body: "Another body."}})
	text := x.Text(s.Ref)
	above, below := strings.Index(text, "Above it."), strings.Index(text, "Below it.")
	ours := strings.Index(text, "Another body.")
	if above < 0 || ours < above || below < ours || strings.Contains(text, "why") {
		x.Errorf("the whole text is %q", text)
	}
}

func commentIsAddedOnce(x *trial) {
	s := x.file("PER-1", "A1", "")
	first := ticket.Comment{Marker: "PER-1/A1:retired:1", Text: "No longer in *the document*.\n\nSecond paragraph <!-- x -->"}
	second := ticket.Comment{Marker: "PER-1/A1:retired:10", Text: "Once more."}
	for _, c := range []ticket.Comment{first, first, second, first} {
		got, _ := x.update(s.Ref, ticket.Patch{Comment: c})
		x.wantFields("after a comment", got.Fields, s.Fields)
	}
	x.needs("read comments", x.Comments != nil)
	texts := x.Comments(s.Ref)
	if len(texts) != 2 || !strings.Contains(texts[0], "No longer in") || !strings.Contains(texts[1], "Once more.") {
		x.Errorf("the comments are %q", texts)
	}
}

func patchOfAKnownCommentIsNotDoneAgain(x *trial) {
	s := x.file("PER-1", "A1", "")
	told := ticket.Comment{Marker: "repeat:PER-2/A1", Text: "Hit again."}
	x.update(s.Ref, ticket.Patch{Comment: told})
	got, _ := x.update(s.Ref, ticket.Patch{
		Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "Raised twice"}, AddLabels: []string{"twice"}, Comment: told,
	})
	x.wantFields("after the patch was repeated", got.Fields, s.Fields)
	x.wantFields("when read again", x.get(s.Ref).Fields, s.Fields)
}

func statusIsWritten(x *trial) {
	s := x.file("PER-1", "A1", "")
	for _, want := range []ticket.Status{ticket.StatusDone, ticket.StatusOpen, ticket.StatusDropped} {
		if !slices.Contains(x.statuses(), want) {
			continue
		}
		got, _ := x.update(s.Ref, ticket.Patch{Status: want})
		if got.Status != want || x.get(s.Ref).Status != want {
			x.Errorf("the status is %s, want %s", got.Status, want)
		}
		x.wantFields("after the status", got.Fields, s.Fields)
	}
}

func aTicketOfAPersonIsPutBelowAParent(x *trial) {
	x.needs("file a ticket as a person", x.Open != nil)
	parent := x.file("PER-1", "", "")
	ref := x.Open("A person's ticket", "A person's text.\n\nAll of it.")
	before := x.get(ref)
	if before.Key != (ticket.Key{}) {
		x.Fatalf("a person's ticket carries the marker %s", before.Key)
	}
	want := before
	want.Parent = parent.Ref
	got, unmet := x.update(ref, ticket.Patch{Parent: parent.Ref})
	if len(unmet) > 0 {
		x.Errorf("unmet %+v", unmet)
	}
	x.wantSame("put below a parent", got, want)
}

func unassignableOwnerIsUnmet(x *trial) {
	bad := x.h.Unassignable
	if bad == "" {
		x.Skip("anybody can be assigned")
	}
	next := x.fields("The next candidate is taken")
	next.Assignees = []string{bad, x.h.Accounts[1], x.h.Accounts[0]}
	none := x.fields("Nobody can be assigned")
	none.Assignees = []string{bad}
	for _, asked := range []ticket.Fields{next, none} {
		done := x.Tracker.Create(x.Context(), x.one("PER-1", asked.Title, asked))[0]
		if done.Err != nil {
			x.Fatalf("an owner stopped the ticket: %v", done.Err)
		}
		want := asked
		want.Assignees = asked.Assignees[1:min(2, len(asked.Assignees))]
		x.wantFields("created", done.Seen.Fields, want)
		x.wantUnmetOwner(done.Unmet, bad)

		if len(want.Assignees) == 0 {
			want.Assignees = x.h.Accounts[:1]
			x.update(done.Seen.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldAssignees}, To: want})
		}
		got, unmet := x.update(done.Seen.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldAssignees}, To: asked})
		x.wantFields("updated", got.Fields, want)
		x.wantUnmetOwner(unmet, bad)
	}
}

func (x *trial) wantUnmetOwner(unmet []ticket.Unmet, account string) {
	x.Helper()
	if len(unmet) != 1 || unmet[0].Field != ticket.FieldAssignees || unmet[0].Value != account || unmet[0].Reason == "" {
		x.Errorf("unmet is %+v, want the owner %s with a reason", unmet, account)
	}
}
