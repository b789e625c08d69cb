package trackertest

import (
	"fmt"
	"slices"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

func changedShowsEverythingFirst(x *trial) {
	s, other := x.file("PER-1", "", ""), x.file("PER-2", "A1", "")
	if x.Open != nil {
		x.Open("A person's own ticket", "")
	}
	x.settle()
	seen, _, _ := x.changed("")
	x.wantSame("as it changed", seen[s.Ref], x.get(s.Ref))
	x.wantSame("as it changed", seen[other.Ref], x.get(other.Ref))
	if x.Prefix == "" && len(seen) != 2 {
		x.Errorf("%d tickets changed, want our 2", len(seen))
	}
}

func changedSeesAChange(x *trial) {
	s := x.file("PER-1", "A1", "")
	x.file("PER-1", "A2", "")
	x.settle()
	_, _, cursor := x.changed("")
	got, _ := x.update(s.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "Updated"}})
	x.settle()
	seen, _, cursor := x.changed(cursor)
	x.wantSame("after our update", seen[s.Ref], got)

	x.needs("edit a ticket", x.Edit != nil)
	x.Edit(s.Ref, Edit{Status: ticket.StatusDone})
	x.settle()
	seen, _, _ = x.changed(cursor)
	if seen[s.Ref].Status != ticket.StatusDone {
		x.Errorf("a person closed it, and changed shows %+v", seen[s.Ref])
	}
}

func cursorIsNeverEmpty(x *trial) {
	_, pages, cursor := x.changed("")
	if pages == 0 || cursor == "" {
		x.Errorf("an empty tracker has %d pages and the cursor %q", pages, cursor)
	}
	x.file("PER-1", "A1", "")
	x.settle()
	for range 3 {
		_, pages, cursor = x.changed(cursor)
		if pages == 0 || cursor == "" {
			x.Fatalf("%d pages and the cursor %q", pages, cursor)
		}
	}
}

func changedFromCursorIsCheap(x *trial) {
	for i := range 20 {
		x.file("PER-1", fmt.Sprintf("A%d", i), "")
	}
	x.settle()
	_, _, cursor := x.changed("")
	for range 2 { // a cursor may need a look at a time when nothing happens to move on
		if x.Wait != nil {
			x.Wait(time.Hour)
		}
		_, _, cursor = x.changed(cursor)
	}
	if seen, pages, _ := x.changed(cursor); pages != 1 || len(seen) >= 10 {
		x.Errorf("nothing changed, and there are %d pages with %d of 20 tickets", pages, len(seen))
	}
}

func changedNeverMisses(x *trial) {
	var cursor trackers.Cursor
	var filed []ticket.Ref
	seen := make(map[ticket.Ref]ticket.Seen)
	look := func() {
		for c, err := range x.Tracker.Changed(x.Context(), cursor) {
			if err != nil {
				x.Fatalf("changed: %v", err)
			}
			for _, s := range c.Seen {
				seen[s.Ref] = s
			}
			cursor = c.Cursor
			if len(filed)%2 == 0 {
				return // as if the process had ended behind the first page
			}
		}
	}
	for i := range 12 {
		filed = append(filed, x.file("PER-1", fmt.Sprintf("A%d", i), "").Ref)
		look()
		ref := filed[i/2]
		x.update(ref, ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: fmt.Sprint("Title ", i)}})
		look()
	}
	x.settle()
	filed = filed[:11] // an odd number: read all pages
	look()
	for ref, now := range x.getAll(filed...) {
		x.wantSame("as it last changed", seen[ref], now)
	}
}

func censusHoldsWhatIsThere(x *trial) {
	s := x.file("PER-1", "A1", "")
	gone := x.file("PER-1", "A2", "")
	x.settle()
	if x.Delete != nil {
		x.Delete(gone.Ref)
	}
	counted := false
	for c, err := range x.Tracker.Changed(x.Context(), "") {
		if err != nil {
			x.Fatalf("changed: %v", err)
		}
		if c.Census == nil {
			continue
		}
		counted = true
		if !slices.Contains(c.Census, s.Ref) {
			x.Errorf("%s is not in the census %v", s.Ref, c.Census)
		}
		if x.Delete != nil && slices.Contains(c.Census, gone.Ref) {
			x.Errorf("%s is gone and in the census", gone.Ref)
		}
	}
	if !counted {
		x.Skip("the tracker takes no census")
	}
}
