package trackers

import (
	"errors"
	"fmt"
	"time"
)

// Code says what the caller of a tracker should do about an error.
type Code string

// The codes.
const (
	NotFound       Code = "not_found"       // it is gone, or not visible to us: tell a person
	Denied         Code = "denied"          // credentials or permissions: stop, tell a person
	Invalid        Code = "invalid"         // the request can never succeed as it is: tell a person
	RateLimit      Code = "rate_limit"      // refused for now, nothing was done: try after After
	Unavailable    Code = "unavailable"     // nothing was done: try again later
	UnknownOutcome Code = "unknown_outcome" // a write may or may not have been done: read before trying again
	Internal       Code = "internal"        // a fault of ours, or an answer that we do not understand
)

// Error is the one error type of the trackers.
type Error struct {
	Tracker string // the configured name
	Op      string // "find", "get", "changed", "create", "update"
	Code    Code
	After   time.Duration // for RateLimit and Unavailable: not before this long from now; 0 unknown
	Err     error         // the cause, free of secrets
}

// Error reads "jira-ops: create: denied: cause".
func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s: %s: %v", e.Tracker, e.Op, e.Code, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf is the code of the first [*Error] in err's chain, Internal for any other
// error, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// NothingDone reports whether err proves that the write it came from was not done,
// so that it may be sent again.
func NothingDone(err error) bool {
	switch CodeOf(err) {
	case NotFound, Denied, Invalid, RateLimit, Unavailable:
		return true
	}
	return false
}
