package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"percolate/store"
	persync "percolate/sync"
	"percolate/ticket"
)

func tryOpen(ctx context.Context, path string) (*store.DB, error) {
	return store.Open(ctx, path, store.Options{Now: time.Now})
}

// fill saves one link for each key.
func fill(t *testing.T, db *store.DB, keys ...string) {
	t.Helper()
	if err := trySave(t.Context(), db, keys...); err != nil {
		t.Fatal(err)
	}
}

func trySave(ctx context.Context, db persync.State, keys ...string) error {
	var documents []string
	var links []ticket.Link
	for _, k := range keys {
		key := ticket.ParseKey(k)
		documents = append(documents, key.Document)
		links = append(links, ticket.Link{Key: key, Tracker: "memory", Ref: ticket.Ref(k), State: ticket.StateFiled})
	}
	lease, err := db.Lease(ctx, documents, "filler", time.Hour)
	if err != nil {
		return err
	}
	return errors.Join(db.Save(ctx, lease, links), db.Release(ctx, lease))
}

func wantLinks(t *testing.T, db persync.State, keys ...string) {
	t.Helper()
	links, err := db.Links(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range links {
		got = append(got, l.Key.String())
	}
	if !reflect.DeepEqual(got, keys) {
		t.Errorf("got links %v, want %v", got, keys)
	}
}

func wantIs(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
}

// wantPrivate checks that only the owner may read and write the file.
func wantPrivate(t *testing.T, path string) {
	t.Helper()
	stat, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && stat.Mode().Perm() != 0o600 {
		t.Errorf("%s has mode %v", filepath.Base(path), stat.Mode())
	}
}

// wantFiles checks that no other file is left in a folder; those that the database keeps
// beside its own while it is open do not count.
func wantFiles(t *testing.T, folder string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "-wal") && !strings.HasSuffix(e.Name(), "-shm") {
			got = append(got, e.Name())
		}
	}
	if !reflect.DeepEqual(got, names) {
		t.Errorf("files are %v, want %v", got, names)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// sqlite runs statements on a file as any other program could.
func sqlite(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}
