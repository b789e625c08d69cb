package rally_test

import (
	"strings"
	"testing"

	"percolate/ticket"
	"percolate/trackers/rally"

	"pgregory.net/rapid"
)

func TestMarkdownBecomesHarmlessHTML(t *testing.T) {
	for markdown, want := range map[string]string{
		"*a* **b** `c`":                         "<p><em>a</em> <strong>b</strong> <code>c</code></p>",
		"# H\n\n- x\n- y":                       "<h1>H</h1>\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>",
		"[x] done\n\n1. a":                      "<p>[x] done</p>\n<ol>\n<li>a</li>\n</ol>",
		"<script>alert(1)</script>":             "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
		"a <b onclick=x>b</b>":                  "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>",
		"[x](javascript:alert(1))":              "<p>x</p>",
		"![p](https://x.example/p.png)":         `<p><a href="https://x.example/p.png">p</a></p>`,
		"https://x.example/?a=1&b=2":            `<p><a href="https://x.example/?a=1&amp;b=2">https://x.example/?a=1&amp;b=2</a></p>`,
		"<!-- percolate: end -->":               "<p>&lt;!-- percolate: end --&gt;</p>",
		"| a | b |\n|---|---|\n| `x\\|y` | z |": "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><code>x|y</code></td>\n<td>z</td>\n</tr>\n</tbody>\n</table>",
		"":                                      "",
	} {
		if got := rally.Render(markdown, 1000); got != want {
			t.Errorf("%q\ngot  %s\nwant %s", markdown, got, want)
		}
	}
}

func TestLongTextsAreCutAtABlockAndTheLastOneStays(t *testing.T) {
	long := strings.Repeat("A paragraph of *some* length, with words & marks in it.\n\n", 1000) + "Decided in <https://example.org/PER-1>."
	got := rally.Render(long, 5000)
	if len(got) > 5000 || len(got) < 4500 || !strings.Contains(got, "cut here") || !strings.HasSuffix(got, `<p>Decided in <a href="https://example.org/PER-1">https://example.org/PER-1</a>.</p>`) {
		t.Errorf("%d bytes, the end is %q", len(got), got[max(0, len(got)-300):])
	}
	one := rally.Render(strings.Repeat("障害 & ", 5000), 3000)
	if len(one) > 3000 || len(one) < 2500 || strings.Contains(one, "\ufffd") || strings.Contains(rally.PlainText(one), "&amp") {
		t.Errorf("one block of %d bytes: %q", len(one), one[max(0, len(one)-200):])
	}
	if tiny := rally.Render(long, 40); tiny != "" {
		t.Errorf("there is no room, and it is %q", tiny)
	}
}

// texts draws HTML with fences whole and broken, as people leave it behind and Rally
// has sanitised it.
func texts(t *rapid.T, label string) string {
	part := rapid.SampledFrom([]string{
		"a", " b ", "<p>c</p>", "<div>d", "</div>", "<br>", "<br/>", "\n", "&nbsp;", "&amp;", "<b>e</b>", "<span style=\"color:red\">", "</span>", "<ul><li>f</li></ul>",
		"<p><em>percolate begins here. It writes this part; the text outside it is yours.</em></p>", "<p>percolate ends here.</p>", "percolate begins here", "<div>percolate ends here</div>",
		"<p>Due: 2026-03-04</p>", "<hr>", "<img src=x>", "<p>", "</p>", "&lt;p&gt;",
	})
	return strings.Join(rapid.SliceOfN(part, 0, 10).Draw(t, label), "")
}

func TestABlockReadsBackAsWhatWasAskedAndPeoplesTextStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole, body, other := texts(t, "whole"), texts(t, "body"), rapid.StringMatching(`[a-z *<>&#-]{1,20}x`).Draw(t, "other")
		once := rally.Embed(whole, body)
		if rally.Extract(once) != ticket.BodySum(body) && strings.TrimSpace(body) != "" {
			t.Fatalf("%q in %q reads back as %q", body, whole, rally.Extract(once))
		}
		twice := rally.Embed(once, other)
		if rally.Extract(twice) != ticket.BodySum(other) {
			t.Fatalf("%q in %q reads back as %q", other, once, rally.Extract(twice))
		}
		if strings.TrimSpace(body) == "" {
			return
		}
		if cleared := rally.Embed(once, ""); rally.Embed(twice, "") != cleared || rally.Extract(cleared) != "" && rally.Extract(whole) == "" {
			t.Fatalf("people's text round it became %q from %q", rally.Embed(twice, ""), cleared)
		}
	})
}

func TestABlockThatAPersonEditedIsNoLongerWhatWasAsked(t *testing.T) {
	whole := rally.Embed("", "Rotate the *certificate*.")
	if got := rally.Extract(whole); got != ticket.BodySum("Rotate the *certificate*.") {
		t.Fatalf("untouched it is %q", got)
	}
	for from, to := range map[string]string{"Rotate": "Renew", "<em>certificate</em>": "certificate", "</p><p><em>percolate ends": "</p><p>And test it.</p><p><em>percolate ends"} {
		edited := strings.Replace(whole, from, to, 1)
		if edited == whole || strings.HasPrefix(rally.Extract(edited), "sum:") {
			t.Errorf("with %q for %q it is %q", to, from, rally.Extract(edited))
		}
	}
	other := strings.NewReplacer("<p>", `<div class="x">`, "</p>", "</div>", "<em>", "<i>", "</em>", "</i>", " ", "&nbsp;").Replace(whole)
	if rally.Extract(other) != rally.Extract(whole) {
		t.Errorf("written in other tags it is %q", rally.Extract(other))
	}
}

func TestTheDueLineIsPeoplesToEdit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rally.WithDue(rally.Embed(texts(t, "whole"), "Due: 2020-01-01"), "2026-05-01")
		if got := rally.FindDue(whole); got != "2026-05-01" {
			t.Fatalf("%q says %q", whole, got)
		}
		if moved := rally.WithDue(whole, "2026-06-01"); rally.FindDue(moved) != "2026-06-01" || rally.WithDue(moved, "2026-05-01") != whole {
			t.Fatalf("%q became %q", whole, moved)
		}
	})
	if got := rally.FindDue("<div>Why.</div><div><b>Due:&nbsp;2026-05-09</b></div>"); got != "2026-05-09" {
		t.Errorf("edited by a person it is %q", got)
	}
	for _, no := range []string{"<p>Overdue: 2026-05-09</p>", "<p>Due: 2026-02-31</p>", "Due: tomorrow", "<p>Due: 2026-05-09 or later</p>"} {
		if got := rally.FindDue(no); got != "" {
			t.Errorf("%q is due %q", no, got)
		}
	}
}

func TestASignedCommentIsNoOtherComment(t *testing.T) {
	signed := rally.Signed(ticket.Comment{Marker: "repeat:PER-2/A1", Text: "Hit again, see *PER-2*.\n\npercolate note repeat:PER-9/A9"})
	plain := rally.PlainText(signed)
	if !strings.HasSuffix(plain, "\npercolate note repeat:PER-2/A1") || strings.Contains(plain, "\npercolate note repeat:PER-9") {
		t.Errorf("it reads %q", plain)
	}
}
