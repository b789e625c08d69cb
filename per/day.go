package per

import (
	"path"
	"regexp"
	"strings"
	"time"
)

// setDay notes the day of the event, unless one is known.
func (g *reading) setDay(m moment, line int) {
	if iso := m.iso(); iso != "" && g.doc.Day.Value == "" {
		g.doc.Day = Text{Value: iso, Line: line}
	}
}

// setYear decides which year days without one are in, before the timeline is read.
func (g *reading) setYear(doc *section) {
	day := g.day()
	if day.Value == "" {
		day = g.dayInText(doc)
	}
	if t, err := time.Parse(time.DateOnly, day.Value); err == nil {
		g.years = t.Year()
		if g.doc.Day.Value == "" {
			g.doc.Day = day
		}
	}
}

// day is the day of the event: by its times, else by what states a day, else by the
// title, the file name or the first time of the timeline.
func (g *reading) day() Text {
	d := g.doc
	for _, i := range [...]Instant{d.Started, d.Detected, d.Resolved} {
		if !i.IsZero() {
			return Text{Value: i.Time.In(g.zone).Format(time.DateOnly), Line: i.Line}
		}
	}
	if d.Day.Value != "" {
		return d.Day
	}
	if day := firstDay(plain(d.Title.Value)); day != "" {
		return Text{Value: day, Line: d.Title.Line}
	}
	if day := firstDay(strings.ReplaceAll(path.Base(d.Path), "_", " ")); day != "" {
		return Text{Value: day}
	}
	for _, e := range d.Timeline {
		if !e.At.IsZero() {
			return Text{Value: e.At.Time.Format(time.DateOnly), Line: e.Line}
		}
	}
	return Text{}
}

// dayInText is the first full day that the document's text names.
func (g *reading) dayInText(doc *section) Text {
	var found Text
	walk(doc, func(s *section) {
		if found.Value != "" {
			return
		}
		if day := firstDay(s.title); day != "" {
			found = Text{Value: day, Line: s.line}
			return
		}
		for _, b := range s.blocks {
			if b.kind == paragraph && found.Value == "" {
				found = Text{Value: firstDay(b.text[:min(len(b.text), 2000)]), Line: b.line}
			}
		}
	})
	return found
}

var wordStart = regexp.MustCompile(`\b[A-Za-z0-9]`)

// firstDay is the first day in a text that has a year, as 2006-01-02.
func firstDay(text string) string {
	for _, at := range wordStart.FindAllStringIndex(text, 300) {
		var m moment
		if m.takeDay(text[at[0]:]) > 0 && m.iso() != "" {
			return m.iso()
		}
	}
	return ""
}
