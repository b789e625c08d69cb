package redmine

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

// pageSize is how many issues Redmine gives at once, and the most that it does.
const pageSize = 100

// Get reads tickets by number, 100 in a request.
func (t *Tracker) Get(ctx context.Context, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	got := map[ticket.Ref]ticket.Seen{}
	for part := range slices.Chunk(refs, pageSize) {
		var numbers []string
		for _, r := range part {
			if _, err := strconv.Atoi(string(r)); err == nil {
				numbers = append(numbers, string(r))
			}
		}
		if len(numbers) == 0 {
			continue
		}
		asOf := t.opt.Now()
		var p page
		q := url.Values{"issue_id": {strings.Join(numbers, ",")}}
		if err := t.read(ctx, "get", list(q), &p); err != nil {
			return nil, t.plain("get", err)
		}
		tickets, err := t.seen(ctx, "get", asOf, p.Issues)
		if err != nil {
			return nil, t.plain("get", err)
		}
		for _, s := range tickets {
			if slices.Contains(part, s.Ref) { // a filter that Redmine does not know would give everything
				got[s.Ref] = s
			}
		}
	}
	return got, nil
}

// list is the path of a list of issues, open and closed ones of all projects. Without
// set_filter an administrator's default query may be mixed in.
func list(q url.Values) string {
	q.Set("set_filter", "1")
	q.Set("status_id", "*")
	q.Set("limit", strconv.Itoa(pageSize))
	return "/issues.json?" + q.Encode()
}

// Find asks by marker: one query for each document, or one for all of ours.
func (t *Tracker) Find(ctx context.Context, documents []string) iter.Seq2[ticket.Seen, error] {
	return func(yield func(ticket.Seen, error) bool) {
		texts := []string{t.marks.all()}
		if len(documents) > 0 {
			texts = texts[:0]
			for _, d := range documents {
				texts = append(texts, t.marks.document(d))
			}
		}
		for _, text := range slices.Compact(slices.Sorted(slices.Values(texts))) {
			for s, err := range t.marked(ctx, "find", text) {
				if !yield(s, t.plain("find", err)) || err != nil {
					return
				}
			}
		}
	}
}

// marked yields the tickets whose marker begins with a text. Redmine compares without
// case and anywhere in the text, so what it finds is looked at. Pages go by number, so
// that none is left out when an earlier one is deleted meanwhile.
func (t *Tracker) marked(ctx context.Context, op, text string) iter.Seq2[ticket.Seen, error] {
	return func(yield func(ticket.Seen, error) bool) {
		name, value := t.marks.filter(text)
		for from := 1; ; {
			q := url.Values{name: {value}, "issue_id": {fmt.Sprintf(">=%d", from)}, "sort": {"id"}}
			asOf := t.opt.Now()
			var p page
			err := t.read(ctx, op, list(q), &p)
			var tickets []ticket.Seen
			if err == nil {
				tickets, err = t.seen(ctx, op, asOf, p.Issues)
			}
			if err == nil && len(p.Issues) > 0 && !t.filtered(p.Issues, text) {
				err = t.unfiltered(op)
			}
			if err != nil {
				yield(ticket.Seen{}, err)
				return
			}
			for _, s := range tickets {
				if s.Key != (ticket.Key{}) && strings.HasPrefix(t.marks.text(s.Key), text) && !yield(s, nil) {
					return
				}
			}
			if len(p.Issues) == 0 || p.Total <= len(p.Issues) {
				return
			}
			from = p.Issues[len(p.Issues)-1].ID + 1
		}
	}
}

// filtered reports whether issues look as if Redmine had filtered them.
func (t *Tracker) filtered(issues []issue, text string) bool {
	return slices.ContainsFunc(issues, func(is issue) bool {
		have := is.Description
		if t.marks.field != 0 {
			have = is.field(t.marks.field)
		}
		return strings.Contains(strings.ToLower(have), strings.ToLower(text))
	})
}

func (t *Tracker) unfiltered(op string) error {
	return t.fail(op, trackers.Invalid, "Redmine does not filter by custom field %d; an administrator must make it a filter, for all projects", t.marks.field)
}

// one reads one issue itself, with what else is asked for.
func (t *Tracker) one(ctx context.Context, op string, ref ticket.Ref, include string) (issue, error) {
	var out one
	path := "/issues/" + url.PathEscape(string(ref)) + ".json"
	if include != "" {
		path += "?include=" + include
	}
	return out.Issue, t.read(ctx, op, path, &out)
}
