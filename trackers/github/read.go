package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// Get reads a hundred tickets in one request of GraphQL, or each by REST where GraphQL
// is refused or does not show all of them. What GraphQL does not find by its node is
// asked for by number, which leads to where a transferred issue went.
func (t *Tracker) Get(ctx context.Context, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	at := t.opt.Now()
	found := map[ticket.Ref]item{}
	rest := slices.Compact(slices.Sorted(slices.Values(refs)))
	if t.known.graphRefused() == nil && !t.byFields() {
		var err error
		if rest, err = t.getNodes(ctx, rest, found); err != nil && !errors.Is(err, errNoGraph) {
			return nil, t.partly("get", false, err)
		}
	}
	var deleted []ticket.Ref
	for _, ref := range rest {
		it, there, err := t.getOne(ctx, ref)
		switch {
		case err != nil:
			return nil, t.partly("get", false, err)
		case there == isThere:
			found[ref] = it
		case there == isDeleted:
			deleted = append(deleted, ref)
		}
	}
	got, err := t.answer(ctx, found, at)
	for _, ref := range deleted {
		if err == nil {
			got[ref] = ticket.Seen{Tracker: t.opt.Name, Ref: ref, Deleted: true, AsOf: at}
		}
	}
	return got, err
}

// answer is what Get found.
func (t *Tracker) answer(ctx context.Context, found map[ticket.Ref]item, at time.Time) (map[ticket.Ref]ticket.Seen, error) {
	got := make(map[ticket.Ref]ticket.Seen, len(found))
	var items []item
	refs := slices.Sorted(maps.Keys(found))
	for _, ref := range refs {
		items = append(items, found[ref])
	}
	if err := t.nameParents(ctx, "get", items); err != nil {
		return nil, t.partly("get", false, err)
	}
	first := map[string]ticket.Ref{} // by name
	for i, it := range items {
		s := t.seen(it, at)
		if _, other := first[it.name()]; !other {
			first[it.name()] = t.lasting(refs[i], it)
		}
		s.Ref = first[it.name()] // one that came, was listed and left again is known by two
		got[refs[i]] = s
	}
	return got, nil
}

// lasting is the ref of an issue that was asked for by a ref. One of ours stays as it is,
// wherever the issue went, unless that has got another node there, by which alone it can
// be a parent, or came back into the repository under another number, by which lists show
// it: one ticket must not have two refs.
func (t *Tracker) lasting(ref ticket.Ref, it item) ticket.Ref {
	p, ok := t.placeOf(ref)
	back := strings.EqualFold(it.repo, t.full()) && !strings.EqualFold(it.name(), p.name())
	if !ok || p.node == "" || p.node != it.node || back {
		return t.refOf(it.place)
	}
	return ref
}

// getNodes reads by node, and returns the refs that are left.
func (t *Tracker) getNodes(ctx context.Context, refs []ticket.Ref, found map[ticket.Ref]item) (left []ticket.Ref, err error) {
	var asked []ticket.Ref
	var ids []string
	for _, ref := range refs {
		if p, ok := t.placeOf(ref); ok && p.node != "" {
			asked, ids = append(asked, ref), append(ids, p.node)
		} else {
			left = append(left, ref)
		}
	}
	for len(ids) > 0 {
		n := min(len(ids), getBatch)
		r, err := t.query(ctx, "get", "query($ids: [ID!]!) { viewer { login } nodes(ids: $ids) { ...T ...M } } "+t.shown()+t.movement(), map[string]any{"ids": ids[:n]})
		if err != nil {
			return append(left, asked...), err
		}
		var nodes []*graphIssue
		if err := json.Unmarshal(r.Data["nodes"], &nodes); err != nil || len(nodes) != n {
			return nil, t.fail("get", trackers.Internal, "the answer was not understood")
		}
		for i, node := range nodes {
			if node != nil && node.ID != "" {
				it := node.item()
				it.moved = t.movedAt(node.graphMovement, r.viewer())
				found[asked[i]] = it
			} else {
				left = append(left, asked[i])
			}
		}
		asked, ids = asked[n:], ids[n:]
	}
	return left, nil
}

// presence is what GitHub tells of an issue under its number: 410 is for one that was
// deleted, 404 for what is not there or not for us to see.
type presence int

const (
	isUnseen presence = iota
	isThere
	isDeleted
)

// getOne reads by number. Another issue that has the number is not the one asked for.
func (t *Tracker) getOne(ctx context.Context, ref ticket.Ref) (item, presence, error) {
	p, ok := t.placeOf(ref)
	if !ok {
		return item{}, isUnseen, nil
	}
	var r restIssue
	resp, err := t.get(ctx, "get", p.path(), &r)
	switch {
	case isCode(err, trackers.NotFound) && resp != nil && resp.StatusCode == http.StatusGone:
		return item{}, isDeleted, nil
	case isCode(err, trackers.NotFound):
		return item{}, isUnseen, nil
	case err != nil:
		return item{}, isUnseen, err
	}
	it := r.item()
	if same := p.node == "" || p.node == it.node || !strings.EqualFold(it.name(), p.name()); !same || it.pull {
		return item{}, isUnseen, nil
	}
	return it, isThere, nil
}

// nameParents completes the parents of issues that REST listed, of which it tells the
// number alone: from what is known, or by one request for all.
func (t *Tracker) nameParents(ctx context.Context, op string, items []item) error {
	t.known.keepPlaces(items)
	unknown := map[string]place{}
	for _, it := range items {
		if _, ok := t.known.node(it.parent); it.parent.number != 0 && it.parent.node == "" && !ok {
			unknown[it.parent.name()] = it.parent
		}
	}
	if err := t.askParents(ctx, op, unknown); err != nil {
		return err
	}
	for i, it := range items {
		if p, ok := t.known.node(it.parent); ok && it.parent.node == "" {
			items[i].parent = p
		}
	}
	return nil
}

func (t *Tracker) askParents(ctx context.Context, op string, unknown map[string]place) error {
	var own []place
	for name, p := range unknown {
		if strings.EqualFold(p.repo, t.full()) && t.known.graphRefused() == nil {
			own = append(own, p)
			delete(unknown, name)
		}
	}
	for part := range slices.Chunk(own, getBatch) {
		err := t.askNumbers(ctx, op, part)
		if errors.Is(err, errNoGraph) {
			for _, p := range part {
				unknown[p.name()] = p
			}
		} else if err != nil {
			return err
		}
	}
	for _, p := range unknown {
		var r restIssue
		if _, err := t.get(ctx, op, p.path(), &r); err != nil && !isCode(err, trackers.NotFound) {
			return err
		} else if err == nil {
			t.known.with(func() { t.known.nodes[strings.ToLower(p.name())] = r.item().place })
		}
	}
	return nil
}

func (t *Tracker) askNumbers(ctx context.Context, op string, part []place) error {
	vars := map[string]any{"owner": t.opt.Owner, "name": t.opt.Repo}
	head, body := "$owner: String!, $name: String!", ""
	for _, p := range part {
		alias := fmt.Sprintf("n%d", p.number)
		vars[alias] = p.number
		head += ", $" + alias + ": Int!"
		body += fmt.Sprintf(" %s: issue(number: $%s) { id }", alias, alias)
	}
	r, err := t.query(ctx, op, "query("+head+") { repository(owner: $owner, name: $name) {"+body+" } }", vars)
	if err != nil {
		return err
	}
	var found map[string]*struct{ ID string }
	_ = json.Unmarshal(r.Data["repository"], &found)
	for _, p := range part {
		if one := found[fmt.Sprintf("n%d", p.number)]; one != nil {
			p.node = one.ID
			t.known.with(func() { t.known.nodes[strings.ToLower(p.name())] = p })
		}
	}
	return nil
}

// newest is how many of the newest issues Find looks at, whatever their labels.
const newest = 100

// Find lists by the label of our marker. For single documents, which is how the tickets
// of an unknown create are looked for, it also reads the newest issues of the repository,
// so that a label which GitHub dropped loses nothing.
func (t *Tracker) Find(ctx context.Context, documents []string) iter.Seq2[ticket.Seen, error] {
	return func(yield func(ticket.Seen, error) bool) {
		lists := []string{t.listing("")}
		if len(documents) > 0 {
			lists = append(lists, fmt.Sprintf("%s/issues?state=all&sort=created&direction=desc&per_page=%d", repoPath(t.full()), newest))
		}
		done := map[ticket.Ref]bool{}
		for i, list := range lists {
			more := true
			err := t.list(ctx, "find", list, func(page []ticket.Seen, _ *http.Response, _ bool) bool {
				for _, s := range page {
					if done[s.Ref] || len(documents) > 0 && !slices.Contains(documents, s.Key.Document) {
						continue
					}
					done[s.Ref] = true
					if more = yield(s, nil); !more {
						return false
					}
				}
				return i == 0
			})
			if err != nil {
				yield(ticket.Seen{}, t.partly("find", false, err))
			}
			if err != nil || !more {
				return
			}
		}
	}
}

// listing is the address of a list of ours, in the order of creation: a change while the
// pages are read may repeat an issue, and hides none.
func (t *Tracker) listing(since string) string {
	q := url.Values{"labels": {t.opt.Marker}, "state": {"all"}, "sort": {"created"}, "direction": {"asc"}, "per_page": {"100"}}
	if since != "" {
		q.Set("since", since)
	}
	return repoPath(t.full()) + "/issues?" + q.Encode()
}

// list reads issues with a marker from page to page, pull requests left out.
func (t *Tracker) list(ctx context.Context, op, address string, each func(page []ticket.Seen, resp *http.Response, last bool) bool) error {
	at := t.opt.Now()
	var failed error
	err := pages(ctx, t, op, address, func(page []restIssue, resp *http.Response) bool {
		var items []item
		for _, r := range page {
			if it := r.item(); !it.pull && readText(it.body).key.Document != "" {
				items = append(items, it)
			}
		}
		if op == "changed" {
			t.tellMoves(ctx, items)
		}
		if failed = t.nameParents(ctx, op, items); failed != nil {
			return false
		}
		var seen []ticket.Seen
		for _, it := range items {
			seen = append(seen, t.seen(it, at))
		}
		return each(seen, resp, t.next(resp) == "")
	})
	return errors.Join(err, failed)
}

const (
	// cursorPrefix names the form of the cursor, which holds the server's time of the last
	// poll; any other form reads everything.
	cursorPrefix = "1 "
	// overlap is how far a poll looks back beyond the last one, at least.
	overlap = 2 * time.Minute
)

// Changed lists what changed since the last poll, by the server's clock. The cursor
// moves with the last page alone.
func (t *Tracker) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) {
		from := ""
		if text, ok := strings.CutPrefix(string(since), cursorPrefix); ok {
			if last, err := time.Parse(time.RFC3339, text); err == nil {
				from = last.Add(-max(overlap, t.opt.FindLag)).UTC().Format(time.RFC3339)
			}
		}
		var begun time.Time
		err := t.list(ctx, "changed", t.listing(from), func(page []ticket.Seen, resp *http.Response, last bool) bool {
			if begun.IsZero() {
				begun = t.serverTime(resp)
			}
			c := trackers.Change{Seen: page, Cursor: since}
			if last {
				c.Cursor = trackers.Cursor(cursorPrefix + begun.UTC().Format(time.RFC3339))
			}
			return yield(c, nil)
		})
		if err != nil {
			yield(trackers.Change{}, t.partly("changed", false, err))
		}
	}
}

// serverTime is when the server answered, by its own clock.
func (t *Tracker) serverTime(resp *http.Response) time.Time {
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		return at
	}
	return t.opt.Now()
}
