package report

import (
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"percolate/ticket"
)

// CSV has one line for each action, whatever its state, and a line of column names. It
// opens in a spreadsheet without any cell being taken for a formula: a text that begins
// like one is put behind a single quote.
func (r Report) CSV() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	columns := r.csvColumns()
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = c.name
	}
	_ = w.Write(line) // a strings.Builder takes everything
	for _, a := range r.Actions {
		for i, c := range columns {
			line[i] = c.of(a)
		}
		_ = w.Write(line)
	}
	w.Flush()
	return b.String()
}

type csvColumn struct {
	name string
	of   func(Action) string
}

func (r Report) csvColumns() []csvColumn {
	text := func(name string, of func(Action) string) csvColumn {
		return csvColumn{name, func(a Action) string { return noFormula(of(a)) }}
	}
	number := func(name string, of func(Action) int) csvColumn {
		return csvColumn{name, func(a Action) string { return strconv.Itoa(of(a)) }}
	}
	return []csvColumn{
		text("key", func(a Action) string { return a.ID }),
		text("event", func(a Action) string { return a.Event }),
		text("severity", func(a Action) string { return a.Severity }),
		text("service", func(a Action) string { return a.Service }),
		text("team", func(a Action) string { return a.Team }),
		text("kind", func(a Action) string { return string(a.Kind) }),
		text("title", func(a Action) string { return a.Title }),
		text("state", func(a Action) string { return string(a.State) }),
		text("marks", func(a Action) string { return join(a.Marks) }),
		text("tracker", func(a Action) string { return a.Tracker }),
		text("ticket", func(a Action) string { return a.Ticket }),
		text("url", func(a Action) string { return a.URL }),
		text("status", func(a Action) string { return string(a.Status) }),
		text("tracker_status", func(a Action) string { return a.Word }),
		text("owners", func(a Action) string { return join(a.Owners) }),
		text("assignees", func(a Action) string { return join(a.Assignees) }),
		text("priority_filed", func(a Action) string { return a.PriorityFiled.String() }),
		text("priority", func(a Action) string { return a.Priority.String() }),
		text("created", func(a Action) string { return r.dayOf(a.Created) }),
		number("age_days", func(a Action) int { return a.Age }),
		text("due_first", func(a Action) string { return string(a.DueFirst) }),
		text("due", func(a Action) string { return string(a.Due) }),
		text("due_by", func(a Action) string { return string(a.DueBy) }),
		{"slip_days", func(a Action) string { return sinceFirst(a) }},
		{"days_overdue", func(a Action) string { return overdueBy(a) }},
		{"days_left", func(a Action) string { return daysLeft(a) }},
		text("finished", func(a Action) string { return r.dayOf(a.Finished) }),
		text("done_in_time", doneInTime),
		text("moved", func(a Action) string { return r.dayOf(a.Moved) }),
		text("moved_source", func(a Action) string { return string(a.MovedBy) }),
		{"idle_days", func(a Action) string { return idle(a) }},
		number("hit_again", func(a Action) int { return len(a.Hits) }),
		text("hit_again_by", func(a Action) string { return join(a.Hits) }),
		text("repeats", func(a Action) string { return a.Of }),
		number("reopened", func(a Action) int { return a.Reopened }),
		text("gone_since", func(a Action) string { return r.dayOf(a.Gone) }),
		text("findings", func(a Action) string { return join(a.Findings) }),
		text("as_of", func(a Action) string { return r.stamp(a.AsOf) }),
	}
}

// noFormula keeps a spreadsheet from computing a text.
func noFormula(s string) string {
	s = plain(s)
	if first := strings.TrimLeft(s, " "); strings.TrimLeft(first, formulaSigns) != first {
		return "'" + s
	}
	return s
}

// formulaSigns begin formulas, in their East Asian form too.
const formulaSigns = "=+-@\uff1d\uff0b\uff0d\uff20"

func join[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}

func sinceFirst(a Action) string {
	if a.DueFirst == "" || a.Due == "" {
		return ""
	}
	return strconv.Itoa(a.Slip)
}

func overdueBy(a Action) string {
	if a.DaysLeft == nil {
		return ""
	}
	return strconv.Itoa(max(-*a.DaysLeft, 0))
}

func daysLeft(a Action) string {
	if a.DaysLeft == nil {
		return ""
	}
	return strconv.Itoa(max(*a.DaysLeft, 0))
}

func doneInTime(a Action) string {
	if a.InTime == nil {
		return ""
	}
	return strconv.FormatBool(*a.InTime)
}

func idle(a Action) string {
	if a.State != Open || a.Moved.IsZero() {
		return ""
	}
	return strconv.Itoa(a.Idle)
}

// stamp is an instant in the zone of the report.
func (r Report) stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(r.zone).Format(time.RFC3339)
}

// dayOf is the civil day of an instant in the zone of the report.
func (r Report) dayOf(t time.Time) string { return string(ticket.DayOf(t, r.zone)) }
