package files

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"iter"
	"maps"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// The cursor is a digest of the listing: a sum for each of many buckets, into which
// files go by their path. A bucket whose sum differs is read whole. That needs no
// clock, so it notices files that came with an old date, that were renamed or
// restored, and that were written by a machine whose clock goes wrong.
const buckets = 256

// pageSize is how many tickets a page of changes has before the bucket ends.
const pageSize = 500

type digest [buckets]uint32

// cursorPrefix names the form of the cursor; any other form starts anew.
const cursorPrefix = "1:"

func (g digest) cursor() trackers.Cursor {
	raw := make([]byte, 0, 4*buckets)
	for _, sum := range g {
		raw = binary.BigEndian.AppendUint32(raw, sum)
	}
	return trackers.Cursor(cursorPrefix + base64.RawURLEncoding.EncodeToString(raw))
}

// digestOf reads a cursor; one that is not ours is the digest of an empty folder,
// since all that is there is new then.
func digestOf(c trackers.Cursor) (g digest) {
	text, ok := strings.CutPrefix(string(c), cursorPrefix)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if !ok || err != nil || len(raw) != 4*buckets {
		return digest{}
	}
	for i := range g {
		g[i] = binary.BigEndian.Uint32(raw[4*i:])
	}
	return g
}

// Changed reads the files in the buckets that changed. The census is that of the file
// names, which are the refs of all files that were not renamed.
func (t *Tracker) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) {
		if err := t.eachPage(ctx, digestOf(since), func(c trackers.Change) bool { return yield(c, nil) }); err != nil {
			yield(trackers.Change{}, t.fail("changed", err))
		}
	}
}

func (t *Tracker) eachPage(ctx context.Context, had digest, visit func(trackers.Change) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d, ok, err := t.open()
	switch {
	case err != nil:
		return err
	case !ok && had != digest{}:
		return t.noFolder("changed")
	case !ok:
		visit(trackers.Change{Cursor: had.cursor()})
		return nil
	}
	defer d.root.Close()
	files, _, err := d.list()
	if err != nil {
		return err
	}
	have, paths := sums(d, files)
	var x *index
	page := trackers.Change{Census: census(files), Broken: map[ticket.Ref]string{}}
	for b := range buckets {
		if have[b] != had[b] && len(paths[b]) > 0 {
			if x == nil {
				if x, err = t.index(ctx, d); err != nil {
					return err
				}
			}
			page.Seen = append(page.Seen, t.readOurs(d, x, paths[b])...)
			if broken := t.brokenOf(x, paths[b]); len(broken) > 0 {
				have[b]++ // read again with the next poll, so that it is told until it is mended
				maps.Copy(page.Broken, broken)
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		had[b] = have[b]
		if len(page.Seen) < pageSize && b < buckets-1 {
			continue
		}
		page.Cursor = had.cursor()
		if !visit(page) {
			return nil
		}
		page.Seen = nil
	}
	return nil
}

// brokenOf lists those of the files that are tickets and cannot be read, by the ref that
// their names tell.
func (t *Tracker) brokenOf(x *index, paths []string) map[ticket.Ref]string {
	broken := map[ticket.Ref]string{}
	for _, p := range paths {
		if i, ok := x.byPath[p]; ok && x.heads[i].ticketFault() != nil {
			broken[ticket.Ref(stemOf(p))] = t.at(p, x.heads[i].broken).Error()
		}
	}
	return broken
}

// readOurs reads those of the files that are tickets of ours. Broken ones are told apart.
func (t *Tracker) readOurs(d folder, x *index, paths []string) []ticket.Seen {
	var ours []ticket.Seen
	for _, p := range paths {
		i, ok := x.byPath[p]
		if !ok || x.heads[i].broken != nil || x.heads[i].key == (ticket.Key{}) {
			continue
		}
		if s, ok, err := t.readTicket(d, x.heads[i]); err == nil && ok && s.Key != (ticket.Key{}) {
			ours = append(ours, s)
		}
	}
	return ours
}

func census(files []file) []ticket.Ref {
	refs := make([]ticket.Ref, len(files))
	for i, f := range files {
		refs[i] = ticket.Ref(stemOf(f.path))
	}
	return refs
}

// sums adds up the listing by buckets. The stamp of a file does not tell two writes
// within one tick of the file system's clock apart, so the newest files count with
// their text.
func sums(d folder, files []file) (g digest, paths [buckets][]string) {
	newest := time.Time{}
	for _, f := range files {
		if f.time.After(newest) {
			newest = f.time
		}
	}
	for _, f := range files {
		b := bucketOf(f.path)
		paths[b] = append(paths[b], f.path)
		text := ""
		if newest.Sub(f.time) <= tickOf(newest) {
			text, _, _ = d.read(f.path) // a file that cannot be read counts with its stamp
		}
		g[b] += sumOf(f, text)
	}
	return g, paths
}

// tickOf is a time within which two writes may get the same stamp: a clock that counts
// whole seconds may count in twos.
func tickOf(stamp time.Time) time.Duration {
	if stamp.Nanosecond() == 0 {
		return 2 * time.Second
	}
	return 20 * time.Millisecond
}

func bucketOf(p string) int {
	h := fnv.New32a()
	h.Write([]byte(p))
	return int(h.Sum32() % buckets)
}

// sumOf is the sum of one file, never 0.
func sumOf(f file, text string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(f.path))
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(f.size))) //nolint:gosec // a size is never negative
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(f.time.UnixNano())))
	h.Write([]byte(text))
	return h.Sum32() | 1
}
