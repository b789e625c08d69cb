package store_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"percolate/store"
	"percolate/ticket"
)

func TestAFullDiskIsToldAndNothingIsHalfWritten(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "percolate.db"))
	fill(t, db, "PER-1")
	lease, err := db.Lease(t.Context(), []string{"PER-1"}, "a", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.FillDisk(t.Context()); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("long ", 10_000)
	err = db.Save(t.Context(), lease, []ticket.Link{{Key: ticket.ParseKey("PER-1/A1")}, {Key: ticket.ParseKey("PER-1/A2"), Text: long}})
	wantIs(t, err, store.ErrFull)
	wantLinks(t, db, "PER-1")
}

func TestAFailureHalfwayLeavesNothing(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "percolate.db"))
	fill(t, db, "PER-1")
	if err := db.Raw(t.Context(), "CREATE TRIGGER refuse BEFORE DELETE ON link BEGIN SELECT RAISE(ABORT, 'refused'); END"); err != nil {
		t.Fatal(err)
	}
	lease, err := db.Lease(t.Context(), []string{"PER-1"}, "a", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Save(t.Context(), lease, []ticket.Link{{Key: ticket.ParseKey("PER-1/A1")}}, ticket.ParseKey("PER-1"))
	if err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got error %v", err)
	}
	wantLinks(t, db, "PER-1")
}

func TestAReadOnlyFileIsToldAndStillRead(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "percolate.db"))
	fill(t, db, "PER-1")
	if err := db.Protect(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantIs(t, trySave(t.Context(), db, "PER-2"), store.ErrReadOnly)
	wantLinks(t, db, "PER-1")
}

func TestALockHeldForTooLongIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	db, err := store.Open(t.Context(), path, store.Options{Now: time.Now, Wait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	unlock := lock(t, path)
	wantIs(t, trySave(t.Context(), db, "PER-1"), store.ErrLocked)
	wantLinks(t, db)
	unlock()
	fill(t, db, "PER-1")
}

func TestAReaderIsNeverLockedOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	db, err := store.Open(t.Context(), path, store.Options{Now: time.Now, Wait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	defer lock(t, path)()
	wantLinks(t, db)
}

func TestWaitingEndsWhenTheCallerGivesUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	db, err := store.Open(t.Context(), path, store.Options{Now: time.Now, Wait: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	defer lock(t, path)()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	lease, err := db.Lease(ctx, []string{"PER-1"}, "a", time.Hour)
	if err != context.DeadlineExceeded { //nolint:errorlint // the caller's own, not wrapped in a story of a locked file
		t.Errorf("got %v, error %v", lease, err)
	}
}

func TestDamageIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	db, err := tryOpen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, db, "PER-1", "PER-2", "PER-3")
	if err := db.Check(t.Context()); err != nil {
		t.Errorf("a sound state: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(content); i++ { // all pages but the first, in which the header is
		content[i] = 0x5a
	}
	write(t, path, string(content))
	db, err = tryOpen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	wantIs(t, db.Check(t.Context()), store.ErrCorrupt)
	_, err = db.Links(t.Context())
	wantIs(t, err, store.ErrCorrupt)
	wantIs(t, trySave(t.Context(), db, "PER-4"), store.ErrCorrupt)
}

func TestABodyThatCannotBeReadIsDamage(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "percolate.db"))
	fill(t, db, "PER-1", "PER-2")
	if err := db.Raw(t.Context(), "UPDATE link SET body = '{' WHERE document = 'PER-2'"); err != nil {
		t.Fatal(err)
	}
	_, err := db.Links(t.Context())
	wantIs(t, err, store.ErrCorrupt)
	if _, err := db.Links(t.Context(), "PER-1"); err != nil {
		t.Errorf("the sound link: %v", err)
	}
}

// lock takes the file's write lock as another process would, until unlock is called.
func lock(t *testing.T, path string) (unlock func()) {
	t.Helper()
	other, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	return func() { tx.Rollback(); other.Close() }
}
