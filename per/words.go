package per

import (
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
	if strings.HasPrefix(strings.TrimSpace(s), "{{") || len(s) > 200 {
		return len(s) <= 200 // a placeholder of a template
	}
	words := wordsOf(plain(s))
	switch words {
	case "", "none", "n a", "na", "nil", "nothing", "tbd", "tba", "no action", "no actions", "no action items",
		"no immediate action items", "no immediate actions", "none yet", "none so far", "not applicable", "no actions required",
		"no action required", "no further action", "no further actions", "none identified", "no action needed", "nothing yet":
		return true
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
