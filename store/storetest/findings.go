package storetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

func findingClaims() []claim {
	return []claim{
		{"AnEmptyStateHasNone", func(t *testing.T, s persync.State) { wantFindings(t, s) }},
		{"ComeBackAsTheyWereGiven", func(t *testing.T, s persync.State) {
			full := ticket.Finding{
				Kind: ticket.FindConflict, Key: ticket.Key{Document: "PER-1", Action: "A1"}, Tracker: "jira-ops", Ref: "10412", Name: "OPS-812",
				Field: ticket.FieldDue, Text: "due: moved", Mend: "percolate resolve", Place: ticket.Place{Path: "pers/1.md", Line: 3}, Since: day(),
			}
			must(t, s.SaveFindings(t.Context(), day(), nil, []ticket.Finding{full}))
			got := want[[]ticket.Finding](t)(s.Findings(t.Context()))
			if len(got) != 1 || !reflect.DeepEqual(got[0], full) {
				t.Errorf("got  %+v\nwant %+v", got, full)
			}
		}},
		{"ComeInTheOrderOfKeysAndKinds", func(t *testing.T, s persync.State) {
			must(t, s.SaveFindings(t.Context(), day(), nil, []ticket.Finding{
				finding("PER-2", "gone"), finding("PER-10", "unmet"), finding("PER-2", "conflict"), finding("PER-2/A1", "conflict"), finding("", "unread"),
			}))
			wantFindings(t, s, " unread 0h", "PER-10 unmet 0h", "PER-2 conflict 0h", "PER-2 gone 0h", "PER-2/A1 conflict 0h")
		}},
		{"KeepTheInstantOfTheFirstSight", func(t *testing.T, s persync.State) {
			must(t, s.SaveFindings(t.Context(), day(), nil, []ticket.Finding{finding("PER-1", "gone")}))
			must(t, s.SaveFindings(t.Context(), at(1), []string{"PER-1"}, []ticket.Finding{finding("PER-1", "gone"), finding("PER-1", "unmet")}))
			must(t, s.SaveFindings(t.Context(), at(2), nil, []ticket.Finding{finding("PER-1", "gone"), finding("PER-1", "unmet")}))
			wantFindings(t, s, "PER-1 gone 0h", "PER-1 unmet 1h")
		}},
		{"KeepItThoughTheirWordsChange", func(t *testing.T, s persync.State) {
			two, days := finding("PER-1", "guess"), finding("PER-1", "guess")
			two.Text, days.Text = "another line", "for 2 days"
			must(t, s.SaveFindings(t.Context(), day(), nil, []ticket.Finding{days}))
			must(t, s.SaveFindings(t.Context(), at(1), nil, []ticket.Finding{two, days}))
			wantFindings(t, s, "PER-1 guess 1h", "PER-1 guess 0h") // in the order of their texts
			days.Text = "for 3 days"
			must(t, s.SaveFindings(t.Context(), at(2), nil, []ticket.Finding{days, two}))
			wantFindings(t, s, "PER-1 guess 1h", "PER-1 guess 0h")
		}},
		{"StartAfreshOnceTheyWereSettled", func(t *testing.T, s persync.State) {
			for hour := range 3 {
				var found []ticket.Finding
				if hour != 1 {
					found = append(found, finding("PER-1", "gone"))
				}
				must(t, s.SaveFindings(t.Context(), at(hour), nil, found))
			}
			wantFindings(t, s, "PER-1 gone 2h")
		}},
		{"OfOtherDocumentsStand", func(t *testing.T, s persync.State) {
			must(t, s.SaveFindings(t.Context(), day(), nil, []ticket.Finding{
				finding("PER-1", "gone"), finding("PER-1/A1", "gone"), finding("PER-2", "gone"), finding("", "unread"),
			}))
			must(t, s.SaveFindings(t.Context(), at(1), []string{"PER-1", "PER-3"}, []ticket.Finding{finding("PER-3", "gone")}))
			wantFindings(t, s, " unread 0h", "PER-2 gone 0h", "PER-3 gone 1h")
		}},
		{"OfOtherDocumentsDoNotPileUp", func(t *testing.T, s persync.State) {
			for hour := range 3 {
				must(t, s.SaveFindings(t.Context(), at(hour), []string{"PER-1"}, []ticket.Finding{finding("", "unread"), finding("PER-2", "busy")}))
			}
			wantFindings(t, s, " unread 0h", "PER-2 busy 0h")
		}},
		{"AreAllReplacedWhenNoDocumentIsNamed", func(t *testing.T, s persync.State) {
			must(t, s.SaveFindings(t.Context(), day(), nil, []ticket.Finding{finding("PER-1", "gone"), finding("", "unread")}))
			must(t, s.SaveFindings(t.Context(), at(1), nil, []ticket.Finding{finding("PER-2", "gone")}))
			wantFindings(t, s, "PER-2 gone 1h")
			must(t, s.SaveFindings(t.Context(), at(2), nil, nil))
			wantFindings(t, s)
		}},
	}
}

// finding is a small finding of a key, or of no document when the key is empty.
func finding(key string, kind ticket.FindingKind) ticket.Finding {
	return ticket.Finding{Kind: kind, Key: ticket.ParseKey(key), Text: "look at this"}
}

// wantFindings checks keys, kinds and the hours after [day] at which they were first found.
func wantFindings(t *testing.T, s persync.State, lines ...string) {
	t.Helper()
	var got []string
	for _, f := range want[[]ticket.Finding](t)(s.Findings(t.Context())) {
		got = append(got, fmt.Sprintf("%s %s %dh", f.Key, f.Kind, f.Since.Sub(day())/time.Hour))
	}
	if !reflect.DeepEqual(got, lines) {
		t.Errorf("got findings %q, want %q", got, lines)
	}
}
