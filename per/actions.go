package per

import (
	"regexp"
	"strings"
)

// actionList is the reading of one section of actions.
type actionList struct {
	*reading
	group
	heading string // the category of the section as a whole
	last    int    // the action that a following block may belong to, -1 for none
	heads   bool   // the section has items only below its subheadings
	lists   bool   // the section has items, so that its paragraphs are no actions
	said    bool   // the section is one paragraph behind a label that says it is an action
	open    bool   // bullets that follow are details of the last action
}

// readActions reads a section of actions with all below it.
func (g *reading) readActions(s *section) {
	g.actionsUnder(s, group{certain: s.role == actions, done: doneInTitle(s.title)})
}

func (g *reading) actionsUnder(s *section, in group) {
	l := &actionList{reading: g, group: in, heading: in.category, last: -1, lists: hasItems(s), said: s.one && s.role == actions}
	l.heads = l.lists && !hasItems(&section{blocks: s.blocks})
	l.blocks(s.blocks)
	for _, sub := range s.subs {
		l.section(sub)
	}
}

func hasItems(s *section) bool {
	for _, b := range s.blocks {
		if b.kind == table || b.kind == list && !allEmpty(b.items) {
			return true
		}
	}
	for _, sub := range s.subs {
		if hasItems(sub) {
			return true
		}
	}
	return false
}

func allEmpty(items []item) bool {
	for _, it := range items {
		if !isEmptyForm(it.text) || len(it.below) > 0 {
			return false
		}
	}
	return true
}

// blocks reads the blocks of a section of actions in turn.
func (l *actionList) blocks(blocks []block) {
	for i, b := range blocks {
		switch b.kind {
		case paragraph:
			l.paragraph(b, i+1 < len(blocks) && blocks[i+1].kind == list)
		case list:
			l.list(b)
		case table:
			l.reading.actionTable(b.rows, l.group)
			l.last = -1
		default:
			if l.last < 0 {
				l.puzzled(b.line, "this belongs to no action; make it a list item, or put it below one")
				continue
			}
			l.below(b)
		}
	}
}

// below adds a block to the details of the last action.
func (l *actionList) below(b block) {
	a := &l.doc.Actions[l.last]
	a.Details = strings.TrimSpace(a.Details + "\n\n" + details([]block{b}))
}

func (l *actionList) list(b block) {
	if l.open && l.last >= 0 && !b.ordered {
		l.below(b)
		return
	}
	checklist := isChecklist(b.items)
	for _, it := range b.items {
		title := cutTitle(&it)
		l.item(it, checklist || it.checked != nil)
		if title != "" {
			l.title(title)
		}
	}
	l.open = b.ordered // bullets behind it lack only their indent
}

// isChecklist reports whether most items have a checkbox, so that the others lack
// theirs by a slip.
func isChecklist(items []item) bool {
	n := 0
	for _, it := range items {
		if it.checked != nil {
			n++
		}
	}
	return 2*n > len(items)
}

// item reads an item of a list: an action, or a label over actions. It is certain when
// it stands in a checklist.
func (l *actionList) item(it item, certain bool) {
	if isEmptyForm(it.text) && len(it.below) == 0 {
		return
	}
	if labels(it) {
		l.labelled(it)
		return
	}
	a, ok := l.action(it.text, it.place(), it.checked, it.below)
	if !ok {
		l.puzzled(it.line, "this item has no text of an action")
		return
	}
	a.Certain = a.Certain || l.certain || certain
	l.add(a)
}

// add adds an action to the document.
func (l *actionList) add(a Action) {
	l.addAction(a)
	l.last = len(l.doc.Actions) - 1
}

// addAction adds an action that was read. One that is crossed out as a whole is no
// longer wanted, whatever form it stands in.
func (g *reading) addAction(a Action) {
	if a.Done == nil && isStruck(a.Text) {
		a.Certain = false
		g.report(Hint, a.Line, "struck-out", "this action is struck out, so it is not filed; mark it as done, or take it out")
	}
	a.Text = unmarked(a.Text)
	g.doc.Actions = append(g.doc.Actions, a)
}

var (
	doneLead  = regexp.MustCompile(`(?i)\balready (?:been )?(?:completed|done|finished|implemented|taken)|\b(?:have|has) been (?:completed|done|finished|implemented)|\b(?:are|were) (?:completed|done)\b`)
	ownerLead = regexp.MustCompile(`^(?:\*\*|__)([^*_]{1,40})(?:\*\*|__):?\s+(.+)$`)
)

// paragraph reads a paragraph of an actions section: a line over a group, a lead-in
// to a list, an action with a label, or an action as a plain sentence.
func (l *actionList) paragraph(b block, beforeList bool) {
	l.open = false
	text := strings.TrimSpace(b.text)
	lead, rest, isBold := bold(text)
	switch {
	case isEmptyForm(text):
	case isBold && isItemLabel(lead) || itemLabel.MatchString(lead):
		l.sentence(strings.TrimLeft(rest, ": "), b.place(), true)
	case isBold && strings.Trim(rest, ": ") == "" && !strings.Contains(text, "\n"):
		l.title(strings.TrimSuffix(lead, ":"))
	case saysNothing(text), l.ownerSentence(text, b.place()):
	case isLine(text) && (beforeList || strings.HasSuffix(text, ":")) && l.isName(text):
	case beforeList || strings.HasSuffix(text, ":"):
		if doneLead.MatchString(text) {
			yes := true
			l.done = &yes
		}
	case l.lists:
		if l.last < 0 && l.heads {
			return // a lead-in to the categories below
		}
		if l.last >= 0 && l.isWorkOnly(text) {
			l.below(b)
			return
		}
		if !l.certain {
			return // prose about what may be done
		}
		l.puzzled(b.line, "this paragraph stands between actions and was not read; make it a list item if it is one")
	case !l.said && guidance.MatchString(text), !l.certain && !isIntention(text):
	default:
		l.sentence(text, b.place(), l.said)
	}
}

// isIntention tells prose that says what is to be done from prose that tells what was.
func isIntention(text string) bool {
	if strings.HasSuffix(strings.TrimRight(text, " *_"), "?") {
		return false
	}
	return intention.MatchString(text) || !narrative.MatchString(text)
}

var (
	intention = regexp.MustCompile(`(?i)\b(?:will|should|must|shall|needs? to|ha(?:ve|s) to|plan(?:s|ned|ning)?|going to|aim(?:ing)? to|intend(?:s|ing)?|propos(?:e|ed|ing)|consider(?:ed|ing)?|recommend(?:ed)?|ensure|want to|would like to|let's|looking (?:at|into|to)|is necessary|be able to|(?:are|'re|\x{2019}re) (?:also |now |currently )?\w+ing)\b`)
	narrative = regexp.MustCompile(`^(?i)[*_\x60"(\[]*(?:the|an?|it|its|we|i|they|this|these|that|those|there|here|as|in|on|at|by|for|from|with|when|while|once|after|before|because|since|during|our|their|all|most|some|many|only|although|though|however|if|so|no|not|what|why|how|who|yes|obviously|unfortunately|fortunately|luckily|finally|next|then|first|also|and|but)\b`)
)

// guidance is how templates tell their users what to write.
var guidance = regexp.MustCompile(`(?i)^[_*([]*(?:(?:each|every|these|all) (?:\w+ ){0,3}(?:actions?|items?|tickets?|subheadings)\b|this section|please |list (?:all|any|the) |describe |include any)`)

// saysNothing tells "Follow-ups: none" from an action.
func saysNothing(text string) bool {
	label, rest, ok := strings.Cut(text, ":")
	return ok && rest != "" && len(label) < 40 && isEmptyForm(rest)
}

// isWorkOnly reports whether a text is nothing but links.
func (g *reading) isWorkOnly(text string) bool {
	for _, k := range g.links(text) {
		if k.start == 0 && strings.Trim(text[k.end:], " .") == "" {
			return true
		}
	}
	return false
}

func (l *actionList) sentence(text string, at place, certain bool) {
	a, ok := l.action(text, at, nil, nil)
	if !ok {
		return
	}
	a.Certain = a.Certain || certain
	l.add(a)
}

// action reads one action and adds what its group says.
func (l *actionList) action(text string, at place, checked *bool, below []block) (Action, bool) {
	text, more := boldLine(text)
	a := l.readItem(text, at, checked)
	if a.Text == "" {
		return a, false
	}
	a.Details = strings.TrimSpace(more + "\n\n" + details(l.takeBelow(&a, below)))
	if len(a.Owners) == 0 {
		a.Owners = l.owners
	}
	if a.Done == nil {
		a.Done = l.done
	}
	if a.Category == "" {
		a.Category = l.category
	}
	return a, true
}

// boldLine parts an item whose first line is bold, and so its title, from the lines
// that explain it.
func boldLine(text string) (title, more string) {
	first, rest, ok := strings.Cut(text, "\n")
	if lead, behind, isBold := bold(first); ok && isBold && strings.Trim(behind, " .:") == "" {
		return strings.TrimSuffix(lead, ":"), rest
	}
	return text, ""
}

var (
	numbered  = regexp.MustCompile(`^\d+(?:\.\d+)*[.)]\s+`)
	tagBehind = regexp.MustCompile(`\s*\[([a-z]+)\]\s*$`)
	handle    = regexp.MustCompile("`?@[A-Za-z][\\w.-]*`?")
)
