package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"percolate/store"
)

// untouched looks at a state and fails when that changed its file or left anything beside it.
func untouched(t *testing.T, path string, look func(*store.DB)) (older bool) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	db, older, err := store.Look(t.Context(), path, store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	look(db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file changed: %v", err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("there are %v beside it: %v", entries, err)
	}
	return older
}

func TestALookUpgradesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	older(t, path, 1)
	is := untouched(t, path, func(db *store.DB) {
		if err := db.Check(t.Context()); err != nil {
			t.Error(err)
		}
	})
	if !is {
		t.Error("it does not say that the file is of an earlier schema")
	}
}

func TestALookWritesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	db, err := tryOpen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, db, "PER-1")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	is := untouched(t, path, func(db *store.DB) {
		wantLinks(t, db, "PER-1")
		wantIs(t, trySave(t.Context(), db, "PER-2"), store.ErrReadOnly)
	})
	if is {
		t.Error("it says that the file is of an earlier schema")
	}
}

func TestALookMakesNoFileAndTakesNoOther(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "foreign.db")
	write(t, foreign, strings.Repeat("no database ", 1000))
	for path, want := range map[string]string{
		filepath.Join(dir, "none.db"): "there is no such file",
		dir:                           "it is not a file",
		foreign:                       store.ErrCorrupt.Error(),
	} {
		_, _, err := store.Look(t.Context(), path, store.Options{Now: time.Now})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("there are %v: %v", entries, err)
	}
}
