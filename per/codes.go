package per

import (
	"slices"
	"strings"
)

// Code explains one kind of problem. Its name lasts: it stands in configurations and
// in the documents that accept it.
type Code struct {
	Name    string
	Level   Level  // at which it is mostly told
	Explain string // what it means and why it matters, one line
}

// Codes lists every code that Parse, Check, Accept and Repeats tell of, in the order
// of their names.
func Codes() []Code {
	codes := []Code{
		{"accept-unused", Warning, "something is accepted that is not found here, or not any more; take the acceptance out, so that it hides nothing later"},
		{"accept-without-reason", Warning, "a finding is accepted and nothing says why; it stays until a reason stands beside it"},
		{"binary", Error, "the file is not text, so nothing of it is read"},
		{"delta-without-action", Warning, "reality differed from the plan, nothing follows from it, and nothing says why; write an action that addresses it, or (accepted: why) behind it"},
		{"due-before-event", Warning, "an action is due before the event that it follows from; most often a wrong year"},
		{"duplicate-id", Error, "two actions, or two pluses or deltas, have one id; by ids they are found again, so they must differ"},
		{"empty", Error, "the file has no text"},
		{"encoding", Error, "the file is not UTF-8, so nothing of it is read"},
		{"front-matter", Error, "the keys at the head of the document cannot be read"},
		{"late-meeting", Hint, "the meeting is held later than 24 hours after the event, or after the Monday that follows, when memories have faded"},
		{"likely-repeat", Hint, "an action reads like earlier work that is not finished; if it is, say so and no second ticket is made"},
		{"metrics-disagree", Warning, "a stated figure differs from what the times give; one of them is wrong"},
		{"no-clock", Hint, "a day stands where a time should, so nothing can be computed from it"},
		{"no-due", Warning, "a defect contributed directly to the event and has no day by which it is mended"},
		{"no-meeting", Hint, "customers were affected, and no meeting is stated in which the actions were agreed"},
		{"no-metrics", Hint, "customers were affected, and neither figures nor times tell for how long or how it was noticed"},
		{"no-owner", Warning, "nobody is said to bring the action to its end; what nobody owns is seldom done"},
		{"no-severity", Hint, "nothing says how bad the event was, which decides how urgent its actions are"},
		{"no-title", Warning, "the document has no title, by which its ticket is called"},
		{"not-understood", Warning, "something stands in a place that is read and was not understood, so it is not acted on"},
		{"repeats-itself", Error, "an action says that it repeats itself"},
		{"not-written-back", Warning, "the ticket of an action could not be put beside it in the document; everything else was done"},
		{"struck-out", Hint, "an action is crossed out, so it is not filed"},
		{"times-out-of-order", Error, "a time lies before one that it must follow"},
		{"too-deep", Error, "lists, quotes or tags stand in each other deeper than anybody writes"},
		{"too-large", Error, "the file, or a part of it, is larger than what is read"},
		{"unknown-column", Hint, "a column of a table of actions is none that is known; it is kept as details"},
		{"unknown-id", Warning, "an action addresses a plus or delta that is not in this document"},
		{"unknown-key", Hint, "a key is none that is read; often a slip"},
		{"unknown-kind", Warning, "the kind of event is none that is known"},
		{"wrong-type", Error, "a key has a value that it cannot have, such as a time that is none"},
		{"yaml", Error, "the document is not YAML, though its name says so"},
	}
	slices.SortFunc(codes, func(a, b Code) int { return strings.Compare(a.Name, b.Name) })
	return codes
}
