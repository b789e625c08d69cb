package rally

import (
	"regexp"
	"strings"

	"percolate/ticket"
)

// HTML comments do not survive in Rally, so our block stands between two lines that
// people can read. The second one says what the block was made from and what it looked
// like, so that a block that nobody touched is known for what was asked, whatever
// became of its tags.
const (
	fenceBegin = "percolate begins here. It writes this part; the text outside it is yours."
	fenceEnd   = "percolate ends here."
)

var (
	beginLine = regexp.MustCompile(`^\W*percolate begins here\b`)
	endLine   = regexp.MustCompile(`^\W*percolate ends here\b(?:\W*(sum:[0-9a-f]+)\.([0-9a-f]+))?`)
	anyFence  = regexp.MustCompile(`(?i)percolate\s+(begins|ends)\s+here`)
)

// hideFences makes words of a document that look like a fence mean nothing, by a mark
// that nobody sees.
func hideFences(text string) string {
	return anyFence.ReplaceAllStringFunc(text, func(s string) string {
		return s[:len("percolate")] + "\u2060" + s[len("percolate"):]
	})
}

// block is our part of a text.
type block struct {
	from, to int    // where it stands, with its fences
	inside   string // the HTML between them
	sum      string // of the Markdown that it was made from, as the fence says
	look     string // digest of what it looked like then
}

// findBlock finds what stands between the first opening fence whose next fence is a
// closing one, and that one. So text is never lost to a damaged fence.
func findBlock(whole string) (block, bool) {
	if !strings.Contains(whole, "percolate") {
		return block{}, false
	}
	begin, open := line{}, false
	for _, l := range linesOf(whole) {
		if beginLine.MatchString(l.text) {
			begin, open = l, true
			continue
		}
		m := endLine.FindStringSubmatch(l.text)
		switch {
		case m == nil:
		case open:
			return block{from: begin.from, to: l.to, inside: whole[begin.to:l.from], sum: m[1], look: m[2]}, true
		}
	}
	return block{}, false
}

// body is the block as the engine compares it: the sum of what was asked while it
// looks as it did then, else what people read.
func (b block) body() string {
	text := canonical(b.inside)
	if b.sum != "" && b.look == ticket.Digest(text) {
		return ticket.BodySum(b.sum)
	}
	return text
}

// extract is our block of a whole text, as the engine compares it.
func extract(whole string) string {
	b, _ := findBlock(whole)
	return b.body()
}

// embed puts Markdown into the whole text, as HTML: in place of the block that stands
// there, or first. Everything outside stays byte for byte. What people wrote is never
// cut, so the block gets what they leave of the length.
func (w writer) embed(whole, markdown string) string {
	b, found := findBlock(whole)
	before, after := "", whole
	if found {
		before, after = whole[:b.from], whole[b.to:]
	}
	if strings.TrimSpace(markdown) == "" {
		return before + after
	}
	return before + w.fenced(markdown, textMax-len(before)-len(after)) + after
}

// fenced is a block of at most max bytes.
func (w writer) fenced(markdown string, max int) string {
	begin := "<p><em>" + fenceBegin + "</em></p>"
	room := max - len(begin) - len("<p><em> "+fenceEnd+" .</em></p>") - 2*len(ticket.BodySum("x"))
	inside := w.render(markdown, room)
	return begin + inside + "<p><em>" + fenceEnd + " " + ticket.BodySum(markdown) + "." + ticket.Digest(canonical(inside)) + "</em></p>"
}
