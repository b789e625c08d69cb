package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"reflect"
	"time"

	"percolate/store/internal/findings"
	"percolate/ticket"
)

// Findings implements [persync.State].
func (db *DB) Findings(ctx context.Context) ([]ticket.Finding, error) {
	all, err := readFindings(ctx, db.reads)
	return all, db.explain(ctx, err)
}

func readFindings(ctx context.Context, q queryer) ([]ticket.Finding, error) {
	bodies, err := collect(ctx, q, scanBody, "SELECT body FROM finding ORDER BY position")
	if err != nil {
		return nil, err
	}
	return decode[ticket.Finding](bodies)
}

// SaveFindings implements [persync.State].
func (db *DB) SaveFindings(ctx context.Context, now time.Time, documents []string, found []ticket.Finding) error {
	return db.write(ctx, func(tx *sql.Tx) error {
		standing, err := readFindings(ctx, tx)
		if err != nil {
			return err
		}
		replaced := findings.Replace(standing, documents, found, now)
		if reflect.DeepEqual(standing, replaced) {
			return nil // as most runs find it
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM finding"); err != nil {
			return err
		}
		return each(ctx, tx, "INSERT INTO finding (document, action, kind, since, body) VALUES (?, ?, ?, ?, ?)", replaced, findingRow)
	})
}

func findingRow(f ticket.Finding) ([]any, error) {
	body, err := json.Marshal(f)
	return []any{f.Key.Document, f.Key.Action, string(f.Kind), micros(f.Since), string(body)}, err
}
