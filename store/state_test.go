package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"percolate/store"
	"percolate/store/storetest"
	persync "percolate/sync"
)

func TestAFileIsAState(t *testing.T) {
	storetest.Run(t, func(t *testing.T) persync.State { return open(t, filepath.Join(t.TempDir(), "percolate.db")) })
}

func TestMemoryIsAState(t *testing.T) {
	storetest.Run(t, func(t *testing.T) persync.State { return open(t, store.Memory) })
}

// open opens a state that is closed with the test.
func open(t testing.TB, path string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
