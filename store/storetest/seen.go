package storetest

import (
	"reflect"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

func observeClaims() []claim {
	return []claim{
		{"RemembersTheSumOfTheTicket", func(t *testing.T, s persync.State) {
			given := fullSeen("10412")
			must(t, s.Observe(t.Context(), given))
			wantKnown(t, s, ticket.Known{Seen: given.Sum()})
		}},
		{"RefsAreOfTheirTracker", func(t *testing.T, s persync.State) {
			one, two := fullSeen("7"), fullSeen("7")
			two.Tracker = "gh"
			must(t, s.Observe(t.Context(), one, two))
			wantKnown(t, s, ticket.Known{Seen: one.Sum()}, ticket.Known{Seen: two.Sum()})
		}},
		{"TheNewestSightStands", func(t *testing.T, s persync.State) {
			middle := sight("7", time.Hour, ticket.StatusActive)
			must(t, s.Observe(t.Context(), middle))
			must(t, s.Observe(t.Context(), sight("7", 0, ticket.StatusOpen)))
			must(t, s.Observe(t.Context(), sight("7", time.Hour, ticket.StatusBlocked)))
			wantKnown(t, s, ticket.Known{Seen: middle})
			newest := sight("7", 2*time.Hour, ticket.StatusDone)
			must(t, s.Observe(t.Context(), newest))
			wantKnown(t, s, ticket.Known{Seen: newest})
		}},
		{"TheNewestOfOneCallStands", func(t *testing.T, s persync.State) {
			newest := sight("7", 2*time.Hour, ticket.StatusDone)
			must(t, s.Observe(t.Context(), sight("7", 0, ticket.StatusOpen), newest, sight("7", time.Hour, ticket.StatusActive)))
			wantKnown(t, s, ticket.Known{Seen: newest})
		}},
		{"AnUnchangedTicketWasStillReadLater", func(t *testing.T, s persync.State) {
			later := sight("7", time.Hour, ticket.StatusOpen)
			must(t, s.Observe(t.Context(), sight("7", 0, ticket.StatusOpen)))
			must(t, s.Observe(t.Context(), later))
			wantKnown(t, s, ticket.Known{Seen: later})
		}},
		{"InstantsAMicrosecondApartDiffer", func(t *testing.T, s persync.State) {
			newest := sight("7", time.Microsecond, ticket.StatusDone)
			must(t, s.Observe(t.Context(), sight("7", 0, ticket.StatusOpen)))
			must(t, s.Observe(t.Context(), newest))
			wantKnown(t, s, ticket.Known{Seen: newest})
		}},
		{"InstantsOfAnyZoneAreOne", func(t *testing.T, s persync.State) {
			abroad := sight("7", 0, ticket.StatusOpen)
			abroad.AsOf = abroad.AsOf.In(time.FixedZone("far", 5*3600))
			must(t, s.Observe(t.Context(), abroad))
			must(t, s.Observe(t.Context(), sight("7", 0, ticket.StatusDone)))
			wantKnown(t, s, ticket.Known{Seen: sight("7", 0, ticket.StatusOpen)})
		}},
		{"MovementIsKeptUntilSomethingMoves", func(t *testing.T, s persync.State) {
			told, silent := fullSeen("7"), fullSeen("7")
			silent.Moved, silent.AsOf, silent.Fields.Title = time.Time{}, day().Add(time.Hour), "Rotate it twice"
			must(t, s.Observe(t.Context(), told))
			must(t, s.Observe(t.Context(), silent))
			kept := silent.Sum()
			kept.Moved = told.Moved
			wantKnown(t, s, ticket.Known{Seen: kept})

			moved := silent
			moved.AsOf, moved.Fields.Assignees = day().Add(2*time.Hour), []string{"ben"}
			must(t, s.Observe(t.Context(), moved))
			wantKnown(t, s, ticket.Known{Seen: moved.Sum()})
		}},
		{"WhatIsSaidToBeDeletedIsGoneAtOnce", func(t *testing.T, s persync.State) {
			known := fullSeen("7")
			deleted := ticket.Seen{Tracker: known.Tracker, Ref: "7", Deleted: true, AsOf: at(1)}
			must(t, s.Observe(t.Context(), known))
			must(t, s.Observe(t.Context(), deleted))
			want := known.Sum()
			want.Deleted = true
			wantKnown(t, s, ticket.Known{Seen: want, Misses: 2, Gone: at(1)})
			if rows, err := s.History(t.Context()); err != nil || len(rows) != 1 {
				t.Errorf("its history has %d rows, want the one of when it was there: %v", len(rows), err)
			}

			late := known
			late.AsOf = day().Add(time.Minute)
			must(t, s.Observe(t.Context(), late)) // read before it was deleted
			deleted.AsOf = at(2)
			must(t, s.Observe(t.Context(), deleted))
			want.AsOf = late.AsOf
			wantKnown(t, s, ticket.Known{Seen: want, Misses: 2, Gone: at(1)})

			back := known
			back.AsOf = at(3)
			must(t, s.Observe(t.Context(), back))
			wantKnown(t, s, ticket.Known{Seen: back.Sum()})
		}},
		{"NothingIsNothing", func(t *testing.T, s persync.State) {
			must(t, s.Observe(t.Context()))
			must(t, s.Miss(t.Context(), day()))
			wantKnown(t, s)
		}},
		{"KnownOfDocumentsIsAlsoWhatCarriesTheirMarkers", func(t *testing.T, s persync.State) {
			mine, theirs, none := sight("1", 0, "open"), sight("2", 0, "open"), sight("3", 0, "open")
			mine.Key, theirs.Key = ticket.ParseKey("PER-1/A1"), ticket.ParseKey("PER-2")
			must(t, s.Observe(t.Context(), mine, theirs, none))
			wantKnownOf(t, s, []string{"PER-1"}, ticket.Known{Seen: mine})
			mine.Key, mine.AsOf = ticket.Key{}, day().Add(time.Minute)
			must(t, s.Observe(t.Context(), mine)) // a person took the marker out
			wantKnownOf(t, s, []string{"PER-1", ""})
		}},
		{"KnownOfDocumentsIsWhatTheirLinksLeadTo", func(t *testing.T, s persync.State) {
			made := links("PER-1", "PER-1/A1", "PER-2", "PER-3")
			made[0].Ref, made[1].Ref, made[2].Ref, made[3].Ref = "1", "2", "2", ""
			elsewhere := links("PER-1/A2")
			elsewhere[0].Tracker, elsewhere[0].Ref = "other", "4"
			save(t, s, append(made, elsewhere...))
			seen := []ticket.Seen{sight("1", 0, "open"), sight("2", 0, "open"), sight("3", 0, "open"), sight("4", 0, "open")}
			must(t, s.Observe(t.Context(), seen...))
			wantKnown(t, s, ticket.Known{Seen: seen[0]}, ticket.Known{Seen: seen[1]}, ticket.Known{Seen: seen[2]}, ticket.Known{Seen: seen[3]})
			wantKnownOf(t, s, []string{"PER-1"}, ticket.Known{Seen: seen[0]}, ticket.Known{Seen: seen[1]})
			wantKnownOf(t, s, []string{"PER-2", "PER-3", "PER-9"}, ticket.Known{Seen: seen[1]})
		}},
		{"IsNotSharedWithTheCaller", func(t *testing.T, s persync.State) {
			given := fullSeen("7")
			must(t, s.Observe(t.Context(), given))
			given.Fields.Labels[0] = "scribble"
			for _, k := range want[map[ticket.Address]ticket.Known](t)(s.Known(t.Context())) {
				k.Seen.Fields.Assignees[0] = "scribble"
			}
			wantKnown(t, s, ticket.Known{Seen: fullSeen("7").Sum()})
		}},
	}
}

func missClaims() []claim {
	seven := ticket.Address{Tracker: "memory", Ref: "7"}
	there := sight("7", 0, ticket.StatusOpen)
	return []claim{
		{"OneIsNotEnough", func(t *testing.T, s persync.State) {
			must(t, s.Observe(t.Context(), there))
			must(t, s.Miss(t.Context(), at(1), seven))
			wantKnown(t, s, ticket.Known{Seen: there, Misses: 1})
		}},
		{"TheSecondInARowMakesItGone", func(t *testing.T, s persync.State) {
			must(t, s.Observe(t.Context(), there))
			for hour := 1; hour <= 3; hour++ {
				must(t, s.Miss(t.Context(), at(hour), seven))
			}
			wantKnown(t, s, ticket.Known{Seen: there, Misses: 3, Gone: at(2)})
		}},
		{"OneReadCountsOnce", func(t *testing.T, s persync.State) {
			must(t, s.Observe(t.Context(), there))
			must(t, s.Miss(t.Context(), at(1), seven, seven))
			must(t, s.Miss(t.Context(), at(1), seven))
			wantKnown(t, s, ticket.Known{Seen: there, Misses: 1})
		}},
		{"OlderThanTheLastSightIsIgnored", func(t *testing.T, s persync.State) {
			must(t, s.Observe(t.Context(), there))
			must(t, s.Miss(t.Context(), at(-1), seven))
			must(t, s.Miss(t.Context(), at(0), seven))
			wantKnown(t, s, ticket.Known{Seen: there})
		}},
		{"ASightBringsItBack", func(t *testing.T, s persync.State) {
			must(t, s.Observe(t.Context(), there))
			must(t, s.Miss(t.Context(), at(1), seven))
			must(t, s.Miss(t.Context(), at(2), seven))
			back := sight("7", 3*time.Hour, ticket.StatusDone)
			must(t, s.Observe(t.Context(), back))
			wantKnown(t, s, ticket.Known{Seen: back})
			must(t, s.Miss(t.Context(), at(4), seven))
			wantKnown(t, s, ticket.Known{Seen: back, Misses: 1})
		}},
		{"ASightAtTheSameInstantIsBelieved", func(t *testing.T, s persync.State) {
			must(t, s.Miss(t.Context(), at(0), seven))
			must(t, s.Observe(t.Context(), there))
			wantKnown(t, s, ticket.Known{Seen: there})
		}},
		{"ALateAnswerTellsMoreButDoesNotBringItBack", func(t *testing.T, s persync.State) {
			must(t, s.Observe(t.Context(), there))
			must(t, s.Miss(t.Context(), at(2), seven))
			must(t, s.Miss(t.Context(), at(3), seven))
			late := sight("7", time.Hour, ticket.StatusDone)
			must(t, s.Observe(t.Context(), late))
			wantKnown(t, s, ticket.Known{Seen: late, Misses: 2, Gone: at(3)})
		}},
		{"OfATicketNeverSeenCounts", func(t *testing.T, s persync.State) {
			must(t, s.Miss(t.Context(), at(1), seven))
			must(t, s.Miss(t.Context(), at(2), seven))
			wantKnown(t, s, ticket.Known{Seen: ticket.Seen{Tracker: "memory", Ref: "7"}, Misses: 2, Gone: at(2)})
		}},
		{"OthersAreLeftAlone", func(t *testing.T, s persync.State) {
			other := sight("8", 0, ticket.StatusOpen)
			must(t, s.Observe(t.Context(), there, other))
			must(t, s.Miss(t.Context(), at(1), seven))
			wantKnown(t, s, ticket.Known{Seen: there, Misses: 1}, ticket.Known{Seen: other})
		}},
	}
}

// at is the instant some hours after [day].
func at(hours int) time.Time { return day().Add(time.Duration(hours) * time.Hour) }

// sight is a small ticket as it was read some time after [day].
func sight(ref ticket.Ref, after time.Duration, status ticket.Status) ticket.Seen {
	return ticket.Seen{Tracker: "memory", Ref: ref, Name: "M-" + string(ref), Status: status, AsOf: day().Add(after)}
}

// fullSeen is a ticket with a value in every field.
func fullSeen(ref ticket.Ref) ticket.Seen {
	return ticket.Seen{
		Tracker: "jira-ops", Ref: ref, Name: "OPS-812", URL: "https://example.com/OPS-812",
		Key: ticket.Key{Document: "PER-2026-003", Action: "A1"}, Parent: "10400",
		Fields: ticket.Fields{
			Kind: ticket.KindDefect, Title: "Rotate it", Body: "why, and by when", Labels: []string{"per"},
			Priority: ticket.PriorityHigh, Due: "2026-03-16", Assignees: []string{"ana"},
		},
		Status: ticket.StatusActive, Word: "In Progress", Updated: day().Add(-time.Hour), Moved: day().Add(-2 * time.Hour), Ours: true, AsOf: day(), Whole: "everything",
	}
}

// wantKnown checks all that is known.
func wantKnown(t *testing.T, s persync.State, known ...ticket.Known) {
	t.Helper()
	wantKnownOf(t, s, nil, known...)
}

// wantKnownOf checks what is known of the tickets of the documents.
func wantKnownOf(t *testing.T, s persync.State, documents []string, known ...ticket.Known) {
	t.Helper()
	got := want[map[ticket.Address]ticket.Known](t)(s.Known(t.Context(), documents...))
	if len(got) != len(known) {
		t.Errorf("%d tickets are known, want %d: %+v", len(got), len(known), got)
	}
	for _, k := range known {
		where := ticket.Address{Tracker: k.Seen.Tracker, Ref: k.Seen.Ref}
		if !reflect.DeepEqual(got[where], k) {
			t.Errorf("%v:\ngot  %+v\nwant %+v", where, got[where], k)
		}
	}
}
