package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Backup writes a complete copy of the state to a new file at dest, readable by its
// owner only, while others go on using the state. An existing file is left alone
// ([ErrExists]), and after any error there is no file at dest.
func (db *DB) Backup(ctx context.Context, dest string) error {
	target := &DB{path: dest} // so that errors name the file that they are about
	temp, err := os.CreateTemp(filepath.Dir(dest), "."+filepath.Base(dest)+".*")
	if err != nil {
		return target.explain(ctx, err)
	}
	defer os.Remove(temp.Name())
	defer temp.Close()
	path, err := filepath.Abs(temp.Name())
	if err != nil {
		return target.explain(ctx, err)
	}
	if _, err := db.reads.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return target.explain(ctx, err)
	}
	if err := errors.Join(temp.Sync(), temp.Close()); err != nil {
		return target.explain(ctx, err)
	}
	return target.explain(ctx, publish(temp.Name(), dest))
}

// Check reads the whole file and returns [ErrCorrupt] when it is damaged.
func (db *DB) Check(ctx context.Context) error {
	lines, err := collect(ctx, db.reads, scanText, "PRAGMA quick_check(5)")
	if err == nil && strings.Join(lines, "") != "ok" {
		err = damaged("check", errors.New(strings.Join(lines, "; ")))
	}
	return db.explain(ctx, err)
}
