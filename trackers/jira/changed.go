package jira

import (
	"context"
	"fmt"
	"iter"
	"time"

	"percolate/trackers"
)

// overlap is how far a poll looks back beyond the last one at least: the index lags,
// and times in queries are cut to the minute.
const overlap = 5 * time.Minute

// Changed asks by one query for what changed since the last poll began. It asks in
// minutes back from the server's now, because a time of day in a query means that of
// the zone in somebody's profile, and one hour of a year twice. Only differences of our
// clock count, so it need not agree with the server's.
func (t *Tracker) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) {
		c := readCursor(since)
		recalled := t.recall(c)
		err := t.changed(ctx, since, c.Last, yield)
		if recalled && trackers.CodeOf(err) == trackers.NotFound { // the site moved to Cloud, or back
			t.forget()
			err = t.changed(ctx, since, c.Last, yield)
		}
		if err != nil {
			yield(trackers.Change{}, t.plain("changed", err))
		}
	}
}

// changed yields the tickets, many at once, so that one request tells of the movement
// of all of them. The cursor moves with the last of them alone: pages are not in the
// order of changes, since that order changes while they are read.
func (t *Tracker) changed(ctx context.Context, since trackers.Cursor, last time.Time, yield func(trackers.Change, error) bool) error {
	begun := t.opt.Now()
	var held []sight
	for page, err := range t.sights(ctx, t.changedQuery(last, begun)) {
		if err != nil {
			return err
		}
		if len(held)+len(page) > logMax {
			seen, err := t.moved(ctx, held)
			if err != nil || !yield(trackers.Change{Seen: seen, Cursor: since}, nil) {
				return err
			}
			held = nil
		}
		held = append(held, page...)
	}
	seen, err := t.moved(ctx, held)
	if err != nil {
		return err
	}
	d, err := t.deployment(ctx, "changed")
	if err != nil {
		return err
	}
	next, err := t.leave(d, begun)
	if err == nil {
		yield(trackers.Change{Seen: seen, Cursor: next}, nil)
	}
	return err
}

func (t *Tracker) changedQuery(last, now time.Time) string {
	jql := "labels = " + quote(t.marks.all())
	if !last.IsZero() {
		// A clock that was set back may have missed as much as it went.
		back := now.Sub(last).Abs() + max(overlap, t.opt.FindLag) + time.Minute
		jql += fmt.Sprintf(` AND updated >= "-%dm"`, int(back.Minutes())+1)
	}
	return jql + " ORDER BY key ASC"
}
