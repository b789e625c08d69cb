package jiratest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Change is one entry of an issue's change log.
type Change struct {
	ID     int64
	Author string // "" for what nobody did
	At     time.Time
	Items  []Item
}

// Item is one field that an entry of the change log tells of, by id.
type Item struct{ Field, From, To string }

// edited notes in the change log what an edit changed, if anything.
func (s *Server) edited(i *Issue, before Issue, author string) {
	s.touch(i)
	if items := differences(s.logged(&before), s.logged(i)); len(items) > 0 {
		i.Changes = append(i.Changes, Change{ID: s.next(), Author: author, At: i.Updated, Items: items})
	}
}

// logged are the values that the change log tells of, by field.
func (s *Server) logged(i *Issue) map[string]string {
	flag := ""
	if i.Flagged {
		flag = "Impediment"
	}
	return map[string]string{
		"summary": i.Summary, "description": i.Description, "labels": strings.Join(i.Labels, " "), "priority": i.Priority,
		"duedate": i.Due, "assignee": i.Assignee, "parent": strconv.FormatInt(i.Parent, 10), fieldEpicLink: i.EpicLink,
		"status": i.Status, "resolution": i.Resolution, "issuetype": i.Type, fieldFlagged: flag, "Key": i.Key,
	}
}

func differences(before, after map[string]string) (items []Item) {
	for field, to := range after {
		if from := before[field]; from != to {
			items = append(items, Item{field, from, to})
		}
	}
	slices.SortFunc(items, func(a, b Item) int { return strings.Compare(a.Field, b.Field) })
	return items
}

// showChange is an entry as an answer holds it, with the items of some fields.
func (s *Server) showChange(c Change, fields []string) map[string]any {
	items := []any{}
	for _, it := range c.Items {
		if len(fields) > 0 && !slices.Contains(fields, it.Field) {
			continue
		}
		v := map[string]any{"field": it.Field, "fieldId": it.Field, "fieldtype": "jira"}
		for name, text := range map[string]string{"from": it.From, "to": it.To} {
			if text != "" {
				v[name], v[name+"String"] = text, text
			}
		}
		items = append(items, v)
	}
	out := map[string]any{"id": strconv.FormatInt(c.ID, 10), "created": s.logTime(c.At), "items": items}
	if author := s.user(c.Author); author != nil {
		out["author"] = author
	}
	return out
}

// logTime is an instant as the change log writes it. The bulk read of Cloud is
// described to give texts and shown to give numbers, so it can do both.
func (s *Server) logTime(at time.Time) any {
	switch {
	case s.opt.DataCenter:
		return s.stamp(at)
	case s.faults.EpochLog:
		return at.UnixMilli()
	}
	return at.In(s.opt.Zone).Format("2006-01-02T15:04:05.000Z07:00")
}

// wholeLog is the change log of an issue as Data Center's search has it.
func (s *Server) wholeLog(i *Issue) map[string]any {
	all := []any{}
	for _, c := range i.Changes {
		all = append(all, s.showChange(c, nil))
	}
	return map[string]any{"startAt": 0, "maxResults": len(all), "total": len(all), "histories": all}
}

// The bounds of a bulk read of change logs.
const (
	logIssuesMax  = 1000
	logFieldsMax  = 10
	logEntriesMax = 10000
)

// bulkLog reads the change logs of several issues, the oldest entry first and each
// issue's together.
func (s *Server) bulkLog(c *call) answer {
	if s.opt.DataCenter || s.faults.NoLog {
		return failed(404, "null for uri: "+c.req.URL.Path)
	}
	var in struct {
		Issues []string `json:"issueIdsOrKeys"`
		Fields []string `json:"fieldIds"`
		Max    *int     `json:"maxResults"`
		Token  string   `json:"nextPageToken"`
	}
	if err := strict(c.body, &in); err != nil {
		return failed(400, err.Error())
	}
	size := 1000
	if in.Max != nil {
		size = *in.Max
	}
	if len(in.Issues) == 0 || len(in.Issues) > logIssuesMax || len(in.Fields) > logFieldsMax || size < 1 || size > logEntriesMax {
		return failed(400, "The number of issues must be between 1 and 1000, of fields at most 10, and maxResults between 1 and 10000.")
	}
	if s.faults.PageMax > 0 {
		size = min(size, s.faults.PageMax)
	}
	start, ok := fromToken(in.Token)
	if !ok {
		return failed(400, "The provided next page token is invalid or expired.")
	}
	all := s.entries(in.Issues, in.Fields)
	start = min(start, len(all))
	end := min(start+size, len(all))
	body := map[string]any{"issueChangeLogs": s.byIssue(all[start:end], in.Fields)}
	switch {
	case end < len(all):
		body["nextPageToken"] = token(end)
	case s.faults.Loop && len(all) > 0:
		body["nextPageToken"] = token(start)
	}
	return answer{status: 200, body: body}
}

// entry is one entry of the log of one issue.
type entry struct {
	issue int64
	Change
}

func (s *Server) entries(refs, fields []string) (all []entry) {
	seen := map[int64]bool{}
	for _, ref := range refs {
		i := s.find(ref)
		if i == nil || seen[i.ID] {
			continue
		}
		seen[i.ID] = true
		for _, c := range i.Changes {
			if len(fields) == 0 || slices.ContainsFunc(c.Items, func(it Item) bool { return slices.Contains(fields, it.Field) }) {
				all = append(all, entry{i.ID, c})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.issue, b.issue)) })
	return all
}

func (s *Server) byIssue(all []entry, fields []string) []any {
	out, at := []any{}, map[int64]map[string]any{}
	for _, e := range all {
		if at[e.issue] == nil {
			at[e.issue] = map[string]any{"issueId": strconv.FormatInt(e.issue, 10), "changeHistories": []any{}}
			out = append(out, at[e.issue])
		}
		at[e.issue]["changeHistories"] = append(at[e.issue]["changeHistories"].([]any), s.showChange(e.Change, fields))
	}
	return out
}
