package report

import (
	"time"

	"percolate/ticket"
)

// Rows are what a report is made of, as the state returns it.
type Rows struct {
	Links    []ticket.Link
	Known    map[ticket.Address]ticket.Known
	Events   []ticket.Event
	History  []ticket.Observation // each ticket's together, in the order of reading
	Findings []ticket.Finding     // those that are not settled

	// Read is when the changes of each configured tracker were last read without error, by
	// its name; zero when they never were.
	Read map[string]time.Time
}

// Rules are the choices of a team.
type Rules struct {
	Zone        *time.Location // of all days; nil is UTC
	StalledDays int            // days without movement by a person after which an action is stalled
	DueSoonDays int            // how many days ahead a due day is soon; today is day 0
	Filter      Filter
}

// DefaultRules are those of a team that chooses none.
func DefaultRules() Rules { return Rules{Zone: time.UTC, StalledDays: 14, DueSoonDays: 7} }
