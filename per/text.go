package per

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// textWidth is the width that View.Text keeps to, so that it can be pasted anywhere.
const textWidth = 80

// Text writes the view as Markdown for the author: what percolate understood, line
// by line, so that a glance shows what it did not.
func (v View) Text() string {
	p := &page{}
	p.line("# " + v.ID + orBlank(v.Title, ": "))
	p.blank()
	p.head(v)
	p.figures(v.Metrics)
	p.actions(v.Actions)
	p.observed("Deltas", v.Deltas)
	p.observed("Pluses", v.Pluses)
	p.observed("Luck", v.Luck)
	p.entries(v.Timeline)
	p.problems(v.Problems)
	return p.b.String()
}

// page writes lines no wider than textWidth.
type page struct{ b strings.Builder }

func (p *page) blank() { p.b.WriteString("\n") }

// line writes words, broken so that further lines stand below the first one's text.
func (p *page) line(s string) {
	indent := len(s) - len(strings.TrimLeft(s, " "))
	if strings.HasPrefix(s[indent:], "- ") {
		indent += 2
	}
	column := 0
	for i, word := range strings.Fields(s) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			lead := s[:len(s)-len(strings.TrimLeft(s, " "))]
			p.b.WriteString(lead)
			column = len(lead)
		case column+1+n > textWidth:
			p.b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			p.b.WriteString(" ")
			column++
		}
		p.b.WriteString(word)
		column += n
	}
	p.b.WriteString("\n")
}

func (p *page) title(s string) {
	p.blank()
	p.line("## " + s)
	p.blank()
}

// head writes what the document says of the event as a whole.
func (p *page) head(v View) {
	status := v.Status
	if v.Confidential {
		status += ", confidential"
	}
	for _, f := range [...]struct {
		name  string
		value string
	}{
		{"kind", orBlank(v.Kind, "")}, {"severity", orBlank(v.Severity, "")}, {"service", orBlank(v.Service, "")},
		{"team", orBlank(v.Team, "")}, {"owner", orBlank(v.Owner, "")}, {"status", status}, {"day", orBlank(v.Day, "")},
		{"started", when(v.Started)}, {"detected", when(v.Detected)}, {"resolved", when(v.Resolved)}, {"meeting", when(v.Meeting)},
	} {
		if f.value != "" {
			p.line(fmt.Sprintf("- %s: %s", f.name, f.value))
		}
	}
}

func (p *page) figures(m MetricsView) {
	for _, f := range [...]struct {
		name  string
		value *int64
	}{{"downtime", m.Downtime}, {"time to detect", m.TimeToDetect}, {"time to resolve", m.TimeToResolve}} {
		if f.value != nil {
			p.line("- " + f.name + ": " + Duration(time.Duration(*f.value)*time.Second))
		}
	}
}

func (p *page) actions(list []ActionView) {
	p.title(counted(len(list), "action"))
	if len(list) == 0 {
		p.line("None was found. Actions stand below a heading such as Corrective actions.")
	}
	guesses := 0
	for _, a := range list {
		p.line("- " + checkmark(a.Done) + label(a.ID) + a.Text)
		p.line("  " + strings.Join(a.facts(), "; "))
		if !a.Certain {
			guesses++
		}
	}
	if guesses > 0 {
		p.blank()
		p.line("A guess is filed once its author writes (action) behind it.")
	}
}

// facts is what is known of an action besides its text.
func (a ActionView) facts() []string {
	var facts []string
	add := func(name string, s *string) {
		if s != nil {
			facts = append(facts, name+*s)
		}
	}
	if !a.Certain {
		facts = append(facts, "a guess, not filed")
	}
	add("", a.Kind)
	if a.Owner == nil {
		facts = append(facts, "no owner")
	}
	add("owner ", a.Owner)
	add("due ", a.Due)
	if len(a.Addresses) > 0 {
		facts = append(facts, "addresses "+strings.Join(a.Addresses, ", "))
	}
	add("ticket ", a.Ticket)
	add("repeats ", a.Repeats)
	add("tracker ", a.Tracker)
	add("priority ", a.Priority)
	add("under ", a.Category)
	return append(facts, fmt.Sprintf("line %d", a.Line))
}

func (p *page) observed(name string, list []ObservationView) {
	if len(list) == 0 {
		return
	}
	p.title(fmt.Sprintf("%s (%d)", name, len(list)))
	for _, o := range list {
		first, _, _ := strings.Cut(o.Text, "\n")
		p.line("- " + label(o.ID) + first)
		if o.Accepted != nil {
			p.line("  accepted: " + *o.Accepted)
		}
	}
}

// entries writes the timeline, and the day only where it changes.
func (p *page) entries(list []EntryView) {
	if len(list) == 0 {
		return
	}
	p.title(fmt.Sprintf("Timeline (%d)", len(list)))
	day := ""
	for _, e := range list {
		at := when(e.At)
		switch {
		case at == "":
			at = "(no time)"
		case at[:len("2006-01-02")]+at[len("2006-01-02 15:04"):] == day:
			at = at[len("2006-01-02 "):len("2006-01-02 15:04")]
		default:
			day = at[:len("2006-01-02")] + at[len("2006-01-02 15:04"):]
		}
		first, _, _ := strings.Cut(e.Text, "\n")
		p.line("- " + at + " " + first)
	}
}

func (p *page) problems(list []ProblemView) {
	p.title(counted(len(list), "problem"))
	if len(list) == 0 {
		p.line("None.")
	}
	for _, x := range list {
		place := ""
		if x.Line > 0 {
			place = fmt.Sprintf("line %d, ", x.Line)
		}
		p.line("- " + place + string(x.Severity) + ": " + x.Message)
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func checkmark(done *bool) string {
	if done != nil && *done {
		return "[x] "
	}
	return "[ ] "
}

// orBlank is the text of s with a lead, or nothing.
func orBlank(s *string, lead string) string {
	if s == nil {
		return ""
	}
	return lead + *s
}

// label is an id with a space behind it, or nothing.
func label(id *string) string {
	if id == nil {
		return ""
	}
	return *id + " "
}

// when writes a time as documents do.
func when(at *string) string {
	if at == nil {
		return ""
	}
	t, err := time.Parse(time.RFC3339, *at)
	if err != nil {
		return *at
	}
	zone := t.Format("-07:00")
	if zone == "+00:00" {
		zone = "UTC"
	}
	return t.Format("2006-01-02 15:04 ") + zone
}
