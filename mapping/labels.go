package mapping

import (
	"strings"
	"unicode"
)

// label is s as a label that every tracker takes: without spaces, commas and control
// characters, and with no dash at its ends.
func label(s string) string {
	var b strings.Builder
	for _, r := range oneLine(s) {
		switch {
		case !unicode.IsSpace(r) && r != ',' && unicode.IsPrint(r):
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// labelWord is a document's word as a part of a label, so that "Checkout API" and
// "checkout api" share one.
func labelWord(s string) string { return label(strings.ToLower(plainText(s))) }
