package main

import (
	"sync"
	"time"
)

// delay adds up how long requests were delayed. Those that wait beside each other count
// once, so that it tells how many of them waited for one another.
type delay struct {
	mu    sync.Mutex
	now   int // requests that wait
	since time.Time
	total time.Duration
}

func (d *delay) begin() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now == 0 {
		d.since = time.Now()
	}
	d.now++
}

func (d *delay) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now--; d.now == 0 {
		d.total += time.Since(d.since)
	}
}

// waited is the time until now.
func (d *delay) waited() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.total
}
