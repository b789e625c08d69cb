package storetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

func linkClaims() []claim {
	return []claim{
		{"AnEmptyStateHasNone", func(t *testing.T, s persync.State) {
			wantKeys(t, s, nil)
			wantKeys(t, s, nil, "PER-1")
		}},
		{"ComeBackAsTheyWereGiven", func(t *testing.T, s persync.State) {
			given := fullLink()
			save(t, s, []ticket.Link{given})
			got := want[[]ticket.Link](t)(s.Links(t.Context()))
			if len(got) != 1 || !reflect.DeepEqual(got[0], given) {
				t.Errorf("got  %+v\nwant %+v", got, given)
			}
		}},
		{"ComeInTheOrderOfTheirKeys", func(t *testing.T, s persync.State) {
			save(t, s, links("PER-2/B", "PER-10", "PER-2", "per-1/A", "PER-2/A10", "PER-2/A9", "PER-1/~ff"))
			wantKeys(t, s, []string{"PER-1/~ff", "PER-10", "PER-2", "PER-2/A10", "PER-2/A9", "PER-2/B", "per-1/A"})
		}},
		{"OfNamedDocumentsOnly", func(t *testing.T, s persync.State) {
			save(t, s, links("PER-1", "PER-1/A1", "PER-2", "PER-3/A1", "PER-10"))
			wantKeys(t, s, []string{"PER-1", "PER-1/A1", "PER-3/A1"}, "PER-3", "PER-1", "PER-1", "PER-9")
		}},
		{"AreReplacedByKey", func(t *testing.T, s persync.State) {
			save(t, s, []ticket.Link{fullLink()})
			plain := ticket.Link{Key: fullLink().Key, Tracker: "memory", State: ticket.StateIntent}
			save(t, s, []ticket.Link{plain})
			got := want[[]ticket.Link](t)(s.Links(t.Context()))
			if len(got) != 1 || !reflect.DeepEqual(got[0], plain) {
				t.Errorf("got %+v, want only %+v", got, plain)
			}
		}},
		{"TheLastOfTwoWithOneKeyStands", func(t *testing.T, s persync.State) {
			two := links("PER-1/A1", "PER-1/A1")
			two[0].Ref, two[1].Ref = "old", "new"
			save(t, s, two)
			got := want[[]ticket.Link](t)(s.Links(t.Context()))
			if len(got) != 1 || got[0].Ref != "new" {
				t.Errorf("got %+v", got)
			}
		}},
		{"AreDroppedByKey", func(t *testing.T, s persync.State) {
			save(t, s, links("PER-1", "PER-1/A1", "PER-1/A2"))
			save(t, s, links("PER-1/A3"), ticket.ParseKey("PER-1/A1"), ticket.ParseKey("PER-1/never"))
			wantKeys(t, s, []string{"PER-1", "PER-1/A2", "PER-1/A3"})
		}},
		{"AreDroppedEvenWhenSavedInTheSameCall", func(t *testing.T, s persync.State) {
			save(t, s, links("PER-1", "PER-1/A1"), ticket.ParseKey("PER-1/A1"))
			wantKeys(t, s, []string{"PER-1"})
		}},
		{"MayHaveOddKeys", func(t *testing.T, s persync.State) {
			odd := []string{`2026/out "age"`, `it's 100 % \ odd;--`, "\u00dcbung \u65e5\u672c", "PER-1/A1", "line\nbreak"}
			var given []ticket.Link
			for _, d := range odd {
				given = append(given, ticket.Link{Key: ticket.Key{Document: d, Action: d}, Tracker: d, Ref: ticket.Ref(d), State: ticket.StateFiled})
			}
			save(t, s, given)
			for i, d := range odd {
				got := want[[]ticket.Link](t)(s.Links(t.Context(), d))
				if len(got) != 1 || !reflect.DeepEqual(got[0], given[i]) {
					t.Errorf("document %q: got %+v", d, got)
				}
			}
		}},
		{"AreNotSharedWithTheCaller", func(t *testing.T, s persync.State) {
			given := fullLink()
			save(t, s, []ticket.Link{given})
			scribble(given)
			scribble(want[[]ticket.Link](t)(s.Links(t.Context()))[0])
			got := want[[]ticket.Link](t)(s.Links(t.Context()))
			if !reflect.DeepEqual(got[0], fullLink()) {
				t.Errorf("the caller's writing reached the state: %+v", got[0])
			}
		}},
		{"TenThousandDocumentsInOneCall", func(t *testing.T, s persync.State) {
			const n = 10_000
			var keys, documents []string
			for i := range n {
				keys = append(keys, fmt.Sprintf("PER-%05d/A1", i))
				documents = append(documents, fmt.Sprintf("PER-%05d", i))
			}
			save(t, s, links(keys...))
			wantKeys(t, s, keys, documents...)
		}},
	}
}

// links makes one plain link for each key.
func links(keys ...string) []ticket.Link {
	made := make([]ticket.Link, len(keys))
	for i, k := range keys {
		made[i] = ticket.Link{Key: ticket.ParseKey(k), Tracker: "memory", Ref: ticket.Ref("ref of " + k), State: ticket.StateFiled}
	}
	return made
}

// fullLink is a link with a value in every field.
func fullLink() ticket.Link {
	fields := ticket.Fields{
		Kind: ticket.KindDefect, Title: "Rotate \"it\" by itself \u2192 \U0001f512", Body: ticket.BodySum("why"),
		Labels: []string{"per", "payments"}, Priority: ticket.PriorityHigh, Due: "2026-03-16", Assignees: []string{"ana", "bo"},
	}
	other := fields
	other.Title, other.Labels, other.Assignees = "cut", []string{"PER"}, nil
	return ticket.Link{
		Key: ticket.Key{Document: "PER-2026-003", Action: "A1"}, ActionID: "A1", Text: "Rotate it\nby itself", Path: "pers/2026-003.md",
		Tracker: "jira-ops", Ref: "10412", Name: "OPS-812", URL: "https://example.com/OPS-812", State: ticket.StateFiled,
		Asked: fields, Got: other,
		Basis: map[ticket.Field]string{ticket.FieldTitle: "aa", ticket.FieldDue: "bb"},
		Unmet: []ticket.Unmet{{Field: ticket.FieldAssignees, Value: "ana", Reason: "no access", At: day(), Basis: "cc"}},

		Intended: day(), Until: day().Add(time.Minute),
		Trying: ticket.Patch{
			Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "new"}, AddLabels: []string{"a"}, DropLabels: []string{"b"},
			Parent: "10400", Status: ticket.StatusDone,
			Comment: ticket.Comment{Marker: "m", Text: "t"},
		},
		Created: day().Add(time.Second), Retired: day().Add(time.Minute), Retires: 2,
		Of: ticket.Key{Document: "PER-2026-001", Action: "A4"}, Told: true,
		Priority: ticket.PriorityLow, Due: "2026-03-02",
	}
}

// scribble writes over all that a copy of l shares with it.
func scribble(l ticket.Link) {
	for _, texts := range [][]string{l.Asked.Labels, l.Asked.Assignees, l.Got.Labels, l.Trying.AddLabels, l.Trying.DropLabels} {
		for i := range texts {
			texts[i] = "scribble"
		}
	}
	l.Trying.Set[0] = "scribble"
	l.Basis[ticket.FieldTitle] = "scribble"
	l.Unmet[0].Reason = "scribble"
}

// wantKeys checks the keys of the links of the documents, in order.
func wantKeys(t *testing.T, s persync.State, keys []string, documents ...string) {
	t.Helper()
	var got []string
	for _, l := range want[[]ticket.Link](t)(s.Links(t.Context(), documents...)) {
		got = append(got, l.Key.String())
	}
	if !reflect.DeepEqual(got, keys) {
		t.Errorf("links of %d documents: got %d %.300v, want %d %.300v", len(documents), len(got), got, len(keys), keys)
	}
}
