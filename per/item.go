package per

import (
	"regexp"
	"slices"
	"strings"
)

// The parts around the text of an action. All are searched for at its start or in
// its tail, so that long texts cost no more than their length.
var (
	documentID  = regexp.MustCompile(`^[A-Z][A-Z0-9]*(?:[-_ ][A-Z0-9]+)*[-_ ]?\d+$`)
	ownID       = regexp.MustCompile(`^(?:\*\*|__|\x60)?([A-Z]{1,4}-?\d{1,4})(?:\*\*|__|\x60)?(:|\)|\.|\s*\(|\s+-\s|\s+)(?:\*\*|__)?`)
	groupAhead  = regexp.MustCompile(`^\(([^()]*(?:\([^()]*\)[^()]*)*)\)[:.]?\s*`)
	groupBehind = regexp.MustCompile(`\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*\.?$`)
	clause      = regexp.MustCompile(`(?i)(?:^|[\s,;.(*_-])(?:\*\*|__|_)?([a-z][a-z ]{1,13}?)(?:\*\*|__|_)?\s*:\s*(?:\*\*|__|_)?\s*([^:]*(?:https?:[^\s]*)?[^:]*)$`)
	doneBehind  = regexp.MustCompile(`(?i)(?:\s*[-\x{2013}\x{2014},.:;]\s*|\s+|\()(?:\*\*|_|\()*(done|completed|in progress|todo|wip)(?:\*\*|_|\))*\s*[.)]?$`)
	doneAhead   = regexp.MustCompile(`^(?:\*\*|_|\(|\[)*(DONE|Done|done|TODO|To do|WIP|COMPLETED|Completed|IN PROGRESS)(?:\*\*|_|\)|\])*\s*(?:[-:\x{2013}\x{2014}]\s*|\s+)`)
	handleAhead = regexp.MustCompile("^[(\\[]?`?(@[A-Za-z][\\w.-]*)`?[)\\]]?\\s*[:\\-\u2013]\\s+")
	handleTail  = regexp.MustCompile("(?:\\s+-)?\\s+[(\\[]?`?(@[A-Za-z][\\w-]*(?:\\.[\\w-]+)*)`?[)\\]]?\\.?$")
	boldOwner   = regexp.MustCompile(`^\*\*([^*]{1,24})\*\*:?\s+`)
	repeatsTail = regexp.MustCompile(`(?i)[\s,;.(]+(?:this )?repeats\s+(\S{2,120}?)\)?\.?$`)
	number12    = regexp.MustCompile(`\s+\(?(#\d{1,6})\)?\.?$`)
	issueKey    = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,9}-\d{1,6}$`)
	keyTail     = regexp.MustCompile(`[\s]*[(\[]([A-Z][A-Z0-9_]{1,9}-\d{1,6})[)\]]\.?$`)
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

// peelTail takes away, one after the other, what stands behind the text.
func (g *reading) peelTail(a *Action, text string) string {
	for range 24 {
		next := g.peelOne(a, strings.TrimRight(text, " "))
		if next == text {
			break
		}
		text = next
	}
	return text
}

func (g *reading) peelOne(a *Action, text string) string {
	t := tail(text)
	keep := text[:len(text)-len(t)]
	if s, ok := g.peelLink(t); ok {
		return keep + s
	}
	for _, mark := range doneMarks {
		if s, ok := strings.CutSuffix(strings.TrimSuffix(t, "\ufe0f"), mark); ok && strings.TrimSpace(s) != "" {
			yes := true
			g.noteDone(a, &yes)
			return keep + strings.TrimSpace(s)
		}
	}
	if at := doneBehind.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && isMark(t[at[0]:], t[at[2]:at[3]]) {
		g.noteDone(a, doneOf(t[at[2]:at[3]]))
		return keep + t[:at[0]]
	}
	if at := groupBehind.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && g.takeGroup(a, t[at[2]:at[3]], false) {
		return keep + t[:at[0]]
	}
	if s, ok := g.peelClause(a, t); ok {
		return keep + s
	}
	return keep + g.peelWord(a, t)
}

// isMark guards against "when the import is done": the word counts only with a mark
// around it or in capitals.
func isMark(written, word string) bool {
	return strings.ContainsAny(written, "-\u2013\u2014(*_:") || word == strings.ToUpper(word)
}

// peelWord takes single words that mean something at the end of an action.
func (g *reading) peelWord(a *Action, t string) string {
	if at := repeatsTail.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && g.setAttribute(a, actionRepeats, t[at[2]:at[3]]) {
		return t[:at[0]]
	}
	if at := keyTail.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && isIssueKey(t[at[2]:at[3]]) {
		g.addTicket(a, t[at[2]:at[3]])
		return t[:at[0]]
	}
	if at := number12.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && strings.Contains(t[at[0]:], "(") {
		g.addTicket(a, t[at[2]:at[3]])
		return t[:at[0]]
	}
	if at := tagBehind.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && a.Category == "" {
		word := t[at[2]:at[3]]
		if a.Kind = kindOf(word); a.Kind == "" {
			a.Category = word
		}
		return t[:at[0]]
	}
	if at := handleTail.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && len(a.Owners) == 0 && !isMention(t[:at[0]]) {
		g.addOwners(a, t[at[2]:at[3]])
		return t[:at[0]]
	}
	return t
}

// isMention tells "talk to @ana" from "do it @ana".
func isMention(before string) bool {
	words := strings.Fields(before)
	if len(words) == 0 {
		return true
	}
	switch strings.ToLower(words[len(words)-1]) {
	case "to", "with", "by", "from", "for", "and", "of", "on", "ask", "the", "in", "at", "via", "or", "cc":
		return true
	}
	return false
}

// peelLink drops a link to work at the end; where it leads has been noted.
func (g *reading) peelLink(t string) (string, bool) {
	ls := g.links(t)
	if len(ls) == 0 {
		return t, false
	}
	l := ls[len(ls)-1]
	if strings.Trim(t[l.end:], " .)]") != "" || l.start == 0 || classify(l.url) == noWork {
		return t, false
	}
	bare := strings.HasPrefix(l.label, "http") || l.label == ""
	if !bare && !isReferenceLabel(l.label) {
		return t, false
	}
	before := strings.TrimRight(t[:l.start], "([ ")
	opened := len(before) < len(strings.TrimRight(t[:l.start], " "))
	last := before[strings.LastIndexAny(before, " (")+1:]
	switch strings.ToLower(strings.Trim(last, ":")) {
	case "see", "issue", "ticket", "tracked":
		before = strings.TrimRight(before[:len(before)-len(last)], "( ")
	case "in", "on", "by", "with", "to", "from", "via", "and", "per", "of", "the", "for", "at", "as":
		if !opened {
			return t, false // part of the sentence
		}
	}
	before = strings.TrimRight(before, " -\u2013\u2014:,;")
	if before == "" || strings.Count(before, "(") > strings.Count(before, ")") {
		return t, false
	}
	return before, true
}

// peelClause takes a "key: value" from the end.
func (g *reading) peelClause(a *Action, t string) (string, bool) {
	at := clause.FindStringSubmatchIndex(t)
	if at == nil || at[2] == 0 && !g.own {
		return t, false
	}
	is, start := inlineTail(t[at[2]:at[3]])
	if is == noAttribute {
		return t, false
	}
	value := strings.Trim(t[at[4]:at[5]], " .*_;,")
	if value == "" || !g.fits(is, value) {
		return t, false
	}
	if !g.setAttribute(a, is, value) {
		if !g.own {
			return t, false
		}
		g.puzzled(a.Line, "%s %q was not understood", strings.ToLower(t[at[2]+start:at[3]]), value)
	}
	return strings.TrimRight(t[:at[2]+start], " ,;(*_-"), true
}

// inlineTail finds the longest key that the words before a colon end with.
func inlineTail(words string) (attribute, int) {
	for start := 0; start < len(words); {
		if is := inlineKey(words[start:]); is != noAttribute {
			return is, start
		}
		next := strings.IndexByte(words[start:], ' ')
		if next < 0 {
			break
		}
		start += next + 1
	}
	return noAttribute, 0
}

// fits keeps sentences that happen to have a colon from being torn apart.
func (g *reading) fits(is attribute, value string) bool {
	switch is {
	case actionOwner:
		return len(strings.Fields(value)) <= 6
	case actionTicket:
		return len(value) < 300
	}
	return len(value) < 80
}

// takeGroup reads "(defect, owner: ana, due: 2026-03-16)". Behind an id everything in
// it should be known; elsewhere parentheses may be part of the text, and the group is
// taken only when all of it is.
func (g *reading) takeGroup(a *Action, inner string, strict bool) bool {
	parts := groupParts(inner)
	if len(parts) == 0 {
		return false
	}
	unknown := 0
	for _, p := range parts {
		if p.is == noAttribute {
			unknown++
		}
	}
	if unknown == len(parts) || unknown > 0 && !strict {
		return false
	}
	for _, p := range parts {
		if p.is == noAttribute {
			g.puzzled(a.Line, "%q in the parentheses of %s was not understood%s", p.written, a.ID, didYouMean(p.written))
		} else if !g.setAttribute(a, p.is, p.value) {
			g.puzzled(a.Line, "%q was not understood", p.written)
		}
	}
	return true
}

func didYouMean(written string) string {
	word, _, _ := strings.Cut(written, ":")
	words := make([]string, 0, len(columnWords))
	for _, c := range columnWords {
		if c.inline {
			words = append(words, c.words)
		}
	}
	if near := nearest(wordsOf(word), words); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

type groupPart struct {
	is             attribute
	value, written string
}

func groupParts(inner string) []groupPart {
	var parts []groupPart
	for _, s := range strings.FieldsFunc(inner, func(r rune) bool { return r == ',' || r == ';' }) {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		word, value, colon := strings.Cut(s, ":")
		p := groupPart{is: inlineKey(word), value: strings.TrimSpace(value), written: s}
		switch {
		case colon && p.is != noAttribute:
		case kindOf(s) != "":
			p.is, p.value = actionKind, s
		case doneOf(s) != nil:
			p.is, p.value = actionDone, s
		case strings.HasPrefix(s, "repeats "):
			p.is, p.value = actionRepeats, s[len("repeats "):]
		case strings.HasPrefix(s, "addresses "):
			p.is, p.value = actionAddresses, s[len("addresses "):]
		case isIssueKey(s):
			p.is, p.value = actionTicket, s
		case len(parts) > 0 && !colon && (parts[len(parts)-1].is == actionOwner || parts[len(parts)-1].is == actionAddresses || isDayRest(parts[len(parts)-1], s)):
			parts[len(parts)-1].value += ", " + s
			continue
		default:
			p.is = noAttribute
		}
		parts = append(parts, p)
	}
	return parts
}

// isDayRest puts "Mar 16, 2026" together again.
func isDayRest(last groupPart, s string) bool {
	return last.is == actionDue && len(s) == 4 && number(s) > 0
}

// setAttribute sets what a key or column says. It returns false when the value is
// not what it should be.
func (g *reading) setAttribute(a *Action, is attribute, value string) bool {
	value = strings.TrimSpace(value)
	switch is {
	case actionOwner:
		g.addOwners(a, value)
	case actionDue:
		return g.setDue(a, value)
	case actionDone:
		done := doneOf(value)
		g.noteDone(a, done)
		return done != nil
	case actionKind:
		if kind := kindOf(value); kind != "" {
			a.Kind = kind
		} else if a.Category = plain(value); g.own {
			return false
		}
	case actionTicket:
		return g.setTicket(a, value)
	case actionAddresses:
		for _, id := range names(value) {
			if !slices.Contains(a.Addresses, id) {
				a.Addresses = append(a.Addresses, id)
			}
		}
	case actionRepeats:
		a.Repeats = strings.Trim(value, " .`")
		for _, l := range g.links(value) {
			a.Repeats = l.url
		}
	case actionTracker:
		a.Tracker = plain(value)
	case actionPriority:
		a.Priority = plain(value)
	case actionCategory:
		a.Category = plain(value)
	}
	return true
}

func (g *reading) setDue(a *Action, value string) bool {
	value = plain(value)
	if isEmptyForm(value) {
		return true
	}
	m, rest := g.moment(value)
	if m.iso() == "" || strings.Trim(rest, " .)") != "" && !m.hasClock {
		return false
	}
	a.Due = Text{Value: m.iso(), Line: a.Line}
	return true
}

// noteDone keeps the first thing that is said; a checkbox comes first, but a mark in
// words overrules an empty one.
func (g *reading) noteDone(a *Action, done *bool) {
	if a.Done == nil || done != nil && *done {
		a.Done = done
	}
}
