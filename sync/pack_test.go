package sync_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"

	"pgregory.net/rapid"
)

// fullTree draws a tree in which every field may have a value.
func fullTree(t *rapid.T) ticket.Tree {
	text := rapid.StringN(0, 40, -1)
	wanted := rapid.Custom(func(t *rapid.T) ticket.Wanted {
		w := ticket.Wanted{
			Key: ticket.Key{Document: text.Draw(t, "document"), Action: text.Draw(t, "action")}, ActionID: text.Draw(t, "id"), Text: text.Draw(t, "text"),
			Fields: ticket.Fields{
				Kind: ticket.KindDefect, Title: text.Draw(t, "title"), Body: strings.Repeat(text.Draw(t, "body"), 30), Priority: ticket.PriorityHigh, Due: "2026-03-01",
				Labels: []string{text.Draw(t, "label"), "per"}, Assignees: []string{"ana"},
			},
			Ticket: text.Draw(t, "ticket"), Repeats: text.Draw(t, "repeats"), Done: rapid.Bool().Draw(t, "done"), Hold: text.Draw(t, "hold"),
			Owners: []string{"ana", text.Draw(t, "owner")}, Unknown: []string{"kim"}, Place: ticket.Place{Path: "per/1.md", Line: 7},
		}
		w.Basis = map[ticket.Field]string{ticket.FieldTitle: text.Draw(t, "basis"), ticket.FieldDue: ""}
		return w
	})
	zero := time.Duration(0)
	return ticket.Tree{
		Document: text.Draw(t, "id"), Path: string([]byte{0xff}) + text.Draw(t, "path"), Title: text.Draw(t, "title"), Summary: "SEV2 outage", Tracker: "jira",
		Trackers: []string{"", "jira"}, Parent: wanted.Draw(t, "parent"), Children: rapid.SliceOfN(wanted, 1, 4).Draw(t, "children"),
		Hold: text.Draw(t, "hold"), Broken: text.Draw(t, "broken"), Findings: []ticket.Finding{{Kind: ticket.FindUnowned, Text: text.Draw(t, "finding")}},
		Event: ticket.Event{Document: "PER-1", Started: time.Date(2026, 3, 1, 9, 0, 0, 1, time.FixedZone("there", 3600)), Downtime: &zero, Done: 1},
	}
}

func TestATreeUnpacksAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := persync.NewPacker()
		trees := rapid.SliceOfN(rapid.Custom(fullTree), 1, 4).Draw(t, "trees")
		var packed []persync.Packed
		for _, tree := range trees {
			packed = append(packed, p.Pack(tree))
		}
		for i := len(trees) - 1; i >= 0; i-- { // in another order, and again
			for range 2 {
				if got := p.Unpack(packed[i]); !reflect.DeepEqual(got, trees[i]) {
					t.Fatalf("got  %+v\nwant %+v", got, trees[i])
				}
			}
		}
	})
}

func TestAnEmptyTreeUnpacks(t *testing.T) {
	p := persync.NewPacker()
	if got := p.Unpack(p.Pack(ticket.Tree{})); !reflect.DeepEqual(got, ticket.Tree{}) {
		t.Errorf("got %+v", got)
	}
}

func BenchmarkPack(b *testing.B) {
	var tree ticket.Tree
	for i := range 6 {
		w := ticket.Wanted{Key: ticket.Key{Document: "PER-1", Action: fmt.Sprint("A", i)}, Text: "Rotate the certificate by itself"}
		w.Fields.Title, w.Fields.Body = w.Text, strings.Repeat("Why this matters and what is to be done. ", 20)
		tree.Children = append(tree.Children, w)
	}
	p := persync.NewPacker()
	for b.Loop() {
		p.Unpack(p.Pack(tree))
	}
}
