package github_test

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/github"
)

// The emulator is a stranger's notion of GitHub, and knows a part of it: creating,
// labels, assignees, comments, lists and their pages, closing and "since". It has no
// sub-issues and no GraphQL, so that the tracker works as on a server without both. It
// compares "since" as text, its ids are the numbers, and it lets any token in.

// assigning answers the one question of ours that the emulator does not know.
type assigning struct{ accounts []string }

// RoundTrip asks the emulator all else.
func (a assigning) RoundTrip(r *http.Request) (*http.Response, error) {
	if path.Base(path.Dir(r.URL.Path)) != "assignees" {
		return http.DefaultTransport.RoundTrip(r)
	}
	status := http.StatusNotFound
	if slices.Contains(a.accounts, path.Base(r.URL.Path)) {
		status = http.StatusNoContent
	}
	return &http.Response{StatusCode: status, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
}

func secondOpinion(t *testing.T) *world {
	t.Helper()
	at := emulator(t)
	w := &world{clock: newClock()}
	g, err := github.New(github.Options{
		Name: "gh", Owner: "octo", Repo: "backlog", API: at, Token: "second-opinion", Public: true,
		Now: w.clock.now, Sleep: w.clock.sleep, Transport: assigning{[]string{"ann", "Bob"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Tracker = g
	return w
}

func TestAStrangersGitHubAgrees(t *testing.T) {
	t.Parallel()
	w := secondOpinion(t)
	parents, children := w.documents(t, 2, 2)
	for _, made := range append(parents, children...) {
		want := fields(made.Seen.Fields.Title)
		want.Kind, want.Labels = made.Seen.Fields.Kind, []string{"per"}
		for _, f := range []ticket.Field{ticket.FieldBody, ticket.FieldLabels, ticket.FieldPriority, ticket.FieldDue, ticket.FieldAssignees} {
			if got := made.Seen.Fields.Text(f); got != want.Text(f) {
				t.Errorf("%s: %s is %q, want %q", made.Seen.Name, f, got, want.Text(f))
			}
		}
		if len(made.Unmet) > 0 {
			t.Errorf("%s: unmet %+v", made.Seen.Name, made.Unmet)
		}
	}
	child := children[0].Seen
	if child.Parent != parents[0].Seen.Ref || child.Fields.Kind != ticket.KindStory || parents[0].Seen.Fields.Kind != ticket.KindParent {
		t.Errorf("a child is %+v", child)
	}
	w.strangerUpdates(t, child)
	w.strangerPages(t, len(parents)+len(children))
	w.strangerChanges(t, child.Ref)
}

// strangerUpdates changes and closes a ticket and reads it again.
func (w *world) strangerUpdates(t *testing.T, s ticket.Seen) {
	t.Helper()
	p := ticket.Patch{
		Set: []ticket.Field{ticket.FieldTitle, ticket.FieldAssignees, ticket.FieldPriority, ticket.FieldDue},
		To:  ticket.Fields{Title: "Other", Assignees: []string{"Bob"}, Priority: ticket.PriorityLow, Due: "2026-06-01"}, AddLabels: []string{"more"}, DropLabels: []string{"per"},
		Comment: ticket.Comment{Marker: "m1", Text: "said once"},
	}
	for range 2 { // the comment says that all was done before
		got, unmet, err := w.Update(t.Context(), s, p)
		f := got.Fields
		if err != nil || len(unmet) > 0 || f.Title != "Other" || f.Text(ticket.FieldAssignees) != "Bob" || f.Priority != ticket.PriorityLow || f.Due != "2026-06-01" || f.Text(ticket.FieldLabels) != "more" {
			t.Errorf("updated: %+v, unmet %v, %v", f, unmet, err)
		}
		s = got
	}
	for _, status := range []ticket.Status{ticket.StatusDropped, ticket.StatusOpen, ticket.StatusDone} {
		if _, _, err := w.Update(t.Context(), s, ticket.Patch{Status: status}); err != nil {
			t.Fatal(err)
		}
		got, err := w.Get(t.Context(), []ticket.Ref{s.Ref})
		if s = got[s.Ref]; err != nil || s.Status != status {
			t.Errorf("it is %s (%s), want %s: %v", s.Status, s.Word, status, err)
		}
	}
}

// strangerPages files more than a page of tickets and finds all of them, once each.
func (w *world) strangerPages(t *testing.T, there int) {
	t.Helper()
	var batch []trackers.Creation
	for i := range 105 {
		batch = append(batch, trackers.Creation{Key: ticket.Key{Document: fmt.Sprint("PER-many-", i)}, Fields: ticket.Fields{Kind: ticket.KindParent, Title: fmt.Sprint("Event ", i)}})
	}
	w.file(t, batch)
	found := map[ticket.Key]int{}
	for s, err := range w.Find(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		found[s.Key]++
	}
	for k, n := range found {
		if n != 1 {
			t.Errorf("%s was found %d times", k, n)
		}
	}
	if len(found) != there+len(batch) {
		t.Errorf("%d tickets were found, want %d", len(found), there+len(batch))
	}
}

// strangerChanges reads what changed since then, and since a time that is to come.
func (w *world) strangerChanges(t *testing.T, ref ticket.Ref) {
	t.Helper()
	read := func(since trackers.Cursor) (all map[ticket.Ref]ticket.Seen, next trackers.Cursor) {
		all = map[ticket.Ref]ticket.Seen{}
		for c, err := range w.Changed(t.Context(), since) {
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range c.Seen {
				all[s.Ref] = s
			}
			next = c.Cursor
		}
		return all, next
	}
	all, cursor := read("")
	if s := all[ref]; s.Status != ticket.StatusDone || !s.Moved.IsZero() {
		t.Errorf("what was closed is shown as %+v", s)
	}
	kind, at, _ := strings.Cut(string(cursor), " ")
	then, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := read(cursor); len(again) != len(all) {
		t.Errorf("since a moment ago %d of %d changed", len(again), len(all))
	}
	if later, _ := read(trackers.Cursor(kind + " " + then.Add(time.Hour).Format(time.RFC3339))); len(later) != 0 {
		t.Errorf("%d changed since a time that is to come", len(later))
	}
}
