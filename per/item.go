package per

import (
	"regexp"
	"strings"
)

// The parts around the text of an action. All are searched for at its start or in
// its tail, so that long texts cost no more than their length.
var (
	documentID    = regexp.MustCompile(`^[A-Z][A-Z0-9]*(?:[-_ ][A-Z0-9]+)*[-_ ]?\d+$`)
	ownID         = regexp.MustCompile(`^(?:\*\*|__|\x60)?([A-Z]{1,3}\d{1,4}|(?:A|AI|CA)-\d{1,4})(?:\*\*|__|\x60)?(:|\)|\.|\s*\(|\s+-\s|\s+)(?:\*\*|__)?`)
	groupAhead    = where("(", `^\(([^()]*(?:\([^()]*\)[^()]*)*)\)[:.]?\s*`)
	groupBehind   = where("(", `\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*\.?$`)
	bracketBehind = where("[", `\s*\[([^\[\]]*:[^\[\]]*)\]\s*\.?$`)
	clauseAhead   = where(":", `^(?i)(?:\*\*|\[|\()?([a-z][a-z ]{1,13})\s*:\s*(?:\*\*)?\s*([^:|;,\x{2013}\x{2014}\[\]()*]{1,40}?)\s*(?:[\])]|\*\*)?\s*(?:[|;,.\x{2013}\x{2014}]|\s-|[\])]|\*\*)\s+`)
	clause        = where(":", `(?i)(?:^|[\s,;.(*_|-])(?:\*\*|__|_)?([a-z][a-z ]{1,13}?)(?:\*\*|__|_)?\s*:\s*(?:\*\*|__|_)?\s*([^:]*(?:https?:[^\s]*)?[^:]*)$`)
	doneBehind    = regexp.MustCompile(`(?i)(?:\s*[-\x{2013}\x{2014},.:;]\s*|\s+|\()(?:\*{1,2}|_|\()*(done|completed|in progress|todo|wip)(?:\*{1,2}|_|\))*\s*[.)]?$`)
	doneRemark    = regexp.MustCompile(`(?i)\s+(?:[_*]{1,2}(?:done|completed|fixed)\b[^_*()]{0,40}[_*]{1,2}|\((?:done|completed) (?:in|on|by|as of|since)\b[^()]{0,40}\))\.?$`)
	doneAhead     = regexp.MustCompile(`^(?:\*\*|_|\(|\[)*(DONE|Done|done|TODO|To do|WIP|COMPLETED|Completed|IN PROGRESS)(?:\*\*|_|\)|\])*\s*(?:[-:\x{2013}\x{2014}]\s*|\s+)`)
	handleAhead   = where("@", "^[(\\[]?`?(@[A-Za-z][\\w.-]*)`?[)\\]]?\\s*[:\\-\u2013]\\s+")
	handleTail    = where("@", "(?:\\s+-)?\\s+[(\\[]?`?(@[A-Za-z][\\w-]*(?:\\.[\\w-]+)*)`?[)\\]]?\\.?$")
	boldOwner     = where("*", `^\*\*([^*]{1,24})\*\*:?\s+`)
	repeatsTail   = regexp.MustCompile(`(?i)[\s,;.(]+(?:this )?repeats\s+(\S{2,120}?)\)?\.?$`)
	keyAhead      = where("-", `^(?:\[([A-Z][A-Z0-9_]{1,9}-\d{1,6})\](?:[^(\[]|$)|([A-Z][A-Z0-9_]{1,9}-\d{1,6})(?::|\s+[-\x{2013}\x{2014}]\s))\s*`)
	keyBefore     = where("-", `^([A-Z][A-Z0-9_]{1,9}-\d{1,6})\s+[A-Z][a-z]`) // "OPS-12 Do it", not "EIP-12 is done"
	priority      = regexp.MustCompile(`^(?:\*\*)?(?:[\[(](P[0-5])[\])]|(P[0-5])(?:\*\*)?\s*[:\x{2013}\x{2014}-])(?:\*\*)?\s*[:\x{2013}\x{2014}-]?\s+`)
	labelAhead    = regexp.MustCompile(`^~(?:"[^"]{1,60}"|[\w:-]{1,60})\s+`) // of GitLab
	nameAhead     = where(":-\u2013\u2014])", `^(?:\*\*|\[|\()?([^:*\[\]()]{2,60}?)(?:\*\*|\]|\))?\s*(?::|\s[-\x{2013}\x{2014}]|\]|\))(?:\*\*)?\s+`)
	ownedTail     = regexp.MustCompile(`(?i)[\s,;(-]+(?:is )?(?:owned by|assigned to)\s+([^,;.()]{2,40}?)\)?\.?$`)
	nameTail      = where("-\u2013\u2014([", `(?:\s+[-\x{2013}\x{2014}]\s+|\s*[(\[])([^()\[\]]{2,60}?)[)\]]?\.?$`)
	dateTail      = where("-", `(?:\s+[-\x{2013}\x{2014}]\s+|\s*\(|@[\w.-]+,?\s+)((?:due )?\d{4}-\d{2}-\d{2})\)?\.?$`)
	pathTail      = where("#", `\s+[(\[]?([A-Za-z0-9][\w.-]*(?:/[\w.-]+)+#\d{1,7})[)\]]?\.?$`)
	byTail        = where("-", `(?i)[\s,;(\x{2013}\x{2014}-]+(?:(?:due )?by|due(?: on)?|eta|deadline|target)\s+(\d{4}-\d{2}-\d{2})\)?\.?$`)
	numberTail    = where("#", `\s+\((?i:issue |ticket |bug |see |tracked in |gh )?(#\d{1,7})\)\.?$`)
	nameTo        = regexp.MustCompile(`^([@\p{Lu}][\p{L}\w.-]*(?: \p{Lu}[\p{L}.'-]*)?) to \p{Ll}`)
	mention       = where("[", `\[(@[A-Za-z][\w.-]*)\]\(([^()\s]*)\)`)
	issueKey      = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,9}-\d{1,6}$`)
	keyTail       = where("-", `(?:\s*[(\[]|\s+[|,\x{2013}\x{2014}-]\s+|\s*\|\s*)([A-Z][A-Z0-9_]{1,9}-\d{1,6})[)\]]?\.?$`)
	initialTail   = where("*", `\s+((?:\*\*[A-Z]{2,3}\*\*|[A-Z]{2,3}/\*\*[A-Z]{2,3}\*\*)(?:/(?:\*\*)?[A-Z]{2,3}(?:\*\*)?)*)\.?$`)
	initials      = regexp.MustCompile(`^[A-Z]{2,3}(?:\s*[/&,+]\s*[A-Z]{2,3})*$`)
)

// readItem reads the text of one action: what it says, without the marks, ids,
// owners, days and links around it.
func (g *reading) readItem(text string, at place, checked *bool) Action {
	a := Action{Line: at.first, Done: checked, at: at}
	text = mention.ReplaceAllString(oneLine(strings.ReplaceAll(text, "<br>", " ")), "$1")
	g.takeLinks(&a, text)
	text = g.peelHead(&a, text)
	text = g.peelTail(&a, text)
	a.Text = tidy(text)
	return a
}

// tidy removes what peeling leaves at the ends of a text.
func tidy(text string) string {
	text = strings.TrimSpace(text)
	text = strings.TrimRight(text, " ,;|-\u2013\u2014(")
	return text
}

// unmarked is a text without the marks around the whole of it.
func unmarked(text string) string {
	for _, mark := range [...]string{"~~", "**"} {
		if strings.HasPrefix(text, mark) && strings.HasSuffix(text, mark) && strings.Count(text, mark) == 2 && len(text) > 4 {
			text = text[len(mark) : len(text)-len(mark)]
		}
	}
	return text
}

// signs stand before an action and say nothing that is certain: colours, cones,
// hourglasses.
const signs = "\U0001f534\U0001f7e0\U0001f7e1\U0001f7e2\U0001f535\u26aa\u26ab\U0001f6a7\u23f3\ufe0f "

// peelHead takes away what stands before the text.
func (g *reading) peelHead(a *Action, text string) string {
	text = strings.TrimLeft(text[len(labelAhead.FindString(text)):], signs)
	text = g.peelDoneMark(a, text)
	text = g.peelDoneWord(a, text)
	text = g.peelID(a, text)
	if f := priority.FindStringSubmatch(text); f != nil {
		a.Priority = f[1] + f[2]
		text = strings.TrimPrefix(text[len(f[0]):], "**")
		if strings.HasPrefix(f[0], "**") && strings.Count(f[0], "**") == 1 {
			text = "**" + text
		}
		text = g.peelDoneWord(a, text)
	}
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
	if f := clauseAhead.FindStringSubmatch(text[:min(len(text), 200)]); f != nil && len(f[0]) < len(text) {
		if is := inlineKey(f[1]); is != noAttribute && is != actionDone && g.setAttribute(a, is, f[2]) {
			text = text[len(f[0]):]
		}
	}
	text = g.peelName(a, text)
	if f := keyBefore.FindStringSubmatch(text); f != nil && isIssueKey(f[1]) {
		g.addTicket(a, f[1])
		text = strings.TrimLeft(text[len(f[1]):], " ")
	}
	if f := keyAhead.FindStringSubmatch(text); f != nil && isIssueKey(f[1]+f[2]) && len(f[0]) < len(text) {
		g.addTicket(a, f[1]+f[2])
		text = text[len(f[0]):]
	}
	if f := nameTo.FindStringSubmatch(text[:min(len(text), 200)]); f != nil && len(a.Owners) == 0 {
		if owners, ok := g.knownOwners(f[1]); ok {
			a.Owners = owners
		}
	}
	return g.peelLinkAhead(text)
}

// peelName takes the name of somebody known before the text: "Ana Lima: do it".
func (g *reading) peelName(a *Action, text string) string {
	f := nameAhead.FindStringSubmatch(text[:min(len(text), 200)])
	if f == nil || len(a.Owners) > 0 || len(f[0]) == len(text) {
		return text
	}
	owners, ok := g.knownOwners(f[1])
	if !ok {
		return text
	}
	a.Owners = owners
	return text[len(f[0]):]
}

func (g *reading) peelDoneWord(a *Action, text string) string {
	if f := doneAhead.FindStringSubmatch(text); f != nil && len(f[0]) < len(text) {
		g.noteDone(a, doneOf(f[1]))
		text = text[len(f[0]):]
	}
	return text
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
	a.ID, a.Certain = f[1], true
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

var referenceLabel = regexp.MustCompile(`^(?i:(?:pr|issue|mr|ticket|bug|pull request)?\s*[#!]?\d+|[\w.-]*(?:/[\w.-]+)*[#!]\d+|T\d{2,7}|[A-Z][A-Z0-9_]{1,9}-\d{1,6})$`)
