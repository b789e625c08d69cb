// Package memory is the worker's state without a file: what a run of the engine
// remembers is gone when the program ends. It is the plain reading of the State
// contract that tests of the engine run on by the thousand. It does not persist.
package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"percolate/store/internal/findings"
	persync "percolate/sync"
	"percolate/ticket"
)

// State is a [persync.State] in memory, safe for concurrent use.
type State struct {
	now func() time.Time

	mu       sync.Mutex
	links    map[ticket.Key]ticket.Link
	known    map[ticket.Address]known
	progress map[string]persync.Progress
	leases   map[string]lease
	fence    int64
	findings []ticket.Finding
	events   map[string]ticket.Event
	history  []ticket.Observation // in the order in which it was read
	approved []string
}

// known adds to what the engine may know when the ticket was last missed.
type known struct {
	ticket.Known
	missed time.Time
}

// lease is who holds one document.
type lease struct {
	holder  string
	fence   int64
	expires time.Time
}

var _ persync.State = (*State)(nil)

// New returns an empty state that takes the time from now.
func New(now func() time.Time) *State {
	return &State{
		now:      now,
		links:    map[ticket.Key]ticket.Link{},
		known:    map[ticket.Address]known{},
		progress: map[string]persync.Progress{},
		leases:   map[string]lease{},
		events:   map[string]ticket.Event{},
	}
}

// enter locks the state for one method, unless the caller has given up already.
func (s *State) enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	return s.mu.Unlock, nil
}

// Links implements [persync.State].
func (s *State) Links(ctx context.Context, documents ...string) ([]ticket.Link, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var found []ticket.Link
	for _, l := range s.among(documents) {
		found = append(found, cloneLink(l))
	}
	return found, nil
}

// among returns the links of the documents, or all, in the order of their keys.
func (s *State) among(documents []string) []ticket.Link {
	named := setOf(documents)
	var found []ticket.Link
	for key, l := range s.links {
		if len(documents) == 0 || named[key.Document] {
			found = append(found, l)
		}
	}
	slices.SortFunc(found, func(a, b ticket.Link) int {
		return cmp.Or(cmp.Compare(a.Key.Document, b.Key.Document), cmp.Compare(a.Key.Action, b.Key.Action))
	})
	return found
}

// Save implements [persync.State].
func (s *State) Save(ctx context.Context, held persync.Lease, links []ticket.Link, drop ...ticket.Key) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for _, l := range links {
		if !s.holds(held, l.Key.Document) {
			return persync.ErrFenced
		}
	}
	for _, key := range drop {
		if !s.holds(held, key.Document) {
			return persync.ErrFenced
		}
	}
	for _, l := range links {
		s.links[l.Key] = cloneLink(l)
	}
	for _, key := range drop {
		delete(s.links, key)
	}
	return nil
}

// Progress implements [persync.State].
func (s *State) Progress(ctx context.Context, tracker string) (persync.Progress, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return persync.Progress{}, err
	}
	defer leave()
	return s.progress[tracker], nil
}

// SaveProgress implements [persync.State].
func (s *State) SaveProgress(ctx context.Context, tracker string, p persync.Progress) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	s.progress[tracker] = p
	return nil
}

// SaveFindings implements [persync.State].
func (s *State) SaveFindings(ctx context.Context, now time.Time, documents []string, found []ticket.Finding) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	s.findings = findings.Replace(s.findings, documents, found, now)
	return nil
}

// Findings implements [persync.State].
func (s *State) Findings(ctx context.Context) ([]ticket.Finding, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return slices.Clone(s.findings), nil
}

// Approve implements [persync.State].
func (s *State) Approve(ctx context.Context, digests []string) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	s.approved = slices.Sorted(maps.Keys(setOf(digests)))
	return nil
}

// Approved implements [persync.State].
func (s *State) Approved(ctx context.Context) ([]string, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return slices.Clone(s.approved), nil
}

func setOf(texts []string) map[string]bool {
	set := make(map[string]bool, len(texts))
	for _, t := range texts {
		set[t] = true
	}
	return set
}
