package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func (p *program) stateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "state",
		Short: "Look after what percolate remembers",
		Long: `The state is the file in which percolate remembers which ticket serves which action,
what was asked of it and what the tracker answered. Losing it loses no ticket: they
are found again by their markers.`,
		Args: takes(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "backup FILE",
		Short: "Write a copy of the state",
		Long: `backup writes a complete copy of the state to a new file, readable by its owner
only, also while others use the state. A file that is there is never overwritten. To
restore a backup, put it in place of the state while no percolate runs.`,
		Example: `  percolate state backup percolate-$(date +%F).db`,
		Args:    takes(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.backup(cmd.Context(), args[0]) },
	})
	return cmd
}

func (p *program) backup(ctx context.Context, file string) error {
	c, err := p.config()
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.resolve(c.State.Path)); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s: there is no state yet; percolate sync makes it", c.shown(c.State.Path))
	}
	state, err := p.openState(ctx, c)
	if err != nil {
		return err
	}
	defer state.Close()
	if err := state.Backup(ctx, file); err != nil {
		return err
	}
	p.out.sayf("%s\n", file)
	return nil
}
