package per

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// CheckRules are what a team may decide about Check. The zero value is usable.
type CheckRules struct {
	Zone      *time.Location // the team's, for the meeting; nil is UTC
	Tolerance time.Duration  // how far stated and computed metrics may lie apart; 0 is a minute
	Off       []string       // codes of problems that are not wanted
}

// Check looks for what the author of a document should mend or think about. What
// could not be understood at all has been told by Parse already.
func Check(d *Document, rules CheckRules) []Problem {
	if rules.Zone == nil {
		rules.Zone = time.UTC
	}
	if rules.Tolerance == 0 {
		rules.Tolerance = time.Minute
	}
	l := &lint{Document: d, rules: rules, observed: map[string]bool{}}
	for _, o := range slices.Concat(d.Deltas, d.Pluses, d.Luck) {
		l.observed[o.ID] = true
	}
	l.head()
	l.order()
	l.metrics()
	l.figures()
	l.meeting()
	l.ids()
	l.deltas()
	for i := range d.Actions {
		l.action(&d.Actions[i])
	}
	return sorted(l.problems)
}

type lint struct {
	*Document
	rules    CheckRules
	observed map[string]bool // the ids of pluses and deltas
	problems []Problem
}

func (l *lint) report(level Level, line int, code, format string, args ...any) {
	if !slices.Contains(l.rules.Off, code) {
		l.problems = append(l.problems, Problem{Path: l.Path, Line: line, Level: level, Code: code, Message: fmt.Sprintf(format, args...)})
	}
}

func (l *lint) head() {
	if l.Title.Value == "" {
		l.report(Warning, 0, "no-title", "the document has no title")
	}
	if l.Severity.Value == "" && l.AffectsCustomers() && l.Status != Draft {
		l.report(Hint, 0, "no-severity", "the document states no severity")
	}
}

func (l *lint) order() {
	l.after("detected", l.Detected, "started", l.Started)
	l.after("resolved", l.Resolved, "detected", l.Detected)
	if l.Detected.IsZero() {
		l.after("resolved", l.Resolved, "started", l.Started)
	}
	l.after("meeting", l.Meeting, "started", l.Started)
}

// after reports a time that lies before the one it follows.
func (l *lint) after(name string, at Instant, earlier string, before Instant) {
	if at.IsZero() || before.IsZero() || !at.Time.Before(before.Time) {
		return
	}
	l.report(Error, at.Line, "times-out-of-order", "%s (%s) is before %s (%s)",
		name, brief(at.Time, before.Time), earlier, brief(before.Time, at.Time))
}

// brief writes a time without its day where both are of one day, and with its zone
// where they are not of one zone.
func brief(t, other time.Time) string {
	_, here := t.Zone()
	if _, there := other.Zone(); here != there {
		return t.Format("2006-01-02 15:04 -07:00")
	}
	if t.Format(time.DateOnly) == other.Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("2006-01-02 15:04")
}

func (l *lint) metrics() {
	c := l.Computed()
	l.agree("downtime", l.Stated.Downtime, c.Downtime, l.Stated.DowntimeLine)
	l.agree("time to detect", l.Stated.TimeToDetect, c.TimeToDetect, l.Stated.TimeToDetectLine)
	l.agree("time to resolve", l.Stated.TimeToResolve, c.TimeToResolve, l.Stated.TimeToResolveLine)
}

func (l *lint) agree(name string, stated, computed *time.Duration, line int) {
	if stated == nil || computed == nil || (*stated-*computed).Abs() <= l.rules.Tolerance {
		return
	}
	l.report(Warning, line, "metrics-disagree", "%s is stated as %s, and the times give %s",
		name, Duration(*stated), Duration(*computed))
}

// figures reports an event of which nothing tells how long customers were without, nor
// when it was noticed.
func (l *lint) figures() {
	m := l.Metrics()
	if l.Kind != Outage && l.Kind != Degradation || l.Status == Draft || m.Downtime != nil && m.TimeToDetect != nil {
		return
	}
	what, times := "the downtime is", "started and resolved"
	switch {
	case m.Downtime == nil && m.TimeToDetect == nil:
		what, times = "downtime and time to detect are", "started, detected and resolved"
	case m.Downtime != nil:
		what, times = "the time to detect is", "started and detected"
	}
	l.report(Hint, l.KindLine, "no-metrics", "%s not known; state %s", what, times)
}

// meeting holds the rule for the meeting against events that customers noticed.
func (l *lint) meeting() {
	if l.Kind != Outage && l.Kind != Degradation || l.Resolved.IsZero() {
		if (l.Kind == Outage || l.Kind == Degradation) && l.Meeting.IsZero() && l.Status != Draft {
			l.report(Hint, l.KindLine, "no-meeting", "customers were affected and there is no meeting; it belongs within 24 hours of the event's end")
		}
		return
	}
	by := MeetingBy(l.Resolved.Time, l.rules.Zone)
	switch {
	case l.Meeting.IsZero():
		l.report(Hint, l.Resolved.Line, "no-meeting", "customers were affected and there is no meeting; the 24 hours end on %s", l.deadline(by))
	case l.Meeting.Time.After(by):
		l.report(Hint, l.Meeting.Line, "late-meeting", "the meeting (%s) is late; the 24 hours ended on %s",
			l.Meeting.Time.In(l.rules.Zone).Format("Monday 2006-01-02 15:04"), l.deadline(by))
	}
}

func (l *lint) deadline(by time.Time) string {
	zone := l.rules.Zone.String()
	if by.Hour() == 0 && by.Minute() == 0 && by.Second() == 0 && by.Weekday() == time.Tuesday {
		return by.AddDate(0, 0, -1).Format("Monday 2006-01-02") + ", end of day (" + zone + ")"
	}
	return by.Format("Monday 2006-01-02 15:04") + " (" + zone + ")"
}

// ids reports ids that are given twice; by them actions and deltas are found again.
func (l *lint) ids() {
	seen := map[string]int{}
	for _, a := range l.Actions {
		l.once("action", a.ID, a.Line, seen)
	}
	seen = map[string]int{}
	for _, o := range slices.Concat(l.Deltas, l.Pluses, l.Luck) {
		l.once("delta", o.ID, o.Line, seen)
	}
}

func (l *lint) once(what, id string, line int, seen map[string]int) {
	if id == "" {
		return
	}
	if first, twice := seen[id]; twice {
		l.report(Error, line, "duplicate-id", "two %ss are called %s; the other is on line %d", what, id, first)
		return
	}
	seen[id] = line
}

// deltas reports those that lead to nothing. Documents in which no action names a
// delta do not work that way, and are let be.
func (l *lint) deltas() {
	addressed := map[string]bool{}
	for _, a := range l.Actions {
		for _, id := range a.Addresses {
			addressed[id] = true
		}
	}
	named := slices.ContainsFunc(l.Deltas, func(o Observation) bool { return o.ID != "" })
	for _, o := range l.Deltas {
		switch {
		case o.Accepted != "" || addressed[o.ID] && o.ID != "":
		case o.ID != "":
			l.report(Warning, o.Line, "delta-without-action", "delta %s has no action and no reason why not", o.ID)
		case named:
			first, _, _ := strings.Cut(o.Text, "\n")
			l.report(Warning, o.Line, "delta-without-action", "delta %q has no id, so that no action can address it", shortened(first))
		}
	}
}

func (l *lint) action(a *Action) {
	name := a.Name()
	finished := a.Done != nil && *a.Done
	if len(a.Owners) == 0 && !finished && a.Certain {
		l.report(Warning, a.Line, "no-owner", "action %s has no owner", name)
	}
	if a.Kind == Defect && a.Due.Value == "" && !finished {
		l.report(Warning, a.Line, "no-due", "action %s is a defect and has no due day", name)
	}
	if day := l.Day.Value; a.Due.Value != "" && day != "" && a.Due.Value < day {
		l.report(Warning, a.Due.Line, "due-before-event", "action %s is due on %s, before the event (%s)", name, a.Due.Value, day)
	}
	for _, id := range a.Addresses {
		if !l.observed[id] {
			l.report(Warning, a.Line, "unknown-id", "action %s addresses %s, which is no plus or delta here", name, id)
		}
	}
	if a.ID != "" && (a.Repeats == a.ID || a.Repeats == l.ID.Value+"/"+a.ID) {
		l.report(Error, a.Line, "repeats-itself", "action %s repeats itself", name)
	}
}

// Name is what to call an action in a message: its id, or its text, cut short.
func (a *Action) Name() string {
	if a.ID != "" {
		return a.ID
	}
	return `"` + shortened(a.Text) + `"`
}

// Duration writes a duration as documents do: "2d 1h 29m".
func Duration(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%ds", int(d.Seconds()))
	}
	var parts []string
	minutes := int(d.Round(time.Minute) / time.Minute)
	for _, u := range [...]struct {
		n    int
		unit string
	}{{minutes / 1440, "d"}, {minutes % 1440 / 60, "h"}, {minutes % 60, "m"}} {
		if u.n > 0 {
			parts = append(parts, fmt.Sprintf("%d%s", u.n, u.unit))
		}
	}
	return strings.Join(parts, " ")
}
