package mapping

import (
	"slices"
	"text/template"

	"percolate/per"
	"percolate/ticket"
)

// holdGuess is why a guess is not filed.
const holdGuess = "read without certainty"

// child is the ticket of one action and the tracker that it goes to.
func (m *mapper) child(a per.Action, key ticket.Key) (Tracker, ticket.Wanted) {
	r := m.rules
	tracker, misplaced := m.place(a)
	kind := kindOf(a)
	o := r.directory.resolve(a.Owners, tracker)
	view := titleView{Document: m.doc.ID.Value, ID: a.ID, Text: plainText(a.Text)}
	w := ticket.Wanted{
		Key:      key,
		ActionID: a.ID,
		Text:     a.Text,
		Fields: ticket.Fields{
			Kind:      kind,
			Title:     m.title(m.run(r.templates.title, view), a.Text, key.String()),
			Body:      m.run(r.templates.body, m.body(a, kind, o)),
			Labels:    m.labels(kind, o.labels),
			Priority:  m.priority(a, kind),
			Due:       m.due(a, kind),
			Assignees: o.accounts,
		},
		Basis:   m.childBasis(a, kind),
		Ticket:  a.Ticket,
		Repeats: a.Repeats,
		Done:    a.Done != nil && *a.Done,
		Owners:  o.names,
		Unknown: o.unknown,
		Place:   ticket.Place{Path: m.doc.Path, Line: a.Line},
	}
	m.judge(&w, a, tracker, misplaced, o)
	return tracker, w
}

// judge sets why the ticket must not be filed and tells what a person should look
// at. Finished work needs nobody's attention, and what is not filed needs no owner yet.
func (m *mapper) judge(w *ticket.Wanted, a per.Action, t Tracker, misplaced *ticket.Finding, o owners) {
	findings := o.findings(t)
	switch {
	case misplaced != nil:
		w.Hold = misplaced.Text
		findings = []ticket.Finding{*misplaced}
	case !a.Certain:
		w.Hold = holdGuess
		findings = []ticket.Finding{{
			Kind: ticket.FindGuess,
			Text: "this may be an action, but the document does not say so for certain; not filed",
			Mend: "if it is one, write (action) behind it",
		}}
	}
	if !w.Done {
		m.find(*w, t, findings...)
	}
}

func kindOf(a per.Action) ticket.Kind {
	if a.Kind == per.Defect {
		return ticket.KindDefect
	}
	return ticket.KindStory
}

// priority is what the action states, else what policy gives its kind and severity.
func (m *mapper) priority(a per.Action, kind ticket.Kind) ticket.Priority {
	policy := m.rules.priorities.at(m.severity, kind)
	if a.Priority == "" {
		return policy
	}
	stated, ok := ticket.ParsePriority(plainText(a.Priority))
	if !ok {
		m.problem(a.Line, per.Hint, "priority", "priority %q is not one of lowest, low, medium, high, highest; the action has that of its severity", oneLine(a.Priority))
		return policy
	}
	return stated
}

func (m *mapper) due(a per.Action, kind ticket.Kind) ticket.Day {
	if day := statedDue(a); day != "" {
		return day
	}
	return m.policyDue(kind)
}

// title is the first of the candidates that has something to show, cut to length. A
// ticket without a title is refused everywhere.
func (m *mapper) title(candidates ...string) string {
	for _, c := range candidates {
		if t := oneLine(c); t != "" {
			return cut(t, m.rules.settings.Shape.TitleLength)
		}
	}
	return "untitled"
}

// labels are what the templates give, and those of the teams that own the ticket,
// once each and in that order.
func (m *mapper) labels(kind ticket.Kind, teams []string) []string {
	view := labelView{
		Kind:      string(kind),
		EventKind: labelWord(string(m.doc.Kind)),
		Severity:  label(firstOf(m.severity, labelWord(m.doc.Severity.Value))),
		Service:   labelWord(m.doc.Service.Value),
		Team:      labelWord(m.doc.Team.Value),
	}
	var all []string
	for _, t := range m.rules.templates.labels {
		all = append(all, label(m.run(t, view)))
	}
	var out []string
	for _, l := range slices.Concat(all, teams) {
		if l != "" {
			out = addOnce(out, l)
		}
	}
	return out
}

// run executes a template. One that was tried when the rules were made fails only on
// data that nobody thought of; then the document is left alone until that is mended.
func (m *mapper) run(t *template.Template, view any) string {
	text, err := run(t, view)
	if err != nil && m.fault == "" {
		m.fault = shortTemplateError(err).Error()
	}
	return text
}
