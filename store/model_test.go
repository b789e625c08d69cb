package store_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"percolate/store"
	"percolate/store/memory"
	persync "percolate/sync"
	"percolate/ticket"
)

// Whatever is done to them, in whatever order, a database answers as the plain state
// in memory does: that one is short enough to be checked by reading.
func TestADatabaseAnswersAsPlainMemoryDoes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := &pair{now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}
		p.plain = memory.New(func() time.Time { return p.now })
		db, err := store.Open(t.Context(), store.Memory, store.Options{Now: func() time.Time { return p.now }})
		if err != nil {
			r.Fatal(err)
		}
		defer db.Close()
		p.db, p.t = db, t
		r.Repeat(map[string]func(*rapid.T){
			"compare":  p.compare,
			"time":     func(r *rapid.T) { p.now = p.now.Add(duration(r)) },
			"lease":    p.lease,
			"renew":    p.renew,
			"release":  p.release,
			"save":     p.save,
			"observe":  p.observe,
			"miss":     p.miss,
			"findings": p.findings,
			"events":   p.events,
			"progress": p.progress,
			"approve":  p.approve,
		})
		p.compare(r)
	})
}

// pair is two states to which the same is done.
type pair struct {
	t      *testing.T
	now    time.Time
	plain  *memory.State
	db     *store.DB
	leases []persync.Lease
}

// same ends the run unless both answered alike.
func same[T any](r *rapid.T, do func(persync.State) (T, error), p *pair) (T, error) {
	r.Helper()
	want, errWant := do(p.plain)
	got, errGot := do(p.db)
	if !reflect.DeepEqual(errGot, errWant) {
		r.Fatalf("database: %v, memory: %v", errGot, errWant)
	}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) { // nil and empty are alike
		r.Fatalf("\ndatabase %+v\nmemory   %+v", got, want)
	}
	return got, errGot
}

// done is same for calls that answer nothing.
func done(r *rapid.T, do func(persync.State) error, p *pair) {
	r.Helper()
	same(r, func(s persync.State) (struct{}, error) { return struct{}{}, do(s) }, p)
}

func (p *pair) compare(r *rapid.T) {
	ctx := p.t.Context()
	some := rapid.SliceOfN(document(), 1, 3).Draw(r, "documents")
	same(r, func(s persync.State) ([]ticket.Link, error) { return s.Links(ctx) }, p)
	same(r, func(s persync.State) ([]ticket.Link, error) { return s.Links(ctx, some...) }, p)
	same(r, func(s persync.State) (map[ticket.Address]ticket.Known, error) { return s.Known(ctx) }, p)
	same(r, func(s persync.State) (map[ticket.Address]ticket.Known, error) { return s.Known(ctx, some...) }, p)
	same(r, func(s persync.State) ([]ticket.Finding, error) { return s.Findings(ctx) }, p)
	same(r, func(s persync.State) ([]ticket.Event, error) { return s.Events(ctx) }, p)
	same(r, func(s persync.State) ([]ticket.Observation, error) { return s.History(ctx) }, p)
	same(r, func(s persync.State) ([]string, error) { return s.Approved(ctx) }, p)
	same(r, func(s persync.State) (persync.Progress, error) { return s.Progress(ctx, "t1") }, p)
}

func (p *pair) lease(r *rapid.T) {
	documents := rapid.SliceOfN(document(), 0, 4).Draw(r, "documents")
	holder := rapid.SampledFrom([]string{"a", "b"}).Draw(r, "holder")
	ttl := duration(r)
	l, err := same(r, func(s persync.State) (persync.Lease, error) { return s.Lease(p.t.Context(), documents, holder, ttl) }, p)
	if err == nil {
		p.leases = append(p.leases, l)
	}
}

// anyLease is one that was given out at some time, or none.
func (p *pair) anyLease(r *rapid.T) persync.Lease {
	return rapid.SampledFrom(append(p.leases, persync.Lease{})).Draw(r, "lease")
}

func (p *pair) renew(r *rapid.T) {
	l, ttl := p.anyLease(r), duration(r)
	same(r, func(s persync.State) (persync.Lease, error) { return s.Renew(p.t.Context(), l, ttl) }, p)
}

func (p *pair) release(r *rapid.T) {
	l := p.anyLease(r)
	done(r, func(s persync.State) error { return s.Release(p.t.Context(), l) }, p)
}

func (p *pair) save(r *rapid.T) {
	l := p.anyLease(r)
	links := rapid.SliceOfN(rapid.Custom(link), 0, 3).Draw(r, "links")
	drop := rapid.SliceOfN(rapid.Custom(key), 0, 2).Draw(r, "drop")
	done(r, func(s persync.State) error { return s.Save(p.t.Context(), l, links, drop...) }, p)
}

func (p *pair) observe(r *rapid.T) {
	seen := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) ticket.Seen {
		at := address(r)
		return ticket.Seen{Tracker: at.Tracker, Ref: at.Ref, Status: ticket.Status(word(r)), Fields: fields(r), AsOf: p.moment(r),
			Word: word(r), Ours: rapid.Bool().Draw(r, "ours"), Updated: rapid.SampledFrom([]time.Time{{}, p.now.Add(-time.Hour)}).Draw(r, "updated"),
		}
	}), 0, 3).Draw(r, "seen")
	done(r, func(s persync.State) error { return s.Observe(p.t.Context(), seen...) }, p)
}

func (p *pair) miss(r *rapid.T) {
	at, missed := p.moment(r), rapid.SliceOfN(rapid.Custom(address), 0, 3).Draw(r, "missed")
	done(r, func(s persync.State) error { return s.Miss(p.t.Context(), at, missed...) }, p)
}

func (p *pair) findings(r *rapid.T) {
	documents := rapid.SliceOfN(document(), 0, 3).Draw(r, "documents")
	found := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) ticket.Finding {
		return ticket.Finding{Kind: ticket.FindingKind(word(r)), Key: key(r), Text: word(r)}
	}), 0, 4).Draw(r, "found")
	done(r, func(s persync.State) error { return s.SaveFindings(p.t.Context(), p.now, documents, found) }, p)
}

func (p *pair) events(r *rapid.T) {
	events := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) ticket.Event {
		return ticket.Event{Document: document().Draw(r, "document"), Title: word(r)}
	}), 0, 3).Draw(r, "events")
	drop := rapid.SliceOfN(document(), 0, 2).Draw(r, "drop")
	done(r, func(s persync.State) error { return s.SaveEvents(p.t.Context(), events, drop...) }, p)
}

func (p *pair) progress(r *rapid.T) {
	progress := persync.Progress{Polled: p.now.Truncate(time.Microsecond)}
	tracker := rapid.SampledFrom([]string{"t1", "t2"}).Draw(r, "tracker")
	done(r, func(s persync.State) error { return s.SaveProgress(p.t.Context(), tracker, progress) }, p)
}

func (p *pair) approve(r *rapid.T) {
	digests := rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y", "z"}), 0, 3).Draw(r, "digests")
	done(r, func(s persync.State) error { return s.Approve(p.t.Context(), digests) }, p)
}

// moment is an instant shortly before or after now, or one that others have too.
func (p *pair) moment(r *rapid.T) time.Time {
	return p.now.Add(time.Duration(rapid.IntRange(-3, 3).Draw(r, "offset")) * 700 * time.Nanosecond)
}

// duration is from none to a few of the steps in which time goes on.
func duration(r *rapid.T) time.Duration {
	return time.Duration(rapid.IntRange(0, 4).Draw(r, "duration")) * 1100 * time.Nanosecond
}

func document() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"PER-1", "PER-2", "PER-3"})
}

func key(r *rapid.T) ticket.Key {
	return ticket.Key{Document: document().Draw(r, "document"), Action: rapid.SampledFrom([]string{"", "A1", "A2"}).Draw(r, "action")}
}

func address(r *rapid.T) ticket.Address {
	return ticket.Address{
		Tracker: rapid.SampledFrom([]string{"t1", "t2"}).Draw(r, "tracker"),
		Ref:     ticket.Ref(rapid.SampledFrom([]string{"1", "2", "3"}).Draw(r, "ref")),
	}
}

func word(r *rapid.T) string {
	return rapid.SampledFrom([]string{"open", "active", "done"}).Draw(r, "word")
}

func fields(r *rapid.T) ticket.Fields {
	return ticket.Fields{
		Title: rapid.String().Draw(r, "title"), Body: word(r), Labels: rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 2).Draw(r, "labels"),
		Priority: ticket.Priority(rapid.IntRange(0, 5).Draw(r, "priority")),
	}
}

func link(r *rapid.T) ticket.Link {
	at := address(r)
	return ticket.Link{Key: key(r), Tracker: at.Tracker, Ref: at.Ref, Asked: fields(r), Text: rapid.String().Draw(r, "text")}
}
