package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"percolate/mapping"
	"percolate/store"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
)

func (p *program) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Prove that everything is in order before it is needed",
		Long: `doctor looks at the configuration, the state and its permissions, the documents, and
asks each tracker whether credentials, projects, types and fields are as they must
be and whether the people of the configuration can be assigned there. Each line is
ok, warn or FAIL, with what to do about it.

It writes nothing, neither to a tracker nor to the state.`,
		Example: `  percolate doctor`,
		Args:    takes(0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.doctor(cmd.Context()) },
	}
}

// checkup is what doctor found so far.
type checkup struct {
	out    *screen
	p      *program
	failed bool
}

func (u *checkup) heading(name, about string) {
	u.out.sayf("%s  %s\n", u.out.paint("#", plan.Plain(name)), about)
}

func (u *checkup) say(d trackers.Diagnosis) {
	mark := map[trackers.Level]string{trackers.OK: "ok", trackers.Warn: "?", trackers.Fail: "!"}[d.Level]
	u.out.sayf("  %s  %s\n", u.out.paint(mark, fmt.Sprintf("%-4s", d.Level)), d.Text)
	if d.Mend != "" {
		u.out.sayf("        %s\n", u.p.command(d.Mend))
	}
	u.failed = u.failed || d.Level == trackers.Fail
}

func (u *checkup) ok(format string, args ...any) {
	u.say(trackers.Diagnosis{Level: trackers.OK, Text: fmt.Sprintf(format, args...)})
}

func (p *program) doctor(ctx context.Context) error {
	u := &checkup{out: p.out, p: p}
	c, err := p.config()
	if err != nil {
		u.heading("configuration", p.configFile)
		for _, e := range flatten(err) {
			for line := range strings.Lines(e.Error()) {
				u.say(trackers.Diagnosis{Level: trackers.Fail, Text: strings.TrimSpace(line)})
			}
		}
		return exit(exitFailed)
	}
	rules, err := p.newRules(c)
	if err != nil {
		return err
	}
	u.heading("configuration", p.configFile)
	u.ok("%s, %s, %s, %s", many(len(c.Trackers), "tracker"), many(len(c.Routes), "route"), count(len(c.People), "person", "people"), many(len(c.Teams), "team"))
	for _, d := range c.exposed() {
		u.say(d)
	}
	u.state(ctx, c)
	if err := u.documents(ctx, c, rules); err != nil {
		return err
	}
	if err := u.trackers(ctx, c, rules); err != nil {
		return err
	}
	if u.failed {
		return exit(exitFailed)
	}
	return nil
}

// state looks at the file without making or upgrading it when it is not there.
func (u *checkup) state(ctx context.Context, c *config) {
	name := c.resolve(c.State.Path)
	u.heading("state", c.shown(c.State.Path))
	_, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		u.stateToCome(name)
		return
	case err != nil:
		u.say(trackers.Diagnosis{Level: trackers.Fail, Text: reasonOf(err).Error(), Mend: "name another file under state: path"})
		return
	}
	state, older, err := store.Look(ctx, name, store.Options{Now: u.p.now, Wait: u.p.stateWait})
	if err == nil {
		defer state.Close()
		err = state.Check(ctx)
	}
	switch {
	case err != nil:
		u.say(trackers.Diagnosis{Level: trackers.Fail, Text: err.Error()})
		return
	case older:
		u.ok("sound; an earlier percolate wrote it, and the next sync upgrades it")
		return
	}
	links, err := state.Links(ctx)
	if err != nil {
		u.say(trackers.Diagnosis{Level: trackers.Fail, Text: err.Error()})
		return
	}
	tickets := 0
	for _, l := range links {
		if l.Owns() {
			tickets++
		}
	}
	u.ok("sound; %s", many(tickets, "ticket"))
}

// stateToCome proves that the state can be made.
func (u *checkup) stateToCome(name string) {
	dir := filepath.Dir(name)
	info, err := os.Stat(dir)
	switch {
	case err != nil || !info.IsDir():
		u.say(trackers.Diagnosis{Level: trackers.Fail, Text: "its folder " + dir + " does not exist", Mend: "make the folder, or name another file under state: path"})
	case mayWrite(dir) != nil:
		u.say(trackers.Diagnosis{Level: trackers.Fail, Text: "its folder " + dir + " may not be written by this user", Mend: "let this user write there, or name another file under state: path"})
	default:
		u.ok("not there yet; the first sync makes it, readable by you alone")
	}
}

func (u *checkup) documents(ctx context.Context, c *config, rules *mapping.Rules) error {
	u.heading("documents", strings.Join(c.Documents.Paths, ", "))
	l, err := c.readDocuments(ctx, rules, nil, false)
	if err != nil {
		return err
	}
	for _, fault := range flatten(l.faults) {
		u.say(trackers.Diagnosis{Level: trackers.Fail, Text: fault.Error(), Mend: "mend documents: paths in the configuration"})
	}
	broken := 0
	for _, d := range l.documents {
		if hasError(d.problems) {
			broken++
		}
	}
	switch {
	case len(l.documents) > 0:
		u.ok("%s, %s", many(len(l.documents), "document"), many(l.actions(), "action"))
	case l.faults == nil:
		u.say(trackers.Diagnosis{Level: trackers.Warn, Text: "there is none", Mend: `begin one with percolate new "What happened"`})
	}
	if broken > 0 {
		u.say(trackers.Diagnosis{Level: trackers.Warn, Text: many(broken, "document") + " with errors", Mend: "percolate check tells which"})
	}
	return nil
}

func (u *checkup) trackers(ctx context.Context, c *config, rules *mapping.Rules) error {
	all, err := u.p.newTrackers(c)
	if err != nil {
		return err
	}
	for _, t := range c.Trackers {
		info := all[t.Name].Info()
		about := info.Type + ", " + info.Where
		if info.Public {
			about += ", public"
		}
		u.heading(t.Name, about)
		accounts, without := rules.Accounts(t.Name)
		for _, d := range all[t.Name].Check(ctx, accounts) {
			d.Text = strings.TrimPrefix(d.Text, t.Name+": ")
			u.say(d)
		}
		switch {
		case len(without) > 0:
			u.say(trackers.Diagnosis{
				Level: trackers.Warn,
				Text:  fmt.Sprintf("%d of %s have no account here: %s", len(without), count(len(c.People), "person", "people"), strings.Join(without, ", ")),
				Mend:  "add accounts for tracker " + t.Name + " under people, or set its default_account",
			})
		case len(c.People) > 0:
			u.ok("%s can own actions here", count(len(c.People), "person", "people"))
		}
		if missing := lacks(info); missing != "" {
			u.say(trackers.Diagnosis{Level: trackers.Warn, Text: "has no " + missing + "; it stands in the text of the ticket instead"})
		}
	}
	return ctx.Err()
}

// lacks names what a tracker has no notion of.
func lacks(info trackers.Info) string {
	var out []string
	if !info.Priorities {
		out = append(out, string(ticket.FieldPriority))
	}
	if !info.Due {
		out = append(out, "due day")
	}
	return strings.Join(out, " and no ")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
