package per

import (
	"regexp"
	"strings"
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

// fit says which headings a wording stands for: those that say it and no more, or
// also those that begin or end with it.
type fit int

const (
	whole fit = iota
	begins
	ends
	either
)

// headingWord is a wording of headings and the role it gives their sections.
type headingWord struct {
	words string
	role  role
	fit   fit
}

// headingWords is the table that sections are recognised by. Words are lower case,
// without punctuation.
var headingWords = [...]headingWord{
	{"summary", summary, whole},
	{"executive summary", summary, whole},
	{"issue summary", summary, whole},
	{"incident summary", summary, whole},
	{"event summary", summary, whole},
	{"overview", summary, whole},
	{"what happened", summary, whole},
	{"tl dr", summary, whole},
	{"tldr", summary, whole},

	{"timeline", timeline, either},
	{"time line", timeline, whole},
	{"chronology", timeline, whole},
	{"sequence of events", timeline, whole},
	{"log of events", timeline, whole},
	{"key events", keyTimes, whole},
	{"context", context, whole},

	{"pluses", pluses, whole},
	{"plus", pluses, whole},
	{"what went well", pluses, either},
	{"what we did well", pluses, whole},
	{"what did we do well", pluses, whole},
	{"things that went well", pluses, whole},
	{"went well", pluses, whole},
	{"what worked", pluses, whole},
	{"what worked well", pluses, whole},
	{"things that worked", pluses, whole},
	{"what went right", pluses, whole},
	{"positives", pluses, whole},

	{"deltas", deltas, whole},
	{"delta", deltas, whole},
	{"gaps", deltas, whole},
	{"what went wrong", deltas, either},
	{"things that went wrong", deltas, whole},
	{"what went poorly", deltas, either},
	{"what went badly", deltas, whole},
	{"what went less well", deltas, whole},
	{"things that went poorly", deltas, whole},
	{"things that went badly", deltas, whole},
	{"what didn't work", deltas, whole},
	{"what did not work", deltas, whole},
	{"what didn't go well", deltas, either},
	{"what did not go well", deltas, either},
	{"what didn't go so well", deltas, whole},
	{"things that didn't go well", deltas, whole},
	{"went poorly", deltas, whole},
	{"went wrong", deltas, whole},
	{"what could have gone better", deltas, either},
	{"what could be better", deltas, whole},
	{"what could have been better", deltas, whole},
	{"what could be improved", deltas, whole},
	{"what can be improved", deltas, whole},
	{"what to improve", deltas, whole},

	{"action items", actions, either},
	{"action item", actions, either},
	{"actions items", actions, whole},
	{"actions", actions, ends},
	{"action points", actions, either},
	{"actionables", actions, whole},
	{"actions and follow ups", actions, whole},
	{"action plan", actions, whole},
	{"agreed actions", actions, whole},
	{"our actions", actions, whole},
	{"corrective actions", actions, either},
	{"corrective action", actions, whole},
	{"corrective measures", actions, whole},
	{"preventative actions", actions, whole},
	{"preventive actions", actions, whole},
	{"preventative measures", actions, whole},
	{"preventive measures", actions, whole},
	{"corrective and preventative measure", actions, whole},
	{"corrective and preventative measures", actions, whole},
	{"corrective and preventive measures", actions, whole},
	{"corrective and preventive actions", actions, whole},
	{"corrective and preventative actions", actions, whole},
	{"remedial actions", actions, whole},
	{"remediation actions", actions, whole},
	{"remediation items", actions, whole},
	{"remediation plan", actions, whole},
	{"root cause remediations", actions, whole},
	{"review actions", actions, whole},
	{"resulting action", actions, whole},
	{"resulting actions", actions, whole},
	{"improvement actions", actions, whole},
	{"follow up actions", actions, either},
	{"followup actions", actions, whole},
	{"follow up items", actions, whole},
	{"follow up tasks", actions, whole},
	{"follow up improvements", actions, whole},
	{"follow ups", actions, begins},
	{"follow up work", actions, whole},
	{"follow up plan", actions, whole},
	{"followups", actions, whole},
	{"follow up", actions, whole},
	{"future actions", actions, whole},
	{"planned actions", actions, whole},
	{"immediate actions", actions, whole},
	{"actions planned", actions, whole},
	{"action planned", actions, whole},
	{"actions taken", actions, whole},
	{"action taken", actions, whole},
	{"next steps", actions, whole},
	{"next actions", actions, whole},
	{"tasks", actions, whole},
	{"to do", actions, whole},
	{"todo", actions, whole},
	{"todos", actions, whole},
	{"work items", actions, whole},

	{"remediation", intentions, whole},
	{"remediations", intentions, whole},
	{"prevention", intentions, whole},
	{"improvements", intentions, whole},
	{"recommendations", intentions, whole},
	{"looking forward", intentions, whole},
	{"looking ahead", intentions, whole},
	{"moving forward", intentions, whole},
	{"going forward", intentions, whole},
	{"future work", intentions, whole},
	{"future prevention", intentions, whole},
	{"preventing recurrence", intentions, whole},
	{"prevention of recurrence", intentions, whole},
	{"steps to prevent recurrence", intentions, whole},
	{"mitigations", intentions, whole},
	{"what we will do", intentions, begins},
	{"what will we do", intentions, begins},
	{"what we're doing", intentions, begins},
	{"what are we doing", intentions, begins},
	{"how will we prevent", intentions, begins},
	{"how are we preventing", intentions, begins},
	{"how do we prevent", intentions, begins},
	{"how we will prevent", intentions, begins},
	{"how to prevent", intentions, begins},
	{"how are we going to do better in the future", intentions, whole},
	{"how will we do better in the future", intentions, whole},

	{"lessons learned", aside, either},
	{"lessons learnt", aside, either},
	{"lessons", aside, whole},
	{"key takeaways", aside, whole},
	{"contributing factors", aside, whole},
	{"root cause", aside, either},
	{"root causes", aside, either},
	{"causes", aside, whole},
	{"cause", aside, whole},
	{"trigger", aside, whole},
	{"impact", aside, whole},
	{"detection", aside, whole},
	{"response", aside, whole},
	{"resolution", aside, whole},
	{"response actions", aside, whole},
	{"recovery actions", aside, whole},
	{"mitigation actions", aside, whole},
	{"user actions", aside, whole},
	{"resolution and recovery", aside, whole},
	{"recovery", aside, whole},
	{"identified", aside, whole},
	{"background", aside, whole},
	{"where we got lucky", aside, either},
	{"where did we get lucky", aside, whole},
	{"conclusion", aside, whole},
	{"conclusions", aside, whole},
	{"supporting information", aside, whole},
	{"appendix", aside, either},
	{"references", aside, whole},
	{"logs", aside, whole},
	{"attendees", aside, whole},
	{"open questions", aside, whole},
	{"questions for follow up", aside, whole},
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
		if (h.fit == begins || h.fit == either) && strings.HasPrefix(words, h.words+" ") ||
			(h.fit == ends || h.fit == either) && strings.HasSuffix(words, " "+h.words) {
			return h.role
		}
	}
	return other
}
