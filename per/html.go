package per

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxHTML is the largest HTML that is read, in bytes: a page is well below it, and its
// parser can take time that grows with the square of what is hostile.
const maxHTML = 2 << 20

// htmlBlocks turns HTML, which begins on the given line, into the blocks of a
// document. Links, bold words and code become Markdown, which is what the readers of
// sections know.
func (g *reading) htmlBlocks(src string, line int) []block {
	if len(src) > maxHTML {
		g.report(Error, line, "too-large", "this HTML has %d bytes; at most %d MiB are read", len(src), maxHTML>>20)
		return nil
	}
	root, err := html.Parse(strings.NewReader(g.numberTags(src, line)))
	if err != nil {
		g.report(Error, line, "too-deep", "this HTML cannot be read: %v", err)
		return nil
	}
	p := &htmlPage{line: line}
	p.children(root)
	return p.end()
}

// lineOf is the attribute by which numberTags tells an element its line.
const lineOf = "data-percolate-line"

// numberTags writes into every tag the line on which it stands, since the parser does
// not keep it.
func (g *reading) numberTags(src string, line int) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(src)); z.Next() != html.ErrorToken; {
		raw := string(z.Raw())
		g.note(raw, line)
		if name := tagName.FindString(raw); name != "" {
			fmt.Fprintf(&b, `%s %s="%d"%s`, name, lineOf, line, raw[len(name):])
		} else {
			b.WriteString(raw)
		}
		line += strings.Count(raw, "\n")
	}
	return b.String()
}

var tagName = regexp.MustCompile(`^<[A-Za-z][^\s/>]*`)

// htmlPage gathers the blocks of a tree of HTML.
type htmlPage struct {
	blocks []block
	text   strings.Builder // of the paragraph that is being read
	line   int             // of the element that was last entered
	begun  int             // the line on which the paragraph began
}

// end closes the last paragraph and gives the blocks.
func (p *htmlPage) end() []block {
	p.close()
	return p.blocks
}

// close ends the paragraph, whose white space means nothing but its line breaks.
func (p *htmlPage) close() {
	var lines []string
	for s := range strings.SplitSeq(p.text.String(), "\x00") {
		lines = append(lines, oneLine(s))
	}
	p.text.Reset()
	if text := strings.TrimSpace(strings.Join(lines, "\n")); text != "" {
		p.blocks = append(p.blocks, block{kind: paragraph, line: p.begun, text: text})
	}
}

func (p *htmlPage) write(s string) {
	if p.text.Len() == 0 {
		p.begun = p.line + strings.Count(s[:len(s)-len(strings.TrimLeft(s, " \t\n"))], "\n")
		s = strings.TrimLeft(s, " \t\n")
	}
	p.text.WriteString(s)
}

func (p *htmlPage) add(b block) {
	p.close()
	p.blocks = append(p.blocks, b)
}

func (p *htmlPage) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.node(c)
	}
}

func (p *htmlPage) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		p.write(n.Data)
	case html.DocumentNode:
		p.children(n)
	case html.ElementNode:
		if at := attr(n, lineOf); at != "" {
			p.line = number(at)
		}
		p.element(n)
	}
}

func (p *htmlPage) element(n *html.Node) {
	line := p.line
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Nav, atom.Svg, atom.Img, atom.Iframe:
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.add(block{kind: heading, line: line, level: int(n.Data[1] - '0'), text: inside(n)})
	case atom.Ul, atom.Ol, atom.Menu:
		p.add(block{kind: list, line: line, ordered: n.DataAtom == atom.Ol, items: htmlItems(n)})
	case atom.Table:
		if rows := htmlRows(n); len(rows) > 0 {
			p.add(block{kind: table, line: line, rows: rows})
		}
	case atom.Pre:
		p.add(block{kind: code, line: line, text: strings.Trim(rawText(n), "\n")})
	case atom.Blockquote:
		p.add(block{kind: quote, line: line, children: htmlBelow(n)})
	case atom.Br:
		p.write("\x00")
	case atom.A, atom.B, atom.Strong, atom.Code, atom.Kbd, atom.Del, atom.S, atom.Input:
		p.inline(n)
	case atom.Span, atom.Em, atom.I, atom.U, atom.Small, atom.Sub, atom.Sup, atom.Mark, atom.Time, atom.Abbr, atom.Font, atom.Label, atom.Q, atom.Cite, atom.Tt, atom.Samp, atom.Var, atom.Ins, 0:
		p.children(n)
	case atom.Summary:
		p.close()
		p.write("**" + inside(n) + "**")
		p.close()
	case atom.Dt:
		p.close()
		p.write("**" + inside(n) + ":** ")
	case atom.Dd:
		p.children(n)
		p.close()
	default:
		p.close()
		p.children(n)
		p.close()
	}
}

// inline writes an element within a line as Markdown.
func (p *htmlPage) inline(n *html.Node) {
	text := inside(n)
	switch url := attr(n, "href"); {
	case n.DataAtom == atom.Input:
		if box := boxOf(n); box != "" {
			p.write(box)
		}
	case text == "":
	case n.DataAtom == atom.A && (url == "" || text[0] == '@' || strings.ContainsAny(url, " \n()<>")):
		p.write(text)
	case n.DataAtom == atom.A && text == url:
		p.write(url)
	case n.DataAtom == atom.A:
		p.write("[" + text + "](" + url + ")")
	case n.DataAtom == atom.B || n.DataAtom == atom.Strong:
		p.write("**" + text + "**")
	case n.DataAtom == atom.Del || n.DataAtom == atom.S:
		p.write("~~" + text + "~~")
	default:
		p.write("`" + text + "`")
	}
}

// htmlBelow are the blocks inside an element.
func htmlBelow(n *html.Node) []block {
	p := &htmlPage{line: elementLine(n)}
	p.children(n)
	return p.end()
}

// inside is the text of an element as one line.
func inside(n *html.Node) string {
	var parts []string
	for _, b := range htmlBelow(n) {
		if b.kind == paragraph || b.kind == heading || b.kind == code {
			parts = append(parts, b.text)
			continue
		}
		parts = append(parts, details([]block{b}))
	}
	return oneLine(strings.Join(parts, " "))
}

func rawText(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(rawText(c))
	}
	return b.String()
}

func htmlItems(n *html.Node) []item {
	var items []item
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Li {
			items = append(items, htmlItem(c))
		} else if n := len(items); n > 0 && c.Type == html.ElementNode { // a list that is not inside an item
			p := &htmlPage{}
			p.node(c)
			items[n-1].below = append(items[n-1].below, p.end()...)
		}
	}
	return items
}

func htmlItem(n *html.Node) item {
	it := item{line: elementLine(n)}
	it.below = htmlBelow(n)
	if len(it.below) > 0 && it.below[0].kind == paragraph {
		it.text, it.below = it.below[0].text, it.below[1:]
	}
	it.takeBox()
	if done := classDone(n); it.checked == nil {
		it.checked = done
	}
	return it
}

// classDone reads the task lists of wikis, in which a class says what is done.
func classDone(n *html.Node) *bool {
	for c := range strings.FieldsSeq(attr(n, "class")) {
		if c == "checked" || c == "unchecked" {
			done := c == "checked"
			return &done
		}
	}
	if attr(n, "data-inline-task-id") != "" {
		done := false
		return &done
	}
	return nil
}

func boxOf(n *html.Node) string {
	if !strings.EqualFold(attr(n, "type"), "checkbox") {
		return ""
	}
	for _, a := range n.Attr {
		if a.Key == "checked" {
			return "[x] "
		}
	}
	return "[ ] "
}

// htmlRows are the rows of a table, wherever in it they stand.
func htmlRows(n *html.Node) [][]cell {
	var rows [][]cell
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Tr:
			var row []cell
			for d := c.FirstChild; d != nil; d = d.NextSibling {
				if d.DataAtom == atom.Td || d.DataAtom == atom.Th {
					row = append(row, cell{text: inside(d), line: elementLine(c)})
				}
			}
			if len(row) > 0 {
				rows = append(rows, row)
			}
		case atom.Thead, atom.Tbody, atom.Tfoot:
			rows = append(rows, htmlRows(c)...)
		}
	}
	return rows
}

// elementLine is the line of an element. One that the parser put in because its tag was left
// out has none: then it is that of the first element inside it, or of the one around it.
func elementLine(n *html.Node) int {
	if at := attr(n, lineOf); at != "" {
		return number(at)
	}
	for c := range n.Descendants() {
		if at := attr(c, lineOf); at != "" {
			return number(at)
		}
	}
	for p := range n.Ancestors() {
		if at := attr(p, lineOf); at != "" {
			return number(at)
		}
	}
	return 1
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
