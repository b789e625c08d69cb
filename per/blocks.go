package per

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// maxNesting is how deep lists and quotes may stand in each other. The Markdown
// parser takes time that grows with the square of the depth.
const maxNesting = 32

type blockKind int

const (
	heading blockKind = iota
	paragraph
	list
	table
	code
	quote
)

// block is a block of Markdown, as the readers of sections want it.
type block struct {
	kind     blockKind
	line     int
	last     int    // line of a heading or paragraph of Markdown, 0 where it is not known
	level    int    // of a heading
	text     string // of a heading, paragraph or code, lines joined by \n
	ordered  bool   // of a list
	items    []item // of a list
	rows     [][]cell
	children []block // of a quote
}

// item is an item of a list.
type item struct {
	line    int
	last    int    // line of text, 0 where it is not known
	checked *bool  // of a checkbox
	text    string // the item's first paragraph
	below   []block
}

// cell is a cell of a table; the first row holds the column heads.
type cell struct {
	text string
	line int
	last int // the same in Markdown, 0 where it is not known
}

// blocks parses Markdown. Only blocks are parsed, not what stands inside a line or
// defines a link: the parser's time for these grows with the square of their number,
// so that they are read by hand.
func (g *reading) blocks(body string) []block {
	if line := tooDeep(body); line > 0 {
		g.report(Error, line, "too-deep", "lists or quotes nested more than %d deep; the text is not read", maxNesting)
		return nil
	}
	if line := tooWide(body); line > 0 {
		g.report(Error, line, "too-large", "tables of more than %d cells; the text is not read", maxCells)
		return nil
	}
	p := parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithParagraphTransformers(
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
		),
	)
	root := p.Parse(text.NewReader([]byte(body)))
	c := converter{g: g, src: body, lines: newLineIndex(body)}
	blocks := c.children(root, 0)
	if c.cut > 0 {
		g.report(Warning, c.cut, "too-deep", "lists or quotes nested more than %d deep; what is deeper is not read", maxNesting)
	}
	return blocks
}

var markers = regexp.MustCompile(`^(?:[ \t]*(?:>|[-*+](?:[ \t]|$)|\d{1,9}[.)][ \t]))+`)

// tooDeep is the first line that opens too many lists or quotes at once, 0 for none.
func tooDeep(body string) int {
	line := 0
	for s := range strings.SplitSeq(body, "\n") {
		line++
		if len(s) < maxNesting {
			continue
		}
		n := 0
		for _, c := range markers.FindString(s) {
			if strings.ContainsRune(">-*+.)", c) {
				n++
			}
		}
		if n > maxNesting && !isRule(s) {
			return line
		}
	}
	return 0
}

// isRule tells a line drawn with spaced dashes from nested lists.
func isRule(s string) bool {
	s = strings.ReplaceAll(strings.ReplaceAll(s, " ", ""), "\t", "")
	return len(s) >= 3 && (strings.Trim(s, "-") == "" || strings.Trim(s, "*") == "")
}

// converter turns the parser's tree into blocks.
type converter struct {
	g       *reading
	src     string
	lines   lineIndex
	endless bool // a table of HTML was found that does not end
	cut     int  // the line of the first block that was too deep
}

func (c *converter) children(parent ast.Node, depth int) []block {
	var blocks []block
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if depth > maxNesting {
			c.cut = max(c.cut, c.line(n))
			break
		}
		if n.Kind() == ast.KindHTMLBlock {
			src, line := c.html(n), c.line(n)
			if end := c.tableEnd(n, src); end != nil {
				src, n = c.src[start(n):stop(end)], end
			}
			blocks = append(blocks, c.g.htmlBlocks(src, line)...)
		} else if b, ok := c.block(n, depth); ok {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

func (c *converter) block(n ast.Node, depth int) (block, bool) {
	b := block{line: c.line(n), last: c.lastLine(n)}
	switch n := n.(type) {
	case *ast.Heading:
		b.kind, b.level, b.text = heading, n.Level, c.text(n)
	case *ast.Paragraph, *ast.TextBlock:
		b.kind, b.text = paragraph, c.text(n)
		if strings.TrimSpace(b.text) == "" {
			return b, false
		}
	case *ast.List:
		b.kind, b.ordered = list, n.IsOrdered()
		for i := n.FirstChild(); i != nil; i = i.NextSibling() {
			b.items = append(b.items, c.item(i, depth+1))
		}
	case *ast.Blockquote:
		b.kind, b.children = quote, c.children(n, depth+1)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		b.kind, b.text = code, c.text(n)
	case *east.Table:
		b.kind = table
		for r := n.FirstChild(); r != nil; r = r.NextSibling() {
			b.rows = append(b.rows, c.row(r))
		}
	default:
		return b, false
	}
	return b, true
}

func (c *converter) line(n ast.Node) int {
	at := n.Pos()
	if at < 0 && n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
		at = n.Lines().At(0).Start
	}
	return c.lines.line(max(0, at))
}

func (c *converter) lastLine(n ast.Node) int {
	if n.Lines().Len() == 0 {
		return 0
	}
	return c.lines.line(n.Lines().At(n.Lines().Len() - 1).Start)
}

func (c *converter) text(n ast.Node) string {
	var lines []string
	trim := func(s string) string { return strings.TrimSpace(s) }
	if n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock {
		trim = func(s string) string { return strings.TrimRight(s, "\n") }
	}
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		lines = append(lines, trim(c.src[segment.Start:segment.Stop]))
	}
	return strings.Join(lines, "\n")
}

var checkbox = regexp.MustCompile(`^\[([ xX])\](?:\s+|$)`)

func (c *converter) item(n ast.Node, depth int) item {
	it := item{line: c.line(n)}
	blocks := c.children(n, depth)
	if len(blocks) > 0 && blocks[0].kind == paragraph {
		it.text, it.last, blocks = blocks[0].text, blocks[0].last, blocks[1:]
	}
	it.below = blocks
	it.takeBox()
	return it
}

// takeBox takes the checkbox off the text of an item.
func (it *item) takeBox() {
	if f := checkbox.FindStringSubmatch(it.text); f != nil {
		checked := f[1] != " "
		it.checked, it.text = &checked, it.text[len(f[0]):]
	}
}

func (c *converter) row(n ast.Node) []cell {
	var cells []cell
	for t := n.FirstChild(); t != nil; t = t.NextSibling() {
		s := strings.ReplaceAll(c.text(t), `\|`, "|")
		cells = append(cells, cell{text: strings.TrimSpace(s), line: c.line(n), last: c.line(n)})
	}
	return cells
}

// html is a block of HTML as it is written.
func (c *converter) html(n ast.Node) string {
	if n.Lines().Len() == 0 {
		return ""
	}
	return c.src[start(n):stop(n)]
}

// tableEnd is the block in which a table of HTML ends that begins in n: in Markdown a
// blank line cuts it in two. It is nil when there is none.
func (c *converter) tableEnd(n ast.Node, src string) ast.Node {
	if c.endless || strings.Count(src, "<table") <= strings.Count(src, "</table") {
		return nil
	}
	for m := n.NextSibling(); m != nil; m = m.NextSibling() {
		if m.Kind() == ast.KindHTMLBlock && strings.Contains(c.html(m), "</table") {
			return m
		}
	}
	c.endless = true
	return nil
}

func start(n ast.Node) int { return n.Lines().At(0).Start }

func stop(n ast.Node) int {
	if h, ok := n.(*ast.HTMLBlock); ok && h.HasClosure() {
		return h.ClosureLine.Stop
	}
	return n.Lines().At(n.Lines().Len() - 1).Stop
}
