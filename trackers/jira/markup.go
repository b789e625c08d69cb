package jira

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// markup is Markdown as wiki markup of at most max characters. Nothing in it can
// mention people, show foreign images or break out of our block. What does not fit is
// cut at a block or at a character, and says so; the last block stays, since it leads
// to the document.
func markup(markdown string, max int) string {
	if len(markdown) <= maxMarkdown {
		return hideFences(fit(blocksOf(markdown), max))
	}
	blocks := append(blocksOf(strings.ToValidUTF8(markdown[:maxMarkdown], "")), block{text: cutNote})
	if i := strings.LastIndex(markdown, "\n\n"); i >= 0 && len(markdown)-i < maxLast {
		blocks = append(blocks, blocksOf(markdown[i:])...)
	}
	return hideFences(fit(blocks, max))
}

const (
	// maxMarkdown is how much of a text is looked at, in bytes: more than Jira takes. The
	// parser takes time that grows with the square of what is hostile.
	maxMarkdown = 64 << 10
	// maxLast is how long a last block may be that stays when text is cut, in characters.
	maxLast = 2000
)

func blocksOf(markdown string) []block {
	src := []byte(markdown)
	parser := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify, extension.TaskList)).Parser()
	r := &renderer{src: src}
	return r.blocks(parser.Parse(text.NewReader(src)))
}

// block is one block of wiki markup; open and close stay when text is cut.
type block struct{ open, text, close string }

func (b block) String() string { return b.open + b.text + b.close }

// renderer turns Goldmark's tree into wiki markup.
type renderer struct {
	src    []byte
	quoted bool // inside a quote, which cannot hold another
}

func (r *renderer) blocks(parent ast.Node) []block {
	var out []block
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if b := r.block(n); strings.TrimSpace(b.String()) != "" {
			out = append(out, b)
		}
	}
	return out
}

func (r *renderer) block(n ast.Node) block {
	switch n := n.(type) {
	case *ast.Heading:
		return block{open: "h" + strconv.Itoa(n.Level) + ". ", text: r.inline(n)}
	case *ast.FencedCodeBlock:
		return codeBlock(r.lines(n), string(n.Language(r.src)))
	case *ast.CodeBlock:
		return codeBlock(r.lines(n), "")
	case *ast.Blockquote:
		return r.quote(n)
	case *ast.List:
		return block{text: strings.TrimRight(r.list(n, ""), "\n")}
	case *ast.ThematicBreak:
		return block{text: "----"}
	case *ast.HTMLBlock:
		html := r.lines(n)
		if n.HasClosure() {
			html += string(n.ClosureLine.Value(r.src))
		}
		return block{text: lineStart(escape(strings.TrimSpace(html)))}
	case *extast.Table:
		return block{text: r.table(n)}
	}
	return block{text: lineStart(r.inline(n))}
}

func (r *renderer) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(r.src))
	}
	return b.String()
}

func (r *renderer) quote(n ast.Node) block {
	inner := &renderer{src: r.src, quoted: true}
	text := join(inner.blocks(n))
	if r.quoted || text == "" {
		return block{text: text}
	}
	return block{"{quote}\n", text, "\n{quote}"}
}

// deepest is how deep lists are nested at most.
const deepest = 9

// list writes items with a marker for each level; what an item holds beside its first
// paragraph follows on lines of the same item.
func (r *renderer) list(n *ast.List, prefix string) string {
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
				b.WriteString("\n" + strings.TrimRight(r.list(c, prefix), "\n"))
			case *ast.Paragraph, *ast.TextBlock:
				if c != item.FirstChild() {
					b.WriteString(lineBreak)
				}
				b.WriteString(r.inline(c))
			default:
				b.WriteString("\n" + r.block(c).String())
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (r *renderer) table(n ast.Node) string {
	var rows []string
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		bar := "|"
		if _, head := row.(*extast.TableHeader); head {
			bar = "||"
		}
		line := bar
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			text := r.inline(cell)
			if text == "" {
				text = " " // an empty cell would make a heading of the next
			}
			line += text + bar
		}
		rows = append(rows, line)
	}
	return strings.Join(rows, "\n")
}

// languages are those that Jira colours; a name it does not know is an error to it.
func languages() []string {
	return []string{
		"bash", "c", "c#", "c++", "css", "diff", "erlang", "go", "groovy", "haskell", "html", "java", "javascript", "json",
		"lua", "perl", "php", "python", "r", "ruby", "scala", "sh", "sql", "swift", "xml", "yaml",
	}
}

func codeBlock(code, language string) block {
	language = strings.ToLower(language)
	macro, end := "{code}", "{code}"
	if slices.Contains(languages(), language) {
		macro = "{code:" + language + "}"
	}
	if strings.Contains(code, "{code") {
		macro, end = "{noformat}", "{noformat}"
	}
	code = strings.ReplaceAll(strings.Trim(code, "\n"), "{noformat", "{\u200bnoformat")
	return block{macro + "\n", code, "\n" + end}
}

func join(blocks []block) string {
	texts := make([]string, len(blocks))
	for i, b := range blocks {
		texts[i] = b.String()
	}
	return strings.Join(texts, "\n\n")
}

const cutNote = "... cut here, since Jira takes no longer text; the document has all of it."

// fit joins blocks within max characters.
func fit(blocks []block, max int) string {
	whole := join(blocks)
	if utf8.RuneCountInString(whole) <= max {
		return whole
	}
	tail := "\n\n" + cutNote
	if last := blocks[len(blocks)-1].String(); len(blocks) > 1 && utf8.RuneCountInString(last) < maxLast {
		tail += "\n\n" + last
		blocks = blocks[:len(blocks)-1]
	}
	room := max - utf8.RuneCountInString(tail)
	if room <= 0 {
		return ""
	}
	var kept []block
	used := 0
	for _, b := range blocks {
		size := utf8.RuneCountInString(b.String()) + 2
		if used+size > room {
			left := room - used - 2 - utf8.RuneCountInString(b.open+b.close)
			if left > 200 || len(kept) == 0 {
				b.text = firstRunes(b.text, left)
				kept = append(kept, b)
			}
			break
		}
		kept, used = append(kept, b), used+size
	}
	return join(kept) + tail
}

// halfWord is what a cut may leave at the end: part of a word, an escape or a link.
var halfWord = regexp.MustCompile(`(?:\[[^\]\n]*|\\+|\{+[^}\n]*|\S{1,80})$`)

func firstRunes(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	return strings.TrimRight(halfWord.ReplaceAllString(string(r[:max(n, 0)]), ""), " \n")
}
