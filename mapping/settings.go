package mapping

import (
	"time"

	"percolate/ticket"
)

// Settings are the rules as a team states them. The yaml tags are the names by which
// a configuration, and every [Fault], calls them.
type Settings struct {
	Today       ticket.Day     // the civil day of the run; "" leaves DueAtLeast out
	Zone        *time.Location // where days and times of day are told; nil is UTC
	FileSince   ticket.Day     // documents of an earlier day file nothing; "" is no limit
	Root        string         // the folder that routes, links and bodies tell paths from; "" is where Map's paths start
	DocumentURL string         // where documents are shown, with {path} and {id}; "" names the path

	Trackers       []Tracker
	DefaultTracker string // where no route leads elsewhere; "" means the only tracker, if there is one
	Routes         []Route
	People         []Person
	Teams          []Team
	Shape          Shape
}

// Tracker is what the rules know of a configured tracker.
type Tracker struct {
	Name    string
	Public  bool   // nothing confidential goes there
	Account string // AccountName, AccountEmail or AccountNone; "" is AccountName
}

// What stands for a person who has no account listed for a tracker.
const (
	AccountName  = "name"  // the person's name
	AccountEmail = "email" // the e-mail address
	AccountNone  = "none"  // nothing: the ticket is filed unassigned
)

// Route sends the documents that fit all of its stated conditions to a tracker.
type Route struct {
	Team         string `yaml:"team"`
	Service      string `yaml:"service"`
	Severity     string `yaml:"severity"`
	Kind         string `yaml:"kind"` // the kind of event: outage, near-miss, ...
	Path         string `yaml:"path"` // a glob, see [ParseGlob]
	Confidential *bool  `yaml:"confidential"`
	Tracker      string `yaml:"tracker"`
}

// Person is somebody who may own an action.
type Person struct {
	Name     string    `yaml:"name"`
	Aliases  []string  `yaml:"aliases"` // other ways in which documents write the name
	Email    string    `yaml:"email"`
	Accounts []Account `yaml:"accounts"`
}

// Account is a person's account on one tracker, as that tracker wants it.
type Account struct {
	Tracker string `yaml:"tracker"`
	Account string `yaml:"account"`
}

// Team is a group that may own an action. It becomes a label and never an assignee.
type Team struct {
	Name    string   `yaml:"name"`
	Aliases []string `yaml:"aliases"`
	Label   string   `yaml:"label"` // "" is the name as a label
}

// Shape says what tickets look like. Titles, bodies and labels are templates of
// text/template; see [Shape.Title] and the files in templates for what they may use.
type Shape struct {
	Title       string   `yaml:"title"`        // of a child: {{.Document}} {{.ID}} {{.Text}}
	ParentTitle string   `yaml:"parent_title"` // {{.Document}} {{.Title}}
	TitleLength int      `yaml:"title_length"` // in runes; a longer title is cut at a word
	Body        string   `yaml:"body"`         // "" is templates/child.md.tmpl
	ParentBody  string   `yaml:"parent_body"`  // "" is templates/parent.md.tmpl
	Labels      []string `yaml:"labels"`       // {{.Kind}} {{.EventKind}} {{.Severity}} {{.Service}} {{.Team}}; empty ones are left out

	Severities []Severity    `yaml:"severities"` // from the worst down
	Priorities []PriorityRow `yaml:"priorities"`
	DueDays    []DueRow      `yaml:"due_days"`
	DueAtLeast int           `yaml:"due_at_least"` // days between filing and a due day of policy
}

// Severity is one step of a severity scale and the words that documents use for it.
// Case, spaces, dashes and underscores in words do not count.
type Severity struct {
	Name  string   `yaml:"name"`
	Words []string `yaml:"words"`
}

// OtherSeverity names the row of a table that serves all severities without a row of
// their own, and documents without one.
const OtherSeverity = "other"

// PriorityRow gives the priorities of one severity: lowest, low, medium, high,
// highest or none.
type PriorityRow struct {
	Severity string `yaml:"severity"`
	Parent   string `yaml:"parent"`
	Story    string `yaml:"story"`
	Defect   string `yaml:"defect"`
}

// DueRow gives, for one severity, the days from the meeting to the due day; 0 is no
// due day.
type DueRow struct {
	Severity string `yaml:"severity"`
	Parent   int    `yaml:"parent"`
	Story    int    `yaml:"story"`
	Defect   int    `yaml:"defect"`
}

// DefaultShape is the shape of a team that configures none.
func DefaultShape() Shape {
	return Shape{
		Title:       "{{.Text}}",
		ParentTitle: "{{.Document}}: {{.Title}}",
		TitleLength: 120,
		Labels:      []string{"percolate", "{{.Severity}}", "{{.Service}}"},
		Severities: []Severity{
			{Name: "sev1", Words: []string{"s1", "p1", "1", "sev0", "s0", "p0", "critical", "blocker"}},
			{Name: "sev2", Words: []string{"s2", "p2", "2", "high", "major"}},
			{Name: "sev3", Words: []string{"s3", "p3", "3", "medium", "moderate"}},
			{Name: "sev4", Words: []string{"s4", "p4", "4", "low", "minor"}},
			{Name: "sev5", Words: []string{"s5", "p5", "5", "info"}},
		},
		Priorities: []PriorityRow{
			{Severity: "sev1", Parent: "high", Story: "high", Defect: "highest"},
			{Severity: "sev2", Parent: "high", Story: "medium", Defect: "high"},
			{Severity: "sev4", Parent: "low", Story: "low", Defect: "medium"},
			{Severity: "sev5", Parent: "low", Story: "low", Defect: "medium"},
			{Severity: OtherSeverity, Parent: "medium", Story: "medium", Defect: "high"},
		},
		DueDays: []DueRow{
			{Severity: "sev1", Story: 14, Defect: 7},
			{Severity: "sev2", Story: 28, Defect: 14},
			{Severity: OtherSeverity, Story: 56, Defect: 28},
		},
		DueAtLeast: 7,
	}
}
