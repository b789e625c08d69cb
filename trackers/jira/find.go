package jira

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"percolate/ticket"
)

// findDocuments is how many documents one search asks for.
const findDocuments = 50

// Find searches by the labels of markers. For single documents, which is how the
// tickets of an unknown create are looked for, it also reads the newest issues of the
// project by their keys: that sees what the search of Cloud does not know yet.
func (t *Tracker) Find(ctx context.Context, documents []string) iter.Seq2[ticket.Seen, error] {
	return func(yield func(ticket.Seen, error) bool) {
		done := map[ticket.Ref]bool{}
		for page, err := range t.finds(ctx, documents) {
			if err != nil {
				yield(ticket.Seen{}, t.plain("find", err))
				return
			}
			for _, s := range page {
				if done[s.Ref] || s.Key == (ticket.Key{}) || len(documents) > 0 && !slices.Contains(documents, s.Key.Document) {
					continue
				}
				done[s.Ref] = true
				if !yield(s, nil) {
					return
				}
			}
		}
	}
}

func (t *Tracker) finds(ctx context.Context, documents []string) iter.Seq2[[]ticket.Seen, error] {
	return func(yield func([]ticket.Seen, error) bool) {
		for _, jql := range t.findQueries(documents) {
			for page, err := range t.search(ctx, "find", jql) {
				if !yield(page, err) || err != nil {
					return
				}
			}
		}
		if len(documents) == 0 {
			return
		}
		for page, err := range t.probe(ctx) {
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// findQueries looks in all projects, since tickets move.
func (t *Tracker) findQueries(documents []string) []string {
	if len(documents) == 0 {
		return []string{"labels = " + quote(t.marks.all()) + " ORDER BY key ASC"}
	}
	var all []string
	for part := range slices.Chunk(documents, findDocuments) {
		var labels []string
		for _, d := range part {
			labels = append(labels, quote(t.marks.document(d)))
		}
		all = append(all, "labels in ("+strings.Join(labels, ", ")+") ORDER BY key ASC")
	}
	return all
}

// probeMax bounds how many bulk reads one probe makes.
const probeMax = 10

// probe reads the issues round the newest of each project that the search knows, by
// key. Keys only grow, and a bulk read sees issues themselves and not the index, so
// what was just created is among them.
func (t *Tracker) probe(ctx context.Context) iter.Seq2[[]ticket.Seen, error] {
	return func(yield func([]ticket.Seen, error) bool) {
		kind, err := t.deployment(ctx, "find")
		if err != nil {
			yield(nil, err)
			return
		}
		if kind != Cloud {
			return
		}
		for _, project := range t.projects() {
			for page, err := range t.probeProject(ctx, project) {
				if !yield(page, err) || err != nil {
					return
				}
			}
		}
	}
}

func (t *Tracker) probeProject(ctx context.Context, project string) iter.Seq2[[]ticket.Seen, error] {
	return func(yield func([]ticket.Seen, error) bool) {
		top, err := t.newest(ctx, project)
		if err != nil {
			yield(nil, err)
			return
		}
		from := max(top-fetchMax+1, 1)
		for range probeMax {
			page, err := t.bulkFetch(ctx, "find", keysFrom(project, from))
			if !yield(page, err) || err != nil || len(page) == 0 && from > top {
				return
			}
			from += fetchMax
		}
	}
}

func keysFrom(project string, n int) []string {
	keys := make([]string, fetchMax)
	for i := range keys {
		keys[i] = project + "-" + strconv.Itoa(n+i)
	}
	return keys
}

// newest is the highest number in the project that we or the search know of.
func (t *Tracker) newest(ctx context.Context, project string) (int, error) {
	for page, err := range t.pages(ctx, "find", query{jql: "project = " + quote(project) + " ORDER BY key DESC", shown: []string{"summary"}}) {
		if err != nil {
			return 0, err
		}
		for _, is := range page {
			t.note(is.Key)
		}
		break
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.highest[project], nil
}

// note remembers the highest number that we saw in each project where we file.
func (t *Tracker) note(key string) {
	project, n := splitKey(key)
	if !slices.Contains(t.projects(), project) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.highest[project] = max(t.highest[project], n)
}

// splitKey is the project of a key, and its number there.
func splitKey(key string) (project string, n int) {
	i := strings.LastIndexByte(key, '-')
	if i < 0 {
		return "", 0
	}
	n, _ = strconv.Atoi(key[i+1:])
	return key[:i], n
}
