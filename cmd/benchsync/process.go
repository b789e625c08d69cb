package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// usage is what one run of percolate took.
type usage struct {
	wall, cpu time.Duration
	memory    int64 // bytes at most; 0 where the system does not tell
}

// tail keeps the end of what is written to it.
type tail []byte

// Write takes it all.
func (t *tail) Write(b []byte) (int, error) {
	const most = 2000
	*t = append(*t, b[max(len(b)-most, 0):]...)
	*t = append((*t)[:0], (*t)[max(len(*t)-most, 0):]...)
	return len(b), nil
}

// percolate runs the program with the key of the tracker, and wants it to end well.
func (f folder) percolate(ctx context.Context, s settings, key string, args ...string) (usage, error) {
	args = append(args, "--config", f.config())
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "percolate"), args...)
	cmd.Env = append(os.Environ(), "BENCH_TOKEN="+cmp.Or(key, "none"))
	var said tail
	cmd.Stdout, cmd.Stderr = &said, &said
	begun := time.Now()
	if err := cmd.Run(); err != nil {
		return usage{}, fmt.Errorf("percolate %v: %w\n...%s", args, err, said)
	}
	return usage{wall: time.Since(begun), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), memory: peak(cmd.ProcessState)}, nil
}
