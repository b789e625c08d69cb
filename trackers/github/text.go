package github

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"percolate/ticket"
)

// The lines that we keep in an issue's text beside our block.
var (
	markerLine = regexp.MustCompile(`(?m)^<!-- percolate: ticket (\S+) -->[ \t]*\r?$`)
	parentLine = regexp.MustCompile(`(?m)^<!-- percolate: parent (\S+) -->[ \t]*\r?$`)
	dueLine    = regexp.MustCompile(`(?m)^Due: ([0-9]{4}-[0-9]{2}-[0-9]{2})[ \t]*\r?$`)
)

// text is what an issue's text says.
type text struct {
	block  string
	key    ticket.Key
	due    ticket.Day
	parent ticket.Ref // where it is below its parent in a task list alone
}

func readText(whole string) text {
	var t text
	block, _ := ticket.Extract(whole)
	t.block = loud(block)
	outside := ticket.Embed(whole, "")
	if m := markerLine.FindStringSubmatch(outside); m != nil {
		if k, err := url.PathUnescape(m[1]); err == nil {
			t.key = ticket.ParseKey(k)
		}
	}
	if m := parentLine.FindStringSubmatch(outside); m != nil {
		if ref, err := url.PathUnescape(m[1]); err == nil {
			t.parent = ticket.Ref(ref)
		}
	}
	if m := dueLine.FindStringSubmatch(outside); m != nil && ticket.Day(m[1]).Valid() {
		t.due = ticket.Day(m[1])
	}
	return t
}

// blockMax is the length that our block may have: GitHub takes 65,536 characters, of
// which people get the rest.
const blockMax = 60000

func withBlock(whole, block string) string {
	quieted := quiet(upTo(block, blockMax))
	if utf8.RuneCountInString(quieted) > blockMax+len(cutNote) { // by what was put in, at most as much again
		quieted = quiet(upTo(block, blockMax/2))
	}
	return ticket.Embed(whole, quieted)
}

const cutNote = "\n\n(cut here, since GitHub takes no more)"

// upTo is text of at most most characters and the note. It is cut before anything else is
// done, since a cut may part code from the tick that ends it.
func upTo(text string, most int) string {
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	return string(r[:most]) + cutNote
}

func withMarker(whole string, k ticket.Key) string {
	return withLine(whole, markerLine, "<!-- percolate: ticket "+encode(k.Marker())+" -->")
}

func withParent(whole string, ref ticket.Ref) string {
	line := ""
	if ref != "" {
		line = "<!-- percolate: parent " + encode(string(ref)) + " -->"
	}
	return withLine(whole, parentLine, line)
}

func withDue(whole string, d ticket.Day) string {
	line := ""
	if d != "" {
		line = "Due: " + string(d)
	}
	return withLine(whole, dueLine, line)
}

// withLine puts a line in place of the one there, takes it out when it is empty, or adds
// it below everything. Our block is left alone, whatever stands in it.
func withLine(whole string, form *regexp.Regexp, line string) string {
	block, fenced := ticket.Extract(whole)
	text := whole
	if fenced {
		text = ticket.Embed(whole, "")
	}
	at := form.FindStringIndex(text)
	switch {
	case at == nil && line == "":
		return whole
	case at == nil && text == "":
		text = line + "\n"
	case at == nil:
		text = strings.TrimRight(text, "\r\n") + "\n\n" + line + "\n"
	case text[at[0]:at[1]] == line:
		return whole
	case line == "":
		text = text[:at[0]] + strings.TrimLeft(text[at[1]:], "\r\n")
	default:
		text = text[:at[0]] + line + text[at[1]:]
	}
	if !fenced {
		return text
	}
	return ticket.Embed(text, block)
}

// encode is text that stands in an HTML comment as one word.
func encode(text string) string {
	var b strings.Builder
	for i, c := range []byte(text) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("%<>&\"'\\`@#", c) >= 0 || c == '-' && (i == 0 || text[i-1] == '-') {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
