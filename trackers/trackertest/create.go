package trackertest

import (
	"fmt"
	"sync"

	"percolate/ticket"
	"percolate/trackers"
)

func infoIsComplete(x *trial) {
	info := x.Tracker.Info()
	if info.Name == "" || info.Type == "" || info.Where == "" {
		x.Errorf("name %q, type %q and place %q must not be empty", info.Name, info.Type, info.Where)
	}
	if info.Batch < 1 || info.GetBatch < 1 || info.Parallel < 1 {
		x.Errorf("limits must be at least 1: batch %d, reads %d, parallel %d", info.Batch, info.GetBatch, info.Parallel)
	}
	if info.FindLag < 0 {
		x.Errorf("the lag of the search is %s", info.FindLag)
	}
}

func createReturnsTheTicketAsStored(x *trial) {
	asked := x.fields("Alert when the disk is nearly full")
	key := x.key("PER-1", "A1")
	s := x.create(trackers.Creation{Key: key, Fields: asked})[0]
	if s.Tracker != x.Tracker.Info().Name || s.Ref == "" || s.Name == "" || s.AsOf.IsZero() {
		x.Errorf("tracker, ref, name or time of reading is missing: %+v", s)
	}
	if s.Key != key {
		x.Errorf("the marker says %+v, want %+v", s.Key, key)
	}
	if s.Status != ticket.StatusOpen || s.Word == "" {
		x.Errorf("a new ticket has the status %q, in words %q", s.Status, s.Word)
	}
	x.wantFields("created", s.Fields, asked)
	x.wantSame("read right after", x.get(s.Ref), s)
}

func createWithoutOptionalFields(x *trial) {
	asked := ticket.Fields{Kind: ticket.KindDefect, Title: "Bare"}
	s := x.create(trackers.Creation{Key: x.key("PER-1", "A1"), Fields: asked})[0]
	if len(s.Fields.Assignees) != 0 || s.Fields.Due != "" || s.Fields.Title != "Bare" {
		x.Errorf("values that nobody asked for: %+v", s.Fields)
	}
	x.wantSame("read right after", x.get(s.Ref), s)
}

func createKeepsOrder(x *trial) {
	var batch []trackers.Creation
	for i := range min(x.Tracker.Info().Batch, 7) {
		key := x.key("PER-1", fmt.Sprintf("A%d", 7-i))
		batch = append(batch, trackers.Creation{Key: key, Fields: x.fields(key.String())})
	}
	refs := make(map[ticket.Ref]bool)
	for i, s := range x.create(batch...) {
		refs[s.Ref] = true
		if s.Key != batch[i].Key {
			x.Errorf("answer %d is of %s, want %s", i, s.Key, batch[i].Key)
		}
		x.wantFields(fmt.Sprintf("answer %d", i), s.Fields, batch[i].Fields)
	}
	if len(refs) != len(batch) {
		x.Errorf("%d tickets have %d refs", len(batch), len(refs))
	}
	if none := x.Tracker.Create(x.Context(), nil); len(none) != 0 {
		x.Errorf("an empty batch created %v", none)
	}
}

func createReportsPerItem(x *trial) {
	x.needs("refuse a ticket", x.Refuse != nil)
	info := x.Tracker.Info()
	if info.Batch < 3 {
		x.Skip("the tracker takes fewer than three tickets at once")
	}
	var batch []trackers.Creation
	for _, action := range []string{"A1", "A2", "A3"} {
		batch = append(batch, trackers.Creation{Key: x.key("PER-1", action), Fields: x.fields(action)})
	}
	x.Refuse(batch[1].Key)
	done := x.Tracker.Create(x.Context(), batch)
	if len(done) != 3 {
		x.Fatalf("%d answers for 3 tickets", len(done))
	}
	x.wantCode("create", done[1].Err, trackers.Invalid, trackers.Denied)
	for _, i := range []int{0, 2} {
		if done[i].Err != nil || done[i].Seen.Key != batch[i].Key {
			x.Errorf("answer %d is of %s with %v, want %s", i, done[i].Seen.Key, done[i].Err, batch[i].Key)
		}
	}
	x.settle()
	if found := x.find(batch[0].Key.Document); len(found) != 2 {
		x.Errorf("%d tickets are there, want 2", len(found))
	}
}

func childIsBelowItsParent(x *trial) {
	parent := x.file("PER-1", "", "")
	child := x.file("PER-1", "A1", parent.Ref)
	if child.Parent != parent.Ref {
		x.Errorf("the child is below %q, want %q", child.Parent, parent.Ref)
	}
	if got := x.get(child.Ref).Parent; got != parent.Ref {
		x.Errorf("read right after, the child is below %q, want %q", got, parent.Ref)
	}
	if parent.Parent != "" {
		x.Errorf("the parent is below %q", parent.Parent)
	}
}

func namesAreRecognised(x *trial) {
	recognise := x.Tracker.Info().Recognise
	if recognise == nil {
		x.Skip("the tracker recognises nothing")
	}
	s := x.file("PER-2026-001", "A1", "")
	for _, text := range []string{s.Name, s.URL, " " + s.Name + " "} {
		if text == "" {
			continue
		}
		ref, ok := recognise(text)
		if !ok {
			x.Errorf("%q is not recognised", text)
			continue
		}
		if got := x.get(ref); got.Ref != s.Ref {
			x.Errorf("%q leads to %s, want %s", text, got.Ref, s.Ref)
		}
	}
	for _, text := range []string{"", " ", "see the wiki", "https://example.org/pull/7", "tomorrow"} {
		if ref, ok := recognise(text); ok {
			x.Errorf("%q is taken for the ticket %s", text, ref)
		}
	}
}

func concurrentCreatesAreAllThere(x *trial) {
	const workers, each = 8, 5
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				key := x.key(fmt.Sprintf("PER-%d", w), fmt.Sprintf("A%d", i))
				done := x.Tracker.Create(x.Context(), []trackers.Creation{{Key: key, Fields: x.fields("The same title")}})
				if done[0].Err != nil {
					x.Errorf("create %s: %v", key, done[0].Err)
				}
			}
		})
	}
	wg.Wait()
	x.settle()
	keys := make(map[ticket.Key]bool)
	for w := range workers {
		for _, s := range x.find(x.key(fmt.Sprintf("PER-%d", w), "").Document) {
			keys[s.Key] = true
		}
	}
	if len(keys) != workers*each {
		x.Errorf("%d tickets are there, want %d", len(keys), workers*each)
	}
}
