package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"percolate/sync/plan"
	"percolate/ticket"
)

// planFlagSet is what plan is asked for.
type planFlagSet struct {
	exitCode, all bool
	options       plan.Options
	target        target
}

func (p *program) planCommand() *cobra.Command {
	f := planFlagSet{}
	cmd := &cobra.Command{
		Use:   "plan [PATH...]",
		Short: "Show what sync would do, and why",
		Long: `plan reads the documents and what changed in the trackers, and shows every write
that sync would make with its reason, what that costs in requests, and what a person
should look at. It writes to no tracker.

Documents of which nothing is to be done are only counted; --all shows them too, with
the reason. --format json is for tools, markdown for a comment on a change.`,
		Example: `  percolate plan
  percolate plan pers/2026-011.md
  percolate plan --exit-code > /dev/null || echo "something to do"
  percolate plan --format markdown --output plan.md`,
		ValidArgsFunction: completeDocuments,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.target.check(cmd); err != nil {
				return err
			}
			return p.plan(cmd.Context(), args, f)
		},
	}
	cmd.Flags().BoolVar(&f.exitCode, "exit-code", false, "exit with 3 when there is something to do")
	cmd.Flags().BoolVarP(&f.all, "all", "a", false, "show all documents, those without a step too")
	planFlags(cmd.Flags(), &f.options)
	f.target.flags(cmd, "text", "json", "markdown")
	return cmd
}

// planFlags are those that plan and sync share.
func planFlags(flags *pflag.FlagSet, o *plan.Options) {
	flags.BoolVar(&o.Force, "force", false, "let a plan go on that the guard would hold back")
	flags.BoolVar(&o.Retire, "retire", false, "let go of the tickets of documents that are missing: a comment tells each of them")
	flags.BoolVar(&o.Rerender, "rerender", false, "write again what a new template, policy or people list changed")
}

func (p *program) plan(ctx context.Context, args []string, f planFlagSet) error {
	d, err := p.openDesk(ctx, args)
	if err != nil {
		return err
	}
	defer d.close()
	planned, err := d.worker.Plan(ctx, d.request(args, f.options))
	if err != nil {
		return err
	}
	err = p.deliver(f.target, func() error {
		switch f.target.format {
		case "json":
			return p.json(p.mended(d.shownPlan(planned)).View())
		case "markdown":
			p.out.block(p.mended(d.shownPlan(planned)).Markdown())
		default:
			p.showPlan(d.library, planned, f.all)
		}
		return nil
	})
	code := worse(d.code(), unreadCode(planned.Findings))
	if f.exitCode && !planned.Empty() {
		code = worse(code, exitPending)
	}
	return errors.Join(err, d.faults, exit(code))
}

// unreadCode is the exit code when a tracker could not be read.
func unreadCode(findings []ticket.Finding) int {
	if slices.ContainsFunc(findings, func(f ticket.Finding) bool { return f.Kind == ticket.FindUnread }) {
		return exitPartly
	}
	return exitOK
}

// mended is the plan with commands that can be typed as they stand.
func (p *program) mended(planned plan.Plan) plan.Plan {
	for i := range planned.Findings { // a copy already, see shownPlan
		planned.Findings[i].Mend = p.command(planned.Findings[i].Mend)
	}
	return planned
}

// showPlan prints a plan for people.
func (p *program) showPlan(l *library, planned plan.Plan, all bool) {
	shown := l.shownPlan(planned)
	sections := p.showPlanSections(shown, all)
	p.showIdle(shown, sections)
	switch {
	case shown.Empty() && len(shown.Findings) == 0:
		p.out.sayf("Nothing to do: %s, %s, all as agreed.\n", many(len(l.documents), "document"), many(shown.Tracked, "ticket"))
	case shown.Empty():
		p.out.sayf("Nothing to do: %s, %s.\n", many(len(l.documents), "document"), many(shown.Tracked, "ticket"))
	default:
		p.out.sayf("%s\n", p.out.paint("#", p.out.style().Wrap(shown.Totals(), 0)))
	}
	p.showFindings(l, planned.Findings)
	listed := map[string]bool{}
	for _, s := range sections {
		listed[s.Document.Path] = true
	}
	p.showRemarks(l, listed)
}

func (p *program) showPlanSections(shown plan.Plan, all bool) []plan.Section {
	sections := shown.Sections(all)
	if len(sections) > 0 {
		p.out.printed(p.out.style().Text(sections) + "\n")
	}
	return sections
}

// showIdle counts, by reason, what is not filed of documents that are not shown: whole
// documents that are held, and single actions of others.
func (p *program) showIdle(shown plan.Plan, sections []plan.Section) {
	listed := map[string]bool{}
	for _, s := range sections {
		listed[s.Document.ID] = true
	}
	held := map[string]bool{}
	for _, n := range shown.Notes {
		held[n.Key.Document] = held[n.Key.Document] || n.Key.IsParent()
	}
	type idle struct{ what, reason string }
	var all []idle
	times := map[idle]int{}
	for _, n := range shown.Notes {
		if listed[n.Key.Document] || held[n.Key.Document] && !n.Key.IsParent() {
			continue
		}
		it := idle{"action", n.Text}
		if n.Key.IsParent() {
			it.what = "document"
		}
		if times[it]++; times[it] == 1 {
			all = append(all, it)
		}
	}
	for _, it := range all {
		p.out.sayf("%s\n", p.out.paint("", many(times[it], it.what)+": "+plan.Plain(it.reason)))
	}
}

// json prints a value for tools. Control characters that a terminal may act on are
// escaped like those that JSON escapes itself.
func (p *program) json(v any) error {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	for _, r := range b.String() {
		if r >= 0x7f && r < 0xa0 || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			p.out.printed(fmt.Sprintf(`\u%04x`, r))
		} else {
			p.out.printed(string(r))
		}
	}
	return nil
}
