package sync

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	gosync "sync"
	"time"

	"percolate/ticket"
)

// observePortion is how many found tickets are remembered in one go.
const observePortion = 500

// reading is what a poll tells the plan beside what it left in the state.
type reading struct {
	unread map[string]string         // trackers that could not be read, with the reason
	looked map[string]time.Time      // when tickets of open intents were last looked for, by tracker
	broken map[ticket.Address]string // tickets that are there and cannot be read, with the reason
}

func newReading() reading {
	return reading{unread: map[string]string{}, looked: map[string]time.Time{}, broken: map[ticket.Address]string{}}
}

// Poll reads from every tracker what changed since the last time and remembers it.
// It returns the trackers that could not be read, with the reason; an error is one of
// the state or of ctx. One tracker that fails does not hold the others back.
func (w *Worker) Poll(ctx context.Context) (unread map[string]string, err error) {
	r, err := w.poll(ctx)
	return r.unread, err
}

func (w *Worker) poll(ctx context.Context) (reading, error) {
	r := newReading()
	last, err := w.State.LastRead(ctx)
	if err != nil {
		return r, fmt.Errorf("read when tickets were last read: %w", err)
	}
	w.catchUp(last)
	var (
		group gosync.WaitGroup
		mu    gosync.Mutex
		errs  []error
	)
	for name := range w.Trackers {
		group.Go(func() {
			p := poll{w: w, name: name, broken: map[ticket.Ref]string{}}
			begun := w.Now()
			bad, state := p.run(ctx)
			mu.Lock()
			defer mu.Unlock()
			r.looked[name] = begun
			if bad != nil {
				r.unread[name] = reason(bad)
			}
			for ref, why := range p.broken {
				r.broken[ticket.Address{Tracker: name, Ref: ref}] = why
			}
			errs = append(errs, state)
		})
	}
	group.Wait()
	return r, errors.Join(append(errs, ctx.Err())...)
}

// seek looks once more for the tickets of open intents, now that the caller holds the
// lease of their documents: only what is not found after that is not there.
func (w *Worker) seek(ctx context.Context, r reading, links []ticket.Link) error {
	for _, name := range slices.Sorted(maps.Keys(w.Trackers)) {
		docs := map[string]bool{}
		for _, l := range links {
			if l.Tracker == name && l.State == ticket.StateIntent {
				docs[l.Key.Document] = true
			}
		}
		if _, bad := r.unread[name]; bad || len(docs) == 0 {
			continue
		}
		p := poll{w: w, name: name}
		r.looked[name] = w.Now()
		if err := p.find(ctx, slices.Sorted(maps.Keys(docs))); err != nil {
			r.unread[name] = reason(err)
		}
		if p.state != nil {
			return p.state
		}
	}
	return nil
}

// on are the entries of one tracker, which are all of them where there is but one.
func on(tracker string, entries []Entry) []Entry {
	elsewhere := func(e Entry) bool { return e.At.Tracker != tracker }
	if !slices.ContainsFunc(entries, elsewhere) {
		return entries
	}
	return slices.DeleteFunc(slices.Clone(entries), elsewhere)
}

// poll is one reading of one tracker.
type poll struct {
	w       *Worker
	name    string
	entries []Entry // of the roster, once what changed was read

	broken map[ticket.Ref]string
	census map[ticket.Ref]bool // nil when the tracker does not tell
	state  error               // the state's own failure, which ends the poll
}

// run reads the tracker; bad is the tracker's failure, state the state's.
func (p *poll) run(ctx context.Context) (bad, state error) {
	progress, err := p.w.State.Progress(ctx, p.name)
	if err != nil {
		return nil, fmt.Errorf("read progress: %w", err)
	}
	begun := p.w.Now()
	if progress.Contacted.IsZero() {
		if err := p.find(ctx, nil); err != nil || p.state != nil {
			return err, p.state
		}
		progress.Contacted = begun
	}
	if err := p.changed(ctx, &progress); err != nil || p.state != nil {
		return err, p.state
	}
	roster, err := p.w.State.Roster(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the roster: %w", err)
	}
	p.entries = on(p.name, roster)
	if docs := p.intents(); len(docs) > 0 {
		if err := p.find(ctx, docs); err != nil || p.state != nil {
			return err, p.state
		}
	}
	sweep := begun.Sub(progress.Swept).Abs() >= SweepEvery // it was in the future when the clock was wrong
	if err := p.reread(ctx, sweep); err != nil || p.state != nil {
		return err, p.state
	}
	if sweep {
		progress.Swept = begun
	}
	progress.Polled = begun
	if err := p.w.State.SaveProgress(ctx, p.name, progress); err != nil {
		return nil, fmt.Errorf("save progress: %w", err)
	}
	return nil, nil
}

// intents lists the documents that have a create of unknown outcome.
func (p *poll) intents() []string {
	docs := map[string]bool{}
	for _, e := range p.entries {
		if e.State == ticket.StateIntent {
			docs[e.Key.Document] = true
		}
	}
	return slices.Sorted(maps.Keys(docs))
}

// find looks for our tickets by their markers: of some documents, or all.
func (p *poll) find(ctx context.Context, documents []string) error {
	at := p.w.stamp()
	var page []ticket.Seen
	for s, err := range p.w.Trackers[p.name].Find(ctx, documents) {
		if err != nil {
			return err
		}
		page = append(page, s)
		if len(page) == observePortion {
			if !p.observe(ctx, at, page) {
				return nil
			}
			page = page[:0]
		}
	}
	p.observe(ctx, at, page)
	return nil
}

// changed reads page by page, and keeps each page's cursor once the page is stored.
func (p *poll) changed(ctx context.Context, progress *Progress) error {
	at := p.w.stamp()
	for c, err := range p.w.Trackers[p.name].Changed(ctx, progress.Cursor) {
		if err != nil {
			return err
		}
		if !p.observe(ctx, at, c.Seen) {
			break
		}
		maps.Copy(p.broken, c.Broken)
		if c.Census != nil {
			if p.census == nil {
				p.census = map[ticket.Ref]bool{}
			}
			for _, ref := range c.Census {
				p.census[ref] = true
			}
		}
		if c.Cursor != "" && c.Cursor != progress.Cursor {
			progress.Cursor = c.Cursor
			p.state = p.w.State.SaveProgress(ctx, p.name, *progress)
		}
		if p.state != nil {
			break
		}
		at = p.w.stamp()
	}
	return nil
}

// observe remembers what was read; it reports whether the state took it.
func (p *poll) observe(ctx context.Context, at time.Time, seen []ticket.Seen) bool {
	if p.state != nil {
		return false
	}
	sums := make([]ticket.Seen, 0, len(seen))
	for _, s := range seen {
		s.Tracker, s.AsOf = p.name, at
		sums = append(sums, s.Sum())
	}
	if len(sums) > 0 {
		if err := p.w.State.Observe(ctx, sums...); err != nil {
			p.state = fmt.Errorf("remember tickets: %w", err)
		}
	}
	return p.state == nil
}

// reread reads tickets by ref that the change list cannot tell of: those that are not
// marked as ours, those that were missed once or share a marker, and, once a day, all
// that are not finished.
func (p *poll) reread(ctx context.Context, sweep bool) error {
	var refs, absent []ticket.Ref
	for _, e := range p.entries {
		if !e.Owns() {
			continue
		}
		switch ref := e.At.Ref; {
		case p.census != nil && !p.census[ref] && !e.Gone:
			absent = append(absent, ref)
		case !e.Known, e.Misses > 0 && !e.Gone, e.Marker != e.Key:
			refs = append(refs, ref)
		case sweep && !e.Finished:
			refs = append(refs, ref)
		}
	}
	refs = append(refs, p.twins()...)
	if err := p.read(ctx, refs); err != nil {
		return err
	}
	// Absence from a census is the first miss; the read that follows may be the second.
	if !p.miss(ctx, absent) {
		return nil
	}
	return p.read(ctx, absent)
}

// twins lists tickets that share their marker with another. Keys are there once, so one
// of the two does not carry the key of its link.
func (p *poll) twins() []ticket.Ref {
	refs := map[ticket.Key][]ticket.Ref{}
	for _, e := range p.entries {
		if (e.State == "" || e.Marker != e.Key) && e.Marker != (ticket.Key{}) && !e.Gone {
			refs[e.Marker] = nil
		}
	}
	for _, e := range p.entries {
		if _, odd := refs[e.Marker]; odd && !e.Gone && !slices.Contains(refs[e.Marker], e.At.Ref) {
			refs[e.Marker] = append(refs[e.Marker], e.At.Ref)
		}
	}
	var out []ticket.Ref
	for _, same := range refs {
		if len(same) > 1 {
			out = append(out, same...)
		}
	}
	return out
}

func (p *poll) read(ctx context.Context, refs []ticket.Ref) error {
	if len(refs) == 0 {
		return nil
	}
	at := p.w.stamp()
	got, err := p.w.get(ctx, p.name, refs)
	if err != nil {
		return err
	}
	maps.Copy(p.broken, got.broken)
	if p.observe(ctx, at, slices.Concat(slices.Collect(maps.Values(got.seen)), got.deleted)) {
		p.miss(ctx, got.lost(refs))
	}
	return nil
}

func (p *poll) miss(ctx context.Context, refs []ticket.Ref) bool {
	if len(refs) == 0 || p.state != nil {
		return p.state == nil
	}
	addresses := make([]ticket.Address, 0, len(refs))
	for _, ref := range refs {
		addresses = append(addresses, ticket.Address{Tracker: p.name, Ref: ref})
	}
	if err := p.w.State.Miss(ctx, p.w.stamp(), addresses...); err != nil {
		p.state = fmt.Errorf("remember missing tickets: %w", err)
	}
	return p.state == nil
}
