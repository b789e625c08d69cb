package github_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"percolate/trackers/github"
)

// What GitHub looks for in the text that it shows, in the filters that it once published.
var (
	pings  = regexp.MustCompile(`(?:^|[^0-9A-Za-z_])@[0-9A-Za-z]`)
	closes = regexp.MustCompile(`#[0-9]|\b[Gg][Hh]-[0-9]`)
)

// shown is the text that a page of GitHub shows of Markdown, outside code and links: there
// GitHub looks for people and issues, in one text after another.
func shown(t testing.TB, markdown string) (texts []string) {
	t.Helper()
	var page bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))
	if err := md.Convert([]byte(markdown), &page); err != nil {
		t.Fatal(err)
	}
	root, err := nethtml.Parse(&page)
	if err != nil {
		t.Skip(err)
	}
	var walk func(*nethtml.Node)
	walk = func(n *nethtml.Node) {
		switch n.DataAtom {
		case atom.Code, atom.Pre, atom.A, atom.Script, atom.Style, atom.Textarea, atom.Title, atom.Iframe, atom.Noembed, atom.Noframes, atom.Plaintext, atom.Xmp, atom.Noscript, atom.Tt:
			return
		}
		if n.Type == nethtml.TextNode {
			texts = append(texts, n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return texts
}

func wantQuiet(t *testing.T, markdown string) {
	t.Helper()
	got := github.Quiet(markdown)
	for _, text := range shown(t, got) {
		if who := pings.FindString(text); who != "" {
			t.Errorf("%q notifies %q: it became %q", markdown, who, got)
		}
		if which := closes.FindString(text); which != "" {
			t.Errorf("%q links %q: it became %q", markdown, which, got)
		}
	}
}

func loudTexts() []string {
	return []string{
		"@ann and (@ann), /@ann .@ann +@ann -@ann _@ann_ **@ann** \u00e9@ann",
		"closes #12, octo/other#12, GH-12 and gh-12",
		"a `code` @ann ` @bob", "`@ann", "\\`@ann\\`", "``a` @ann `b", "\\`#12\\`",
		"@ann,http://x.example", "@ann://x", "x:https://x.example/@ann", "[a](https://x.example)@ann", "<https://x.example>@ann", "http:///@ann",
		"&#64;ann &#x40;ann &commat;ann &#35;12 &num;12 #&#49;2 @&#97;nn &#71;H-12", "\\@ann \\#12",
		"    ```\n@ann\n    ```", "- a\n  ```\n@ann", "> ```\n@ann", "````\n```\n````\n@ann\n```\n#12\n```", "``` a`b\n@ann", "~~~\n```\n~~~\n@ann",
		"<div>\n```\n@ann #12\n```\n</div>", "<div>`@ann`</div>", "<p>@ann</p>", "<!-- @ann -->@ann",
		"| `a | @ann` |\n|---|---|\n| `b | @ann` |", "# @ann", "@ann\n---", "- [ ] @ann", "![@ann](x)", "~~@ann~~",
		"@\u2060ann &\u2060#64;ann #\u206012", "[^1]\n\n[^1]: a\n\n    @ann", "a\n\n    @ann",
	}
}

func TestDocumentsPingNobody(t *testing.T) {
	for _, text := range loudTexts() {
		wantQuiet(t, text)
		if got := github.Quiet(text); github.Loud(got) != text {
			t.Errorf("%q became %q and comes back as %q", text, got, github.Loud(got))
		}
	}
}

func TestCodeAndAddressesStayAsTheyAre(t *testing.T) {
	for _, text := range []string{
		"`npm i @scope/pkg#1`", "```sh\nnpm i @scope/pkg\n```", "~~~\n#12 @ann\n~~~", "- a\n\n  ```\n  @ann\n  ```", "> ~~~\n> @ann\n> ~~~",
		"ann@example.com", "see https://x.example/@ann/a#12 and (http://10.0.0.1:80/#5)", "R&D, &amp; &lt; &#39; &#8203;", "no@", "# 12", "C# 7",
	} {
		if got := github.Quiet(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// A cut may part code from the tick that ends it, and what is put in makes a text longer.
func TestACutTextPingsNobodyAndFits(t *testing.T) {
	for _, block := range []string{
		strings.Repeat("x ", 29_995) + "`a @ann and more of the code`", strings.Repeat("@a ", 40_000), "```\n" + strings.Repeat("@a ", 40_000) + "\n```\n@ann",
		strings.Repeat("[a](", 1<<20),
	} {
		got := github.WithBlock("", block)
		if n := utf8.RuneCountInString(got); n > 65_000 || n < 20_000 || !strings.Contains(got, "cut here") {
			t.Errorf("%.20q became %d characters", block, n)
		}
		for _, text := range shown(t, got) {
			if who := pings.FindString(text); who != "" {
				t.Errorf("%.20q notifies %q", block, who)
			}
		}
	}
}

func FuzzQuiet(f *testing.F) {
	for _, text := range loudTexts() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, markdown string) {
		if !utf8.ValidString(markdown) || strings.ContainsAny(markdown, "\x00\r") || len(markdown) > 4<<10 {
			t.Skip()
		}
		wantQuiet(t, markdown)
	})
}
