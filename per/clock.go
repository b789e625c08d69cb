package per

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// moment is a day, a time of day, or both, as far as a text states them.
type moment struct {
	year, month, day  int // year 0 when the text leaves it out
	hour, minute, sec int
	hasDay, hasClock  bool
	zone              *time.Location // nil when not stated
}

// The forms of days and times. Each is anchored, so that reading stays linear.
var (
	before    = regexp.MustCompile("^(?i:[\\s*_`\\[(~@\u2248]|</?(?:b|strong|i|em|code|u)>|c\\.\\s*|ca\\.?\\s+|circa\\s+|approx(?:\\.|imately)?\\s+|around\\s+|about\\s+|between\\s+|from\\s+|at\\s+|on\\s+|by\\s+|before\\s+|after\\s+|until\\s+|since\\s+|day \\d+:?\\s+)*")
	after     = regexp.MustCompile("^(?:</(?:b|strong|i|em|code|u)>)?[*_`\\])~]*\\s*(?:[-\u2013\u2014\u2192:|,;.>]+[*_`\\])]*)?\\s*")
	weekday   = regexp.MustCompile(`^(?i)(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+`)
	dayISO    = regexp.MustCompile(`^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[^\d]|$)`)
	dayUS     = regexp.MustCompile(`^(?i)([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?(?:[^\d:a-z]|$)`)
	dayEU     = regexp.MustCompile(`^(?i)(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+([a-z]{3,9})\.?,?(?:[\s-]+(\d{4}))?(?:[^\d:a-z]|$)`)
	dayNumber = regexp.MustCompile(`^(\d{1,2})(?:/(\d{1,2})/(\d{4}|\d{2})|-(\d{1,2})-(\d{4})|\.(\d{1,2})\.(\d{4}))(?:[^\d]|$)`)
	clock     = regexp.MustCompile(`^(?i)(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:\s*([ap])\.?m\b\.?)?`)
	clockDot  = regexp.MustCompile(`^(\d{1,2})\.(\d{2})(?:\s*(?i:([ap])m))?(?:[^.\d%a-zA-Z]|$)`)
	clock12   = regexp.MustCompile(`^(?i)(\d{1,2})\s*([ap])\.?m\b`)
	clockJoin = regexp.MustCompile(`^([01]\d|2[0-4])([0-5]\d)(?:[^\d.,]|$)`)
	clockZone = regexp.MustCompile(`^([01]\d|2[0-3])([0-5]\d)\s*(?:UTC|GMT|Z|[CE]ES?T|[EPCM][SD]T|hrs|hours)\b`)
	clockNone = regexp.MustCompile(`^(?i)(?:--:--|hh:mm|\d{1,2}:(?:\?\?|xx)|\d?[?x]:(?:\?\?|xx)|x\b)`)
	until     = regexp.MustCompile("^(?i)\\s*(?:-|\u2013|\u2014|to|until|and)\\s*")
	zoneName  = regexp.MustCompile(`^\s*\(?((?i:utc|gmt)[+-]\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2}|[A-Za-z]{1,10}(?:/[A-Za-z_]+){1,2}|[A-Za-z]{1,4})\)?`)
	spanSign  = regexp.MustCompile(`^-\d{1,2}:?\d{2}`) // "17:00-18:00" is no offset
	unit      = regexp.MustCompile(`^(?i)(\d{1,6}(?:\.\d{1,3})?)\s*(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?:[^a-z]|$)`)
)

// moment reads the day and time that text begins with, and returns what follows.
func (g *reading) moment(text string) (moment, string) {
	m, rest := leadingMoment(text)
	if m.hasDay && m.year == 0 {
		m.year = g.years
	}
	return m, rest
}

func leadingMoment(text string) (moment, string) {
	var m moment
	s := text[len(before.FindString(text)):]
	s = s[len(weekday.FindString(s)):]
	joined := false
	if n := m.takeDay(s); n > 0 {
		s = s[n:]
		if joined = strings.HasPrefix(s, "T"); joined {
			s = s[1:]
		} else {
			s = afterDay(s)
		}
	}
	if n := m.takeClock(s, m.hasDay); n > 0 {
		s = s[n:]
		if joined || !spanSign.MatchString(s) {
			s = m.takeZone(s)
		}
		if r := until.FindString(s); r != "" {
			s = m.takeEnd(s, len(r))
		}
		if !m.hasDay {
			m, s = m.dayBehind(s)
		}
	}
	if !m.hasDay && !m.hasClock && len(s) == len(text) {
		return m, text
	}
	if !m.hasDay && !m.hasClock && clockNone.FindString(s) == "" {
		return m, text
	}
	s = s[len(clockNone.FindString(s)):]
	return m, s[len(after.FindString(s)):]
}

// afterDay passes over what stands between a day and its time.
func afterDay(s string) string {
	s = strings.TrimLeft(s, " \t*_`,|@~(-\u2013")
	if rest, ok := strings.CutPrefix(s, "at "); ok {
		return strings.TrimLeft(rest, " ")
	}
	return s
}

// dayBehind reads a day that follows its time: "14:05 UTC on 3 March 2026".
func (m moment) dayBehind(s string) (moment, string) {
	t := strings.TrimLeft(s, " ,")
	t = strings.TrimPrefix(t, "on ")
	d := m
	if n := d.takeDay(t); n > 0 {
		return d, t[n:]
	}
	return m, s
}

// takeEnd passes over the end of a span of time; its begin is what counts.
func (m *moment) takeEnd(s string, from int) string {
	var end moment
	t := s[from:]
	if n := end.takeDay(t); n > 0 {
		t = afterDay(t[n:])
	}
	n := end.takeClock(t, false)
	if n == 0 {
		return s
	}
	t = end.takeZone(t[n:])
	if m.zone == nil {
		m.zone = end.zone
	}
	return t
}

// takeDay reads a day at the start of s and returns how long it is, 0 for none.
func (m *moment) takeDay(s string) int {
	set := func(match []string, year, month, day string) int {
		y, d := number(year), number(day)
		mo := number(month)
		if month != "" && mo == 0 {
			mo = monthNamed(month)
		}
		if y > 0 && y < 100 {
			y += 2000
		}
		if mo < 1 || mo > 12 || d < 1 || d > 31 || y != 0 && (y < 1990 || y > 2200) {
			return 0
		}
		m.year, m.month, m.day, m.hasDay = y, mo, d, true
		n := len(match[0])
		if last := match[0][n-1]; !(last >= '0' && last <= '9') && !isLetter(last) {
			n--
			for n > 0 && match[0][n]&0xc0 == 0x80 { // the whole of a longer character
				n--
			}
		}
		return n
	}
	if f := dayISO.FindStringSubmatch(s); f != nil {
		return set(f, f[1], f[2], f[3])
	}
	if f := dayNumber.FindStringSubmatch(s); f != nil {
		second, year := f[2]+f[4]+f[6], f[3]+f[5]+f[7]
		if number(second) > 12 {
			return set(f, year, f[1], second)
		}
		return set(f, year, second, f[1])
	}
	if f := dayUS.FindStringSubmatch(s); f != nil && monthNamed(f[1]) > 0 {
		return set(f, f[3], f[1], f[2])
	}
	if f := dayEU.FindStringSubmatch(s); f != nil && monthNamed(f[2]) > 0 {
		return set(f, f[3], f[2], f[1])
	}
	return 0
}

// takeClock reads a time of day at the start of s. Four digits in a row are a time
// only right after a day.
func (m *moment) takeClock(s string, joined bool) int {
	set := func(n int, hour, minute, sec, half string) int {
		h, mi := number(hour), number(minute)
		switch {
		case strings.EqualFold(half, "p") && h < 12:
			h += 12
		case strings.EqualFold(half, "a") && h == 12:
			h = 0
		}
		if h > 24 || mi > 59 {
			return 0
		}
		m.hour, m.minute, m.sec, m.hasClock = h, mi, number(sec), true
		return n
	}
	if f := clock.FindStringSubmatch(s); f != nil {
		return set(len(f[0]), f[1], f[2], f[3], f[4])
	}
	if f := clockDot.FindStringSubmatch(s); f != nil {
		return set(len(f[1])+1+len(f[2])+len(strings.TrimRight(f[0][len(f[1])+1+len(f[2]):], " \t-,:*_")), f[1], f[2], "", f[3])
	}
	if f := clock12.FindStringSubmatch(s); f != nil {
		return set(len(f[0]), f[1], "0", "", f[2])
	}
	if f := clockZone.FindStringSubmatch(s); f != nil {
		return set(4, f[1], f[2], "", "")
	}
	if f := clockJoin.FindStringSubmatch(s); f != nil && joined {
		return set(4, f[1], f[2], "", "")
	}
	return 0
}

// instant is the moment as a time; zone is taken when the moment states none.
func (m moment) instant(zone *time.Location, line int) Instant {
	zoned := m.zone != nil
	if zoned {
		zone = m.zone
	}
	t := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.sec, 0, zone)
	return Instant{Time: t, Zoned: zoned, Line: line}
}

// iso is the day as 2006-01-02, or "" when the year is missing or the day does not
// exist.
func (m moment) iso() string {
	t := time.Date(m.year, time.Month(m.month), m.day, 0, 0, 0, 0, time.UTC)
	if !m.hasDay || m.year == 0 || t.Day() != m.day {
		return ""
	}
	return t.Format(time.DateOnly)
}

func monthNamed(s string) int {
	s = strings.ToLower(s)
	for i := time.January; i <= time.December; i++ {
		name := strings.ToLower(i.String())
		if s == name || len(s) >= 3 && len(s) <= 4 && strings.HasPrefix(name, s) {
			return int(i)
		}
	}
	return 0
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }
