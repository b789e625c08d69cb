// Package store keeps the worker's state in a SQLite file that several processes may
// use at once. It implements the State of the sync package and adds to it what a file
// needs: opening, upgrading, checking and copying it. It decides nothing about tickets
// and speaks to no tracker. store/storetest holds what every state must do.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	persync "percolate/sync"
)

// Memory is the path of a state that lives in memory and ends with [DB.Close].
const Memory = ":memory:"

// DB is a [persync.State] in a SQLite file. It is safe for concurrent use, and so is
// the file for several processes on one machine. Its errors wrap one of the Err
// values of this package where a person can do something about them.
type DB struct {
	path string
	now  func() time.Time

	// Writes queue for one connection here rather than for the lock in the file, where
	// the order of waiting is a matter of luck. In memory both are the same.
	reads, writes *sql.DB
}

var _ persync.State = (*DB)(nil)

// Options are the choices of [Open].
type Options struct {
	Now  func() time.Time // the clock that leases go by; required
	Wait time.Duration    // how long to wait while other processes write; 10 seconds when zero
}

// Open opens the state at path, which it creates (readable by its owner only) or
// upgrades when need be. Several processes may do so at once. The folder must exist.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	if o.Now == nil {
		return nil, errors.New("state: no clock was given")
	}
	if o.Wait == 0 {
		o.Wait = 10 * time.Second
	}
	db := &DB{path: path, now: o.Now}
	if path == Memory {
		return db, db.explain(ctx, db.openMemory(ctx))
	}
	if err := db.openFile(ctx, o.Wait); err != nil {
		return nil, db.explain(ctx, err)
	}
	return db, nil
}

// Close ends the use of the state.
func (db *DB) Close() error {
	if db.reads == db.writes {
		return db.writes.Close()
	}
	return errors.Join(db.reads.Close(), db.writes.Close())
}

// write does what do asks for in one transaction: all of it, or nothing after an error.
func (db *DB) write(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := db.writes.BeginTx(ctx, nil)
	if err != nil {
		return db.explain(ctx, err)
	}
	defer tx.Rollback() // does nothing once committed
	if err := do(tx); err != nil {
		return db.explain(ctx, err)
	}
	return db.explain(ctx, tx.Commit())
}

// each runs a statement once for every item, in order, with the arguments that args
// makes of it.
func each[T any](ctx context.Context, tx *sql.Tx, statement string, items []T, args func(T) ([]any, error)) error {
	if len(items) == 0 {
		return nil
	}
	prepared, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return err
	}
	defer prepared.Close()
	for _, item := range items {
		values, err := args(item)
		if err != nil {
			return err
		}
		if _, err := prepared.ExecContext(ctx, values...); err != nil {
			return err
		}
	}
	return nil
}

// queryer is what a transaction and a pool of connections have in common.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// visit calls do for every row of the answer to a query.
func visit(ctx context.Context, q queryer, do func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// collect returns one T for every row of the answer to a query.
func collect[T any](ctx context.Context, q queryer, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	var all []T
	err := visit(ctx, q, func(rows *sql.Rows) error {
		one, err := scan(rows)
		all = append(all, one)
		return err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	return all, nil
}

// scanBody reads a row of one body.
func scanBody(rows *sql.Rows) (body []byte, err error) {
	err = rows.Scan(&body)
	return body, err
}

// scanText reads a row of one text.
func scanText(rows *sql.Rows) (text string, err error) {
	err = rows.Scan(&text)
	return text, err
}

// micros is t as the database keeps it: microseconds since 1970, 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant reads what [micros] made.
func instant(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// damaged says that a value in the file cannot be read.
func damaged(what string, err error) error { return fmt.Errorf("%w: %s: %w", ErrCorrupt, what, err) }
