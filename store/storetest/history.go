package storetest

import (
	"reflect"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

func historyClaims() []claim {
	first := sight("7", 0, ticket.StatusOpen)
	return []claim{
		{"AnEmptyStateHasNone", func(t *testing.T, s persync.State) { wantHistory(t, s) }},
		{"BeginsWithTheFirstSight", func(t *testing.T, s persync.State) {
			must(t, s.Observe(t.Context(), fullSeen("7")))
			wantHistory(t, s, ticket.Observation{
				Address: ticket.Address{Tracker: "jira-ops", Ref: "7"},
				Standing: ticket.Standing{
					Status: ticket.StatusActive, Word: "In Progress", Assignees: "ana", Priority: ticket.PriorityHigh, Due: "2026-03-16", Parent: "10400",
				},
				At: at(-1), Exact: true, AsOf: day(), Ours: true,
			})
		}},
		{"HasARowForEachChangeOfHowItStands", func(t *testing.T, s persync.State) {
			now, rows := first, []ticket.Observation{first.Observation()}
			must(t, s.Observe(t.Context(), now))
			for i, change := range []func(*ticket.Seen){
				func(s *ticket.Seen) { s.Status = ticket.StatusActive },
				func(s *ticket.Seen) { s.Word = "In Review" },
				func(s *ticket.Seen) { s.Fields.Assignees = []string{"bo", "ana"} },
				func(s *ticket.Seen) { s.Fields.Priority = ticket.PriorityHigh },
				func(s *ticket.Seen) { s.Fields.Due = "2026-04-01" },
				func(s *ticket.Seen) { s.Parent = "1" },
				func(s *ticket.Seen) { s.Status = ticket.StatusOpen },
			} {
				change(&now)
				now.AsOf = at(i + 1)
				must(t, s.Observe(t.Context(), now))
				rows = append(rows, now.Observation())
				wantHistory(t, s, rows...)
			}
		}},
		{"HasNoRowForOtherChanges", func(t *testing.T, s persync.State) {
			must(t, s.Observe(t.Context(), first))
			other := first
			other.Fields = ticket.Fields{Title: "other", Body: "other", Labels: []string{"other"}}
			other.Name, other.AsOf, other.Updated, other.Moved, other.Ours = "M-8", at(1), at(1), at(1), true
			must(t, s.Observe(t.Context(), other))
			must(t, s.Miss(t.Context(), at(2), ticket.Address{Tracker: "memory", Ref: "7"}))
			wantHistory(t, s, first.Observation())
		}},
		{"IsOfWhatIsNewer", func(t *testing.T, s persync.State) {
			must(t, s.Observe(t.Context(), first))
			must(t, s.Observe(t.Context(), sight("7", 0, ticket.StatusDone), sight("7", -time.Hour, ticket.StatusDone)))
			wantHistory(t, s, first.Observation())
		}},
		{"GoesByTheTrackersOwnTimeWhereItGivesOne", func(t *testing.T, s persync.State) {
			told := sight("8", time.Hour, ticket.StatusDone)
			told.Updated = at(-3)
			must(t, s.Observe(t.Context(), told, first))
			rows := want[[]ticket.Observation](t)(s.History(t.Context()))
			if len(rows) != 2 || rows[0].Exact || !rows[0].At.Equal(day()) || !rows[1].Exact || !rows[1].At.Equal(at(-3)) || !rows[1].AsOf.Equal(at(1)) {
				t.Errorf("got %+v", rows)
			}
		}},
		{"ComesByTicketInTheOrderOfReading", func(t *testing.T, s persync.State) {
			late, other := sight("7", time.Hour, ticket.StatusDone), sight("6", 2*time.Hour, ticket.StatusOpen)
			elsewhere := first
			elsewhere.Tracker = "gh"
			must(t, s.Observe(t.Context(), first, late, other, elsewhere))
			wantHistory(t, s, elsewhere.Observation(), other.Observation(), first.Observation(), late.Observation())
		}},
	}
}

func wantHistory(t *testing.T, s persync.State, rows ...ticket.Observation) {
	t.Helper()
	got := want[[]ticket.Observation](t)(s.History(t.Context()))
	if len(got) != len(rows) {
		t.Fatalf("got %d rows, want %d: %+v", len(got), len(rows), got)
	}
	for i := range rows {
		if !reflect.DeepEqual(got[i], rows[i]) {
			t.Errorf("row %d:\ngot  %+v\nwant %+v", i, got[i], rows[i])
		}
	}
}
