package per

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A mark is what WriteBack puts beside an action: a link whose title is "percolate",
//
//	[OPS-812](https://jira.example.com/browse/OPS-812 "percolate")
//	[OPS-812 (in progress)](https://jira.example.com/browse/OPS-812 "percolate")
//
// so that it can be told from every link of a person's. It is taken out of a document
// before anything else is read, so that it is no text, no done mark and no ticket that
// a person names; it only tells which ticket is the action's.
type mark struct {
	label, url string
	line       int
}

// Marks in Markdown, and the same inside a YAML text in double quotes.
var markForm = regexp.MustCompile(`( ?)\[([^\[\]\n]{1,400})\]\(([^()\s<>"]*|<>) (?:"percolate"|\\"percolate\\")\)`)

const markTitle = `percolate`

// stripMarks takes the marks out of a text, and not out of code in it.
func stripMarks(text string, markdown bool) (string, []mark) {
	if !strings.Contains(text, markTitle) || !markForm.MatchString(text) {
		return text, nil
	}
	var b strings.Builder
	var marks []mark
	fences := preparer{}
	line := 0
	for s := range strings.Lines(text) {
		line++
		if markdown && fences.fenced(strings.TrimRight(s, "\n")) || !strings.Contains(s, markTitle) {
			b.WriteString(s)
			continue
		}
		for _, f := range markForm.FindAllStringSubmatch(s, -1) {
			marks = append(marks, mark{label: f[2], url: strings.Trim(f[3], "<>"), line: line})
		}
		b.WriteString(markForm.ReplaceAllString(s, ""))
	}
	return b.String(), marks
}

// takeMarks gives every mark to the action beside which it stands. A ticket that a
// person names comes first.
func (g *reading) takeMarks(at placed) {
	for _, m := range g.marks {
		a := at[m.line]
		if a == nil || a.at.mark.label != "" {
			continue
		}
		a.at.mark, a.at.given = m, a.Ticket
		if a.Ticket == "" {
			a.Ticket = m.ticket()
		}
	}
}

// ticket is what the mark says of the action's identity.
func (m mark) ticket() string {
	if m.url != "" {
		return m.url
	}
	key, _, _ := strings.Cut(m.label, " (")
	return key
}

// String is the mark as it is written.
func (m mark) String() string {
	to := m.url
	if to == "" {
		to = "<>"
	}
	return fmt.Sprintf("[%s](%s %q)", m.label, to, markTitle)
}

// in is the mark as it is written inside a YAML text, in double quotes if escape is set.
func (m mark) in(escape bool) string {
	if escape {
		return strings.ReplaceAll(m.String(), `"`, `\"`)
	}
	return m.String()
}

// markOf is the mark for a ticket. What would end a link, a cell or a YAML text early
// is written otherwise.
func markOf(w Written) mark {
	label := w.Key
	if w.Status != "" {
		label += " (" + w.Status + ")"
	}
	return mark{label: inLabel.Replace(oneLine(visible(label))), url: webAddress(w.URL)}
}

// webAddress is a URL as a mark holds it, "" for one that does not lead to the web: what
// a tracker answers is no reason to put a script into a document.
func webAddress(url string) string {
	url = inURL.Replace(strings.TrimSpace(visible(url)))
	if low := strings.ToLower(url); hasScheme.MatchString(low) && !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "http://") {
		return ""
	}
	return url
}

var hasScheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*:`)

// visible is text without control characters and those that turn the order of writing.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return r
		case unicode.IsControl(r), r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff, r == utf8.RuneError:
			return -1
		}
		return r
	}, text)
}

var (
	inLabel = strings.NewReplacer("[", "(", "]", ")", "|", "/", "`", "", `\`, "/", `"`, "", "'", "", ": ", ":", " #", "#", "<", "(", ">", ")", "*", "", "&", "and")
	inURL   = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", `"`, "%22", "'", "%27", "|", "%7C", `\`, "%5C", "`", "%60", "[", "%5B", "]", "%5D", "\n", "", "\t", "%09", "\r", "")
)
