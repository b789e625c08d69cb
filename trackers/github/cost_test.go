package github_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/github"
	"percolate/trackers/github/githubtest"
)

func fields(title string) ticket.Fields {
	return ticket.Fields{
		Kind: ticket.KindStory, Title: title, Body: "why", Labels: []string{"per"}, Assignees: []string{"ann"},
		Priority: ticket.PriorityHigh, Due: "2026-04-30",
	}
}

// file files in batches as the engine does, and fails on any error.
func (w *world) file(t *testing.T, all []trackers.Creation) []trackers.Created {
	t.Helper()
	var made []trackers.Created
	for len(all) > 0 {
		n := min(len(all), w.Info().Batch)
		for _, d := range w.Create(t.Context(), all[:n]) {
			if d.Err != nil {
				t.Fatal(d.Err)
			}
			made = append(made, d)
		}
		all = all[n:]
	}
	return made
}

// documents files parents with children, the parents first.
func (w *world) documents(t *testing.T, n, each int) (parents, children []trackers.Created) {
	t.Helper()
	var batch []trackers.Creation
	for i := range n {
		f := fields(fmt.Sprint("Event ", i))
		f.Kind = ticket.KindParent
		batch = append(batch, trackers.Creation{Key: ticket.Key{Document: fmt.Sprint("PER-", i)}, Fields: f})
	}
	parents = w.file(t, batch)
	batch = nil
	for i := range n {
		for j := range each {
			k := ticket.Key{Document: fmt.Sprint("PER-", i), Action: fmt.Sprint("A", j)}
			batch = append(batch, trackers.Creation{Key: k, Fields: fields(k.String()), Parent: parents[i].Seen.Ref})
		}
	}
	return parents, w.file(t, batch)
}

// asked counts requests by method and path without its query and numbers.
func (w *world) asked() (all map[string]int, total int) {
	all = map[string]int{}
	for _, r := range w.sim.Requests() {
		path, _, _ := strings.Cut(r.Path, "?")
		if i := strings.Index(path, "/issues/"); i >= 0 {
			path = path[:i] + "/issues/N"
		}
		path = strings.TrimPrefix(path, "/repos/octo/backlog")
		if r.Aliases > 0 {
			path += " mutation"
		}
		all[r.Method+" "+path]++
		total++
	}
	return all, total
}

func TestAHundredDocumentsWithFiveActionsCostOneRequestForTen(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	w.documents(t, 100, 5)
	got, total := w.asked()
	// 10 for parents, 50 for children; labels and people are looked up when they first occur,
	// and five labels are made.
	if got["POST /graphql mutation"] != 60 || got["POST /labels"] != 5 || got["POST /graphql"] != 2 || total != 67 {
		t.Errorf("%d requests: %v", total, got)
	}
}

func TestAHundredDocumentsWithFiveActionsCostMoreWithoutGraphQLsHelp(t *testing.T) {
	for name, c := range map[string]struct {
		sim    githubtest.Options
		change func(*github.Options)
		want   map[string]int
	}{
		// Types and issue fields need REST: one request a ticket, and one that puts ten below their parents.
		"types and fields": {
			githubtest.Options{Types: []string{"Task", "Bug", "Feature"}, Fields: []githubtest.Field{
				{ID: 1, Name: "Target", Type: "date"}, {ID: 2, Name: "Priority", Type: "single_select", Options: []string{"P1"}},
			}},
			func(o *github.Options) {
				o.Types, o.Due, o.DueField, o.PriorityField = issueTypes(), github.DueField, "Target", "Priority"
				o.Priorities = map[ticket.Priority]string{ticket.PriorityHigh: "P1"}
			},
			map[string]int{"POST /issues": 600, "POST /graphql mutation": 50, "POST /labels": 2, "POST /graphql": 1, "GET /orgs/octo/issue-fields": 1},
		},
		"types": {
			githubtest.Options{Types: []string{"Task", "Bug", "Feature"}}, func(o *github.Options) { o.Types = issueTypes() },
			map[string]int{"POST /issues": 600, "POST /graphql mutation": 50, "POST /labels": 3, "POST /graphql": 1},
		},
		// The first query is the one that is refused.
		"no GraphQL": {
			githubtest.Options{NoGraphQL: true}, nil,
			map[string]int{"POST /issues": 600, "POST /issues/N": 500, "POST /labels": 5, "POST /graphql": 1, "GET /labels": 2, "GET /assignees/ann": 1},
		},
	} {
		w := newWorld(t, c.sim, c.change)
		w.documents(t, 100, 5)
		if got, total := w.asked(); !maps.Equal(got, c.want) {
			t.Errorf("%s: %d requests: %v", name, total, got)
		}
	}
}

func TestAnUnchangedPollIsOneRequestAndTenChangesAreTwoAtMost(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	_, children := w.documents(t, 20, 5)
	w.clock.pass(time.Hour) // a poll looks a little back beyond the last one
	cursor := w.poll(t, "", 120)
	w.clock.pass(time.Hour)
	cursor = w.poll(t, cursor, 0)
	w.sim.Requests()

	again, err := github.New(github.Options{ // another process, which knows nothing yet
		Name: "gh", Owner: "octo", Repo: "backlog", Token: "secret", Now: w.clock.now, Sleep: w.clock.sleep, Transport: w.sim,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Tracker = again
	cursor = w.poll(t, cursor, 0)
	if n := len(w.sim.Requests()); n != 1 {
		t.Errorf("an unchanged poll made %d requests", n)
	}
	w.clock.pass(time.Hour)
	for _, c := range children[:10] {
		w.sim.Edit(node(c.Seen.Ref), func(is *githubtest.Issue) { is.Title += "!" })
	}
	w.poll(t, cursor, 10)
	if n := len(w.sim.Requests()); n > 2 {
		t.Errorf("ten changes made %d requests", n)
	}
}

// poll reads what changed and wants so many tickets.
func (w *world) poll(t *testing.T, since trackers.Cursor, want int) trackers.Cursor {
	t.Helper()
	n := 0
	for c, err := range w.Changed(t.Context(), since) {
		if err != nil {
			t.Fatal(err)
		}
		since = c.Cursor
		n += len(c.Seen)
	}
	if n != want {
		t.Errorf("%d tickets changed, want %d", n, want)
	}
	return since
}

func TestAHundredTicketsAreReadInOneRequest(t *testing.T) {
	for _, types := range []map[ticket.Kind]string{nil, issueTypes()} {
		w := newWorld(t, githubtest.Options{Types: []string{"Task", "Bug", "Feature"}}, func(o *github.Options) { o.Types = types })
		_, children := w.documents(t, 20, 5)
		var refs []ticket.Ref
		for _, c := range children {
			refs = append(refs, c.Seen.Ref)
		}
		w.sim.Requests()
		got, err := w.Get(t.Context(), refs)
		if err != nil || len(got) != 100 || got[refs[0]].Fields.Kind != ticket.KindStory {
			t.Fatalf("%d tickets, the first %+v, %v", len(got), got[refs[0]], err)
		}
		if n := len(w.sim.Requests()); n != 1 {
			t.Errorf("with types %v: %d requests", types, n)
		}
	}
}

func TestWithTypesAPlanCountsARequestATicketAndTwoWritesAChild(t *testing.T) {
	for _, types := range []map[ticket.Kind]string{nil, issueTypes()} {
		w := newWorld(t, githubtest.Options{Types: []string{"Task", "Bug", "Feature"}}, func(o *github.Options) { o.Types = types })
		perWrite, perChild := 10, 1
		if types != nil {
			perWrite, perChild = 1, 2
		}
		if info := w.Info(); info.PerWrite != perWrite || info.Pace.PerChild != perChild {
			t.Errorf("with types %v a request files %d tickets, and a child is %d writes", types, info.PerWrite, info.Pace.PerChild)
		}
		w.documents(t, 1, 60)
		if pause := w.Info().Pace.Pause(10); pause == 0 {
			t.Errorf("with types %v ten more fit into the minute", types)
		}
	}
}

func TestAnImportOfAThousandMeetsNoLimitAndUsesItsShare(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	begun := w.clock.now()
	w.documents(t, 10, 99)
	for _, r := range w.sim.Requests() {
		if r.Status == 403 || r.Status == 429 {
			t.Fatalf("a limit was met: %+v", r)
		}
	}
	// 400 an hour: the thousand and five labels are through early in the third hour.
	took := w.clock.now().Sub(begun)
	fastest := 2*time.Hour + 3*time.Minute // the first 800 in two hours, 205 more at 64 a minute
	if took > time.Duration(float64(fastest)/0.95) {
		t.Errorf("it took %s, and could take %s", took, fastest)
	}
	if told := w.Info().Pace.Takes(1000); told > took || told < took*9/10 {
		t.Errorf("it took %s, and %s were told", took, told)
	}
}

func TestAServerWithoutLimitsIsNotPaced(t *testing.T) {
	w := newWorld(t, githubtest.Options{PerMinute: 10_000, PerHour: 10_000}, func(o *github.Options) { o.Unlimited = true })
	begun := w.clock.now()
	w.documents(t, 10, 99)
	if took, told := w.clock.now().Sub(begun), w.Info().Pace.Takes(1000); took != 0 || told != 0 {
		t.Errorf("it waited for %s, and told of %s", took, told)
	}
}

func TestLimitsInAllTheirFormsAreWaitedOutOrTold(t *testing.T) {
	for _, l := range githubtest.Limits() {
		t.Run(string(l), func(t *testing.T) {
			w := newWorld(t, githubtest.Options{}, nil)
			w.documents(t, 1, 1) // labels are there
			key := ticket.Key{Document: "PER-9"}
			w.sim.LimitNext(l)
			d := w.Create(t.Context(), []trackers.Creation{{Key: key, Fields: fields("x")}})[0]
			switch {
			case d.Err == nil: // waited for
			case trackers.CodeOf(d.Err) != trackers.RateLimit || w.after(d.Err) < time.Minute:
				t.Errorf("got %v, and a wait of %s", d.Err, w.after(d.Err))
			}
			w.clock.pass(time.Hour)
			if d.Err != nil {
				d = w.Create(t.Context(), []trackers.Creation{{Key: key, Fields: fields("x")}})[0]
			}
			if d.Err != nil || len(w.sim.Issues()) != 3 {
				t.Errorf("an hour later: %v, with %d issues", d.Err, len(w.sim.Issues()))
			}
		})
	}
}

func (w *world) after(err error) time.Duration {
	e, ok := errors.AsType[*trackers.Error](err)
	if !ok {
		return 0
	}
	return e.After
}

func TestAnEditOfATicketThatWasReadIsOneRequest(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	_, children := w.documents(t, 1, 2)
	again, err := github.New(github.Options{ // another process, which knows nothing yet
		Name: "gh", Owner: "octo", Repo: "backlog", Token: "secret", Now: w.clock.now, Sleep: w.clock.sleep, Transport: w.sim,
	})
	if err != nil {
		t.Fatal(err)
	}
	refs := []ticket.Ref{children[0].Seen.Ref, children[1].Seen.Ref}
	read, err := again.Get(t.Context(), refs)
	if err != nil {
		t.Fatal(err)
	}
	w.sim.Requests()
	for _, ref := range refs {
		now, _, err := again.Update(t.Context(), read[ref], ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "New"}})
		if err != nil || now.Fields.Title != "New" || now.Parent == "" || now.Parent != read[ref].Parent {
			t.Errorf("%+v, %v", now, err)
		}
	}
	if got, total := w.asked(); total != 2 || got["PATCH /issues/N"] != 2 {
		t.Errorf("two edits took %v", got)
	}
}
