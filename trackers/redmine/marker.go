package redmine

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"percolate/ticket"
)

// marks makes and reads markers: "percolate:PER-2026-003/A1", where what stands before
// the slash is the document. Each part is encoded, so that there is one slash alone.
type marks struct {
	prefix string
	field  int // the custom field that holds it, 0 for the description
}

func (m marks) text(k ticket.Key) string { return m.document(k.Document) + encode(k.Action) }

// document begins the markers of a document's tickets.
func (m marks) document(id string) string { return m.all() + encode(id) + "/" }

// all begins every marker.
func (m marks) all() string { return m.prefix + ":" }

// key reads a marker; the zero Key for what is none of ours.
func (m marks) key(text string) ticket.Key {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), m.all())
	document, action, found := strings.Cut(rest, "/")
	if !ok || !found {
		return ticket.Key{}
	}
	k := ticket.Key{Document: decode(document), Action: decode(action)}
	if k.Document == "" {
		return ticket.Key{}
	}
	return k
}

// read finds the key of an issue.
func (m marks) read(is issue) ticket.Key {
	if m.field != 0 {
		return m.key(is.field(m.field))
	}
	if found := markerLine.FindStringSubmatch(outside(is.Description)); found != nil {
		return m.key(found[1])
	}
	return ticket.Key{}
}

// filter is the condition by which Redmine finds issues whose marker holds the text.
func (m marks) filter(text string) (name, value string) {
	if m.field != 0 {
		return fmt.Sprintf("cf_%d", m.field), "~" + text
	}
	return "description", "~" + text
}

// The lines of ours in a description that stand outside our block.
var (
	markerLine = regexp.MustCompile(`(?m)^<!-- percolate-ticket (\S+) -->[ \t]*\r?$`)
	labelsLine = regexp.MustCompile(`(?m)^Labels: (.*?)[ \t]*\r?$`)
)

// outside is a description without what stands in our block.
func outside(whole string) string { return ticket.Embed(whole, "") }

// withLine puts a line in place of the one there, takes it out when it is empty, or adds
// it below everything. Our block is left alone, whatever stands in it.
func withLine(whole string, form *regexp.Regexp, line string) string {
	block, fenced := ticket.Extract(whole)
	text := outside(whole)
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
	if fenced {
		return ticket.Embed(text, block)
	}
	return text
}

// encode is text of letters, digits and marks that no filter and no comment stumbles over.
func encode(text string) string {
	var b strings.Builder
	for i, c := range []byte(text) {
		plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._~", c) >= 0
		if plain || c == '-' && i > 0 && text[i-1] != '-' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// decode reads what encode wrote; what it did not is nothing.
func decode(text string) string {
	plain, err := url.PathUnescape(text)
	if err != nil {
		return ""
	}
	return plain
}
