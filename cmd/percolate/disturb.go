//go:build chaos

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	persync "percolate/sync"
	"percolate/ticket"
	"percolate/trackers"
)

// The variables by which cmd/chaos disturbs this build.
const (
	envClock     = "PERCOLATE_CHAOS_CLOCK"     // a file with nanoseconds that the clock is ahead; it is read at every look
	envFailpoint = "PERCOLATE_CHAOS_FAILPOINT" // POINT:N:kill|stop|error|sleep=DURATION, with commas between several
	envLease     = "PERCOLATE_CHAOS_LEASE"     // how long leases are, in place of the worker's own
	envPortion   = "PERCOLATE_CHAOS_PORTION"   // how many documents are decided together, likewise
	envTrace     = "PERCOLATE_CHAOS_TRACE"     // a file that a line is added to at every point passed
)

// disturb puts failpoints around every tracker and the state, and a clock that jumps
// into the program. The plan is in the environment.
func disturb(p *program) {
	d := &disturber{passed: map[string]int{}}
	if file, ok := p.env(envClock); ok {
		p.now = func() time.Time { return time.Now().Add(offset(file)) }
	}
	if text, ok := p.env(envFailpoint); ok {
		for spec := range strings.SplitSeq(text, ",") {
			d.points = append(d.points, parseFailpoint(spec))
		}
	}
	if file, ok := p.env(envTrace); ok {
		f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			panic(err)
		}
		d.trace = f
	}
	lease, _ := p.env(envLease)
	ttl, _ := time.ParseDuration(lease)
	portion, _ := p.env(envPortion)
	p.portion, _ = strconv.Atoi(portion)
	p.wrap = func(t trackers.Tracker) trackers.Tracker { return disturbedTracker{t, d} }
	p.wrapState = func(s persync.State) persync.State { return disturbedState{s, d, ttl} }
}

// offset is how far the clock is ahead. A file that is being replaced is no offset.
func offset(file string) time.Duration {
	text, _ := os.ReadFile(file)
	n, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return time.Duration(n)
}

// failpoint is what happens when a point is passed for the n-th time. The point "any"
// is each of them.
type failpoint struct {
	point string
	n     int
	do    string
	sleep time.Duration
}

func parseFailpoint(spec string) failpoint {
	parts := strings.Split(spec, ":")
	if len(parts) != 3 {
		panic("a failpoint is POINT:N:ACTION, and not " + spec)
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		panic(err)
	}
	f := failpoint{point: parts[0], n: n, do: parts[2]}
	if text, ok := strings.CutPrefix(f.do, "sleep="); ok {
		if f.sleep, err = time.ParseDuration(text); err != nil {
			panic(err)
		}
		f.do = "sleep"
	}
	return f
}

// disturber knows which points were passed, and what is to happen there.
type disturber struct {
	points []failpoint
	trace  *os.File

	mu     sync.Mutex
	passed map[string]int
}

var errFailpoint = errors.New("the failpoint says so")

// pass goes through a point about some tickets. The error is what the caller must
// return, as if the call had failed there.
func (d *disturber) pass(ctx context.Context, point string, about ...string) error {
	d.mu.Lock()
	d.passed[point]++
	d.passed["any"]++
	here := map[string]int{point: d.passed[point], "any": d.passed["any"]}
	d.mu.Unlock()
	if strings.HasSuffix(point, ".after") {
		d.note(point, about) // at once: what was called has ended, whatever comes now
	} else {
		defer d.note(point, about)
	}
	for _, f := range d.points {
		if here[f.point] != f.n {
			continue
		}
		switch f.do {
		case "kill":
			d.signal(point, syscall.SIGKILL)
		case "stop":
			d.signal(point, syscall.SIGSTOP)
		case "sleep":
			select {
			case <-time.After(f.sleep):
			case <-ctx.Done():
			}
		case "error":
			return fmt.Errorf("%s: %w", point, errFailpoint)
		default:
			panic("no such action: " + f.do)
		}
	}
	return nil
}

// signal ends or suspends this process, at once.
func (d *disturber) signal(point string, s syscall.Signal) {
	d.note(s.String()+" at "+point, nil)
	_ = syscall.Kill(os.Getpid(), s)
	// Until the signal has come to every thread; and after it went on, until what ended
	// meanwhile has been told: that the two meet in one moment is the stated limit.
	for range 2 {
		time.Sleep(20 * time.Millisecond)
	}
}

// passage is a line of the trace. Its time is the machine's, which does not jump.
type passage struct {
	PID   int      `json:"pid"`
	At    int64    `json:"at"` // nanoseconds since 1970
	Point string   `json:"point"`
	About []string `json:"about,omitempty"`
}

func (d *disturber) note(point string, about []string) {
	if d.trace == nil {
		return
	}
	line, err := json.Marshal(passage{os.Getpid(), time.Now().UnixNano(), point, about})
	if err == nil {
		_, err = d.trace.Write(append(line, '\n'))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "trace:", err)
	}
}

func refsOf(refs []ticket.Ref) []string {
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = string(r)
	}
	return out
}
