package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
)

func (p *program) resolveCommand() *cobra.Command {
	var keep string
	cmd := &cobra.Command{
		Use:   "resolve KEY FIELD --keep tracker|document",
		Short: "Settle a conflict between a document and a ticket",
		Long: `resolve settles what percolate does not decide on its own. Where a document and a
person in the tracker both changed a FIELD, one of them is kept: with --keep tracker
the ticket stays as it is, with --keep document the next sync writes what the document
says.

FIELD is kind, title, body, labels, priority, due or owner; or ticket, for a ticket
that is gone: --keep tracker lets it go for good, --keep document files it again.

KEY is as in every plan, such as PER-2026-007/A4; the name of a ticket serves too.
resolve writes to no tracker.`,
		Example: `  percolate resolve PER-2026-007/A4 due --keep tracker
  percolate resolve PER-2026-007/A4 ticket --keep document`,
		Args:              takes(2),
		ValidArgsFunction: p.completeResolve,
		RunE: func(cmd *cobra.Command, args []string) error {
			field := ticket.Field(args[1])
			if !slices.Contains(settable(), field) {
				return usage(cmd, "%q is none of the fields %s", args[1], listed(settable()))
			}
			if !slices.Contains(sides(), plan.Keep(keep)) {
				return usage(cmd, "say whose word stands: --keep tracker or --keep document")
			}
			return p.resolve(cmd.Context(), args[0], field, plan.Keep(keep))
		},
	}
	cmd.Flags().StringVar(&keep, "keep", "", "whose word stands: tracker or document (required)")
	_ = cmd.RegisterFlagCompletionFunc("keep", cobra.FixedCompletions([]string{
		string(plan.KeepTracker) + "\tthe ticket stays as it is",
		string(plan.KeepDocument) + "\tthe next sync writes what the document says",
	}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// settable are the fields that resolve takes.
func settable() []ticket.Field { return append(ticket.AllFields(), plan.FieldTicket) }

func sides() []plan.Keep { return []plan.Keep{plan.KeepTracker, plan.KeepDocument} }

func (p *program) resolve(ctx context.Context, name string, field ticket.Field, keep plan.Keep) error {
	d, err := p.openDesk(ctx, nil)
	if err != nil {
		return err
	}
	defer d.close()
	done, err := d.worker.Resolve(ctx, d.request(nil, plan.Options{}), name, field, keep)
	if busy, ok := errors.AsType[*persync.BusyError](err); ok {
		return errors.New(busy.Error() + "; try again then")
	}
	if errors.Is(err, plan.ErrUnknownKey) {
		return errors.Join(err, d.faults)
	}
	if err != nil {
		return err
	}
	p.out.sayf("%s.\n", done.Text)
	return d.faults
}
