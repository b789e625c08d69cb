package main

import (
	"strings"
	"time"
)

// trouble lets the tracker and the way to it fail now and then.
func (r *run) trouble() error {
	d := r.dice
	if len(r.kind.faults) > 0 && d.IntN(3) == 0 {
		switches := pick(d, r.kind.faults)
		r.happened("tracker " + strings.Join(strings.FieldsFunc(switches, func(c rune) bool { return strings.ContainsRune(`{}" `, c) }), ""))
		if err := r.tracker.disturb(switches); err != nil {
			return err
		}
	}
	if w := r.tracker.wire(); w != nil && d.IntN(2) == 0 {
		f := wireFault{answer: d.IntN(2) == 0, reset: d.IntN(2) == 0, at: int64(d.IntN(6000))}
		if d.IntN(3) == 0 {
			f.hold = time.Duration(20+d.IntN(300)) * time.Millisecond
		}
		w.disturb(f)
	}
	return nil
}

// calm ends what trouble began, and waits until nothing is on its way any more.
func (r *run) calm() error {
	if w := r.tracker.wire(); w != nil {
		w.disturb()
		w.drain()
	}
	r.tellFaults()
	return r.tracker.mend()
}

// meanwhile lets people and authors act, and percolate's clock jump, while it runs.
func (r *run) meanwhile() error {
	d := r.dice
	for range d.IntN(4) {
		time.Sleep(time.Duration(d.IntN(25)) * time.Millisecond)
		if err := r.meddle(1, false); err != nil {
			return err
		}
	}
	switch {
	case d.IntN(5) > 0:
		return nil
	case r.alone && d.IntN(2) == 0:
		r.happened("clock forward while it ran")
		return r.clock.jump(time.Duration(1+d.IntN(7200)) * time.Second)
	}
	r.happened("clock back while it ran")
	return r.clock.wrong(-time.Duration(1+d.IntN(7200)) * time.Second)
}

// meddle lets so many things be done by people and authors.
func (r *run) meddle(n int, quiet bool) error {
	for range n {
		do := r.author
		if r.dice.IntN(3) > 0 {
			do = func() error { return r.person(quiet) }
		}
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// passTime moves the clock between two steps: the world's on, and percolate's both ways.
func (r *run) passTime() error {
	d := r.dice
	switch d.IntN(8) {
	case 0, 1, 2:
		r.happened("clock forward")
		return r.clock.jump(time.Duration(1+d.IntN(300)) * time.Second)
	case 3:
		r.happened("clock forward")
		return r.clock.jump(time.Duration(1+d.IntN(30)) * time.Hour)
	case 4:
		r.happened("clock back")
		return r.clock.wrong(-time.Duration(1+d.IntN(300)) * time.Second)
	case 5:
		return r.clock.right()
	}
	return nil
}

// pastLag moves the world on by what a new ticket may stay out of sight, and more than
// the leases that stand.
func (r *run) pastLag() error {
	return r.clock.jump(r.kind.lag + 2*time.Second)
}

// untilStopped waits until a process has been suspended by its failpoint, or has ended.
func (r *run) untilStopped(c *child) {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if c.over() || r.stopped(c) {
			return
		}
	}
}
