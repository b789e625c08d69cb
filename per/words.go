package per

import (
	"regexp"
	"strings"
	"unicode"
)

// wordsOf folds a text to lower case words with single spaces.
func wordsOf(s string) string {
	s = strings.ReplaceAll(strings.ToLower(s), "\u2019", "'")
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	}), " ")
}

// kindOf reads the words for the two kinds of action.
func kindOf(s string) ActionKind {
	switch wordsOf(s) {
	case "defect", "bug", "direct contributor", "contributor", "direct":
		return Defect
	case "improvement", "story", "enhancement":
		return Improvement
	}
	return ""
}

// doneOf reads a status in words or signs: done, not done, or nil for neither.
func doneOf(s string) *bool {
	yes, no := true, false
	s = strings.TrimSpace(s)
	for _, mark := range doneMarks {
		if strings.HasPrefix(s, mark) {
			return &yes
		}
	}
	switch wordsOf(plain(s)) {
	case "done", "complete", "completed", "closed", "resolved", "fixed", "finished", "shipped", "implemented", "merged", "deployed", "yes", "x":
		return &yes
	case "todo", "to do", "open", "in progress", "inprogress", "planned", "not started", "pending", "wip", "started", "no", "ongoing",
		"backlog", "blocked", "in review", "not done", "planned or in progress", "work in progress", "doing", "new", "unresolved":
		return &no
	}
	return nil
}

var doneMarks = [...]string{"\u2705", "\u2714", "\u2611", ":white_check_mark:", ":heavy_check_mark:"}

// isEmptyForm tells the ways of writing that there is nothing, or nothing yet.
func isEmptyForm(s string) bool {
	if isPlaceholder(s) {
		return true
	}
	if len(s) > 200 {
		return false
	}
	switch words := wordsOf(plain(s)); words {
	case "", "none", "n a", "na", "nil", "nothing", "tbd", "tba", "tbc", "none yet", "none so far", "not applicable", "none identified",
		"none needed", "none required", "none at this time", "nothing yet", "nothing planned", "nothing further", "not available",
		"to be added", "to be decided", "to be determined", "to be confirmed", "to be defined", "coming soon", "keine", "ninguna", "aucune":
		return true
	default:
		return strings.Contains(words, "no ") && nothingToDo.MatchString(words)
	}
}

var nothingToDo = regexp.MustCompile(`^(?:there (?:are|were|is) )?no (?:[a-z]+ ){0,3}(?:actions?|items?|follow ups?|tasks?|steps?)(?: (?:is|are|were|was))?(?: (?:needed|required|necessary|planned|identified|yet|taken|so far|at this time|at the moment|for now))*$`)

// isPlaceholder tells the guidance of templates that stands where text should: in
// braces, in angle or square brackets.
func isPlaceholder(s string) bool {
	s = strings.Trim(s, " *_.")
	if len(s) < 2 || len(s) > 1000 {
		return false
	}
	if strings.HasPrefix(s, "{{") || strings.HasPrefix(s, "<%") {
		return len(s) <= 200
	}
	inner := s[1 : len(s)-1]
	switch s[:1] + s[len(s)-1:] {
	case "{}":
		return true
	case "$}":
		return s[1] == '{'
	case "<>":
		return !strings.ContainsAny(inner, "<>/@") || strings.Count(inner, " ") > 2
	case "[]":
		return strings.Contains(inner, " ") && !strings.ContainsAny(inner, "[]") && len(inner) > 4
	}
	return false
}

// isCategoryWord knows words of bold lines over a group that could pass for a name.
func isCategoryWord(words string) bool {
	for _, w := range strings.Fields(words) {
		switch w {
		case "process", "technical", "documentation", "docs", "monitoring", "alerting", "prevention", "detection", "mitigation",
			"response", "fixes", "infra", "infrastructure", "immediate", "short", "medium", "long", "term", "immediately", "actions",
			"action", "items", "testing", "tests", "tooling", "communication", "communications", "security", "backend", "frontend",
			"database", "network", "networking", "deployment", "deployments", "investigation", "improvements", "other", "misc", "general",
			"planning", "future", "done", "todo", "completed", "open", "training", "automation", "reliability", "observability",
			"next", "later", "soon", "now", "tbc", "tbd", "take", "for", "high", "low", "priority", "code", "review", "recovery":
			return true
		}
	}
	return false
}
