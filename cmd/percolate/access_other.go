//go:build !unix

package main

// mayWrite knows nothing here; the first write tells.
func mayWrite(string) error { return nil }
