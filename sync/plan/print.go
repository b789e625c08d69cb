package plan

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"percolate/ticket"
)

// Line is one line of a printed plan or result: a mark that the eye finds, a word,
// the ticket's name, and what is to be said of it; More stands below it.
type Line struct {
	Mark string // "+", "~", "^", "-", "=", "?"
	Word string
	Name string
	Text string
	More []string
}

// Section is what is printed of one document.
type Section struct {
	Document Document
	Lines    []Line
}

// Sections is the plan by document, with steps first, then notes and findings. The
// last section has no document and holds what belongs to none. Documents of which
// nothing is to be said are left out.
func (p Plan) Sections() []Section {
	lines := map[string][]Line{}
	for _, s := range p.Steps {
		id := s.Link.Key.Document
		lines[id] = append(lines[id], s.Line(""))
	}
	for _, n := range p.Notes {
		id := n.Key.Document
		lines[id] = append(lines[id], Line{Mark: "=", Word: n.Word, Name: n.Key.String(), Text: n.Text})
	}
	for _, f := range p.Findings {
		id := f.Key.Document
		lines[id] = append(lines[id], FindingLine(f))
	}
	var out []Section
	for _, d := range append(p.Documents, Document{}) {
		if l := lines[d.ID]; len(l) > 0 {
			out = append(out, Section{Document: d, Lines: l})
			delete(lines, d.ID)
		}
	}
	return out
}

// Line is the step as one line. name is the ticket's name once it is filed; until then
// the name that the link has, or the key, stands for it.
func (s Step) Line(name string) Line {
	l := Line{Mark: mark(s.Op), Word: string(s.Op), Name: name}
	if l.Name == "" {
		l.Name = s.Link.Name
	}
	if l.Name == "" {
		l.Name = s.Link.Key.String()
	}
	switch s.Op {
	case Create:
		l.Word = kindWord(s.Wanted.Fields.Kind)
		l.Text = s.describe()
	case Adopt:
		l.Text = join(actionName(s.Link.Key), s.Wanted.Fields.Title, "("+s.Reason+")")
	default:
		l.Text = join(actionName(s.Link.Key), s.fields(), s.Reason)
	}
	for _, c := range s.Changes {
		l.More = append(l.More, c.String())
	}
	return l
}

func mark(o Op) string {
	switch o {
	case Create, Adopt:
		return "+"
	case Repeat:
		return "^"
	case Retire:
		return "-"
	default:
		return "~"
	}
}

func kindWord(k ticket.Kind) string {
	if k == "" {
		return "ticket"
	}
	return string(k)
}

// describe is the title with owner and due day of a ticket to be filed.
func (s Step) describe() string {
	f := s.Wanted.Fields
	text := join(actionName(s.Link.Key), f.Title)
	if s.Link.Key.IsParent() {
		text = f.Title
	}
	if len(f.Assignees) > 0 {
		text += "  " + f.Assignees[0]
	}
	if f.Due != "" {
		text += "  due " + string(f.Due)
	}
	if f.Kind == ticket.KindDefect {
		text += "  (" + s.Reason + ")"
	}
	return text
}

func (s Step) fields() string {
	var names []string
	for _, c := range s.Changes {
		names = append(names, string(c.Field))
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, ", ") + ":"
}

// String shows the change as "title: "old" -> "new""; of a body only that it changes.
func (c Change) String() string {
	switch c.Field {
	case ticket.FieldBody:
		return "body: our block is written again"
	case ticket.FieldLabels:
		return "labels: " + join(c.To, c.From)
	}
	return string(c.Field) + ": " + quote(c.From) + " -> " + quote(c.To)
}

// FindingLine is a finding as one line, with what to do about it below.
func FindingLine(f ticket.Finding) Line {
	l := Line{Mark: "?", Word: string(f.Kind), Name: f.Name, Text: join(actionName(f.Key), f.Text)}
	if l.Name == "" && f.Key != (ticket.Key{}) {
		l.Name, l.Text = f.Key.String(), f.Text
	}
	if f.Place.Path != "" && f.Place.Line > 0 {
		l.More = append(l.More, fmt.Sprintf("%s:%d", f.Place.Path, f.Place.Line))
	}
	if f.Mend != "" {
		l.More = append(l.More, f.Mend)
	}
	return l
}

// actionName is the part of a key that says which action of its document is meant;
// fingerprints mean nothing to people and are left out.
func actionName(k ticket.Key) string {
	if strings.HasPrefix(k.Action, "~") {
		return ""
	}
	return k.Action
}

func join(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}

// Style is how a plan is printed. The zero Style prints plain text.
type Style struct {
	// Paint colours the text of a line with the given mark; "#" is a document's heading.
	// Nil leaves it plain.
	Paint func(mark, text string) string
}

func (st Style) paint(mark, text string) string {
	if st.Paint == nil {
		return text
	}
	return st.Paint(mark, text)
}

// Text prints sections, one block a document.
func (st Style) Text(sections []Section) string {
	var b strings.Builder
	for _, s := range sections {
		if s.Document.ID != "" {
			heading := join(s.Document.ID+" ", s.Document.Title)
			rest := join(s.Document.Summary, s.Document.Tracker)
			if rest != "" {
				heading += "  [" + rest + "]"
			}
			b.WriteString(st.paint("#", heading) + "\n")
		}
		width := 0
		for _, l := range s.Lines {
			width = max(width, min(utf8.RuneCountInString(l.Name), 34))
		}
		for _, l := range s.Lines {
			fmt.Fprintf(&b, "  %s %-*s  %s\n", st.paint(l.Mark, fmt.Sprintf("%s %-8s", l.Mark, l.Word)), width, l.Name, oneLine(l.Text))
			for _, more := range l.More {
				fmt.Fprintf(&b, "      %s\n", oneLine(more))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// oneLine keeps text from documents and trackers on its line and harmless to a terminal.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }), " ")
}

// Totals says in one line what the plan holds and costs: "2 to file, 1 to update, 1
// finding. Cost: 4 writes, 2 reads on jira-ops."
func (p Plan) Totals() string {
	n := map[Op]int{}
	for _, s := range p.Steps {
		n[s.Op]++
	}
	var parts []string
	for _, w := range []struct {
		op   Op
		word string
	}{{Create, "to file"}, {Adopt, "to adopt"}, {Update, "to update"}, {Repeat, "to tell of a repeat"}, {Retire, "to retire"}, {Restore, "to restore"}} {
		if n[w.op] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[w.op], w.word))
		}
	}
	if len(p.Findings) > 0 {
		parts = append(parts, count(len(p.Findings), "finding", "findings"))
	}
	text := strings.Join(parts, ", ")
	if text == "" {
		return ""
	}
	text += "."
	var costs []string
	for _, c := range p.Costs {
		costs = append(costs, count(c.Writes, "write", "writes")+", "+count(c.Reads, "read", "reads")+" on "+c.Tracker)
	}
	if len(costs) > 0 {
		text += " Cost: " + strings.Join(costs, "; ") + "."
	}
	return text
}
