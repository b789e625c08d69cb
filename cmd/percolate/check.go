package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"percolate/per"
	"percolate/ticket"
)

func (p *program) checkCommand() *cobra.Command {
	var t target
	var code string
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Tell the authors of documents what to mend",
		Long: `check reads documents and tells what their authors should mend or think about, a
line each, as file:line: level: message [code]. An error keeps sync from the document
until it is mended; warnings and hints do not.

What it says may be all right: the author accepts it, with a reason, in the document,
and --explain CODE tells how.

It uses no network and no tracker, and with PATHs it needs no configuration, so it
serves as a hook before a commit and in an editor. Where percolate has synced before,
it hints at actions that read like work which was open at the last poll.`,
		Example: `  percolate check
  percolate check pers/2026-011.md
  percolate check pers/ --format json
  percolate check --explain no-owner`,
		ValidArgsFunction: completeDocuments,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := t.check(cmd); err != nil {
				return err
			}
			if cmd.Flags().Changed("explain") {
				return p.explain(code)
			}
			return p.check(cmd.Context(), args, t)
		},
	}
	t.flags(cmd, "text", "json")
	cmd.Flags().StringVar(&code, "explain", "", "tell what a code in brackets means and how to accept it")
	_ = cmd.RegisterFlagCompletionFunc("explain", cobra.FixedCompletions(codeNames(codes()), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// checked is the answer of check for tools.
type checked struct {
	Documents int              `json:"documents"`
	Problems  []checkedProblem `json:"problems"`
}

type checkedProblem struct {
	Path string `json:"path"`
	per.ProblemView
}

func (p *program) check(ctx context.Context, args []string, t target) error {
	if len(args) == 0 {
		if _, err := p.config(); err != nil {
			return err
		}
	}
	l, configured, err := p.readOnly(ctx, args)
	if err != nil {
		return err
	}
	if l.faults != nil && len(l.documents) == 0 {
		return l.faults
	}
	answer := checked{Documents: len(l.documents), Problems: []checkedProblem{}}
	code := exitOK
	var earlier *per.Repeats
	if configured {
		earlier = p.unfinished(ctx, l.config)
	}
	for _, d := range l.documents {
		problems := d.problems
		if configured {
			problems = slices.Concat(problems, d.mapped, d.repeats(l.config, earlier))
		}
		for _, problem := range problems {
			answer.Problems = append(answer.Problems, checkedProblem{
				l.shownPath(d.path), per.ProblemView{Line: problem.Line, Severity: problem.Level, Code: problem.Code, Message: problem.Message},
			})
		}
		if hasError(problems) {
			code = exitBroken
		}
	}
	err = p.deliver(t, func() error {
		if t.format == "json" {
			return p.json(answer)
		}
		p.showChecked(answer)
		return nil
	})
	return errors.Join(err, l.faults, exit(code))
}

// mapped are the findings of mapping that an author can settle.
func mapped(path string, tree ticket.Tree) []per.Problem {
	var out []per.Problem
	for _, f := range tree.Findings {
		if f.Kind == ticket.FindUnowned && f.Text == "no owner" {
			continue // per.Check says so already
		}
		out = append(out, per.Problem{Path: path, Line: f.Place.Line, Level: per.Warning, Code: string(f.Kind), Message: f.Text})
	}
	return out
}

func (p *program) showChecked(answer checked) {
	count := map[per.Level]int{}
	for _, f := range answer.Problems {
		count[f.Severity]++
		mark := map[per.Level]string{per.Error: "!", per.Warning: "?"}[f.Severity]
		p.out.sayf("%s: %s: %s %s\n", ticket.Place{Path: f.Path, Line: f.Line}.String(),
			p.out.paint(mark, string(f.Severity)), f.Message, p.out.paint("", "["+f.Code+"]"))
	}
	p.out.sayf("%s: ", many(answer.Documents, "document"))
	if len(answer.Problems) == 0 {
		p.out.sayf("%s\n", p.out.paint("ok", "nothing to mend"))
		return
	}
	p.out.sayf("%s\n", fmt.Sprintf("%s, %s, %s", many(count[per.Error], "error"), many(count[per.Warning], "warning"), many(count[per.Hint], "hint")))
}
