// Package rally is a tracker for Rally (Broadcom), over its Web Services API 2.0. It
// files a document's parent as a story, improvements as stories below it and direct
// contributors as defects below it, fifty in a request, polls by one query over both
// types, and changes named attributes only.
//
// A ticket's ref is Rally's object id, which stays wherever the ticket is moved. The
// marker is a line in the notes, which stands in the request that creates the ticket,
// and a tag besides; see marks. Our text is a part of the description, between two
// lines that people can read; see block.
//
// What it does not do: create projects, types or fields, change a ticket's type, read
// revision histories, or receive webhooks.
package rally

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// Due says where the due day of a story is. Defects have a target date.
type Due string

// The places.
const (
	DueText      Due = "text"      // a line in the description
	DueField     Due = "field"     // a custom field of type date
	DueMilestone Due = "milestone" // a milestone for each day
	DueIteration Due = "iteration" // that line, and the iteration in which the day falls
	DueNone      Due = "none"      // stories have none
)

// Scope says where tickets are looked for.
type Scope string

// The scopes.
const (
	ScopeWorkspace Scope = "workspace" // everywhere, so that a ticket that moved to another project is followed
	ScopeProject   Scope = "project"   // in the project and those below it
)

// Options configure a tracker. Name, Workspace, Project, Key and Now are needed.
type Options struct {
	Name      string
	URL       string // the site as people open it; [DefaultURL] when empty
	Key       string // an API key
	Workspace string // its object id
	Project   string // that of the project in which tickets are filed
	Public    bool   // see [trackers.Info]
	Insecure  bool   // allow plain http to another host
	Scope     Scope  // ScopeWorkspace when empty

	Due      Due    // DueText when empty
	DueField string // for DueField: its name, such as "c_DueDate"
	Zone     *time.Location

	Priorities map[ticket.Priority][]string // of defects; those of [DefaultPriorities] where none are named
	Severities map[ticket.Priority][]string // of defects, by the priority with which they are filed; none when nil
	Values     []Value
	// Statuses are further words for statuses: schedule states of stories, states and
	// resolutions of defects, and tags for blocked and dropped. The first is written.
	Statuses map[ticket.Status][]string
	Prefixes []string // of the ids of stories and defects, "US" and "DE" when nil
	Marker   string   // starts the marker, and is its tag; "percolate" when empty
	// FindLag is how long a create whose answer was lost may still be carried out; six
	// minutes when 0, since Rally cuts requests off after five.
	FindLag time.Duration

	Parallel  int // requests at once; 8 when 0, and never more than 12
	UserAgent string
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error // waits between tries; nil really waits
	Observe   func(trackers.Request)                     // is told of every request
	Transport http.RoundTripper                          // nil is the standard library's
}

// Value is the fixed value of one attribute of the tickets of some kinds.
type Value struct {
	Field string // its name in the API: "Severity", "c_Team"
	Value string
	Kinds []ticket.Kind // nil for all
}

// DefaultURL is the site of North America; that of Europe is https://eu1.rallydev.com.
const DefaultURL = "https://rally1.rallydev.com"

// Tracker is one project of a Rally workspace. It is safe for concurrent use.
type Tracker struct {
	opt    Options
	rest   *rest.Client
	marks  marks
	folds  folds
	writer writer
	name   *regexp.Regexp // of a ticket, as people write it
	link   *regexp.Regexp // its address
	due    map[kindOf]dueRule

	families *families
	tags     catalogue
	steps    catalogue // milestones
	learned  learned
	zoned    zoned
	people   people
}

const (
	requestTime = 2 * time.Minute // Rally works long on fifty tickets
	maxParallel = 12              // of one user; beyond that Rally slows everything down
	maxAnswer   = 128 << 20       // two thousand tickets with long texts
	batchMax    = 50
	getMax      = 100 // ids that one query names: its address must not get too long
	pageSize    = 2000
)

// New makes a tracker. It does no I/O. The error is for who wrote the configuration.
func New(opt Options) (*Tracker, error) {
	opt = withDefaults(opt)
	for what, id := range map[string]string{"workspace": opt.Workspace, "project": opt.Project} {
		if oidOf(ticket.Ref(id)) == 0 {
			return nil, fmt.Errorf("%s: %s %q is no object id", opt.Name, what, id)
		}
	}
	client, err := rest.New(rest.Options{
		Tracker: opt.Name, Base: opt.URL + api, Auth: rest.Header("ZSESSIONID", opt.Key), Insecure: opt.Insecure, UserAgent: opt.UserAgent,
		Timeout: requestTime, Parallel: opt.Parallel, MaxAnswer: maxAnswer,
		Now: opt.Now, Sleep: opt.Sleep, Observe: opt.Observe, Transport: opt.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", opt.Name, err)
	}
	t := &Tracker{
		opt: opt, rest: client, marks: newMarks(opt.Marker), folds: newFolds(opt), writer: newWriter(), families: newFamilies(),
		name: namePattern(opt.Prefixes), link: linkPattern(opt.URL),
		tags: catalogue{typ: "tag", element: "Tag", fields: func(name string) map[string]any { return map[string]any{"Name": name} }},
	}
	t.steps = catalogue{typ: "milestone", element: "Milestone", fields: t.milestoneFields, single: true}
	t.due = dueRules(t)
	return t, nil
}

func withDefaults(opt Options) Options {
	opt.URL = strings.TrimRight(cmp.Or(opt.URL, DefaultURL), "/")
	opt.Scope = cmp.Or(opt.Scope, ScopeWorkspace)
	opt.Due = cmp.Or(opt.Due, DueText)
	opt.Marker = cmp.Or(opt.Marker, "percolate")
	opt.FindLag = cmp.Or(opt.FindLag, 6*time.Minute)
	opt.Parallel = min(cmp.Or(opt.Parallel, 8), maxParallel)
	if opt.Prefixes == nil {
		opt.Prefixes = []string{"US", "DE"}
	}
	priorities := DefaultPriorities()
	for p, names := range opt.Priorities {
		priorities[p] = names
	}
	opt.Priorities = priorities
	return opt
}

// DefaultPriorities are the names of a defect's priorities in a workspace that nobody
// changed, old and new, the one that we write first where it is there.
func DefaultPriorities() map[ticket.Priority][]string {
	return map[ticket.Priority][]string{
		ticket.PriorityHighest: {"Resolve Immediately", "Urgent", "Critical"},
		ticket.PriorityHigh:    {"High Attention", "High"},
		ticket.PriorityMedium:  {"Normal", "Medium"},
		ticket.PriorityLow:     {"Low"},
		ticket.PriorityLowest:  {"Lowest", "Low"},
	}
}

// Info tells what Rally takes and can do.
func (t *Tracker) Info() trackers.Info {
	return trackers.Info{
		Name:       t.opt.Name,
		Type:       "rally",
		Where:      t.opt.URL + ", project " + t.opt.Project,
		Public:     t.opt.Public,
		Batch:      2 * batchMax,
		PerWrite:   batchMax,
		GetBatch:   getMax,
		Parallel:   t.opt.Parallel,
		FindLag:    t.opt.FindLag,
		Priorities: true,
		Due:        true,
		Lacks:      t.lacks,
		Recognise:  t.recognise,
	}
}

// lacks names what tickets of a kind do not have: a story has no priority.
func (t *Tracker) lacks(kind ticket.Kind) []ticket.Field {
	if typeOf(kind) == defectType {
		return nil
	}
	if t.opt.Due == DueNone {
		return []ticket.Field{ticket.FieldPriority, ticket.FieldDue}
	}
	return []ticket.Field{ticket.FieldPriority}
}

func namePattern(prefixes []string) *regexp.Regexp {
	quoted := make([]string, len(prefixes))
	for i, p := range prefixes {
		quoted[i] = regexp.QuoteMeta(p)
	}
	return regexp.MustCompile(`^(?:` + strings.Join(quoted, "|") + `)[1-9][0-9]*$`)
}

func linkPattern(site string) *regexp.Regexp {
	return regexp.MustCompile(`^` + regexp.QuoteMeta(site) + `/\S*/(?:userstory|defect|hierarchicalrequirement)/([1-9][0-9]*)(?:[/?&#]\S*)?$`)
}

// recognise knows ids such as US12, and addresses of tickets on this site.
func (t *Tracker) recognise(text string) (ticket.Ref, bool) {
	text = strings.TrimSpace(text)
	if m := t.link.FindStringSubmatch(text); m != nil {
		return ticket.Ref(m[1]), true
	}
	return ticket.Ref(text), t.name.MatchString(text)
}

// address is where people open a ticket.
func (t *Tracker) address(typ kindOf, id oid) string {
	detail := "userstory"
	if typ == defectType {
		detail = "defect"
	}
	return t.opt.URL + "/#/detail/" + detail + "/" + id.String()
}

// fetched are the attributes that a ticket is made of. Those of what it refers to are
// fetched by the same list.
func (t *Tracker) fetched() string {
	names := []string{
		"ObjectID", "FormattedID", "Name", "Description", "Notes", "Tags", "Owner", "UserName", "EmailAddress", "Parent", "PortfolioItem",
		"Requirement", "ScheduleState", "State", "Resolution", "Blocked", "Priority", "LastUpdateDate", "Recycled",
	}
	for _, typ := range []kindOf{storyType, defectType} {
		for _, name := range t.due[typ].attributes() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, ",")
}
