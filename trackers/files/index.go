package files

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"percolate/ticket"
)

// head is what is kept of a file between operations: enough to find a ticket without
// reading every file again. Whatever is found is read anew before it is believed.
type head struct {
	file
	ref    ticket.Ref // by which the ticket goes; "" when it is no ticket or broken
	id     ticket.Ref // as the file states it, or ""
	key    ticket.Key
	broken error  // why it cannot be read as a ticket, errNoTicket included
	unread bool   // broken because not even its text could be read
	text   string // of a broken file that could be
}

// index is the folder at one time.
type index struct {
	heads  []head // sorted so that of two files with one id the rightful one comes first
	byRef  map[ticket.Ref]int
	byPath map[string]int
	links  []string // symbolic links, which are passed over
}

// open opens the folder for reading. A folder that is not there is no error but has
// ok false.
func (t *Tracker) open() (d folder, ok bool, err error) {
	root, err := os.OpenRoot(t.opt.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return folder{}, false, nil
	}
	return folder{root, t.fault}, err == nil, err
}

// index lists the folder and reads the files that it did not know yet.
func (t *Tracker) index(ctx context.Context, d folder) (*index, error) {
	files, links, err := d.list()
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	x := &index{links: links, byRef: make(map[ticket.Ref]int, len(files)), byPath: make(map[string]int, len(files))}
	heads := make(map[string]head, len(files))
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		h, known := t.heads[f.path]
		if !known || !h.same(f.stamp) {
			if h, known = readHead(d, f); !known {
				continue
			}
		}
		heads[f.path] = h
		x.heads = append(x.heads, h)
	}
	t.heads = heads
	x.name()
	return x, nil
}

// readHead reads one file; ok is false when it has gone meanwhile.
func readHead(d folder, f file) (h head, ok bool) {
	h.file = f
	text, stamp, err := d.read(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return head{}, false
	}
	h.stamp = stamp
	if err != nil {
		h.stamp.size = -1 // read it again the next time
		h.broken, h.unread = err, true
		return h, true
	}
	p, err := parse(text)
	if err != nil {
		h.broken, h.text = err, text
		return h, true
	}
	h.id, h.key = ticket.Ref(p.get("id").text), keyOf(p)
	return h, true
}

// name gives every ticket its ref: the id that it states, for the first of those that
// state it, or else the name of its file, or else its path.
func (x *index) name() {
	slices.SortFunc(x.heads, func(a, b head) int {
		return cmp.Or(
			cmp.Compare(rank(a), rank(b)),
			cmp.Compare(strings.Count(a.path, "/"), strings.Count(b.path, "/")),
			cmp.Compare(a.path, b.path),
		)
	})
	for i := range x.heads {
		h := &x.heads[i]
		x.byPath[h.path] = i
		if h.broken != nil {
			continue
		}
		for _, ref := range []ticket.Ref{h.id, ticket.Ref(stemOf(h.path)), ticket.Ref(h.path)} {
			if _, taken := x.byRef[ref]; !taken && ref != "" {
				h.ref = ref
				x.byRef[ref] = i
				break
			}
		}
	}
}

// rank puts files that are named as their id first, and those that state no id last.
func rank(h head) int {
	switch string(h.id) {
	case "":
		return 2
	case stemOf(h.path):
		return 0
	}
	return 1
}

// find returns the file of the ticket with the ref, which may be a path as a person
// wrote it. The error is that of a broken file which may be the ticket.
func (x *index) find(ref ticket.Ref) (h head, ok bool, err error) {
	ref = ticket.Ref(strings.TrimPrefix(string(ref), byID))
	if ref == "" {
		return head{}, false, nil
	}
	if i, ok := x.byRef[ref]; ok {
		return x.heads[i], true, nil
	}
	if isMarkdown(string(ref)) {
		if i := x.atPath(string(ref)); i >= 0 {
			return x.heads[i], x.heads[i].broken == nil, x.heads[i].ticketFault()
		}
		if i, ok := x.byRef[ticket.Ref(stemOf(string(ref)))]; ok {
			return x.heads[i], true, nil
		}
	}
	for _, h := range x.heads {
		if h.broken != nil && (stemOf(h.path) == stemOf(string(ref)) || h.ticketFault() != nil && h.mentions(string(ref))) {
			return h, false, h.broken
		}
	}
	return head{}, false, nil
}

// atPath finds a file by its path, or by its name where only one file is called so; -1
// for none.
func (x *index) atPath(p string) int {
	if i, ok := x.byPath[p]; ok {
		return i
	}
	found := -1
	for i, h := range x.heads {
		if path.Base(h.path) == p {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

// mentions reports whether a broken file may have to do with the ref or document.
func (h head) mentions(what string) bool {
	return h.unread || strings.Contains(h.text, what) || strings.Contains(h.path, what)
}

// ticketFault is why the file is broken, nil for one that is fine or that is no ticket.
func (h head) ticketFault() error {
	if errors.Is(h.broken, errNoTicket) {
		return nil
	}
	return h.broken
}
