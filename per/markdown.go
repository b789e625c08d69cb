package per

import (
	"regexp"
	"slices"
	"strings"
)

// readMarkdown reads a Markdown document: its front matter, then its outline section
// by section.
func (g *reading) readMarkdown(text string) {
	body := g.readFrontMatter(text)
	body, g.refs = g.prepare(body)
	g.readBlocks(g.blocks(body))
}

// readHTML reads an HTML document, which may have front matter too.
func (g *reading) readHTML(text string) {
	body := g.readFrontMatter(text)
	start := body[:len(body)-len(strings.TrimLeft(body, "\n"))]
	g.readBlocks(g.htmlBlocks(body[len(start):], 1+len(start)))
}

func (g *reading) readBlocks(blocks []block) {
	doc := outline(blocks)
	g.readTitle(doc)
	g.readStatements(doc)
	g.setYear(doc)
	g.readSection(doc)
	g.readStray(doc)
}

// readSection reads a section by its role, and what stands below it.
func (g *reading) readSection(s *section) {
	switch s.role {
	case summary:
		g.readSummary(s)
	case timeline, keyTimes, context:
		g.readTimeline(s)
		return
	case pluses:
		g.doc.Pluses = append(g.doc.Pluses, g.observations(s)...)
	case deltas:
		g.doc.Deltas = append(g.doc.Deltas, g.observations(s)...)
	case luck:
		g.doc.Luck = append(g.doc.Luck, g.observations(s)...)
	case actions, intentions:
		g.readActions(s)
		return
	default:
		g.readLooseTables(s)
	}
	for _, sub := range s.subs {
		g.readSection(sub)
	}
}

func (g *reading) readSummary(s *section) {
	if g.doc.Summary.Value != "" {
		return
	}
	var blocks []block
	for _, b := range s.blocks {
		if b.kind != paragraph || !isEmptyForm(b.text) {
			blocks = append(blocks, b)
		}
	}
	if len(blocks) > 0 {
		g.doc.Summary = Text{Value: details(blocks), Line: blocks[0].line}
	}
}

// readLooseTables reads tables of actions that stand under no heading of actions;
// their columns say what they are.
func (g *reading) readLooseTables(s *section) {
	for _, b := range s.blocks {
		if b.kind == table && isActionTable(b.rows) {
			g.actionTable(b.rows, group{certain: true})
		}
	}
}

// readTitle takes the title of the front matter, or of a first heading that is the
// document's only one of its level.
func (g *reading) readTitle(doc *section) {
	var top []*section
	walk(doc, func(s *section) {
		if s.level > 0 && s.level < levelBold {
			top = append(top, s)
		}
	})
	if len(top) == 0 {
		return
	}
	first := top[0]
	same := 0
	for _, s := range top {
		if s.level == first.level {
			same++
		}
	}
	switch {
	case g.doc.Title.Value != "" && (g.own || first.level > 1 || same > 1):
	case first.role != other && first.role != aside, first.level > 1 && same > 1, isTemplated(first.title):
	default:
		title := strings.TrimSpace(oneLine(headingID.ReplaceAllString(first.title, "")))
		if title != "" {
			g.doc.Title = Text{Value: title, Line: first.line}
		}
	}
}

// isTemplated tells a heading that is filled in only when the document is published.
func isTemplated(title string) bool {
	title = strings.TrimSpace(title)
	return strings.HasPrefix(title, "<%") || strings.HasPrefix(title, "{{")
}

var headingID = regexp.MustCompile(`\s*\{[#.][^{}]*\}\s*$`)

// walk visits a section and all below it, in the order of the document.
func walk(s *section, visit func(*section)) {
	visit(s)
	for _, sub := range s.subs {
		walk(sub, visit)
	}
}

// observations reads the pluses or deltas of a section.
func (g *reading) observations(s *section) []Observation {
	var found []Observation
	add := func(text string, line int, below []block) {
		if o, ok := g.observation(text, line, below); ok {
			found = append(found, o)
		}
	}
	for _, b := range s.blocks {
		switch b.kind {
		case paragraph:
			add(b.text, b.line, nil)
		case list:
			for _, it := range b.items {
				add(it.text, it.line, it.below)
			}
		case table:
			found = append(found, g.observationTable(b.rows)...)
		case quote:
			add(details(b.children), b.line, nil)
		case code:
			if n := len(found); n > 0 {
				found[n-1].Text += "\n\n" + details([]block{b})
			} else {
				g.puzzled(b.line, "code at the head of this section belongs to nothing")
			}
		}
	}
	return found
}

var (
	observationID = regexp.MustCompile(`^(?:\*\*|__)?([A-Z]{1,4}-?\d{1,4})(?:\*\*|__)?(?::|\)|\.\s|\s+-\s|\s+)(?:\*\*|__)?\s*`)
	accepted      = regexp.MustCompile(`(?i)\s*\(\s*accepted\s*(?::\s*([^()]*(?:\([^()]*\)[^()]*)*))?\)\s*\.?\s*$`)
)

func (g *reading) observation(text string, line int, below []block) (Observation, bool) {
	o := Observation{Line: line, Text: oneLine(text)}
	if g.own {
		if f := observationID.FindStringSubmatch(o.Text); f != nil && isObservationID(f[1], f[0]) {
			o.ID, o.Text = f[1], o.Text[len(f[0]):]
		}
		if at := accepted.FindStringSubmatchIndex(tail(o.Text)); at != nil {
			t := tail(o.Text)
			if at[2] >= 0 { // without a reason nothing is accepted
				o.Accepted = strings.TrimSpace(t[at[2]:at[3]])
			}
			o.Text = strings.TrimSpace(o.Text[:len(o.Text)-len(t)+at[0]])
		}
	}
	if isEmptyForm(o.Text) && len(below) == 0 {
		return o, false
	}
	if len(below) > 0 {
		o.Text = strings.TrimSpace(o.Text + "\n\n" + details(below))
	}
	return o, true
}

// isObservationID guards against words like "S3 was slow": without a mark behind it
// only the usual letters are taken for an id.
func isObservationID(id, written string) bool {
	return strings.ContainsAny(written, ":.)*") || strings.ContainsAny(id[:1], "PDG")
}

// tail is the end of a long text, to keep searches from its end short.
func tail(s string) string {
	const most = 2000
	if len(s) <= most {
		return s
	}
	return s[len(s)-most:]
}

func (g *reading) observationTable(rows [][]cell) []Observation {
	var found []Observation
	if len(rows) == 0 {
		return nil
	}
	id, text, ok := -1, -1, -1
	for i, c := range rows[0] {
		switch words := wordsOf(plain(c.text)); {
		case words == "id" || words == "no" || strings.TrimSpace(c.text) == "#":
			id = i
		case words == "accepted" || words == "accepted because":
			ok = i
		case text < 0:
			text = i
		}
	}
	if text < 0 {
		g.puzzled(rows[0][0].line, "this table has no column that could be read")
		return nil
	}
	for _, row := range rows[1:] {
		o := Observation{Text: at(row, text), Line: row[0].line, ID: plain(at(row, id)), Accepted: at(row, ok)}
		if !isEmptyForm(o.Text) {
			found = append(found, o)
		}
	}
	return found
}

// at is the text of a cell, "" when the row is short or there is no such column.
func at(row []cell, column int) string {
	if column < 0 || column >= len(row) {
		return ""
	}
	return oneLine(strings.ReplaceAll(row[column].text, "<br>", " "))
}

// maxNames is how many names are read in one place. More is no list of people.
const maxNames = 100

// names parts a list of people, teams or ids.
func names(s string) []string {
	var found []string
	parts := []string{s}
	if strings.ContainsAny(s, ",;/&+") || strings.Contains(s, "and") {
		parts = nameBreak.Split(s, maxNames+1)
	}
	for _, part := range parts {
		part = strings.Trim(plain(part), " .()")
		if part != "" && !isEmptyForm(part) && !slices.Contains(found, part) && len(found) < maxNames {
			found = append(found, part)
		}
	}
	return found
}

var nameBreak = regexp.MustCompile(`\s*(?:,|;|/|&|\+|\band\b)\s*`)
