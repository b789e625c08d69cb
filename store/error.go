package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What can be wrong with a state file, each with what a person can do about it.
var (
	ErrNoFolder = errors.New("its folder does not exist")
	ErrDenied   = errors.New("it, or its folder, may not be read and written by this user")
	ErrReadOnly = errors.New("it is read-only")
	ErrCorrupt  = errors.New("it is damaged, or no state of percolate at all; restore a backup, or move it away: tickets are found again by their markers")
	ErrForeign  = errors.New("it is the database of another program; choose another file")
	ErrNewer    = errors.New("it was written by a newer percolate; use that one")
	ErrFull     = errors.New("the disk is full; nothing of this change was written")
	ErrLocked   = errors.New("another process has been using it for too long; nothing of this change was written")
	ErrExists   = errors.New("there is a file of that name already; it was left as it is")
)

// explain tells err as one of the errors above where it is one, with the path. What
// ended because the caller gave up is the caller's own error.
func (db *DB) explain(ctx context.Context, err error) error {
	if err == nil || plain(err) {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if known := meaning(err); known != nil && !errors.Is(err, known) {
		return fmt.Errorf("state %s: %w (%w)", db.path, known, err)
	}
	return fmt.Errorf("state %s: %w", db.path, err)
}

// meaning is the error of this package that err amounts to, or nil.
func meaning(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return byCode(e.Code() & 0xff) // the low byte is the kind, the rest the occasion
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return ErrExists
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return ErrNoFolder
	case errors.Is(err, fs.ErrPermission):
		return ErrDenied
	case errors.Is(err, syscall.EROFS):
		return ErrReadOnly
	case errors.Is(err, syscall.ENOSPC):
		return ErrFull
	}
	return nil
}

func byCode(code int) error {
	switch code {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrLocked
	case sqlite3.SQLITE_READONLY:
		return ErrReadOnly
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrCorrupt
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return ErrDenied
	}
	return nil
}
