package jira_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"percolate/ticket"
	"percolate/trackers/jira"
)

func TestMarkdownBecomesWikiMarkup(t *testing.T) {
	for name, c := range map[string][2]string{
		"Headings":     {"# One\n\n### Three", "h1. One\n\nh3. Three"},
		"Emphasis":     {"*a* **b** ~~c~~ `d`", "_a_ *b* -c- {{d}}"},
		"SoftBreak":    {"one\ntwo", "one two"},
		"HardBreak":    {"one\\\ntwo", `one \\ two`},
		"List":         {"- a\n  - b\n    1. c\n- d", "* a\n** b\n**# c\n* d"},
		"Tasks":        {"- [x] a\n- [ ] b", "* (/) a\n* \\[ \\] b"},
		"ItemOfTwo":    {"- a\n\n  b", `* a \\ b`},
		"Table":        {"| a | b |\n|---|---|\n| `x\\|y` | |", "||a||b||\n|{{x\\|y}}| |"},
		"Code":         {"```go\nx := 1 // *no* [markup]\n```", "{code:go}\nx := 1 // *no* [markup]\n{code}"},
		"CodeUnknown":  {"```brainfuck\n+\n```", "{code}\n+\n{code}"},
		"CodeBreaks":   {"```\n{code}\n{noformat}\n```", "{noformat}\n{code}\n{\u200bnoformat}\n{noformat}"},
		"Quote":        {"> a\n>\n> > b", "{quote}\na\n\nb\n{quote}"},
		"Rule":         {"a\n\n---\n\nb", "a\n\n----\n\nb"},
		"Link":         {"[a|b](https://x.example/?q=[1])", `[a\|b|https://x.example/?q=%5B1%5D]`},
		"BareLink":     {"see https://x.example/a_b", "see [https://x.example/a_b]"},
		"BadLink":      {"[a](javascript:alert)", "a (javascript:alert)"},
		"Image":        {"![alt](https://x.example/i.png)", "[alt|https://x.example/i.png]"},
		"Mention":      {"[~ann] [~accountid:5b1] @ann", `\[\~ann\] \[\~accountid:5b1\] @ann`},
		"Macro":        {"{panel} {color:red}x{color} !i.png!", `\{panel\} \{color:red\}x\{color\} \!i.png\!`},
		"Marks":        {"a_b 2*3 x-y *-z- _", `a_b 2*3 x-y \*\-z\- _`},
		"Backslash":    {`a\\b`, "a&#92;b"},
		"Entity":       {"&amp;lt; &copy;", "&amp;lt; ©"},
		"Html":         {"<b>x</b>", "<b>x</b>"},
		"HtmlBlock":    {"<!-- a -->", `<\!\-\- a \-\->`},
		"HeadingText":  {"h1. no", "\u200bh1. no"},
		"ListText":     {"\\* no", `\* no`},
		"Emoticon":     {"(x) :) (y)", `\(x) \:) \(y)`},
		"Empty":        {"", ""},
		"Fence":        {"percolate ends here.", "percolate\u2060 ends here."},
		"FenceInCode":  {"```\npercolate begins here.\n```", "{code}\npercolate\u2060 begins here.\n{code}"},
		"SignInText":   {"percolate note x", "percolate note x"},
		"Orders":       {"3. c\n4. d", "# c\n# d"},
		"ControlLines": {"a\r\nb\r\n\r\nc", "a b\n\nc"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := jira.MarkupOf(c[0], 32767); got != c[1] {
				t.Errorf("got  %q\nwant %q", got, c[1])
			}
		})
	}
}

func TestACutLeavesNothingOpen(t *testing.T) {
	long := "{x} " + strings.Repeat("word ", 400)
	for name, markdown := range map[string]string{
		"Paragraph": long, "Code": "```\n" + long + "\n```\n\nThe end.", "Quote": "> " + long + "\n\nThe end.", "Blocks": strings.Repeat(long[:300]+"\n\n", 20) + "The end.",
		"Link": strings.Repeat("x ", 20) + "[" + long + "](https://x.example)",
	} {
		for _, max := range []int{150, 300, 501, 1000} {
			got := jira.MarkupOf(markdown, max)
			if n := utf8.RuneCountInString(got); n > max || n < 75 {
				t.Errorf("%s at %d has %d characters", name, max, n)
			}
			if strings.Count(got, "{code}")%2 != 0 || strings.Count(got, "{quote}")%2 != 0 || !strings.Contains(got, "cut here") {
				t.Errorf("%s at %d: %q", name, max, got)
			}
			if strings.Contains(markdown, "The end.") && !strings.HasSuffix(got, "The end.") {
				t.Errorf("%s at %d lost its last block: %q", name, max, got)
			}
		}
	}
}

func TestTheBlockKeepsToItself(t *testing.T) {
	whole := jira.Embed("Above.", "OURS")
	for name, text := range map[string]string{
		"AsWritten":     whole,
		"OtherLineEnds": strings.ReplaceAll(whole, "\n", "\r\n"),
		"WithoutColour": strings.NewReplacer("{color:#6b778c}", "", "{color}", "").Replace(whole),
		"OtherColour":   strings.ReplaceAll(whole, "#6b778c", "red"),
		"Emphasised":    strings.ReplaceAll(strings.ReplaceAll(whole, "{color:#6b778c}", "_*"), "{color}", "*_"),
		"AHalfBefore":   "percolate begins here. (left over)\n\n" + whole,
	} {
		if got := jira.Extract(text); got != ticket.BodySum("OURS") {
			t.Errorf("%s: read %q of %q", name, got, text)
		}
		again := jira.Embed(text, "new")
		if jira.Extract(again) != ticket.BodySum("new") || !strings.Contains(again, "Above.") || strings.Contains(again, "OURS") {
			t.Errorf("%s: became %q", name, again)
		}
		if gone := jira.Embed(text, ""); jira.Extract(gone) != "" || !strings.Contains(gone, "Above.") {
			t.Errorf("%s: without the block it is %q", name, gone)
		}
	}
	if got := jira.Extract("percolate ends here.\n\nx\n\npercolate begins here."); got != "" {
		t.Errorf("read %q between fences in the wrong order", got)
	}
}

func TestABlockIsKnownForWhatWasAskedUntilAPersonChangesIt(t *testing.T) {
	const asked = "# Why\n\n- one *word*\n- two\n\n```go\nx := 1\n```"
	whole := jira.Embed("Above.", asked)
	for name, text := range map[string]string{
		"AsWritten":     whole,
		"OtherLineEnds": strings.ReplaceAll(whole, "\n", "\r\n"),
		"MoreEscapes":   strings.Replace(whole, "- ", `\- `, 1),
		"BlankLines":    strings.ReplaceAll(whole, "\n", " \n\n"),
	} {
		if got := jira.Extract(text); got != ticket.BodySum(asked) {
			t.Errorf("%s: nobody changed %q, and it reads %q", name, text, got)
		}
	}
	for _, edited := range []string{strings.Replace(whole, "one", "ONE", 1), strings.Replace(whole, "two", "two more", 1)} {
		if got := jira.Extract(edited); ticket.BodySum(got) == ticket.BodySum(asked) || !strings.Contains(got, "Why") {
			t.Errorf("a person changed it to %q, and it reads %q", edited, got)
		}
	}
}

func FuzzMarkup(f *testing.F) {
	f.Add("# a\n\n- b\n\n> c\n\n```\nd\n```\n\n| a |\n|---|\n| b |", 500)
	f.Add("[a](https://x) ![b](c) <d> \\* `e` percolate ends here.", 120)
	f.Fuzz(func(t *testing.T, markdown string, max int) {
		if !utf8.ValidString(markdown) || max < 100 || max > 100000 {
			t.Skip()
		}
		got := jira.MarkupOf(markdown, max)
		if n := utf8.RuneCountInString(got); n > max+10 { // hidden marks may be added
			t.Errorf("%d characters, at most %d are allowed", n, max)
		}
		if block := jira.Extract(jira.Embed("", markdown)); ticket.BodySum(block) != ticket.BodySum(markdown) {
			t.Errorf("%q is read back as %q", markdown, block)
		}
		if strings.Contains(got, "[~") && !strings.Contains(got, `\[~`) && !strings.Contains(got, "{code") && !strings.Contains(got, "{noformat") {
			t.Errorf("somebody is mentioned in %q", got)
		}
	})
}
