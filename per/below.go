package per

import (
	"regexp"
	"strings"
)

// actionPrefix is what templates number their headings with.
var actionPrefix = regexp.MustCompile(`^(?i)(?:action(?: item)?\s*#?\d*|#\d+)\s*[:.)\x{2013}\x{2014}-]\s+`)

// attributeIn reads a line that says one thing of the action it belongs to: "Owner:
// ana", whatever of it is bold.
func attributeIn(text string) (is attribute, value string, ok bool) {
	if len(text) > 300 || strings.Contains(text, "\n") {
		return noAttribute, "", false
	}
	f := labelled.FindStringSubmatch(text + " ")
	if f == nil {
		return noAttribute, "", emptyAttribute(text)
	}
	is = inlineKey(f[1])
	return is, strings.Trim(f[2], " *_"), is != noAttribute
}

// emptyAttribute reads "Owner:" without a value, as templates leave it.
func emptyAttribute(text string) bool {
	label, colon := strings.CutSuffix(strings.TrimSpace(plain(text)), ":")
	return colon && inlineKey(label) != noAttribute
}

// takeBelow reads what stands below an action and says something of it: its owner and
// due day in a line each, or links to work. It returns what is left for the details.
func (g *reading) takeBelow(a *Action, below []block) []block {
	var rest []block
	for _, b := range below {
		switch b.kind {
		case list:
			b.items = g.takeItems(a, b.items)
			if len(b.items) == 0 {
				continue
			}
		case paragraph:
			if g.isWorkOnly(b.text) {
				g.takeLinks(a, b.text)
			} else if g.takeLines(a, b.text) {
				continue
			}
		}
		rest = append(rest, b)
	}
	return rest
}

func (g *reading) takeItems(a *Action, items []item) []item {
	var rest []item
	for _, it := range items {
		if is, value, ok := attributeIn(it.text); ok && len(it.below) == 0 && g.takeAttribute(a, is, value) {
			continue
		}
		if g.isWorkOnly(it.text) {
			g.takeLinks(a, it.text)
		}
		rest = append(rest, it)
	}
	return rest
}

// takeLines reads a paragraph every line of which says something of the action.
func (g *reading) takeLines(a *Action, text string) bool {
	lines := strings.Split(text, "\n")
	for _, s := range lines {
		if _, _, ok := attributeIn(strings.TrimSpace(s)); !ok {
			return false
		}
	}
	all := true
	for _, s := range lines {
		is, value, _ := attributeIn(strings.TrimSpace(s))
		all = g.takeAttribute(a, is, value) && all
	}
	return all
}

func (g *reading) takeAttribute(a *Action, is attribute, value string) bool {
	if is == noAttribute || isEmptyForm(value) {
		return true // said, and nothing in it
	}
	return g.setAttribute(a, is, value)
}

// hasFields reports whether the first list below a heading, or its first paragraph,
// tells the owner and such like of one action, which then is the heading.
func hasFields(s *section) bool {
	for _, b := range s.blocks {
		switch b.kind {
		case list:
			for _, it := range b.items {
				if _, _, ok := attributeIn(it.text); !ok || it.checked != nil {
					return false
				}
			}
			return true
		case paragraph:
			first, _, _ := strings.Cut(b.text, "\n")
			if _, _, ok := attributeIn(first); ok {
				return true
			}
		default:
			return false
		}
	}
	return false
}
