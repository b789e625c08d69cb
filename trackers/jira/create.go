package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"percolate/ticket"
	"percolate/trackers"
)

// bulkMax is how many issues one request creates.
const bulkMax = 50

// filing is one Create under way: an item for each ticket.
type filing struct {
	t       *Tracker
	parents []ticket.Ref
	drafts  []*draft
	refs    []ticket.Ref // once filed
	done    []trackers.Created
}

// Create files tickets, 50 in a request, and reads them back in bulk. A ticket of which
// Jira refuses a value that it can do without is filed without it.
func (t *Tracker) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	f := &filing{
		t: t, drafts: make([]*draft, len(batch)), refs: make([]ticket.Ref, len(batch)),
		parents: make([]ticket.Ref, len(batch)), done: make([]trackers.Created, len(batch)),
	}
	if len(batch) == 0 {
		return f.done
	}
	if err := f.compose(ctx, batch); err != nil {
		for i := range f.done {
			f.done[i] = trackers.Created{Err: t.plain("create", err)}
		}
		return f.done
	}
	for waiting := f.open(); len(waiting) > 0; waiting = f.open() {
		var group sync.WaitGroup // the parts share nothing, and our client bounds what is under way
		for part := range slices.Chunk(waiting, bulkMax) {
			group.Go(func() { f.send(ctx, part) })
		}
		group.Wait()
	}
	f.link(ctx)
	f.readBack(ctx)
	return f.done
}

// compose drafts all tickets. An error means that none can be filed now.
func (f *filing) compose(ctx context.Context, batch []trackers.Creation) error {
	kind, err := f.t.deployment(ctx, "create")
	if err != nil {
		return err
	}
	ids, err := f.t.fieldIDs(ctx, "create")
	if err != nil {
		return err
	}
	screens, err := f.learn(ctx, batch)
	if err != nil {
		return err
	}
	for i, c := range batch {
		f.parents[i] = c.Parent
		f.drafts[i], err = f.t.compose(ctx, kind, c, screens, ids)
		if trackers.CodeOf(err) == trackers.Invalid {
			f.done[i].Err = f.t.plain("create", err)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// learn asks for what can be set, and who the owners are, side by side.
func (f *filing) learn(ctx context.Context, batch []trackers.Creation) (map[slot]screen, error) {
	var group sync.WaitGroup
	group.Go(func() { f.meet(ctx, batch) })
	screens, err := f.t.screens(ctx, "create")
	group.Wait()
	return screens, err
}

// meet looks up all owners of a batch at once. What goes wrong with one of them is found
// out again by who needs to know it.
func (f *filing) meet(ctx context.Context, batch []trackers.Creation) {
	var group sync.WaitGroup
	met := map[[2]string]bool{}
	for _, c := range batch {
		if len(c.Fields.Assignees) == 0 {
			continue
		}
		kind := c.Fields.Kind
		if c.Key.IsParent() {
			kind = ticket.KindParent
		}
		who := [2]string{f.t.projectOf(kind), c.Fields.Assignees[0]}
		if !met[who] {
			met[who] = true
			group.Go(func() { _, _ = f.t.assignable(ctx, "create", who[0], who[1]) })
		}
	}
	group.Wait()
}

// open are the tickets that are neither filed nor given up.
func (f *filing) open() (items []int) {
	for i := range f.drafts {
		if f.refs[i] == "" && f.done[i].Err == nil {
			items = append(items, i)
		}
	}
	return items
}

// created is the answer to a bulk create: what was filed, in the order of the request,
// and the places of what was not.
type created struct {
	Issues []named `json:"issues"`
	Errors []struct {
		Status  int   `json:"status"`
		Element words `json:"elementErrors"`
		Number  int   `json:"failedElementNumber"`
	} `json:"errors"`
}

// send files some tickets in one request and sorts out what became of each.
func (f *filing) send(ctx context.Context, items []int) {
	in := map[string]any{}
	updates := make([]update, len(items))
	for n, i := range items {
		updates[n] = f.drafts[i].body
	}
	in["issueUpdates"] = updates
	var out created
	err := f.t.send(ctx, "create", "POST", "issue/bulk", in, &out)
	if e, ok := errors.AsType[*apiError](err); ok && e.port.Code == trackers.Invalid && json.Unmarshal(e.body, &out) == nil && len(out.Errors) > 0 {
		err = nil // all of them failed, each for a reason of its own
	}
	if err == nil && len(out.Issues)+len(out.Errors) != len(items) {
		err = f.t.fail("create", trackers.UnknownOutcome, "Jira told of %d tickets and %d errors for %d", len(out.Issues), len(out.Errors), len(items))
	}
	if err != nil {
		for _, i := range items {
			f.done[i].Err = f.t.plain("create", err)
		}
		return
	}
	f.sort(ctx, items, out)
}

func (f *filing) sort(ctx context.Context, items []int, out created) {
	failed := map[int]bool{}
	for _, e := range out.Errors {
		failed[e.Number] = true
		if e.Number >= 0 && e.Number < len(items) {
			f.refused(ctx, items[e.Number], e.Status, e.Element)
		}
	}
	next := 0
	for n, i := range items {
		if failed[n] || next >= len(out.Issues) {
			continue
		}
		is := out.Issues[next]
		next++
		f.refs[i] = ticket.Ref(is.ID)
		f.t.note(is.Key)
		if f.drafts[i].asked.Kind == ticket.KindParent {
			f.t.keep(is.Key, is.ID)
		}
	}
}

// refused leaves out what Jira did not like of a ticket, so that it is tried once more
// without, or gives it up.
func (f *filing) refused(ctx context.Context, i, status int, why words) {
	code := trackers.Invalid
	switch {
	case status == 401 || status == 403:
		code = trackers.Denied
	case status == 429:
		code = trackers.RateLimit
	case status >= 500:
		code = trackers.UnknownOutcome
	}
	if code == trackers.Invalid && len(why.Messages) == 0 {
		again, err := f.drafts[i].concede(ctx, "create", why.Errors)
		if err != nil {
			f.done[i].Err = f.t.plain("create", err)
			return
		}
		if again {
			return
		}
	}
	f.done[i].Err = f.t.fail("create", code, "%s", why.text())
}

// link joins children to their parents where the create could not.
func (f *filing) link(ctx context.Context) {
	if f.t.opt.Hierarchy != Link {
		return
	}
	var group sync.WaitGroup
	for i, d := range f.drafts {
		if f.refs[i] == "" || f.parents[i] == "" || len(d.body.Update["issuelinks"]) > 0 {
			continue
		}
		group.Go(func() {
			if err := f.t.addLink(ctx, "create", f.refs[i], f.parents[i]); err != nil {
				d.unmet = append(d.unmet, f.t.unlinked(f.parents[i], err))
			}
		})
	}
	group.Wait()
}

// unlinkable reports whether Jira refused a link, so that asking again is no use.
func unlinkable(err error) bool {
	switch trackers.CodeOf(err) {
	case trackers.Invalid, trackers.Denied, trackers.NotFound:
		return true
	}
	return false
}

// unlinked is what it means for a ticket that is there that it was not linked.
func (t *Tracker) unlinked(parent ticket.Ref, err error) ticket.Unmet {
	why := "it could not be linked to its parent: " + err.Error()
	return ticket.Unmet{Field: ticket.FieldParent, Value: t.nameOf(parent), Reason: why, At: t.opt.Now(), Again: !unlinkable(err)}
}

func (t *Tracker) addLink(ctx context.Context, op string, child, parent ticket.Ref) error {
	return t.send(ctx, op, "POST", "issueLink", map[string]any{
		"type": named{Name: t.opt.LinkType}, "inwardIssue": named{ID: string(child)}, "outwardIssue": named{ID: string(parent)},
	}, nil)
}

// readBack reads what was filed. A ticket that is filed and cannot be read is an
// unknown outcome: the next run looks for it.
func (f *filing) readBack(ctx context.Context) {
	var refs []ticket.Ref
	for i, ref := range f.refs {
		if ref != "" && f.done[i].Err == nil {
			refs = append(refs, ref)
		}
	}
	if len(refs) == 0 {
		return
	}
	got, err := f.t.get(ctx, "create", refs)
	for i, ref := range f.refs {
		if ref == "" || f.done[i].Err != nil {
			continue
		}
		s, ok := got[ref]
		switch {
		case err != nil:
			f.done[i].Err = f.t.partly("create", true, err)
		case !ok:
			f.done[i].Err = f.t.fail("create", trackers.UnknownOutcome, "issue %s was filed and cannot be read back", ref)
		default:
			f.done[i].Seen, f.done[i].Unmet = s, slices.DeleteFunc(f.drafts[i].unmet, func(u ticket.Unmet) bool {
				return u.Field == ticket.FieldParent && s.Parent != "" // it had got through after all
			})
		}
	}
}

// nameOf is what people call an issue, as far as we know.
func (t *Tracker) nameOf(ref ticket.Ref) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return cmp.Or(t.keys[ref], string(ref))
}

// keyOf is the key of an issue as we last saw it; it changes when the issue moves.
func (t *Tracker) keyOf(ctx context.Context, op string, ref ticket.Ref) (string, error) {
	t.mu.Lock()
	key, ok := t.keys[ref]
	t.mu.Unlock()
	if ok {
		return key, nil
	}
	s, err := t.one(ctx, op, ref)
	if trackers.CodeOf(err) == trackers.NotFound {
		return "", t.fail(op, trackers.Invalid, "the parent %s cannot be read", ref)
	}
	return s.Name, err
}
