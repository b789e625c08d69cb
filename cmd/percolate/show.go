package main

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"percolate/per"
)

func (p *program) showCommand() *cobra.Command {
	var t target
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Show what percolate understood of a document",
		Long: `show reads one document and gives back what was understood of it: the event, the
timeline, pluses, deltas and actions with their owners and due days, the figures, and
what the author should look at. What is not there was not understood.

It reads no state and no tracker, and it needs no configuration; with one, times
without a zone are taken to be in the team's.`,
		Example: `  percolate show pers/2026-011.md
  percolate show pers/2026-011.md --format json | jq '.actions[].owner'`,
		Args:              takes(1),
		ValidArgsFunction: completeDocuments,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := t.check(cmd); err != nil {
				return err
			}
			return p.show(cmd.Context(), args[0], t)
		},
	}
	t.flags(cmd, "text", "json")
	return cmd
}

func (p *program) show(ctx context.Context, file string, t target) error {
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return errors.New(file + ": show takes one document, and this is a folder; percolate check looks at all of them")
	}
	l, _, err := p.readOnly(ctx, []string{file})
	if err != nil {
		return err
	}
	if l.faults != nil {
		return l.faults
	}
	d := l.documents[0]
	if d.per == nil {
		return exitError{exitBroken, errors.New(l.shownPath(d.path) + ": " + d.problems[0].Message)}
	}
	view := per.Show(d.per, d.problems)
	err = p.deliver(t, func() error {
		if t.format == "json" {
			return p.json(view)
		}
		p.out.block(view.Text())
		return nil
	})
	if err == nil && hasError(d.problems) {
		err = exit(exitBroken)
	}
	return err
}

// readOnly reads documents for a command that needs neither state nor trackers.
// configured tells whether there is a configuration.
func (p *program) readOnly(ctx context.Context, args []string) (l *library, configured bool, err error) {
	c, configured, err := p.configOrDefaults()
	if err != nil {
		return nil, false, err
	}
	rules, err := p.newRules(c)
	if err != nil {
		return nil, false, err
	}
	l, err = c.readDocuments(ctx, rules, args, false)
	return l, configured, err
}
