package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// printTable tells what was done and found, a column for each tracker.
func printTable(out io.Writer, o options, all []tally) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer func() { _ = w.Flush() }()
	row := func(name string, value func(tally) string) {
		cells := []string{name}
		for _, t := range all {
			cells = append(cells, value(t))
		}
		fmt.Fprintln(w, strings.Join(cells, "\t")+"\t")
	}
	number := func(name string) { row(name, func(t tally) string { return fmt.Sprint(t.counts[name]) }) }
	fmt.Fprintf(w, "\nchaos, seeds from %d\n", o.seed)
	row("", func(t tally) string { return t.tracker })
	row("runs", func(t tally) string { return fmt.Sprint(t.runs) })
	for _, name := range []string{"processes", "tickets", "edits of documents", "edits of people"} {
		number(name)
	}
	names := map[string]bool{}
	for _, t := range all {
		for name := range t.counts {
			names[name] = strings.HasPrefix(name, "fault: ")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if names[name] {
			number(name)
		}
	}
	number("edits between a read and its write")
	number("taken away before it was known")
	number("twice, within the stated limit")
	number("written late, within the stated limit")
	row("violations", func(t tally) string { return fmt.Sprint(t.violations) })
	row("not held", func(t tally) string { return fmt.Sprint(t.broken) })
	row("took", func(t tally) string { return t.took.Round(time.Second).String() })
}
