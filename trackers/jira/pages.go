package jira

import (
	"context"
	"iter"

	"percolate/trackers"
)

// pageSize is how many issues a page is asked to have; servers may give fewer.
const pageSize = 100

// pageMax bounds a search whose pages do not end.
const pageMax = 2000

// query is what a search asks for.
type query struct {
	jql   string
	shown []string // fields
	log   bool     // with the change logs, where the search gives them
}

// pages yields what a query finds, each issue once. The first page is yielded even when
// it is empty.
func (t *Tracker) pages(ctx context.Context, op string, q query) iter.Seq2[[]issue, error] {
	return func(yield func([]issue, error) bool) {
		kind, err := t.deployment(ctx, op)
		if err != nil {
			yield(nil, err)
			return
		}
		s := searching{t: t, op: op, query: q, seen: map[string]bool{}, tokens: map[string]bool{}}
		next := s.cloud
		if kind == DataCenter {
			next = s.dataCenter
		}
		for range pageMax {
			page, more, err := next(ctx)
			if !yield(s.fresh(page), err) || err != nil || !more {
				return
			}
		}
		yield(nil, t.fail(op, trackers.Internal, "the search gave %d pages and did not end", pageMax))
	}
}

// searching is one search under way.
type searching struct {
	query
	t      *Tracker
	op     string
	seen   map[string]bool // ids
	token  string
	tokens map[string]bool
	start  int
	total  int
	anew   int // how often it began anew
}

// fresh leaves out what was on an earlier page.
func (s *searching) fresh(page []issue) []issue {
	out := page[:0]
	for _, is := range page {
		if !s.seen[is.ID] {
			s.seen[is.ID] = true
			out = append(out, is)
		}
	}
	return out
}

// cloud reads the next page by token. The last page has none, and where one repeats,
// or a page is empty, there is nothing more to learn either.
func (s *searching) cloud(ctx context.Context) (page []issue, more bool, err error) {
	in := map[string]any{"jql": s.jql, "maxResults": pageSize, "fields": s.shown, "properties": []string{property}}
	if s.token != "" {
		in["nextPageToken"] = s.token
	}
	var out struct {
		Issues []issue `json:"issues"`
		Token  string  `json:"nextPageToken"`
		Last   bool    `json:"isLast"`
	}
	if err := s.t.read(ctx, s.op, "POST", "search/jql", in, &out); err != nil {
		return nil, false, err
	}
	more = out.Token != "" && !out.Last && len(out.Issues) > 0 && !s.tokens[out.Token]
	s.token, s.tokens[out.Token] = out.Token, true
	return out.Issues, more, nil
}

// dataCenter reads the next page by number. When the search shrank meanwhile, later
// issues moved to pages that were read already, so it begins anew.
func (s *searching) dataCenter(ctx context.Context) (page []issue, more bool, err error) {
	in := map[string]any{"jql": s.jql, "startAt": s.start, "maxResults": pageSize, "fields": s.shown, "validateQuery": false}
	if s.log {
		in["expand"] = []string{"changelog"}
	}
	var out struct {
		Issues []issue `json:"issues"`
		Total  int     `json:"total"`
	}
	if err := s.t.read(ctx, s.op, "POST", "search", in, &out); err != nil {
		return nil, false, err
	}
	if out.Total < s.total && s.anew < 3 {
		s.anew++
		s.start, s.total = 0, 0
		return nil, true, nil
	}
	s.total = out.Total
	s.start += len(out.Issues)
	return out.Issues, len(out.Issues) > 0 && s.start < out.Total, nil
}
