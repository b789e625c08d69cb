package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// Create writes a file for each ticket. The folder is made with the first one.
func (t *Tracker) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	done := make([]trackers.Created, len(batch))
	if len(batch) == 0 {
		return done
	}
	if err := t.createAll(ctx, batch, done); err != nil {
		for i := range done {
			done[i] = trackers.Created{Err: t.fail("create", err)}
		}
	}
	return done
}

// createAll fills done. An error means that nothing was created.
func (t *Tracker) createAll(ctx context.Context, batch []trackers.Creation, done []trackers.Created) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := makeFolder(t.opt.Dir); err != nil {
		return err
	}
	d, unlock, err := t.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	x, err := t.index(ctx, d)
	if err != nil {
		return err
	}
	names := newNames(x)
	var paths []string
	for i, c := range batch {
		var p string
		if p, done[i] = t.create(ctx, d, names, c); done[i].Err == nil {
			paths = append(paths, p)
		}
	}
	if err := d.sync(paths...); err != nil {
		for i := range done {
			if done[i].Err == nil {
				done[i] = trackers.Created{Err: t.refuse("create", trackers.UnknownOutcome, "%w", err)}
			}
		}
	}
	return nil
}

// makeFolder makes the folder when it is missing, and keeps git from our own files in it.
func makeFolder(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(lockName+"\n"+tempName+"\n"), 0o644)
}

func (t *Tracker) create(ctx context.Context, d folder, names names, c trackers.Creation) (string, trackers.Created) {
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return "", trackers.Created{Err: t.fail("create", err)}
		}
		id := names.next(stemFor(c.Key, c.Fields.Title), &n)
		p, unmet := t.compose(id, c)
		if err := p.valid(); err != nil {
			return "", trackers.Created{Err: t.fail("create", t.at(id+".md", err))}
		}
		asOf := t.opt.Now()
		err := d.create(id+".md", p.String())
		if errors.Is(err, errTaken) {
			continue
		}
		if err != nil {
			return "", trackers.Created{Err: t.fail("create", fmt.Errorf("write %s: %w", t.nameOf(id+".md"), err))}
		}
		names.take(id)
		s, err := t.stored(d, "create", ticket.Ref(id), id+".md", asOf)
		return id + ".md", trackers.Created{Seen: s, Unmet: unmet, Err: err}
	}
}

// compose is the file of a new ticket.
func (t *Tracker) compose(id string, c trackers.Creation) (page, []ticket.Unmet) {
	p := newPage()
	p.set("id", id)
	p.set("key", c.Key.Marker())
	p.set("status", wordFor(ticket.StatusOpen))
	p.set("parent", string(c.Parent))
	p.set("created", t.opt.Now().UTC().Format(time.RFC3339))
	var unmet []ticket.Unmet
	for _, f := range ticket.AllFields() {
		unmet = append(unmet, t.setField(&p, f, c.Fields)...)
	}
	return p, unmet
}

// stored reads what was written. What was written is there, whatever becomes of this.
func (t *Tracker) stored(d folder, op string, ref ticket.Ref, p string, asOf time.Time) (ticket.Seen, error) {
	text, stamp, err := d.read(p)
	if err == nil {
		var page page
		if page, err = parse(text); err == nil {
			return t.seen(ref, file{p, stamp}, page, asOf), nil
		}
	}
	return ticket.Seen{}, t.refuse(op, trackers.UnknownOutcome, "written, but not read back: %w", t.at(p, err))
}

// tries is how often an update starts anew when somebody edits the file meanwhile.
const tries = 3

// Update changes the lines of what the patch names.
func (t *Tracker) Update(ctx context.Context, base ticket.Seen, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	if slices.Contains(p.Set, ticket.FieldLabels) {
		return ticket.Seen{}, nil, t.refuse("update", trackers.Invalid, "labels are added and dropped one by one")
	}
	s, unmet, err := t.update(ctx, base.Ref, p)
	if err != nil {
		return ticket.Seen{}, nil, t.fail("update", err)
	}
	return s, unmet, nil
}

func (t *Tracker) update(ctx context.Context, ref ticket.Ref, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	d, unlock, err := t.lock(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		err = t.noFolder("update")
	}
	if err != nil {
		return ticket.Seen{}, nil, err
	}
	defer unlock()
	for range tries {
		var s ticket.Seen
		var unmet []ticket.Unmet
		if s, unmet, err = t.patch(ctx, d, ref, p); !errors.Is(err, errEdited) {
			return s, unmet, err
		}
	}
	return ticket.Seen{}, nil, err
}

// patch reads, changes and writes the file of the ticket once.
func (t *Tracker) patch(ctx context.Context, d folder, ref ticket.Ref, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	h, err := t.locate(ctx, d, ref)
	if err != nil {
		return ticket.Seen{}, nil, err
	}
	asOf := t.opt.Now()
	text, stamp, err := d.read(h.path)
	if err != nil {
		return ticket.Seen{}, nil, t.at(h.path, err)
	}
	page, err := parse(text)
	if err != nil {
		return ticket.Seen{}, nil, t.at(h.path, err)
	}
	unmet, err := t.apply(&page, h.ref, p)
	if err == nil {
		err = page.valid()
	}
	if err != nil {
		return ticket.Seen{}, nil, t.at(h.path, err)
	}
	if page.String() != text {
		if err := d.replace(h.path, page.String(), stamp); err != nil {
			return ticket.Seen{}, nil, fmt.Errorf("write %s: %w", t.nameOf(h.path), err)
		}
		if err := d.sync(h.path); err != nil {
			return ticket.Seen{}, nil, t.refuse("update", trackers.UnknownOutcome, "%w", err)
		}
	}
	s, err := t.stored(d, "update", h.ref, h.path, asOf)
	return s, unmet, err
}

// locate finds the file of a ticket that must be there.
func (t *Tracker) locate(ctx context.Context, d folder, ref ticket.Ref) (head, error) {
	if h, ok := t.shortcut(d, ref); ok {
		return h, nil
	}
	x, err := t.index(ctx, d)
	if err != nil {
		return head{}, err
	}
	h, ok, err := x.find(ref)
	switch {
	case err != nil:
		return head{}, t.at(h.path, err)
	case !ok:
		return head{}, t.refuse("update", trackers.NotFound, "no ticket %s in %s", ref, t.opt.Dir)
	}
	return h, nil
}

// apply does to the page what the patch names, and nothing when the patch's comment
// shows that it was done before.
func (t *Tracker) apply(p *page, ref ticket.Ref, patch ticket.Patch) ([]ticket.Unmet, error) {
	if patch.Comment.Marker != "" && ticket.Signed(p.rest, patch.Comment.Marker) {
		return nil, nil
	}
	if p.get("id").text == "" {
		p.set("id", string(ref)) // what we have written to stays the same ticket when its file is renamed
	}
	var unmet []ticket.Unmet
	for _, f := range patch.Set {
		unmet = append(unmet, t.setField(p, f, patch.To)...)
	}
	p.label(patch.AddLabels, patch.DropLabels)
	if patch.Parent != "" {
		p.set("parent", string(patch.Parent))
	}
	if patch.Status != "" {
		if now, known := t.statusOf(p.get("status").text); now != patch.Status || !known {
			p.set("status", wordFor(patch.Status))
		}
	}
	if patch.Comment != (ticket.Comment{}) {
		p.comment(patch.Comment, t.opt.Now())
	}
	return unmet, nil
}
