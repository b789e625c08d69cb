package jira

import (
	"regexp"
	"strings"
)

// Wiki markup has no comments, and the editor of Cloud keeps no anchors, so our block
// stands between two lines that people can read.
const (
	fenceBegin = "{color:#6b778c}percolate begins here. It writes this part; the text outside it is yours.{color}"
	fenceEnd   = "{color:#6b778c}percolate ends here.{color}"
)

// fenceLine matches a fence whatever an editor made of its colour.
var fenceLine = regexp.MustCompile(`(?m)^((?:\{[^{}\n]*\}|[^\pL\pN\n])*percolate )(begins|ends) here\b.*$`)

// hideFences makes lines of a document that look like a fence mean nothing, by a mark
// that nobody sees.
func hideFences(text string) string {
	return fenceLine.ReplaceAllStringFunc(text, func(line string) string {
		return strings.Replace(line, "percolate ", "percolate\u2060 ", 1)
	})
}

// embed puts block into the whole text: in place of the block that stands there, or
// first. Everything outside stays. Of damaged fences none counts; see extract.
func embed(whole, block string) string {
	from, to, ok := findBlock(whole)
	switch {
	case !ok && block == "":
		return whole
	case !ok && strings.TrimSpace(whole) == "":
		return fenced(block)
	case !ok:
		return fenced(block) + "\n\n" + whole
	case block == "":
		return strings.TrimSpace(whole[:from] + whole[to:])
	}
	return whole[:from] + fenced(block) + whole[to:]
}

func fenced(block string) string { return fenceBegin + "\n\n" + block + "\n\n" + fenceEnd }

// extract is the block of a text: what stands between the first opening line whose
// next fence is a closing one, and that one.
func extract(whole string) string {
	from, to, ok := findBlock(whole)
	if !ok {
		return ""
	}
	inside := fenceLine.ReplaceAllString(whole[from:to], "")
	return strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(inside))
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
