package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"percolate/store/internal/quick"
	"percolate/ticket"
)

// Known implements [persync.State].
func (db *DB) Known(ctx context.Context, documents ...string) (map[ticket.Address]ticket.Known, error) {
	query, args := "SELECT body, as_of, misses, gone FROM seen", []any(nil)
	if len(documents) > 0 {
		query += ` WHERE (tracker, ref) IN (
			SELECT tracker, ref FROM link WHERE document IN (SELECT value FROM json_each(?1)) UNION
			SELECT tracker, ref FROM seen WHERE document <> '' AND document IN (SELECT value FROM json_each(?1)))`
		args = []any{list(documents)}
	}
	known := map[ticket.Address]ticket.Known{}
	reader := quick.NewReader()
	err := visit(ctx, db.reads, func(rows *sql.Rows) error {
		var body sql.RawBytes
		var asOf, gone int64
		var k ticket.Known
		err := rows.Scan(&body, &asOf, &k.Misses, &gone)
		if err != nil {
			return err
		}
		if k.Seen, err = reader.Seen(body); err != nil {
			return damaged("a ticket", err)
		}
		k.Seen.AsOf, k.Gone = instant(asOf), instant(gone)
		known[ticket.Address{Tracker: k.Seen.Tracker, Ref: k.Seen.Ref}] = k
		return nil
	}, query, args...)
	if err != nil {
		return nil, db.explain(ctx, err)
	}
	return known, nil
}

// The statements of a sight take the values of sightRow. The first compares with what
// stands before the second replaces it. A late answer tells more of the ticket, but not
// that it is there again: then the misses stay.
const (
	chronicle = `INSERT INTO history (tracker, ref, as_of, changed_at, status, word, assignees, priority, due, parent, exact, ours)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 WHERE NOT EXISTS (
			SELECT 1 FROM seen WHERE tracker = ?1 AND ref = ?2 AND (as_of >= ?3 OR
			status = ?5 AND word = ?6 AND assignees = ?7 AND priority = ?8 AND due = ?9 AND parent = ?10))`
	remember = `INSERT INTO seen (tracker, ref, as_of, status, word, assignees, priority, due, parent, body, document, action, misses, missed, gone)
		VALUES (?1, ?2, ?3, ?5, ?6, ?7, ?8, ?9, ?10, ?13, ?14, ?15, 0, 0, 0)
		ON CONFLICT (tracker, ref) DO UPDATE SET as_of = excluded.as_of, status = excluded.status, word = excluded.word,
			assignees = excluded.assignees, priority = excluded.priority, due = excluded.due, parent = excluded.parent,
			document = excluded.document, action = excluded.action,
			body = CASE
				WHEN excluded.body ->> 'moved' IS NULL AND seen.body ->> 'moved' IS NOT NULL AND
					seen.status = excluded.status AND seen.word = excluded.word AND seen.assignees = excluded.assignees
				THEN json_set(excluded.body, '$.moved', seen.body ->> 'moved') ELSE excluded.body END,
			misses = CASE WHEN excluded.as_of < seen.missed THEN seen.misses ELSE 0 END,
			gone   = CASE WHEN excluded.as_of < seen.missed THEN seen.gone   ELSE 0 END,
			missed = CASE WHEN excluded.as_of < seen.missed THEN seen.missed ELSE 0 END
		WHERE excluded.as_of > seen.as_of`
	// Of a deletion that the tracker tells of, no second miss is needed.
	bury = `INSERT INTO seen (tracker, ref, as_of, status, word, assignees, priority, due, parent, body, misses, missed, gone)
		VALUES (?1, ?2, 0, '', '', '', 0, '', '', json_object('tracker', ?1, 'ref', ?2, 'deleted', json('true')), 2, ?3, ?3)
		ON CONFLICT (tracker, ref) DO UPDATE SET misses = max(seen.misses, 2), missed = excluded.missed,
			gone = CASE WHEN seen.gone = 0 THEN excluded.missed ELSE seen.gone END,
			body = json_set(seen.body, '$.deleted', json('true'))
		WHERE excluded.missed > seen.as_of AND excluded.missed > seen.missed`
)

// Observe implements [persync.State].
func (db *DB) Observe(ctx context.Context, seen ...ticket.Seen) error {
	if len(seen) == 0 {
		return ctx.Err()
	}
	return db.write(ctx, func(tx *sql.Tx) error {
		compare, err := tx.PrepareContext(ctx, chronicle)
		if err != nil {
			return err
		}
		defer compare.Close()
		replace, err := tx.PrepareContext(ctx, remember)
		if err != nil {
			return err
		}
		defer replace.Close()
		for _, s := range seen {
			if s.Deleted {
				if _, err := tx.ExecContext(ctx, bury, s.Tracker, string(s.Ref), micros(s.AsOf)); err != nil {
					return err
				}
				continue
			}
			row, err := sightRow(s.Sum())
			if err != nil {
				return err
			}
			if _, err := compare.ExecContext(ctx, row[:12]...); err != nil {
				return err
			}
			if _, err := replace.ExecContext(ctx, row...); err != nil {
				return err
			}
		}
		return nil
	})
}

func sightRow(s ticket.Seen) ([]any, error) {
	o := s.Observation()
	s.AsOf = time.Time{}
	body, err := json.Marshal(s)
	return []any{
		o.Tracker, string(o.Ref), micros(o.AsOf), micros(o.At), string(o.Status), o.Word, o.Assignees,
		int(o.Priority), string(o.Due), string(o.Parent), o.Exact, o.Ours, string(body), s.Key.Document, s.Key.Action,
	}, err
}

// Miss implements [persync.State].
func (db *DB) Miss(ctx context.Context, at time.Time, tickets ...ticket.Address) error {
	if len(tickets) == 0 || at.IsZero() {
		return ctx.Err()
	}
	return db.write(ctx, func(tx *sql.Tx) error {
		return each(ctx, tx, `INSERT INTO seen (tracker, ref, as_of, status, word, assignees, priority, due, parent, body, misses, missed, gone)
			VALUES (?, ?, 0, '', '', '', 0, '', '', ?, 1, ?, 0)
			ON CONFLICT (tracker, ref) DO UPDATE SET misses = seen.misses + 1, missed = excluded.missed,
				gone = CASE WHEN seen.misses = 1 THEN excluded.missed ELSE seen.gone END
			WHERE excluded.missed > seen.as_of AND excluded.missed > seen.missed`, tickets, func(t ticket.Address) ([]any, error) {
			body, err := json.Marshal(ticket.Seen{Tracker: t.Tracker, Ref: t.Ref})
			return []any{t.Tracker, string(t.Ref), string(body), micros(at)}, err
		})
	})
}
