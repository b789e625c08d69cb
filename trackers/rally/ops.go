package rally

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"

	"percolate/trackers"
)

// search is what is asked of all objects of a type.
type search struct {
	typ     string // "artifact", "tag", "user"
	query   query
	fetch   string
	order   string
	project string // an object id, or everywhere
	size    int    // of a page; pageSize when 0
	more    url.Values
}

// find makes one query and returns its first page, with how many there are in all.
func (t *Tracker) find(ctx context.Context, op string, s search) (envelope, error) {
	params := url.Values{"fetch": {s.fetch}, "start": {"1"}, "pagesize": {strconv.Itoa(pageSize)}}
	for name, values := range s.more {
		params[name] = values
	}
	if s.size > 0 {
		params.Set("pagesize", strconv.Itoa(s.size))
	}
	if s.query.text != "" {
		params.Set("query", s.query.text)
	}
	if s.order != "" {
		params.Set("order", s.order)
	}
	return t.get(ctx, op, "/"+s.typ, t.scope(params, s.project))
}

// objects is a whole answer to one query, which is for what fits on one page.
func objects[T any](ctx context.Context, t *Tracker, op string, s search) ([]T, error) {
	e, err := t.find(ctx, op, s)
	if err != nil {
		return nil, err
	}
	return results[T](t, op, e)
}

func results[T any](t *Tracker, op string, e envelope) ([]T, error) {
	all := make([]T, len(e.Results))
	for i, raw := range e.Results {
		if err := json.Unmarshal(raw, &all[i]); err != nil {
			return nil, t.fail(op, trackers.Internal, "the answer was not understood: %w", err)
		}
	}
	return all, nil
}

// page is some artifacts of a query.
type page struct {
	artifacts []artifact
	envelope  envelope
}

// artifacts yields what a query finds of both types, page by page, the first one even
// when it is empty. Pages go on behind the last object id and not at a number of
// objects, so that what changes meanwhile leaves no gap.
func (t *Tracker) artifacts(ctx context.Context, op string, q query) iter.Seq2[page, error] {
	return func(yield func(page, error) bool) {
		for last := oid(0); ; {
			ask := q
			if last > 0 {
				ask = q.and(is("ObjectID", ">", last))
			}
			p, err := t.artifactPage(ctx, op, ask)
			if !yield(p, err) || err != nil {
				return
			}
			if len(p.artifacts) == 0 || p.envelope.Total <= len(p.artifacts) {
				return
			}
			next := p.artifacts[len(p.artifacts)-1].id()
			if next <= last {
				yield(page{}, t.fail(op, trackers.Internal, "the pages are not in the order of object ids"))
				return
			}
			last = next
		}
	}
}

// bothTypes asks for stories and defects at once.
func bothTypes() url.Values {
	return url.Values{"types": {string(storyType) + "," + string(defectType)}}
}

func (t *Tracker) artifactPage(ctx context.Context, op string, q query) (page, error) {
	project := everywhere
	if t.opt.Scope == ScopeProject {
		project = t.opt.Project
	}
	e, err := t.find(ctx, op, search{
		typ: "artifact", query: q, fetch: t.fetched(), order: "ObjectID", project: project,
		more: bothTypes(),
	})
	if err != nil {
		return page{}, err
	}
	all, err := results[artifact](t, op, e)
	return page{all, e}, err
}

// create makes one object that is no ticket, and returns it.
func (t *Tracker) create(ctx context.Context, op, typ, element string, fields map[string]any, fetch string) (object, error) {
	var made object
	e, err := t.post(ctx, op, "/"+typ+"/create", url.Values{"fetch": {fetch}}, map[string]any{element: fields})
	if err == nil && (json.Unmarshal(e.Object, &made) != nil || made.id() == 0) {
		err = t.fail(op, trackers.UnknownOutcome, "Rally made a %s and did not say which", typ)
	}
	return made, err
}

// update changes attributes of one ticket, and returns it with Rally's warnings.
func (t *Tracker) update(ctx context.Context, op string, typ kindOf, id oid, fields map[string]any) (artifact, []string, error) {
	var now artifact
	e, err := t.post(ctx, op, path(string(typ), id), url.Values{"fetch": {t.fetched()}}, map[string]any{typ.element(): fields})
	if err == nil && json.Unmarshal(e.Object, &now) != nil {
		now = artifact{} // the caller reads it
	}
	return now, e.Warnings, err
}

// collect adds to a collection of a ticket, or removes from it: do is "add" or "remove".
func (t *Tracker) collect(ctx context.Context, op string, typ kindOf, id oid, collection, do string, members []string) error {
	items := make([]map[string]string, len(members))
	for i, m := range members {
		items[i] = map[string]string{"_ref": m}
	}
	_, err := t.post(ctx, op, fmt.Sprintf("%s/%s/%s", path(string(typ), id), collection, do), nil, map[string]any{"CollectionItems": items})
	return err
}

// entry is one request within a batch.
type entry struct {
	Path   string         `json:"Path"`
	Method string         `json:"Method"`
	Body   map[string]any `json:"Body"`
}

// filed is what became of one entry of a batch that creates tickets.
type filed struct {
	Errors   []string `json:"Errors"`
	Warnings []string `json:"Warnings"`
	Object   artifact `json:"Object"`
}

// batch sends several requests as one. Rally answers each of them by itself and in
// their order, and what fails of them takes nothing back of the others.
func (t *Tracker) batch(ctx context.Context, op string, entries []entry) ([]filed, []string, error) {
	wrapped := make([]map[string]entry, len(entries))
	for i, e := range entries {
		wrapped[i] = map[string]entry{"Entry": e}
	}
	e, err := t.post(ctx, op, "/batch", url.Values{"fetch": {t.fetched()}}, map[string]any{"Batch": wrapped})
	if err != nil && len(e.Results) == 0 {
		return nil, nil, err
	}
	if len(e.Results) != len(entries) {
		return nil, nil, t.fail(op, trackers.UnknownOutcome, "Rally told of %d tickets for %d", len(e.Results), len(entries))
	}
	all, err := results[filed](t, op, e)
	if err != nil {
		return nil, nil, t.fail(op, trackers.UnknownOutcome, "%w", err)
	}
	return all, e.Warnings, nil
}
