package main

import (
	"fmt"
	"strings"
	"time"
)

// harm is what one process is put through.
type harm struct {
	kill      time.Duration // kill it so long after its start; 0 does not
	interrupt time.Duration // ask it to stop, likewise
	stop      time.Duration // suspend it, likewise
	failpoint string
	lease     time.Duration // how long its leases are; 0 is percolate's own
	fileLimit int           // kilobytes that a file of it may grow to; 0 for no limit
}

func (r *run) command() string {
	if r.dice.IntN(6) == 0 {
		return pick(r.dice, []string{"poll", "plan"})
	}
	return "sync"
}

// harm is what comes over one process.
func (r *run) harm() harm {
	h := harm{lease: r.lease()}
	d := r.dice
	switch d.IntN(12) {
	case 0, 1, 2:
		h.kill = r.moment()
	case 3, 4, 5, 6:
		h.failpoint = r.failpoint("kill", "kill", "kill", "error", "error", "sleep=50ms")
	case 7, 8:
		h.failpoint = fmt.Sprintf("%s:%d:%s", pick(d, []string{"create.before", "create.after", "save.before", "save.after"}), 1+d.IntN(3), pick(d, []string{"kill", "error"}))
		r.happened("failpoint at a create")
	case 9:
		h.interrupt = r.moment()
		r.happened("interrupted")
	}
	return h
}

// moment is some time within the life of a process.
func (r *run) moment() time.Duration {
	return time.Duration(1+r.dice.IntN(120)) * time.Millisecond
}

// lease is mostly short, so that a process can be late in a test's time.
func (r *run) lease() time.Duration {
	return pick(r.dice, []time.Duration{0, 300 * time.Millisecond, 600 * time.Millisecond})
}

// failpoint is one step of percolate at which one of the actions is taken.
func (r *run) failpoint(actions ...string) string {
	do := pick(r.dice, actions)
	point, n := r.point()
	name, _, _ := strings.Cut(do, "=")
	r.happened("failpoint " + name)
	r.counts["point: "+point]++
	return fmt.Sprintf("%s:%d:%s", point, n, do)
}

// point is a named step, and how often it is passed before something happens.
func (r *run) point() (string, int) {
	writing := []string{
		"create.before", "create.after", "update.before", "update.after", "save.before", "save.after",
		"observe.before", "observe.after", "renew.before", "renew.after",
	}
	once := []string{
		"find.before", "find.after", "get.before", "get.after", "changed.before", "changed.page", "lease.before", "lease.after",
		"release.before", "release.after", "save_findings.before", "save_findings.after", "save_events.before", "save_events.after",
		"save_progress.before", "save_progress.after", "miss.before", "miss.after", "approve.before", "links", "known", "roster", "progress",
	}
	switch r.dice.IntN(4) {
	case 0:
		return pick(r.dice, once), 1
	case 1:
		return "any", 1 + r.dice.IntN(45)
	}
	return pick(r.dice, writing), 1 + r.dice.IntN(3)
}
