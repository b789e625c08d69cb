package jira

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"percolate/ticket"
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
// of all of them, while the next pages are read. The cursor moves with the last of them
// alone: pages are not in the order of changes, since that order changes while they are
// read.
func (t *Tracker) changed(ctx context.Context, since trackers.Cursor, last time.Time, yield func(trackers.Change, error) bool) error {
	begun := t.opt.Now()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	told := func() ([]ticket.Seen, error) { return nil, nil }
	defer func() { stop(); _, _ = told() }()
	var held []sight
	next := func() (more bool, err error) { // yields what was told, while the next is found out
		before := told
		told, held = t.telling(ctx, held), nil
		seen, err := before()
		return err == nil && (len(seen) == 0 || yield(trackers.Change{Seen: seen, Cursor: since}, nil)), err
	}
	for page, err := range t.sights(ctx, t.changedQuery(last, begun)) {
		if err != nil {
			return err
		}
		if len(held)+len(page) > logMax {
			if more, err := next(); !more {
				return err
			}
		}
		held = append(held, page...)
	}
	if more, err := next(); !more {
		return err
	}
	seen, err := told()
	if err != nil {
		return err
	}
	d, err := t.deployment(ctx, "changed")
	if err != nil {
		return err
	}
	cursor, err := t.leave(d, begun)
	if err == nil {
		yield(trackers.Change{Seen: seen, Cursor: cursor}, nil)
	}
	return err
}

// telling begins to find out who moved the tickets; the returned function waits for it.
func (t *Tracker) telling(ctx context.Context, held []sight) func() ([]ticket.Seen, error) {
	var seen []ticket.Seen
	var err error
	var group sync.WaitGroup
	group.Go(func() { seen, err = t.moved(ctx, held) })
	return func() ([]ticket.Seen, error) {
		group.Wait()
		return seen, err
	}
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
