package mapping

import (
	"fmt"

	"percolate/per"
	"percolate/ticket"
)

// Map decides what the document d wants of the trackers. The tree is complete even
// where something of it is not to be filed: Hold and Broken say why. found are the
// problems that per.Parse had with d; an error among them makes the tree Broken, as
// does what Map cannot act on itself. The problems returned are those that only the
// rules can see, such as a severity that the scale does not have.
func (r *Rules) Map(d *per.Document, found ...per.Problem) (ticket.Tree, []per.Problem) {
	m := newMapper(r, d)
	unread := firstError(found)
	hold, findings := m.hold(unread == "")
	tree := ticket.Tree{
		Document: d.ID.Value,
		Path:     d.Path,
		Title:    m.event.Title,
		Summary:  join([]string{m.event.Severity, m.event.Kind}, " "),
		Tracker:  m.tracker.Name,
		Hold:     hold,
		Parent:   m.parent(),
	}
	names := keys(d)
	for i, a := range d.Actions {
		t, w := m.child(a, names[i])
		tree.Children = append(tree.Children, w)
		tree.Trackers = append(tree.Trackers, t.Name)
	}
	// What is not filed needs no owner and no tracker yet; its author hears of that from check.
	if hold == "" {
		findings = m.findings
	}
	tree.Findings = findings
	tree.Event = m.reported(hold)
	tree.Broken = firstOf(unread, broken(d, names), m.fault)
	return tree, m.problems
}

// mapper is the work on one document.
type mapper struct {
	rules    *Rules
	doc      *per.Document
	day      ticket.Day // of the event
	severity string     // as the scale calls it; "" for none that it knows
	tracker  Tracker    // of the parent
	owners   owners     // of the document
	metrics  per.Metrics

	event     event
	eventSays string // the basis of what every body tells of the event
	findings  []ticket.Finding
	problems  []per.Problem
	fault     string // of a template that failed on this document
}

func newMapper(r *Rules, d *per.Document) *mapper {
	m := &mapper{
		rules: r, doc: d,
		day:      eventDay(d),
		severity: r.severities.of(d.Severity.Value),
		metrics:  d.Metrics(),
	}
	m.event, m.eventSays = m.newEvent(), eventBasis(d)
	m.tracker = r.route(d, m.severity)
	m.owners = r.directory.resolve([]string{d.Owner.Value}, m.tracker)
	if m.severity == "" && !isNobody(d.Severity.Value) {
		m.problem(d.Severity.Line, per.Hint, "severity", "severity %q is not on the scale of the configuration; it counts as other", oneLine(d.Severity.Value))
	}
	return m
}

func (m *mapper) problem(line int, level per.Level, code, format string, args ...any) {
	m.problems = append(m.problems, per.Problem{
		Path: m.doc.Path, Line: line, Level: level, Code: code, Message: fmt.Sprintf(format, args...),
	})
}

func (m *mapper) parentKey() ticket.Key { return ticket.Key{Document: m.doc.ID.Value} }

// parent is the document's own ticket.
func (m *mapper) parent() ticket.Wanted {
	d, r := m.doc, m.rules
	view := parentTitleView{Document: d.ID.Value, Title: m.event.Title}
	w := ticket.Wanted{
		Key:  m.parentKey(),
		Text: d.Title.Value,
		Fields: ticket.Fields{
			Kind:      ticket.KindParent,
			Title:     m.title(m.run(r.templates.parentTitle, view), d.ID.Value),
			Body:      m.run(r.templates.parentBody, m.parentBody()),
			Labels:    m.labels(ticket.KindParent, m.owners.labels),
			Priority:  r.priorities.at(m.severity, ticket.KindParent),
			Due:       m.policyDue(ticket.KindParent),
			Assignees: m.owners.accounts,
		},
		Basis:   m.parentBasis(),
		Owners:  m.owners.names,
		Unknown: m.owners.unknown,
		Place:   ticket.Place{Path: d.Path, Line: d.Title.Line},
	}
	if len(m.owners.names) > 0 { // a document may go without an owner, an action may not
		m.find(w, m.tracker, m.owners.findings(m.tracker)...)
	}
	return w
}

func (m *mapper) parentBody() parentBodyView {
	return parentBodyView{
		Event:   m.event,
		Summary: m.doc.Summary.Value,
		Owner:   join(m.owners.names, ", "),
		Facts:   m.facts(),
	}
}

// find adds findings about one ticket that goes to tracker t.
func (m *mapper) find(w ticket.Wanted, t Tracker, findings ...ticket.Finding) {
	for _, f := range findings {
		f.Key, f.Tracker, f.Place = w.Key, t.Name, w.Place
		m.findings = append(m.findings, f)
	}
}

func firstError(problems []per.Problem) string {
	for _, p := range problems {
		if p.Level == per.Error {
			if p.Line > 0 {
				return fmt.Sprintf("line %d: %s", p.Line, p.Message)
			}
			return p.Message
		}
	}
	return ""
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
