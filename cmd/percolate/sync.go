package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	persync "percolate/sync"
	"percolate/sync/plan"
)

// syncFlags are what sync is asked for.
type syncFlags struct {
	dryRun, yes bool
	options     plan.Options
}

func (p *program) syncCommand() *cobra.Command {
	var f syncFlags
	cmd := &cobra.Command{
		Use:   "sync [PATH...]",
		Short: "File what documents decide, and bring tickets up to date",
		Long: `sync reads the documents, reads back what changed in the trackers, decides what to
do, does it and tells what it did. When all is as agreed it does nothing.

With PATHs, files or folders, it works on those documents alone.

It never files a ticket twice, whatever happened to an earlier run, never overwrites
what a person changed in the tracker, never closes a ticket unless the configuration
says so, and never deletes one. A document that has an error is left alone until it is
mended, and the others are done. A plan that is far larger than usual is held back
until someone says so.

On a terminal it shows the plan and asks before it writes.`,
		Example: `  percolate sync                        all documents of the configuration
  percolate sync pers/2026-011.md       one document
  percolate sync --dry-run              only show what it would do
  percolate sync --force                do it although the guard holds it back`,
		ValidArgsFunction: completeDocuments,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.sync(cmd.Context(), args, f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVarP(&f.dryRun, "dry-run", "n", false, "show the plan and do nothing, as percolate plan does")
	flags.BoolVarP(&f.yes, "yes", "y", false, "do not ask before writing")
	flags.BoolVar(&f.options.NoAssign, "no-assign", false, "file tickets unassigned; a later sync assigns them")
	planFlags(flags, &f.options)
	return cmd
}

func (p *program) sync(ctx context.Context, args []string, f syncFlags) error {
	d, err := p.openDesk(ctx, args)
	if err != nil {
		return err
	}
	defer d.close()
	p.warnOfExposed(d.config)
	req := d.request(args, f.options)
	mayAsk := !f.yes && p.out.terminal && isTerminal(p.stdin)
	req.Brief = !f.dryRun && !mayAsk // else the plan is shown
	planned, err := d.worker.Plan(ctx, req)
	if err != nil {
		return err
	}
	if f.dryRun {
		p.showPlan(d.library, planned, false)
		return errors.Join(d.faults, exit(worse(d.code(), unreadCode(planned.Findings))))
	}
	ask := mayAsk && !planned.Empty() && planned.Held == nil
	if ask {
		p.showPlan(d.library, planned, false)
		if yes, err := p.confirm(ctx, "Do this?"); err != nil || !yes {
			p.out.sayf("Nothing was done.\n")
			return errors.Join(err, exit(exitPending))
		}
	}
	r := &outcome{library: d.library, planned: planned}
	if ask {
		r.shown = &planned
	}
	return p.carryOut(ctx, d, req, r)
}

// carryOut does the plan and tells what came of it.
func (p *program) carryOut(ctx context.Context, d *desk, req persync.Request, r *outcome) error {
	begun := p.now()
	p.bePatient(d.worker, r.planned)
	end := p.showProgress(d.worker)
	req.Told = func(done persync.Result) { r.tell(p, done) }
	result, err := d.worker.Apply(ctx, req, r.planned)
	end()
	r.Result, r.took = result, p.now().Sub(begun)
	if err != nil && r.Steps == 0 {
		return err
	}
	r.cutOff = err != nil
	p.showOutcome(r)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return exitError{exitPartly, fmt.Errorf("%d of %d steps were done: %w", r.Steps, r.planned.Size(), err)}
	}
	code := worse(d.code(), p.writeBack(ctx, d))
	if result.Partly() {
		code = worse(code, exitPartly)
	}
	if result.Plan.Held != nil {
		code = worse(code, exitPending)
	}
	return errors.Join(d.faults, exit(code))
}

// confirm asks a person.
func (p *program) confirm(ctx context.Context, question string) (bool, error) {
	p.out.sayf("\n%s [y/N] ", question)
	if err := p.out.flush(); err != nil {
		return false, err
	}
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(p.stdin).ReadString('\n') // the end of input is a no
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case a := <-answer:
		p.out.sayf("\n")
		return a == "y" || a == "yes", nil
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}
