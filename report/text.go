package report

import "strings"

// Style is how a report is printed for a terminal. The zero Style prints plain text of 80
// columns, all of it.
type Style struct {
	// Paint colours a text: "#" is a headline, "" what matters less, "!" what is overdue,
	// "?" what is not settled. Nil leaves it plain.
	Paint func(mark, text string) string
	// Width is how many columns there are; 0 is 80. Columns of a table are left out, and
	// texts cut, to fit it.
	Width int
	// Most is how many rows a section shows; 0 is all. What is left out is counted.
	Most int
	// Measure tells how many columns a text takes; nil goes by the tables of Unicode.
	Measure func(string) int
}

// Text is the report for a terminal. Nothing in it can harm one.
func (r Report) Text(st Style) string {
	st = st.complete()
	var b strings.Builder
	for i, block := range r.page(st.Most, false) {
		if block.empty() {
			continue
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		st.block(&b, block)
	}
	return b.String()
}

// complete fills in what was left out.
func (st Style) complete() Style {
	if st.Width == 0 {
		st.Width = 80
	}
	if st.Measure == nil {
		st.Measure = width
	}
	return st
}

const gap = "  "

func (st Style) block(b *strings.Builder, k block) {
	st.headline(b, k)
	for _, line := range k.lines {
		if line != "" {
			b.WriteString(gap + st.wrap(plain(line), len(gap)) + "\n")
		}
	}
	st.table(b, k.table)
	for _, it := range k.items {
		st.item(b, it)
	}
	if k.more != "" {
		b.WriteString(gap + st.paint("", st.wrap(plain(k.more), len(gap))) + "\n")
	}
}

func (st Style) headline(b *strings.Builder, k block) {
	head, note, mark := plain(k.head), plain(k.note), firstOf(k.mark, "#")
	switch {
	case head == "" && note == "":
		return
	case note == "":
		b.WriteString(st.paint(mark, head) + "\n")
	case head == "":
		b.WriteString(gap + st.paint("", st.wrap(note, len(gap))) + "\n")
	case st.Measure(head)+st.Measure(note)+len(" ()") <= st.Width:
		b.WriteString(st.paint(mark, head) + " " + st.paint("", "("+note+")") + "\n")
	default:
		b.WriteString(st.paint(mark, head) + "\n" + gap + st.paint("", st.wrap(note, len(gap))) + "\n")
	}
}

// item prints a word and a text, with what to do below it.
func (st Style) item(b *strings.Builder, it item) {
	text := plain(it.text)
	if it.subject != "" {
		text = plain(it.subject) + "  " + text
	}
	b.WriteString(gap + st.paint("?", plain(it.word)) + gap + st.wrapAfter(text, st.Measure(it.word)+2*len(gap), 2*len(gap)) + "\n")
	if it.mend != "" {
		b.WriteString(gap + gap + st.paint("", st.wrap(plain(it.mend), 2*len(gap))) + "\n")
	}
}

func (st Style) paint(mark, text string) string {
	if st.Paint == nil || text == "" {
		return text
	}
	return st.Paint(mark, text)
}

func (st Style) wrap(s string, indent int) string { return st.wrapAfter(s, indent, indent) }

// wrapAfter breaks s at spaces so that it stays within the width, when its first line
// begins behind used columns and the others are indented. A word that is too long, such
// as a path, is not broken.
func (st Style) wrapAfter(s string, used, indent int) string {
	var b strings.Builder
	at, first := used, true
	for word := range strings.SplitSeq(s, " ") {
		n := st.Measure(word)
		switch {
		case first:
			first = false
		case at+1+n > st.Width:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(breakable(word))
		at += n
	}
	return b.String()
}
