package per

import "strings"

// group is what a heading, a bold line or a lead-in says of the actions below it.
type group struct {
	category string
	owners   []string
	done     *bool
	certain  bool // the items here are actions by the document's form
}

// section reads a section below one of actions: a category of actions, one action,
// or something else.
func (l *actionList) section(s *section) {
	if a, ok := l.headingAction(s); ok {
		l.addAction(a)
		return
	}
	switch s.role {
	case actions, intentions, other, aside:
		if s.role == aside && isNarrative(s.title) {
			l.readSection(s)
			return
		}
		in := l.group
		in.category = categoryOf(s.title)
		in.certain = in.certain || s.role == actions
		if done := doneInTitle(s.title); done != nil {
			in.done = done
		}
		l.actionsUnder(s, in)
	default:
		l.readSection(s)
	}
}

// categoryOf is a heading without what it says in brackets.
func categoryOf(title string) string {
	name := strings.TrimRight(oneLine(inBrackets.ReplaceAllString(plain(title), " ")), " :")
	switch wordsOf(name) {
	case "actions", "action items", "corrective actions":
		return "" // says nothing about what stands below it
	}
	return name
}

// isNarrative tells sections that tell a story from those that are also used as
// categories of actions, like "Detection" or "Response".
func isNarrative(title string) bool {
	words := wordsOf(plain(title))
	return strings.HasPrefix(words, "lesson") || strings.Contains(words, "cause") || strings.HasPrefix(words, "contributing") ||
		strings.HasPrefix(words, "appendix") || strings.Contains(words, "lucky") || strings.Contains(words, "factors") ||
		words == "logs" || words == "references" || words == "attendees" || words == "timeline"
}

// labels reports whether an item only names what the items below it have in common:
// words with a colon, or a single word.
func labels(it item) bool {
	text := strings.TrimSpace(strings.TrimRight(it.text, "*_"))
	if len(it.below) != 1 || it.below[0].kind != list {
		return false
	}
	if !strings.HasSuffix(text, ":") {
		return it.checked == nil && len(strings.Fields(text)) == 1 && !strings.Contains(text, "/") && allSentences(it.below[0].items)
	}
	for _, sub := range it.below[0].items {
		if sub.checked == nil {
			return len(strings.Fields(text)) <= 3
		}
	}
	return true
}

func allSentences(items []item) bool {
	for _, it := range items {
		if len(strings.Fields(it.text)) < 3 {
			return false
		}
	}
	return true
}

// labelled reads the actions below a label. A short label is made part of their
// text, which could not stand alone without it.
func (l *actionList) labelled(it item) {
	inner := *l
	label := oneLine(it.text)
	name := strings.TrimRight(plain(label), ":")
	short := len(label) <= 60 && len(strings.Fields(label)) > 3
	if !short {
		inner.category = strings.TrimLeft(l.category+" / "+name, " /")
	}
	if owners, ok := l.groupOwners(name); ok && l.certain {
		inner.owners, inner.category, short = owners, l.category, false
	}
	for _, sub := range it.below[0].items {
		if short && sub.text != "" {
			sub.text = label + " " + sub.text
		}
		inner.item(sub, sub.checked != nil)
	}
	l.last = inner.last
}

func isLine(text string) bool { return len(text) < 60 && !strings.Contains(text, "\n") }

// isName reads a plain line "JK:" as the owner of what follows; without the colon only
// what cannot be another word.
func (l *actionList) isName(text string) bool {
	name, colon := strings.CutSuffix(text, ":")
	owners, ok := l.groupOwners(name)
	if ok && !colon {
		_, known := l.knownOwners(name)
		ok = known || initials.MatchString(name) || isEverybody(name)
	}
	if ok {
		l.owners, l.category = owners, l.heading
	}
	return ok
}

// title reads a bold line over a group: its owner, or else its category.
func (l *actionList) title(words string) {
	if is, value, ok := attributeIn(plain(words)); ok && is == actionOwner {
		l.owners, l.category = ownerNames(value), l.heading
		return
	}
	if owners, ok := l.groupOwners(words); ok {
		l.owners, l.category = owners, l.heading
		return
	}
	l.owners = nil
	l.category = plain(words)
	if done := doneInTitle(words); done != nil {
		l.done = done
	}
}

// cutTitle cuts a bold line off the end of an item. Without a blank line before it,
// Markdown makes it part of the item's text, though it is meant to stand over the next.
func cutTitle(it *item) string {
	if n := len(it.below); n > 0 {
		if last := &it.below[n-1]; last.kind == list && len(last.items) > 0 {
			return cutTitle(&last.items[len(last.items)-1])
		}
		return ""
	}
	text, line := it.text, ""
	if n := strings.LastIndexByte(text, '\n'); n >= 0 {
		text, line = text[:n], text[n+1:]
	}
	lead, rest, ok := bold(line)
	if !ok || strings.Trim(rest, ": ") != "" {
		return ""
	}
	it.text = text
	it.last = max(0, it.last-1)
	return strings.TrimSuffix(lead, ":")
}

// ownerSentence reads "**AC** Do this": initials before a sentence.
func (l *actionList) ownerSentence(text string, at place) bool {
	f := ownerLead.FindStringSubmatch(oneLine(text))
	if f == nil || !initials.MatchString(f[1]) {
		return false
	}
	l.owners, l.category = names(f[1]), l.heading
	a, ok := l.action(f[2], at, nil, nil)
	if ok {
		a.Certain = a.Certain || l.certain
		l.add(a)
		l.open = strings.HasSuffix(a.Text, ":")
	}
	return ok
}

// headingAction reads a heading that is an action itself: numbered, with an owner, a
// tag or a mark of its own, and no list of actions below it.
func (l *actionList) headingAction(s *section) (Action, bool) {
	title := headingID.ReplaceAllString(s.title, "")
	signs := numbered.MatchString(title) || tagBehind.MatchString(title) || handle.MatchString(title) ||
		strings.HasPrefix(title, "TODO ") || actionPrefix.MatchString(title) || l.own && ownID.MatchString(title)
	if !signs && !hasFields(s) || s.level >= levelBold || s.role != other || len(s.subs) > 0 || hasTable(s) {
		return Action{}, false
	}
	title = numbered.ReplaceAllString(title, "")
	a := l.readItem(title[len(actionPrefix.FindString(title)):], place{first: s.line, last: s.last}, nil)
	if a.Text == "" {
		return a, false
	}
	a.Details = details(l.takeBelow(&a, s.blocks))
	if a.Category == "" {
		a.Category = l.category
	}
	if a.Done == nil {
		a.Done = l.done
	}
	a.Certain = a.Certain || l.certain
	return a, true
}

func hasTable(s *section) bool {
	for _, b := range s.blocks {
		if b.kind == table || b.kind == list && len(b.items) > 0 && b.items[0].checked != nil {
			return true
		}
	}
	return false
}

// doneInTitle reads "(completed)" or "Planned actions" in the heading of a group.
func doneInTitle(title string) *bool {
	if f := inBrackets.FindString(title); f != "" {
		if done := doneOf(strings.Trim(f, "()[]{}")); done != nil {
			return done
		}
	}
	words := wordsOf(plain(title))
	yes, no := true, false
	switch {
	case strings.HasPrefix(words, "completed"), strings.HasSuffix(words, "taken"):
		return &yes
	case strings.HasPrefix(words, "planned"), strings.HasSuffix(words, "planned"):
		return &no
	}
	return nil
}
