package jira

import (
	"encoding/json"
	"time"

	"percolate/trackers"
)

// cursorForm is the form of the cursor; one of any other form reads everything.
const cursorForm = 2

// recallLast is how long a cursor is believed about what it recalls besides the
// deployment: tokens are replaced, now and then by those of another account.
const recallLast = 24 * time.Hour

// cursor is what one poll leaves to the next: when it began by our clock and, so that a
// new process need not ask, which Jira it talked to and as whom.
type cursor struct {
	Form       int        `json:"form"`
	Last       time.Time  `json:"last"`
	Deployment Deployment `json:"deployment"`
	Me         string     `json:"me,omitempty"`
	Flag       string     `json:"flag,omitempty"` // the configured one that Fields belong to
	Fields     *fieldIDs  `json:"fields,omitempty"`
	Asked      time.Time  `json:"asked,omitzero"` // when the oldest of these was
}

func readCursor(text trackers.Cursor) cursor {
	var c cursor
	if json.Unmarshal([]byte(text), &c) != nil || c.Form != cursorForm {
		return cursor{}
	}
	return c
}

// recall takes over from a cursor what is not known yet, and reports whether the
// deployment was among that.
func (t *Tracker) recall(c cursor) bool {
	t.learning.Lock()
	defer t.learning.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.facts.asked.IsZero() && t.opt.Now().Sub(c.Asked) < recallLast {
		t.facts.me, t.facts.asked = c.Me, c.Asked
		if c.Flag == t.opt.Flag {
			t.facts.ids = c.Fields
		}
	}
	if t.opt.Deployment != Auto || t.facts.deployment != Auto || c.Deployment != Cloud && c.Deployment != DataCenter {
		return false
	}
	t.facts.deployment = c.Deployment
	return true
}

// leave is the cursor of a poll that began at the given time.
func (t *Tracker) leave(d Deployment, begun time.Time) (trackers.Cursor, error) {
	f := t.believed()
	text, err := json.Marshal(cursor{cursorForm, begun.UTC(), d, f.me, t.opt.Flag, f.ids, f.asked.UTC()})
	return trackers.Cursor(text), err
}
