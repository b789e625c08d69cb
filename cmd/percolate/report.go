package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"percolate/report"
	persync "percolate/sync"
	"percolate/ticket"
)

// reportFlags are what report is asked for.
type reportFlags struct {
	planning, all bool
	width         int
	filter        report.Filter
	since         string
	failOn        []string
	target        target
}

func (p *program) reportCommand() *cobra.Command {
	f := reportFlags{}
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Show what is open, overdue, stalled or unowned, and the trend",
		Long: `report shows how the actions of all events stand: what is open, overdue, due soon,
stalled, blocked and without an owner or assignee, every finding that is not settled,
how far each event is, what was created and done by month, how long things take, and
the events' own figures. What is done, dropped, closed as a duplicate and gone is
counted apart. It tells what the last sync or poll saw and asks no tracker; when that
was stands at its head.

--planning shows what a planning session should look at first, and why, on one screen,
as Markdown to paste.

--fail-on makes it a check: the exit code is 6 when anything passes one of the named
limits (` + strings.Join(report.Limits(), ", ") + `).

--format csv has a line for each action, whatever its state; json has everything, as
report/JSON.md describes.`,
		Example: `  percolate report
  percolate report --team payments --since 2026-01-01
  percolate report --planning
  percolate report --format csv --output actions.csv
  percolate report --fail-on overdue,unowned > /dev/null`,
		Args: takes(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.planning && !cmd.Flags().Changed("format") {
				f.target.format = "markdown"
			}
			if err := f.check(cmd); err != nil {
				return err
			}
			return p.reportOn(cmd.Context(), f)
		},
	}
	f.flags(cmd)
	return cmd
}

func (f *reportFlags) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.planning, "planning", false, "what to look at first, and why")
	flags.BoolVarP(&f.all, "all", "a", false, "show all rows of every section")
	flags.IntVar(&f.width, "width", 0, "columns of the text; 0 is those of the terminal, else 80")
	flags.StringSliceVar(&f.filter.Teams, "team", nil, "only events of these teams")
	flags.StringSliceVar(&f.filter.Services, "service", nil, "only events of these services")
	flags.StringSliceVar(&f.filter.Severities, "severity", nil, "only events of these severities")
	flags.StringVar(&f.since, "since", "", "only events of this day (2026-01-31) or later")
	flags.StringSliceVar(&f.filter.Kinds, "kind", nil, "only actions of these kinds: story, defect")
	flags.StringSliceVar(&f.filter.States, "state", nil, "only actions in these states, or with these marks: "+strings.Join(stateNames(), ", "))
	flags.StringSliceVar(&f.failOn, "fail-on", nil, "exit with 6 when there is anything of: "+strings.Join(report.Limits(), ", "))
	f.target.flags(cmd, "text", "markdown", "csv", "json")
	for name, values := range map[string][]string{"fail-on": report.Limits(), "state": stateNames(), "kind": kindNames()} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
}

func stateNames() []string {
	var out []string
	for _, m := range report.Marks() {
		out = append(out, string(m))
	}
	for _, s := range report.States() {
		out = append(out, string(s))
	}
	return out
}

func kindNames() []string { return []string{string(ticket.KindStory), string(ticket.KindDefect)} }

// check refuses what no report can be made of.
func (f *reportFlags) check(cmd *cobra.Command) error {
	if err := f.target.check(cmd); err != nil {
		return err
	}
	for _, c := range []struct {
		flag          string
		values, known []string
	}{{"fail-on", f.failOn, report.Limits()}, {"state", f.filter.States, stateNames()}, {"kind", f.filter.Kinds, kindNames()}} {
		for _, v := range c.values {
			if !slices.Contains(c.known, v) {
				return usage(cmd, "--%s: %q is none of %s", c.flag, v, strings.Join(c.known, ", "))
			}
		}
	}
	f.filter.Since = ticket.Day(f.since)
	switch {
	case f.since != "" && !f.filter.Since.Valid():
		return usage(cmd, "--since: %q is no day such as 2026-01-31", f.since)
	case f.planning && f.target.format == "csv":
		return usage(cmd, "--planning is written as text, markdown or json")
	case f.width != 0 && f.width < 40:
		return usage(cmd, "--width: a report needs 40 columns or more, and got %d", f.width)
	}
	return nil
}

func (p *program) reportOn(ctx context.Context, f reportFlags) error {
	c, err := p.config()
	if err != nil {
		return err
	}
	rows, err := p.reportRows(ctx, c)
	if err != nil {
		return err
	}
	rules := report.Rules{Zone: c.zone, StalledDays: c.Report.StalledDays, DueSoonDays: c.Report.DueSoonDays, Filter: f.filter}
	r := report.Build(p.now(), rows, rules)
	if err := p.deliver(f.target, func() error { return p.showReport(r, f) }); err != nil {
		return err
	}
	if passed := r.Passed(f.failOn); len(passed) > 0 {
		return exitError{exitLimit, errors.New(strings.Join(passed, ", "))}
	}
	return nil
}

// reportRows reads all that a report is made of. Nothing is made where nothing is.
func (p *program) reportRows(ctx context.Context, c *config) (report.Rows, error) {
	if _, err := os.Stat(c.resolve(c.State.Path)); errors.Is(err, os.ErrNotExist) {
		return report.Rows{}, fmt.Errorf("%s: there is no state yet; percolate sync makes it", c.shown(c.State.Path))
	}
	state, err := p.openState(ctx, c)
	if err != nil {
		return report.Rows{}, err
	}
	defer state.Close()
	return rowsOf(ctx, state, c)
}

// rowsOf reads what a report is made of from a state.
func rowsOf(ctx context.Context, state persync.State, c *config) (report.Rows, error) {
	rows := report.Rows{Read: map[string]time.Time{}}
	var errs [5]error
	rows.Links, errs[0] = state.Links(ctx)
	rows.Known, errs[1] = state.Known(ctx)
	rows.Events, errs[2] = state.Events(ctx)
	rows.History, errs[3] = state.History(ctx)
	rows.Findings, errs[4] = state.Findings(ctx)
	for _, t := range c.Trackers {
		progress, err := state.Progress(ctx, t.Name)
		if err != nil {
			return rows, err
		}
		rows.Read[t.Name] = progress.Polled
	}
	return rows, errors.Join(errs[:]...)
}

func (p *program) showReport(r report.Report, f reportFlags) error {
	planning := r.Planning()
	switch format := f.target.format; {
	case format == "json" && f.planning:
		return p.json(planning)
	case format == "json":
		for i := range r.Findings {
			r.Findings[i].Mend = p.command(r.Findings[i].Mend)
		}
		return p.json(r)
	case format == "csv":
		p.out.printed(r.CSV())
	case format == "markdown" && f.planning:
		p.out.printed(p.command(planning.Markdown(r)))
	case format == "markdown":
		p.out.printed(p.command(r.Markdown(f.most())))
	case f.planning:
		p.out.printed(p.command(planning.Text(r, p.reportStyle(f))))
	default:
		p.out.printed(p.command(r.Text(p.reportStyle(f))))
	}
	return nil
}

// mostRows is how many rows of a section are shown unless all are asked for.
const mostRows = 20

func (f reportFlags) most() int {
	if f.all {
		return 0
	}
	return mostRows
}

func (p *program) reportStyle(f reportFlags) report.Style {
	st := report.Style{Width: f.width, Most: f.most(), Measure: ansi.StringWidth}
	if st.Width == 0 {
		st.Width = p.out.width
	}
	if p.out.colours {
		st.Paint = paint
	}
	return st
}
