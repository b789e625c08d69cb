package main

import (
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

// clock is the time of one run. The world's only goes forward, in jumps. percolate's
// machine may be wrong about it, and its clock jumps both ways.
type clock struct {
	file        string // where the disturbed percolate reads how far it is ahead
	world, skew atomic.Int64
}

func newClock(file string) (*clock, error) {
	c := &clock{file: file}
	return c, c.write()
}

// now is the time of the world.
func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.world.Load())) }

// jump moves the world's time on, for everybody.
func (c *clock) jump(d time.Duration) error {
	c.world.Add(int64(d))
	return c.write()
}

// wrong moves percolate's clock alone.
func (c *clock) wrong(d time.Duration) error {
	c.skew.Add(int64(d))
	return c.write()
}

// right makes percolate's clock that of the world again. What percolate jumps forward by,
// the world does too: else percolate would believe that what lags has caught up.
func (c *clock) right() error {
	c.world.Add(max(-c.skew.Load(), c.skew.Load()))
	c.skew.Store(0)
	return c.write()
}

func (c *clock) write() error {
	text := strconv.FormatInt(c.world.Load()+c.skew.Load(), 10)
	if err := os.WriteFile(c.file+".new", []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(c.file+".new", c.file)
}
