package redmine

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// cursorPrefix names the form of the cursor; any other form reads everything. A cursor
// holds an instant of the server's clock: what changed before it has been read.
const cursorPrefix = "1 "

func readCursor(c trackers.Cursor) time.Time {
	text, ok := strings.CutPrefix(string(c), cursorPrefix)
	at, err := time.Parse(time.RFC3339, text)
	if !ok || err != nil {
		return time.Time{}
	}
	return at
}

func cursorOf(at time.Time) trackers.Cursor {
	return trackers.Cursor(cursorPrefix + at.UTC().Format(time.RFC3339))
}

// Changed reads our tickets of all projects in the order of their last change, so that
// each page moves the cursor. It looks back a little behind it, because a change may be
// written down later than it is stamped. Where the server's answers do not tell the time,
// the last change does.
func (t *Tracker) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) {
		r := changing{t: t, read: readCursor(since), shown: map[int]time.Time{}}
		if !r.read.IsZero() {
			r.from = r.read.Add(-t.opt.Overlap)
		}
		for range pageMax {
			c, more, err := r.next(ctx)
			if err != nil {
				yield(trackers.Change{}, t.plain("changed", err))
				return
			}
			if !yield(c, nil) || !more {
				return
			}
		}
		yield(trackers.Change{}, t.fail("changed", trackers.Internal, "the list of changes has more than %d pages", pageMax))
	}
}

// pageMax bounds a list whose pages do not end.
const pageMax = 2000

// changing is one reading of changes. Pages follow each other by time and not by number,
// since a ticket that changes meanwhile leaves its place and moves the others up.
type changing struct {
	t     *Tracker
	from  time.Time         // the next page begins with what changed then
	skip  int               // of what changed at that second, so many were read
	read  time.Time         // all that changed before has been read
	shown map[int]time.Time // what earlier pages had, and as of which change
}

func (r *changing) next(ctx context.Context) (c trackers.Change, more bool, err error) {
	name, value := r.t.marks.filter(r.t.marks.all())
	q := url.Values{name: {value}, "sort": {"updated_on,id"}}
	if !r.from.IsZero() {
		q.Set("updated_on", ">="+r.from.UTC().Format(time.RFC3339))
	}
	if r.skip > 0 {
		q.Set("offset", fmt.Sprint(r.skip))
	}
	asOf := r.t.opt.Now()
	var p page
	now, err := r.t.send(ctx, "changed", "GET", list(q), nil, &p)
	if err != nil {
		return c, false, err
	}
	more = len(p.Issues) > 0 && p.Total > r.skip+len(p.Issues)
	if c.Seen, err = r.fresh(ctx, asOf, p.Issues); err != nil {
		return c, false, err
	}
	r.advance(p.Issues)
	if !more && now.After(r.read) {
		r.read = now
	}
	if r.read.IsZero() {
		r.read = time.Unix(0, 0) // an empty Redmine that does not tell the time
	}
	c.Cursor = cursorOf(r.read)
	return c, more, nil
}

// fresh are the tickets of ours among issues that no earlier page has shown so.
func (r *changing) fresh(ctx context.Context, asOf time.Time, issues []issue) ([]ticket.Seen, error) {
	var out []issue
	for _, is := range issues {
		if at, ok := r.shown[is.ID]; ok && at.Equal(is.Updated) {
			continue
		}
		r.shown[is.ID] = is.Updated
		if r.t.marks.read(is) != (ticket.Key{}) {
			out = append(out, is)
		}
	}
	return r.t.seen(ctx, "changed", asOf, out)
}

// advance lets the next page begin at the second in which this one ends.
func (r *changing) advance(issues []issue) {
	if len(issues) == 0 {
		return
	}
	last := issues[len(issues)-1].Updated
	if last.After(r.read) {
		r.read = last
	}
	if last.Equal(r.from) {
		r.skip += len(issues)
		return
	}
	r.from, r.skip = last, 0
}
