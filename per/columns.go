package per

import "strings"

// attribute is what is known of an action besides its text.
type attribute int

const (
	noAttribute attribute = iota
	actionText
	actionID
	actionKind
	actionOwner
	actionDue
	actionDone
	actionTicket
	actionAddresses
	actionRepeats
	actionTracker
	actionPriority
	actionCategory
	actionNotes
	actionSaid // the author says that it is an action
)

// columnWord says what a column of an action table holds; inline tells that the
// same word with a colon says it beside an action too.
type columnWord struct {
	words  string
	is     attribute
	inline bool
}

var columnWords = [...]columnWord{
	{"action", actionText, false},
	{"actions", actionText, false},
	{"action item", actionText, false},
	{"action items", actionText, false},
	{"corrective action", actionText, false},
	{"description", actionText, false},
	{"task", actionText, false},
	{"what", actionText, false},
	{"item", actionText, false},
	{"improvement", actionText, false},
	{"measure", actionText, false},
	{"follow up", actionText, false},
	{"todo", actionText, false},
	{"recommendation", actionText, false},

	{"id", actionID, false},
	{"no", actionID, false},
	{"nr", actionID, false},
	{"key", actionID, false},

	{"kind", actionKind, true},
	{"type", actionKind, true},

	{"owner", actionOwner, true},
	{"owners", actionOwner, true},
	{"owned by", actionOwner, true},
	{"assigned", actionOwner, true},
	{"assignee", actionOwner, true},
	{"assignees", actionOwner, true},
	{"assigned to", actionOwner, true},
	{"dri", actionOwner, true},
	{"who", actionOwner, false},
	{"responsible", actionOwner, true},
	{"person", actionOwner, false},
	{"lead", actionOwner, false},

	{"due", actionDue, true},
	{"due date", actionDue, true},
	{"due by", actionDue, true},
	{"due day", actionDue, true},
	{"deadline", actionDue, true},
	{"target", actionDue, false},
	{"target date", actionDue, true},
	{"expected date", actionDue, false},
	{"eta", actionDue, true},
	{"date", actionDue, false},
	{"when", actionDue, false},
	{"by when", actionDue, false},

	{"done", actionDone, false},
	{"status", actionDone, true},
	{"state", actionDone, false},
	{"progress", actionDone, false},
	{"completed", actionDone, false},

	{"ticket", actionTicket, true},
	{"tickets", actionTicket, true},
	{"issue", actionTicket, true},
	{"issues", actionTicket, false},
	{"issue link", actionTicket, false},
	{"jira", actionTicket, true},
	{"bug", actionTicket, false},
	{"bugs", actionTicket, false},
	{"tracking", actionTicket, true},
	{"tracking bug", actionTicket, false},
	{"tracking issue", actionTicket, true},
	{"link", actionTicket, false},
	{"links", actionTicket, false},
	{"ref", actionTicket, false},
	{"reference", actionTicket, false},
	{"pr", actionTicket, false},
	{"issue pr", actionTicket, false},

	{"addresses", actionAddresses, true},
	{"address", actionAddresses, false},
	{"delta", actionAddresses, true},
	{"deltas", actionAddresses, true},
	{"gap", actionAddresses, false},
	{"plus", actionAddresses, false},
	{"plus delta", actionAddresses, false},

	{"repeats", actionRepeats, true},
	{"repeat of", actionRepeats, true},

	{"tracker", actionTracker, true},
	{"priority", actionPriority, true},
	{"prio", actionPriority, true},
	{"severity", actionPriority, false},

	{"category", actionCategory, false},
	{"area", actionCategory, false},
	{"component", actionCategory, false},
	{"team", actionCategory, false},

	{"notes", actionNotes, false},
	{"note", actionNotes, false},
	{"comment", actionNotes, false},
	{"comments", actionNotes, false},
	{"details", actionNotes, false},
	{"remarks", actionNotes, false},
	{"why", actionNotes, false},
}

// column recognises the head of a column.
func column(head string) attribute {
	words := wordsOf(plain(head))
	for _, c := range columnWords {
		if c.words == words {
			return c.is
		}
	}
	if strings.TrimSpace(head) == "#" {
		return actionID
	}
	return noAttribute
}

// inlineKey recognises the word before a colon beside an action.
func inlineKey(word string) attribute {
	words := wordsOf(word)
	for _, c := range columnWords {
		if c.inline && c.words == words {
			return c.is
		}
	}
	return noAttribute
}
