package rally

import (
	"context"
	"iter"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// overlap is how far a poll looks back behind the last one: a write gets the time when
// it begins and is seen when it ends, and Rally lets one work for five minutes.
const overlap = 6 * time.Minute

// cursorPrefix names the form of the cursor; any other form reads everything. A cursor
// holds the zone of the workspace, so that a new process need not ask for it, and the
// server's clock when the last poll began.
const cursorPrefix = "1 "

func readCursor(c trackers.Cursor) (zone string, last time.Time) {
	text, ok := strings.CutPrefix(string(c), cursorPrefix)
	zone, stamp, _ := strings.Cut(text, " ")
	last, err := time.Parse(time.RFC3339, stamp)
	if !ok || err != nil {
		return "", time.Time{}
	}
	return zone, last
}

// Changed asks by one query over both types for what changed since the last poll began,
// by the server's clock, and so whatever ours says.
func (t *Tracker) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) {
		zone, last := readCursor(since)
		t.recall(zone)
		if err := t.changed(ctx, since, last, yield); err != nil {
			yield(trackers.Change{}, t.plain("changed", err))
		}
	}
}

// changed yields the pages. The cursor moves with the last one alone: pages are in the
// order of object ids and not of changes, since that order changes while they are read.
func (t *Tracker) changed(ctx context.Context, since trackers.Cursor, last time.Time, yield func(trackers.Change, error) bool) error {
	q := t.marks.ours()
	if !last.IsZero() {
		q = is("LastUpdateDate", ">=", last.Add(-overlap)).and(q)
	}
	var server time.Time
	var waiting []ticket.Seen
	first := true
	asOf := t.opt.Now()
	for p, err := range t.artifacts(ctx, "changed", q) {
		if err != nil {
			return err
		}
		zone, err := t.zoneFor(ctx, "changed", p.artifacts)
		if err != nil {
			return err
		}
		if first {
			server = t.serverTime(p.envelope, asOf)
		} else if !yield(trackers.Change{Seen: waiting, Cursor: since}, nil) {
			return nil
		}
		waiting, first = marked(t.seen(p.artifacts, zone, asOf)), false
		asOf = t.opt.Now()
	}
	yield(trackers.Change{Seen: waiting, Cursor: t.cursor(server)}, nil)
	return nil
}

// serverTime is the server's clock when it answered; ours where it does not tell.
func (t *Tracker) serverTime(e envelope, ours time.Time) time.Time {
	if e.server.IsZero() {
		return ours
	}
	return e.server
}

func (t *Tracker) cursor(server time.Time) trackers.Cursor {
	zone := "-"
	if known := t.zoned.known(); known != nil {
		zone = known.String()
	}
	return trackers.Cursor(cursorPrefix + zone + " " + server.UTC().Format(time.RFC3339))
}

// marked leaves out tickets without a whole marker.
func marked(all []ticket.Seen) []ticket.Seen {
	var out []ticket.Seen
	for _, s := range all {
		if s.Key != (ticket.Key{}) {
			out = append(out, s)
		}
	}
	return out
}
