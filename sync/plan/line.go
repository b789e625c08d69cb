package plan

import (
	"strings"

	"percolate/ticket"
)

// Line is one line of a printed plan or result, in columns: a mark that the eye finds,
// a word, the action, what is to be said of it, and for a ticket its owner, its due day
// and its name. More stands below it.
type Line struct {
	Mark   string // "+", "~", "^", "-", "=", "?"
	Word   string
	Action string // "A1"; "" for the document's own ticket and for actions without an id
	Text   string
	Owner  string
	Due    string
	Name   string // the ticket's name once it has one, else why it is wanted
	More   []string
}

// columns reports whether the line is a row of a table, or else a text of its own.
func (l Line) columns() bool { return l.Owner+l.Due+l.Name != "" }

// Section is what is printed of one document.
type Section struct {
	Document Document
	Lines    []Line
}

// Sections is the plan by document: steps, then notes. Documents of which nothing is
// to be said are left out, and so are those without a step unless all are asked for.
func (p Plan) Sections(all bool) []Section {
	steps := map[string][]Line{}
	for _, s := range p.Steps {
		id := s.Link.Key.Document
		steps[id] = append(steps[id], s.Line(""))
	}
	return p.Arrange(steps, all)
}

// Arrange puts lines, by document, below their documents, in the plan's order and with
// the notes behind them. Documents without lines are left out unless all are asked for.
func (p Plan) Arrange(lines map[string][]Line, all bool) []Section {
	notes := map[string][]Note{}
	for _, n := range p.Notes {
		notes[n.Key.Document] = append(notes[n.Key.Document], n)
	}
	var out []Section
	done := map[string]bool{}
	for _, d := range p.Documents {
		if done[d.ID] || len(lines[d.ID]) == 0 && (!all || len(notes[d.ID]) == 0) {
			continue
		}
		done[d.ID] = true
		out = append(out, Section{Document: d, Lines: append(lines[d.ID], noteLines(notes[d.ID])...)})
	}
	return out
}

// noteLines has one line for notes that say the same of several actions.
func noteLines(notes []Note) []Line {
	var out []Line
	at := map[string]int{}
	for _, n := range notes {
		i, twice := at[n.Word+n.Text]
		if !twice {
			at[n.Word+n.Text] = len(out)
			out = append(out, Line{Mark: "=", Word: n.Word, Action: actionName(n.Key), Text: n.Text})
			continue
		}
		out[i].Action = strings.TrimPrefix(out[i].Action+" "+actionName(n.Key), " ")
	}
	return out
}

// Line is the step as one line. name is the ticket's name once it is filed; until then
// the reason to file it stands in its place.
func (s Step) Line(name string) Line {
	l := Line{Mark: mark(s.Op), Word: string(s.Op), Action: actionName(s.Link.Key)}
	if name == "" {
		name = s.Link.Name
	}
	switch s.Op {
	case Create:
		l.Word = kindWord(s.Wanted.Fields.Kind)
		s.describe(&l)
		if l.Name = name; name == "" {
			l.Name = s.Reason
		}
	case Adopt:
		s.describe(&l)
		l.Due, l.Name = "", name
		l.More = []string{s.Reason}
	case Repeat:
		l.Text = s.Reason
	default:
		l.Text = strings.TrimSpace(name + gap + join(s.fields(), s.Reason))
	}
	for _, c := range s.Changes {
		l.More = append(l.More, c.String())
	}
	return l
}

func (s Step) describe(l *Line) {
	f := s.Wanted.Fields
	l.Text, l.Owner = f.Title, "-"
	if len(f.Assignees) > 0 {
		l.Owner = f.Assignees[0]
	}
	if f.Due != "" {
		l.Due = "due " + string(f.Due)
	}
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

// FindingLine is a finding as one line, with its place and what to do about it below.
func FindingLine(f ticket.Finding) Line {
	l := Line{Mark: "?", Word: string(f.Kind), Text: strings.TrimSpace(subject(f) + gap + f.Text)}
	if f.Place.Path != "" {
		l.More = append(l.More, f.Place.String())
	}
	if f.Mend != "" {
		l.More = append(l.More, f.Mend)
	}
	return l
}

// subject is what a finding is about: the key, which says more to people than a
// ticket's name does, unless it is a fingerprint.
func subject(f ticket.Finding) string {
	switch {
	case f.Key == ticket.Key{}:
		return f.Name
	case strings.HasPrefix(f.Key.Action, "~"):
		return f.Key.Document
	}
	return f.Key.String()
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
