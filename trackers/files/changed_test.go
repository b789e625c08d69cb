package files_test

import (
	"fmt"
	"os"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/files"
)

func TestAnEditWithinOneTickOfTheClockIsSeen(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	cursor := p.drain("", nil)
	p.edit(s.Ref, func(text string) string { return setLine(text, "status", "done") }) // as long as "open"
	p.must(os.Chtimes(p.path(s.Ref), s.Updated, s.Updated))
	var seen []ticket.Ref
	p.drain(cursor, &seen)
	if len(seen) != 1 {
		t.Errorf("changed: %v", seen)
	}
}

func TestManyChangesComeInPagesThatCanBeResumed(t *testing.T) {
	const tickets = 1200
	p := open(t, files.Options{})
	for i := range tickets {
		p.write(fmt.Sprintf("t%d.md", i), fmt.Sprintf("---\nkey: PER-%d\n---\n", i))
	}
	seen := make(map[ticket.Ref]int)
	var cursor trackers.Cursor
	for stops := 0; ; stops++ {
		pages := 0
		for c, err := range p.Changed(t.Context(), cursor) {
			p.must(err)
			if pages++; pages > 1 {
				break // as if the process had ended before it kept the second page
			}
			cursor = c.Cursor
			for _, s := range c.Seen {
				seen[s.Ref]++
			}
		}
		if pages == 1 {
			if stops < 2 {
				t.Errorf("all of %d tickets came in %d pages", tickets, stops+1)
			}
			break
		}
	}
	if len(seen) != tickets {
		t.Errorf("%d tickets, want %d", len(seen), tickets)
	}
	for ref, n := range seen {
		if n > 1 {
			t.Errorf("%s came %d times", ref, n)
		}
	}
}
