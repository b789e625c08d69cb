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
}

func guards() []guard {
	return []guard{
		{
			"no intent is saved before a create", "sync/create.go",
			"\tif err := r.save(ctx, intents); err != nil {\n\t\treturn err\n\t}\n", "",
		},
		{
			"a create whose outcome is unknown is taken for one that was not done", "sync/create.go",
			"case trackers.NothingDone(c.Err):", "case c.Err != nil:",
		},
		{
			"what is read afresh before a write is not decided on", "sync/apply.go",
			"\t\t\tsums = append(sums, seen.Sum())\n", "",
		},
		{
			"whoever lost its lease may still save", "store/links.go",
			"requireFence(ctx, tx, lease.Fence, documentsOf(links, drop)); err != nil", "requireFence(ctx, tx, lease.Fence, nil); err != nil",
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
			var first failure
			t := series(ctx, o, k, program, work, func(f failure) { first = f }, func(t tally) bool { return t.violations+t.broken > 0 })
			if t.violations == 0 {
				code = 1
				fmt.Fprintf(out, "NOT NOTICED on %s in %d runs: %s\n", k.name, t.runs, g.without)
				continue
			}
			fmt.Fprintf(out, "noticed on %s after %d runs: %s\n    %s\n", k.name, t.runs, g.without, strings.Join(first.violations, "\n    "))
		}
	}
	return code, ctx.Err()
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
