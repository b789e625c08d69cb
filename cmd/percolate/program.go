package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/trackers"
)

// program is one run of percolate and all that it touches of the world around it.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) (string, bool)
	now            func() time.Time
	requests       trackers.Counter // of all trackers that send any

	// For tests: what is put around every tracker and the worker's state, and how long to
	// wait for the state.
	wrap      func(trackers.Tracker) trackers.Tracker
	wrapState func(persync.State) persync.State
	portion   int // of documents that are decided together; 0 is the worker's own
	stateWait time.Duration

	out        *screen
	configFile string // as given with --config
	configured bool   // --config was given
}

// run carries out one command line and returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	ctx, stop := p.untilInterrupted(ctx)
	defer stop()
	p.out = newScreen(p.stdout, p.env)
	root := p.rootCommand()
	root.SetArgs(args)
	root.SetIn(p.stdin)
	root.SetOut(p.out)
	root.SetErr(p.stderr)
	err := root.ExecuteContext(ctx)
	if errors.Is(err, context.Canceled) {
		err = context.Cause(ctx)
	}
	if flush := p.out.flush(); flush != nil {
		err = errors.Join(err, fmt.Errorf("write the output: %w", flush))
	}
	return p.report(err)
}

// report tells what went wrong, a line each, and finds the exit code.
func (p *program) report(err error) int {
	code := exitOK
	for _, e := range flatten(err) {
		var x exitError
		if !errors.As(e, &x) {
			x = exitError{exitFailed, e}
		}
		code = worse(code, x.code)
		if x.err == nil {
			continue
		}
		for line := range strings.Lines(p.command(x.err.Error())) {
			fmt.Fprintf(p.stderr, "percolate: %s\n", plan.Plain(strings.TrimSpace(line)))
		}
	}
	return code
}

// flatten lists the errors that were joined to err. One that only wraps several, with
// words of its own around them, is one error.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || errors.Join(joined.Unwrap()...).Error() != err.Error() {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}

// config reads the configuration.
func (p *program) config() (*config, error) { return loadConfig(p.configFile, p.env) }

// configOrDefaults serves commands that can do without a configuration: it is read
// where there is one, or where one was asked for.
func (p *program) configOrDefaults() (c *config, found bool, err error) {
	c, err = p.config()
	if err != nil && !p.configured && errors.Is(err, errNoConfig) {
		c, err = parseConfig(p.configFile, nil, p.env)
		return c, false, err
	}
	return c, err == nil, err
}

// command makes commands of percolate within a text such that they work when they are
// typed as they stand: with the configuration that this run was given.
func (p *program) command(text string) string {
	if !p.configured {
		return text
	}
	ours := " --config " + plan.ShellWord(p.configFile)
	text = commandsIn.ReplaceAllString(text, "percolate $1"+strings.ReplaceAll(ours, "$", "$$"))
	return strings.ReplaceAll(text, ours+" --config ", " --config ") // one that names another stays as it is
}
