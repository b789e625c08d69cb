package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// guard is one of the things that keep percolate's promises: in this file, this text
// becomes that to take it out.
type guard struct {
	without        string
	file, old, new string
	breaks         string // the promise that is not kept without it
}

func guards() []guard {
	return []guard{
		{
			"no intent is saved before a create", "sync/create.go",
			"r.save(ctx, intents); err != nil", "error(nil); err != nil", "never twice",
		},
		{
			"a create whose outcome is unknown is taken for one that was not done", "sync/create.go",
			"case trackers.NothingDone(c.Err):", "case c.Err != nil:", "never twice",
		},
		{
			"what is read afresh before a write is not decided on", "sync/apply.go",
			"\t\t\tsums = append(sums, seen.Sum())\n", "", "never clobber",
		},
		{
			"whoever lost its lease may still save", "store/links.go",
			"requireFence(ctx, tx, lease.Fence, documentsOf(links, drop)); err != nil", "requireFence(ctx, tx, lease.Fence, nil); err != nil", "no conflict",
		},
	}
}

// tryGuards takes the guards out, one at a time, and runs until that is noticed.
func tryGuards(ctx context.Context, o options, kinds []kind, work string, out io.Writer) (int, error) {
	code := 0
	for n, g := range guards() {
		program := filepath.Join(work, fmt.Sprintf("without-%d", n), "percolate")
		if err := g.build(ctx, program); err != nil {
			return 2, fmt.Errorf("%s: %w", g.without, err)
		}
		for _, k := range kinds {
			if !g.noticed(ctx, o, k, program, work, out) {
				code = 1
			}
		}
	}
	return code, ctx.Err()
}

// noticed runs until the promise is seen broken, and tells what was seen.
func (g guard) noticed(ctx context.Context, o options, k kind, program, work string, out io.Writer) bool {
	seen := ""
	t := series(ctx, o, k, program, work, func(f failure) {
		for _, v := range f.violations {
			if strings.HasPrefix(v, g.breaks) && seen == "" {
				seen = fmt.Sprintf("seed %d: %s", f.seed, short(v))
			}
		}
	}, func(tally) bool { return seen != "" })
	if seen == "" {
		fmt.Fprintf(out, "NOT NOTICED on %s in %d runs: %s\n", k.name, t.runs, g.without)
		return false
	}
	fmt.Fprintf(out, "noticed on %s after %d runs: %s\n    %s\n", k.name, t.runs, g.without, seen)
	return true
}

// build builds percolate without the guard.
func (g guard) build(ctx context.Context, program string) error {
	text, err := os.ReadFile(g.file)
	if err != nil {
		return err
	}
	if strings.Count(string(text), g.old) != 1 {
		return fmt.Errorf("%s has changed, and does not hold once what is to be taken out:\n%s", g.file, g.old)
	}
	if err := os.MkdirAll(filepath.Dir(program), 0o755); err != nil {
		return err
	}
	return build(ctx, program, map[string]string{g.file: strings.Replace(string(text), g.old, g.new, 1)})
}
