package store

import (
	"context"
	"database/sql"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
)

// What a line of the roster is read from: of links in the order of their keys, and of what
// no link leads to.
const (
	linked = `SELECT l.document, l.action, l.tracker, l.ref, l.state, s.ref IS NOT NULL,
			coalesce(s.document, ''), coalesce(s.action, ''), coalesce(s.misses, 0), coalesce(s.gone, 0) <> 0, coalesce(s.status, '')
		FROM link l LEFT JOIN seen s ON s.tracker = l.tracker AND s.ref = l.ref ORDER BY l.document, l.action`
	unlinked = `SELECT s.document, s.action, s.tracker, s.ref, '', TRUE, s.document, s.action, s.misses, s.gone <> 0, s.status
		FROM seen s WHERE s.document <> '' AND NOT EXISTS (SELECT 1 FROM link l WHERE l.tracker = s.tracker AND l.ref = s.ref)
		ORDER BY s.document, s.action, s.tracker, s.ref`
)

// Roster implements [persync.State].
func (db *DB) Roster(ctx context.Context) ([]persync.Entry, error) {
	tx, err := db.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, db.explain(ctx, err)
	}
	defer tx.Rollback() // which ends a transaction that wrote nothing
	entries, err := roster(ctx, tx)
	if err != nil {
		return nil, db.explain(ctx, err)
	}
	return entries, nil
}

// LastRead implements [persync.State].
func (db *DB) LastRead(ctx context.Context) (time.Time, error) {
	var latest int64
	err := db.reads.QueryRowContext(ctx, "SELECT coalesce(max(as_of), 0) FROM seen").Scan(&latest)
	return instant(latest), db.explain(ctx, err)
}

func roster(ctx context.Context, tx *sql.Tx) ([]persync.Entry, error) {
	var links int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM link").Scan(&links); err != nil {
		return nil, err
	}
	entries := make([]persync.Entry, 0, links)
	same := words{}
	for _, query := range []string{linked, unlinked} {
		err := visit(ctx, tx, func(rows *sql.Rows) error {
			e, err := entryOf(rows, same)
			entries = append(entries, e)
			return err
		}, query)
		if err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func entryOf(rows *sql.Rows, same words) (e persync.Entry, err error) {
	var document, action, tracker, ref, state, markedDocument, markedAction, status sql.RawBytes
	err = rows.Scan(&document, &action, &tracker, &ref, &state, &e.Known, &markedDocument, &markedAction, &e.Misses, &e.Gone, &status)
	e.Key = ticket.Key{Document: same.of(document), Action: same.of(action)}
	e.At = ticket.Address{Tracker: same.of(tracker), Ref: ticket.Ref(ref)}
	e.State = ticket.State(same.of(state))
	e.Marker = ticket.Key{Document: same.of(markedDocument), Action: same.of(markedAction)}
	e.Finished = ticket.Status(status).Finished()
	return e, err
}

// words keeps each text once: those of a roster say the same again and again.
type words map[string]string

func (w words) of(text []byte) string {
	if s, ok := w[string(text)]; ok {
		return s
	}
	s := string(text)
	w[s] = s
	return s
}
