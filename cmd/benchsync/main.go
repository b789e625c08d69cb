// Command benchsync measures what joining documents with a tracker costs: requests, time
// and memory of the real percolate program against the simulators, beside the least that
// is possible. It prints a Markdown table. It changes nothing outside a temporary folder,
// and proves nothing about a vendor's server: the simulators answer at once, and only
// the latency that is asked for is added. Redmine alone is real, and what it takes itself
// is told apart.
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
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "benchsync:", err)
		os.Exit(1)
	}
}

// settings are what is measured, and with which programs.
type settings struct {
	trackers []tracker
	rounds   []round
	bin      string    // the folder with percolate and trackersim
	log      io.Writer // is told what goes on; never nil
}

// round is one latency with the sizes that are measured at it.
type round struct {
	latency time.Duration
	sizes   []int // documents
}

// actions is how many actions each document has.
const actions = 5

func run(ctx context.Context, args []string, out, log io.Writer) error {
	s, err := parse(args, log)
	if err != nil {
		return err
	}
	var rows []row
	for _, t := range s.trackers {
		for _, r := range s.rounds {
			for _, n := range r.sizes {
				if n > t.most {
					continue
				}
				more, err := measure(ctx, s, t, size{documents: n, actions: actions}, r.latency)
				rows = append(rows, more...)
				if err != nil {
					err = fmt.Errorf("%s, %d documents, %s: %w", t.name, n, r.latency, err)
					return errors.Join(print(out, rows), err) // what was measured until then is shown
				}
			}
		}
	}
	return print(out, rows)
}

func parse(args []string, log io.Writer) (settings, error) {
	s := settings{log: log}
	flags := flag.NewFlagSet("benchsync", flag.ContinueOnError)
	flags.SetOutput(log)
	all := trackers()
	var names []string
	for _, t := range all {
		names = append(names, t.name)
	}
	chosen := flags.String("trackers", strings.Join(names, ","), "which trackers, with commas between them")
	rounds := flags.String("rounds", "20ms:10,100,1000,10000 200ms:10,100", "latencies, each with the numbers of documents; a tracker leaves out what is too many for it")
	flags.StringVar(&s.bin, "bin", "", "the folder with percolate and trackersim; that of this program when empty")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if s.bin == "" {
		self, err := os.Executable()
		if err != nil {
			return s, err
		}
		s.bin = filepath.Dir(self)
	}
	for name := range strings.SplitSeq(*chosen, ",") {
		t, ok := find(all, name)
		if !ok {
			return s, fmt.Errorf("there is no tracker %q; there are %s", name, strings.Join(names, ", "))
		}
		s.trackers = append(s.trackers, t)
	}
	for text := range strings.FieldsSeq(*rounds) {
		r, err := parseRound(text)
		if err != nil {
			return s, err
		}
		s.rounds = append(s.rounds, r)
	}
	return s, nil
}

// parseRound reads "20ms:10,100".
func parseRound(text string) (round, error) {
	latency, sizes, _ := strings.Cut(text, ":")
	var r round
	var err error
	if r.latency, err = time.ParseDuration(latency); err != nil {
		return r, fmt.Errorf("%q does not begin with a latency such as 20ms: %w", text, err)
	}
	for part := range strings.SplitSeq(sizes, ",") {
		var n int
		if _, err := fmt.Sscan(part, &n); err != nil || n < changes {
			return r, fmt.Errorf("%q: %q is no number of at least %d documents", text, part, changes)
		}
		r.sizes = append(r.sizes, n)
	}
	return r, nil
}
