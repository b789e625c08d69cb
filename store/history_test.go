package store_test

import (
	"reflect"
	"testing"
	"time"

	"percolate/store"
	"percolate/ticket"
)

func TestHistoryKeepsWhatMoved(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	now := ticket.Seen{Tracker: "jira-ops", Ref: "7", Name: "OPS-7", Status: ticket.StatusOpen, Word: "To Do"}
	steps := []struct {
		name   string
		change func(*ticket.Seen)
		row    string // "" when there is none
	}{
		{"FirstSight", func(*ticket.Seen) {}, "1 open To Do - 0 - -"},
		{"Nothing", func(*ticket.Seen) {}, ""},
		{"Title", func(s *ticket.Seen) { s.Fields.Title = "other" }, ""},
		{"Body", func(s *ticket.Seen) { s.Fields.Body = "other" }, ""},
		{"Labels", func(s *ticket.Seen) { s.Fields.Labels = []string{"other"} }, ""},
		{"Name", func(s *ticket.Seen) { s.Name = "NEW-7" }, ""},
		{"Status", func(s *ticket.Seen) { s.Status = ticket.StatusActive }, "7 active To Do - 0 - -"},
		{"Word", func(s *ticket.Seen) { s.Word = "In Review" }, "8 active In Review - 0 - -"},
		{"Assignees", func(s *ticket.Seen) { s.Fields.Assignees = []string{"bo", "ana"} }, "9 active In Review bo, ana 0 - -"},
		{"Priority", func(s *ticket.Seen) { s.Fields.Priority = ticket.PriorityHigh }, "10 active In Review bo, ana 4 - -"},
		{"Due", func(s *ticket.Seen) { s.Fields.Due = "2026-04-01" }, "11 active In Review bo, ana 4 2026-04-01 -"},
		{"Parent", func(s *ticket.Seen) { s.Parent = "1" }, "12 active In Review bo, ana 4 2026-04-01 1"},
		{"Back", func(s *ticket.Seen) { s.Parent = "" }, "13 active In Review bo, ana 4 2026-04-01 -"},
	}
	db := open(t, store.Memory)
	var want []string
	for i, step := range steps {
		step.change(&now)
		now.AsOf = start.Add(time.Duration(i+1) * time.Minute)
		observe(t, db, now)
		if step.row != "" {
			want = append(want, step.row)
		}
		if got := history(t, db); !reflect.DeepEqual(got, want) {
			t.Fatalf("after %s:\ngot  %q\nwant %q", step.name, got, want)
		}
	}
	now.Status = ticket.StatusDone
	now.AsOf = start
	observe(t, db, now)
	if got := history(t, db); !reflect.DeepEqual(got, want) {
		t.Errorf("an old answer made history: %q", got)
	}
}

func TestHistoryGoesByTheTrackersOwnInstant(t *testing.T) {
	db := open(t, store.Memory)
	read := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	observe(t, db, ticket.Seen{Tracker: "a", Ref: "1", AsOf: read, Updated: read.Add(-time.Hour)}, ticket.Seen{Tracker: "b", Ref: "1", AsOf: read})
	got, err := db.RawRows(t.Context(), "SELECT tracker || ' ' || ((as_of - changed_at) / 60000000) FROM history ORDER BY tracker")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"a 60", "b 0"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got minutes %q, want %q", got, want)
	}
}

func TestHistoryOfOneCallIsInItsOrder(t *testing.T) {
	db := open(t, store.Memory)
	start := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	var seen []ticket.Seen
	for i, status := range []ticket.Status{ticket.StatusOpen, ticket.StatusActive, ticket.StatusActive, ticket.StatusDone} {
		seen = append(seen, ticket.Seen{Tracker: "a", Ref: "1", Status: status, AsOf: start.Add(time.Duration(i+1) * time.Minute)})
	}
	observe(t, db, seen...)
	if got, want := history(t, db), []string{"1 open  - 0 - -", "2 active  - 0 - -", "4 done  - 0 - -"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHistoryBeginsWithTheFirstSightAfterMisses(t *testing.T) {
	db := open(t, store.Memory)
	start := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	if err := db.Miss(t.Context(), start, ticket.Address{Tracker: "a", Ref: "1"}); err != nil {
		t.Fatal(err)
	}
	if got := history(t, db); got != nil {
		t.Errorf("a miss made history: %q", got)
	}
	observe(t, db, ticket.Seen{Tracker: "a", Ref: "1", Status: ticket.StatusOpen, AsOf: start.Add(time.Minute)})
	if got, want := history(t, db), []string{"1 open  - 0 - -"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func observe(t *testing.T, db *store.DB, seen ...ticket.Seen) {
	t.Helper()
	if err := db.Observe(t.Context(), seen...); err != nil {
		t.Fatal(err)
	}
}

// history returns all rows, with the minutes after 9:30 at which they were read, and
// "-" for nothing.
func history(t *testing.T, db *store.DB) []string {
	t.Helper()
	rows, err := db.RawRows(t.Context(), `SELECT ((as_of - 1772443800000000) / 60000000) || ' ' || status || ' ' || word || ' ' ||
		coalesce(nullif(assignees, ''), '-') || ' ' || priority || ' ' || coalesce(nullif(due, ''), '-') || ' ' || coalesce(nullif(parent, ''), '-')
		FROM history ORDER BY as_of`)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
