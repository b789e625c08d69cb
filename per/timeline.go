package per

import (
	"regexp"
	"strings"
	"time"
)

// chronicle is the reading of a timeline, in which a time may lack what an earlier
// line, a heading or the whole document says: the day and the zone.
type chronicle struct {
	*reading
	day   moment
	zone  *time.Location
	timed bool // only what begins with a time is an entry
	ended bool // a time may stand at the end of an entry
}

// readTimeline reads a section of the timeline with all below it.
func (g *reading) readTimeline(s *section) {
	c := &chronicle{reading: g, zone: g.zone, timed: s.role == context, ended: s.role == keyTimes}
	if day, err := time.Parse(time.DateOnly, g.day().Value); err == nil {
		c.day = moment{year: day.Year(), month: int(day.Month()), day: day.Day(), hasDay: true}
	}
	if n := len(g.doc.Timeline); n > 0 && s.role == timeline && !g.doc.Timeline[n-1].At.IsZero() {
		c.follow(g.doc.Timeline[n-1].At.Time)
	}
	c.noteZone(s.title)
	c.blocks(s.blocks)
	c.headings(s.subs)
}

func (c *chronicle) follow(t time.Time) {
	c.day = moment{year: t.Year(), month: int(t.Month()), day: t.Day(), hasDay: true}
}

// headings reads sections below a timeline, which are days, entries, or groups of
// either.
func (c *chronicle) headings(subs []*section) {
	for _, s := range subs {
		if s.role == timeline || s.role != other && s.role != aside {
			c.reading.readSection(s)
			continue
		}
		m, rest := c.moment(s.title)
		c.noteZone(s.title)
		switch {
		case m.hasClock && !c.groups(s):
			c.entry(m, headingText(rest, s), s.line)
		case m.hasClock, m.hasDay:
			c.setDay(m)
			c.blocks(s.blocks)
		default:
			if clockNone.MatchString(s.title) && !c.groups(s) {
				c.entry(moment{}, headingText(rest, s), s.line)
				break
			}
			c.timedBlocks(s.blocks)
		}
		c.headings(s.subs)
	}
}

func headingText(rest string, s *section) string {
	if rest == "" && len(s.blocks) > 0 {
		first, _, _ := strings.Cut(details(s.blocks[:1]), "\n\n")
		return first
	}
	return rest
}

// groups reports whether the bullets below a heading have times of their own.
func (c *chronicle) groups(s *section) bool {
	for _, b := range s.blocks {
		if b.kind == list {
			for _, it := range b.items {
				if m, _ := leadingMoment(it.text); m.hasClock {
					return true
				}
			}
		}
	}
	return false
}

func (c *chronicle) timedBlocks(blocks []block) {
	before := c.timed
	c.timed = true
	c.blocks(blocks)
	c.timed = before
}

func (c *chronicle) blocks(blocks []block) {
	for _, b := range blocks {
		switch b.kind {
		case paragraph:
			c.lines(b)
		case list:
			c.items(b)
		case table:
			c.rows(b.rows)
		case quote, code:
			// Chat and logs illustrate the entry before them.
		}
	}
}

// lines reads a paragraph, every line of which may be an entry.
func (c *chronicle) lines(b block) {
	line := b.line
	last := -1
	for s := range strings.SplitSeq(b.text, "\n") {
		for part := range strings.SplitSeq(s, "<br>") {
			part = strings.TrimSpace(part)
			m, rest := c.moment(part)
			switch {
			case part == "" || isEmptyForm(part):
			case m.hasClock || m.hasDay && rest != "" && startsEntry(part) && !c.noteZone(rest):
				c.entry(m, rest, line)
				last = len(c.doc.Timeline) - 1
			case m.hasDay && (rest == "" || c.noteZone(rest)):
				c.setDay(m)
			case last >= 0:
				c.doc.Timeline[last].Text += " " + part
			case c.noteZone(part) || strings.HasSuffix(part, ":"):
			case c.own && !c.timed:
				c.puzzled(line, "this line of the timeline begins with no time")
			}
		}
		line++
	}
}

// startsEntry tells "2026-03-02: it broke" from prose that begins with a day.
func startsEntry(s string) bool { return s[0] >= '0' && s[0] <= '9' || s[0] == '*' }

func (c *chronicle) items(b block) {
	for _, it := range b.items {
		m, rest := c.moment(it.text)
		if !m.hasClock && c.ended {
			m, rest = c.endingMoment(it.text)
		}
		switch {
		case m.hasClock:
			c.entry(m, withBelow(rest, it.below), it.line)
		case m.hasDay && len(it.below) > 0 && (rest == "" || c.groups(&section{blocks: it.below})):
			c.setDay(m)
			c.blocks(it.below)
		case m.hasDay:
			c.entry(m, withBelow(rest, it.below), it.line)
		case isEmptyForm(it.text) && len(it.below) == 0:
		case c.timed:
			c.timedBlocks(it.below)
		default:
			c.entry(moment{}, withBelow(rest, it.below), it.line)
			if c.own {
				c.puzzled(it.line, "this entry of the timeline begins with no time")
			}
		}
	}
}

func withBelow(text string, below []block) string {
	if len(below) == 0 {
		return text
	}
	return strings.TrimSpace(text + "\n\n" + details(below))
}

var ending = regexp.MustCompile(`\d{4}-\d{1,2}-\d{1,2}.{0,30}$|\d{1,2}:\d{2}.{0,12}$`)

// endingMoment reads a time at the end of a text: "Resolved: 2026-03-02 10:05".
func (c *chronicle) endingMoment(text string) (moment, string) {
	at := ending.FindStringIndex(tail(text))
	if at == nil {
		return moment{}, text
	}
	from := len(text) - len(tail(text)) + at[0]
	m, _ := c.moment(text[from:])
	if !m.hasClock {
		return moment{}, text
	}
	return m, strings.TrimRight(text[:from], " :,-")
}

// entry adds an entry; a missing day is the day before it.
func (c *chronicle) entry(m moment, text string, line int) {
	e := Entry{Text: strings.TrimSpace(text), Line: line}
	stated := m.hasClock || m.hasDay
	if m.hasDay && m.year != 0 {
		c.setDay(m)
	} else if c.day.hasDay {
		m.year, m.month, m.day, m.hasDay = c.day.year, c.day.month, c.day.day, true
	}
	if stated && m.iso() != "" {
		e.At = m.instant(c.zone, line)
		e.At.Zoned = e.At.Zoned || c.zone != c.reading.zone
	}
	c.doc.Timeline = append(c.doc.Timeline, e)
}

func (c *chronicle) setDay(m moment) {
	if m.iso() != "" {
		c.day = moment{year: m.year, month: m.month, day: m.day, hasDay: true}
		c.years = m.year
	}
}

var (
	zoneWord   = regexp.MustCompile(`\b(UTC|GMT|BST|CET|CEST|MEZ|MESZ|EET|EEST|EST|EDT|CST|CDT|MST|MDT|PST|PDT|PT|ET|JST|AEST)\b`)
	pacific    = regexp.MustCompile(`\bPST/PDT\b|\bPDT/PST\b`)
	headYear   = regexp.MustCompile(`\b20\d\d\b`)
	aboutTimes = regexp.MustCompile(`(?i)\b(?:times?|timezone|timeline|events)\b`)
)

// noteZone takes the zone that a heading or sentence about times names.
func (c *chronicle) noteZone(s string) bool {
	if len(s) > 300 || !aboutTimes.MatchString(s) {
		return false
	}
	var zone *time.Location
	if pacific.MatchString(s) {
		zone = located("America/Los_Angeles")
	} else if f := zoneWord.FindString(s); f != "" {
		zone = zoneNamed(f)
	}
	if zone == nil {
		return false
	}
	c.zone = zone
	return true
}

// columns are the columns of a table of times, -1 for those it lacks.
type columns struct{ day, clock, text int }

func (c *chronicle) columns(head []cell) columns {
	x := columns{-1, -1, -1}
	for i, h := range head {
		words := wordsOf(plain(h.text))
		if year := headYear.FindString(h.text); year != "" {
			c.years = number(year)
		}
		bare := wordsOf(inBrackets.ReplaceAllString(plain(h.text), ""))
		switch {
		case bare == "day" || bare == "weekday":
		case x.day < 0 && bare == "date":
			x.day = i
		case x.clock < 0 && (strings.Contains(words, "time") || bare == "when" || bare == "at" || bare == "timestamp" || zoneNamed(bare) != nil):
			x.clock = i
			c.columnZone(h.text)
		case x.text < 0 && len(words) > 0 && bare != "who" && bare != "author":
			x.text = i
		}
	}
	if x.clock < 0 && x.day >= 0 {
		x.clock, x.day = x.day, -1
	}
	return x
}

func (c *chronicle) columnZone(head string) {
	if f := zoneWord.FindString(head); f != "" {
		if zone := zoneNamed(f); zone != nil {
			c.zone = zone
		}
	}
}

func (c *chronicle) rows(rows [][]cell) {
	x := c.columns(rows[0])
	if x.clock < 0 {
		x = columns{day: -1, clock: 0, text: 1}
		if len(rows[0]) < 2 {
			c.puzzled(rows[0][0].line, "this table has no column of times")
			return
		}
	}
	for _, row := range rows[1:] {
		text := at(row, x.text)
		if isEmptyForm(text) && isEmptyForm(at(row, x.clock)) {
			continue
		}
		if d, _ := c.moment(at(row, x.day)); d.hasDay {
			c.setDay(d)
		}
		m, _ := c.moment(at(row, x.clock))
		c.entry(m, text, row[0].line)
	}
}
