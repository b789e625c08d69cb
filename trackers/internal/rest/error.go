package rest

import (
	"errors"
	"fmt"

	"percolate/trackers"
)

// Errorf is an error of a tracker's own, without our secrets in it.
func (c *Client) Errorf(op string, code trackers.Code, format string, args ...any) *trackers.Error {
	err := fmt.Errorf(format, args...)
	if clean := c.Scrub(err.Error()); clean != err.Error() {
		err = errors.New(clean)
	}
	return &trackers.Error{Tracker: c.opt.Tracker, Op: op, Code: code, Err: err}
}

// Plain is err as the port wants it: of this operation, and internal where no tracker's
// error is in it. It is nil for nil.
func (c *Client) Plain(op string, err error) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*trackers.Error](err)
	if !ok {
		return c.Errorf(op, trackers.Internal, "%w", err)
	}
	same := *e
	same.Op = op
	return &same
}

// Partly is err as the port wants it when something else was done before, if so: nobody
// may take that for nothing done.
func (c *Client) Partly(op string, done bool, err error) error {
	err = c.Plain(op, err)
	if e, ok := errors.AsType[*trackers.Error](err); ok && done && trackers.NothingDone(err) {
		e.Code = trackers.UnknownOutcome
	}
	return err
}
