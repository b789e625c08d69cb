package ticket

import (
	"fmt"
	"regexp"
	"strings"
)

// marker matches the head of a comment that means something to us, and of one that
// [hideMarkers] made harmless before.
var marker = regexp.MustCompile(`(<!--[ \t]*)(\\*)(percolate:)`)

// hideMarkers makes what looks like one of our markers in text mean nothing, by a
// backslash that is invisible where Markdown is shown; showMarkers takes it back.
func hideMarkers(text string) string { return marker.ReplaceAllString(text, `$1\$2$3`) }

var hidden = regexp.MustCompile(`(<!--[ \t]*)\\(\\*percolate:)`)

func showMarkers(text string) string { return hidden.ReplaceAllString(text, `$1$2`) }

// Sign is the Markdown of comment c with its marker in front, hidden from readers, for
// trackers that keep comments as Markdown.
func Sign(c Comment) string { return signature(c.Marker) + "\n" + hideMarkers(c.Text) }

// Signed reports whether text, which may hold several comments, holds one that [Sign]
// made for the marker.
func Signed(text, marker string) bool { return strings.Contains(text, signature(marker)) }

// signature is the line for one marker. Bytes that could end the HTML comment or be
// changed by a tracker are written as "%2D".
func signature(marker string) string {
	var b strings.Builder
	for i, c := range []byte(marker) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("%<>&\"'\\`", c) >= 0 || c == '-' && i > 0 && marker[i-1] == '-' {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return "<!-- percolate: comment " + b.String() + " -->"
}

// Marker is the key as a text that [ParseKey] reads back whatever the document's id
// holds, for trackers that keep it as a text: as [Key.String], but with a slash behind
// a document's own key when the id itself holds one.
func (k Key) Marker() string {
	if k.IsParent() && strings.Contains(k.Document, "/") {
		return k.Document + "/"
	}
	return k.String()
}
