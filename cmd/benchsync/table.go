package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// print writes the rows as a table in Markdown.
func print(out io.Writer, rows []row) error {
	w := bufio.NewWriter(out)
	fmt.Fprintln(w, "| tracker | documents | tickets | latency | work | requests | floor | others need | wall | ideal | wall / ideal | CPU | memory |")
	fmt.Fprintln(w, "|---|--:|--:|--:|---|--:|--:|---|--:|--:|--:|--:|--:|")
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %d | %d | %s | %s | %d | %d | %s | %s | %s | %.1f | %s | %.0f MiB |\n",
			r.tracker, r.size.documents, r.size.tickets(), r.latency, r.work, r.requests, r.floor, r.others, short(r.usage.wall), short(r.ideal()),
			float64(r.usage.wall)/float64(max(r.ideal(), 1)), short(r.usage.cpu), float64(r.usage.memory)/(1<<20))
	}
	return w.Flush()
}

// short is a duration in as many digits as mean something.
func short(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

// sorted are the names in order.
func sorted(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }
