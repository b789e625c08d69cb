package redmine

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// inline is what a block holds as Textile. Texts that stand side by side are one text,
// since what a mark means depends on its neighbours.
func (w *writer) inline(parent ast.Node) string {
	var out, text strings.Builder
	flush := func() {
		out.WriteString(plain(text.String()))
		text.Reset()
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			text.WriteString(sourceText(n.Segment.Value(w.src), n.IsRaw()))
			if n.HardLineBreak() && !w.table {
				text.WriteByte('\n')
			} else if n.SoftLineBreak() || n.HardLineBreak() {
				text.WriteByte(' ')
			}
		case *ast.String:
			text.WriteString(sourceText(n.Value, n.IsRaw()))
		default:
			flush()
			out.WriteString(w.span(n, out.String()))
		}
	}
	flush()
	return strings.TrimSpace(out.String())
}

// span is what stands behind the text before in a line.
func (w *writer) span(n ast.Node, before string) string {
	switch n := n.(type) {
	case *ast.CodeSpan:
		return "<code>" + quietMentions(hideTags(strings.TrimSpace(w.raw(n)))) + "</code>"
	case *ast.Emphasis:
		return w.around(n, before, []string{"_", "*"}[min(n.Level, 2)-1])
	case *extast.Strikethrough:
		return w.around(n, before, "-")
	case *ast.Link, *ast.Image:
		inner := *w
		inner.link = true
		return link(inner.inline(n), destination(n))
	case *ast.AutoLink:
		return link("", string(n.URL(w.src)))
	case *ast.RawHTML:
		return plain(string(n.Segments.Value(w.src)))
	case *extast.TaskCheckBox:
		if n.IsChecked {
			return plain("[x] ")
		}
		return plain("[ ] ")
	}
	return w.inline(n)
}

// raw is the text of a code span, in which nothing is resolved.
func (w *writer) raw(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(w.src))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

// sourceText resolves what Markdown escapes in source text.
func sourceText(source []byte, raw bool) string {
	if raw {
		return string(source)
	}
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(source))))
}

// around puts marks around a text, where Textile would know them as such: behind a space,
// a bracket or a tag, not inside a word, and not in the text of a link.
func (w *writer) around(n ast.Node, before, mark string) string {
	text := w.inline(n)
	last, _ := utf8.DecodeLastRuneInString(before)
	next := ' '
	if t, ok := n.NextSibling().(*ast.Text); ok {
		next, _ = utf8.DecodeRune(t.Segment.Value(w.src))
	}
	if text == "" || w.link || inWord(next) || before != "" && !strings.ContainsRune(" \n(>", last) {
		return text
	}
	return mark + text + mark
}

// destination is where a link or a picture leads. A picture from elsewhere would tell who
// looks at it, and becomes a link.
func destination(n ast.Node) string {
	if p, ok := n.(*ast.Image); ok {
		return string(p.Destination)
	}
	if l, ok := n.(*ast.Link); ok {
		return string(l.Destination)
	}
	return ""
}

// link leads to the web or to a mailbox and nowhere else; anything else is text.
func link(text, to string) string {
	u, err := url.Parse(strings.TrimSpace(to))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
		switch {
		case text == "":
			return plain(to)
		case to == "":
			return text
		}
		return text + " (" + plain(to) + ")"
	}
	to = strings.NewReplacer(`"`, "%22", "|", "%7C", "[", "%5B", "]", "%5D", "(", "%28", ")", "%29", "{", "%7B", "}", "%7D", " ", "%20", "\n", "", "<", "%3C", ">", "%3E", "*", "%2A", "_", "%5F").Replace(u.String())
	if text == "" {
		return strings.ReplaceAll(to, "%5F", "_")
	}
	return `"` + strings.NewReplacer(`"`, "&quot;", "\n", " ").Replace(text) + `":` + to
}

// entities are the characters that are always written as such: they begin tags, comments,
// cells, pictures, mentions and lists of attributes.
const entities = `<>&|@"{}[]\`

// marks of Textile's that mean something only at the edge of a word.
const edgeMarks = `*_-+^~%?!=`

// plain makes text mean itself in Textile, and no more than itself in Redmine. What is
// harmless where it stands, such as the dash in a word, stays as it is, so that people can
// edit the text.
func plain(text string) string {
	text = address.ReplaceAllStringFunc(text, func(a string) string { return strings.Replace(a, "://", ":"+joiner+"//", 1) })
	runes := []rune(quietText(text))
	var b strings.Builder
	for i, c := range runes {
		switch {
		case strings.ContainsRune(entities, c), strings.ContainsRune(edgeMarks, c) && edge(runes, i), c == '(' && i > 0 && capital(runes[i-1]):
			fmt.Fprintf(&b, "&#%d;", c)
		case c == '\r':
		default:
			b.WriteRune(c)
		}
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		if i > 0 {
			lines[i] = strings.TrimLeft(lines[i], " \t")
		}
		lines[i] = lineStart(lines[i])
	}
	return strings.Join(lines, "\n")
}

// capital reports whether a bracket behind c would explain an abbreviation.
func capital(c rune) bool { return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' }

// edge reports whether the mark at i stands where it could begin or end something: not
// inside a word, and not alone between spaces.
func edge(runes []rune, i int) bool {
	at := func(j int) rune {
		if j < 0 || j >= len(runes) {
			return ' '
		}
		return runes[j]
	}
	before, after := at(i-1), at(i+1)
	if inWord(before) && inWord(after) && runes[i] != '_' {
		return false
	}
	alone := unicode.IsSpace(before) && unicode.IsSpace(after) && i > 0
	return !alone
}

func inWord(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// blockStart is what begins a heading, a quote, a list, a footnote or another block.
var blockStart = regexp.MustCompile(`^(?:(?:h[1-6]|p|bq|fn[0-9]+|div|table|pre)[^\s.]*\.|[*#]+\s|-{3,}|;|>|:)`)

// lineStart keeps a line from being taken for another block.
func lineStart(text string) string {
	if blockStart.MatchString(text) {
		return joiner + text
	}
	return text
}
