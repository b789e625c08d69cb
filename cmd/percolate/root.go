package main

import (
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is set by the linker: -X main.version=v1.2.3.
var version string

// commandsIn finds commands of percolate in the text of a finding or an error.
var commandsIn = regexp.MustCompile(`\bpercolate (sync|plan|poll|show|check|new|resolve|approve|doctor|state|report)\b`)

func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "percolate",
		Short: "Turn what retrospectives decide into tickets, and keep both joined",
		Long: `percolate makes sure that what a team decides after an event is really done. It
reads Post Event Retrospective documents and files each as a parent ticket, with a
story for every improvement and a defect for every direct contributor below it, in
the tracker that the team already uses. Then it keeps them joined.

It never files a ticket twice, never overwrites what a person changed in the
tracker, and never drops anything in silence: what it could not do or did not
understand is shown, with its place, until somebody settles it.

` + exitHelp,
		Example: `  percolate check pers/       what the authors of documents should mend
  percolate plan              what sync would do, and why
  percolate sync              do it
  percolate sync --config config.example.yaml`,
		Version:       versionText(),
		Args:          noSuchCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,

		DisableFlagsInUseLine:      true,
		SuggestionsMinimumDistance: 2,
	}
	root.PersistentFlags().StringVar(&p.configFile, "config", defaultConfig, "the configuration")
	_ = root.MarkPersistentFlagFilename("config", "yaml", "yml")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage(cmd, "%w", err) })
	root.SetVersionTemplate("percolate {{.Version}}\n")
	root.PersistentPreRun = func(cmd *cobra.Command, _ []string) { p.configured = cmd.Flags().Changed("config") }
	for _, g := range []struct {
		id, title string
		commands  []*cobra.Command
	}{
		{"join", "Keep documents and tickets joined:", []*cobra.Command{p.syncCommand(), p.planCommand(), p.pollCommand(), p.resolveCommand(), p.approveCommand(), p.reportCommand(), p.serveCommand()}},
		{"write", "Write documents:", []*cobra.Command{p.newCommand(), p.checkCommand(), p.showCommand()}},
		{"care", "Look after percolate:", []*cobra.Command{p.doctorCommand(), p.stateCommand()}},
	} {
		root.AddGroup(&cobra.Group{ID: g.id, Title: g.title})
		for _, cmd := range g.commands {
			cmd.GroupID = g.id
			root.AddCommand(cmd)
		}
	}
	root.SetHelpCommandGroupID("care")
	root.SetCompletionCommandGroupID("care")
	return root
}

// noSuchCommand refuses the arguments of percolate itself, which is what a misspelt
// command looks like.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	near := ""
	if like := cmd.SuggestionsFor(args[0]); len(like) > 0 {
		near = "; did you mean " + strings.Join(like, " or ") + "?"
	}
	return usage(cmd, "there is no command %s%s", args[0], near)
}

// versionText is the version that was built in, else what Go knows of the source.
func versionText() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	text := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (text == "" || text == "(devel)") {
			text = s.Value
		}
	}
	if text == "" {
		text = "unknown"
	}
	return text
}
