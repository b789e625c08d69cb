package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// item is a ticket as its tracker stores it, read past percolate. Its form is that in
// which every simulator tells its tickets.
type item struct {
	Ref       string   `json:"ref"`
	Name      string   `json:"name"`
	Parent    string   `json:"parent"`
	Title     string   `json:"title"`
	Text      string   `json:"text"`
	Kind      string   `json:"kind"`
	Status    string   `json:"status"`
	Priority  string   `json:"priority"`
	Due       string   `json:"due"`
	Place     string   `json:"place"`
	Labels    []string `json:"labels"`
	Assignees []string `json:"assignees"`
	Comments  []string `json:"comments"`
	Deleted   bool     `json:"deleted"`
}

// sameTicket reports whether percolate's own ref leads to the ticket that its tracker
// calls so: percolate may put something before it.
func sameTicket(percolates, ref string) bool {
	return percolates == ref || strings.HasSuffix(percolates, ":"+ref) || strings.HasSuffix(percolates, "/"+ref)
}

// finished reports whether nobody works on it any more.
func (i item) finished() bool { return i.Status == "done" || i.Status == "dropped" }

// act is what a person does to a ticket.
type act struct {
	Do    string `json:"do"`
	Ref   string `json:"ref"`
	Value string `json:"value,omitempty"`
	Text  string `json:"text,omitempty"`
}

// errCannot says that people cannot do such a thing in this tracker.
var errCannot = errors.New("people cannot do this here")

// tracker is one run's tracker as chaos sees it: its people, its operator and the
// checker, who all go past percolate.
type tracker interface {
	// section is the tracker's part of percolate.yaml, a list item named "work".
	section() string
	// items are all tickets that ever were, deleted ones included.
	items() ([]item, error)
	// do is one act of a person, and returns the ref of the ticket; [errCannot] when
	// people cannot do such a thing here.
	do(act) (ref string, err error)
	// disturb sets the switches of one fault.
	disturb(switches string) error
	// mend takes all faults back.
	mend() error
	// wire is percolate's way to it, nil where there is none.
	wire() *network
	close()
}

// kind is a type of tracker under test.
type kind struct {
	name string
	// start serves an empty one for a run, which may choose among its variants.
	start func(context.Context, *run) (tracker, error)
	// serve is for one that takes long to start: it is done once for all runs, and
	// returns the kind with its start, and how to end it.
	serve func(context.Context) (kind, func(), error)
	// serial runs one run after the other.
	serial bool
	// key is what lets percolate in, where it is not that of all simulators.
	key string
	// faults are the switches of the simulator that a step may set.
	faults []string
	// priorities are what people set, in the tracker's own words.
	priorities []string
	// derived are the fields of a document's ticket that follow those of its actions'.
	derived []string
	// accounts are those of owners, by their names, where they differ; and planners are
	// whom people assign, where there are others.
	accounts map[string]string
	planners []string
	// lag is how long a new ticket may stay out of sight, as percolate is told.
	lag time.Duration
}

// kinds are all trackers that are tested.
func kinds() []kind {
	return []kind{filesKind(), jiraKind(), githubKind(), rallyKind(), redmineKind()}
}

func names() []string {
	var out []string
	for _, k := range kinds() {
		out = append(out, k.name)
	}
	return out
}

// choose finds the trackers that were asked for.
func choose(text string) ([]kind, error) {
	if text == "all" || text == "" {
		return kinds(), nil
	}
	var out []kind
	for name := range strings.SplitSeq(text, ",") {
		all := kinds()
		i := slices.IndexFunc(all, func(k kind) bool { return k.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no tracker %q; there are %s", name, strings.Join(names(), ", "))
		}
		out = append(out, all[i])
	}
	return out, nil
}

// whom people assign: never an owner that a document names.
func (k kind) whom() []string {
	if len(k.planners) > 0 {
		return k.planners
	}
	return planners()
}

// account is what the tracker calls an owner.
func (k kind) account(owner string) string { return cmp.Or(k.accounts[owner], owner) }
