package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"percolate/store"
)

func TestWhatWasSavedIsThereAfterReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	first, err := tryOpen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, first, "PER-1")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	wantLinks(t, open(t, path), "PER-1")
}

func TestOnlyTheOwnerMayReadTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	fill(t, open(t, path), "PER-1")
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 2 {
		t.Fatalf("files %v, error %v; want the database and its journal", files, err)
	}
	for _, f := range files {
		wantPrivate(t, f)
	}
	wantFiles(t, filepath.Dir(path), "percolate.db")
}

func TestAnEmptyFileBecomesAState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	write(t, path, "")
	fill(t, open(t, path), "PER-1")
}

func TestPathsMayHoldAnything(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for _, name := range []string{"a b.db", "what?.db", "100%25.db", "#1;.db", "\u00fc\u65e5.db", "file:x.db", "q=1&_txlock=bogus"} {
		if runtime.GOOS == "windows" && strings.ContainsAny(name, "?:") {
			continue
		}
		fill(t, open(t, name), "PER-1")
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestTheSchemaIsTheNewestMigration(t *testing.T) {
	files, err := store.Migrations.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	if newest := fmt.Sprintf("%05d_", store.Schema); len(files) == 0 || !strings.HasPrefix(files[len(files)-1].Name(), newest) {
		t.Errorf("schema is %d, files are %v", store.Schema, files)
	}
}

func TestAnUpgradeThatWasCutOffIsDoneAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	for _, left := range []string{
		"PRAGMA application_id = 1346720323",                             // claimed only
		"PRAGMA application_id = 1346720323; PRAGMA user_version = 0",    // migrated, not yet said so
		"PRAGMA user_version = 0; PRAGMA journal_mode = DELETE; VACUUM;", // the same, before the journal was chosen
	} {
		sqlite(t, path, left)
		db, err := tryOpen(t.Context(), path)
		if err != nil {
			t.Fatalf("after %q: %v", left, err)
		}
		fill(t, db, "PER-1")
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOldSchemasWaitUntilNobodyUsesThem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	older, err := tryOpen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, older, "PER-1")
	if err := older.Raw(t.Context(), "PRAGMA user_version = 0"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), path, store.Options{Now: time.Now, Wait: time.Millisecond}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("got error %v, want ErrLocked", err)
	}
	if err := older.Close(); err != nil {
		t.Fatal(err)
	}
	wantLinks(t, open(t, path), "PER-1")
}

func TestManyMayOpenANewFileAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			db, err := tryOpen(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			document := fmt.Sprint("PER-", i)
			if _, err := db.Lease(t.Context(), []string{document}, document, time.Hour); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestOpeningTellsWhatIsWrong(t *testing.T) {
	newer := fmt.Sprintf("PRAGMA application_id = 1346720323; PRAGMA user_version = %d", store.Schema+7)
	cases := []struct {
		name    string
		prepare func(t *testing.T, path string) string // returns the path to open
		want    error
		says    string
	}{
		{"NoFolder", func(_ *testing.T, p string) string { return filepath.Join(p, "none", "x.db") }, store.ErrNoFolder, "folder does not exist"},
		{"AFileWhereTheFolderShouldBe", func(t *testing.T, p string) string { write(t, p, "x"); return filepath.Join(p, "x.db") }, store.ErrNoFolder, ""},
		{"AFolder", func(_ *testing.T, p string) string { return filepath.Dir(p) }, nil, "is not a file"},
		{"AText", func(t *testing.T, p string) string { write(t, p, strings.Repeat("hello\n", 1000)); return p }, store.ErrCorrupt, "restore a backup"},
		{"HalfAHeader", func(t *testing.T, p string) string { write(t, p, "SQLite format 3\x00"); return p }, store.ErrCorrupt, "restore a backup"},
		{"AnotherProgram", func(t *testing.T, p string) string {
			sqlite(t, p, "CREATE TABLE theirs (x); PRAGMA user_version = 1")
			return p
		}, store.ErrForeign, "another program"},
		{"AnotherProgramWithId", func(t *testing.T, p string) string { sqlite(t, p, "PRAGMA application_id = 7"); return p }, store.ErrForeign, "another program"},
		{"ANewerSchema", func(t *testing.T, p string) string { sqlite(t, p, newer); return p }, store.ErrNewer, fmt.Sprintf("schema is version %d, this program knows versions up to %d", store.Schema+7, store.Schema)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := c.prepare(t, filepath.Join(t.TempDir(), "percolate.db"))
			before, _ := os.ReadFile(path)
			db, err := tryOpen(t.Context(), path)
			if err == nil {
				db.Close()
				t.Fatal("it was opened")
			}
			if c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %q, want %q with the path and %q", err, c.want, c.says)
			}
			if after, _ := os.ReadFile(path); !reflect.DeepEqual(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestPermissionsAreTold(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read and write everything")
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "percolate.db")
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	_, err := tryOpen(t.Context(), path)
	wantIs(t, err, store.ErrDenied)
	if err := os.Chmod(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, path, "")
	if err := os.Chmod(path, 0o000); err != nil {
		t.Fatal(err)
	}
	_, err = tryOpen(t.Context(), path)
	wantIs(t, err, store.ErrDenied)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	_, err = tryOpen(t.Context(), path)
	wantIs(t, err, store.ErrReadOnly)
}

func TestOpeningNeedsAClock(t *testing.T) {
	if _, err := store.Open(t.Context(), store.Memory, store.Options{}); err == nil {
		t.Error("opened without a clock")
	}
}
