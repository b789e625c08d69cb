package per

import (
	"regexp"
	"strings"
	"time"
)

func (m *moment) takeZone(s string) string {
	f := zoneName.FindStringSubmatchIndex(s)
	if f == nil || f[1] < len(s) && isLetter(s[f[1]]) && s[f[1]-1] != ')' {
		return s
	}
	zone := zoneNamed(s[f[2]:f[3]])
	if zone == nil {
		return s
	}
	m.zone = zone
	return s[f[1]:]
}

// zoneNamed knows the abbreviations that documents use, offsets and zone names.
func zoneNamed(name string) *time.Location {
	switch strings.ToUpper(name) {
	case "UTC", "GMT", "Z", "WET":
		return time.UTC
	case "BST", "WEST", "CET", "MEZ":
		return fixed(name, 1)
	case "CEST", "MESZ", "EET":
		return fixed(name, 2)
	case "EEST", "MSK":
		return fixed(name, 3)
	case "EST", "CDT":
		return fixed(name, -5)
	case "EDT":
		return fixed(name, -4)
	case "CST", "MDT":
		return fixed(name, -6)
	case "MST", "PDT":
		return fixed(name, -7)
	case "PST":
		return fixed(name, -8)
	case "JST":
		return fixed(name, 9)
	case "AEST":
		return fixed(name, 10)
	case "PT":
		return located("America/Los_Angeles")
	case "ET":
		return located("America/New_York")
	}
	if f := offset.FindStringSubmatch(name); f != nil {
		minutes := number(f[2])*60 + number(f[3])
		if f[1] == "-" {
			minutes = -minutes
		}
		return time.FixedZone("", minutes*60)
	}
	if strings.Contains(name, "/") {
		return located(name)
	}
	return nil
}

var offset = regexp.MustCompile(`^(?i:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?$`)

func fixed(name string, hours int) *time.Location {
	return time.FixedZone(strings.ToUpper(name), hours*3600)
}

func located(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return zone
}
