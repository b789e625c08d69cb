// Command percolate files what Post Event Retrospectives decide as tickets in the
// tracker that a team already uses, keeps documents and tickets joined, and tells what
// a person should look at. This package holds the commands, the configuration and the
// wiring, and nothing that decides about tickets.
package main

import (
	"context"
	"os"
	"runtime/debug"
	"time"
)

// room is how much garbage there may be before it is collected, in percent of what is
// kept. Reading thousands of documents makes much of it: with 40 instead of Go's own 100 a
// run takes half as much memory, and some percent more of the processor. GOGC overrides it.
const room = 40

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(room)
	}
	p := &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.LookupEnv, now: time.Now}
	disturb(p)
	os.Exit(p.run(context.Background(), os.Args[1:]))
}
