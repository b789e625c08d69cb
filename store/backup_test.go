package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"percolate/store"
)

func TestABackupIsACompleteState(t *testing.T) {
	folder := t.TempDir()
	db := open(t, filepath.Join(t.TempDir(), "percolate.db"))
	fill(t, db, "PER-1", "PER-2/A1")
	dest := filepath.Join(folder, "it's a backup?.db")
	if err := db.Backup(t.Context(), dest); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, folder, "it's a backup?.db")
	wantPrivate(t, dest)
	fill(t, db, "PER-3")
	copied := open(t, dest)
	wantLinks(t, copied, "PER-1", "PER-2/A1")
	if err := copied.Check(t.Context()); err != nil {
		t.Error(err)
	}
	fill(t, copied, "PER-4")
}

func TestABackupOfMemoryIsAFile(t *testing.T) {
	db := open(t, store.Memory)
	fill(t, db, "PER-1")
	dest := filepath.Join(t.TempDir(), "backup.db")
	if err := db.Backup(t.Context(), dest); err != nil {
		t.Fatal(err)
	}
	wantLinks(t, open(t, dest), "PER-1")
}

func TestABackupOverwritesNothing(t *testing.T) {
	folder := t.TempDir()
	db := open(t, filepath.Join(t.TempDir(), "percolate.db"))
	dest := filepath.Join(folder, "precious.txt")
	write(t, dest, "precious")
	wantIs(t, db.Backup(t.Context(), dest), store.ErrExists)
	if content, err := os.ReadFile(dest); err != nil || string(content) != "precious" {
		t.Errorf("it now holds %q, error %v", content, err)
	}
	wantFiles(t, folder, "precious.txt")
}

func TestABackupThatFailsLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	db := open(t, filepath.Join(t.TempDir(), "percolate.db"))
	fill(t, db, "PER-1")
	wantIs(t, db.Backup(t.Context(), filepath.Join(folder, "none", "backup.db")), store.ErrNoFolder)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Backup(ctx, filepath.Join(folder, "backup.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want that it was given up", err)
	}
	wantFiles(t, folder)
}
