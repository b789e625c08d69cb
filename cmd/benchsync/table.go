package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"time"
)

// bound is how far above what is possible a wall time may be.
const bound = 1.5

// print writes the rows as a table in Markdown, with what its columns mean.
func print(out io.Writer, rows []row) error {
	w := bufio.NewWriter(out)
	fmt.Fprintln(w, "| tracker | documents | tickets | latency | work | requests | least | others need | wall | wall / abreast | rounds | least | CPU | server | wall / possible | memory |")
	fmt.Fprintln(w, "|---|--:|--:|--:|---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|")
	over := 0
	for _, r := range rows {
		ratio := float64(r.usage.wall) / float64(max(r.possible(), 1))
		mark := ""
		if ratio > bound {
			mark = " (!)"
			over++
		}
		fmt.Fprintf(w, "| %s | %d | %d | %s | %s | %d | %d | %s | %s | %.1f | %.1f | %d | %s | %s | %.1f%s | %.0f MiB |\n",
			r.tracker, r.size.documents, r.size.tickets(), r.latency, r.work, r.requests, r.least.requests, r.others, short(r.usage.wall),
			float64(r.usage.wall)/float64(max(r.abreast(), 1)), r.rounds(), r.least.rounds, short(r.usage.cpu), short(r.server), ratio, mark, float64(r.usage.memory)/(1<<20))
	}
	fmt.Fprintf(w, `
Abreast is requests x latency / requests that may be under way at once, as if none waited for
another. Rounds are how many waited for one another: the time with a request under way, by the
latency. Possible is the least number of rounds x latency, or abreast or the time that a real
server took itself where that is more, and the CPU time of percolate over %d cores; %d of %d are
above %.1f times that.
`, runtime.NumCPU(), over, len(rows), bound)
	return w.Flush()
}

// short is a duration in as many digits as mean something.
func short(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

// sorted are the names in order.
func sorted(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }
