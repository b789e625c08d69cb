// Package github is a tracker for the issues of github.com and GitHub Enterprise Server.
// It files children below their parent as sub-issues, ten in a request where kinds are
// labels, polls by one listing, and changes named values only.
//
// A ticket's ref is its number and its node id: by the one a transferred issue is
// followed, by the other it is known for certain. The marker is a label, by which tickets
// are listed, and a line in the body, which says which key a ticket serves. Search is
// never used, since it lags and misses.
//
// What it does not do: read projects and boards, or receive webhooks.
package github

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// Due says where a ticket's due day is kept.
type Due string

// The places of a due day.
const (
	DueBody      Due = "body"      // a line "Due: 2026-04-30" in the text
	DueMilestone Due = "milestone" // one milestone a day
	DueField     Due = "field"     // a date field of the organisation
	DueNone      Due = "none"
)

// Options configure a tracker. Name, Owner, Repo, Token and Now are needed.
type Options struct {
	Name         string
	URL          string // of the site as people open it; "https://github.com" when empty
	API          string // of the REST API; made from URL when empty
	Owner, Repo  string
	Repositories []string // "owner/repo" of further ones whose issues a document may name
	Token        string
	Public       bool // see [trackers.Info]
	Insecure     bool // allow plain http to another host

	Marker     string                     // the label of all our tickets, which documents must not use; "percolate-ticket" when empty
	Kinds      map[ticket.Kind]string     // labels; those of [DefaultKinds] when nil
	Types      map[ticket.Kind]string     // issue types of the organisation in place of labels
	Priorities map[ticket.Priority]string // labels, or options of PriorityField; those of [DefaultPriorities] when nil, none when empty
	Statuses   map[ticket.Status]string   // labels that mean active or blocked on an open issue

	PriorityField string // a field of the organisation in place of labels
	Due           Due    // DueBody when empty
	DueField      string // the name of the field for DueField

	// Share is the part of GitHub's limits on writing, 80 a minute and 500 an hour, that we
	// take; 0.8 when 0.
	Share float64
	// Unlimited says that this server limits nothing, as GitHub Enterprise Server does
	// unless it is told to: then writes are not paced, though still sent one by one.
	Unlimited bool
	FindLag   time.Duration // see [trackers.Info]; a minute when 0

	UserAgent string
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error // waits; nil really waits
	Observe   func(trackers.Request)                     // is told of every request
	Transport http.RoundTripper                          // nil is the standard library's
}

// Tracker is one repository. It is safe for concurrent use.
type Tracker struct {
	opt   Options
	base  *url.URL
	rest  *rest.Client
	anon  *rest.Client // without credentials, to see what the public sees
	turn  chan struct{}
	pace  *pacer
	folds folds
	known known
}

// New makes a tracker. It does no I/O. The error is for who wrote the configuration.
func New(opt Options) (*Tracker, error) {
	opt = withDefaults(opt)
	base, err := url.Parse(opt.API + "/")
	if err != nil {
		return nil, fmt.Errorf("%s: the address must look like https://host", opt.Name)
	}
	t := &Tracker{opt: opt, base: base, turn: make(chan struct{}, 1), folds: newFolds(opt), known: newKnown()}
	t.pace = newPacer(opt.Now, opt.Share)
	gap := time.Second
	if opt.Unlimited {
		t.pace, gap = unpaced(opt.Now), 0
	}
	ro := rest.Options{
		Tracker: opt.Name, Base: opt.API, Auth: rest.Bearer(opt.Token), Insecure: opt.Insecure, UserAgent: opt.UserAgent,
		Parallel: 1, WriteGap: gap, MaxWait: 90 * time.Second,
		Now: opt.Now, Sleep: opt.Sleep, Observe: opt.Observe, Transport: opt.Transport,
	}
	if t.rest, err = rest.New(ro); err != nil {
		return nil, fmt.Errorf("%s: %w", opt.Name, err)
	}
	ro.Auth = rest.Auth{}
	if t.anon, err = rest.New(ro); err != nil {
		return nil, fmt.Errorf("%s: %w", opt.Name, err)
	}
	return t, nil
}

// DefaultKinds are the labels of kinds.
func DefaultKinds() map[ticket.Kind]string {
	return map[ticket.Kind]string{ticket.KindParent: "retrospective", ticket.KindStory: "improvement", ticket.KindDefect: "defect"}
}

// DefaultPriorities are the labels of priorities.
func DefaultPriorities() map[ticket.Priority]string {
	all := map[ticket.Priority]string{}
	for p := ticket.PriorityLowest; p <= ticket.PriorityHighest; p++ {
		all[p] = "priority: " + p.String()
	}
	return all
}

func withDefaults(opt Options) Options {
	opt.URL = strings.TrimRight(cmp.Or(opt.URL, "https://github.com"), "/")
	opt.API = strings.TrimRight(cmp.Or(opt.API, apiOf(opt.URL)), "/")
	opt.Marker = cmp.Or(opt.Marker, "percolate-ticket")
	opt.Due = cmp.Or(opt.Due, DueBody)
	opt.Share = min(cmp.Or(max(opt.Share, 0), 0.8), 1)
	opt.FindLag = cmp.Or(opt.FindLag, time.Minute)
	kinds := DefaultKinds()
	for k, name := range opt.Kinds {
		kinds[k] = cmp.Or(name, kinds[k])
	}
	opt.Kinds = kinds
	if opt.Priorities == nil {
		opt.Priorities = DefaultPriorities()
	}
	return opt
}

// apiOf is where the API of a site is.
func apiOf(site string) string {
	scheme, host, _ := strings.Cut(site, "://")
	if host == "github.com" || strings.HasSuffix(host, ".ghe.com") {
		return scheme + "://api." + host
	}
	return site + "/api/v3"
}

const (
	createBatch = 10  // aliases in one request of GraphQL
	getBatch    = 100 // nodes in one
)

// Info tells what GitHub takes and can do.
func (t *Tracker) Info() trackers.Info {
	return trackers.Info{
		Name:        t.opt.Name,
		Type:        "github",
		Where:       t.opt.URL + "/" + t.full(),
		Public:      t.opt.Public,
		Batch:       createBatch,
		PerWrite:    t.perWrite(),
		GetBatch:    getBatch,
		Parallel:    1,
		FindLag:     t.opt.FindLag,
		Pace:        t.paceOf(),
		Priorities:  len(t.opt.Priorities) > 0,
		Due:         t.opt.Due != DueNone,
		KindChanges: true,
		Recognise:   t.recognise,
	}
}

// perWrite is how many tickets one request files.
func (t *Tracker) perWrite() int {
	if t.inOneRequest() {
		return createBatch
	}
	return 1
}

// full is the repository's name with its owner.
func (t *Tracker) full() string { return t.opt.Owner + "/" + t.opt.Repo }

var named = regexp.MustCompile(`^([\w.-]+/[\w.-]+)#([1-9][0-9]*)$`)
var addressed = regexp.MustCompile(`^/([\w.-]+/[\w.-]+)/issues/([1-9][0-9]*)/?(?:[?#].*)?$`)

// recognise knows addresses of issues, and names such as "octo/backlog#12", in the
// configured repositories.
func (t *Tracker) recognise(text string) (ticket.Ref, bool) {
	text = strings.TrimSpace(text)
	m := named.FindStringSubmatch(text)
	if path, ok := strings.CutPrefix(text, t.opt.URL); ok {
		m = addressed.FindStringSubmatch(path)
	}
	if m == nil {
		return "", false
	}
	for _, repo := range append([]string{t.full()}, t.opt.Repositories...) {
		if strings.EqualFold(repo, m[1]) {
			return ticket.Ref(repo + "#" + m[2]), true
		}
	}
	return "", false
}
