package jira

import (
	"strings"
	"time"

	"percolate/trackers"
)

// cursorForm names the form of the cursor; any other form reads everything.
const cursorForm = "1"

// meLast is how long a cursor is believed about our account: tokens are replaced, now
// and then by those of another account.
const meLast = 24 * time.Hour

// cursor is what one poll leaves to the next: when it began by our clock and, so that a
// new process need not ask, which Jira it talked to and as whom.
type cursor struct {
	deployment Deployment
	last       time.Time
	asked      time.Time // when the account was asked for; zero for never
	me         string
}

func readCursor(c trackers.Cursor) cursor {
	parts := append(strings.SplitN(string(c), " ", 5), "", "", "", "")
	last, err := time.Parse(time.RFC3339, parts[2])
	if parts[0] != cursorForm || err != nil {
		return cursor{}
	}
	asked, err := time.Parse(time.RFC3339, parts[3])
	if err != nil {
		return cursor{deployment: Deployment(parts[1]), last: last}
	}
	return cursor{Deployment(parts[1]), last, asked, parts[4]}
}

func (c cursor) text() trackers.Cursor {
	text := cursorForm + " " + string(c.deployment) + " " + c.last.UTC().Format(time.RFC3339)
	if c.me != "" {
		text += " " + c.asked.UTC().Format(time.RFC3339) + " " + c.me
	}
	return trackers.Cursor(text)
}

// recall takes over from a cursor what is not known yet, and reports whether the
// deployment was among that.
func (t *Tracker) recall(c cursor) bool {
	t.learning.Lock()
	defer t.learning.Unlock()
	if t.facts.me == "" && t.opt.Now().Sub(c.asked) < meLast {
		t.facts.me, t.facts.asked = c.me, c.asked
	}
	if t.opt.Deployment != Auto || t.facts.deployment != Auto || c.deployment != Cloud && c.deployment != DataCenter {
		return false
	}
	t.facts.deployment = c.deployment
	return true
}

// leave is the cursor of a poll that began at the given time.
func (t *Tracker) leave(d Deployment, begun time.Time) trackers.Cursor {
	t.learning.Lock()
	defer t.learning.Unlock()
	return cursor{d, begun, t.facts.asked, t.facts.me}.text()
}
