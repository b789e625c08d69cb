package report

// State says what has become of an action; an action is in one state.
type State string

// The states.
const (
	Open      State = "open"      // not finished, whoever works on it
	Done      State = "done"      // finished; nothing else counts as done
	Dropped   State = "dropped"   // won't do
	Duplicate State = "duplicate" // closed as a duplicate of another ticket
	Gone      State = "gone"      // its ticket is deleted, or not visible to us
	Retired   State = "retired"   // its document does not ask for it any more
	Repeat    State = "repeat"    // repeats an earlier action and has no ticket of its own
	Filing    State = "filing"    // whether its ticket was filed is not known yet
	Unread    State = "unread"    // its ticket is there and was never read
	Released  State = "released"  // a person said that percolate shall leave its ticket alone
)

// States lists every state once, in the order in which they are shown.
func States() []State {
	return []State{Open, Done, Dropped, Duplicate, Gone, Retired, Repeat, Filing, Unread, Released}
}

// Mark says what is to be noticed about an open action; it may have several.
type Mark string

// The marks.
const (
	Overdue    Mark = "overdue"    // its due day has passed
	DueSoon    Mark = "due-soon"   // its due day is today or in the next days
	Stalled    Mark = "stalled"    // no person moved it for many days
	Blocked    Mark = "blocked"    // its tracker says so
	Unowned    Mark = "unowned"    // its document names no owner
	Unassigned Mark = "unassigned" // nobody is assigned in its tracker
	Reopened   Mark = "reopened"   // it was finished before
	HitAgain   Mark = "hit-again"  // a later event met the same problem
	Drifted    Mark = "drifted"    // its priority is another than when it was filed
)

// Marks lists every mark once, in the order in which they are shown.
func Marks() []Mark {
	return []Mark{Overdue, DueSoon, Stalled, Blocked, Unowned, Unassigned, Reopened, HitAgain, Drifted}
}

// Source says how it is known when a person last moved an action.
type Source string

// The sources.
const (
	FromTracker Source = "tracker" // the tracker told, comments included
	FromHistory Source = "history" // status or assignee changed between two readings
	FromFiling  Source = "filing"  // nobody moved it since percolate began to track it
)
