package per

import (
	"regexp"
	"strings"
)

// section is a part of a document under a heading, or under what stands for one: a
// bold line, or a bullet that is bold.
type section struct {
	title  string
	role   role
	line   int
	last   int // line of the heading, 0 where it is not known
	level  int
	blocks []block
	subs   []*section
	one    bool // the heading and its text are one paragraph, which ends the section
}

// levelBold is the level of sections that have no heading of their own; it lies
// below that of every heading.
const levelBold = 7

// outline gathers blocks under their headings. The root is the document.
func outline(blocks []block) *section {
	o := outliner{path: []*section{{}}}
	for _, b := range blocks {
		o.add(b)
	}
	return o.path[0]
}

type outliner struct {
	path []*section // from the document to the section that is being filled
}

func (o *outliner) here() *section { return o.path[len(o.path)-1] }

func (o *outliner) add(b block) {
	switch {
	case b.kind == heading:
		o.open(&section{title: b.text, role: roleOf(b.text), line: b.line, last: b.last, level: b.level})
		return
	case b.kind == paragraph:
		if o.here().one {
			o.path = o.path[:len(o.path)-1]
		}
		if s, ok := boldSection(b); ok {
			o.open(s)
			return
		}
		if s, ok := plainSection(b); ok && o.here().role != s.role {
			o.open(s)
			return
		}
	case b.kind == list && !o.here().lists():
		if o.addBoldItems(b) {
			return
		}
	}
	o.here().blocks = append(o.here().blocks, b)
}

// open begins a section and ends those it does not belong to.
func (o *outliner) open(s *section) {
	for len(o.path) > 1 && o.here().level >= s.level {
		o.path = o.path[:len(o.path)-1]
	}
	// Days of a timeline may be headings of the timeline's own level.
	if s.role == other && s.level < levelBold {
		if m, _ := leadingMoment(s.title); m.hasDay || m.hasClock {
			if last := o.here().lastSub(); last != nil && last.role == timeline {
				o.path = append(o.path, last)
			}
		}
	}
	o.here().subs = append(o.here().subs, s)
	o.path = append(o.path, s)
}

func (s *section) lastSub() *section {
	if len(s.subs) == 0 {
		return nil
	}
	return s.subs[len(s.subs)-1]
}

// lists reports whether bold bullets are items here rather than sections.
func (s *section) lists() bool {
	return s.level < levelBold && s.role != other && s.role != aside
}

// boldSection reads a paragraph that begins with bold words of a known role:
// "**Actions planned:**", with or without text behind it.
func boldSection(b block) (*section, bool) {
	lead, rest, ok := bold(b.text)
	if !ok {
		return nil, false
	}
	rest = strings.TrimSpace(rest)
	colon := strings.HasSuffix(lead, ":") || strings.HasPrefix(rest, ":")
	rest = strings.TrimSpace(strings.TrimPrefix(rest, ":"))
	if rest != "" && !colon || isItemLabel(lead) {
		return nil, false
	}
	r := roleOf(strings.TrimSuffix(lead, ":"))
	if r == other || r == aside && rest != "" {
		return nil, false
	}
	s := &section{title: lead, role: r, line: b.line, level: levelBold}
	if rest != "" {
		s.one = true
		s.blocks = []block{{kind: paragraph, line: b.line, last: b.last, text: rest}}
	}
	return s, true
}

// plainSection reads a line "To do:" as a heading, when it says nothing else.
func plainSection(b block) (*section, bool) {
	title, colon := strings.CutSuffix(strings.TrimSpace(b.text), ":")
	if !colon || len(title) > 40 || strings.Contains(title, "\n") {
		return nil, false
	}
	r := roleOfWhole(wordsOf(plain(title)))
	if r <= aside || r == intentions {
		return nil, false
	}
	return &section{title: title, role: r, line: b.line, level: levelBold}, true
}

// addBoldItems opens a section for each bullet of a list that is a heading in all
// but form: "- **Review actions**:" with what belongs to it below or behind.
func (o *outliner) addBoldItems(b block) bool {
	known := false
	for _, it := range b.items {
		lead, _, ok := boldItem(it)
		known = known || ok && roleOf(lead) > aside
	}
	if !known {
		return false
	}
	for _, it := range b.items {
		lead, rest, ok := boldItem(it)
		if !ok {
			o.here().blocks = append(o.here().blocks, block{kind: list, line: it.line, items: []item{it}})
			continue
		}
		o.open(&section{title: lead, role: roleOf(lead), line: it.line, level: levelBold})
		if rest != "" {
			o.here().blocks = append(o.here().blocks, block{kind: paragraph, line: it.line, last: it.last, text: rest})
		}
		o.here().blocks = append(o.here().blocks, it.below...)
	}
	return true
}

func boldItem(it item) (lead, rest string, ok bool) {
	lead, rest, ok = bold(it.text)
	lead = strings.TrimSuffix(lead, ":")
	return lead, strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), ":")), ok
}

var itemLabel = regexp.MustCompile(`^(?i)action(?: item)?:?$`)

// isItemLabel tells "**Action item:** do it", which is one action, from a heading.
func isItemLabel(lead string) bool { return itemLabel.MatchString(lead) }
