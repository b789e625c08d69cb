package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"percolate/store/internal/quick"
	persync "percolate/sync"
	"percolate/ticket"
)

// Links implements [persync.State].
func (db *DB) Links(ctx context.Context, documents ...string) ([]ticket.Link, error) {
	query, args := "SELECT body, (SELECT count(*) FROM link) FROM link", []any(nil)
	if len(documents) > 0 {
		query, args = "SELECT body, 0 FROM link WHERE document IN (SELECT value FROM json_each(?))", []any{list(documents)}
	}
	var links []ticket.Link
	reader := quick.NewReader()
	err := visit(ctx, db.reads, func(rows *sql.Rows) error {
		var body sql.RawBytes
		var all int
		if err := rows.Scan(&body, &all); err != nil {
			return err
		}
		if links == nil {
			links = make([]ticket.Link, 0, all) // a large state is read without moving what was read
		}
		l, err := reader.Link(body)
		if err != nil {
			return damaged("a link", err)
		}
		links = append(links, l)
		return nil
	}, query+" ORDER BY document, action", args...)
	if err != nil {
		return nil, db.explain(ctx, err)
	}
	return links, nil
}

// Save implements [persync.State].
func (db *DB) Save(ctx context.Context, lease persync.Lease, links []ticket.Link, drop ...ticket.Key) error {
	if len(links) == 0 && len(drop) == 0 {
		return ctx.Err()
	}
	return db.write(ctx, func(tx *sql.Tx) error {
		if err := requireFence(ctx, tx, lease.Fence, documentsOf(links, drop)); err != nil {
			return err
		}
		err := each(ctx, tx, `INSERT INTO link (document, action, tracker, ref, state, body) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (document, action) DO UPDATE SET
			tracker = excluded.tracker, ref = excluded.ref, state = excluded.state, body = excluded.body`, links, linkRow)
		if err != nil {
			return err
		}
		return each(ctx, tx, "DELETE FROM link WHERE document = ? AND action = ?", drop, func(k ticket.Key) ([]any, error) {
			return []any{k.Document, k.Action}, nil
		})
	})
}

func linkRow(l ticket.Link) ([]any, error) {
	body, err := json.Marshal(l)
	return []any{l.Key.Document, l.Key.Action, l.Tracker, string(l.Ref), string(l.State), string(body)}, err
}

func documentsOf(links []ticket.Link, drop []ticket.Key) []string {
	documents := make([]string, 0, len(links)+len(drop))
	for _, l := range links {
		documents = append(documents, l.Key.Document)
	}
	for _, k := range drop {
		documents = append(documents, k.Document)
	}
	return documents
}
