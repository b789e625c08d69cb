// Package mapping decides what a document wants of the trackers: Rules.Map turns one
// per.Document into a ticket.Tree, with titles, bodies, labels, priorities, due days,
// owners and the tracker of each ticket, and with a reason where something must not be
// filed. It is pure and deterministic and sees one document at a time: what is filed
// already, and what is to be done about it, is decided elsewhere (sync/plan).
package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"percolate/ticket"
)

// Rules are settings that were found to be usable. They are safe for concurrent use.
type Rules struct {
	settings   Settings
	directory  directory
	routes     []route
	severities severities
	priorities table[ticket.Priority]
	dueDays    table[int]
	templates  templates
}

// Fault is one setting that cannot be used.
type Fault struct {
	Setting string // its path in a configuration: "routes[2].tracker"
	Err     error
}

// Error reads "routes[2].tracker: cause".
func (f *Fault) Error() string { return f.Setting + ": " + f.Err.Error() }

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// faults gathers everything that is wrong, so that it can be mended in one go.
type faults []error

func (f *faults) add(setting, format string, args ...any) {
	*f = append(*f, &Fault{Setting: setting, Err: fmt.Errorf(format, args...)})
}

// New checks the settings and makes them ready. The error joins one [*Fault] for
// everything that is wrong with them, template errors included.
func New(s Settings) (*Rules, error) {
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	if s.DefaultTracker == "" && len(s.Trackers) == 1 {
		s.DefaultTracker = s.Trackers[0].Name
	}
	var wrong faults
	checkDocuments(s, &wrong)
	checkTrackers(s, &wrong)
	r := &Rules{settings: s}
	r.severities = newSeverities(s.Shape.Severities, &wrong)
	r.directory = newDirectory(s, &wrong)
	r.routes = newRoutes(s, r.severities, &wrong)
	r.priorities = newPriorities(s.Shape.Priorities, r.severities, &wrong)
	r.dueDays = newDueDays(s.Shape.DueDays, r.severities, &wrong)
	r.templates = newTemplates(s.Shape, &wrong)
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return r, nil
}

func checkDocuments(s Settings, wrong *faults) {
	if u := s.DocumentURL; u != "" && !strings.Contains(u, "{path}") && !strings.Contains(u, "{id}") {
		wrong.add("documents.url", "%q has neither {path} nor {id}, so all documents would share it", u)
	}
	if s.FileSince != "" && !s.FileSince.Valid() {
		wrong.add("documents.file_since", "%q is not a day such as 2026-01-31", s.FileSince)
	}
	if s.Shape.DueAtLeast < 0 {
		wrong.add("mapping.due_at_least", "%d is less than 0 days", s.Shape.DueAtLeast)
	}
}

func checkTrackers(s Settings, wrong *faults) {
	seen := map[string]bool{}
	for i, t := range s.Trackers {
		at := fmt.Sprintf("trackers[%d]", i)
		switch {
		case t.Name == "":
			wrong.add(at+".name", "a tracker needs a name")
		case seen[fold(t.Name)]:
			wrong.add(at+".name", "there are two trackers called %q", t.Name)
		}
		seen[fold(t.Name)] = true
		switch t.Account {
		case "", AccountName, AccountEmail, AccountNone:
		default:
			wrong.add(at+".default_account", "%q is not one of name, email, none", t.Account)
		}
	}
	if _, ok := s.tracker(s.DefaultTracker); !ok && s.DefaultTracker != "" {
		wrong.add("default_tracker", "%s", unknownTracker(s, s.DefaultTracker))
	}
}

// tracker finds a tracker by its name in any case.
func (s Settings) tracker(name string) (Tracker, bool) {
	i := slices.IndexFunc(s.Trackers, func(t Tracker) bool { return fold(t.Name) == fold(name) })
	if i < 0 {
		return Tracker{}, false
	}
	return s.Trackers[i], true
}

func unknownTracker(s Settings, name string) string {
	var names []string
	for _, t := range s.Trackers {
		names = append(names, t.Name)
	}
	if len(names) == 0 {
		return fmt.Sprintf("there is no tracker %q, and no other", name)
	}
	return fmt.Sprintf("there is no tracker %q, only %s", name, strings.Join(names, ", "))
}

// fold is a name as it is compared: in lower case, with single spaces.
func fold(s string) string { return ticket.FoldText(s) }
