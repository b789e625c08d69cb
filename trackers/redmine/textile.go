package redmine

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// textile is Markdown as Redmine's Textile, of at most limit bytes. What does not fit is
// left out block by block, and says so; the last block stays, since it leads to the
// document.
func textile(markdown string, limit int) string {
	src := []byte(markdown)
	parser := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify, extension.TaskList)).Parser()
	w := &writer{src: src}
	return fit(w.blocks(parser.Parse(text.NewReader(src))), limit)
}

// fit joins blocks within limit bytes.
func fit(blocks []string, limit int) string {
	whole := strings.Join(blocks, "\n\n")
	if len(whole) <= limit || len(blocks) == 0 {
		return whole
	}
	last := blocks[len(blocks)-1]
	if len(blocks) == 1 || len(last) > limit/4 {
		last = ""
	}
	room := limit - len(cutNote) - len(last) - 8
	var kept []string
	for _, b := range blocks[:len(blocks)-1] {
		if room -= len(b) + 2; room < 0 {
			break
		}
		kept = append(kept, b)
	}
	if kept = append(kept, cutNote); last != "" {
		kept = append(kept, last)
	}
	return strings.Join(kept, "\n\n")
}

// writer turns Goldmark's tree into Textile.
type writer struct {
	src   []byte
	table bool // inside a table, whose cells are lines
	link  bool // inside the text of a link
}

func (w *writer) blocks(parent ast.Node) (out []string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if b := w.block(n); strings.TrimSpace(b) != "" {
			out = append(out, b)
		}
	}
	return out
}

func (w *writer) block(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Heading:
		return fmt.Sprintf("h%d. %s", n.Level, strings.ReplaceAll(w.inline(n), "\n", " "))
	case *ast.FencedCodeBlock:
		return codeBlock(w.lines(n), string(n.Language(w.src)))
	case *ast.CodeBlock:
		return codeBlock(w.lines(n), "")
	case *ast.Blockquote:
		return quoted(strings.Join(w.blocks(n), "\n\n"))
	case *ast.List:
		return strings.TrimRight(w.list(n, ""), "\n")
	case *ast.ThematicBreak:
		return "---"
	case *ast.HTMLBlock:
		html := w.lines(n)
		if n.HasClosure() {
			html += string(n.ClosureLine.Value(w.src))
		}
		return plain(strings.TrimSpace(html))
	case *extast.Table:
		return w.rows(n)
	}
	return w.inline(n)
}

func (w *writer) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(w.src))
	}
	return b.String()
}

// quoted begins every line as a quote does. Code cannot stand in one, and becomes text.
func quoted(text string) string {
	text = strings.NewReplacer("<pre>", "", "</pre>", "", "<pre><code", "<code").Replace(text)
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight("> "+lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// deepest is how deep lists are nested at most.
const deepest = 9

// list writes items with a mark for each level. What an item holds beside its first
// paragraph follows in the same item, or stands behind it.
func (w *writer) list(n *ast.List, prefix string) string {
	switch {
	case len(prefix) == deepest: // what is deeper stands beside it
	case n.IsOrdered():
		prefix += "#"
	default:
		prefix += "*"
	}
	var b strings.Builder
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		b.WriteString(prefix + " ")
		for c := item.FirstChild(); c != nil; c = c.NextSibling() {
			switch c := c.(type) {
			case *ast.List:
				b.WriteString("\n" + strings.TrimRight(w.list(c, prefix), "\n"))
			case *ast.Paragraph, *ast.TextBlock:
				if c != item.FirstChild() {
					b.WriteString("\n") // a line break in the item
				}
				b.WriteString(w.inline(c))
			default:
				b.WriteString("\n" + w.block(c))
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (w *writer) rows(n *extast.Table) string {
	inner := &writer{src: w.src, table: true}
	var rows []string
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		bar := "|"
		if _, head := row.(*extast.TableHeader); head {
			bar = "|_."
		}
		line := ""
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			line += bar + " " + inner.inline(cell) + " "
		}
		rows = append(rows, line+"|")
	}
	return strings.Join(rows, "\n")
}

// codeBlock is code that nothing is resolved in, but for what would end it.
func codeBlock(code, language string) string {
	class := ""
	if language != "" && !strings.ContainsFunc(language, notPlain) {
		class = ` class="` + strings.ToLower(language) + `"`
	}
	return "<pre><code" + class + ">\n" + hideTags(strings.Trim(code, "\n")) + "\n</code></pre>"
}

// codeTags are what would end code, or begin code in it.
var codeTags = regexp.MustCompile(`(?i)<(/?(?:pre|code|kbd|notextile))`)

// hideTags keeps them from doing so.
func hideTags(code string) string { return codeTags.ReplaceAllString(code, "<"+joiner+"$1") }

func notPlain(r rune) bool {
	return r >= utf8.RuneSelf || !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9')
}
