package storetest

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

func smallClaims() []claim {
	return []claim{
		{"ProgressIsZeroBeforeFirstContact", func(t *testing.T, s persync.State) {
			if p := want[persync.Progress](t)(s.Progress(t.Context(), "jira-ops")); p != (persync.Progress{}) {
				t.Errorf("got %+v", p)
			}
		}},
		{"ProgressIsOfItsTracker", func(t *testing.T, s persync.State) {
			one := persync.Progress{Cursor: "page 2 \u2192", Contacted: day(), Polled: at(1), Swept: at(2)}
			two := persync.Progress{Cursor: "x", Polled: at(3)}
			must(t, s.SaveProgress(t.Context(), "jira-ops", persync.Progress{Cursor: "old", Contacted: day()}))
			must(t, s.SaveProgress(t.Context(), "jira-ops", one))
			must(t, s.SaveProgress(t.Context(), "gh", two))
			got := [2]persync.Progress{
				want[persync.Progress](t)(s.Progress(t.Context(), "jira-ops")),
				want[persync.Progress](t)(s.Progress(t.Context(), "gh")),
			}
			if got != [2]persync.Progress{one, two} {
				t.Errorf("got %+v", got)
			}
		}},
		{"ProgressCanBeTakenBack", func(t *testing.T, s persync.State) {
			must(t, s.SaveProgress(t.Context(), "jira-ops", persync.Progress{Cursor: "x", Contacted: day()}))
			must(t, s.SaveProgress(t.Context(), "jira-ops", persync.Progress{}))
			if p := want[persync.Progress](t)(s.Progress(t.Context(), "jira-ops")); p != (persync.Progress{}) {
				t.Errorf("got %+v", p)
			}
		}},
		{"ApprovalReplacesWhatWasApprovedBefore", func(t *testing.T, s persync.State) {
			wantApproved(t, s)
			must(t, s.Approve(t.Context(), []string{"b", "a", "b"}))
			wantApproved(t, s, "a", "b")
			must(t, s.Approve(t.Context(), []string{"c"}))
			wantApproved(t, s, "c")
			must(t, s.Approve(t.Context(), nil))
			wantApproved(t, s)
		}},
	}
}

func wantApproved(t *testing.T, s persync.State, digests ...string) {
	t.Helper()
	if got := want[[]string](t)(s.Approved(t.Context())); !reflect.DeepEqual(append([]string(nil), got...), digests) {
		t.Errorf("approved are %q, want %q", got, digests)
	}
}

func wholeClaims() []claim {
	return []claim{
		{"ACallGivenUpChangesNothing", func(t *testing.T, s persync.State) {
			held := lease(t, s, "a", "PER-1")
			gone := cancelled(t)
			for name, call := range writes(held) {
				if err := call(gone, s); !errors.Is(err, context.Canceled) {
					t.Errorf("%s: got error %v, want that it was given up", name, err)
				}
			}
			wantKeys(t, s, nil)
			wantKnown(t, s)
			wantFindings(t, s)
			wantApproved(t, s)
			wantEvents(t, s)
			wantHistory(t, s)
			must(t, s.Save(t.Context(), held, links("PER-1"))) // neither released nor taken again
		}},
		{"AReadGivenUpIsAnError", func(t *testing.T, s persync.State) {
			save(t, s, links("PER-1"))
			gone := cancelled(t)
			reads := map[string]func() error{
				"links":    func() error { _, err := s.Links(gone); return err },
				"known":    func() error { _, err := s.Known(gone); return err },
				"progress": func() error { _, err := s.Progress(gone, "x"); return err },
				"findings": func() error { _, err := s.Findings(gone); return err },
				"approved": func() error { _, err := s.Approved(gone); return err },
				"events":   func() error { _, err := s.Events(gone); return err },
				"history":  func() error { _, err := s.History(gone); return err },
			}
			for name, read := range reads {
				if err := read(); !errors.Is(err, context.Canceled) {
					t.Errorf("%s: got error %v, want that it was given up", name, err)
				}
			}
		}},
	}
}

// writes is one call of every method that changes a state.
func writes(held persync.Lease) map[string]func(context.Context, persync.State) error {
	return map[string]func(context.Context, persync.State) error{
		"save":    func(ctx context.Context, s persync.State) error { return s.Save(ctx, held, links("PER-1")) },
		"observe": func(ctx context.Context, s persync.State) error { return s.Observe(ctx, sight("7", 0, "open")) },
		"progress": func(ctx context.Context, s persync.State) error {
			return s.SaveProgress(ctx, "x", persync.Progress{Cursor: "x"})
		},
		"release": func(ctx context.Context, s persync.State) error { return s.Release(ctx, held) },
		"approve": func(ctx context.Context, s persync.State) error { return s.Approve(ctx, []string{"a"}) },
		"miss": func(ctx context.Context, s persync.State) error {
			return s.Miss(ctx, day(), ticket.Address{Tracker: "memory", Ref: "7"})
		},
		"events": func(ctx context.Context, s persync.State) error {
			return s.SaveEvents(ctx, []ticket.Event{{Document: "PER-1"}}, "PER-2")
		},
		"findings": func(ctx context.Context, s persync.State) error {
			return s.SaveFindings(ctx, day(), nil, []ticket.Finding{finding("PER-1", "gone")})
		},
		"lease": func(ctx context.Context, s persync.State) error {
			_, err := s.Lease(ctx, held.Documents, held.Holder, time.Hour)
			return err
		},
		"renew": func(ctx context.Context, s persync.State) error {
			_, err := s.Renew(ctx, held, time.Hour)
			return err
		},
	}
}
