package store

import (
	"context"
	"database/sql"

	persync "percolate/sync"
	"percolate/ticket"
)

// Links come first and in the order of their keys; what no link leads to has no state.
const roster = `SELECT FALSE, l.document, l.action, l.tracker, l.ref, l.state, s.ref IS NOT NULL,
		coalesce(s.document, ''), coalesce(s.action, ''), coalesce(s.misses, 0), coalesce(s.gone, 0) <> 0,
		coalesce(s.status, ''), coalesce(s.as_of, 0)
	FROM link l LEFT JOIN seen s ON s.tracker = l.tracker AND s.ref = l.ref
	UNION ALL
	SELECT TRUE, s.document, s.action, s.tracker, s.ref, '', TRUE, s.document, s.action, s.misses, s.gone <> 0, s.status, s.as_of
	FROM seen s WHERE s.document <> '' AND NOT EXISTS (SELECT 1 FROM link l WHERE l.tracker = s.tracker AND l.ref = s.ref)
	ORDER BY 1, 2, 3, 4, 5`

// Roster implements [persync.State].
func (db *DB) Roster(ctx context.Context) (persync.Roster, error) {
	var out persync.Roster
	var latest int64
	same := words{}
	err := visit(ctx, db.reads, func(rows *sql.Rows) error {
		var document, action, tracker, ref, state, markedDocument, markedAction, status sql.RawBytes
		var e persync.Entry
		var unlinked bool
		var asOf int64
		if err := rows.Scan(&unlinked, &document, &action, &tracker, &ref, &state, &e.Known, &markedDocument, &markedAction, &e.Misses, &e.Gone, &status, &asOf); err != nil {
			return err
		}
		e.Key = ticket.Key{Document: same.of(document), Action: same.of(action)}
		e.At = ticket.Address{Tracker: same.of(tracker), Ref: ticket.Ref(ref)}
		e.State = ticket.State(same.of(state))
		e.Marker = ticket.Key{Document: same.of(markedDocument), Action: same.of(markedAction)}
		e.Finished = ticket.Status(status).Finished()
		out.Entries = append(out.Entries, e)
		latest = max(latest, asOf)
		return nil
	}, roster)
	if err != nil {
		return persync.Roster{}, db.explain(ctx, err)
	}
	out.Read = instant(latest)
	return out, nil
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
