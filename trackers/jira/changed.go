package jira

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// overlap is how far a poll looks back beyond the last one at least: the index lags,
// and times in queries are cut to the minute.
const overlap = 5 * time.Minute

// cursorPrefix names the form of the cursor; any other form reads everything. A cursor
// holds the deployment, so that a new process need not ask for it, and when the last
// poll began by our clock.
const cursorPrefix = "1 "

func readCursor(c trackers.Cursor) (d Deployment, last time.Time) {
	text, ok := strings.CutPrefix(string(c), cursorPrefix)
	name, stamp, _ := strings.Cut(text, " ")
	last, err := time.Parse(time.RFC3339, stamp)
	if !ok || err != nil {
		return Auto, time.Time{}
	}
	return Deployment(name), last
}

// Changed asks by one query for what changed since the last poll began. It asks in
// minutes back from the server's now, because a time of day in a query means that of
// the zone in somebody's profile, and one hour of a year twice. Only differences of our
// clock count, so it need not agree with the server's.
func (t *Tracker) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) {
		d, last := readCursor(since)
		recalled := t.recall(d)
		err := t.changed(ctx, since, last, yield)
		if recalled && trackers.CodeOf(err) == trackers.NotFound { // the site moved to Cloud, or back
			t.forget()
			err = t.changed(ctx, since, last, yield)
		}
		if err != nil {
			yield(trackers.Change{}, t.plain("changed", err))
		}
	}
}

// changed yields the pages. The cursor moves with the last one alone: pages are not in
// the order of changes, since that order changes while they are read.
func (t *Tracker) changed(ctx context.Context, since trackers.Cursor, last time.Time, yield func(trackers.Change, error) bool) error {
	begun := t.opt.Now()
	var page []ticket.Seen
	started := false
	for p, err := range t.search(ctx, "changed", t.changedQuery(last, begun)) {
		if err != nil {
			return err
		}
		if started && !yield(trackers.Change{Seen: page, Cursor: since}, nil) {
			return nil
		}
		page, started = ours(p), true
	}
	d, err := t.deployment(ctx, "changed")
	if err != nil {
		return err
	}
	yield(trackers.Change{Seen: page, Cursor: trackers.Cursor(cursorPrefix + string(d) + " " + begun.UTC().Format(time.RFC3339))}, nil)
	return nil
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

// ours leaves out tickets without a whole marker.
func ours(page []ticket.Seen) []ticket.Seen {
	var out []ticket.Seen
	for _, s := range page {
		if s.Key != (ticket.Key{}) {
			out = append(out, s)
		}
	}
	return out
}
