package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"percolate/sync/plan"
)

func (p *program) approveCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "approve",
		Short: "Let a plan go on that is held back",
		Long: `approve shows the plan that the guard holds back because it is far larger than
usual, and remembers that it may be carried out. The next sync does, and no more than
that: what comes up later counts anew.

It writes to no tracker. percolate sync --force does both at once.`,
		Example: `  percolate approve
  percolate approve --yes && percolate sync`,
		Args: takes(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.approve(cmd.Context(), yes) },
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

func (p *program) approve(ctx context.Context, yes bool) error {
	d, err := p.openDesk(ctx, nil)
	if err != nil {
		return err
	}
	defer d.close()
	planned, err := d.worker.Plan(ctx, d.request(nil, plan.Options{}))
	if err != nil {
		return err
	}
	if planned.Held == nil {
		p.out.sayf("No plan is held back.\n")
		return d.faults
	}
	shown := d.shownPlan(planned)
	p.showPlanSections(shown, false)
	p.out.sayf("%s\n%s\n", p.out.paint("#", shown.Totals()), capital(planned.Held.Text())+".")
	if !yes && p.out.terminal && isTerminal(p.stdin) {
		if yes, err = p.confirm(ctx, "Let it go on?"); err != nil || !yes {
			p.out.sayf("Nothing was approved.\n")
			return errors.Join(err, exit(exitPending))
		}
	}
	if err := d.worker.Approve(ctx, planned); err != nil {
		return err
	}
	p.out.sayf("\nApproved: %s. Next: %s\n", many(len(planned.Steps), "step"), p.command("percolate sync"))
	return d.faults
}
