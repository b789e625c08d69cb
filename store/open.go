package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// openMemory makes a new state that no file keeps. It has one connection, since each
// would be a database of its own.
func (db *DB) openMemory(ctx context.Context) error {
	pool, err := connect(Memory, 0, 1)
	if err != nil {
		return err
	}
	db.reads, db.writes = pool, pool
	return upgrade(ctx, pool)
}

// openFile opens the file, after creating or upgrading it when need be.
func (db *DB) openFile(ctx context.Context, wait time.Duration) error {
	if err := create(db.path); err != nil {
		return err
	}
	if err := db.upgradeFile(ctx, wait); err != nil {
		return err
	}
	reads, errReads := connect(db.path, wait, 4)
	writes, errWrites := connect(db.path, wait, 1)
	db.reads, db.writes = reads, writes
	return cmp.Or(errReads, errWrites)
}

var errNoFile = errors.New("it is not a file")

// create makes an empty file that only its owner may read, unless there is a file. It
// never opens one that is there: to close it again would drop the locks that other
// connections of this process have on it.
func create(path string) error {
	stat, err := os.Stat(path)
	if err == nil && !stat.Mode().IsRegular() {
		return errNoFile
	}
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	empty, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(empty.Name())
	if err := empty.Close(); err != nil {
		return err
	}
	if err := publish(empty.Name(), path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// publish gives a complete file its name; [fs.ErrExist] when that is taken.
func publish(file, path string) error {
	err := os.Link(file, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// Some file systems have no links. There the name may be taken in between.
	if _, errStat := os.Lstat(path); errStat == nil {
		return fs.ErrExist
	}
	return os.Rename(file, path)
}

// connect opens a pool of connections to the file, or to memory.
func connect(path string, wait time.Duration, connections int, pragmas ...string) (*sql.DB, error) {
	name, err := source(path, wait, pragmas...)
	if err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// source is the driver's name for the file.
func source(path string, wait time.Duration, pragmas ...string) (string, error) {
	q := url.Values{
		"_busy_timeout": {strconv.FormatInt(wait.Milliseconds(), 10)},
		"_txlock":       {"immediate"}, // a transaction that wants to write only later could be refused then
		"_synchronous":  {"FULL"},      // an intent must outlive a power cut, or a ticket could be filed twice
		"_foreign_keys": {"on"},
		"_defensive":    {"1"},
		"_dqs":          {"0"},
		"_pragma":       pragmas,
	}.Encode()
	if path == Memory {
		return "file::memory:?" + q, nil
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	abs = filepath.ToSlash(abs)
	if !strings.HasPrefix(abs, "/") { // C:/...
		abs = "/" + abs
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: abs, RawQuery: q}).String(), nil
}

// tooNew says that the file's schema is a later one than this program knows.
func tooNew(version int) error {
	return fmt.Errorf("%w (its schema is version %d, this program knows versions up to %d)", ErrNewer, version, schema)
}
