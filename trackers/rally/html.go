package rally

import (
	"bytes"
	"html"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// textMax is the length of a description, of notes and of a post, in bytes.
const textMax = 32768

const cutNote = "<p>... cut here, since Rally takes no longer text; the document has all of it.</p>"

// writer turns Markdown into HTML, and puts it into texts. It is safe for concurrent use.
type writer struct {
	markdown goldmark.Markdown
	clean    *bluemonday.Policy
}

func newWriter() writer {
	return writer{clean: sanitiser(), markdown: goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(asText{}, 1))),
	)}
}

// render is Markdown as HTML of at most max bytes: no scripts, no foreign pictures,
// nothing that Rally would have to take out. HTML that stands in the Markdown is shown
// as the text that it is. What does not fit is cut at a block, and says so; the last
// block stays, since it leads to the document.
func (w writer) render(markdown string, max int) string {
	src := []byte(hideFences(markdown))
	var blocks []string
	for n := w.markdown.Parser().Parse(text.NewReader(src)).FirstChild(); n != nil; n = n.NextSibling() {
		var out bytes.Buffer
		if err := w.markdown.Renderer().Render(&out, src, n); err != nil { // a buffer takes everything
			continue
		}
		if b := strings.TrimSpace(w.clean.Sanitize(out.String())); b != "" {
			blocks = append(blocks, b)
		}
	}
	return fit(blocks, max)
}

// sanitiser allows what Markdown makes and nothing else.
func sanitiser() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "blockquote",
		"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	return p
}

// fit joins blocks within max bytes.
func fit(blocks []string, max int) string {
	whole := strings.Join(blocks, "\n")
	if len(whole) <= max {
		return whole
	}
	tail := "\n" + cutNote
	if last := blocks[len(blocks)-1]; len(blocks) > 1 && len(last) < 2000 {
		tail += "\n" + last
		blocks = blocks[:len(blocks)-1]
	}
	room := max - len(tail)
	var kept strings.Builder
	for _, b := range blocks {
		if kept.Len()+len(b)+1 <= room {
			kept.WriteString(b + "\n")
			continue
		}
		kept.WriteString(cut(b, room-kept.Len()))
		break
	}
	if kept.Len() == 0 {
		return ""
	}
	return strings.TrimRight(kept.String(), "\n") + tail
}

// leastCut is the least room for which part of a block is worth having.
const leastCut = 200

// cut is the beginning of a block as plain text.
func cut(block string, room int) string {
	room -= len("<p></p>")
	if room < leastCut {
		return ""
	}
	words := html.EscapeString(plainText(block))
	if len(words) > room {
		words = words[:room]
		words = words[:strings.LastIndexAny(words, " \n")+1] // so no entity and no character is halved
	}
	if !utf8.ValidString(words) || strings.TrimSpace(words) == "" {
		return ""
	}
	return "<p>" + strings.TrimSpace(words) + "</p>"
}

// asText renders as text what is no text in HTML: tags, and pictures, since one from
// elsewhere would tell who looks at the ticket.
type asText struct{}

// RegisterFuncs is goldmark's.
func (asText) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHTMLBlock, htmlBlock)
	r.Register(ast.KindRawHTML, rawHTML)
	r.Register(ast.KindImage, image)
}

func htmlBlock(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		block := n.(*ast.HTMLBlock)
		words := string(block.Lines().Value(src))
		if block.HasClosure() {
			words += string(block.ClosureLine.Value(src))
		}
		writeText(w, "<p>"+html.EscapeString(strings.TrimSpace(words))+"</p>")
	}
	return ast.WalkSkipChildren, nil
}

func rawHTML(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		writeText(w, html.EscapeString(string(n.(*ast.RawHTML).Segments.Value(src))))
	}
	return ast.WalkSkipChildren, nil
}

func image(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		writeText(w, `<a href="`+html.EscapeString(string(n.(*ast.Image).Destination))+`">`)
	} else {
		writeText(w, "</a>")
	}
	return ast.WalkContinue, nil
}

func writeText(w io.Writer, text string) { _, _ = io.WriteString(w, text) } // goldmark's buffer keeps the error
