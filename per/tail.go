package per

import "strings"

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
	if at := groupBehind.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && g.takeGroup(a, t[at[2]:at[3]], false) {
		return keep + t[:at[0]]
	}
	if at := bracketBehind.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && g.takeGroup(a, t[at[2]:at[3]], false) {
		return keep + t[:at[0]]
	}
	if s, ok := g.peelClause(a, t); ok {
		return keep + s
	}
	if at := doneBehind.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && (isMark(t[at[0]:], t[at[2]:at[3]]) || strings.HasSuffix(t[:at[0]], "~~")) {
		g.noteDone(a, doneOf(t[at[2]:at[3]]))
		return keep + t[:at[0]]
	}
	if at := doneRemark.FindStringIndex(t); at != nil && at[0] > 0 {
		yes := true
		g.noteDone(a, &yes)
		return keep + t[:at[0]]
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
	if at := ownedTail.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && len(a.Owners) == 0 {
		g.addOwners(a, t[at[2]:at[3]])
		return t[:at[0]]
	}
	if at := nameTail.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && len(a.Owners) == 0 {
		if owners, ok := g.knownOwners(t[at[2]:at[3]]); ok {
			a.Owners = owners
			return t[:at[0]]
		}
	}
	if at := pathTail.FindStringSubmatchIndex(t); at != nil && at[0] > 0 {
		g.addTicket(a, t[at[2]:at[3]])
		return t[:at[0]]
	}
	if at := dateTail.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && a.Due.Value == "" && g.setDue(a, strings.TrimPrefix(t[at[2]:at[3]], "due ")) {
		return strings.TrimRight(t[:at[2]], " -(\u2013\u2014,")
	}
	if at := byTail.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && g.setDue(a, t[at[2]:at[3]]) {
		return t[:at[0]]
	}
	if at := keyTail.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && isIssueKey(t[at[2]:at[3]]) {
		g.addTicket(a, t[at[2]:at[3]])
		return t[:at[0]]
	}
	if at := numberTail.FindStringSubmatchIndex(t); at != nil && at[0] > 0 {
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
	if at := initialTail.FindStringSubmatchIndex(t); at != nil && at[0] > 0 && len(a.Owners) == 0 {
		g.addOwners(a, t[at[2]:at[3]])
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
	before := strings.TrimRight(t[:at[2]+start], "*_") // that made the key bold
	return strings.TrimRight(before, " ,;(|-"), true
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
