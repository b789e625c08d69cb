package per

import (
	"regexp"
	"strings"
	"unicode"
)

// role is what a section of a document is for.
type role int

const (
	other      role = iota // not recognised
	aside                  // recognised, and none of the below: lessons, causes, logs
	summary                //
	timeline               //
	keyTimes               // named times: "Resolved: 10:05"
	context                // a timeline only where its lines begin with times
	pluses                 //
	deltas                 //
	actions                // what stands here is decided
	intentions             // what stands here may be decided: its items are guesses
)

// headingWord is a heading and the role it gives its section. A heading matches when
// it says the words and no more, or with loose when it begins or ends with them.
type headingWord struct {
	words string
	role  role
	loose bool
}

// headingWords is the table that sections are recognised by. Words are lower case,
// without punctuation.
var headingWords = [...]headingWord{
	{"summary", summary, false},
	{"executive summary", summary, false},
	{"issue summary", summary, false},
	{"incident summary", summary, false},
	{"event summary", summary, false},
	{"overview", summary, false},
	{"what happened", summary, false},
	{"tl dr", summary, false},
	{"tldr", summary, false},

	{"timeline", timeline, true},
	{"time line", timeline, false},
	{"chronology", timeline, false},
	{"sequence of events", timeline, false},
	{"log of events", timeline, false},
	{"key events", keyTimes, false},
	{"context", context, false},

	{"pluses", pluses, false},
	{"plus", pluses, false},
	{"what went well", pluses, true},
	{"what we did well", pluses, false},
	{"what did we do well", pluses, false},
	{"things that went well", pluses, false},
	{"went well", pluses, false},
	{"what worked", pluses, false},
	{"what worked well", pluses, false},
	{"things that worked", pluses, false},
	{"what went right", pluses, false},
	{"positives", pluses, false},

	{"deltas", deltas, false},
	{"delta", deltas, false},
	{"gaps", deltas, false},
	{"what went wrong", deltas, true},
	{"things that went wrong", deltas, false},
	{"what went poorly", deltas, true},
	{"what went badly", deltas, false},
	{"what went less well", deltas, false},
	{"things that went poorly", deltas, false},
	{"things that went badly", deltas, false},
	{"what didn't work", deltas, false},
	{"what did not work", deltas, false},
	{"what didn't go well", deltas, true},
	{"what did not go well", deltas, true},
	{"what didn't go so well", deltas, false},
	{"things that didn't go well", deltas, false},
	{"went poorly", deltas, false},
	{"went wrong", deltas, false},
	{"what could have gone better", deltas, true},
	{"what could be better", deltas, false},
	{"what could have been better", deltas, false},
	{"what could be improved", deltas, false},
	{"what can be improved", deltas, false},
	{"what to improve", deltas, false},

	{"action items", actions, true},
	{"action item", actions, true},
	{"actions items", actions, false},
	{"actions", actions, false},
	{"action plan", actions, false},
	{"agreed actions", actions, false},
	{"our actions", actions, false},
	{"corrective actions", actions, true},
	{"corrective action", actions, false},
	{"corrective measures", actions, false},
	{"preventative actions", actions, false},
	{"preventive actions", actions, false},
	{"preventative measures", actions, false},
	{"preventive measures", actions, false},
	{"corrective and preventative measure", actions, false},
	{"corrective and preventative measures", actions, false},
	{"corrective and preventive measures", actions, false},
	{"corrective and preventive actions", actions, false},
	{"corrective and preventative actions", actions, false},
	{"remedial actions", actions, false},
	{"remediation actions", actions, false},
	{"remediation items", actions, false},
	{"remediation plan", actions, false},
	{"root cause remediations", actions, false},
	{"review actions", actions, false},
	{"resulting action", actions, false},
	{"resulting actions", actions, false},
	{"improvement actions", actions, false},
	{"follow up actions", actions, true},
	{"followup actions", actions, false},
	{"follow up items", actions, false},
	{"follow up tasks", actions, false},
	{"follow up improvements", actions, false},
	{"follow ups", actions, false},
	{"followups", actions, false},
	{"follow up", actions, false},
	{"future actions", actions, false},
	{"planned actions", actions, false},
	{"immediate actions", actions, false},
	{"actions planned", actions, false},
	{"action planned", actions, false},
	{"actions taken", actions, false},
	{"action taken", actions, false},
	{"next steps", actions, false},
	{"next actions", actions, false},
	{"tasks", actions, false},
	{"to do", actions, false},
	{"todo", actions, false},
	{"todos", actions, false},
	{"work items", actions, false},

	{"remediation", intentions, false},
	{"remediations", intentions, false},
	{"prevention", intentions, false},
	{"improvements", intentions, false},
	{"recommendations", intentions, false},
	{"looking forward", intentions, false},
	{"looking ahead", intentions, false},
	{"moving forward", intentions, false},
	{"going forward", intentions, false},
	{"future work", intentions, false},
	{"how are we going to do better in the future", intentions, false},
	{"how will we do better in the future", intentions, false},
	{"how do we prevent this", intentions, false},
	{"how are we preventing it from happening again", intentions, false},
	{"how are we preventing this from happening again", intentions, false},
	{"what are we doing to prevent this", intentions, false},
	{"what are we doing about it", intentions, false},

	{"lessons learned", aside, true},
	{"lessons learnt", aside, true},
	{"lessons", aside, false},
	{"key takeaways", aside, false},
	{"contributing factors", aside, false},
	{"root cause", aside, true},
	{"root causes", aside, true},
	{"causes", aside, false},
	{"cause", aside, false},
	{"trigger", aside, false},
	{"impact", aside, false},
	{"detection", aside, false},
	{"response", aside, false},
	{"resolution", aside, false},
	{"resolution and recovery", aside, false},
	{"recovery", aside, false},
	{"identified", aside, false},
	{"background", aside, false},
	{"where we got lucky", aside, true},
	{"where did we get lucky", aside, false},
	{"conclusion", aside, false},
	{"conclusions", aside, false},
	{"supporting information", aside, false},
	{"appendix", aside, true},
	{"references", aside, false},
	{"logs", aside, false},
	{"attendees", aside, false},
	{"open questions", aside, false},
	{"questions for follow up", aside, false},
}

var (
	aroundNumber = regexp.MustCompile(`^\s*(?:\d+(?:\.\d+)*[.):]?\s+)?`)
	inBrackets   = regexp.MustCompile(`[(\[{][^()\[\]{}]*[)\]}]`)
)

// roleOf recognises a section by its heading.
func roleOf(title string) role {
	title = plain(title)
	if len(title) > 200 {
		return other
	}
	title = title[len(aroundNumber.FindString(title)):]
	bare := inBrackets.ReplaceAllString(title, " ")
	head, _, _ := strings.Cut(bare, ":")
	dashed, _, _ := strings.Cut(bare, " - ")
	for _, s := range [...]string{bare, head, dashed} {
		if r := roleOfWords(wordsOf(s)); r != other {
			return r
		}
	}
	return other
}

func roleOfWords(words string) role {
	for _, h := range headingWords {
		if words == h.words {
			return h.role
		}
	}
	for _, h := range headingWords {
		if h.loose && (strings.HasPrefix(words, h.words+" ") || strings.HasSuffix(words, " "+h.words)) {
			return h.role
		}
	}
	return other
}

// wordsOf folds a text to lower case words with single spaces.
func wordsOf(s string) string {
	s = strings.ReplaceAll(strings.ToLower(s), "\u2019", "'")
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	}), " ")
}

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
	{"owned by", actionOwner, false},
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

// categories are bold lines over a group of actions that could pass for a name.
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
