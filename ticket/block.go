package ticket

import (
	"regexp"
	"strings"
)

// The fence lines of our block. Whatever stands in the opening comment behind
// "begin" is for people and does not matter when the block is read.
const (
	blockBegin = "<!-- percolate: begin (percolate writes this part; the text outside it is yours) -->"
	blockEnd   = "<!-- percolate: end -->"
)

// fenceLine matches a whole line that is a fence. Spaces inside are forgiven, since
// people and trackers reformat.
var fenceLine = regexp.MustCompile(`^[ \t]*<!--[ \t]*percolate:[ \t]*(begin|end)\b.*-->[ \t\r]*$`)

// Embed puts block into the whole text of a ticket: in place of the block that stands
// there, or first when there is none. Everything outside stays byte for byte.
//
// The block is what stands between the first opening fence line whose next fence line
// is a closing one, and that closing one. So text is never lost to a damaged fence:
// where a person deleted one of the lines there is no block any more, what it held
// has become theirs, and the new block is put first. Of a block that was duplicated
// the first is ours and the other is theirs. A fence line inside block is made
// harmless, and [Extract] reads it back as it was.
//
// Line ends in block become those of whole, and blank lines at its ends are lost.
func Embed(whole, block string) string {
	block = tidyBlock(block)
	at, found := findBlock(whole)
	if found && readBlock(whole, at) == block || !found && block == "" {
		return whole
	}
	text := hideMarkers(block)
	if text != "" {
		text += "\n"
	}
	if found {
		return whole[:at.from] + lineEndsOf(whole, text) + whole[at.to:]
	}
	text = blockBegin + "\n" + text + blockEnd + "\n"
	if whole != "" {
		text += "\n"
	}
	return lineEndsOf(whole, text) + whole
}

// Extract returns our block of the whole text of a ticket, without its fence and with
// "\n" as line end, and whether there is one. See [Embed] for what counts as a block.
func Extract(whole string) (block string, ok bool) {
	at, ok := findBlock(whole)
	if !ok {
		return "", false
	}
	return readBlock(whole, at), true
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

// findBlock finds what stands between the fence lines of the block.
func findBlock(whole string) (span, bool) {
	begin := -1 // where the text after the last opening fence line starts
	for at := 0; at < len(whole); {
		line, _, _ := strings.Cut(whole[at:], "\n")
		next := min(at+len(line)+1, len(whole))
		switch fence := fenceLine.FindStringSubmatch(line); {
		case fence == nil:
		case fence[1] == "begin":
			begin = next
		case begin >= 0:
			return span{begin, at}, true
		}
		at = next
	}
	return span{}, false
}

func readBlock(whole string, at span) string {
	return tidyBlock(showMarkers(tidyBlock(whole[at.from:at.to])))
}

// tidyBlock is block with "\n" as its only line end, and with none at its ends.
func tidyBlock(block string) string {
	return strings.Trim(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(block), "\n")
}

// lineEndsOf is text with the line ends that whole has.
func lineEndsOf(whole, text string) string {
	if strings.Contains(whole, "\r\n") {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}
