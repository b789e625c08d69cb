package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// tally is what became of many runs on one tracker.
type tally struct {
	tracker    string
	runs       int
	broken     int // runs that could not be held for reasons of our own
	violations int
	took       time.Duration
	counts     counts
}

// counts are what happened in runs, by name.
type counts map[string]int

func (c counts) add(other counts) {
	for name, n := range other {
		c[name] += n
	}
}

// failure is a run that found something, or that could not be held.
type failure struct {
	tracker    string
	seed       uint64
	folder     string
	violations []string
	err        error
}

// String tells people what was found and how to look into it.
func (f failure) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s, seed %d: ", f.tracker, f.seed)
	if f.err != nil {
		fmt.Fprintf(&b, "the run could not be held: %v\n", f.err)
	} else {
		fmt.Fprintf(&b, "%d violations\n", len(f.violations))
	}
	for _, v := range f.violations {
		fmt.Fprintf(&b, "  - %s\n", short(v))
	}
	fmt.Fprintf(&b, "  all of it is in %s\n  again: make chaos TRACKER=%s SEED=%d N=1\n", f.folder, f.tracker, f.seed)
	return b.String()
}

// short is the beginning of a violation; the journal has it whole.
func short(text string) string {
	const most = 300
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "..."
	}
	return strings.ReplaceAll(text, "\n", "\n    ")
}

// series holds o.runs runs on one tracker, some side by side, until ctx is done or
// enough is said to be enough.
func series(ctx context.Context, o options, k kind, program, work string, tell func(failure), enough func(tally) bool) tally {
	t := tally{tracker: k.name, counts: counts{}}
	if k.serve != nil {
		served, end, err := k.serve(ctx)
		if err != nil {
			t.broken++
			tell(failure{tracker: k.name, seed: o.seed, err: err})
			return t
		}
		defer end()
		k = served
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	beside := max(o.parallel, 1)
	if k.serial {
		beside = 1
	}
	slots := make(chan struct{}, beside)
	for i := range o.runs {
		slots <- struct{}{}
		mu.Lock()
		done := ctx.Err() != nil || enough != nil && enough(t)
		mu.Unlock()
		if done {
			break
		}
		group.Go(func() {
			defer func() { <-slots }()
			seed := o.seed + uint64(i)
			dir := filepath.Join(work, fmt.Sprintf("%s-%d", k.name, seed))
			c, found, err := hold(ctx, k, seed, program, dir)
			mu.Lock()
			defer mu.Unlock()
			t.counts.add(c)
			if err != nil && ctx.Err() != nil {
				return
			}
			t.runs++
			t.violations += len(found)
			if err != nil {
				t.broken++
			}
			if f := (failure{k.name, seed, dir, found, err}); err != nil || len(found) > 0 || o.keepAll {
				f.folder = keep(dir, o.keep)
				if err != nil || len(found) > 0 {
					tell(f)
				}
			}
			_ = os.RemoveAll(dir)
		})
	}
	group.Wait()
	return t
}

// keep copies the folder of a run to where it stays, and says where that is.
func keep(dir, to string) string {
	kept := filepath.Join(to, filepath.Base(dir))
	if err := os.RemoveAll(kept); err != nil {
		return dir
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return dir
	}
	if err := os.CopyFS(kept, os.DirFS(dir)); err != nil {
		return kept + " (in part: " + err.Error() + ")"
	}
	return kept
}

// hold is one run: its world is made from the seed, things happen in it, and it is
// checked once it has come to rest.
func hold(ctx context.Context, k kind, seed uint64, program, dir string) (c counts, found []string, err error) {
	r, err := newRun(ctx, k, seed, program, dir)
	if err != nil {
		return nil, nil, err
	}
	defer r.close()
	if err := r.live(); err != nil {
		return r.counts, nil, err
	}
	settled, err := r.settle()
	if err != nil {
		return r.counts, r.found, err
	}
	if settled {
		err = r.check()
	}
	return maps.Clone(r.counts), r.found, err
}
