package report

import (
	"strings"
	"unicode"
)

// Markdown is the report for a page, a chat or a mail, with at most most rows in each
// section (0 for all). One table has all columns; the others have what they are read for.
func (r Report) Markdown(most int) string {
	var b strings.Builder
	for i, k := range r.page(most, true) {
		if k.empty() {
			continue
		}
		if !k.full {
			k.table = k.table.upTo(markdownRank)
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		level := "## "
		if i == 0 {
			level = "# "
		}
		markdownBlock(&b, level, k)
	}
	return b.String()
}

// markdownRank is up to which rank a table has its columns.
const markdownRank = 6

func markdownBlock(b *strings.Builder, level string, k block) {
	if k.head != "" {
		b.WriteString(level + sentence(escape(k.head)) + "\n")
	}
	if k.note != "" {
		if k.head != "" {
			b.WriteByte('\n')
		}
		b.WriteString(capital(escape(k.note)) + ".\n")
	}
	for i, line := range k.lines {
		if line == "" {
			continue
		}
		if i > 0 || k.head != "" {
			b.WriteByte('\n')
		}
		b.WriteString(escape(line) + "\n")
	}
	markdownTable(b, k.table)
	if len(k.items) > 0 {
		b.WriteByte('\n')
	}
	for _, it := range k.items {
		markdownItem(b, it)
	}
	if k.more != "" {
		b.WriteString("\n" + capital(escape(k.more)) + ".\n")
	}
}

// sentence is a headline that is not shouted.
func sentence(head string) string {
	if head != strings.ToUpper(head) {
		return head
	}
	return capital(strings.ToLower(head))
}

func capital(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}

func markdownTable(b *strings.Builder, t table) {
	if len(t.rows) == 0 {
		return
	}
	head, rule := "\n|", "|"
	for _, c := range t.columns {
		head += " " + escape(c.head) + " |"
		if c.right {
			rule += " ---: |"
		} else {
			rule += " --- |"
		}
	}
	b.WriteString(head + "\n" + rule + "\n")
	for _, cells := range t.rows {
		b.WriteString("|")
		for _, c := range cells {
			b.WriteString(" " + markdownCell(c) + " |")
		}
		b.WriteByte('\n')
	}
}

func markdownCell(c cell) string {
	text := escape(c.text)
	if text == "" || !isAddress(c.url) {
		return text
	}
	return "[" + text + "](" + address(c.url) + ")"
}

func markdownItem(b *strings.Builder, it item) {
	b.WriteString("- **" + escape(it.word) + "** ")
	if it.subject != "" {
		b.WriteString(escape(it.subject) + ": ")
	}
	b.WriteString(escape(it.text) + "\n")
	if it.mend != "" {
		b.WriteString("  - " + escape(it.mend) + "\n")
	}
}

// escape is text in which nothing means anything to Markdown or HTML, on one line.
func escape(s string) string {
	var b strings.Builder
	s = breakable(plain(s))
	for i, r := range s {
		if strings.ContainsRune("\\`*_[]<|~&", r) && !(r == '_' && withinWord(s, i)) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		if r == '@' && (i == 0 || !sign(s[i-1])) {
			b.WriteString("\u200b") // nobody is called by a report
		}
	}
	return b.String()
}

// withinWord reports whether the sign at i stands between letters or digits.
func withinWord(s string, i int) bool {
	return i > 0 && i+1 < len(s) && sign(s[i-1]) && sign(s[i+1])
}

func sign(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// isAddress keeps links to what a browser opens without asking; anything else is text.
func isAddress(url string) bool {
	return strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
}

// address is a URL that cannot end the link that it stands in.
func address(url string) string {
	var b strings.Builder
	for _, c := range []byte(url) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("()<>\\\"`[]|", c) >= 0 {
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
