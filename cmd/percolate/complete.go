package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"

	"percolate/sync/plan"
	"percolate/ticket"
)

// completeDocuments offers files that may be documents.
func completeDocuments(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"md", "markdown", "qmd", "html", "erb", "yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}

// completeResolve offers what is to be settled, as the last sync found it.
func (p *program) completeResolve(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, f := range p.settleable(cmd) {
		field := f.Field
		if f.Kind == ticket.FindGone || f.Kind == ticket.FindUnmatched {
			field = plan.FieldTicket
		}
		switch {
		case len(args) == 0:
			out = append(out, f.Key.String()+"\t"+plan.Plain(f.Text))
		case len(args) == 1 && args[0] == f.Key.String():
			out = append(out, string(field)+"\t"+plan.Plain(f.Text))
		}
	}
	if len(args) == 1 && len(out) == 0 {
		for _, field := range settable() {
			out = append(out, string(field))
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// settleable lists the findings that resolve can settle; none when the state is not there.
func (p *program) settleable(cmd *cobra.Command) []ticket.Finding {
	c, err := p.config()
	if err != nil {
		return nil
	}
	if _, err := os.Stat(c.resolve(c.State.Path)); err != nil {
		return nil
	}
	state, err := p.openState(cmd.Context(), c)
	if err != nil {
		return nil
	}
	defer state.Close()
	all, err := state.Findings(cmd.Context())
	if err != nil {
		return nil
	}
	var out []ticket.Finding
	for _, f := range all {
		switch f.Kind {
		case ticket.FindConflict, ticket.FindGone, ticket.FindUnmatched:
			out = append(out, f)
		}
	}
	return out
}

// listed joins words for a message.
func listed[T ~string](words []T) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = string(w)
	}
	return strings.Join(parts, ", ")
}
