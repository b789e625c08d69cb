package trackertest

import (
	"reflect"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

func checkWritesNothing(x *trial) {
	x.file("PER-1", "A1", "")
	x.settle()
	before := x.find()
	found := x.Tracker.Check(x.Context(), x.h.Accounts)
	if len(found) == 0 {
		x.Error("check says nothing")
	}
	for _, d := range found {
		if d.Level == trackers.Fail || d.Text == "" {
			x.Errorf("in good order, and check says %+v", d)
		}
	}
	after := x.find()
	for ref, s := range after {
		s.AsOf = before[ref].AsOf
		after[ref] = s
	}
	if !reflect.DeepEqual(before, after) {
		x.Errorf("check changed\n%+v to\n%+v", before, after)
	}
}

func checkTellsWhoCannotBeAssigned(x *trial) {
	bad := x.h.Unassignable
	if bad == "" {
		x.Skip("anybody can be assigned")
	}
	for _, d := range x.Tracker.Check(x.Context(), append([]string{bad}, x.h.Accounts...)) {
		if d.Level != trackers.OK && strings.Contains(d.Text, bad) {
			return
		}
	}
	x.Errorf("check does not tell that %s cannot be assigned", bad)
}

func errorsAreTyped(x *trial) {
	x.needs("delete a ticket", x.Delete != nil)
	s := x.file("PER-1", "A1", "")
	x.Delete(s.Ref)
	_, _, err := x.Tracker.Update(x.Context(), s, ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "New"}})
	x.wantCode("update", err, trackers.NotFound)
}

func nothingIsDoneForWhoWaitsNoLonger(x *trial) {
	s := x.file("PER-1", "A1", "")
	ctx := dead(x.Context())
	_, err := x.Tracker.Get(ctx, []ticket.Ref{s.Ref})
	x.wantCode("get", err, trackers.Unavailable)
	for _, err = range x.Tracker.Find(ctx, nil) {
	}
	x.wantCode("find", err, trackers.Unavailable)
	for _, err = range x.Tracker.Changed(ctx, "") {
	}
	x.wantCode("changed", err, trackers.Unavailable)

	title := ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "New"}}
	_, _, err = x.Tracker.Update(ctx, s, title)
	x.wantCode("update", err, trackers.Unavailable)
	x.wantSame("after the update that was not done", x.get(s.Ref), s)

	done := x.Tracker.Create(ctx, []trackers.Creation{
		{Key: x.key("PER-2", ""), Fields: x.fields("first")},
		{Key: x.key("PER-2", "A1"), Fields: x.fields("second")},
	}[:min(2, x.Tracker.Info().Batch)])
	for _, d := range done {
		x.wantCode("create", d.Err, trackers.Unavailable)
	}
	x.settle()
	x.wantKeys("after the create that was not done", x.find(x.key("PER-2", "").Document), nil)
}

func lostCreateIsFoundAgain(x *trial) {
	x.needs("lose an answer", x.LoseAnswer != nil)
	key := x.key("PER-1", "A1")
	x.LoseAnswer()
	done := x.Tracker.Create(x.Context(), []trackers.Creation{{Key: key, Fields: x.fields("Lost")}})
	x.wantCode("create", done[0].Err, trackers.UnknownOutcome)
	x.settle()
	x.wantKeys("after the lost answer", x.find(key.Document), []ticket.Key{key})
}

func lostUpdateMayBeRepeated(x *trial) {
	x.needs("lose an answer", x.LoseAnswer != nil)
	s := x.file("PER-1", "A1", "")
	p := ticket.Patch{
		Set:     []ticket.Field{ticket.FieldTitle},
		To:      ticket.Fields{Title: "New"},
		Comment: ticket.Comment{Marker: "m", Text: "Said once."},
	}
	x.LoseAnswer()
	_, _, err := x.Tracker.Update(x.Context(), s, p)
	x.wantCode("update", err, trackers.UnknownOutcome)
	got, _ := x.update(s.Ref, p)
	if got.Fields.Title != "New" {
		x.Errorf("the title is %q", got.Fields.Title)
	}
	if x.Comments != nil && len(x.Comments(s.Ref)) != 1 {
		x.Errorf("the comments are %q", x.Comments(s.Ref))
	}
}
