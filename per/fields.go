package per

import (
	"strings"
	"time"
)

// key is a key of front matter or of a YAML document and what reads its value.
type key struct {
	name string
	read func(*reading, field)
}

// frontKeys are the keys that front matter may have.
var frontKeys = []key{
	{"id", textKey(func(d *Document) *Text { return &d.ID })},
	{"title", textKey(func(d *Document) *Text { return &d.Title })},
	{"severity", textKey(func(d *Document) *Text { return &d.Severity })},
	{"service", textKey(func(d *Document) *Text { return &d.Service })},
	{"team", textKey(func(d *Document) *Text { return &d.Team })},
	{"owner", textKey(func(d *Document) *Text { return &d.Owner })},
	{"kind", (*reading).readKind},
	{"status", (*reading).readStatus},
	{"started", timeKey(func(d *Document) *Instant { return &d.Started })},
	{"detected", timeKey(func(d *Document) *Instant { return &d.Detected })},
	{"resolved", timeKey(func(d *Document) *Instant { return &d.Resolved })},
	{"meeting", timeKey(func(d *Document) *Instant { return &d.Meeting })},
	{"confidential", (*reading).readConfidential},
	{"date", (*reading).readDate},
	{"day", (*reading).readDate},
	{"attendees", (*reading).readAttendees},
	{"downtime", durationKey(func(m *Metrics) (**time.Duration, *int) { return &m.Downtime, &m.DowntimeLine })},
	{"time_to_detect", durationKey(func(m *Metrics) (**time.Duration, *int) { return &m.TimeToDetect, &m.TimeToDetectLine })},
	{"time_to_resolve", durationKey(func(m *Metrics) (**time.Duration, *int) { return &m.TimeToResolve, &m.TimeToResolveLine })},
	{"accept", (*reading).readAccept},
	{"author", peopleKey},
	{"authors", peopleKey},
	{"timezone", func(*reading, field) {}}, // read before the others
}

// ownKeys are the keys that other people's front matter has no use for: one of them
// makes a document one of percolate's own form.
var ownKeys = [...]string{
	"kind", "service", "started", "detected", "resolved", "meeting", "confidential",
	"downtime", "time_to_detect", "time_to_resolve", "timezone",
}

func isOwn(v value) bool {
	for _, k := range ownKeys {
		for _, f := range v.fields {
			if f.key == k {
				return true
			}
		}
	}
	return documentID.MatchString(v.get("id").text)
}

// readFields reads a mapping by a table of keys. What a foreign document says by
// keys of its own is none of our business; in our form it is likely a slip.
func (g *reading) readFields(v value, keys []key) {
	if v.kind == nothing {
		return
	}
	if v.kind != mapping {
		g.report(Error, v.line, "front-matter", "this should be keys and values, it is %s", v.kind)
		return
	}
	g.own = g.own || isOwn(v)
	g.readZone(v.get("timezone"))
	seen := map[string]int{}
	for _, f := range v.fields {
		if first, twice := seen[f.key]; twice {
			g.mistake(f.line, "front-matter", "%s is said twice, first on line %d", f.name, first)
			continue
		}
		seen[f.key] = f.line
		if k := find(keys, f.key); k == nil {
			g.unknownKey(f, keys)
		} else if f.value.kind != nothing {
			k.read(g, f)
		}
	}
}

func find(keys []key, name string) *key {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i]
		}
	}
	return nil
}

func (g *reading) unknownKey(f field, keys []key) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	if near := nearest(f.key, names); near != "" {
		g.report(Hint, f.line, "unknown-key", "%q is no key; did you mean %q?", f.name, near)
	} else if g.own {
		g.report(Hint, f.line, "unknown-key", "%q is no key that is read", f.name)
	}
}

// mistake reports a wrong value: an error in our own form, and in a foreign document
// a hint, since its keys may well mean something else.
func (g *reading) mistake(line int, code, format string, args ...any) {
	level := Hint
	if g.own {
		level = Error
	}
	g.report(level, line, code, format, args...)
}

// text is the one line of text that a field should be.
func (g *reading) text(f field) (Text, bool) {
	if f.value.kind != scalar && f.value.kind != truth {
		g.mistake(f.value.line, "wrong-type", "%s should be text, it is %s", f.name, f.value.kind)
		return Text{}, false
	}
	return Text{Value: oneLine(f.value.text), Line: f.line}, true
}

func textKey(at func(*Document) *Text) func(*reading, field) {
	return func(g *reading, f field) {
		if t, ok := g.text(f); ok && t.Value != "" {
			*at(g.doc) = t
		}
	}
}

func timeKey(at func(*Document) *Instant) func(*reading, field) {
	return func(g *reading, f field) {
		t, ok := g.text(f)
		if !ok || t.Value == "" {
			return
		}
		m, rest := g.moment(t.Value)
		switch {
		case !m.hasDay || rest != "":
			g.mistake(f.line, "wrong-type", "%s %q is no time; write 2006-01-02 15:04", f.name, t.Value)
		case !m.hasClock:
			g.setDay(m, f.line)
			g.report(Hint, f.line, "no-clock", "%s is a day without a time, so nothing can be computed from it", f.name)
		default:
			*at(g.doc) = m.instant(g.zone, f.line)
		}
	}
}

func durationKey(at func(*Metrics) (**time.Duration, *int)) func(*reading, field) {
	return func(g *reading, f field) {
		t, ok := g.text(f)
		if !ok || isEmptyForm(t.Value) {
			return
		}
		d, rest, ok := leadingDuration(t.Value)
		if !ok || rest != "" {
			g.mistake(f.line, "wrong-type", "%s %q is no duration; write 47m or 2d 1h 29m", f.name, t.Value)
			return
		}
		p, line := at(&g.doc.Stated)
		*p, *line = &d, f.line
	}
}

func (g *reading) readKind(f field) {
	t, ok := g.text(f)
	if !ok || t.Value == "" {
		return
	}
	g.doc.Kind, g.doc.KindLine = eventKind(t.Value), f.line
	switch g.doc.Kind {
	case Outage, Degradation, NearMiss, Maintenance, Security:
	default:
		g.report(Warning, f.line, "unknown-kind", "kind %q is none of outage, degradation, near-miss, maintenance, security", t.Value)
	}
}

// eventKind folds the ways people write a kind.
func eventKind(s string) Kind {
	switch k := strings.ReplaceAll(keyWord(s), "_", "-"); k {
	case "near-miss", "nearmiss":
		return NearMiss
	case "maintenance", "planned-maintenance":
		return Maintenance
	default:
		return Kind(k)
	}
}

func (g *reading) readStatus(f field) {
	t, ok := g.text(f)
	if !ok || t.Value == "" {
		return
	}
	switch s := Status(strings.ToLower(t.Value)); s {
	case Draft, Agreed:
		g.doc.Status, g.doc.StatusLine = s, f.line
	default:
		g.mistake(f.line, "wrong-type", "status %q is neither draft nor agreed", t.Value)
	}
}

func (g *reading) readConfidential(f field) {
	if f.value.kind != truth {
		g.mistake(f.value.line, "wrong-type", "confidential should be true or false, it is %q", f.value.text)
		g.doc.Confidential = true // better once too often than public by a slip
		return
	}
	g.doc.Confidential = f.value.text == "true"
}

func (g *reading) readDate(f field) {
	if t, ok := g.text(f); ok {
		if m, _ := g.moment(t.Value); m.hasDay {
			g.setDay(m, f.line)
		}
	}
}

func (g *reading) readAttendees(f field) {
	if f.value.kind == sequence {
		for _, v := range f.value.list {
			if v.kind == scalar {
				g.doc.Attendees = append(g.doc.Attendees, Text{Value: oneLine(v.text), Line: v.line})
			}
		}
		return
	}
	if t, ok := g.text(f); ok {
		for _, name := range names(t.Value) {
			g.doc.Attendees = append(g.doc.Attendees, Text{Value: name, Line: t.Line})
		}
	}
}

// peopleKey notes who wrote the document. Whatever else the key holds means nothing here.
func peopleKey(g *reading, f field) {
	for _, v := range append(f.value.list, f.value) {
		if v.kind == scalar {
			g.know(ownerNames(v.text)...)
		}
	}
}

func (g *reading) readZone(v value) {
	if v.kind == nothing {
		return
	}
	zone, err := time.LoadLocation(v.text)
	if v.kind != scalar || v.text == "" || v.text == "Local" || err != nil {
		g.mistake(v.line, "wrong-type", "timezone %q is not known; write it like Europe/Berlin", v.text)
		return
	}
	g.zone = zone
}

// nearest is the word closest to s, or "" when none is close enough to be a slip.
func nearest(s string, words []string) string {
	best, far := "", 3
	for _, w := range words {
		if d := distance(s, w, far); d < far && d*3 <= len(w) {
			best, far = w, d
		}
	}
	return best
}

// distance counts the letters to change, add, drop or swap, up to far.
func distance(a, b string, far int) int {
	if len(a)-len(b) >= far || len(b)-len(a) >= far || len(a) > 64 {
		return far
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return min(far, rows[len(a)][len(b)])
}
