// Command percolate files what Post Event Retrospectives decide as tickets in the
// tracker that a team already uses, keeps documents and tickets joined, and tells what
// a person should look at. This package holds the commands, the configuration and the
// wiring, and nothing that decides about tickets.
package main

import (
	"context"
	"os"
	"time"
)

func main() {
	p := &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.LookupEnv, now: time.Now}
	disturb(p)
	os.Exit(p.run(context.Background(), os.Args[1:]))
}
