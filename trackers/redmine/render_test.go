package redmine_test

import (
	"bytes"
	"cmp"
	"html"
	"regexp"
	"strings"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/redmine"
	"percolate/trackers/redmine/redminetest"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// texts are documents' texts that Redmine would take for something else, or show as
// something else, if they were sent as they are.
func texts() []string {
	return []string{
		"See #1, ##1, #1-2, #note-3 and (#1) or [#1] or >#1; ops:#1, document#1.",
		"@bob, @bob. (@bob) and `@bob` or **@bob** and a@bob.example",
		"r1 and r12, commit:abc source:a/b.c export:x version:1.2 user:bob project:ops attachment:x.txt document:\"a b\"",
		"{{child_pages}} {{hello_world}} {{include(Wiki)}} {{toc}} {{thumbnail(x.png)}} and {{ .Values.x }}",
		"{{toc}}", "{{>toc}}", "[[Wiki]] and [[Wiki|page]] and [[ops:Wiki]] and ![[x]]",
		"`{{macro_list}}` `[[Wiki]]` `#1` `r1` `a*b*c` `a_b_c` `\"x\":y` `<b>` `!x!` `@x@` `%x%` `a|b`",
		"*one* **two** ***three*** _four_ ~~five~~ a*b*c snake_case_word 2*3*4 -six- +seven+ ^eight^ ??ten?? %eleven%",
		"!image.png! and !https://example.org/x.png! and ![alt](https://example.org/x.png)",
		"\"quoted\":https://example.org and \"a\": b and \"q\" 'r' (c) (tm) (r) ... -- --- -> <- => 3 x 4 1/2",
		"h1. no heading\n\nbq. no quote\n\np. no\n\nfn1. no\n\n\\* no item\n\n# A heading with *emphasis* and #1\n\n## Another\n\ntext[1] and ACR(onym)",
		"- one\n- two\n  - deeper\n    1. numbered\n    2. and more\n- three\n\n1. first\n2. second",
		"- [ ] open\n- [x] done",
		"- item\n\n  second paragraph\n\n  ```\n  code in item\n  ```\n- last",
		"| a | b |\n|---|---|\n| x \\| y | `c|d` |\n| *e* |  |",
		"> quote\n> more\n>\n> second\n\nafter",
		"```go\nif a < b && c > d { fmt.Println(\"#1 {{toc}} [[x]]\") } // </pre> </code>\n```",
		"    indented <code> & #1",
		"<b>bold</b> &amp; &lt;i&gt; <script>alert(1)</script> <!-- hidden --> <br> a < b > c",
		"<https://example.org/?a=1&b=2#x> and [text](https://example.org/a_(b)_c) and [mail](mailto:a@example.org) and [rel](../x) and https://example.org/x.",
		"[a \"quoted\" text](https://example.org/x) and [*em*](https://example.org/)",
		"line one  \nline two\nline three",
		"---\n\na\n\n***\n\nb",
		"== not notextile == and ==x== and <notextile>*x*</notextile> and <pre>x</pre>",
		"|no table|\n\n;a\n:b\n\nfoo {color:red} %{color:red}x% (class) [en]",
		"障害対応 #1 🔥 مراجعة",
		"C:\\path\\file \\*x\\* \\_y\\_ $x ~/.ssh /etc/x ./y a+b=c x=1 !important 50% 100%!",
	}
}

// other is what a reader sees where that is not what Markdown would show.
func other(format redmine.Format, text string) string {
	switch {
	case strings.HasPrefix(text, "!image.png!") && format == redmine.Textile:
		return "!image.png! and !https://example.org/x.png! and alt"
	case strings.HasPrefix(text, "!image.png!"):
		return "!image.png! and !https://example.org/x.png! and !alt"
	case strings.HasPrefix(text, "<b>") && format == redmine.Textile:
		return "<b>bold</b> & <i> <script>alert(1)</script> <!-- hidden --> <br> a < b > c"
	case strings.HasPrefix(text, "<b>"):
		return "bold & <i> <script>alert(1)</script> a < b > c"
	case strings.HasPrefix(text, "== not") && format == redmine.Textile:
		return "== not notextile == and ==x== and <notextile>x</notextile> and <pre>x</pre>"
	case strings.HasPrefix(text, "<https:") && format == redmine.Textile:
		return "https://example.org/?a=1&b=2#x and text and mail and rel (../x) and https://example.org/x."
	case strings.HasPrefix(text, "- [ ]") && format == redmine.Markdown:
		return "open done" // with boxes
	}
	return ""
}

var (
	tags    = regexp.MustCompile(`(?s)<[^>]*>`)
	anchor  = regexp.MustCompile(`<a href="#[^"]*" class="wiki-anchor">[^<]*</a>`)
	heading = regexp.MustCompile(`<a name="[^"]*"></a>`)
	links   = regexp.MustCompile(`<a [^>]*href="([^"]*)"`)
)

// shown is what a reader sees of HTML, but for white space.
func shown(page string) string {
	page = heading.ReplaceAllString(anchor.ReplaceAllString(page, ""), "")
	page = regexp.MustCompile(`(?i)</?(p|li|ul|ol|h\d|td|th|tr|br|pre|blockquote|table)\b[^>]*>`).ReplaceAllString(page, " ")
	page = html.UnescapeString(tags.ReplaceAllString(page, ""))
	return strings.Join(strings.Fields(strings.ReplaceAll(page, "\u2060", "")), " ")
}

// meant is what a reader should see of Markdown.
func meant(t *testing.T, markdown string) string {
	t.Helper()
	var b bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))
	if err := md.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	return shown(b.String())
}

func TestTextsMeanThemselvesInRedmine(t *testing.T) {
	for format, setting := range map[redmine.Format]string{redmine.Textile: "textile", redmine.Markdown: "common_mark"} {
		t.Run(string(format), func(t *testing.T) {
			s := newSite(t, redmine.Options{Format: format})
			if err := s.server.Set(t.Context(), redminetest.TextFormat, setting); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.server.Set(t.Context(), redminetest.TextFormat, "textile") }()
			for _, text := range texts() {
				got := s.filed(trackers.Creation{Key: ticket.Key{Document: "PER-1", Action: ticket.Fingerprint(text)}, Fields: ticket.Fields{Kind: ticket.KindStory, Title: "x", Body: text}})
				page, err := s.server.Preview(t.Context(), string(got.Seen.Ref))
				if err != nil {
					t.Fatal(err)
				}
				want := cmp.Or(other(format, text), meant(t, text))
				if shown(page) != want {
					t.Errorf("text %q\n  sent %q\n shown %q\n  want %q\n  html %s", text, s.stored(got.Seen.Ref).Text, shown(page), want, page)
				}
				for _, m := range links.FindAllStringSubmatch(page, -1) {
					if strings.HasPrefix(m[1], "/") {
						t.Errorf("text %q leads to %s in %s", text, m[1], page)
					}
				}
			}
		})
	}
}
