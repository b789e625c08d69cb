package per

import (
	"regexp"
	"slices"
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
	luck                   // where chance helped
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

// wordings are the headings that give a section a role. Words are lower case, without
// punctuation.
type wordings struct {
	role  role
	fit   fit
	words []string
}

// headings is the table that sections are recognised by.
var headings = [...]wordings{
	{summary, whole, []string{
		"summary", "executive summary", "issue summary", "incident summary", "event summary", "brief summary", "short summary",
		"high level summary", "overview", "incident overview", "what happened", "tl dr", "tldr", "synopsis", "abstract",
		"zusammenfassung", "resumen", "r\u00e9sum\u00e9",
	}},

	{timeline, either, []string{"timeline"}},
	{timeline, whole, []string{
		"time line", "chronology", "chronology of events", "sequence of events", "order of events", "log of events", "incident log",
		"event log", "history of events", "events", "zeitleiste", "zeitlicher ablauf", "chronologie", "l\u00ednea de tiempo", "cronolog\u00eda",
	}},
	{keyTimes, whole, []string{"key events", "key times", "key timestamps", "important times"}},
	{context, whole, []string{"context"}},

	{pluses, either, []string{"what went well"}},
	{pluses, whole, []string{
		"pluses", "plus", "what we did well", "what did we do well", "what was done well", "what did go well", "things that went well",
		"things we did well", "things done well", "went well", "what worked", "what worked well", "things that worked", "things that worked well",
		"what went right", "what went as expected", "what went great", "what helped", "positives", "successes", "the good",
		"was gut lief", "was lief gut", "ce qui a bien fonctionn\u00e9", "lo que sali\u00f3 bien",
	}},

	{deltas, either, []string{
		"what went wrong", "what went poorly", "what didn't go well", "what did not go well", "what could have gone better",
		"what could have been better",
	}},
	{deltas, whole, []string{
		"deltas", "delta", "gaps", "things that went wrong", "what went badly", "what went less well", "what went not so well", "what went bad",
		"things that went poorly", "things that went badly", "things that didn't go well", "things that did not go well",
		"things that could have gone better", "what didn't work", "what did not work", "what didn't work well", "what did not work well",
		"what didn't go so well", "what did not go so well", "what didn't go as well", "what hurt", "went poorly", "went wrong",
		"what could be better", "what could be improved", "what could have been improved", "what can be improved", "what can we improve",
		"what could we improve", "what to improve", "what could we have done better", "what could we do better", "what can we do better",
		"what we could have done better", "what we could do better", "areas for improvement", "areas of improvement", "areas to improve",
		"opportunities for improvement", "negatives", "the bad", "was schlecht lief", "was lief schlecht", "lo que sali\u00f3 mal",
	}},

	{luck, either, []string{"where we got lucky", "where did we get lucky", "where were we lucky"}},
	{luck, whole, []string{"luck", "what was lucky", "where we were lucky", "how we got lucky", "how did we get lucky"}},

	{actions, either, []string{"action items", "action item", "action points", "corrective actions", "follow up actions", "actions to take", "actions to be taken"}},
	{actions, ends, []string{"actions", "next steps", "follow ups", "todos"}},
	{actions, begins, []string{"follow ups", "actions to prevent"}},
	{actions, whole, []string{
		"actions items", "action register", "action log", "actions log", "action tracker", "action tracking", "task list", "post incident tasks",
		"actionables", "actionable items", "next steps", "next actions", "action plan", "action list", "list of actions", "agreed actions", "our actions",
		"actions arising", "corrective action", "corrective measures", "corrective action plan", "countermeasures", "counter measures",
		"preventative measures", "preventive measures", "preventative action", "preventive action", "corrective and preventative measure",
		"corrective and preventative measures", "corrective and preventive measures", "corrective and preventive action",
		"corrective and preventative action", "capa", "remedial measures", "remediation items", "remediation tasks",
		"remediation plan", "root cause remediations", "resulting action", "improvement items", "improvement tasks", "follow up", "followup",
		"followups", "follow up items", "followup items", "follow up tasks", "followup tasks", "follow up steps", "followup steps",
		"follow up improvements", "follow up work", "follow up plan", "follow up tickets", "follow up issues", "actions planned",
		"action planned", "actions taken", "action taken", "tasks", "to do", "todo", "todos", "to dos", "to do list", "work items",
		"ma\u00dfnahmen", "n\u00e4chste schritte", "actions correctives", "prochaines \u00e9tapes", "acciones", "acciones correctivas", "pr\u00f3ximos pasos",
	}},

	{intentions, begins, []string{
		"what we will do", "what will we do", "what we're doing", "what we are doing", "what are we doing", "what we're going to do",
		"what are we going to do", "what we're changing", "what we are changing", "what are we changing", "steps we're taking",
		"steps we are taking", "how will we prevent", "how are we preventing", "how do we prevent", "how can we prevent", "how we will prevent",
		"how to prevent", "what have we done", "what we have done", "what we've done", "how do we avoid", "how can we avoid", "how will we avoid", "how to avoid", "preventing future", "avoiding future",
	}},
	{intentions, whole, []string{
		"remediation", "remediations", "remediation steps", "prevention", "preventions", "prevention plan", "prevention steps", "preventive steps", "preventative steps", "corrective steps", "improvements", "future improvements",
		"planned improvements", "proposed improvements", "potential improvements", "possible improvements", "recommendations", "suggestions",
		"proposals", "proposed actions", "proposed action items", "possible actions", "potential actions", "suggested actions",
		"recommended actions", "proposed solutions", "looking forward", "looking ahead", "moving forward", "going forward", "future work",
		"future prevention", "future plans", "plans", "preventing recurrence", "prevention of recurrence", "avoiding recurrence",
		"steps to prevent recurrence", "recurrence prevention", "mitigations", "mitigation plan", "fixes", "long term fix", "long term fixes",
		"long term solution", "permanent fix", "permanent solution", "what's next", "what next", "what is next", "what happens next",
		"what will change", "what changes", "how are we going to do better in the future", "how will we do better in the future",
		"how can we do better", "how will we do better",
	}},

	{aside, either, []string{"lessons learned", "lessons learnt", "root cause", "appendix"}},
	{aside, begins, []string{"actions taken during", "actions during"}},
	{aside, whole, []string{
		"lessons", "learnings", "key takeaways", "takeaways", "contributing factors", "root causes", "causes", "cause", "trigger", "impact",
		"customer impact", "detection", "response", "resolution", "response actions", "recovery actions", "mitigation actions",
		"user actions", "customer actions", "responder actions", "initial actions", "emergency actions", "resolution and recovery", "recovery", "identified", "background",
		"leadup", "lead up", "fault", "mitigation", "conclusion", "conclusions", "supporting information", "references", "links", "glossary", "logs",
		"attendees", "participants", "responders", "people involved", "open questions", "questions for follow up", "metadata",
	}},
}

var (
	aroundNumber = regexp.MustCompile(`^\s*(?:(?:\d+(?:\.\d+)*[.):]?|[IVX]{1,4}[.)]|[A-H][.)])\s+)?`)
	inBrackets   = regexp.MustCompile(`[(\[{][^()\[\]{}]*[)\]}]`)
)

// roleOf recognises a section by its heading.
func roleOf(title string) role {
	title = plain(title)
	if len(title) > 200 {
		return other
	}
	title = title[len(aroundNumber.FindString(title)):]
	title = strings.NewReplacer("&", " and ", "/", " and ", "+", " and ", "\u2013", "-", "\u2014", "-").Replace(title)
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

// roleOfWords is the role of a heading that says one thing, or several that are known.
func roleOfWords(words string) role {
	if r := roleOfWhole(words); r != other {
		return r
	}
	if r, ok := roleOfParts(words); ok {
		return r
	}
	for _, h := range headings {
		for _, w := range h.words {
			more := len(words) - len(w) - 1
			if more < 0 || h.fit == whole {
				continue
			}
			if h.fit != ends && words[len(w)] == ' ' && strings.HasPrefix(words, w) ||
				h.fit != begins && words[more] == ' ' && strings.HasSuffix(words, w) {
				return h.role
			}
		}
	}
	return other
}

// roleOfWhole is the role of a heading that is in the table as it stands.
func roleOfWhole(words string) role {
	for _, h := range headings {
		if slices.Contains(h.words, words) {
			return h.role
		}
	}
	return other
}

// roleOfParts reads "Remediation and next steps". Where only some of it are actions,
// its items may be anything, so that they are guesses.
func roleOfParts(words string) (role, bool) {
	parts := strings.Split(words, " and ")
	if len(parts) < 2 {
		return other, false
	}
	r := other
	for _, part := range parts {
		next := roleOfWords(part)
		switch {
		case next == other:
			return other, false
		case r == other || r == aside:
			if r == aside && (next == actions || next == intentions) {
				next = intentions
			}
			r = next
		case next == r || next == aside && r != actions:
		case r == actions || r == intentions || next == actions || next == intentions:
			r = intentions
		}
	}
	return r, true
}
