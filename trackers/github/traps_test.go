package github_test

import (
	"strings"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/github"
	"percolate/trackers/github/githubtest"
)

func TestAChangeOfATransferredIssueLandsOnTheNewOne(t *testing.T) {
	for _, fresh := range []bool{false, true} {
		w := newWorld(t, githubtest.Options{FreshIDs: fresh}, nil)
		_, children := w.documents(t, 1, 1)
		s := children[0].Seen
		w.sim.Transfer(node(s.Ref), "elsewhere")
		p := ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "After"}, AddLabels: []string{"new"}}
		got, _, err := w.Update(t.Context(), s, p) // on the read from before it moved
		if err != nil || got.Fields.Title != "After" || got.Ref != s.Ref || !strings.HasPrefix(got.Name, "octo/elsewhere#") {
			t.Errorf("%+v, %v", got, err)
		}
		all := w.sim.Issues()
		moved := all[len(all)-1]
		if moved.Title != "After" || moved.Repo != "octo/elsewhere" || !strings.Contains(strings.Join(moved.Labels, " "), "new") {
			t.Errorf("it is %+v", moved)
		}
	}
}

func TestDeletedIsToldFromNotVisible(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	_, children := w.documents(t, 1, 1)
	s := children[0].Seen
	w.sim.Delete(node(s.Ref))
	p := ticket.Patch{Status: ticket.StatusDone}
	if _, _, err := w.Update(t.Context(), s, p); err == nil || !strings.Contains(err.Error(), "410 Gone") {
		t.Errorf("deleted: %v", err)
	}
	s.Ref, s.Name = "777:I_none", "octo/backlog#777"
	if _, _, err := w.Update(t.Context(), s, p); err == nil || !strings.Contains(err.Error(), "404 Not Found") {
		t.Errorf("never there: %v", err)
	}
	deleted := children[0].Seen.Ref
	got, err := w.Get(t.Context(), []ticket.Ref{deleted, s.Ref})
	if err != nil || len(got) != 1 || !got[deleted].Deleted {
		t.Errorf("read, they are %v: %v; want one that was deleted and none of the other", got, err)
	}
}

func TestWhatGitHubDropsInSilenceIsUnmet(t *testing.T) {
	for _, so := range []githubtest.Options{{NoPush: true}, {NoPush: true, NoGraphQL: true}} {
		w := newWorld(t, so, nil)
		f := fields("x")
		f.Kind = ticket.KindDefect
		d := w.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-1", Action: "A1"}, Fields: f}})[0]
		if d.Err != nil {
			t.Fatal(d.Err)
		}
		unmet := map[ticket.Field]bool{}
		for _, u := range d.Unmet {
			unmet[u.Field] = u.Reason != ""
		}
		for _, f := range []ticket.Field{ticket.FieldKind, ticket.FieldLabels, ticket.FieldPriority, ticket.FieldAssignees} {
			if !unmet[f] {
				t.Errorf("%s was dropped, and unmet is %+v", f, d.Unmet)
			}
		}
		found := 0
		for s, err := range w.Find(t.Context(), []string{"PER-1"}) {
			if err != nil || s.Key != d.Seen.Key {
				t.Errorf("found %+v, %v", s, err)
			}
			found++
		}
		if found != 1 {
			t.Error("without its label the ticket is lost")
		}
	}
}

func TestChildrenBeyondAHundredGoIntoTheTaskList(t *testing.T) {
	for _, so := range []githubtest.Options{{}, {NoGraphQL: true}} {
		w := newWorld(t, so, nil)
		parents, children := w.documents(t, 1, 105)
		parent := w.sim.Look(node(parents[0].Seen.Ref))
		sub := 0
		for _, is := range w.sim.Issues() {
			if is.Parent != 0 {
				sub++
			}
		}
		if sub != 100 || strings.Count(parent.Body, "- [ ] octo/backlog#") != 5 {
			t.Errorf("%d sub-issues, and the parent's text is %s", sub, parent.Body)
		}
		for i, c := range children {
			if c.Seen.Parent != parents[0].Seen.Ref {
				t.Errorf("child %d is below %q", i, c.Seen.Parent)
			}
		}
		if got, _ := ticket.Extract(parent.Body); got != "why" {
			t.Errorf("our block became %q", got)
		}
	}
}

func TestAFailureOfOneAliasIsItsOwn(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	var batch []trackers.Creation
	for _, a := range []string{"A1", "A2", "A3"} {
		batch = append(batch, trackers.Creation{Key: ticket.Key{Document: "PER-1", Action: a}, Fields: fields(a)})
	}
	batch[1].Fields.Title = " "
	done := w.Create(t.Context(), batch)
	if done[0].Err != nil || trackers.CodeOf(done[1].Err) != trackers.Invalid || done[2].Err != nil {
		t.Errorf("%v, %v, %v", done[0].Err, done[1].Err, done[2].Err)
	}
}

func TestPullRequestsAreNoTickets(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	_, children := w.documents(t, 1, 1)
	body := w.sim.Look(node(children[0].Seen.Ref)).Body
	pull := w.sim.OpenPull("Ours?", body, "percolate-ticket")
	n := 0
	for _, err := range w.Find(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 2 {
		t.Errorf("%d tickets, want 2", n)
	}
	ref, _ := w.Info().Recognise("https://github.com/octo/backlog/issues/" + itoa(pull.Number))
	if got, err := w.Get(t.Context(), []ticket.Ref{ref}); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestDocumentsPingNobodyAndLinkNothing(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	f := fields("x")
	f.Body = "Thanks @ann, fixes #12 and octo/shop#3, GH-4.\n`@kept #5`\n```\n@kept #6\n```\nmail x@example.com https://example.com/#7"
	d := w.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-1"}, Fields: f}})[0]
	if d.Err != nil || d.Seen.Fields.Body != f.Body {
		t.Fatalf("%v: read back as %q", d.Err, d.Seen.Fields.Body)
	}
	stored := w.sim.Look(node(d.Seen.Ref)).Body
	for _, bad := range []string{"@ann", "#12", "#3", "GH-4"} {
		if strings.Contains(stored, bad) {
			t.Errorf("%s is left in %q", bad, stored)
		}
	}
	for _, good := range []string{"`@kept #5`", "@kept #6", "x@example.com", "https://example.com/#7"} {
		if !strings.Contains(stored, good) {
			t.Errorf("%s is changed in %q", good, stored)
		}
	}
}

func TestReopenedIsOpenAndADuplicateIsDropped(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	_, children := w.documents(t, 1, 1)
	ref := children[0].Seen.Ref
	for reason, want := range map[string]ticket.Status{"duplicate": ticket.StatusDropped, "not_planned": ticket.StatusDropped, "completed": ticket.StatusDone, "reopened": ticket.StatusOpen} {
		w.sim.Edit(node(ref), func(is *githubtest.Issue) {
			is.State, is.Reason = "closed", reason
			if reason == "reopened" {
				is.State = "open"
			}
		})
		got, err := w.Get(t.Context(), []ticket.Ref{ref})
		if err != nil || got[ref].Status != want {
			t.Errorf("%s is %s, want %s: %v", reason, got[ref].Status, want, err)
		}
	}
}

func TestAnEMailAddressIsNobodysLogin(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	f := fields("x")
	f.Assignees = []string{"ann@example.com"}
	d := w.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-1"}, Fields: f}})[0]
	if len(d.Seen.Fields.Assignees) != 0 || len(d.Unmet) != 1 || !strings.Contains(d.Unmet[0].Reason, "no login") {
		t.Errorf("%+v, unmet %+v", d.Seen.Fields.Assignees, d.Unmet)
	}
}

func TestAnIssueThatCameBackIsOneTicketAndNotTwo(t *testing.T) {
	for _, so := range []githubtest.Options{{}, {NoGraphQL: true}, {FreshIDs: true}} {
		w := newWorld(t, so, nil)
		parents, _ := w.documents(t, 1, 0)
		ref := parents[0].Seen.Ref
		w.sim.Transfer(node(ref), "elsewhere")
		w.sim.Transfer(w.sim.Issues()[0].Node, "backlog")
		got, err := w.Get(t.Context(), []ticket.Ref{ref})
		if err != nil {
			t.Fatal(err)
		}
		for c, err := range w.Changed(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range c.Seen {
				if s.Ref != got[ref].Ref {
					t.Errorf("lists show it as %s, and by its old ref it is %s", s.Ref, got[ref].Ref)
				}
			}
		}
	}
}

func TestAnIssueThatCameAndLeftAgainIsOneTicketAndNotTwo(t *testing.T) {
	for _, so := range []githubtest.Options{{}, {NoGraphQL: true}, {FreshIDs: true}} {
		w := newWorld(t, so, nil)
		parents, _ := w.documents(t, 1, 0)
		first := parents[0].Seen.Ref
		w.sim.Transfer(node(first), "elsewhere")
		w.sim.Transfer(w.sim.Issues()[0].Node, "backlog")
		got, err := w.Get(t.Context(), []ticket.Ref{first})
		if err != nil {
			t.Fatal(err)
		}
		second := got[first].Ref
		w.sim.Transfer(w.sim.Issues()[0].Node, "elsewhere")
		if got, err = w.Get(t.Context(), []ticket.Ref{second, first}); err != nil {
			t.Fatal(err)
		}
		if first == second || len(got) != 2 || got[first].Ref != got[second].Ref {
			t.Errorf("by its two refs it is %s and %s", got[first].Ref, got[second].Ref)
		}
	}
}

func TestAMilestoneWhoseAnswerWasLostIsUsed(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, func(o *github.Options) { o.Due = github.DueMilestone })
	w.documents(t, 1, 1)
	f := fields("x")
	f.Due = "2026-07-01"
	child := []trackers.Creation{{Key: ticket.Key{Document: "PER-1", Action: "late"}, Fields: f}}
	w.sim.LoseAnswer(1)
	if d := w.Create(t.Context(), child)[0]; !trackers.NothingDone(d.Err) {
		t.Fatalf("the milestone was lost, and the ticket is %+v", d)
	}
	if d := w.Create(t.Context(), child)[0]; d.Err != nil || d.Seen.Fields.Due != f.Due {
		t.Errorf("it is due %q: %v", d.Seen.Fields.Due, d.Err)
	}
}

func TestAParentThatGotAnotherNodeGetsMoreChildren(t *testing.T) {
	for _, so := range []githubtest.Options{{FreshIDs: true}, {FreshIDs: true, NoGraphQL: true}} {
		w := newWorld(t, so, nil)
		parents, _ := w.documents(t, 1, 1)
		ref := parents[0].Seen.Ref
		w.sim.Transfer(node(ref), "elsewhere")
		got, err := w.Get(t.Context(), []ticket.Ref{ref})
		if err != nil {
			t.Fatal(err)
		}
		d := w.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-1", Action: "late"}, Fields: fields("x"), Parent: got[ref].Ref}})[0]
		if d.Err != nil || d.Seen.Parent != got[ref].Ref {
			t.Errorf("it is below %q, want %q: %v, unmet %v", d.Seen.Parent, got[ref].Ref, d.Err, d.Unmet)
		}
	}
}

func TestAnswersThatAreNotUnderstoodProveNothingOfAWrite(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	w.documents(t, 1, 1)
	w.sim.FailNext(502)
	d := w.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-2"}, Fields: fields("x")}})[0]
	if trackers.CodeOf(d.Err) != trackers.UnknownOutcome {
		t.Errorf("got %v", d.Err)
	}
}

func TestDoctorTellsWhatIsWrong(t *testing.T) {
	for want, c := range map[string]struct {
		sim    githubtest.Options
		change func(*github.Options)
	}{
		"set public: true":          {change: func(o *github.Options) { o.Public = false }},
		"no push access":            {sim: githubtest.Options{NoPush: true}},
		"GraphQL cannot be used":    {sim: githubtest.Options{NoGraphQL: true}},
		"401 Unauthorized":          {change: func(o *github.Options) { o.Token = "other" }},
		"404 Not Found":             {change: func(o *github.Options) { o.Repo = "none" }},
		"no issue field Target":     {change: func(o *github.Options) { o.Due, o.DueField = github.DueField, "Target" }},
		"only organisations have":   {change: func(o *github.Options) { o.Types = map[ticket.Kind]string{ticket.KindStory: "Task"} }},
		"nobody cannot be assigned": {},
	} {
		w := newWorld(t, c.sim, c.change)
		text := ""
		for _, d := range w.Check(t.Context(), []string{"ann", "nobody"}) {
			text += string(d.Level) + " " + d.Text + " | " + d.Mend + "\n"
		}
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}
