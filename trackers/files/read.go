package files

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

// Find reads the files whose marker names one of the documents. A broken file that may
// belong to one of them ends the sequence with an error, after all that could be read.
func (t *Tracker) Find(ctx context.Context, documents []string) iter.Seq2[ticket.Seen, error] {
	return func(yield func(ticket.Seen, error) bool) {
		wanted := func(k ticket.Key) bool {
			return k != ticket.Key{} && (len(documents) == 0 || slices.Contains(documents, k.Document))
		}
		if err := t.eachOf(ctx, wanted, func(s ticket.Seen) bool { return yield(s, nil) }, documents); err != nil {
			yield(ticket.Seen{}, t.fail("find", err))
		}
	}
}

// eachOf reads every wanted ticket until visit says no, which is no error.
func (t *Tracker) eachOf(ctx context.Context, wanted func(ticket.Key) bool, visit func(ticket.Seen) bool, documents []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d, ok, err := t.open()
	if !ok {
		return err
	}
	defer d.root.Close()
	x, err := t.index(ctx, d)
	if err != nil {
		return err
	}
	for _, h := range x.heads {
		if h.broken != nil || !wanted(h.key) {
			continue
		}
		s, ok, err := t.readTicket(d, h)
		if err != nil {
			return err
		}
		if ok && wanted(s.Key) && !visit(s) {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	for _, h := range x.heads {
		if h.ticketFault() != nil && h.mayBelongTo(documents) {
			return t.at(h.path, h.broken)
		}
	}
	return nil
}

func (h head) mayBelongTo(documents []string) bool {
	return len(documents) == 0 || slices.ContainsFunc(documents, func(d string) bool {
		return h.mentions(d) || strings.HasPrefix(stemOf(h.path), safeName(d, maxDocument))
	})
}

// readTicket reads the file of a head anew; ok is false when it is gone, or no longer
// the ticket that it was.
func (t *Tracker) readTicket(d folder, h head) (s ticket.Seen, ok bool, err error) {
	asOf := t.opt.Now()
	text, stamp, err := d.read(h.path)
	if errors.Is(err, fs.ErrNotExist) {
		return ticket.Seen{}, false, nil
	}
	if err != nil {
		return ticket.Seen{}, false, t.at(h.path, err)
	}
	p, err := parse(text)
	if err != nil {
		return ticket.Seen{}, false, t.at(h.path, err)
	}
	if ticket.Ref(p.get("id").text) != h.id {
		return ticket.Seen{}, false, nil
	}
	return t.seen(h.ref, file{h.path, stamp}, p, asOf), true, nil
}

// Get reads the files of tickets. When the folder itself is not there, tickets that
// stood in it have not gone one by one, and that is an error; but what people only
// name in documents may never have been there.
func (t *Tracker) Get(ctx context.Context, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	got := make(map[ticket.Ref]ticket.Seen, len(refs))
	if err := ctx.Err(); err != nil {
		return nil, t.fail("get", err)
	}
	if len(refs) == 0 {
		return got, nil
	}
	d, ok, err := t.open()
	switch {
	case err != nil:
		return nil, t.fail("get", err)
	case !ok && slices.ContainsFunc(refs, wasThere):
		return nil, t.noFolder("get")
	case !ok:
		return got, nil
	}
	defer d.root.Close()
	if err := t.getAll(ctx, d, refs, got); err != nil {
		return nil, t.fail("get", err)
	}
	return got, nil
}

// wasThere reports whether ref is a ticket's own ref, and not how a person named one.
func wasThere(ref ticket.Ref) bool {
	return !isMarkdown(string(ref)) && !strings.HasPrefix(string(ref), byID)
}

func (t *Tracker) getAll(ctx context.Context, d folder, refs []ticket.Ref, got map[ticket.Ref]ticket.Seen) error {
	var x *index
	for _, ref := range refs {
		if err := ctx.Err(); err != nil {
			return err
		}
		h, ok := t.shortcut(d, ref)
		if !ok {
			var err error
			if x == nil {
				if x, err = t.index(ctx, d); err != nil {
					return err
				}
			}
			if h, ok, err = x.find(ref); err != nil {
				return t.at(h.path, err)
			}
		}
		if !ok {
			continue
		}
		s, ok, err := t.readTicket(d, h)
		if err != nil {
			return err
		}
		if ok {
			got[ref] = s
		}
	}
	return nil
}

// shortcut finds the ticket whose file is named as its id, as most are, without
// listing the folder.
func (t *Tracker) shortcut(d folder, ref ticket.Ref) (head, bool) {
	name := string(ref)
	if name == "" || path.Base(name) != name || strings.ContainsAny(name, `\:`) || isMarkdown(name) {
		return head{}, false
	}
	h, ok := readHead(d, file{path: name + ".md"})
	h.ref = ref
	return h, ok && h.broken == nil && h.id == ref
}

// noFolder is the error for a folder that has been there.
func (t *Tracker) noFolder(op string) error {
	return t.refuse(op, trackers.Unavailable, "the folder %s is not there; is this the right checkout?", t.opt.Dir)
}
