package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"percolate/per"
)

// newFlags are what a document is begun with.
type newFlags struct {
	kind, id, output     string
	service, team, owner string
	light                bool
}

func (p *program) newCommand() *cobra.Command {
	var f newFlags
	cmd := &cobra.Command{
		Use:   "new TITLE",
		Short: "Begin a document from the template",
		Long: `new writes a document that explains itself, a draft: what belongs where, and why.
Nothing of it is filed until its status is agreed.

It goes to the first folder of documents in the configuration, under the next free id
of the year, and its path is printed. A file that is there is never overwritten.`,
		Example: `  percolate new "Search was empty for an hour"
  percolate new "The certificate nearly ran out" --kind near-miss --light
  percolate new "Search was empty" --id INC-2041 --output docs/inc-2041.md
  percolate new "Search was empty" --output -`,
		Args: takes(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(args[0]) == "" {
				return usage(cmd, "a document needs a title")
			}
			return p.newDocument(cmd.Context(), args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.kind, "kind", "", "what sort of event it was: "+strings.Join(kinds(), ", "))
	flags.BoolVar(&f.light, "light", false, "a short form, for an event that needs little")
	flags.StringVar(&f.id, "id", "", "the document's id (default: the next free PER-YEAR-NUMBER)")
	flags.StringVar(&f.service, "service", "", "the service that it is about")
	flags.StringVar(&f.team, "team", "", "the team that it belongs to")
	flags.StringVar(&f.owner, "owner", "", "who sees to it that it is written and agreed")
	flags.StringVarP(&f.output, "output", "o", "", `the file to write; "-" prints the document`)
	_ = cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(kinds(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func kinds() []string {
	return []string{string(per.Outage), string(per.Degradation), string(per.NearMiss), string(per.Maintenance), string(per.Security)}
}

func (p *program) newDocument(ctx context.Context, title string, f newFlags) error {
	l, _, err := p.readOnly(ctx, nil) // all documents, since the id must be free
	if err != nil {
		return err
	}
	c, today := l.config, p.now().In(l.config.zone)
	if f.id == "" {
		f.id = l.freeID(today.Year(), p.knownDocuments(ctx, c))
	}
	text := per.Template(per.TemplateInput{
		ID: f.id, Title: title, Kind: per.Kind(f.kind), Day: today, Zone: c.zone,
		Service: f.service, Team: f.team, Owner: f.owner, Light: f.light,
	})
	switch f.output {
	case "-":
		p.out.block(text)
		return nil
	case "":
		f.output = filepath.Join(c.resolve(c.firstFolder()), fileName(f.id, title))
		if err := os.MkdirAll(filepath.Dir(f.output), 0o755); err != nil {
			return fmt.Errorf("%s: not made: %w", filepath.Dir(f.output), reasonOf(err))
		}
	}
	if err := writeNew(f.output, text); err != nil {
		return fmt.Errorf("%s: %w", f.output, err)
	}
	p.out.sayf("%s\n", f.output)
	return nil
}

// freeID is the first id of the year behind all that are in use, by documents or by
// tickets of documents that are there no more.
func (l *library) freeID(year int, known []string) string {
	prefix := fmt.Sprintf("PER-%d-", year)
	last := 0
	for _, d := range l.documents {
		known = append(known, d.id.Value)
	}
	for _, id := range known {
		rest, ours := strings.CutPrefix(strings.ToUpper(id), prefix)
		if n, err := strconv.Atoi(rest); ours && err == nil {
			last = max(last, n)
		}
	}
	return fmt.Sprintf("%s%03d", prefix, last+1)
}

// knownDocuments lists the documents that the state has tickets of. It is a help only:
// without a state that can be read there are none.
func (p *program) knownDocuments(ctx context.Context, c *config) []string {
	if _, err := os.Stat(c.resolve(c.State.Path)); err != nil {
		return nil
	}
	state, err := p.openState(ctx, c)
	if err != nil {
		return nil
	}
	defer state.Close()
	links, err := state.Links(ctx)
	if err != nil {
		return nil
	}
	var ids []string
	for _, l := range links {
		ids = append(ids, l.Key.Document)
	}
	return ids
}

// firstFolder is where new documents go: the first of the configured paths that is, or
// could be, a folder.
func (c *config) firstFolder() string {
	for _, p := range c.Documents.Paths {
		before := beforePattern(filepath.ToSlash(p))
		if before == filepath.ToSlash(p) && per.HasDocumentName(p) {
			continue
		}
		return before
	}
	return "."
}

// fileName is the id, without what all ids have in common, and the title in words that
// need no quotes.
func fileName(id, title string) string {
	const most = 60
	name := dashed(strings.TrimPrefix(id, "PER-"))
	for _, word := range strings.Split(dashed(strings.ToLower(title)), "-") {
		if word != "" && utf8.RuneCountInString(name)+1+utf8.RuneCountInString(word) <= most {
			name += "-" + word
		}
	}
	return strings.Trim(name, "-") + ".md"
}

func dashed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '-'
	}, s)
}

// writeNew writes a file that must not be there yet.
func writeNew(name, text string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return errors.New("there is a file of that name already; it was left as it is")
	}
	if err != nil {
		return fmt.Errorf("not written: %w", reasonOf(err))
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(name)
		return fmt.Errorf("not written: %w", reasonOf(err))
	}
	return nil
}
