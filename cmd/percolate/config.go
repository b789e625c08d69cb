package main

import (
	"path/filepath"
	"time"
	_ "time/tzdata" // the binary stands alone, zones included

	"percolate/mapping"
	"percolate/report"
	"percolate/sync/plan"
	"percolate/ticket"
)

// defaultConfig is the configuration that is read when none is named.
const defaultConfig = "percolate.yaml"

// config is the configuration as it is written; the yaml tags are its keys.
// config.example.yaml explains every one of them.
type config struct {
	Documents      documentsConfig  `yaml:"documents"`
	State          stateConfig      `yaml:"state"`
	Trackers       []trackerConfig  `yaml:"trackers"`
	DefaultTracker string           `yaml:"default_tracker"`
	Routes         []mapping.Route  `yaml:"routes"`
	People         []mapping.Person `yaml:"people"`
	Teams          []mapping.Team   `yaml:"teams"`
	Mapping        mapping.Shape    `yaml:"mapping"`
	Policy         policyConfig     `yaml:"policy"`
	Report         reportConfig     `yaml:"report"`
	Check          checkConfig      `yaml:"check"`
	Serve          serveConfig      `yaml:"serve"`

	file string         // where it was read from
	zone *time.Location // of Documents.TimeZone
}

type documentsConfig struct {
	Paths     []string `yaml:"paths"`
	Exclude   []string `yaml:"exclude"`
	TimeZone  string   `yaml:"time_zone"`
	FileSince string   `yaml:"file_since"`
	URL       string   `yaml:"url"`
	WriteBack string   `yaml:"write_back"`
}

type stateConfig struct {
	Path string `yaml:"path"`
}

// trackerConfig is what all trackers have in common, and the section that its type
// decodes by itself.
type trackerConfig struct {
	Name           string `yaml:"name"`
	Type           string `yaml:"type"`
	Public         bool   `yaml:"public"`
	DefaultAccount string `yaml:"default_account"`

	Rest    map[string]any `yaml:",remain"` // as read; Section is what it means
	Section any            `yaml:"-"`       // the pointer that trackerSection made for Type
}

// filesConfig is the section of a tracker that is a folder of Markdown files.
type filesConfig struct {
	Dir      string         `yaml:"dir"`
	Accounts []string       `yaml:"accounts"`
	Statuses []statusConfig `yaml:"statuses"`
}

// statusConfig folds a tracker's own status words into one of percolate's statuses.
type statusConfig struct {
	Status string   `yaml:"status"`
	Words  []string `yaml:"words"`
}

type policyConfig struct {
	Mode          string            `yaml:"mode"`
	Fields        []fieldModeConfig `yaml:"fields"`
	Guard         guardConfig       `yaml:"guard"`
	OnRemoved     string            `yaml:"on_removed"`
	FileElsewhere bool              `yaml:"file_elsewhere"`
}

type fieldModeConfig struct {
	Field string `yaml:"field"`
	Mode  string `yaml:"mode"`
}

type guardConfig struct {
	Creations     int `yaml:"creations"`
	ChangePercent int `yaml:"change_percent"`
	ChangeFloor   int `yaml:"change_floor"`
}

type reportConfig struct {
	StalledDays int `yaml:"stalled_days"`
	DueSoonDays int `yaml:"due_soon_days"`
}

type checkConfig struct {
	Tolerance time.Duration `yaml:"tolerance"`
	Off       []string      `yaml:"off"`
}

type serveConfig struct {
	Interval time.Duration `yaml:"interval"`
	Settle   time.Duration `yaml:"settle"`
	Listen   string        `yaml:"listen"`
}

// What happens to the ticket of an action that left its document.
const (
	removedComment = "comment"
	removedClose   = "close"
)

// defaults is the configuration of a file that says nothing.
func defaults() config {
	guard, usual := plan.DefaultGuard(), report.DefaultRules()
	return config{
		Documents: documentsConfig{Paths: []string{"pers"}, TimeZone: "UTC", WriteBack: writeBackOff},
		State:     stateConfig{Path: "percolate.db"},
		Trackers:  []trackerConfig{{Name: "backlog", Type: "files", DefaultAccount: mapping.AccountName}},
		Mapping:   mapping.DefaultShape(),
		Policy: policyConfig{
			Mode:      string(plan.Theirs),
			Guard:     guardConfig{Creations: guard.Creations, ChangePercent: guard.ChangePercent, ChangeFloor: guard.ChangeFloor},
			OnRemoved: removedComment,
		},
		Report: reportConfig{StalledDays: usual.StalledDays, DueSoonDays: usual.DueSoonDays},
		Check:  checkConfig{Tolerance: time.Minute},
		Serve:  serveConfig{Interval: 5 * time.Minute, Settle: 2 * time.Minute, Listen: "127.0.0.1:9470"},
	}
}

// trackerSection makes the section of one type of tracker, with its defaults; nil for
// a type that does not exist. A new tracker adds its line here and in trackerTypes.
func trackerSection(typ string) any {
	switch typ {
	case "files":
		return &filesConfig{Dir: "backlog"}
	case "jira":
		return defaultJira()
	case "github":
		return defaultGitHub()
	case "rally":
		return defaultRally()
	case "redmine":
		return defaultRedmine()
	}
	return nil
}

func trackerTypes() []string { return []string{"files", "jira", "github", "rally", "redmine"} }

// dir is the folder of the configuration; paths in it are told from there.
func (c *config) dir() string { return filepath.Dir(c.file) }

// resolve is a path of the configuration as the program opens it.
func (c *config) resolve(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.dir(), filepath.FromSlash(path))
}

// relative is the path of a file as it is told from the configuration's folder, with
// slashes. By it documents are known, wherever percolate is started.
func (c *config) relative(name string) string {
	dir, errDir := filepath.Abs(c.dir())
	abs, errName := filepath.Abs(name)
	if errDir == nil && errName == nil {
		if rel, err := filepath.Rel(dir, abs); err == nil {
			name = rel
		}
	}
	return filepath.ToSlash(name)
}

// shown is a path that relative made, as it is told from where percolate was started.
func (c *config) shown(path string) string { return filepath.ToSlash(c.resolve(path)) }

// rules are the mapping rules of a run on the given day.
func (c *config) rules(today ticket.Day) (*mapping.Rules, error) {
	s := mapping.Settings{
		Today:          today,
		Zone:           c.zone,
		FileSince:      ticket.Day(c.Documents.FileSince),
		DocumentURL:    c.Documents.URL,
		DefaultTracker: c.DefaultTracker,
		Routes:         c.Routes,
		People:         c.People,
		Teams:          c.Teams,
		Shape:          c.Mapping,
	}
	for _, t := range c.Trackers {
		s.Trackers = append(s.Trackers, mapping.Tracker{Name: t.Name, Public: t.Public, Account: t.DefaultAccount})
	}
	return mapping.New(s)
}
