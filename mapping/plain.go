package mapping

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// maxInline is the longest line of Markdown that is looked into, in bytes. The parser
// takes time that grows with the square of what is hostile.
const maxInline = 4 << 10

// plainText is one line of Markdown as a reader sees it: links as their text,
// emphasis and HTML tags gone, white space as single spaces. What is longer than any
// title stays as it is written.
func plainText(markdown string) string {
	if !strings.ContainsAny(markdown, "*_`[]<>&\\~!") || len(markdown) > maxInline {
		return oneLine(markdown) // nothing in it that Markdown gives a meaning, or nothing that a person wrote
	}
	src := []byte(strings.ToValidUTF8(markdown, "\uFFFD"))
	var b strings.Builder
	err := ast.Walk(inlineParser().Parse(text.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			writePlain(&b, n, src)
		}
		return ast.WalkContinue, nil
	})
	if err != nil { // the visitor returns none
		return oneLine(markdown)
	}
	return oneLine(b.String())
}

func writePlain(b *strings.Builder, n ast.Node, src []byte) {
	switch n := n.(type) {
	case *ast.Text:
		value := n.Segment.Value(src)
		if _, code := n.Parent().(*ast.CodeSpan); !code {
			value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
		}
		b.Write(value)
		if n.SoftLineBreak() || n.HardLineBreak() {
			b.WriteByte(' ')
		}
	case *ast.String:
		b.Write(n.Value)
	case *ast.AutoLink:
		b.Write(n.Label(src))
	case *ast.Paragraph:
		b.WriteByte(' ')
	}
}

// inlineParser knows paragraphs and nothing else of blocks: "1. Do it" or "> 2 %" in
// an action's text is text.
func inlineParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1)),
		parser.WithInlineParsers(append(parser.DefaultInlineParsers(),
			util.Prioritized(extension.NewStrikethroughParser(), 500))...),
	)
}

// oneLine is s in valid UTF-8, with single spaces and without the characters that
// show nothing or turn the order of the text around.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

const ellipsis = "..."

// cut shortens s to at most limit runes, ellipsis included. It cuts between words
// where that costs less than half of the text.
func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)[:max(limit-len(ellipsis), 0)]
	for i := len(runes) - 1; i > len(runes)/2; i-- {
		if unicode.IsSpace(runes[i]) {
			runes = runes[:i]
			break
		}
	}
	return strings.TrimRight(string(runes), " ,;:-") + ellipsis
}
