package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	persync "percolate/sync"
)

// Lease implements [persync.State].
func (db *DB) Lease(ctx context.Context, documents []string, holder string, ttl time.Duration) (persync.Lease, error) {
	wanted := slices.Clone(documents)
	slices.Sort(wanted)
	lease := persync.Lease{Documents: slices.Compact(wanted), Holder: holder}
	err := db.write(ctx, func(tx *sql.Tx) error {
		now := db.now() // after the wait for the lock, however long that was
		lease.Expires = until(now, ttl)
		if err := requireFree(ctx, tx, lease, now); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, "UPDATE fence SET latest = latest + 1 RETURNING latest").Scan(&lease.Fence); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO lease (document, holder, fence, expires)
			SELECT value, ?, ?, ? FROM json_each(?) WHERE true
			ON CONFLICT (document) DO UPDATE SET holder = excluded.holder, fence = excluded.fence, expires = excluded.expires`,
			holder, lease.Fence, micros(lease.Expires), list(lease.Documents))
		return err
	})
	if err != nil {
		return persync.Lease{}, err
	}
	return lease, nil
}

// requireFree returns a [*persync.BusyError] when others hold documents of the lease.
func requireFree(ctx context.Context, tx *sql.Tx, lease persync.Lease, now time.Time) error {
	type held struct {
		document, holder string
		expires          int64
	}
	scan := func(rows *sql.Rows) (h held, err error) {
		err = rows.Scan(&h.document, &h.holder, &h.expires)
		return h, err
	}
	others, err := collect(ctx, tx, scan, `SELECT document, holder, expires FROM lease
		WHERE document IN (SELECT value FROM json_each(?)) AND holder <> ? AND expires > ? ORDER BY document`,
		list(lease.Documents), lease.Holder, micros(now))
	if err != nil || len(others) == 0 {
		return err
	}
	busy := &persync.BusyError{Holder: others[0].holder}
	for _, h := range others {
		busy.Documents = append(busy.Documents, h.document)
		if until := instant(h.expires); until.After(busy.Until) {
			busy.Until = until
		}
	}
	return busy
}

// requireFence returns [persync.ErrFenced] unless the fence is the latest one on each
// of the documents.
func requireFence(ctx context.Context, tx *sql.Tx, fence int64, documents []string) error {
	var stale bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM json_each(?) AS wanted
		LEFT JOIN lease ON lease.document = wanted.value WHERE lease.fence IS NOT ?)`, list(documents), fence).Scan(&stale)
	if err == nil && stale {
		return persync.ErrFenced
	}
	return err
}

// Renew implements [persync.State].
func (db *DB) Renew(ctx context.Context, lease persync.Lease, ttl time.Duration) (persync.Lease, error) {
	err := db.write(ctx, func(tx *sql.Tx) error {
		if err := requireFence(ctx, tx, lease.Fence, lease.Documents); err != nil {
			return err
		}
		lease.Expires = until(db.now(), ttl)
		_, err := tx.ExecContext(ctx, "UPDATE lease SET expires = ? WHERE fence = ?", micros(lease.Expires), lease.Fence)
		return err
	})
	if err != nil {
		return persync.Lease{}, err
	}
	return lease, nil
}

// Release implements [persync.State].
func (db *DB) Release(ctx context.Context, lease persync.Lease) error {
	return db.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM lease WHERE fence = ? AND document IN (SELECT value FROM json_each(?))",
			lease.Fence, list(lease.Documents))
		return err
	})
}

// until is when a lease of ttl that begins now ends, as precisely as the file keeps it.
func until(now time.Time, ttl time.Duration) time.Time { return instant(micros(now.Add(ttl))) }

// plain reports whether err is an answer of the contract rather than a fault.
func plain(err error) bool {
	_, busy := errors.AsType[*persync.BusyError](err)
	return busy || errors.Is(err, persync.ErrFenced)
}
