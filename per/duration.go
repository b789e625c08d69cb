package per

import (
	"strconv"
	"strings"
	"time"
)

// leadingDuration reads a duration like "2d 1h 29m" or "1 hour and 47 minutes" and
// returns what follows it.
func leadingDuration(s string) (time.Duration, string, bool) {
	rest := s[len(before.FindString(s)):]
	var d time.Duration
	found := false
	for {
		f := unit.FindStringSubmatch(rest)
		if f == nil {
			return d, strings.TrimSpace(rest), found
		}
		x, _ := strconv.ParseFloat(f[1], 64)
		d += time.Duration(x * float64(unitOf(f[2])))
		found = true
		rest = strings.TrimLeft(rest[len(f[1]):], " ")[len(f[2]):]
		next := strings.TrimLeft(rest, " ,")
		next = strings.TrimPrefix(next, "and ")
		if unit.MatchString(next) {
			rest = next
		}
	}
}

func unitOf(s string) time.Duration {
	switch strings.ToLower(s)[0] {
	case 'w':
		return 7 * 24 * time.Hour
	case 'd':
		return 24 * time.Hour
	case 'h':
		return time.Hour
	case 'm':
		return time.Minute
	}
	return time.Second
}
