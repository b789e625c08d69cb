package files

import (
	"path"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"percolate/ticket"
)

// The longest parts of a file name in bytes, well below what file systems take.
const (
	maxDocument = 80
	maxAction   = 60
)

// stemFor is the name, without ".md", that a file for the key should have: the key
// itself, or for an action without an id its document and the start of its title.
func stemFor(k ticket.Key, title string) string {
	stem := safeName(k.Document, maxDocument)
	switch {
	case k.IsParent():
	case strings.HasPrefix(k.Action, "~"):
		stem += "-" + safeName(strings.ToLower(title), maxAction)
	default:
		stem += "-" + safeName(k.Action, maxAction)
	}
	return stem
}

// reserved are the names that are devices on some systems.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)

// safeName is text as a name that every file system takes: letters, digits and single
// hyphens, in the composed form of Unicode, and never a path.
func safeName(text string, limit int) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "-")) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_' {
			r = '-'
		}
		if b.Len()+len(string(r)) > limit {
			break
		}
		if r != '-' || !strings.HasSuffix(b.String(), "-") {
			b.WriteRune(r)
		}
	}
	name := strings.Trim(b.String(), "-")
	if name == "" || reserved.MatchString(name) {
		name = strings.TrimLeft(name+"-ticket", "-")
	}
	return name
}

// fold is a name in the form in which no two names on one file system may be the same.
func fold(name string) string { return norm.NFC.String(strings.ToLower(norm.NFC.String(name))) }

// stemOf is the name of the file at p, without its folder and ".md".
func stemOf(p string) string { return strings.TrimSuffix(path.Base(p), path.Ext(p)) }
