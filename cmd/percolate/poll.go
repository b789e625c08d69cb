package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"percolate/sync/plan"
	"percolate/ticket"
)

func (p *program) pollCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "poll",
		Short: "Read back what changed in the trackers",
		Long: `poll reads from every tracker what changed since the last time, remembers it, and
tells which tickets moved. It reads no document and writes to no tracker; sync and
plan poll by themselves.`,
		Example: `  percolate poll`,
		Args:    takes(0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.poll(cmd.Context()) },
	}
}

func (p *program) poll(ctx context.Context) error {
	c, state, w, err := p.openWorker(ctx)
	if err != nil {
		return err
	}
	defer state.Close()
	before, err := state.Known(ctx)
	if err != nil {
		return err
	}
	unread, err := w.Poll(ctx)
	if err != nil {
		return err
	}
	after, err := state.Known(ctx)
	if err != nil {
		return err
	}
	links, err := state.Links(ctx)
	if err != nil {
		return err
	}
	p.showPoll(c, links, before, after)
	for _, name := range slices.Sorted(maps.Keys(unread)) {
		p.out.sayf("%s %s was not read: %s; percolate doctor tells more\n", p.out.paint("!", "!"), name, unread[name])
	}
	if len(unread) > 0 {
		return exit(exitPartly)
	}
	return nil
}

// showPoll tells, by document, which tickets moved between two sights of them.
func (p *program) showPoll(c *config, links []ticket.Link, before, after map[ticket.Address]ticket.Known) {
	var lines []plan.Line
	statuses := map[ticket.Status]int{}
	tracked, moved := 0, 0
	for _, l := range links {
		a := ticket.Address{Tracker: l.Tracker, Ref: l.Ref}
		now, there := after[a]
		if !l.Owns() || !there {
			continue
		}
		tracked++
		if !now.Gone.IsZero() {
			statuses["gone"]++
		} else {
			statuses[now.Seen.Status]++
		}
		if changes := movement(before[a], now); len(changes) > 0 {
			moved++
			lines = append(lines, plan.Line{
				Mark: pollMark(now), Word: pollWord(now), Text: l.Key.String(), Owner: strings.Join(changes, ", "), Name: now.Seen.Name,
			})
		}
	}
	if len(lines) > 0 {
		p.out.printed(p.out.style().Lines(lines) + "\n")
	}
	var counts []string
	for _, s := range []ticket.Status{ticket.StatusOpen, ticket.StatusActive, ticket.StatusBlocked, ticket.StatusDone, ticket.StatusDropped, "gone"} {
		if statuses[s] > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", statuses[s], s))
		}
	}
	p.out.sayf("%s on %s: %s. %s since the last read.\n",
		many(tracked, "ticket"), many(len(c.Trackers), "tracker"), strings.Join(append(counts, "")[:max(len(counts), 1)], ", "), capital(fmt.Sprintf("%d moved", moved)))
}

func pollMark(k ticket.Known) string {
	if !k.Gone.IsZero() {
		return "?"
	}
	return "~"
}

func pollWord(k ticket.Known) string {
	if !k.Gone.IsZero() {
		return "gone"
	}
	return string(k.Seen.Status)
}

// movement tells what is different between two sights of a ticket, nothing when it was
// not seen before.
func movement(before, now ticket.Known) []string {
	if before.Seen.Ref == "" {
		return nil
	}
	var out []string
	say := func(what, from, to string) {
		if from != to {
			out = append(out, fmt.Sprintf("%s %s -> %s", what, orNone(from), orNone(to)))
		}
	}
	if before.Gone.IsZero() && !now.Gone.IsZero() {
		if now.Seen.Deleted {
			return []string{"deleted"}
		}
		return []string{"deleted, or not visible to us any more"}
	}
	if !before.Gone.IsZero() && now.Gone.IsZero() {
		out = append(out, "there again")
	}
	say("status", statusText(before.Seen), statusText(now.Seen))
	for _, f := range ticket.AllFields() {
		switch {
		case f == ticket.FieldBody && before.Seen.Fields.Text(f) != now.Seen.Fields.Text(f):
			out = append(out, "body changed")
		case f != ticket.FieldBody:
			say(string(f), before.Seen.Fields.Text(f), now.Seen.Fields.Text(f))
		}
	}
	return out
}

// statusText is a status with the tracker's own word, where that is another.
func statusText(s ticket.Seen) string {
	if s.Word == "" || strings.EqualFold(s.Word, string(s.Status)) {
		return string(s.Status)
	}
	return fmt.Sprintf("%s (%s)", s.Status, s.Word)
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}
