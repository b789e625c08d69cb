package jira

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// lineBreak breaks a line within a paragraph, an item or a cell.
const lineBreak = ` \\ `

// inline is what a block holds as one line of wiki markup. Texts that stand side by side
// are one text, since what a mark means depends on its neighbours.
func (r *renderer) inline(parent ast.Node) string {
	var out, text strings.Builder
	flush := func() {
		out.WriteString(escape(text.String()))
		text.Reset()
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			text.WriteString(plainText(n.Segment.Value(r.src), n.IsRaw()))
			if n.HardLineBreak() {
				flush()
				out.WriteString(lineBreak)
			} else if n.SoftLineBreak() {
				text.WriteByte(' ')
			}
		case *ast.String:
			text.WriteString(plainText(n.Value, n.IsRaw()))
		default:
			flush()
			out.WriteString(r.span(n))
		}
	}
	flush()
	return strings.TrimSpace(out.String())
}

func (r *renderer) span(n ast.Node) string {
	switch n := n.(type) {
	case *ast.CodeSpan:
		return "{{" + escape(strings.TrimSpace(r.raw(n))) + "}}"
	case *ast.Emphasis:
		return around(r.inline(n), []string{"_", "*"}[min(n.Level, 2)-1])
	case *extast.Strikethrough:
		return around(r.inline(n), "-")
	case *ast.Link:
		return link(r.inline(n), string(n.Destination))
	case *ast.Image:
		return link(r.inline(n), string(n.Destination)) // a picture from elsewhere would tell who looks
	case *ast.AutoLink:
		return link("", string(n.URL(r.src)))
	case *ast.RawHTML:
		return escape(string(n.Segments.Value(r.src)))
	case *extast.TaskCheckBox:
		if n.IsChecked {
			return "(/) "
		}
		return escape("[ ] ")
	}
	return r.inline(n)
}

// raw is the text of a code span, in which nothing is resolved.
func (r *renderer) raw(n ast.Node) string {
	var b bytes.Buffer
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(r.src))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

// plainText resolves what Markdown escapes in source text.
func plainText(source []byte, raw bool) string {
	if raw {
		return string(source)
	}
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(source))))
}

func around(text, mark string) string {
	if text == "" {
		return ""
	}
	return mark + text + mark
}

// link leads to the web or to a mailbox and nowhere else; anything else is text.
func link(text, to string) string {
	u, err := url.Parse(strings.TrimSpace(to))
	if err != nil || !(u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") || u.Opaque != "" && u.Scheme == "mailto") {
		switch {
		case text == "":
			return escape(to)
		case to == "":
			return text
		}
		return text + " (" + escape(to) + ")"
	}
	to = strings.NewReplacer("|", "%7C", "[", "%5B", "]", "%5D", "{", "%7B", "}", "%7D", " ", "%20", "\n", "", "\\", "%5C", "!", "%21").Replace(u.String())
	if text == "" || text == escape(to) {
		return "[" + to + "]"
	}
	return "[" + text + "|" + to + "]"
}

var (
	emoticon = regexp.MustCompile(`\((?:[a-z!?*+/-]|on|off|\*[rgby]|flag|flagoff)\)|[:;][()DPp]|<3`)
	entity   = regexp.MustCompile(`&(?:#?\w+;)`)
	dashes   = regexp.MustCompile(`-{2,}`)
)

// escape makes text mean itself in wiki markup. What is harmless where it stands, such
// as the dash in a word, stays as it is, so that people can edit the text.
func escape(text string) string {
	text = entity.ReplaceAllStringFunc(text, func(e string) string { return "&amp;" + e[1:] })
	runes := []rune(text)
	var b strings.Builder
	for i, c := range runes {
		switch {
		case c == '\\':
			b.WriteString("&#92;")
			continue
		case strings.ContainsRune("{}[]|!", c), strings.ContainsRune("*_^~+-?", c) && edge(runes, i):
			b.WriteByte('\\')
		case strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", c): // at each of which Jira may begin a line
			c = ' '
		}
		b.WriteRune(c)
	}
	text = dashes.ReplaceAllStringFunc(b.String(), func(d string) string { return strings.Repeat(`\-`, len(d)) })
	return emoticon.ReplaceAllStringFunc(text, func(e string) string { return "\\" + e })
}

// edge reports whether the mark at i stands where it could begin or end something: not
// inside a word, and not alone between spaces.
func edge(runes []rune, i int) bool {
	at := func(j int) rune {
		if j < 0 || j >= len(runes) {
			return ' '
		}
		return runes[j]
	}
	inWord := func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }
	before, after := at(i-1), at(i+1)
	if inWord(before) && inWord(after) {
		return false
	}
	alone := unicode.IsSpace(before) && unicode.IsSpace(after) && i > 0
	return !alone
}

// blockStart is what begins a heading, a quote, a list or a rule.
var blockStart = regexp.MustCompile(`^(?:h[1-6]\.|bq\.|[*#-]+\s|----)`)

// lineStart keeps a paragraph from being taken for another block.
func lineStart(text string) string {
	if blockStart.MatchString(text) {
		return "\u200b" + text
	}
	return text
}
