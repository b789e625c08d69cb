//go:build unix

package main

import "golang.org/x/sys/unix"

// withoutWaiting opens a pipe that nobody writes to at once, so that it can be refused.
const withoutWaiting = unix.O_NONBLOCK

// mayWrite reports, as an error, that files cannot be made in a folder.
func mayWrite(dir string) error { return unix.Access(dir, unix.W_OK|unix.X_OK) }
