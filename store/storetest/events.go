package storetest

import (
	"reflect"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

func eventClaims() []claim {
	return []claim{
		{"AnEmptyStateHasNone", func(t *testing.T, s persync.State) { wantEvents(t, s) }},
		{"ComeBackAsTheyWereGiven", func(t *testing.T, s persync.State) {
			must(t, s.SaveEvents(t.Context(), []ticket.Event{fullEvent()}))
			got := want[[]ticket.Event](t)(s.Events(t.Context()))
			if len(got) != 1 || !reflect.DeepEqual(got[0], fullEvent()) {
				t.Errorf("got  %+v\nwant %+v", got, fullEvent())
			}
		}},
		{"AFigureOfZeroIsNoMissingFigure", func(t *testing.T, s persync.State) {
			none := time.Duration(0)
			must(t, s.SaveEvents(t.Context(), []ticket.Event{{Document: "PER-1", Downtime: &none}}))
			got := want[[]ticket.Event](t)(s.Events(t.Context()))
			if len(got) != 1 || got[0].Downtime == nil || got[0].TimeToDetect != nil {
				t.Errorf("got %+v", got)
			}
		}},
		{"ComeInTheOrderOfTheirDocuments", func(t *testing.T, s persync.State) {
			must(t, s.SaveEvents(t.Context(), []ticket.Event{{Document: "PER-2"}, {Document: "PER-10"}, {Document: "per-1"}}))
			wantEvents(t, s, "PER-10", "PER-2", "per-1")
		}},
		{"AreReplacedByDocument", func(t *testing.T, s persync.State) {
			must(t, s.SaveEvents(t.Context(), []ticket.Event{fullEvent(), {Document: "PER-2"}}))
			must(t, s.SaveEvents(t.Context(), []ticket.Event{{Document: fullEvent().Document, Title: "other"}}))
			got := want[[]ticket.Event](t)(s.Events(t.Context()))
			if len(got) != 2 || !reflect.DeepEqual(got[1], ticket.Event{Document: fullEvent().Document, Title: "other"}) {
				t.Errorf("got %+v", got)
			}
		}},
		{"AreForgottenWhenDropped", func(t *testing.T, s persync.State) {
			must(t, s.SaveEvents(t.Context(), []ticket.Event{{Document: "PER-1"}, {Document: "PER-2"}}))
			must(t, s.SaveEvents(t.Context(), []ticket.Event{{Document: "PER-3"}}, "PER-1", "never"))
			wantEvents(t, s, "PER-2", "PER-3")
			must(t, s.SaveEvents(t.Context(), nil))
			must(t, s.SaveEvents(t.Context(), nil, "PER-2"))
			wantEvents(t, s, "PER-3")
		}},
		{"AreNotSharedWithTheCaller", func(t *testing.T, s persync.State) {
			given := fullEvent()
			must(t, s.SaveEvents(t.Context(), []ticket.Event{given}))
			*given.Downtime = 0
			for _, e := range want[[]ticket.Event](t)(s.Events(t.Context())) {
				*e.TimeToDetect = 0
			}
			if got := want[[]ticket.Event](t)(s.Events(t.Context())); !reflect.DeepEqual(got, []ticket.Event{fullEvent()}) {
				t.Errorf("got %+v", got)
			}
		}},
	}
}

// fullEvent is an event with a value in every field.
func fullEvent() ticket.Event {
	down, detect, resolve := 47*time.Minute, 19*time.Minute, 28*time.Minute
	return ticket.Event{
		Document: "PER-2026-003", Path: "pers/2026-003.md", Title: "Checkout refused cards", Kind: "outage", Severity: "sev2",
		Service: "checkout", Team: "payments", Owner: "mia", Day: "2026-03-02",
		Started: day(), Detected: at(1), Resolved: at(2), Meeting: at(20), MeetingBy: at(26),
		Downtime: &down, TimeToDetect: &detect, TimeToResolve: &resolve,
		Draft: true, Hold: "draft", Actions: 4, Done: 1,
	}
}

func wantEvents(t *testing.T, s persync.State, documents ...string) {
	t.Helper()
	var got []string
	for _, e := range want[[]ticket.Event](t)(s.Events(t.Context())) {
		got = append(got, e.Document)
	}
	if !reflect.DeepEqual(got, documents) {
		t.Errorf("got events %q, want %q", got, documents)
	}
}
