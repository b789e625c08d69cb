package sync

import (
	"context"
	"iter"
	"maps"
	"time"

	"percolate/sync/plan"
	"percolate/ticket"
)

// Loop runs a worker again and again: it reads the documents, leaves those alone that
// changed just now, syncs the others, and waits. A cycle that fails is told and followed
// by the next; nothing is kept between cycles but what the state holds and when each
// document last changed.
type Loop struct {
	Worker   *Worker
	Load     func(ctx context.Context) (Batch, error)
	Interval time.Duration // from the end of a cycle to the start of the next
	Settle   time.Duration // a document that changed less than this long ago is left alone
	Told     func(Result)  // is told what was done to each portion of the documents, as [Request] says; may be nil
	Ended    func(Cycle)   // is told of every cycle; may be nil

	versions map[string]version
}

// Batch is what was read of the documents.
type Batch struct {
	Documents Documents
	Whole     bool                 // they are all there are
	Versions  map[string]string    // by document: a digest of its content
	Changed   map[string]time.Time // by document: when it last changed, where that is known
}

// Cycle is one round of the loop.
type Cycle struct {
	Begun, Ended time.Time
	Documents    Documents       // nil when they could not be read
	Whole        bool            // they are all there are
	Left         map[string]bool // documents that were left alone because they changed just now
	Result       Result          // what was done, as far as it was
	Err          error           // why the cycle ended early; nil also when single steps failed
}

// Unsynced names the documents that are not known to be as they want to be: left
// alone, broken, held back, or with a step or a tracker that failed. A finding that
// waits for a person's word, such as a conflict, does not make a document unsynced.
func (c Cycle) Unsynced() map[string]bool {
	out := maps.Clone(c.Left)
	if out == nil {
		out = map[string]bool{}
	}
	for h := range c.Heads() {
		if h.Document != "" && (c.Err != nil || h.Broken) {
			out[h.Document] = true
		}
	}
	for _, d := range c.Result.Done {
		if d.Err != nil {
			out[d.Step.Link.Key.Document] = true
		}
	}
	for _, n := range c.Result.Plan.Notes {
		if n.Word == plan.WordUnread {
			out[n.Key.Document] = true
		}
	}
	for _, f := range c.Result.Findings {
		if f.Key.Document != "" && (f.Kind == ticket.FindBusy || f.Kind == ticket.FindPending || f.Kind == ticket.FindUnread) {
			out[f.Key.Document] = true
		}
	}
	if c.Result.Plan.Held != nil {
		for _, id := range c.Result.Plan.DocumentIDs() {
			out[id] = true
		}
	}
	return out
}

// Heads are those of the documents that were read.
func (c Cycle) Heads() iter.Seq[Head] {
	return func(yield func(Head) bool) {
		for i := 0; c.Documents != nil && i < c.Documents.Len(); i++ {
			if !yield(c.Documents.Head(i)) {
				return
			}
		}
	}
}

// version is the content of a document and since when it is known to have it.
type version struct {
	digest string
	since  time.Time
}

// Run cycles until ctx is done. It ends between two writes, with the state saved.
func (l *Loop) Run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if ctx.Err() != nil {
			return
		}
		c := l.cycle(ctx)
		if l.Ended != nil {
			l.Ended(c)
		}
		timer.Reset(l.Interval)
	}
}

func (l *Loop) cycle(ctx context.Context) Cycle {
	c := Cycle{Begun: l.Worker.Now()}
	batch, err := l.Load(ctx)
	if err == nil {
		c.Documents, c.Whole = batch.Documents, batch.Whole
		leave := l.unsettled(batch, c.Begun)
		c.Left = leave
		c.Result, err = l.Worker.Run(ctx, Request{
			Documents: batch.Documents, Whole: batch.Whole, Leave: leave, Brief: true, Told: l.Told,
		})
	}
	c.Err, c.Ended = err, l.Worker.Now()
	return c
}

// unsettled names the documents that changed less than Settle ago. When a document
// last changed is told by its file, or else by when its content was first seen.
func (l *Loop) unsettled(b Batch, now time.Time) map[string]bool {
	leave := map[string]bool{}
	next := make(map[string]version, len(b.Versions))
	for id, digest := range b.Versions {
		v, known := l.versions[id]
		if !known || v.digest != digest {
			v = version{digest: digest, since: now}
			if at, ok := b.Changed[id]; ok && at.Before(now) {
				v.since = at
			}
		}
		next[id] = v
		if now.Sub(v.since) < l.Settle {
			leave[id] = true
		}
	}
	l.versions = next
	return leave
}
