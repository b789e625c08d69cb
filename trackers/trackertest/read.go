package trackertest

import (
	"maps"
	"slices"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

func getLeavesOutWhatIsNotThere(x *trial) {
	s := x.file("PER-1", "A1", "")
	x.needs("delete a ticket, to have the ref of one that is not there", x.Delete != nil)
	gone := x.file("PER-1", "A2", "")
	x.Delete(gone.Ref)
	got := x.getAll(gone.Ref, s.Ref)
	maps.DeleteFunc(got, func(_ ticket.Ref, s ticket.Seen) bool { return s.Deleted })
	if len(got) != 1 || got[s.Ref].Key != s.Key {
		x.Errorf("got %v, want %s alone", slices.Collect(maps.Keys(got)), s.Ref)
	}
	if none := x.getAll(); len(none) != 0 {
		x.Errorf("asked for nothing, got %d tickets", len(none))
	}
}

func findFindsParentAndChildren(x *trial) {
	parent := x.file("PER-1", "", "")
	child := x.file("PER-1", "A1", parent.Ref)
	x.file("PER-2", "", "")
	x.settle()
	found := x.find(parent.Key.Document)
	if len(found) != 2 {
		x.Errorf("found %v, want the parent and its child", slices.Collect(maps.Keys(found)))
	}
	x.wantSame("the child as found", found[child.Ref], x.get(child.Ref))
}

// hardDocuments are ids that are easily taken for one another.
func hardDocuments() []string {
	return []string{
		"PER-1", "PER-10", "PER-1-A1", "per-1", "PER 1", "PER_1", "PER/1", "ops/PER-1", "PER:1", "PER.1", "PER#1",
		`PER "1"`, "PER '1'", `PER\1`, "PER,1", "[PER-1]", "PER%1", "PER--1", "<PER-1>", "障害-1", "障害-10", "🔥", "é", "null", "2026-03-01",
	}
}

func findIsExact(x *trial) {
	documents := hardDocuments()
	var batch []trackers.Creation
	for _, d := range documents {
		for _, action := range []string{"", "A1", "a1", "A10", "~0123456789", "A \"1\": x"} {
			key := x.key(d, action)
			batch = append(batch, trackers.Creation{Key: key, Fields: ticket.Fields{Kind: ticket.KindStory, Title: key.String()}})
		}
	}
	for i, s := range x.create(batch...) {
		if s.Key != batch[i].Key {
			x.Errorf("created %+v, the marker says %+v", batch[i].Key, s.Key)
		}
	}
	x.settle()
	for _, d := range documents {
		var want []ticket.Key
		for _, c := range batch {
			if c.Key.Document == x.Prefix+d {
				want = append(want, c.Key)
			}
		}
		x.wantKeys(d, x.find(x.Prefix+d), want)
	}
	x.wantKeys("unknown", x.find(x.Prefix+"PER"), nil)
	two := x.find(x.Prefix+"PER-1", x.Prefix+"🔥")
	if len(two) != 12 {
		x.Errorf("two documents have %d tickets, want 12", len(two))
	}
}

func (x *trial) wantKeys(what string, found map[ticket.Ref]ticket.Seen, want []ticket.Key) {
	x.Helper()
	var got []string
	for _, s := range found {
		got = append(got, s.Key.Document+"|"+s.Key.Action)
	}
	var wanted []string
	for _, k := range want {
		wanted = append(wanted, k.Document+"|"+k.Action)
	}
	slices.Sort(got)
	slices.Sort(wanted)
	if !slices.Equal(got, wanted) {
		x.Errorf("%s: found %q, want %q", what, got, wanted)
	}
}

func findAllFindsEverythingOfOurs(x *trial) {
	var want []ticket.Key
	for _, d := range []string{"PER-1", "PER-2", "障害/3"} {
		parent := x.file(d, "", "")
		child := x.file(d, "A1", parent.Ref)
		want = append(want, parent.Key, child.Key)
	}
	if x.Open != nil {
		x.Open("A person's own ticket about PER-1/A1", "with PER-1 in its text")
	}
	x.settle()
	found := x.find()
	for ref, s := range found {
		if s.Key == (ticket.Key{}) {
			x.Errorf("found %s, which carries no marker of ours", ref)
		}
	}
	if x.Prefix == "" {
		x.wantKeys("all", found, want)
	}
}

func findStopsWhenTold(x *trial) {
	x.file("PER-1", "A1", "")
	x.file("PER-1", "A2", "")
	x.settle()
	n := 0
	for range x.Tracker.Find(x.Context(), []string{x.key("PER-1", "").Document}) {
		n++
		break
	}
	if n != 1 {
		x.Errorf("%d tickets before the break, want 1", n)
	}
}

func goneIsLeftOut(x *trial) {
	x.needs("delete a ticket", x.Delete != nil)
	s, other := x.file("PER-1", "A1", ""), x.file("PER-1", "A2", "")
	x.settle()
	x.Delete(s.Ref)
	got := x.getAll(s.Ref, other.Ref)
	if gone, told := got[s.Ref]; told && !gone.Deleted || len(got) > 2 || got[other.Ref].Key != other.Key {
		x.Errorf("got %v, want the one that is left, and of the other at most that it was deleted", got)
	}
	x.wantKeys("after the deletion", x.find(s.Key.Document), []ticket.Key{other.Key})
}

func movedIsFollowed(x *trial) {
	x.needs("move a ticket", x.Move != nil)
	s := x.file("PER-1", "A1", "")
	x.settle()
	x.Move(s.Ref)
	moved := x.get(s.Ref)
	if moved.Key != s.Key {
		x.Errorf("moved, it has the marker %s, want %s", moved.Key, s.Key)
	}
	if again := x.get(moved.Ref); again.Ref != moved.Ref || again.Name != moved.Name {
		x.Errorf("moved, it has the ref %s, and by that it is %s with the ref %s", moved.Ref, again.Name, again.Ref)
	}
	if moved.Name == s.Name {
		x.Errorf("moved, it is still called %s", s.Name)
	}
	x.wantFields("moved", moved.Fields, s.Fields)
	after, _ := x.update(s.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "After the move"}})
	if after.Fields.Title != "After the move" || after.Name != moved.Name {
		x.Errorf("updated after the move: %+v", after)
	}
}

func whatAPersonEditedIsSeen(x *trial) {
	x.needs("edit a ticket", x.Edit != nil)
	s := x.file("PER-1", "A1", "")
	x.Edit(s.Ref, Edit{Title: "As a person put it", Assignee: x.h.Accounts[1]})
	want := s.Fields
	want.Title, want.Assignees = "As a person put it", x.h.Accounts[1:2]
	got := x.get(s.Ref)
	x.wantFields("after the edit", got.Fields, want)
	if got.Key != s.Key || got.Ref != s.Ref {
		x.Errorf("after the edit it is %s with the marker %s", got.Ref, got.Key)
	}
}

// movementIsPeoples: what people do to status and assignee, and their comments, is
// movement; what they do to other fields and what we do is none. It is told with the
// changes, where that costs no request a ticket.
func movementIsPeoples(x *trial) {
	x.needs("edit a ticket", x.Edit != nil)
	s := x.file("PER-1", "A1", "")
	if !x.h.Moves {
		x.Edit(s.Ref, Edit{Assignee: x.h.Accounts[1]})
		if at := x.moved(s.Ref); !at.IsZero() {
			x.Errorf("a person moved it at %s; the harness should say that the tracker tells that", at)
		}
		x.Skip("the tracker does not tell when people moved a ticket")
	}
	x.settle()
	last := x.moved(s.Ref)
	type step struct {
		name  string
		do    func()
		moves bool
	}
	steps := []step{
		{"a person's title", func() { x.Edit(s.Ref, Edit{Title: "Other"}) }, false},
		{"a person's assignee", func() { x.Edit(s.Ref, Edit{Assignee: x.h.Accounts[1]}) }, true},
		{"our title", func() {
			x.update(s.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "Ours"}})
		}, false},
		{"a person's status", func() { x.Edit(s.Ref, Edit{Status: ticket.StatusDone}) }, true},
		{"our comment", func() { x.update(s.Ref, ticket.Patch{Comment: ticket.Comment{Marker: "m", Text: "ours"}}) }, false},
	}
	remark := step{"a person's comment", func() { x.Remark(s.Ref, "looking at it") }, true}
	if x.Remark != nil {
		steps = append(steps, remark)
	}
	for _, step := range steps {
		if x.Wait != nil {
			x.Wait(time.Minute)
		}
		step.do()
		x.settle()
		now := x.moved(s.Ref)
		if moved := now.After(last); moved != step.moves {
			x.Errorf("%s: moved is %v (%s after %s), want %v", step.name, moved, now, last, step.moves)
		}
		last = now
	}
}

// moved is when a person moved a ticket, as the changes tell.
func (x *trial) moved(ref ticket.Ref) time.Time {
	seen, _, _ := x.changed("")
	return seen[ref].Moved
}

func statusIsFolded(x *trial) {
	x.needs("edit a ticket", x.Edit != nil)
	s := x.file("PER-1", "A1", "")
	for _, want := range x.statuses() {
		x.Edit(s.Ref, Edit{Status: want})
		if got := x.get(s.Ref); got.Status != want || got.Word == "" {
			x.Errorf("the status is %s, in words %q, want %s", got.Status, got.Word, want)
		}
	}
}

func (x *trial) statuses() []ticket.Status {
	if x.h.Statuses != nil {
		return x.h.Statuses
	}
	return []ticket.Status{ticket.StatusActive, ticket.StatusBlocked, ticket.StatusDone, ticket.StatusDropped, ticket.StatusOpen}
}
