package per

import (
	"regexp"
	"slices"
	"strings"
)

// An author says of any text that it is an action by writing "(action)" behind it or
// before it, alone or with what else is known: "(action, owner: ana)". So a guess is
// confirmed where it stands. "Action item: ..." in an odd place is a guess.
var (
	actionMark  = regexp.MustCompile(`(?i)\(action(?:[,;:][^()]*)?\)\s*[.:]?\s*$|^\(action(?:[,;:][^()]*)?\)`)
	actionLabel = regexp.MustCompile(`(?i)^(?:\*\*|__|\[)*action item(?:[\]:]|\*\*|__)+\s*`)
)

// readStray reads the actions that stand outside of sections of actions because their
// author says that they are some.
func (g *reading) readStray(s *section) {
	if s.role == actions || s.role == intentions {
		return
	}
	for _, b := range s.blocks {
		g.strayBlock(b, 0)
	}
	for _, sub := range s.subs {
		g.readStray(sub)
	}
	slices.SortStableFunc(g.doc.Actions, func(a, b Action) int { return a.Line - b.Line })
}

func (g *reading) strayBlock(b block, depth int) {
	switch {
	case b.kind == paragraph:
		g.stray(b.text, b.place(), nil, nil)
	case b.kind == list && depth < 4:
		for _, it := range b.items {
			if g.stray(it.text, it.place(), it.checked, it.below) {
				continue
			}
			for _, x := range it.below {
				g.strayBlock(x, depth+1)
			}
		}
	}
}

// stray reads a text that may be an action, and reports whether it is one.
func (g *reading) stray(text string, at place, checked *bool, below []block) bool {
	label := actionLabel.FindString(text)
	if label == "" && !actionMark.MatchString(tail(text)) && !actionMark.MatchString(text[:min(len(text), 300)]) {
		return false
	}
	l := &actionList{reading: g, last: -1}
	a, ok := l.action(text[len(label):], at, checked, below)
	if ok && !isEmptyForm(a.Text) {
		l.add(a)
	}
	return ok
}

// isStruck reports whether a text is crossed out as a whole.
func isStruck(text string) bool {
	return len(text) > len("~~~~") && strings.HasPrefix(text, "~~") && strings.HasSuffix(text, "~~") && strings.Count(text, "~~") == 2
}
