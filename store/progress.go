package store

import (
	"context"
	"database/sql"
	"errors"

	persync "percolate/sync"
	"percolate/trackers"
)

// Progress implements [persync.State].
func (db *DB) Progress(ctx context.Context, tracker string) (persync.Progress, error) {
	var cursor string
	var contacted, polled, swept int64
	err := db.reads.QueryRowContext(ctx, "SELECT cursor, contacted, polled, swept FROM progress WHERE tracker = ?", tracker).
		Scan(&cursor, &contacted, &polled, &swept)
	if errors.Is(err, sql.ErrNoRows) {
		return persync.Progress{}, nil
	}
	if err != nil {
		return persync.Progress{}, db.explain(ctx, err)
	}
	return persync.Progress{
		Cursor: trackers.Cursor(cursor), Contacted: instant(contacted), Polled: instant(polled), Swept: instant(swept),
	}, nil
}

// SaveProgress implements [persync.State].
func (db *DB) SaveProgress(ctx context.Context, tracker string, p persync.Progress) error {
	return db.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO progress (tracker, cursor, contacted, polled, swept) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (tracker) DO UPDATE SET
			cursor = excluded.cursor, contacted = excluded.contacted, polled = excluded.polled, swept = excluded.swept`,
			tracker, string(p.Cursor), micros(p.Contacted), micros(p.Polled), micros(p.Swept))
		return err
	})
}

// Approve implements [persync.State].
func (db *DB) Approve(ctx context.Context, digests []string) error {
	return db.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM approved"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO approved (digest) SELECT DISTINCT value FROM json_each(?)", list(digests))
		return err
	})
}

// Approved implements [persync.State].
func (db *DB) Approved(ctx context.Context) ([]string, error) {
	digests, err := collect(ctx, db.reads, scanText, "SELECT digest FROM approved ORDER BY digest")
	return digests, db.explain(ctx, err)
}
