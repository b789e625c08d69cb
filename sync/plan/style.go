package plan

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Style is how lines are printed. The zero Style prints plain text as wide as it comes.
// Whatever it prints is harmless to a terminal.
type Style struct {
	// Paint colours a text for the given mark of a line; "#" is a document's heading and
	// "" what stands below a line. Nil leaves it plain.
	Paint func(mark, text string) string
	// Width is how many columns there are; 0 is no limit. Long titles are cut to it and
	// long texts broken.
	Width int
	// Measure tells how many columns a text takes; nil counts its runes.
	Measure func(string) int
}

const (
	gap        = "  "
	leastWord  = 7  // parent, story, defect, update, restore
	leastTitle = 30 // a title is not cut below this; ticket names go first
	mostTitle  = 72 // the table's text column grows no wider
)

// Text prints sections, one block a document.
func (st Style) Text(sections []Section) string {
	var b strings.Builder
	many := severalTrackers(sections)
	for i, s := range sections {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(st.heading(s.Document, many) + "\n")
		b.WriteString(st.Lines(s.Lines))
	}
	return b.String()
}

func severalTrackers(sections []Section) bool {
	for _, s := range sections {
		if s.Document.Tracker != sections[0].Document.Tracker {
			return true
		}
	}
	return false
}

// heading names the document; its tracker only where there are several.
func (st Style) heading(d Document, tracker bool) string {
	about := Plain(d.Summary)
	if tracker && d.Tracker != "" {
		about = join(about, "->", Plain(d.Tracker))
	}
	id, title := Plain(d.ID), Plain(d.Title)
	if id == "" {
		id = Plain(d.Path)
	}
	if about != "" {
		about = gap + about
	}
	if st.Width > 0 {
		title = st.cut(title, max(st.Width-st.width(id+gap+about), leastTitle))
	}
	return st.paint("#", strings.TrimRight(id+gap+title, " ")) + st.paint("", about)
}

// layout is how wide the columns of a table are.
type layout struct{ word, action, text, owner, due, name int }

// indent is where the text column begins.
func (w layout) indent() int {
	n := len(gap) + len("+ ") + w.word + len(gap)
	if w.action > 0 {
		n += w.action + len(gap)
	}
	return n
}

// Lines prints lines, those that are rows in columns of one width.
func (st Style) Lines(lines []Line) string {
	w := st.measure(lines)
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(gap + st.paint(l.Mark, l.Mark+" "+st.pad(l.Word, w.word)))
		if w.action > 0 {
			b.WriteString(gap + st.pad(Plain(l.Action), w.action))
		}
		indent := w.indent()
		if l.columns() {
			b.WriteString(gap + st.row(l, w) + "\n")
		} else {
			b.WriteString(gap + st.Wrap(Plain(l.Text), indent) + "\n")
		}
		for _, more := range l.More {
			b.WriteString(strings.Repeat(" ", indent+2) + st.paint("", st.Wrap(Plain(more), indent+2)) + "\n")
		}
	}
	return b.String()
}

// measure finds the widths of the columns. Where there is too little room, titles give
// way first, then the names of tickets are left out.
func (st Style) measure(lines []Line) layout {
	w := layout{word: leastWord}
	for _, l := range lines {
		w.word = max(w.word, st.width(l.Word))
		if l.columns() || st.width(Plain(l.Action)) <= 8 {
			w.action = max(w.action, st.width(Plain(l.Action)))
		}
		if l.columns() {
			w.text = max(w.text, min(st.width(Plain(l.Text)), mostTitle))
			w.owner = max(w.owner, st.width(Plain(l.Owner)))
			w.due = max(w.due, st.width(Plain(l.Due)))
			w.name = max(w.name, st.width(Plain(l.Name)))
		}
	}
	if st.Width == 0 {
		return w
	}
	room := st.Width - (w.indent() + len(gap) + w.owner + len(gap) + w.due)
	if w.name > 0 && room-w.name-len(gap) >= min(leastTitle, w.text) {
		room -= w.name + len(gap)
	} else {
		w.name = 0
	}
	w.text = min(w.text, max(room, leastTitle))
	return w
}

func (st Style) row(l Line, w layout) string {
	cells := st.pad(st.cut(Plain(l.Text), w.text), w.text) + gap + st.pad(Plain(l.Owner), w.owner)
	if w.due > 0 {
		cells += gap + st.pad(Plain(l.Due), w.due)
	}
	cells = strings.TrimRight(cells, " ")
	if w.name == 0 || l.Name == "" {
		return cells
	}
	full := w.text + len(gap) + w.owner
	if w.due > 0 {
		full += len(gap) + w.due
	}
	return st.pad(cells, full) + gap + st.paint("", Plain(l.Name))
}

func (st Style) paint(mark, text string) string {
	if st.Paint == nil || text == "" {
		return text
	}
	return st.Paint(mark, text)
}

func (st Style) width(s string) int {
	if st.Measure == nil {
		return utf8.RuneCountInString(s)
	}
	return st.Measure(s)
}

func (st Style) pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-st.width(s), 0))
}

// cut shortens s to at most width columns, with dots where something is left out.
func (st Style) cut(s string, width int) string {
	const dots = "..."
	if st.width(s) <= width {
		return s
	}
	for s != "" && st.width(s)+len(dots) > width {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return strings.TrimRight(s, " ") + dots
}

// Wrap breaks a text at spaces so that it stays within the width when it begins at the
// column indent, as every further line does. A word that is too long, such as a path,
// is not broken.
func (st Style) Wrap(s string, indent int) string {
	const least = 20
	room := st.Width - indent
	if st.Width == 0 || room < least || st.width(s) <= room {
		return s
	}
	var b strings.Builder
	used := 0
	for word := range strings.SplitSeq(s, " ") {
		n := st.width(word)
		switch {
		case used == 0:
		case used+1+n > room:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
	}
	return b.String()
}

// Plain is s on one line and harmless to a terminal: without control characters,
// escape sequences included, and without those that reverse the direction of writing.
func Plain(s string) string {
	harmful := func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' ||
			r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	}
	if strings.IndexFunc(s, harmful) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\ufffd"), harmful), " ")
}
