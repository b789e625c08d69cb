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

// cursorPrefix names the form of the cursor, which holds when the last poll began by
// our clock; any other form reads everything.
const cursorPrefix = "1 "

// Changed asks by one query for what changed since the last poll began. It asks in
// minutes back from the server's now, because a time of day in a query means that of
// the zone in somebody's profile, and one hour of a year twice. Only differences of our
// clock count, so it need not agree with the server's.
func (t *Tracker) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) {
		begun := t.opt.Now()
		next := trackers.Cursor(cursorPrefix + begun.UTC().Format(time.RFC3339))
		var page []ticket.Seen
		started := false
		for p, err := range t.search(ctx, "changed", t.changedQuery(since, begun)) {
			if err != nil {
				yield(trackers.Change{}, t.plain("changed", err))
				return
			}
			// The cursor moves with the last page alone: pages are not in the order of changes,
			// since that order changes while they are read.
			if started && !yield(trackers.Change{Seen: page, Cursor: since}, nil) {
				return
			}
			page, started = ours(p), true
		}
		yield(trackers.Change{Seen: page, Cursor: next}, nil)
	}
}

func (t *Tracker) changedQuery(since trackers.Cursor, now time.Time) string {
	jql := "labels = " + quote(t.marks.all())
	if text, ok := strings.CutPrefix(string(since), cursorPrefix); ok {
		if last, err := time.Parse(time.RFC3339, text); err == nil {
			// A clock that was set back may have missed as much as it went.
			back := now.Sub(last).Abs() + max(overlap, t.opt.FindLag) + time.Minute
			jql += fmt.Sprintf(` AND updated >= "-%dm"`, int(back.Minutes())+1)
		}
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
