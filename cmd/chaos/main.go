// Command chaos puts percolate through what production does to it, with real processes:
// they are killed, suspended past their lease and run several at a time, their network
// is cut at any byte, their disk is full, their clock jumps, and authors and people
// edit all the while. Then a checker that shares no code with the engine holds tracker,
// documents and reports against what percolate promises.
//
// Every choice of a run follows from its seed; timing does not. It needs the source of
// percolate, which it builds itself with the tag chaos.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	code, err := start(ctx, os.Args[1:], os.Stdout)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		code = 2
	}
	stop()
	os.Exit(code)
}

// options are what chaos is asked for.
type options struct {
	runs     int
	seed     uint64
	tracker  string
	parallel int
	keep     string // where the folders of runs that found something stay
	keepAll  bool
	guards   bool
}

func start(ctx context.Context, args []string, out io.Writer) (int, error) {
	var o options
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	flags.IntVar(&o.runs, "n", 20, "runs for each tracker; for a guard, the most until it is noticed")
	flags.Uint64Var(&o.seed, "seed", 0, "the seed of the first run, which each further one adds 1 to; 0 takes the time")
	flags.StringVar(&o.tracker, "tracker", "all", "all, or some of "+strings.Join(names(), ","))
	flags.IntVar(&o.parallel, "parallel", 2*runtime.NumCPU(), "runs side by side")
	flags.StringVar(&o.keep, "keep", filepath.Join("dist", "chaos-found"), "where the folders of runs that found something stay")
	flags.BoolVar(&o.keepAll, "keep-all", false, "keep the folders of all runs")
	flags.BoolVar(&o.guards, "guards", false, "take the engine's guards out one at a time, and see each noticed")
	if err := flags.Parse(args); err != nil {
		return 2, err
	}
	if o.seed == 0 {
		o.seed = uint64(time.Now().UnixNano() / 1e6 % 1e9 * 1000)
	}
	kinds, err := choose(o.tracker)
	if err != nil {
		return 2, err
	}
	work, err := os.MkdirTemp(scratch(), "percolate-chaos-")
	if err != nil {
		return 2, err
	}
	defer func() { _ = os.RemoveAll(work) }()
	if o.guards {
		return tryGuards(ctx, o, kinds, work, out)
	}
	return tryAll(ctx, o, kinds, work, out)
}

// scratch is a folder in memory where there is one: nobody pulls the plug here, so what
// is synced to a disk only costs time.
func scratch() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

// tryAll runs every tracker and prints the table.
func tryAll(ctx context.Context, o options, kinds []kind, work string, out io.Writer) (int, error) {
	program := filepath.Join(work, "percolate")
	if err := build(ctx, program, nil); err != nil {
		return 2, err
	}
	var all []tally
	for _, k := range kinds {
		begun := time.Now()
		t := series(ctx, o, k, program, work, func(f failure) { fmt.Fprintf(out, "%s", f) }, nil)
		t.took = time.Since(begun)
		all = append(all, t)
	}
	printTable(out, o, all)
	for _, t := range all {
		if t.violations > 0 || t.broken > 0 {
			return 1, nil
		}
	}
	return 0, ctx.Err()
}
