package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"time"
)

// passage is one step that a process of percolate took, as it noted itself.
type passage struct {
	PID   int      `json:"pid"`
	At    int64    `json:"at"`
	Point string   `json:"point"`
	About []string `json:"about"`
}

func (p passage) time() time.Time { return time.Unix(0, p.At) }

// trace reads what all processes noted so far. The last line may be half written.
func (r *run) trace() ([]passage, error) {
	text, err := os.ReadFile(r.path("trace"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	var out []passage
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var p passage
		if json.Unmarshal(lines.Bytes(), &p) == nil {
			out = append(out, p)
		}
	}
	return out, err
}

// stopped reports whether a process has been suspended by its failpoint.
func (r *run) stopped(c *child) bool {
	all, _ := r.trace()
	return slices.ContainsFunc(all, func(p passage) bool {
		return p.PID == c.cmd.Process.Pid && strings.HasPrefix(p.Point, "stopped")
	})
}

// window is the time from a process's last fresh read of a ticket until the write that
// followed it had ended. What a person does within can be overwritten; nothing else can.
type window struct{ from, to time.Time }

// windows are those of one ticket.
func windows(trace []passage, ref string) []window {
	var out []window
	read := map[int]time.Time{}    // by process: when its last read of the ticket began
	writing := map[int]bool{}      // by process
	last := map[int]time.Time{}    // by process: when it was last heard of
	begun := map[int][]time.Time{} // by process: reads that did not end yet
	for _, p := range trace {
		last[p.PID] = p.time()
		about := slices.ContainsFunc(p.About, func(r string) bool { return sameTicket(r, ref) })
		switch {
		case p.Point == "get.before" && about:
			begun[p.PID] = append(begun[p.PID], p.time())
		case p.Point == "get.after" && about && len(begun[p.PID]) > 0:
			read[p.PID] = begun[p.PID][len(begun[p.PID])-1]
		case p.Point == "update.before" && about:
			writing[p.PID] = true
		case p.Point == "update.after" && about && writing[p.PID]:
			out = append(out, window{read[p.PID], p.time()})
			writing[p.PID] = false
		}
	}
	for pid, yes := range writing {
		if yes { // it died, and what it had sent may still arrive
			out = append(out, window{read[pid], last[pid].Add(time.Second)})
		}
	}
	return slices.DeleteFunc(out, func(w window) bool { return w.from.IsZero() })
}

// within reports whether an edit fell into one of the windows.
func (e edit) within(all []window) bool {
	return slices.ContainsFunc(all, func(w window) bool { return e.to.After(w.from) && e.from.Before(w.to) })
}
