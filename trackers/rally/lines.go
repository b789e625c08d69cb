package rally

import (
	"strings"

	"golang.org/x/net/html"
)

// line is a line of a text in HTML as people see it, with where it stands: from the tag
// that opens its paragraph to the one that closes it.
type line struct {
	from, to int
	text     string // white space folded
}

// linesOf cuts HTML into the lines that people see. Tags within a line do not count, so
// that a line is found again whatever colours an editor gave it.
func linesOf(text string) []line {
	z := html.NewTokenizer(strings.NewReader(text))
	w := lineWriter{open: -1}
	for at := 0; ; {
		token := z.Next()
		if token == html.ErrorToken {
			w.end()
			return w.lines
		}
		next := at + len(z.Raw())
		switch token {
		case html.TextToken:
			w.write(at, next, string(z.Text()))
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			w.tag(string(name), token, at, next)
		}
		at = next
	}
}

type lineWriter struct {
	lines []line
	now   line
	words strings.Builder
	open  int // where the tag begins that opens the line to come; -1 for none
}

func (w *lineWriter) write(at, next int, text string) {
	if strings.TrimSpace(text) == "" && strings.TrimSpace(w.words.String()) == "" {
		return
	}
	if w.words.Len() == 0 {
		w.now.from = at
		if w.open >= 0 {
			w.now.from = w.open
		}
	}
	w.words.WriteString(text)
	w.now.to = next
}

func (w *lineWriter) tag(name string, token html.TokenType, at, next int) {
	switch {
	case name == "br", name == "hr":
		w.end()
		w.open = -1
	case !isBlock(name):
		if w.words.Len() > 0 && token == html.EndTagToken {
			w.now.to = next
		}
		if w.words.Len() == 0 && token == html.StartTagToken && name != "img" && w.open < 0 {
			w.open = at
		}
	case token == html.StartTagToken:
		w.end()
		w.open = at
	default:
		if w.words.Len() > 0 {
			w.now.to = next
		}
		w.end()
		w.open = -1
	}
}

// end ends the line under way.
func (w *lineWriter) end() {
	if text := foldSpace(w.words.String()); text != "" {
		w.now.text = text
		w.lines = append(w.lines, w.now)
	}
	w.words.Reset()
	w.now = line{}
}

// isBlock reports whether a tag begins a line of its own.
func isBlock(name string) bool {
	switch name {
	case "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "thead", "tbody", "tr", "td", "th", "pre", "blockquote":
		return true
	}
	return false
}

// foldSpace is text with runs of white space, of which HTML has more kinds, as one space.
func foldSpace(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "\u00a0", " ")), " ")
}

// plainText is what people read of HTML, line by line.
func plainText(text string) string {
	var all []string
	for _, l := range linesOf(text) {
		all = append(all, l.text)
	}
	return strings.Join(all, "\n")
}
