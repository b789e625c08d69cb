//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peak is the most memory that a process had at once, in bytes. A system may count what
// we had when we started it, so that we keep small ourselves.
func peak(p *os.ProcessState) int64 {
	u, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int64(u.Maxrss) //nolint:unconvert // an int32 on smaller machines
	}
	return int64(u.Maxrss) * 1024 //nolint:unconvert // an int32 on smaller machines
}
