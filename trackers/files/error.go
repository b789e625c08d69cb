package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"percolate/trackers"
)

// fail is err as an error of the port for an operation that did nothing.
func (t *Tracker) fail(op string, err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*trackers.Error](err); ok {
		return e
	}
	code := trackers.Unavailable // the disk is full, a network folder is away, somebody is writing
	_, broken := errors.AsType[*fault](err)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
	case broken:
		code = trackers.Invalid
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		code = trackers.Denied
	}
	return &trackers.Error{Tracker: t.opt.Name, Op: op, Code: code, Err: err}
}

// refuse is an error with a code of its own.
func (t *Tracker) refuse(op string, code trackers.Code, format string, args ...any) error {
	return &trackers.Error{Tracker: t.opt.Name, Op: op, Code: code, Err: fmt.Errorf(format, args...)}
}

// at is err with the place in the file at p: "tickets/PER-1.md:3: why".
func (t *Tracker) at(p string, err error) error {
	where := filepath.ToSlash(filepath.Join(t.opt.Dir, filepath.FromSlash(p)))
	if f, ok := errors.AsType[*fault](err); ok && f.line > 0 {
		return fmt.Errorf("%s:%d: %w", where, f.line, err)
	}
	return fmt.Errorf("%s: %w", where, err)
}
