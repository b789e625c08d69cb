package main

import (
	"context"
	"os"
	"slices"

	"percolate/per"
	"percolate/ticket"
)

// unfinished is the work of all documents that was open at the last poll. It is a help
// only: without a state that can be read there is none.
func (p *program) unfinished(ctx context.Context, c *config) *per.Repeats {
	return per.NewRepeats(p.openActions(ctx, c))
}

func (p *program) openActions(ctx context.Context, c *config) []per.Earlier {
	if _, err := os.Stat(c.resolve(c.State.Path)); err != nil {
		return nil
	}
	state, err := p.openState(ctx, c)
	if err != nil {
		return nil
	}
	defer state.Close()
	links, err := state.Links(ctx)
	if err != nil {
		return nil
	}
	known, err := state.Known(ctx)
	if err != nil {
		return nil
	}
	var open []per.Earlier
	for _, l := range links {
		k := known[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}]
		if l.Key.IsParent() || !l.Owns() || !k.Gone.IsZero() || k.Seen.Status.Finished() {
			continue
		}
		open = append(open, per.Earlier{Key: l.Key.String(), Text: l.Text, Ticket: l.Name})
	}
	return open
}

// repeats are the hints at earlier work for one document, without those that are not
// wanted.
func (d document) repeats(c *config, earlier *per.Repeats) []per.Problem {
	if d.per == nil {
		return nil
	}
	return slices.DeleteFunc(earlier.In(d.per), func(p per.Problem) bool {
		return d.per.Accepts(p) || slices.Contains(c.Check.Off, p.Code)
	})
}
