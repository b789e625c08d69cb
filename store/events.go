package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"percolate/ticket"
)

// SaveEvents implements [persync.State].
func (db *DB) SaveEvents(ctx context.Context, events []ticket.Event, drop ...string) error {
	if len(events) == 0 && len(drop) == 0 {
		return ctx.Err()
	}
	return db.write(ctx, func(tx *sql.Tx) error {
		// Most runs find most documents unchanged, and a row that stands so is not written.
		err := each(ctx, tx, `INSERT INTO event (document, body) VALUES (?, ?)
			ON CONFLICT (document) DO UPDATE SET body = excluded.body WHERE body <> excluded.body`, events, eventRow)
		if err != nil {
			return err
		}
		return each(ctx, tx, "DELETE FROM event WHERE document = ?", drop, func(document string) ([]any, error) {
			return []any{document}, nil
		})
	})
}

func eventRow(e ticket.Event) ([]any, error) {
	body, err := json.Marshal(e)
	return []any{e.Document, string(body)}, err
}

// Events implements [persync.State].
func (db *DB) Events(ctx context.Context) ([]ticket.Event, error) {
	bodies, err := collect(ctx, db.reads, scanBody, "SELECT body FROM event ORDER BY document")
	if err != nil {
		return nil, db.explain(ctx, err)
	}
	events, err := decode[ticket.Event](bodies)
	return events, db.explain(ctx, err)
}

// History implements [persync.State].
func (db *DB) History(ctx context.Context) ([]ticket.Observation, error) {
	rows, err := collect(ctx, db.reads, scanObservation, `SELECT tracker, ref, changed_at, as_of, status, word, assignees, priority, due, parent, exact, ours
		FROM history ORDER BY tracker, ref, as_of`)
	return rows, db.explain(ctx, err)
}

func scanObservation(rows *sql.Rows) (o ticket.Observation, err error) {
	var at, asOf int64
	err = rows.Scan(&o.Tracker, &o.Ref, &at, &asOf, &o.Status, &o.Word, &o.Assignees, &o.Priority, &o.Due, &o.Parent, &o.Exact, &o.Ours)
	o.At, o.AsOf = instant(at), instant(asOf)
	return o, err
}
