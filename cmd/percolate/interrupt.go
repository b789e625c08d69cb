package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// errInterrupted is the cause of a context that ended because a person wanted it.
var errInterrupted = errors.New("interrupted; nothing is lost, run it again to go on")

// untilInterrupted is ctx until the first SIGINT or SIGTERM, which lets the write in
// flight end and begins no other. The second one quits.
func (p *program) untilInterrupted(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		select {
		case <-signals:
		case <-done:
			return
		}
		fmt.Fprintln(p.stderr, "percolate: stopping as soon as the write in flight has ended; interrupt again to quit at once")
		cancel(errInterrupted)
		select {
		case <-signals:
			os.Exit(exitFailed)
		case <-done:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}
