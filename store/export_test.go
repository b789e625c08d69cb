package store

import (
	"context"
	"fmt"
)

// Schema is the newest version that the program knows.
const Schema = schema

// Migrations are the embedded files.
var Migrations = migrations

// FillDisk leaves no room for the file to grow.
func (db *DB) FillDisk(ctx context.Context) error {
	_, err := db.writes.ExecContext(ctx, "PRAGMA max_page_count = 1") // never less than what there is
	return err
}

// Protect makes the file read-only for this state.
func (db *DB) Protect(ctx context.Context) error {
	_, err := db.writes.ExecContext(ctx, "PRAGMA query_only = on")
	return err
}

// Raw runs a statement past all methods.
func (db *DB) Raw(ctx context.Context, statement string, args ...any) error {
	_, err := db.writes.ExecContext(ctx, statement, args...)
	return err
}

// RawRows returns the rows of a query as text, the columns with a space between them.
func (db *DB) RawRows(ctx context.Context, query string) ([]string, error) {
	lines, err := collect(ctx, db.reads, scanText, query)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
	}
	return lines, nil
}
