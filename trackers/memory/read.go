package memory

import (
	"context"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"percolate/ticket"
	"percolate/trackers"
)

// Check tells which accounts cannot be assigned.
func (t *Tracker) Check(_ context.Context, accounts []string) []trackers.Diagnosis {
	found := []trackers.Diagnosis{{Level: trackers.OK, Text: t.opt.Name + ": in memory"}}
	for _, account := range accounts {
		if !t.assignable(account) {
			found = append(found, trackers.Diagnosis{
				Level: trackers.Fail,
				Text:  t.opt.Name + ": " + account + " cannot be assigned",
				Mend:  "add " + account + " to the accounts",
			})
		}
	}
	return found
}

// Find yields tickets in the order of their creation, those of the lag left out.
func (t *Tracker) Find(ctx context.Context, documents []string) iter.Seq2[ticket.Seen, error] {
	return func(yield func(ticket.Seen, error) bool) {
		if err := t.before(ctx, BeforeFind, "find"); err != nil {
			yield(ticket.Seen{}, err)
			return
		}
		for _, s := range t.found(documents) {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func (t *Tracker) found(documents []string) []ticket.Seen {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.finds++
	var found []ticket.Seen
	for _, k := range t.tickets {
		ours := k.Key != ticket.Key{} && (len(documents) == 0 || slices.Contains(documents, k.Key.Document))
		if ours && !k.Deleted && t.visible(k) {
			found = append(found, t.seen(k))
		}
	}
	return found
}

// visible reports whether the search knows of k yet. While the lag lasts a flapping
// search knows of it half of the time, by the seed, and forgets it again.
func (t *Tracker) visible(k *Ticket) bool {
	if t.now().Sub(k.Created) >= t.opt.FindLag {
		return true
	}
	if !t.opt.Flap {
		return false
	}
	number, _ := strconv.ParseUint(string(k.Ref), 10, 64)
	return rand.NewPCG(t.opt.Seed, number<<32|uint64(t.finds)).Uint64()>>63 == 1 //nolint:gosec // a count is never negative
}

// Get reads tickets by ref, name, or a name that they had before they moved.
func (t *Tracker) Get(ctx context.Context, refs []ticket.Ref) (map[ticket.Ref]ticket.Seen, error) {
	if err := t.before(ctx, BeforeGet, "get"); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	got := make(map[ticket.Ref]ticket.Seen, len(refs))
	for _, ref := range refs {
		if k := t.find(ref); k != nil {
			got[ref] = t.seen(k)
		}
	}
	return got, nil
}

// Changed yields our tickets in the order of their last changes. The cursor is the
// serial number of a change, held back behind tickets that the search does not know
// of yet, so that these come later and what came after them comes again.
func (t *Tracker) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	return func(yield func(trackers.Change, error) bool) {
		r := reading{sure: math.MaxInt, more: true}
		r.at, _ = strconv.Atoi(string(since)) // a cursor that is not ours starts anew
		for r.more {
			if err := t.before(ctx, BeforeChanged, "changed"); err != nil {
				yield(trackers.Change{}, err)
				return
			}
			if !yield(t.page(&r), nil) {
				return
			}
		}
	}
}

// reading is how far the changes have been read.
type reading struct {
	at   int  // the last change that was shown
	sure int  // no change after this one is sure to have been known to the search
	more bool // there is another page
}

// page is the next page of changes.
func (t *Tracker) page(r *reading) trackers.Change {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.finds++
	var page trackers.Change
	var changed []*Ticket
	for _, k := range t.tickets {
		switch {
		case k.Deleted:
			continue
		case !t.visible(k):
			r.sure = min(r.sure, k.serial-1)
			continue
		case t.opt.Census:
			page.Census = append(page.Census, k.Ref)
		}
		if k.serial > r.at && k.Key != (ticket.Key{}) {
			changed = append(changed, k)
		}
	}
	slices.SortFunc(changed, func(a, b *Ticket) int { return a.serial - b.serial })
	r.at, r.more = t.serial, len(changed) > t.opt.Page
	if r.more {
		changed = changed[:t.opt.Page]
		r.at = changed[len(changed)-1].serial
	}
	for _, k := range changed {
		page.Seen = append(page.Seen, t.seen(k))
	}
	page.Cursor = trackers.Cursor(strconv.Itoa(min(r.at, r.sure)))
	return page
}
