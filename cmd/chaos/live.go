package main

import (
	"errors"
	"fmt"
	"time"
)

// live lets things happen. Each step is one or several processes with what is done to
// them, and what people and authors do meanwhile and after.
func (r *run) live() error {
	for n := range 6 + r.dice.IntN(7) {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		r.logf("--- step %d", n+1)
		if err := r.step(n == 0); err != nil {
			return err
		}
		if err := r.meddle(r.dice.IntN(4), true); err != nil {
			return err
		}
		if err := r.passTime(); err != nil {
			return err
		}
	}
	return nil
}

// step does one thing with percolate.
func (r *run) step(first bool) error {
	d := r.dice
	switch n := d.IntN(20); {
	case n < 3 && !first:
		return r.quietSync()
	case n < 5:
		return r.cutOff()
	case n < 11:
		return r.together(1)
	case n < 14:
		return r.together(2 + d.IntN(2))
	case n < 17:
		return r.overtaken()
	}
	return r.badDisk()
}

// quietSync runs sync alone, with nothing in its way.
func (r *run) quietSync() error {
	_, _, err := r.percolate(pick(r.dice, []string{"sync", "sync", "poll"}))
	return err
}

// cutOff ends a process in the midst of filing, and runs the next one at once, when the
// tracker's index may not know yet what was filed.
func (r *run) cutOff() error {
	r.alone = true
	d := pick(r.dice, r.docs)
	d.add(r.dice)
	if err := d.write(r.path("pers")); err != nil {
		return err
	}
	point := pick(r.dice, []string{"create.before:1", "create.after:1", "create.after:1", "create.after:2", "save.before:2", "save.before:3"})
	r.happened("failpoint kill")
	const lease = 250 * time.Millisecond
	for _, h := range []harm{{failpoint: point + ":kill", lease: lease}, {}} {
		c, err := r.begin(h, "sync")
		if err != nil {
			return err
		}
		if err := r.wait(r.ctx, c); err != nil {
			return err
		}
		if h.lease > 0 {
			time.Sleep(lease)
		}
	}
	return r.calm()
}

// together runs some processes at once, each with its own harm, while people and
// authors go on and the tracker and the way to it fail.
func (r *run) together(n int) error {
	r.alone = n == 1
	if err := r.trouble(); err != nil {
		return err
	}
	var children []*child
	for range n {
		c, err := r.begin(r.harm(), r.command())
		if err != nil {
			return err
		}
		children = append(children, c)
	}
	if err := r.meanwhile(); err != nil {
		return err
	}
	for _, c := range children {
		if err := r.wait(r.ctx, c); err != nil {
			return err
		}
	}
	return r.calm()
}

// overtaken suspends a process past its lease, lets another do the work, and lets the
// first one go on.
func (r *run) overtaken() error {
	r.alone = false
	slow := harm{lease: 250 * time.Millisecond}
	if n := r.dice.IntN(6); n < 2 {
		slow.failpoint = fmt.Sprintf("%s:1:stop", pick(r.dice, []string{"create.before", "create.after", "update.before", "update.after"}))
	} else if n < 4 {
		slow.stop = r.moment()
	} else {
		point, n := r.point()
		slow.failpoint = fmt.Sprintf("%s:%d:stop", point, n)
		r.counts["point: "+point]++
	}
	insist := r.insist()
	if err := insist(); err != nil {
		return err
	}
	c, err := r.begin(slow, "sync")
	if err != nil {
		return err
	}
	if slow.stop > 0 {
		err = r.wait(r.ctx, c)
	} else {
		r.untilStopped(c)
		c.stopped = time.Now()
	}
	if err != nil || c.over() {
		return err
	}
	r.happened("suspended")
	time.Sleep(400 * time.Millisecond) // its lease ends by every clock, its own timers included
	if err := r.pastLag(); err != nil {
		return err
	}
	if err := errors.Join(insist(), r.meddle(r.dice.IntN(3), false)); err != nil {
		return err
	}
	for range 1 + r.dice.IntN(2) {
		if err := r.other(); err != nil {
			return err
		}
		if err := r.meddle(r.dice.IntN(3), false); err != nil {
			return err
		}
	}
	r.pauses[c.cmd.Process.Pid] = window{c.stopped, time.Now()}
	resume(c.cmd.Process)
	r.logf("process %d goes on", c.cmd.Process.Pid)
	c.harm.stop = 0
	return errors.Join(r.wait(r.ctx, c), insist())
}

// other runs a sync beside a suspended process. It may have to wait for a lock that the
// other one holds; then it is killed.
func (r *run) other() error {
	c, err := r.begin(harm{kill: 2 * time.Second}, "sync")
	if err != nil {
		return err
	}
	return r.wait(r.ctx, c)
}

// badDisk runs sync while the state cannot be written, in whole or in part.
func (r *run) badDisk() error {
	h := harm{}
	switch r.dice.IntN(3) {
	case 0:
		if r.disk.fill(int64(r.dice.IntN(200 << 10))) {
			r.happened("disk full")
		}
	case 1:
		if r.disk.freeze() {
			r.happened("disk read-only")
		}
	default:
		h.fileLimit = 1 + r.dice.IntN(120)
		r.happened("files limited")
	}
	c, err := r.begin(h, "sync")
	if err != nil {
		return err
	}
	if err := r.meanwhile(); err != nil {
		return err
	}
	if err := r.wait(r.ctx, c); err != nil {
		return err
	}
	r.tellFaults()
	return r.disk.mend()
}
