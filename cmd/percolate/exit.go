package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// The exit codes; the help of percolate explains them.
const (
	exitOK      = 0
	exitFailed  = 1
	exitUsage   = 2
	exitPending = 3
	exitBroken  = 4
	exitPartly  = 5
	exitLimit   = 6
)

const exitHelp = `Exit codes, of which the first that applies counts:
  2  wrong usage: an unknown command, flag or argument; nothing was done
  1  an error: the configuration, the state or a path cannot be used, a check of
     doctor failed, or the run was interrupted before it changed anything
  5  partly done: a tracker did not answer, refused a ticket, or the run was
     interrupted; run it again, nothing is done twice
  4  documents with errors (warnings and hints do not count); the others were done
  6  a limit of report --fail-on was passed
  3  changes pending: plan --exit-code found some, or sync was held back or declined
  0  fine`

// worse is the exit code that counts when both apply.
func worse(a, b int) int {
	order := []int{exitOK, exitPending, exitLimit, exitBroken, exitPartly, exitFailed, exitUsage}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// exitError ends the program with a code. Without an error all has been said already.
type exitError struct {
	code int
	err  error
}

// Error is that of the cause.
func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

// Unwrap returns the cause.
func (e exitError) Unwrap() error { return e.err }

// exit is an error for a code, nil for exitOK.
func exit(code int) error {
	if code == exitOK {
		return nil
	}
	return exitError{code: code}
}

// usage is a fault of the command line, with where to read on.
func usage(cmd *cobra.Command, format string, args ...any) error {
	return exitError{exitUsage, fmt.Errorf(format+" (see %s --help)", append(args, cmd.CommandPath())...)}
}

// takes checks the number of arguments.
func takes(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		_, what, _ := strings.Cut(cmd.Use, " ")
		if what == "" {
			return usage(cmd, "%s takes no arguments, and got %s", cmd.CommandPath(), args[0])
		}
		return usage(cmd, "%s takes %s, and got %s", cmd.CommandPath(), what, many(len(args), "argument"))
	}
}
