// Package redmine is a tracker for Redmine 5.0 and later. It files each ticket with
// marker and all fields in one request, polls every project by one query, and changes
// named fields only, with status and comment in the same request.
//
// A ticket's ref is the number of its issue, which stays when the issue moves to another
// project. The marker is a text in a custom field, which an administrator has to add, or
// a hidden line of the description; both are found by Redmine's own filters, and what
// they find is compared exactly. Redmine's database answers at once, so that a new
// ticket is found without a lag.
//
// Redmine takes some values without a word and drops them, such as the due day of an
// issue with others below it. So every answer is compared with what was asked. What this
// package does not do: create projects, trackers, fields or people, read wikis or
// repositories, attach files, or tell who moved an issue (that costs a read of each).
package redmine

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// Format says how the server reads texts, which an administrator chooses under General.
type Format string

// The formats.
const (
	Textile  Format = "textile"
	Markdown Format = "markdown" // and CommonMark
)

// Options configure a tracker. Name, URL, Project, Key and Now are needed.
type Options struct {
	Name     string
	URL      string // as people open it, with its path if it has one
	Key      string // the API key of an account
	Project  string // the identifier, as in the address of the project's page
	Projects []string
	Public   bool // see [trackers.Info]
	Insecure bool // allow plain http to another host

	Format      Format // Textile when empty
	MarkerField int    // the number of the custom field that holds the marker; 0 for the description
	LabelsField int    // the number of the custom field that holds labels; 0 for the description
	Marker      string // begins the marker; "percolate" when empty
	BareNumbers bool   // a document's "#12" names an issue here

	Types      map[ticket.Kind]string // names of trackers; those of [DefaultTypes] when nil
	Priorities map[ticket.Priority][]string
	Statuses   map[ticket.Status][]string // further names of statuses
	Values     []Value                    // of custom fields that your Redmine asks for

	Parallel  int           // requests at once; 4 when 0
	Overlap   time.Duration // how far a poll looks back behind the last one; 5 minutes when 0
	UserAgent string
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error // waits between tries; nil really waits
	Observe   func(trackers.Request)                     // is told of every request
	Transport http.RoundTripper                          // nil is the standard library's
}

// Value is the fixed value of a custom field of the tickets of some kinds.
type Value struct {
	Field int // its number
	Value string
	Kinds []ticket.Kind // nil for all
}

// Tracker is one project of a Redmine. It is safe for concurrent use.
type Tracker struct {
	opt   Options
	rest  *rest.Client
	marks marks
	folds folds

	learning sync.Mutex // guards facts, and is held while we ask for them
	facts    facts

	asking  sync.Mutex // is held while we ask who is a member or what a project is called
	mu      sync.Mutex
	people  map[string]members // of a project, by its identifier
	names   map[int]string     // the identifiers of projects by number
	called  map[ticket.Ref]string
	stopped error // why nothing more is filed: what was filed last lacks something
}

// requestTime is how long one request may take: with many watchers Redmine works long.
const requestTime = time.Minute

// New makes a tracker. It does no I/O. The error is for who wrote the configuration.
func New(opt Options) (*Tracker, error) {
	opt = withDefaults(opt)
	t := &Tracker{opt: opt, marks: marks{opt.Marker, opt.MarkerField}, folds: newFolds(opt), people: map[string]members{}, names: map[int]string{}, called: map[ticket.Ref]string{}}
	var err error
	t.rest, err = rest.New(rest.Options{
		Tracker: opt.Name, Base: opt.URL, Auth: rest.Header("X-Redmine-API-Key", opt.Key), Secrets: []string{opt.Key},
		Insecure: opt.Insecure, UserAgent: opt.UserAgent, Timeout: requestTime, Parallel: opt.Parallel,
		Now: opt.Now, Sleep: opt.Sleep, Observe: opt.Observe, Transport: opt.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", opt.Name, err)
	}
	return t, nil
}

// DefaultTypes are the names of the trackers for our kinds, as Redmine's default data
// have them.
func DefaultTypes() map[ticket.Kind]string {
	return map[ticket.Kind]string{ticket.KindParent: "Feature", ticket.KindStory: "Feature", ticket.KindDefect: "Bug"}
}

// DefaultPriorities are the names of priorities in Redmine's default data, the one that
// we write first.
func DefaultPriorities() map[ticket.Priority][]string {
	return map[ticket.Priority][]string{
		ticket.PriorityHighest: {"Urgent", "Immediate"},
		ticket.PriorityHigh:    {"High"},
		ticket.PriorityMedium:  {"Normal"},
		ticket.PriorityLow:     {"Low"},
		ticket.PriorityLowest:  {"Lowest", "Low"},
	}
}

func withDefaults(opt Options) Options {
	opt.URL = strings.TrimRight(opt.URL, "/")
	opt.Format = cmp.Or(opt.Format, Textile)
	opt.Marker = cmp.Or(opt.Marker, "percolate")
	opt.Parallel = cmp.Or(opt.Parallel, 4)
	opt.Overlap = cmp.Or(opt.Overlap, 5*time.Minute)
	types := DefaultTypes()
	for kind, name := range opt.Types {
		types[kind] = cmp.Or(name, types[kind])
	}
	opt.Types = types
	priorities := DefaultPriorities()
	for p, names := range opt.Priorities {
		priorities[p] = names
	}
	opt.Priorities = priorities
	return opt
}

// createBatch is how many tickets one Create takes: enough for all that may be under way
// at once, and few enough that little is in doubt when it is cut off.
const createBatch = 40

// Info tells what Redmine takes and can do.
func (t *Tracker) Info() trackers.Info {
	return trackers.Info{
		Name:        t.opt.Name,
		Type:        "redmine",
		Where:       t.opt.URL + ", project " + t.opt.Project,
		Public:      t.opt.Public,
		Batch:       createBatch,
		PerWrite:    1,
		GetBatch:    pageSize,
		Parallel:    t.opt.Parallel,
		Priorities:  true,
		Due:         true,
		KindChanges: true,
		Recognise:   t.recognise,
	}
}

var (
	named     = regexp.MustCompile(`^([a-z0-9][a-z0-9_-]*)?#([1-9][0-9]*)$`)
	addressed = regexp.MustCompile(`^/issues/([1-9][0-9]*)(?:[/?#].*)?$`)
)

// recognise knows addresses of issues here, names such as "ops#12" in the configured
// projects, and bare numbers where they are said to mean ours.
func (t *Tracker) recognise(text string) (ticket.Ref, bool) {
	text = strings.TrimSpace(text)
	if path, ok := strings.CutPrefix(text, t.opt.URL); ok {
		if m := addressed.FindStringSubmatch(path); m != nil {
			return ticket.Ref(m[1]), true
		}
		return "", false
	}
	m := named.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	if m[1] == "" {
		return ticket.Ref(m[2]), t.opt.BareNumbers
	}
	for _, project := range append([]string{t.opt.Project}, t.opt.Projects...) {
		if m[1] == project {
			return ticket.Ref(m[2]), true
		}
	}
	return "", false
}
