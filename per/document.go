package per

import "time"

// Text is a text of the document and the line it stands on, counting from 1; line 0
// means that the document does not state it.
type Text struct {
	Value string
	Line  int
}

// Instant is a time of the document. When the document gives no zone, the reader's
// zone was taken and Zoned is false.
type Instant struct {
	Time  time.Time
	Zoned bool
	Line  int
}

// IsZero reports whether the document does not state the time.
func (i Instant) IsZero() bool { return i.Time.IsZero() }

// Kind is what sort of event the document looks back on.
type Kind string

// The kinds that percolate knows; any other word is kept as it is written.
const (
	Outage      Kind = "outage"
	Degradation Kind = "degradation"
	NearMiss    Kind = "near-miss"
	Maintenance Kind = "maintenance"
	Security    Kind = "security"
)

// Status says how far the document is.
type Status string

// The statuses. A document that states none is agreed.
const (
	Draft  Status = "draft"  // read, but nothing is filed
	Agreed Status = "agreed" // its actions are decided
)

// ActionKind tells improvements from direct contributors.
type ActionKind string

// The kinds of action; empty when the document does not say, which counts as an improvement.
const (
	Improvement ActionKind = "improvement"
	Defect      ActionKind = "defect" // directly contributed to the event
)

// Document is one PER as it was understood.
type Document struct {
	Path         string // as given to Parse
	ID           Text   // as stated, else from the file name with line 0
	Title        Text
	Kind         Kind // empty when not stated
	KindLine     int
	Severity     Text
	Service      Text
	Team         Text
	Owner        Text   // the PER owner, who is not an action's owner
	Status       Status // Agreed when not stated
	StatusLine   int
	Confidential bool
	Day          Text // the day of the event as "2006-01-02", from the times, the front matter, the title or the file name

	Started, Detected, Resolved, Meeting Instant

	Summary   Text // Markdown
	Timeline  []Entry
	Pluses    []Observation
	Deltas    []Observation
	Luck      []Observation // where chance helped; nothing follows from it by itself
	Actions   []Action
	Accepted  []Acceptance
	Stated    Metrics // as the document states them
	Attendees []Text
}

// Entry is one line of the timeline. At is zero when no time could be read.
type Entry struct {
	At   Instant
	Text string // Markdown
	Line int
}

// Observation is a plus, a delta or a piece of luck.
type Observation struct {
	ID       string // "" when it has none
	Text     string // Markdown
	Accepted string // why it needs no action, "" when not accepted
	Line     int
}

// Action is a corrective action.
type Action struct {
	ID        string     // the action's own id, "" when it has none
	Text      string     // one line of Markdown, without markers, owner, due day, ticket and done mark
	Details   string     // what stands below it, Markdown
	Kind      ActionKind // "" when the document does not say
	Owners    []string   // as written, in order
	Due       Text       // as "2006-01-02", with Line 0 when there is none
	Done      *bool      // nil when not stated
	Ticket    string     // the first issue URL or key beside it, as written
	Refs      []string   // pull requests, commits, cards and further issues
	Addresses []string   // the ids of pluses and deltas, as written
	Repeats   string     // the earlier action or ticket that it repeats, as written
	Category  string     // the subheading or type column it stands under
	Priority  string     // as written
	Tracker   string     // the tracker that it asks for by name
	Certain   bool       // the document's form says that it is an action; else it is a guess
	Line      int

	at place
}

// Metrics are the figures of an event. Nil means not stated, or not to be computed.
type Metrics struct {
	Downtime                                          *time.Duration
	TimeToDetect                                      *time.Duration
	TimeToResolve                                     *time.Duration
	DowntimeLine, TimeToDetectLine, TimeToResolveLine int
}

// Level says how bad a problem is.
type Level string

// The levels. A document with an error is not acted on until it is mended.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Hint    Level = "hint"
)

// Problem is something in a document that its author should look at.
type Problem struct {
	Path    string
	Line    int // 0 is the document as a whole
	Level   Level
	Code    string // a short lasting word for tools: "front-matter", "times-out-of-order"
	Message string // what is the matter and how to mend it, one line
}
