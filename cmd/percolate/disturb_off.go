//go:build !chaos

package main

// disturb does nothing: only the build that cmd/chaos makes can be disturbed.
func disturb(*program) {}
