package per

import (
	"regexp"
	"strings"
)

// The parts around the text of an action. All are searched for at its start or in
// its tail, so that long texts cost no more than their length.
var (
	documentID  = regexp.MustCompile(`^[A-Z][A-Z0-9]*(?:[-_ ][A-Z0-9]+)*[-_ ]?\d+$`)
	ownID       = regexp.MustCompile(`^(?:\*\*|__|\x60)?([A-Z]{1,3}\d{1,4}|(?:A|AI|CA)-\d{1,4})(?:\*\*|__|\x60)?(:|\)|\.|\s*\(|\s+-\s|\s+)(?:\*\*|__)?`)
	groupAhead  = regexp.MustCompile(`^\(([^()]*(?:\([^()]*\)[^()]*)*)\)[:.]?\s*`)
	groupBehind = regexp.MustCompile(`\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*\.?$`)
	clause      = regexp.MustCompile(`(?i)(?:^|[\s,;.(*_-])(?:\*\*|__|_)?([a-z][a-z ]{1,13}?)(?:\*\*|__|_)?\s*:\s*(?:\*\*|__|_)?\s*([^:]*(?:https?:[^\s]*)?[^:]*)$`)
	doneBehind  = regexp.MustCompile(`(?i)(?:\s*[-\x{2013}\x{2014},.:;]\s*|\s+|\()(?:\*\*|_|\()*(done|completed|in progress|todo|wip)(?:\*\*|_|\))*\s*[.)]?$`)
	doneAhead   = regexp.MustCompile(`^(?:\*\*|_|\(|\[)*(DONE|Done|done|TODO|To do|WIP|COMPLETED|Completed|IN PROGRESS)(?:\*\*|_|\)|\])*\s*(?:[-:\x{2013}\x{2014}]\s*|\s+)`)
	handleAhead = regexp.MustCompile("^[(\\[]?`?(@[A-Za-z][\\w.-]*)`?[)\\]]?\\s*[:\\-\u2013]\\s+")
	handleTail  = regexp.MustCompile("(?:\\s+-)?\\s+[(\\[]?`?(@[A-Za-z][\\w-]*(?:\\.[\\w-]+)*)`?[)\\]]?\\.?$")
	boldOwner   = regexp.MustCompile(`^\*\*([^*]{1,24})\*\*:?\s+`)
	repeatsTail = regexp.MustCompile(`(?i)[\s,;.(]+(?:this )?repeats\s+(\S{2,120}?)\)?\.?$`)
	keyAhead    = regexp.MustCompile(`^(?:\[([A-Z][A-Z0-9_]{1,9}-\d{1,6})\](?:[^(\[]|$)|([A-Z][A-Z0-9_]{1,9}-\d{1,6}):)\s*`)
	byTail      = regexp.MustCompile(`(?i)[\s,;(]+(?:due )?by\s+(\d{4}-\d{2}-\d{2})\)?\.?$`)
	number12    = regexp.MustCompile(`\s+\(?(#\d{1,6})\)?\.?$`)
	issueKey    = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,9}-\d{1,6}$`)
	keyTail     = regexp.MustCompile(`[\s]*[(\[]([A-Z][A-Z0-9_]{1,9}-\d{1,6})[)\]]\.?$`)
	initialTail = regexp.MustCompile(`\s+((?:\*\*[A-Z]{2,3}\*\*|[A-Z]{2,3}/\*\*[A-Z]{2,3}\*\*)(?:/(?:\*\*)?[A-Z]{2,3}(?:\*\*)?)*)\.?$`)
	initials    = regexp.MustCompile(`^[A-Z]{2,3}(?:\s*[/&,+]\s*[A-Z]{2,3})*$`)
)

// readItem reads the text of one action: what it says, without the marks, ids,
// owners, days and links around it.
func (g *reading) readItem(text string, line int, checked *bool) Action {
	a := Action{Line: line, Done: checked}
	text = oneLine(strings.ReplaceAll(text, "<br>", " "))
	g.takeLinks(&a, text)
	text = g.peelHead(&a, text)
	text = g.peelTail(&a, text)
	a.Text = tidy(text)
	return a
}

// tidy removes what peeling leaves at the ends of a text.
func tidy(text string) string {
	text = strings.TrimSpace(text)
	text = strings.TrimRight(text, " ,;-\u2013\u2014(")
	for _, mark := range [...]string{"~~", "**"} {
		if strings.HasPrefix(text, mark) && strings.HasSuffix(text, mark) && strings.Count(text, mark) == 2 && len(text) > 4 {
			text = text[len(mark) : len(text)-len(mark)]
		}
	}
	return text
}

// peelHead takes away what stands before the text.
func (g *reading) peelHead(a *Action, text string) string {
	text = g.peelDoneMark(a, text)
	if f := doneAhead.FindStringSubmatch(text); f != nil && len(f[0]) < len(text) {
		g.noteDone(a, doneOf(f[1]))
		text = text[len(f[0]):]
	}
	text = g.peelID(a, text)
	if f := groupAhead.FindStringSubmatch(text); f != nil {
		if g.takeGroup(a, f[1], a.ID != "") {
			text = text[len(f[0]):]
		} else if owners, ok := ownersInLine(f[1]); ok && initials.MatchString(f[1]) {
			a.Owners, text = owners, text[len(f[0]):]
		}
	}
	if f := handleAhead.FindStringSubmatch(text); f != nil {
		g.addOwners(a, f[1])
		text = text[len(f[0]):]
	} else if f := boldOwner.FindStringSubmatch(text); f != nil && initials.MatchString(f[1]) && len(f[0]) < len(text) {
		g.addOwners(a, f[1])
		text = text[len(f[0]):]
	}
	if f := keyAhead.FindStringSubmatch(text); f != nil && isIssueKey(f[1]+f[2]) && len(f[0]) < len(text) {
		g.addTicket(a, f[1]+f[2])
		text = text[len(f[0]):]
	}
	return g.peelLinkAhead(text)
}

func (g *reading) peelDoneMark(a *Action, text string) string {
	for _, mark := range doneMarks {
		if rest, ok := strings.CutPrefix(text, mark); ok {
			yes := true
			g.noteDone(a, &yes)
			return strings.TrimLeft(strings.TrimPrefix(rest, "\ufe0f"), " ")
		}
	}
	return text
}

// peelID takes the action's own id. Only our own form has ids in the text: "S3: slow"
// in somebody else's is a matter of storage.
func (g *reading) peelID(a *Action, text string) string {
	if !g.own {
		return text
	}
	f := ownID.FindStringSubmatch(text)
	if f == nil {
		return text
	}
	if strings.TrimSpace(f[2]) == "" && !strings.HasPrefix(f[1], "A") {
		return text
	}
	a.ID = f[1]
	if strings.HasSuffix(f[2], "(") {
		return "(" + text[len(f[0]):]
	}
	return text[len(f[0]):]
}

// peelLinkAhead drops a reference that only names the ticket before the text.
func (g *reading) peelLinkAhead(text string) string {
	if !strings.HasPrefix(text, "[") {
		return text
	}
	ls := g.links(text[:min(len(text), 2000)])
	if len(ls) == 0 || !isReferenceLabel(ls[0].label) {
		return text
	}
	l := ls[0]
	rest := strings.TrimLeft(text[l.end:], "] :-\u2013")
	if l.start > 1 || rest == "" {
		return text
	}
	return rest
}

// isReferenceLabel tells the label of a link that is only a number or a word for a
// ticket from one that says what to do.
func isReferenceLabel(label string) bool {
	s := plain(label)
	switch wordsOf(s) {
	case "issue", "ticket", "pr", "pull request", "link", "jira", "bug", "card", "commit", "here", "github issue", "mr", "merge request", "trello", "tracking issue":
		return true
	}
	return referenceLabel.MatchString(s)
}

var referenceLabel = regexp.MustCompile(`^(?i:(?:pr|issue|mr|ticket|bug|pull request)?\s*[#!]?\d+|[\w.-]*(?:/[\w.-]+)*[#!]\d+|[A-Z][A-Z0-9_]{1,9}-\d{1,6})$`)
