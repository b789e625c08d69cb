package per_test

import (
	"fmt"
	"strings"
	"testing"

	"percolate/per"
)

func BenchmarkParseThousandDocuments(b *testing.B) {
	var sources [][]byte
	files := documents(b)
	for _, file := range files {
		sources = append(sources, read(b, file))
	}
	for b.Loop() {
		for i := range 1000 {
			per.Parse(files[i%len(files)], sources[i%len(files)])
		}
	}
}

// Shapes that hold naive readers up. Run with -bench Growth: ten times the size
// should take about ten times as long, and fifteen times at most.
func BenchmarkGrowth(b *testing.B) {
	repeat := func(s string) func(int) string {
		return func(n int) string { return strings.Repeat(s, n/len(s)) }
	}
	under := func(head, s string) func(int) string {
		return func(n int) string { return head + strings.Repeat(s, n/len(s)) }
	}
	count := func(format string) func(int) string {
		return func(n int) string {
			var b strings.Builder
			for i := 0; b.Len() < n; i++ {
				fmt.Fprintf(&b, format, i, i)
			}
			return b.String()
		}
	}
	for _, shape := range []struct {
		name, file string
		make       func(n int) string
	}{
		{"OneLine", "a.md", under("## Actions\n- ", "word ")},
		{"OneWord", "a.md", under("## Actions\n- ", "a")},
		{"LongParagraph", "a.md", under("## Summary\n", "word word word\n")},
		{"ManyActions", "a.md", under("## Actions\n", "- [ ] do it. Owner: ana\n")},
		{"ManyOwnActions", "a.md", func(n int) string {
			return "---\nkind: outage\n---\n## Actions\n" + count("- A%d (owner: ana, addresses: D%d) Do it\n")(n)
		}},
		{"ManyHeadings", "a.md", repeat("## Actions\n\n- a\n\n")},
		{"ManySubheadings", "a.md", under("## Actions\n\n", "### 1) a @b\n\n")},
		{"HugeTable", "a.md", under("## Actions\n| Action | Owner |\n|---|---|\n", "| do it | ana |\n")},
		{"WideTable", "a.md", func(n int) string {
			return "## Actions\n" + strings.Repeat("|a", n/4) + "|\n" + strings.Repeat("|-", n/4) + "|\n"
		}},
		{"ManyReferences", "a.md", count("[r%d]: https://github.com/a/b/issues/%d\n")},
		{"ManyLinks", "a.md", under("## Actions\n- ", "[a](https://github.com/a/b/issues/1) ")},
		{"OpenBrackets", "a.md", under("## Actions\n- ", "[")},
		{"OpenLinks", "a.md", under("## Actions\n- ", "[a](")},
		{"OpenParentheses", "a.md", under("## Actions\n- ", "(")},
		{"Colons", "a.md", under("## Actions\n- ", "owner: ")},
		{"Stars", "a.md", under("## Actions\n- ", "a*a_")},
		{"Backticks", "a.md", under("## Actions\n- ", "` `` ``` ")},
		{"Comments", "a.md", repeat("<!-- a\n")},
		{"ClosedComments", "a.md", repeat("<!-- a -->\n")},
		{"CommentsOnALine", "a.md", repeat("a <!-- b --> ")},
		{"ManyDifferentLinks", "a.md", func(n int) string { return "## Actions\n- " + count("[a%d](https://github.com/a/b/issues/%d) ")(n) }},
		{"ManyOwners", "a.md", func(n int) string {
			return "## Actions\n| Action | Owner |\n|---|---|\n| a |" + count("a%d, b%d, ")(n) + "|\n"
		}},
		{"ManyDeltas", "a.md", func(n int) string {
			return "---\nkind: outage\n---\n## Deltas\n" + count("- D%d: a %d\n")(n/2) + "## Actions\n" + count("- A%d (addresses: D%d) a\n")(n/2)
		}},
		{"ManyEntries", "a.md", under("## Timeline\n", "- 10:05 it broke\n")},
		{"ManyTimeLines", "a.md", under("## Timeline\n", "10:05 it broke\n")},
		{"Stairs", "a.md", func(n int) string {
			var b strings.Builder
			for i := 0; b.Len() < n; i++ {
				b.WriteString(strings.Repeat(" ", 2*(i%30)) + "- a\n")
			}
			return b.String()
		}},
		{"LazyQuote", "a.md", under("> a\n", "b\n")},
		{"YAMLActions", "a.yaml", under("actions:\n", "- text: do it\n  owner: ana\n")},
		{"HTMLList", "a.html", under("<h2>Actions</h2><ul>", "<li>do it</li>\n")},
		{"HTMLBold", "a.html", repeat("<b>")},
		{"HTMLLinks", "a.html", repeat("<a href=x>")},
		{"HTMLTables", "a.html", repeat("<table><tr><td>")},
		{"HTMLAttributes", "a.html", under("<p ", "a=b ")},
		{"HTMLInMarkdown", "a.md", repeat("<table>\n\n")},
		{"HTMLMisnested", "a.html", repeat("<p><b></p>")},
		{"WrittenBack", "a.md", under("## Actions\n", "- do it [OPS-1](https://x/OPS-1 \"percolate\")\n")},
		{"Accepted", "a.md", under("## Actions\n", "- do it <!-- percolate: accept no-owner: x -->\n")},
		{"YAMLText", "a.yaml", under("summary: |\n", "  text: text\n")},
	} {
		for _, size := range []int{1e6, 10e6} {
			src := []byte(shape.make(size))
			b.Run(fmt.Sprintf("%s/%dMB", shape.name, size/1e6), func(b *testing.B) {
				b.SetBytes(int64(len(src)))
				for b.Loop() {
					d, problems := per.Parse(shape.file, src)
					per.Check(d, per.CheckRules{})
					_ = problems
				}
			})
		}
	}
}
