package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// child is one process of percolate.
type child struct {
	args    []string
	harm    harm
	cmd     *exec.Cmd
	out     bytes.Buffer // what it said on both
	ended   chan struct{}
	begun   time.Time
	killed  bool // by us, before it had ended by itself
	stopped time.Time
}

// patience is how long a process may take. Only one that hangs takes so long.
const patience = 40 * time.Second

// begin starts percolate.
func (r *run) begin(h harm, args ...string) (*child, error) {
	args = append(args, "--config", r.path("percolate.yaml"))
	cmd := exec.Command(r.program, args...) //nolint:noctx // it was built for this; who kills it when is what this is about
	if h.fileLimit > 0 {
		cmd = exec.Command("sh", append([]string{"-c", fmt.Sprintf(`ulimit -f %d; exec "$0" "$@"`, 2*h.fileLimit), r.program}, args...)...) //nolint:noctx // likewise
	}
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "CHAOS_TOKEN="+cmp.Or(r.kind.key, token),
		"PERCOLATE_CHAOS_CLOCK="+r.clock.file, "PERCOLATE_CHAOS_TRACE="+r.path("trace"),
		fmt.Sprintf("PERCOLATE_CHAOS_PORTION=%d", r.seed%3)) // 0 is large enough for all
	if h.failpoint != "" {
		cmd.Env = append(cmd.Env, "PERCOLATE_CHAOS_FAILPOINT="+h.failpoint)
	}
	if h.lease > 0 {
		cmd.Env = append(cmd.Env, "PERCOLATE_CHAOS_LEASE="+h.lease.String())
	}
	c := &child{args: args, harm: h, cmd: cmd, ended: make(chan struct{}), begun: time.Now()}
	cmd.Stdout, cmd.Stderr = &c.out, &c.out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r.counts["processes"]++
	r.logf("process %d: percolate %s, %+v", cmd.Process.Pid, strings.Join(args[:len(args)-2], " "), h)
	go func() {
		_ = cmd.Wait() // its code is looked at by whoever waits for ended
		close(c.ended)
	}()
	return c, nil
}

// wait carries the harm out and waits for the end. A process that a failpoint or we
// suspended goes on when resumed is closed, or at the latest when patience ends.
func (r *run) wait(ctx context.Context, c *child) error {
	kill, interrupt, stop := after(c.harm.kill), after(c.harm.interrupt), after(c.harm.stop)
	hung := time.After(patience)
	for {
		select {
		case <-c.ended:
			return r.ended(c)
		case <-kill:
			c.killed = true
			_ = c.cmd.Process.Kill()
		case <-interrupt:
			_ = c.cmd.Process.Signal(os.Interrupt)
		case <-stop:
			c.stopped = time.Now()
			suspend(c.cmd.Process)
			return nil
		case <-hung:
			_ = c.cmd.Process.Kill()
			<-c.ended
			r.violate("process %d hung: percolate %s\n%s", c.cmd.Process.Pid, c.args[0], c.out.String())
			return nil
		case <-ctx.Done():
			_ = c.cmd.Process.Kill()
			<-c.ended
			return ctx.Err()
		}
	}
}

// after is a timer, or nothing for 0.
func after(d time.Duration) <-chan time.Time {
	if d == 0 {
		return nil
	}
	return time.After(d)
}

// over reports whether the process has ended.
func (c *child) over() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// code is the exit code, -1 for a process that a signal ended.
func (c *child) code() int { return c.cmd.ProcessState.ExitCode() }

var crash = regexp.MustCompile(`(?m)^(panic:|fatal error:|goroutine \d+ \[)`)

// duplicate is how percolate tells that two tickets serve one key.
var duplicate = regexp.MustCompile(`\? duplicate +(PER-[0-9]+-[0-9]+)`)

// ended looks at how a process ended.
func (r *run) ended(c *child) error {
	pid, code, said := c.cmd.Process.Pid, c.code(), c.out.String()
	r.logf("process %d ended after %v with %d\n%s", pid, time.Since(c.begun).Round(time.Millisecond), code, indent(said))
	if code < 0 && !crash.MatchString(said) { // by us, or by an interrupt before it listened or after it had done
		r.happened("killed")
		return nil
	}
	for _, m := range duplicate.FindAllStringSubmatch(said, -1) {
		r.duplicates[m[1]] = true
	}
	if crash.MatchString(said) {
		r.violate("process %d crashed: percolate %s\n%s", pid, c.args[0], said)
		return nil
	}
	// 0 fine, 1 error, 5 partly done. Nothing is held back here, and no document is wrong.
	allowed := map[int]bool{0: true, 1: true, 5: true, 3: c.args[0] == "plan"}
	if !allowed[code] {
		r.violate("process %d ended with %d: percolate %s\n%s", pid, code, c.args[0], said)
	}
	return nil
}

func indent(text string) string {
	return "    | " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    | ")
}

// percolate runs a command without harm, and returns its exit code and what it said.
func (r *run) percolate(args ...string) (int, string, error) {
	c, err := r.begin(harm{}, args...)
	if err != nil {
		return 0, "", err
	}
	if err := r.wait(r.ctx, c); err != nil {
		return 0, "", err
	}
	if !c.over() {
		return 0, "", errors.New("percolate hung")
	}
	return c.code(), c.out.String(), nil
}
