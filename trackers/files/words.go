package files

import (
	"strings"

	"percolate/ticket"
)

// statusOf folds a status word that a person may have typed; known is false for a word
// that means nothing to us, which counts as open, so that no work looks finished by a
// slip of the pen.
func (t *Tracker) statusOf(word string) (s ticket.Status, known bool) {
	word = strings.Join(strings.FieldsFunc(strings.ToLower(word), func(r rune) bool {
		return strings.ContainsRune(" \t-_'\u2019", r)
	}), " ")
	if s, ok := t.opt.Statuses[word]; ok {
		return s, true
	}
	switch word {
	case "", "open", "new", "todo", "to do", "backlog", "ready", "planned", "reopened":
		return ticket.StatusOpen, true
	case "active", "in progress", "doing", "started", "wip", "in work", "in review", "review", "testing":
		return ticket.StatusActive, true
	case "blocked", "on hold", "waiting", "stuck", "paused":
		return ticket.StatusBlocked, true
	case "done", "closed", "fixed", "resolved", "finished", "complete", "completed", "merged":
		return ticket.StatusDone, true
	case "dropped", "wontfix", "wont fix", "won t fix", "wont do", "won t do", "rejected", "cancelled",
		"canceled", "abandoned", "invalid", "duplicate", "obsolete", "not planned":
		return ticket.StatusDropped, true
	}
	return ticket.StatusOpen, false
}

// wordFor is the word that we write for a status.
func wordFor(s ticket.Status) string {
	if s == ticket.StatusActive {
		return "in progress"
	}
	return string(s)
}

// kindOf folds the words that people use for kinds.
func kindOf(word string) ticket.Kind {
	word = strings.ToLower(strings.TrimSpace(word))
	switch word {
	case "bug":
		return ticket.KindDefect
	case "task", "feature":
		return ticket.KindStory
	case "epic":
		return ticket.KindParent
	}
	return ticket.Kind(word)
}
