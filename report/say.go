package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"percolate/ticket"
)

// counted is a number with its word, which no line end comes between: "6 overdue".
func counted(n int, word string) string {
	if n == 1 {
		word = strings.TrimSuffix(word, "s")
	}
	return strconv.Itoa(n) + noBreak + strings.ReplaceAll(word, "-", noBreak)
}

// noBreak is a space at which no line is broken, and printed as any other.
const noBreak = "\u00a0"

func breakable(s string) string { return strings.ReplaceAll(s, noBreak, " ") }

// many is a number with a noun: "1 action", "2 actions".
func many(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// ago tells how long before the report an instant was: "3 min ago". From a day on it
// counts days of the calendar.
func (r Report) ago(t time.Time) string {
	switch d := r.Now.Sub(t); {
	case t.IsZero():
		return "never"
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d/time.Minute))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h ago", int(d/time.Hour))
	}
	return many(r.Today.Sub(ticket.DayOf(t, r.zone)), "day") + " ago"
}

// days is a number of days: "12 d".
func days(n int) string { return strconv.Itoa(n) + " d" }

// String is the duration as documents write it: "2d 1h 29m".
func (s Seconds) String() string {
	if s < 60 {
		return fmt.Sprintf("%ds", int64(s))
	}
	var parts []string
	minutes := (int64(s) + 30) / 60
	for _, u := range [...]struct {
		n    int64
		unit string
	}{{minutes / 1440, "d"}, {minutes % 1440 / 60, "h"}, {minutes % 60, "m"}} {
		if u.n > 0 {
			parts = append(parts, fmt.Sprintf("%d%s", u.n, u.unit))
		}
	}
	return strings.Join(parts, " ")
}

func figure(s *Seconds) string {
	if s == nil {
		return ""
	}
	return s.String()
}

// percent is a share in whole percent, rounded down: nothing is 100 % before it is.
func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return strconv.Itoa(100*part/whole) + " %"
}

// statusText is the tracker's own word, with ours where it is another.
func statusText(s ticket.Status, word string) string {
	if word == "" || strings.EqualFold(word, string(s)) {
		return string(s)
	}
	return word + " (" + string(s) + ")"
}

// drift tells a priority as it is and, where that is another, as it was filed.
func (a Action) drift() string {
	now := a.Priority.String()
	if a.PriorityFiled == a.Priority || a.PriorityFiled == ticket.PriorityNone {
		return now
	}
	return orDash(now) + " (was " + a.PriorityFiled.String() + ")"
}

// slip tells how far the due day was moved: "+12 d".
func (a Action) slip() string {
	if a.Slip == 0 {
		return ""
	}
	return fmt.Sprintf("%+d d", a.Slip)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// plain is s on one line and harmless to a terminal: without control characters, escape
// sequences included, and without those that reverse the direction of writing.
func plain(s string) string {
	harmful := func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' ||
			r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	}
	if strings.IndexFunc(s, harmful) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\ufffd"), harmful), " ")
}
