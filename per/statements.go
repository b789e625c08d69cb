package per

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// statement is a label that documents use before a colon, and what reads its value.
// A reader returns false when the value is not what the label should have.
type statement struct {
	words string
	read  func(*reading, string, int) bool
}

var statements = [...]statement{
	{"severity", stateSeverity},
	{"severity level", stateSeverity},
	{"incident severity", stateSeverity},
	{"incident level", stateSeverity},
	{"sev", stateSeverity},
	{"level", stateSeverity},
	{"downtime", stateDowntime},
	{"total downtime", stateDowntime},
	{"outage duration", stateDowntime},
	{"impact duration", stateDowntime},
	{"total impact duration", stateDowntime},
	{"duration", stateDowntime},
	{"incident duration", stateDowntime},
	{"duration of incident", stateDowntime},
	{"outage time", stateDowntime},
	{"time to detect", stateDetect},
	{"time to detection", stateDetect},
	{"detection delay", stateDetect},
	{"ttd", stateDetect},
	{"mttd", stateDetect},
	{"time to resolve", stateResolve},
	{"time to resolution", stateResolve},
	{"time to recovery", stateResolve},
	{"time to recover", stateResolve},
	{"ttr", stateResolve},
	{"mttr", stateResolve},
	{"started", stateStarted},
	{"start", stateStarted},
	{"start time", stateStarted},
	{"started at", stateStarted},
	{"incident start", stateStarted},
	{"impact start", stateStarted},
	{"fault occurs", stateStarted},
	{"time of incident", stateStarted},
	{"start of incident", stateStarted},
	{"start time of degradation", stateStarted},
	{"detected", stateDetected},
	{"detected at", stateDetected},
	{"first detected", stateDetected},
	{"time detected", stateDetected},
	{"time of detection", stateDetected},
	{"detect time", stateDetected},
	{"detection time", stateDetected},
	{"reported at", stateDetected},
	{"alerted at", stateDetected},
	{"resolved", stateResolved},
	{"resolved at", stateResolved},
	{"end", stateResolved},
	{"ended", stateResolved},
	{"end time", stateResolved},
	{"incident end", stateResolved},
	{"impact end", stateResolved},
	{"end of incident", stateResolved},
	{"time resolved", stateResolved},
	{"resolution time", stateResolved},
	{"meeting", stateMeeting},
	{"meeting scheduled for", stateMeeting},
	{"meeting date", stateMeeting},
	{"retro held", stateMeeting},
	{"retrospective held", stateMeeting},
	{"review meeting", stateMeeting},
	{"post mortem meeting", stateMeeting},
	{"postmortem meeting", stateMeeting},
	{"post mortem owner", stateOwner},
	{"postmortem owner", stateOwner},
	{"owner of review process", stateOwner},
	{"date", stateDate},
	{"incident date", stateDate},
	{"date of incident", stateDate},
	{"date of the incident", stateDate},
	{"event date", stateDate},
	{"date of event", stateDate},
	{"incident from", stateDate},
}

var labelled = regexp.MustCompile(`^(?:[-*+]\s+)?(?:\*\*|__|_|\*)?([A-Za-z][A-Za-z /]{1,40}?)(?:\*\*|__|_|\*)?\s*:\s*(?:\*\*|__|_|\*)?\s*(\S.*)$`)

// readStatements reads what a foreign document says by labels: "**Severity:** SEV2",
// "- Time to detect: 4m". Front matter that says the same comes first.
func (g *reading) readStatements(doc *section) {
	walk(doc, func(s *section) {
		if s.role == actions || s.role == intentions || s.role == pluses || s.role == deltas || s.role == luck || s.role == timeline {
			return
		}
		g.state(s.title, s.line)
		g.stateUnder(s)
		g.stateAttendance(s)
		for _, b := range s.blocks {
			g.stateBlock(b, 0)
		}
	})
}

// stateUnder reads a heading that is a label with its value below.
func (g *reading) stateUnder(s *section) {
	if len(s.blocks) == 1 && s.blocks[0].kind == paragraph && len(s.title) < 40 && len(s.blocks[0].text) < 80 {
		g.state(plain(s.title)+": "+s.blocks[0].text, s.blocks[0].line)
	}
}

// stateAttendance reads a section that lists people.
func (g *reading) stateAttendance(s *section) {
	label := wordsOf(plain(s.title))
	if !slices.Contains(peopleWords[:], label) {
		return
	}
	for _, b := range s.blocks {
		for _, it := range b.items {
			if len(it.text) < 80 {
				g.statePeople(label, inBrackets.ReplaceAllString(it.text, ""), it.line)
			}
		}
		if b.kind == paragraph && len(b.text) < 200 {
			g.statePeople(label, oneLine(b.text), b.line)
		}
	}
}

func (g *reading) stateBlock(b block, depth int) {
	switch {
	case b.kind == paragraph:
		g.stateLines(b.text, b.line)
	case b.kind == list && depth < 3:
		for _, it := range b.items {
			g.stateLines(it.text, it.line)
			for _, x := range it.below {
				g.stateBlock(x, depth+1)
			}
		}
	case b.kind == table && len(b.rows[0])%2 == 0 && len(b.rows[0]) <= 6:
		for _, row := range b.rows {
			for i := 0; i+1 < len(row); i += 2 {
				g.state(strings.TrimRight(plain(at(row, i)), " :")+": "+at(row, i+1), row[0].line)
			}
		}
	}
}

func (g *reading) stateLines(text string, line int) {
	for s := range strings.SplitSeq(text, "\n") {
		g.state(strings.TrimSuffix(strings.TrimSpace(s), "<br>"), line)
		line++
	}
}

// state reads one line if it is a statement.
func (g *reading) state(s string, line int) {
	if len(s) > 400 {
		return
	}
	label, value := "", ""
	if f := labelled.FindStringSubmatch(s); f != nil {
		label, value = f[1], f[2]
	} else if at := strings.IndexAny(s, "0123456789"); at > 0 {
		label, value = s[:at], s[at:] // "Resolved 2026-03-02 10:05"
		if len(value) < len("2026-03-02") {
			return
		}
	}
	words := wordsOf(label)
	if slices.Contains(peopleWords[:], words) {
		g.statePeople(words, value, line)
	}
	for _, x := range statements {
		if x.words == words && words != "" {
			x.read(g, strings.TrimSpace(value), line)
			return
		}
	}
}

// statePeople notes who is named by the label of a role.
func (g *reading) statePeople(label, value string, line int) {
	found := ownerNames(value)
	g.know(found...)
	if label == "attendees" || label == "participants" {
		for _, name := range found {
			g.doc.Attendees = append(g.doc.Attendees, Text{Value: name, Line: line})
		}
	}
}

func stateSeverity(g *reading, value string, line int) bool {
	value = plain(value)
	if g.doc.Severity.Value != "" || value == "" || len(value) > 80 || isEmptyForm(value) {
		return false
	}
	g.doc.Severity = Text{Value: value, Line: line}
	return true
}

func stateMetric(value string, line int, p **time.Duration, at *int) bool {
	d, _, ok := leadingDuration(plain(value))
	if !ok || *p != nil {
		return false
	}
	*p, *at = &d, line
	return true
}

func stateDowntime(g *reading, value string, line int) bool {
	m := &g.doc.Stated
	return stateMetric(value, line, &m.Downtime, &m.DowntimeLine)
}

func stateDetect(g *reading, value string, line int) bool {
	m := &g.doc.Stated
	return stateMetric(value, line, &m.TimeToDetect, &m.TimeToDetectLine)
}

func stateResolve(g *reading, value string, line int) bool {
	m := &g.doc.Stated
	return stateMetric(value, line, &m.TimeToResolve, &m.TimeToResolveLine)
}

func stateTime(g *reading, value string, line int, at *Instant) bool {
	m, _ := g.moment(value)
	if !at.IsZero() || !m.hasClock || m.iso() == "" {
		return false
	}
	*at = m.instant(g.zone, line)
	return true
}

func stateStarted(g *reading, value string, line int) bool {
	return stateTime(g, value, line, &g.doc.Started)
}

func stateDetected(g *reading, value string, line int) bool {
	return stateTime(g, value, line, &g.doc.Detected)
}

func stateResolved(g *reading, value string, line int) bool {
	return stateTime(g, value, line, &g.doc.Resolved)
}

func stateMeeting(g *reading, value string, line int) bool {
	return stateTime(g, value, line, &g.doc.Meeting)
}

func stateOwner(g *reading, value string, line int) bool {
	found := ownerNames(value)
	if len(found) != 1 || g.doc.Owner.Value != "" {
		return false
	}
	g.doc.Owner = Text{Value: found[0], Line: line}
	return true
}

func stateDate(g *reading, value string, line int) bool {
	m, _ := g.moment(plain(value))
	if g.doc.Day.Value != "" || m.iso() == "" {
		return false
	}
	g.setDay(m, line)
	return true
}
