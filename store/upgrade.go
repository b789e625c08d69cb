package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

// The numbers by which SQLite files say what they are. A file carries both in its
// header, so that a look at it is enough to see that nothing is to be done.
const (
	application = 0x50455243 // "PERC"
	schema      = 3          // the version of the newest migration
)

//go:embed migrations/*.sql
var migrations embed.FS

// header is what a file says of itself.
type header struct {
	application int
	schema      int
	tables      int
}

func readHeader(ctx context.Context, q rowQueryer) (h header, err error) {
	err = q.QueryRowContext(ctx, `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`).Scan(&h.application, &h.schema, &h.tables)
	return h, err
}

// rowQueryer is what a transaction and a pool of connections have in common.
type rowQueryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// current reports whether the file needs no upgrade, with an error when it is not for
// this program.
func (h header) current() (bool, error) {
	switch {
	case h.application != application && (h.application != 0 || h.schema != 0 || h.tables != 0):
		return false, ErrForeign
	case h.schema > schema:
		return false, tooNew(h.schema)
	}
	return h.schema == schema, nil
}

// upgradeFile brings the file to the schema of this program. Only one process at a time
// may do that, and none while another still works with the old schema. So it
// takes the file for itself, and looks again whenever another has it.
func (db *DB) upgradeFile(ctx context.Context, wait time.Duration) error {
	const turn = 50 * time.Millisecond
	for waited := time.Duration(0); ; waited += turn {
		done, err := db.isCurrent(ctx, wait)
		if done || err != nil {
			return err
		}
		err = db.upgradeAlone(ctx, turn)
		if !errors.Is(meaning(err), ErrLocked) || waited >= wait {
			return err
		}
	}
}

func (db *DB) isCurrent(ctx context.Context, wait time.Duration) (bool, error) {
	pool, err := connect(db.path, wait, 1)
	if err != nil {
		return false, err
	}
	defer pool.Close()
	h, err := readHeader(ctx, pool)
	if err != nil {
		return false, err
	}
	return h.current()
}

// upgradeAlone upgrades the file through the only connection to it.
func (db *DB) upgradeAlone(ctx context.Context, wait time.Duration) error {
	name, err := source(db.path, wait, "locking_mode(exclusive)")
	if err != nil {
		return err
	}
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return err
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	if err := upgrade(ctx, pool); err != nil {
		return err
	}
	_, err = pool.ExecContext(ctx, "PRAGMA journal_mode = WAL")
	return err
}

// upgrade runs the migrations that the database has not seen.
func upgrade(ctx context.Context, pool *sql.DB) error {
	if done, err := claim(ctx, pool); done || err != nil {
		return err
	}
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return err
	}
	_, err = pool.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", schema))
	return err
}

// claim makes the database one of percolate, and reports whether it is current already.
// It writes before it looks, since in exclusive locking that takes and keeps the file.
func claim(ctx context.Context, pool *sql.DB) (bool, error) {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	h, err := readHeader(ctx, tx)
	if err != nil {
		return false, err
	}
	if done, err := h.current(); done || err != nil {
		return done, err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", application)); err != nil {
		return false, err
	}
	return false, tx.Commit()
}
