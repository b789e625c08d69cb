package storetest

import (
	"slices"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

func rosterClaims() []claim {
	return []claim{
		{"OfAnEmptyStateIsEmpty", func(t *testing.T, s persync.State) { wantRoster(t, s) }},
		{"HasALineForEveryLinkInTheOrderOfTheirKeys", func(t *testing.T, s persync.State) {
			made := links("PER-2", "PER-1/A1", "PER-1")
			made[0].Ref, made[0].State = "2", ticket.StateFiled
			made[1].State = ticket.StateIntent
			made[2].Tracker, made[2].Ref, made[2].State = "other", "1", ticket.StateReleased
			save(t, s, made)
			seen := sight("2", time.Hour, ticket.StatusDropped)
			seen.Key = ticket.ParseKey("PER-2/A7")
			must(t, s.Observe(t.Context(), seen))
			wantRoster(t, s, []persync.Entry{
				{Key: ticket.ParseKey("PER-1"), At: ticket.Address{Tracker: "other", Ref: "1"}, State: ticket.StateReleased},
				{Key: ticket.ParseKey("PER-1/A1"), At: ticket.Address{Tracker: made[1].Tracker, Ref: made[1].Ref}, State: ticket.StateIntent},
				{
					Key: ticket.ParseKey("PER-2"), At: ticket.Address{Tracker: "memory", Ref: "2"}, State: ticket.StateFiled,
					Known: true, Marker: ticket.ParseKey("PER-2/A7"), Finished: true,
				},
			}...)
		}},
		{"HasWhatCarriesAMarkerAndNoLinkLeadsTo", func(t *testing.T, s persync.State) {
			marked, plain := sight("1", 0, ticket.StatusOpen), sight("2", 0, ticket.StatusOpen)
			marked.Key = ticket.ParseKey("PER-1/A1")
			must(t, s.Observe(t.Context(), marked, plain))
			save(t, s, links("PER-9"))
			wantRoster(t, s, []persync.Entry{
				{Key: ticket.ParseKey("PER-9"), At: ticket.Address{Tracker: links("PER-9")[0].Tracker, Ref: links("PER-9")[0].Ref}, State: links("PER-9")[0].State},
				{Key: marked.Key, At: ticket.Address{Tracker: "memory", Ref: "1"}, Known: true, Marker: marked.Key},
			}...)
		}},
		{"KnowsWhenAnyTicketWasLastRead", func(t *testing.T, s persync.State) {
			if last := want[time.Time](t)(s.LastRead(t.Context())); !last.IsZero() {
				t.Errorf("nothing was read, and the last was at %v", last)
			}
			must(t, s.Observe(t.Context(), sight("1", time.Hour, ticket.StatusOpen), sight("2", 0, ticket.StatusOpen)))
			must(t, s.Miss(t.Context(), at(2), ticket.Address{Tracker: "memory", Ref: "1"}))
			if last := want[time.Time](t)(s.LastRead(t.Context())); !last.Equal(at(1)) {
				t.Errorf("the last was read at %v, want %v", last, at(1))
			}
		}},
		{"TellsWhatWasMissedAndWhatIsGone", func(t *testing.T, s persync.State) {
			made := links("PER-1", "PER-2")
			for i, ref := range []ticket.Ref{"1", "2"} {
				made[i].Tracker, made[i].Ref, made[i].State = "memory", ref, ticket.StateFiled
			}
			save(t, s, made)
			must(t, s.Miss(t.Context(), at(1), ticket.Address{Tracker: "memory", Ref: "1"}, ticket.Address{Tracker: "memory", Ref: "2"}))
			must(t, s.Miss(t.Context(), at(2), ticket.Address{Tracker: "memory", Ref: "2"}))
			wantRoster(t, s, []persync.Entry{
				{Key: made[0].Key, At: ticket.Address{Tracker: "memory", Ref: "1"}, State: ticket.StateFiled, Known: true, Misses: 1},
				{Key: made[1].Key, At: ticket.Address{Tracker: "memory", Ref: "2"}, State: ticket.StateFiled, Known: true, Misses: 2, Gone: true},
			}...)
		}},
	}
}

func wantRoster(t *testing.T, s persync.State, expected ...persync.Entry) {
	t.Helper()
	if got := want[[]persync.Entry](t)(s.Roster(t.Context())); !slices.Equal(got, expected) {
		t.Errorf("got  %+v\nwant %+v", got, expected)
	}
}
