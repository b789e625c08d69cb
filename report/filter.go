package report

import (
	"strings"
	"unicode"

	"percolate/ticket"
)

// Filter leaves only part of everything in a report. What is empty lets all through;
// of several values one has to fit. Case, spaces, dashes and underscores do not count.
type Filter struct {
	Teams      []string   `json:"teams,omitempty"`
	Services   []string   `json:"services,omitempty"`
	Severities []string   `json:"severities,omitempty"`
	Since      ticket.Day `json:"since,omitempty"`  // events of this day or later
	Kinds      []string   `json:"kinds,omitempty"`  // of actions: "story", "defect"
	States     []string   `json:"states,omitempty"` // of actions: states and marks
}

// event reports whether the event is within the filter. An event without a day is.
func (f Filter) event(e ticket.Event) bool {
	return fits(f.Teams, e.Team) && fits(f.Services, e.Service) && fits(f.Severities, e.Severity) &&
		(f.Since == "" || e.Day == "" || e.Day >= f.Since)
}

func (f Filter) action(a Action) bool {
	if !fits(f.Kinds, string(a.Kind)) {
		return false
	}
	if len(f.States) == 0 {
		return true
	}
	for _, s := range f.States {
		if a.In(s) {
			return true
		}
	}
	return false
}

func fits(values []string, have string) bool {
	if len(values) == 0 {
		return true
	}
	for _, v := range values {
		if fold(v) == fold(have) {
			return true
		}
	}
	return false
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '_' {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
