package jira

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

// fetchMax is how many issues one bulk read takes.
const fetchMax = 100

// shownFields are the fields that a ticket is made of.
func (t *Tracker) shownFields(ctx context.Context, op string) ([]string, error) {
	ids, err := t.fieldIDs(ctx, op)
	if err != nil {
		return nil, err
	}
	names := []string{"summary", "description", "labels", "priority", "duedate", "assignee", "status", "resolution", "issuetype", "updated"}
	if t.opt.Hierarchy == Link {
		names = append(names, "issuelinks")
	} else {
		names = append(names, "parent")
	}
	for _, id := range []string{ids.Flag, ids.EpicLink} {
		if id != "" {
			names = append(names, id)
		}
	}
	return names, nil
}

// Get reads tickets by id or key. What a bulk read leaves out is looked at once more.
func (t *Tracker) Get(ctx context.Context, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	got, err := t.get(ctx, "get", refs)
	return got, t.plain("get", err)
}

func (t *Tracker) get(ctx context.Context, op string, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	got := map[ticket.Ref]ticket.Seen{}
	for part := range slices.Chunk(refs, fetchMax) {
		if err := t.fetch(ctx, op, part, got); err != nil {
			return nil, err
		}
		left := slices.DeleteFunc(slices.Clone(part), func(r ticket.Ref) bool { _, ok := got[r]; return ok })
		if len(left) == 0 {
			continue
		}
		if err := t.again(ctx, op, left, got); err != nil {
			return nil, err
		}
	}
	return got, nil
}

// again looks at what a bulk read left out. A bulk answer does not tell which key it
// found under a former one, so keys are read one by one.
func (t *Tracker) again(ctx context.Context, op string, left []ticket.Ref, got map[ticket.Ref]ticket.Seen) error {
	kind, err := t.deployment(ctx, op)
	if err != nil {
		return err
	}
	var ids []ticket.Ref
	for _, ref := range left {
		if _, err := strconv.ParseInt(string(ref), 10, 64); err == nil && kind == Cloud {
			ids = append(ids, ref)
			continue
		}
		s, err := t.one(ctx, op, ref)
		if trackers.CodeOf(err) == trackers.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		got[ref] = s
	}
	if len(ids) == 0 {
		return nil
	}
	return t.fetch(ctx, op, ids, got)
}

// fetch reads at most fetchMax issues in one request.
func (t *Tracker) fetch(ctx context.Context, op string, refs []ticket.Ref, got map[ticket.Ref]ticket.Seen) error {
	kind, err := t.deployment(ctx, op)
	if err != nil {
		return err
	}
	names := make([]string, len(refs))
	for i, r := range refs {
		names[i] = string(r)
	}
	var tickets []ticket.Seen
	if kind == Cloud {
		tickets, err = t.bulkFetch(ctx, op, names)
	} else {
		tickets, err = t.byQuery(ctx, op, names)
	}
	for _, s := range tickets {
		for _, ref := range refs {
			if ref == s.Ref || strings.EqualFold(string(ref), s.Name) {
				got[ref] = s
			}
		}
	}
	return err
}

func (t *Tracker) bulkFetch(ctx context.Context, op string, names []string) ([]ticket.Seen, error) {
	shown, err := t.shownFields(ctx, op)
	if err != nil {
		return nil, err
	}
	in := map[string]any{"issueIdsOrKeys": names, "fields": shown, "properties": []string{property}}
	var out struct {
		Issues []issue `json:"issues"`
	}
	asOf := t.opt.Now()
	if err := t.read(ctx, op, "POST", "issue/bulkfetch", in, &out); err != nil {
		return nil, err
	}
	return t.seen(ctx, op, asOf, out.Issues)
}

// byQuery reads issues by Data Center's search, which takes their values from the
// database; only which issues there are comes from the index.
func (t *Tracker) byQuery(ctx context.Context, op string, names []string) ([]ticket.Seen, error) {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	var all []ticket.Seen
	for page, err := range t.search(ctx, op, "id in ("+strings.Join(quoted, ", ")+")") {
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
	}
	return all, nil
}

// one reads one issue itself.
func (t *Tracker) one(ctx context.Context, op string, ref ticket.Ref) (ticket.Seen, error) {
	shown, err := t.shownFields(ctx, op)
	if err != nil {
		return ticket.Seen{}, err
	}
	var is issue
	asOf := t.opt.Now()
	path := fmt.Sprintf("issue/%s?fields=%s&properties=%s", url.PathEscape(string(ref)), url.QueryEscape(strings.Join(shown, ",")), property)
	if err := t.read(ctx, op, "GET", path, nil, &is); err != nil {
		return ticket.Seen{}, err
	}
	all, err := t.seen(ctx, op, asOf, []issue{is})
	if err != nil {
		return ticket.Seen{}, err
	}
	return all[0], nil
}

// resolveEpics learns the ids of epics that we know by key only.
func (t *Tracker) resolveEpics(ctx context.Context, op string, keys []string) error {
	var ask []string
	for _, k := range keys {
		if k != "" && t.idOf(k) == "" && !slices.Contains(ask, quote(k)) {
			ask = append(ask, quote(k))
		}
	}
	for part := range slices.Chunk(ask, fetchMax) {
		for page, err := range t.pages(ctx, op, query{jql: "id in (" + strings.Join(part, ", ") + ")", shown: []string{"summary"}}) {
			if err != nil {
				return err
			}
			for _, is := range page {
				t.keep(is.Key, is.ID)
			}
		}
	}
	return nil
}

// keep remembers which key leads to which issue, of issues that others may be below: of
// all there may be too many. A key is never given out again, and an issue's key changes
// when it moves.
func (t *Tracker) keep(key, id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ids[key], t.keys[ticket.Ref(id)] = ticket.Ref(id), key
}

func (t *Tracker) idOf(key string) ticket.Ref {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ids[key]
}

// search yields the tickets that a query finds, page by page and each once.
func (t *Tracker) search(ctx context.Context, op, jql string) iter.Seq2[[]ticket.Seen, error] {
	return func(yield func([]ticket.Seen, error) bool) {
		shown, err := t.shownFields(ctx, op)
		if err != nil {
			yield(nil, err)
			return
		}
		asOf := t.opt.Now()
		for page, err := range t.pages(ctx, op, query{jql: jql, shown: shown}) {
			var tickets []ticket.Seen
			if err == nil {
				tickets, err = t.seen(ctx, op, asOf, page)
			}
			if !yield(tickets, err) || err != nil {
				return
			}
			asOf = t.opt.Now()
		}
	}
}

// quote is text as a string of JQL.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
