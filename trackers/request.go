package trackers

import "time"

// Request is one request that a tracker sent, tries counted apart, for counters and
// for whoever watches percolate wait.
type Request struct {
	Tracker string
	Op      string // as in [Error], or "check"
	// Outcome is the code of what came of it; "" for success.
	Outcome Code
	Status  int           // of the answer; 0 when there was none
	Took    time.Duration // from sending it to the end of its answer
}
