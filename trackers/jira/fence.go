package jira

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"percolate/ticket"
)

// Wiki markup has no comments, and the editor of Cloud keeps no anchors, so our block
// stands between two lines that people can read. The second one says what the block was
// made from and what it looked like, so that a block that nobody touched is known for
// what was asked, also where the answer to its write was lost.
const (
	fenceBegin = "{color:#6b778c}percolate begins here. It writes this part; the text outside it is yours.{color}"
	fenceEnd   = "{color:#6b778c}percolate ends here. "
	fenceShut  = "{color}"
)

var (
	// fenceLine matches a fence whatever an editor made of its colour.
	fenceLine = regexp.MustCompile(`(?m)^((?:\{[^{}\n]*\}|[^\pL\pN\n])*percolate )(begins|ends) here\b.*$`)
	// fenceSums are the sum of the Markdown and the digest of its look in a closing fence.
	fenceSums = regexp.MustCompile(`\b([0-9a-f]{24})\.([0-9a-f]{16})\b`)
)

// hideFences makes lines of a document that look like a fence mean nothing, by a mark
// that nobody sees.
func hideFences(text string) string {
	return fenceLine.ReplaceAllStringFunc(text, func(line string) string {
		return strings.Replace(line, "percolate ", "percolate\u2060 ", 1)
	})
}

// embed puts Markdown into the whole text, as wiki markup: in place of the block that
// stands there, or first. Everything outside stays, and what people wrote is never cut,
// so the block gets what they leave of the length. Of damaged fences none counts; see
// findBlock.
func embed(whole, markdown string) string {
	from, to, ok := findBlock(whole)
	if strings.TrimSpace(markdown) == "" {
		if !ok {
			return whole
		}
		return strings.TrimSpace(whole[:from] + whole[to:])
	}
	ours := fenced(markdown, textMax-utf8.RuneCountInString(whole[:from])-utf8.RuneCountInString(whole[to:]))
	switch {
	case !ok && strings.TrimSpace(whole) == "":
		return ours
	case !ok:
		return ours + "\n\n" + whole
	}
	return whole[:from] + ours + whole[to:]
}

// fenced is a block of at most so many characters, at which line ends count twice.
func fenced(markdown string, most int) string {
	sum := strings.TrimPrefix(ticket.BodySum(markdown), sumPrefix)
	frame := fenceBegin + "\n\n\n\n" + fenceEnd + sum + "." + ticket.Digest("") + fenceShut
	inside := markup(markdown, max(most-2*len(frame), 0))
	return fenceBegin + "\n\n" + inside + "\n\n" + fenceEnd + sum + "." + look(inside) + fenceShut
}

const sumPrefix = "sum:"

// look is a digest of a block's markup without what Jira and its editors change in it:
// white space, and marks that keep signs from meaning something.
func look(inside string) string {
	return ticket.Digest(strings.Join(strings.Fields(strings.ReplaceAll(inside, `\`, "")), " "))
}

// extract is the block of a text as the engine compares it: the sum of what was asked
// while it looks as it did then, else what people read.
func extract(whole string) string {
	from, to, ok := findBlock(whole)
	if !ok {
		return ""
	}
	block := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(whole[from:to])
	inside := strings.TrimSpace(fenceLine.ReplaceAllString(block, ""))
	sums := fenceSums.FindStringSubmatch(block[strings.LastIndex(strings.TrimSpace(block), "\n")+1:])
	if sums != nil && sums[2] == look(inside) {
		return sumPrefix + sums[1]
	}
	return inside
}

// findBlock finds the block with its fences.
func findBlock(whole string) (from, to int, ok bool) {
	begin := -1
	for _, at := range fenceLine.FindAllStringSubmatchIndex(whole, -1) {
		switch {
		case whole[at[4]:at[5]] == "begins":
			begin = at[0]
		case begin >= 0:
			return begin, len(strings.TrimRight(whole[:at[1]], "\r")), true
		}
	}
	return 0, 0, false
}
