package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"
)

// changes is how many tickets people change, and how many documents their authors do.
const changes = 10

// row is one work as it was measured.
type row struct {
	tracker  string
	size     size
	latency  time.Duration
	work     string
	requests int
	least    need
	others   string
	usage    usage
	waited   time.Duration // with at least one request under way
	server   time.Duration // that a real server had requests to answer; 0 for a simulator, which answers at once
	parallel int
}

// rounds is how many requests waited for one another.
func (r row) rounds() float64 { return float64(r.waited) / float64(max(r.latency, 1)) }

// abreast is the time that the requests take when as many as may be are always under way
// at once, as if none waited for the answer to another.
func (r row) abreast() time.Duration {
	return time.Duration(r.requests) * r.latency / time.Duration(r.parallel)
}

// possible is the time that is needed at least: what the requests take, of which some
// wait for others, or the server's own time where that is more, and what percolate
// computes, spread over all cores. Both are added: documents are read before the first
// request, and what was written is kept after the last.
func (r row) possible() time.Duration {
	waits := time.Duration(r.least.rounds) * r.latency
	return max(waits, r.abreast(), r.server) + r.usage.cpu/time.Duration(runtime.NumCPU())
}

// bench is one tracker with documents of one size.
type bench struct {
	settings
	tracker tracker
	size    size
	latency time.Duration
	dir     folder
	sim     *simulator
	before  stats
	rows    []row
}

// measure files documents and joins them with their tickets again, and tells what that
// took. It also wants that it was done: the tickets are there, and nothing is left to do.
func measure(ctx context.Context, s settings, t tracker, sz size, latency time.Duration) ([]row, error) {
	dir, err := os.MkdirTemp("", "benchsync-")
	if err != nil {
		return nil, err
	}
	b := &bench{settings: s, tracker: t, size: sz, latency: latency, dir: folder(dir)}
	if b.sim, err = start(ctx, s, t, latency, dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	err = b.works(ctx)
	b.sim.stop()
	return b.rows, errors.Join(err, os.RemoveAll(dir))
}

// works does everything that is measured.
func (b *bench) works(ctx context.Context) error {
	if err := b.dir.write(b.size, b.tracker, b.sim.address); err != nil {
		return err
	}
	t := b.tracker
	filing := func(r rival) func(int, int) int { return r.file }
	idle := func(r rival) func(int, int) int { return r.unchanged }
	some := func(r rival) func(int, int) int { return r.some }
	if err := b.run(ctx, "first import", t.floor.file(b.size).and(t.floor.poll(0)), others(t.rivals, filing, b.size.tickets(), 0), "sync", "--yes", "--force"); err != nil {
		return err
	}
	if b.before.Tickets != b.size.tickets() {
		return fmt.Errorf("%d tickets were filed, want %d", b.before.Tickets, b.size.tickets())
	}
	// The import's own changes come back with the poll after it, as everybody's do.
	if err := b.run(ctx, "the cycle after it", t.floor.poll(b.size.tickets()), others(t.rivals, idle, b.size.tickets(), 0), "sync", "--yes"); err != nil {
		return err
	}
	// A poll looks back to before the last one, over a while that an index may lag behind.
	b.sim.pass(ctx)
	if err := b.settle(ctx); err != nil {
		return err
	}
	b.sim.pass(ctx)
	if err := b.run(ctx, "nothing changed", t.floor.poll(0), others(t.rivals, idle, b.size.tickets(), 0), "sync", "--yes"); err != nil {
		return err
	}
	if err := b.people(ctx); err != nil {
		return err
	}
	if err := b.run(ctx, "10 tickets changed by people", t.floor.poll(changes), others(t.rivals, some, b.size.tickets(), changes), "sync", "--yes"); err != nil {
		return err
	}
	b.sim.pass(ctx)
	if err := b.settle(ctx); err != nil {
		return err
	}
	b.sim.pass(ctx)
	for n := range changes {
		if err := b.dir.writeDocument(n, b.size.actions, "2026-10-15"); err != nil {
			return err
		}
	}
	if err := b.run(ctx, "10 actions changed by documents", t.floor.poll(0).and(t.floor.refresh(changes)), others(t.rivals, some, b.size.tickets(), changes), "sync", "--yes", "--force"); err != nil {
		return err
	}
	_, err := b.dir.percolate(ctx, b.settings, b.tracker.key, "plan", "--exit-code")
	return err
}

// settle runs percolate once and measures nothing.
func (b *bench) settle(ctx context.Context) error {
	_, err := b.dir.percolate(ctx, b.settings, b.tracker.key, "sync", "--yes")
	if err == nil {
		b.before, err = b.sim.stats(ctx)
	}
	return err
}

// people changes tickets as people do: half get another title, half are done.
func (b *bench) people(ctx context.Context) error {
	refs, err := b.sim.refs(ctx, changes, func(title string) bool { return mine(title, 2) })
	if err != nil {
		return err
	}
	for i, ref := range refs {
		a := act{Do: "title", Ref: ref, Value: fmt.Sprintf("Retitled by a person (%d-0)", i)}
		if i%2 == 0 {
			a = act{Do: "status", Ref: ref, Value: "done"}
		}
		if err := b.sim.person(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// run runs percolate once and keeps what it took.
func (b *bench) run(ctx context.Context, work string, least need, others string, args ...string) error {
	u, err := b.dir.percolate(ctx, b.settings, b.tracker.key, args...)
	if err != nil {
		return err
	}
	after, err := b.sim.stats(ctx)
	if err != nil {
		return err
	}
	b.rows = append(b.rows, row{
		tracker: b.tracker.name, size: b.size, latency: b.latency, work: work, requests: after.total() - b.before.total(),
		least: least, others: others, usage: u, server: after.Busy - b.before.Busy,
		waited: after.waited - b.before.waited, parallel: b.tracker.parallel,
	})
	fmt.Fprintf(b.log, "%s, %d documents, %s, %s: %s\n", b.tracker.name, b.size.documents, b.latency, work, b.asked(after))
	b.before = after
	return nil
}

// asked tells what was asked of the tracker since the last work.
func (b *bench) asked(after stats) string {
	text := ""
	for _, name := range sorted(after.Requests) {
		if n := after.Requests[name] - b.before.Requests[name]; n > 0 {
			text += fmt.Sprintf("%d %s, ", n, name)
		}
	}
	return text + "no more"
}
