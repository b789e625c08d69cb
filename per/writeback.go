package per

import (
	"bytes"
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// Written is the ticket of an action, to be put beside it in its document.
type Written struct {
	Line   int    // of the action, as Parse told it
	Text   string // of the action, as Parse told it; where it differs nothing is written
	Key    string // what people call the ticket: "OPS-812"
	URL    string // where it is read; may be empty
	Status string // to be shown beside it; may be empty
}

// WriteBack puts the tickets of actions beside them in the source of a document, and
// returns the new source. It changes nothing else, byte for byte: each ticket becomes a
// link with the title "percolate" at the end of the action's text, or in the column for
// tickets where a table has one. A link that it wrote before is replaced; a ticket that
// a person named is left alone, and gets a link beside it only to show a status.
//
// What is written reads back as the action's Ticket and changes nothing else that
// Parse understands: that is checked here, and where it cannot be had, nothing is
// written beside the action and a problem of code "not-written-back" says so. Writing
// the same again changes nothing.
func WriteBack(name string, src []byte, written []Written) ([]byte, []Problem) {
	w := &writer{name: name, src: src, before: read(name, src, nil), lines: bytes.SplitAfter(src, []byte("\n"))}
	if format(name) == "html" {
		if len(written) > 0 {
			w.problems = append(w.problems, Problem{Path: name, Level: Warning, Code: "not-written-back", Message: "tickets are not written into HTML"})
		}
		return src, w.problems
	}
	var edits []edit
	for _, x := range written {
		if e, ok := w.edit(x); ok && !slices.ContainsFunc(edits, func(f edit) bool { return f.action == e.action }) {
			edits = append(edits, e)
		}
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Or(a.line-b.line, a.from-b.from) })
	return w.write(src, edits), sorted(w.problems)
}

type writer struct {
	name     string
	src      []byte
	lines    [][]byte // of the source, with their ends
	before   *reading
	problems []Problem
}

// edit puts text in the place of some bytes of a line.
type edit struct {
	line     int // counting from 1
	from, to int
	text     string
	action   int  // its index
	mark     mark // that will be read there
}

func (w *writer) refuse(line int, why string) {
	w.problems = append(w.problems, Problem{
		Path: w.name, Line: line, Level: Warning, Code: "not-written-back", Message: "the ticket was not written beside this action: " + why,
	})
}

// edit finds what to change for one ticket, if anything.
func (w *writer) edit(x Written) (edit, bool) {
	i := slices.IndexFunc(w.before.doc.Actions, func(a Action) bool { return a.Line == x.Line && a.Text == x.Text })
	if i < 0 {
		w.refuse(x.Line, "it is no longer there as it was read")
		return edit{}, false
	}
	a := w.before.doc.Actions[i]
	m := markOf(x)
	switch {
	case x.Key == "":
		return edit{}, false
	case a.at.mark.label == m.label && a.at.mark.url == m.url:
		return edit{}, false
	case a.at.mark.label == "" && x.Status == "" && namesTicket(a, x):
		return edit{}, false
	case a.at.last == 0 || a.at.last > len(w.lines):
		w.refuse(x.Line, "nothing can be written into a document of this form")
		return edit{}, false
	}
	return w.place(edit{line: a.at.last, action: i, mark: m}, a), true
}

// place finds where the mark goes: over an earlier one, or behind the text.
func (w *writer) place(e edit, a Action) edit {
	if a.at.mark.label != "" {
		line := w.lines[a.at.mark.line-1]
		if span := markForm.FindSubmatchIndex(line); span != nil {
			e.line, e.from, e.to = a.at.mark.line, span[3], span[1] // without the space before it
			e.text = e.mark.in(bytes.Contains(line[e.from:e.to], []byte(`\"`)))
			return e
		}
	}
	line := w.lines[e.line-1]
	escape := false
	switch {
	case format(w.name) == "yaml":
		e.from, escape = yamlEnd(line)
	case a.at.cell > 0:
		e.from = cmp.Or(cellEnd(line, a.at.cell), cellEnd(line, a.at.text), lineTextEnd(line))
	default:
		e.from = lineTextEnd(line)
	}
	e.to, e.text = e.from, " "+e.mark.in(escape)
	return e
}

// namesTicket reports whether a person has named the ticket beside the action.
func namesTicket(a Action, x Written) bool {
	return a.Ticket != "" && (a.Ticket == x.URL || strings.EqualFold(a.Ticket, x.Key))
}

// lineTextEnd is the end of a line of Markdown without what is no text of it: white
// space, a break, the end of a heading, a comment that goes on below.
func lineTextEnd(line []byte) int {
	text := strings.TrimRight(string(line), " \t\r\n")
	if at := strings.LastIndex(text, "<!--"); at > 0 && !strings.Contains(text[at:], "-->") {
		text = strings.TrimRight(text[:at], " \t")
	}
	if strings.HasPrefix(strings.TrimLeft(text, " "), "#") {
		text = text[:len(text)-len(headingID.FindString(text))]
		if bare := strings.TrimRight(text, "#"); strings.HasSuffix(bare, " ") {
			text = strings.TrimRight(bare, " ")
		}
	}
	return len(text)
}

// cellEnd is the end of the text in a cell of a table's row, cells counting from 1; 0
// when the row has no such cell.
func cellEnd(line []byte, cell int) int {
	s := strings.TrimRight(string(line), "\r\n")
	at := len(s) - len(strings.TrimLeft(s, " \t>"))
	if at < len(s) && s[at] == '|' {
		at++
	}
	for n := 1; at < len(s); n++ {
		end := at
		for end < len(s) && s[end] != '|' {
			if s[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end, len(s))
		if n == cell && (end < len(s) || strings.TrimSpace(s[at:end]) != "") {
			return at + len(strings.TrimRight(s[at:end], " \t"))
		}
		at = end + 1
	}
	return 0
}

// yamlEnd is the end of a text in YAML that ends on its line, and whether it is in
// double quotes.
func yamlEnd(line []byte) (at int, quoted bool) {
	text := strings.TrimRight(string(line), " \t\r\n")
	if at := strings.LastIndex(text, " #"); at > 0 && !strings.ContainsAny(text[at:], `"'`) {
		text = strings.TrimRight(text[:at], " \t")
	}
	value := strings.TrimLeft(text, " -")
	if key, rest, ok := strings.Cut(value, ": "); ok && !strings.ContainsAny(key, `"'`) {
		value = strings.TrimLeft(rest, " ")
	}
	for _, quote := range [...]string{`"`, `'`} {
		if len(value) > 1 && strings.HasPrefix(value, quote) && strings.HasSuffix(value, quote) {
			return len(text) - 1, quote == `"`
		}
	}
	return len(text), false
}

// write carries the edits out. Where the outcome would not read as it must, they are
// tried by halves, until those that do it are found and left out.
func (w *writer) write(src []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return src
	}
	out := w.apply(edits)
	if w.sound(out, edits) {
		return out
	}
	return w.apply(w.without(edits))
}

// without leaves out the edits that spoil what is read.
func (w *writer) without(edits []edit) []edit {
	if w.sound(w.apply(edits), edits) {
		return edits
	}
	if len(edits) == 1 {
		w.refuse(w.before.doc.Actions[edits[0].action].Line, "its form leaves no room for it")
		return nil
	}
	half := len(edits) / 2
	both := slices.Concat(w.without(edits[:half:half]), w.without(edits[half:]))
	if !w.sound(w.apply(both), both) {
		for _, e := range both {
			w.refuse(w.before.doc.Actions[e.action].Line, "its form leaves no room for it")
		}
		return nil
	}
	return both
}

func (w *writer) apply(edits []edit) []byte {
	var out bytes.Buffer
	next := 0
	for i, line := range w.lines {
		at := 0
		for ; next < len(edits) && edits[next].line == i+1; next++ {
			e := edits[next]
			if e.from < at {
				continue
			}
			out.Write(line[at:e.from])
			out.WriteString(e.text)
			at = e.to
		}
		out.Write(line[at:])
	}
	return out.Bytes()
}

// sound reports whether a source with edits reads as the one without, but for them.
func (w *writer) sound(out []byte, edits []edit) bool {
	after := read(w.name, out, nil)
	if format(w.name) == "yaml" {
		text, _ := clean(out)
		if _, problem := parseYAML(text); problem != nil {
			return false // other readers could not read it
		}
	}
	if len(after.doc.Actions) != len(w.before.doc.Actions) {
		return false
	}
	wanted := map[int]mark{}
	for _, e := range edits {
		wanted[e.action] = e.mark
	}
	for i, a := range after.doc.Actions {
		m, changed := wanted[i]
		if !changed {
			m = w.before.doc.Actions[i].at.mark
		}
		if a.at.mark.label != m.label || a.at.mark.url != m.url {
			return false
		}
	}
	return reflect.DeepEqual(bare(after), bare(w.before)) && reflect.DeepEqual(after.problems, w.before.problems)
}

// bare is a document without tickets and marks.
func bare(g *reading) Document {
	d := *g.doc
	d.Actions = slices.Clone(d.Actions)
	for i := range d.Actions {
		a := &d.Actions[i]
		if a.at.mark.label != "" {
			a.Ticket = a.at.given
		}
		a.at.mark, a.at.given = mark{}, ""
	}
	return d
}
