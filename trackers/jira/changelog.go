package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"time"

	"percolate/trackers"
)

// changeLog is the change log of one issue, or a part of it, which the two ways to read
// it call by two names.
type changeLog struct {
	Issue     string   `json:"issueId"`
	Bulk      []change `json:"changeHistories"`
	Histories []change `json:"histories"`
	Total     int      `json:"total"`
}

// change is one entry of a change log.
type change struct {
	Author  user            `json:"author"`
	Created json.RawMessage `json:"created"`
	Items   []item          `json:"items"`
}

// item is a field that was changed.
type item struct {
	Field string `json:"field"`
	ID    string `json:"fieldId"`
}

// logged are the entries that tell of status or assignee.
func (t *Tracker) logged(log []change, ids fieldIDs) (all []act) {
	for _, c := range log {
		for _, it := range c.Items {
			if t.moves(it, ids) {
				all = append(all, act{c.Author, logInstant(c.Created)})
				break
			}
		}
	}
	return all
}

// moves reports whether a change of the field is movement.
func (t *Tracker) moves(it item, ids fieldIDs) bool {
	switch id := cmp.Or(it.ID, it.Field); {
	case id == "status", id == "assignee":
		return true
	case ids.Flag == "":
		return false
	default:
		return id == ids.Flag || strings.EqualFold(it.Field, t.opt.Flag)
	}
}

// logInstant reads a time of a change log: a text, or the milliseconds since 1970,
// which one page of Jira's documentation gives in seconds.
func logInstant(raw json.RawMessage) time.Time {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return instant(text)
	}
	const tooManySeconds = 1e11 // the year 5138, while so many milliseconds are 1973
	var n float64
	switch err := json.Unmarshal(raw, &n); {
	case err != nil || n <= 0:
		return time.Time{}
	case n < tooManySeconds:
		return time.Unix(int64(n), 0).UTC()
	}
	return time.UnixMilli(int64(n)).UTC()
}

// logMax is how many change logs one request reads, and logPage how many entries of
// them a page has.
const (
	logMax  = 1000
	logPage = 10000
)

// readLogs reads the change logs of at most logMax tickets of Cloud, whose search does
// not give them whole.
func (t *Tracker) readLogs(ctx context.Context, held []sight) error {
	kind, err := t.deployment(ctx, "changed")
	if err != nil || kind != Cloud {
		return err
	}
	ids, err := t.fieldIDs(ctx, "changed")
	if err != nil {
		return err
	}
	at := map[string]*sight{}
	in := map[string]any{"issueIdsOrKeys": refsOf(held), "fieldIds": movingFields(ids), "maxResults": logPage}
	for i := range held {
		at[string(held[i].Ref)] = &held[i]
	}
	tokens := map[string]bool{"": true}
	for range pageMax {
		var out struct {
			Logs  []changeLog `json:"issueChangeLogs"`
			Token string      `json:"nextPageToken"`
		}
		if err := t.read(ctx, "changed", "POST", "changelog/bulkfetch", in, &out); err != nil {
			return err
		}
		for _, log := range out.Logs {
			if s := at[log.Issue]; s != nil {
				s.acts = append(s.acts, t.logged(log.Bulk, ids)...)
			}
		}
		if tokens[out.Token] {
			for i := range held {
				held[i].logged = true
			}
			return nil
		}
		tokens[out.Token] = true
		in["nextPageToken"] = out.Token
	}
	return t.fail("changed", trackers.Internal, "the change logs have %d pages and do not end", pageMax)
}

// movingFields are the fields that the log is asked for, by id.
func movingFields(ids fieldIDs) []string {
	if ids.Flag != "" {
		return []string{"status", "assignee", ids.Flag}
	}
	return []string{"status", "assignee"}
}

func refsOf(held []sight) []string {
	refs := make([]string, len(held))
	for i, s := range held {
		refs[i] = string(s.Ref)
	}
	return refs
}
