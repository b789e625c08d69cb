package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"
)

// Look opens the state at path to see how it stands, and writes nothing: it makes no
// file, upgrades none, and every write through it is refused with [ErrReadOnly]. Older
// says that [Open] would upgrade the file; then [DB.Check] can be asked of it, and what
// else is in it may not be readable yet.
func Look(ctx context.Context, path string, o Options) (db *DB, older bool, err error) {
	if o.Now == nil {
		return nil, false, errors.New("state: no clock was given")
	}
	if o.Wait == 0 {
		o.Wait = 10 * time.Second
	}
	db = &DB{path: path, now: o.Now}
	older, err = db.look(ctx, o.Wait)
	if err != nil {
		return nil, false, db.explain(ctx, err)
	}
	return db, older, nil
}

var errNone = errors.New("there is no such file")

func (db *DB) look(ctx context.Context, wait time.Duration) (older bool, err error) {
	switch stat, err := os.Stat(db.path); {
	case errors.Is(err, fs.ErrNotExist):
		return false, errNone
	case err != nil:
		return false, err
	case !stat.Mode().IsRegular():
		return false, errNoFile
	}
	pool, err := connect(db.path, wait, 1, "query_only(1)")
	if err != nil {
		return false, err
	}
	db.reads, db.writes = pool, pool
	h, err := readHeader(ctx, pool)
	if err == nil {
		older, err = h.current()
		older = !older
	}
	if err != nil {
		return false, errors.Join(err, pool.Close())
	}
	return older, nil
}
