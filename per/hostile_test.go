package per_test

import (
	"strings"
	"testing"

	"percolate/per"
)

// hostile are shapes on which readers of Markdown, YAML and HTML take time or memory
// that grows with the square of the text, or that nest without end.
func hostile(size int) map[string][]string {
	r := func(s string) string { return strings.Repeat(s, size/len(s)) }
	actions := "## Corrective actions\n\n"
	stairs := func(step, item string) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			b.WriteString(strings.Repeat(step, i%390) + item)
		}
		return b.String()
	}
	return map[string][]string{
		"a.md": {
			r("*a "), r("*"), r("["), r("[a]("), r("!["), r("`a``"), r("> > > a\n"), r("- a\n"), r("<div>"), r("<!-- "), r("<!-- a -->\n"), r("<a b='"),
			r("[a]: b\n"), r("# a\n"), r("a\n=\n"), r("```\n"), r("&a"), r("\t"), r("- [ ] \n"), stairs("  ", "- a\n"), stairs(">", "a\n"), r("- "), r(">"),
			actions + r("- [ ] do it now\n"), actions + "- " + r("a"), actions + "- " + r("(a) "), actions + "- [ ] A1 (owner: " + r("a, ") + ") x", actions + "- " + r("@a "),
			actions + "- a " + r(`[OPS-1](https://a "percolate")`), actions + r("- a [OPS-1](https://a \"percolate\")\n"), r("<!-- percolate: accept no-owner: x -->\n"),
			actions + r("|a") + "|\n" + r("|-") + "|\n" + r("|a|\n"), actions + r("|a|\n|-|\n"), actions + r("| a ") + "|\n" + r("|---") + "|\n" + r("| a ") + "|\n",
			"## Timeline\n\n" + r("- 09:12 x\n"), "## Timeline\n\n- 09:12 " + r("09:12 "), "## Deltas\n\n" + r("- D1: x\n") + actions + r("- A (addresses: D1) x\n"),
			"---\na: &a [x]\nb: " + r("*a ") + "\n---\n", "---\n" + r("a: ") + "\n---\n", "+++\n" + r("a.") + "b = 1\n+++\n", "+++\na = " + r("[") + "\n+++\n",
		},
		"a.yaml": {
			r("-\n"), r("- - "), r("["), r("[]"), r("{a: "), "actions: [" + r("a,") + "]", "a: " + r("!!str "), "a: " + r("&a "), r("? "), r("<<: *a\n"),
			r("---\n"), "summary: \"" + r("\\x41") + "\"", "summary: |\n" + r("  x\n"), "summary: >\n" + r("  x\n\n"), stairs(" ", "- a:\n"), stairs(" ", "a:\n"),
		},
		"a.html": {
			r("<div>"), r("<b>"), r("<a href=x>"), r("<table>"), "<table>" + r("<tr><td>a"), r("<ul><li>"), r("<b><p>"), r("<a><i><p>"), r("<font a=1>"),
			"<div " + r("a=1 ") + ">", r("<svg>"), r("<template>"), r("<select>"), r("<!--"), r("<blockquote>a"), r("<nobr>"), r("&amp;"),
		},
	}
}

// A tracker's answer is no reason to put a script, markup or a second action into a document.
func TestNoAnswerOfATrackerHarmsADocument(t *testing.T) {
	const src = "# T\n\n## Corrective actions\n\n- A1: Do it\n\n| Action | Ticket |\n|---|---|\n| Do that | |\n"
	for _, hostile := range []string{
		"javascript:alert(1)", " JavaScript:alert(1)", "\x01javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
		"x](javascript:alert(1)) [y", "x\n- A2: And that", "x | y |\n| z", `x" onclick="y`, "<script>x</script>", "![x](https://y)", "\x1b[2J\u202egnp", "[[x]]", "`x", "*x*", "<!-- percolate: accept no-owner: x -->", "\xff",
	} {
		for _, w := range []per.Written{{Key: "OPS-1", URL: hostile}, {Key: hostile, URL: "https://x.example/1"}, {Key: "OPS-1", URL: "https://x.example/1", Status: hostile}, {Key: hostile, URL: hostile, Status: hostile}} {
			d, _ := per.Parse("a.md", []byte(src))
			first, second := w, w
			first.Line, first.Text = d.Actions[0].Line, d.Actions[0].Text
			second.Line, second.Text = d.Actions[1].Line, d.Actions[1].Text
			got, _ := per.WriteBack("a.md", []byte(src), []per.Written{first, second})
			low := strings.ToLower(string(got))
			if after, _ := per.Parse("a.md", got); len(after.Actions) != 2 || strings.Count(low, "\n") != strings.Count(src, "\n") {
				t.Errorf("%+v makes\n%s", w, got)
			}
			for _, bad := range []string{"](java", "](data", "](vb", "](file", "](%20java", "<script", "\x1b", "\u202e", "![", "<!--", "onclick=\""} {
				if strings.Contains(low, bad) {
					t.Errorf("%+v writes %q:\n%s", w, bad, got)
				}
			}
		}
	}
}

// Without its limits, reading these takes minutes, all memory or the stack, and the
// test never ends.
func TestHostileShapesAreReadOrRefused(t *testing.T) {
	for name, shapes := range hostile(48 << 10) {
		for _, src := range shapes {
			d, problems := per.Parse(name, []byte(src))
			per.Show(d, append(problems, per.Check(d, per.CheckRules{})...))
		}
	}
}
