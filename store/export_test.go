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

// LeaveRoom lets the file grow by so many pages and no further; less than none lets it grow.
func (db *DB) LeaveRoom(ctx context.Context, pages int) error {
	most := int64(1) << 30
	if pages >= 0 {
		if err := db.writes.QueryRowContext(ctx, "PRAGMA page_count").Scan(&most); err != nil {
			return err
		}
		most += int64(pages)
	}
	return db.Raw(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", most))
}
