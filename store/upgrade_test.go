package store_test

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"percolate/store"
	"percolate/ticket"
)

// A state of every earlier schema opens, and what it held is still there.
func TestOldStatesUpgrade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	older(t, path, 1,
		`INSERT INTO link (document, action, tracker, ref, state, body) VALUES
			('PER-1', 'A1', 'memory', '7', 'filed', '{"key":{"document":"PER-1","action":"A1"},"tracker":"memory","ref":"7","state":"filed"}')`,
		`INSERT INTO history (tracker, ref, as_of, changed_at, status, word, assignees, priority, due, parent) VALUES
			('memory', '7', 7200000000, 3600000000, 'open', 'To Do', 'ana', 4, '2026-03-16', ''),
			('memory', '7', 9000000000, 9000000000, 'done', 'Done', 'ana', 4, '2026-03-16', '')`,
	)
	db := open(t, path)
	wantLinks(t, db, "PER-1/A1")
	got, err := db.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	row := ticket.Observation{
		Address:  ticket.Address{Tracker: "memory", Ref: "7"},
		Standing: ticket.Standing{Status: ticket.StatusOpen, Word: "To Do", Assignees: "ana", Priority: ticket.PriorityHigh, Due: "2026-03-16"},
		At:       time.Unix(3600, 0).UTC(), Exact: true, AsOf: time.Unix(7200, 0).UTC(),
	}
	read := row
	read.Status, read.Word, read.At, read.AsOf, read.Exact = ticket.StatusDone, "Done", time.Unix(9000, 0).UTC(), time.Unix(9000, 0).UTC(), false
	if want := []ticket.Observation{row, read}; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if err := db.SaveEvents(t.Context(), []ticket.Event{{Document: "PER-1"}}); err != nil {
		t.Error(err)
	}
}

// older makes a state as a program of the given schema left it, with what the statements put in.
func older(t *testing.T, path string, schema int64, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	folder, err := fs.Sub(store.Migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	statements = append(statements, "PRAGMA application_id = 1346720323", "PRAGMA user_version = 1", "PRAGMA journal_mode = WAL")
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}
