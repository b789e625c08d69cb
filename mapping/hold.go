package mapping

import (
	"fmt"

	"percolate/per"
	"percolate/ticket"
)

// hold tells why nothing of the document may be filed, with a finding where a person
// has to do something about it. The first reason counts. Of a document that was not
// read whole it cannot be told whether it is one.
func (m *mapper) hold(whole bool) (string, []ticket.Finding) {
	s := m.rules.settings
	finding := func(kind ticket.FindingKind, text, mend string) []ticket.Finding {
		return []ticket.Finding{{
			Kind: kind, Key: m.parentKey(), Tracker: m.tracker.Name,
			Text: text, Mend: mend, Place: ticket.Place{Path: m.doc.Path},
		}}
	}
	switch {
	case m.doc.Status == per.Draft:
		return "draft", nil
	case whole && !isRetrospective(m.doc):
		m.problem(0, per.Hint, "no-retrospective", "nothing of a retrospective was found here; if it is none, exclude it")
		return "nothing of a retrospective was found in it", nil
	case s.FileSince != "" && m.day == "":
		return "it states no day", finding(ticket.FindUndated,
			fmt.Sprintf("it states no day, so it may be older than %s; nothing of it is filed", s.FileSince),
			"write the day of the event into the document")
	case s.FileSince != "" && m.day < s.FileSince:
		return fmt.Sprintf("older than %s", s.FileSince), nil
	case m.tracker.Name == "":
		return "no route leads to a tracker", finding(ticket.FindUnmapped,
			"no route leads to a tracker; nothing of it is filed",
			"set default_tracker in the configuration, or add a route that fits")
	case m.doc.Confidential && m.tracker.Public:
		return fmt.Sprintf("confidential, and %s is public", m.tracker.Name), finding(ticket.FindConfidential,
			fmt.Sprintf("the document is confidential and %s is public; nothing of it is filed", m.tracker.Name),
			"add a route with confidential: true to a tracker that is not public")
	}
	return "", nil
}

// isRetrospective tells documents from a read-me that lies among them: something says
// that it is one, be it a stated id or kind, or anything of what such documents hold.
func isRetrospective(d *per.Document) bool {
	return d.ID.Line > 0 || d.KindLine > 0 || !d.Started.IsZero() || !d.Resolved.IsZero() ||
		len(d.Timeline)+len(d.Pluses)+len(d.Deltas)+len(d.Actions) > 0
}

// place chooses the tracker of an action: the one it asks for, else the document's.
// With it comes why the action must not be filed, if so, as a finding.
func (m *mapper) place(a per.Action) (Tracker, *ticket.Finding) {
	if a.Tracker == "" {
		return m.tracker, nil
	}
	t, ok := m.rules.settings.tracker(a.Tracker)
	if !ok {
		return m.tracker, &ticket.Finding{
			Kind: ticket.FindUnmapped,
			Text: fmt.Sprintf("it asks for tracker %q, which is not configured; not filed", oneLine(a.Tracker)),
			Mend: "correct the name, or add the tracker to the configuration",
		}
	}
	if m.doc.Confidential && t.Public {
		return t, &ticket.Finding{
			Kind: ticket.FindConfidential,
			Text: fmt.Sprintf("the document is confidential and %s, which the action asks for, is public; not filed", t.Name),
			Mend: "choose a tracker that is not public",
		}
	}
	return t, nil
}
