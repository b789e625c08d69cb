// Package jira is a tracker for Jira Cloud and Jira Data Center. It files a document's
// parent and its children in bulk, with marker and all fields in the request that
// creates each, polls by one query, and changes named fields only.
//
// A ticket's ref is Jira's numeric id, which stays when an issue moves and gets another
// key. The marker is three labels, by which tickets are found, and an entity property,
// which says for certain which key a ticket serves. The search of Cloud lags behind by
// seconds to minutes, so an empty answer proves nothing; see [Options.FindLag].
//
// Texts go through version 2 of the API as wiki markup. What it does not do: create
// projects, types or fields, read boards and sprints, or receive webhooks.
package jira

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	jiralib "github.com/andygrunwald/go-jira"
	"golang.org/x/sync/singleflight"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// Deployment says which Jira it is.
type Deployment string

// The deployments.
const (
	Auto       Deployment = "" // ask the server
	Cloud      Deployment = "cloud"
	DataCenter Deployment = "data-center"
)

// Hierarchy says how children hang below their parent.
type Hierarchy string

// The hierarchies.
const (
	Epic    Hierarchy = "epic"    // the parent is an epic
	Subtask Hierarchy = "subtask" // the children are sub-tasks
	Link    Hierarchy = "link"    // any types, joined by an issue link
)

// Options configure a tracker. Name, URL, Project, Token and Now are needed.
type Options struct {
	Name       string
	URL        string // the site as people open it, without a path behind it unless Jira has one
	API        string // where the API is, if not at URL: the gateway that scoped tokens need
	User       string // the e-mail address of an API token (Cloud) or the user name; "" for a bearer token
	Token      string
	Deployment Deployment
	Project    string   // its key
	Projects   []string // keys of further projects whose tickets a document may name
	Public     bool     // see [trackers.Info]
	Insecure   bool     // allow plain http to another host

	Hierarchy    Hierarchy              // Epic when empty
	LinkType     string                 // for Link; "Relates" when empty
	ChildProject string                 // for Link: where children are filed; Project when empty
	Types        map[ticket.Kind]string // names or ids; those of [DefaultTypes] when nil
	Values       []Value                // of fields that your Jira asks for
	Priorities   map[ticket.Priority][]string
	// Statuses are further words for statuses: names of statuses and, for finished
	// tickets, of resolutions. Words of Blocked may also be labels.
	Statuses map[ticket.Status][]string
	Flag     string   // the name of the field that marks a ticket as blocked; "" looks at none
	Bots     []string // accounts that are no people, besides apps and our own
	Marker   string   // starts the labels of our marker; "percolate" when empty
	// FindLag is how long a new ticket may stay invisible to the search; 10 minutes when
	// 0, and a minute for a configured Data Center.
	FindLag time.Duration

	Parallel  int // requests at once; 4 when 0
	UserAgent string
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error // waits between tries; nil really waits
	Observe   func(trackers.Request)                     // is told of every request
	Transport http.RoundTripper                          // nil is the standard library's
}

// Value is the fixed value of one field, by name or id, of the tickets of some kinds.
type Value struct {
	Field string
	Value string        // parts of a list are separated by commas
	Kinds []ticket.Kind // nil for all
}

// Tracker is one project of a Jira. It is safe for concurrent use.
type Tracker struct {
	opt   Options
	rest  *rest.Client
	anon  *rest.Client // without credentials, to see what the public sees
	jira  *jiralib.Client
	marks marks
	folds folds

	learning sync.Mutex         // held while we ask for facts
	asking   singleflight.Group // for people

	mu      sync.Mutex // guards what follows; taken after learning
	facts   facts
	people  map[string]found
	ids     map[string]ticket.Ref // of issues by key, which is how epic links name them
	keys    map[ticket.Ref]string
	highest map[string]int // the highest number of an issue that we have seen, by project
}

// requestTime is how long one request may take: Jira works long on fifty tickets.
const requestTime = time.Minute

// New makes a tracker. It does no I/O. The error is for who wrote the configuration.
func New(opt Options) (*Tracker, error) {
	opt = withDefaults(opt)
	auth := rest.Bearer(opt.Token)
	if opt.User != "" {
		auth = rest.Basic(opt.User, opt.Token)
	}
	t := &Tracker{
		opt: opt, marks: marks{opt.Marker}, folds: newFolds(opt),
		people: map[string]found{}, ids: map[string]ticket.Ref{}, keys: map[ticket.Ref]string{}, highest: map[string]int{},
	}
	ro := rest.Options{
		Tracker: opt.Name, Base: opt.API, Auth: auth, Secrets: []string{opt.Token}, Insecure: opt.Insecure, UserAgent: opt.UserAgent,
		Timeout: requestTime, Parallel: opt.Parallel, Now: opt.Now, Sleep: opt.Sleep, Observe: opt.Observe, Transport: opt.Transport,
	}
	var err error
	if t.rest, err = rest.New(ro); err != nil {
		return nil, fmt.Errorf("%s: %w", opt.Name, err)
	}
	ro.Auth = rest.Auth{}
	if t.anon, err = rest.New(ro); err != nil {
		return nil, fmt.Errorf("%s: %w", opt.Name, err)
	}
	if t.jira, err = jiralib.NewClient(t.rest.HTTP(), opt.API); err != nil {
		return nil, fmt.Errorf("%s: %w", opt.Name, err)
	}
	return t, nil
}

// DefaultTypes are the names of the types that a hierarchy files, as an English Jira has them.
func DefaultTypes(h Hierarchy) map[ticket.Kind]string {
	switch h {
	case Subtask:
		return map[ticket.Kind]string{ticket.KindParent: "Story", ticket.KindStory: "Sub-task", ticket.KindDefect: "Sub-task"}
	case Link:
		return map[ticket.Kind]string{ticket.KindParent: "Story", ticket.KindStory: "Story", ticket.KindDefect: "Bug"}
	}
	return map[ticket.Kind]string{ticket.KindParent: "Epic", ticket.KindStory: "Story", ticket.KindDefect: "Bug"}
}

// DefaultPriorities are the names of priorities in an English Jira, the one that we
// write first.
func DefaultPriorities() map[ticket.Priority][]string {
	return map[ticket.Priority][]string{
		ticket.PriorityHighest: {"Highest", "Blocker"},
		ticket.PriorityHigh:    {"High", "Critical"},
		ticket.PriorityMedium:  {"Medium", "Major"},
		ticket.PriorityLow:     {"Low", "Minor"},
		ticket.PriorityLowest:  {"Lowest", "Trivial"},
	}
}

func withDefaults(opt Options) Options {
	opt.URL = strings.TrimRight(opt.URL, "/")
	opt.API = strings.TrimRight(cmp.Or(opt.API, opt.URL), "/")
	opt.Hierarchy = cmp.Or(opt.Hierarchy, Epic)
	opt.LinkType = cmp.Or(opt.LinkType, "Relates")
	opt.Marker = cmp.Or(opt.Marker, "percolate")
	opt.Parallel = cmp.Or(opt.Parallel, 4)
	if opt.FindLag == 0 {
		opt.FindLag = 10 * time.Minute
		if opt.Deployment == DataCenter {
			opt.FindLag = time.Minute
		}
	}
	types := DefaultTypes(opt.Hierarchy)
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

// createBatch is how many tickets one Create takes: as many as are read back at once,
// which are two creating requests of 50.
const createBatch = 100

// Info tells what Jira takes and can do.
func (t *Tracker) Info() trackers.Info {
	return trackers.Info{
		Name:        t.opt.Name,
		Type:        "jira",
		Where:       t.opt.URL + ", project " + strings.Join(t.projects(), ", children in "),
		Public:      t.opt.Public,
		Batch:       createBatch,
		PerWrite:    bulkMax,
		GetBatch:    fetchMax,
		Parallel:    t.opt.Parallel,
		FindLag:     t.opt.FindLag,
		Priorities:  true,
		Due:         true,
		KindChanges: true,
		Recognise:   t.recognise,
	}
}

var keyForm = regexp.MustCompile(`^([A-Z][A-Z0-9_]+)-[1-9][0-9]*$`)

// recognise knows addresses of issues on this site, and keys of the configured projects.
func (t *Tracker) recognise(text string) (ticket.Ref, bool) {
	text = strings.TrimSpace(text)
	if key, ok := strings.CutPrefix(text, t.opt.URL+"/browse/"); ok {
		key, _, _ = strings.Cut(key, "?")
		return ticket.Ref(key), keyForm.MatchString(key)
	}
	m := keyForm.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	if m[1] == t.opt.Project || m[1] == t.opt.ChildProject || slices.Contains(t.opt.Projects, m[1]) {
		return ticket.Ref(text), true
	}
	return "", false
}

// projectOf is where tickets of a kind are filed.
func (t *Tracker) projectOf(kind ticket.Kind) string {
	if kind != ticket.KindParent && t.opt.Hierarchy == Link {
		return cmp.Or(t.opt.ChildProject, t.opt.Project)
	}
	return t.opt.Project
}

// projects are those that tickets are filed in, each once.
func (t *Tracker) projects() []string {
	return slices.Compact([]string{t.opt.Project, t.projectOf(ticket.KindStory)})
}
