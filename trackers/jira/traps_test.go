package jira_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/jira"
	"percolate/trackers/jira/jiratest"
)

var (
	a1    = ticket.Key{Document: "PER-1", Action: "A1"}
	story = trackers.Creation{Key: a1, Fields: ticket.Fields{Kind: ticket.KindStory, Title: "Do it", Body: "Why.", Due: "2026-05-01", Labels: []string{"per"}}}
)

func unmetOf(t *testing.T, unmet []ticket.Unmet, fields ...ticket.Field) {
	t.Helper()
	var got []ticket.Field
	for _, u := range unmet {
		got = append(got, u.Field)
		if u.Reason == "" || u.At.IsZero() {
			t.Errorf("unmet without reason or time: %+v", u)
		}
	}
	slices.Sort(got)
	slices.Sort(fields)
	if !slices.Equal(got, fields) {
		t.Errorf("unmet is %+v, want %v", unmet, fields)
	}
}

func (s *site) found(t *testing.T, documents ...string) (keys []ticket.Key) {
	t.Helper()
	for f, err := range s.tracker.Find(t.Context(), documents) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, f.Key)
	}
	return keys
}

func TestALostCreateIsFoundByItsKeyBeforeTheSearchKnowsIt(t *testing.T) {
	s := newSite(t, flavour{bad: jiratest.Faults{IndexLag: jiratest.Duration(time.Hour)}})
	for range 120 {
		s.sim.Open("Others' work", "")
	}
	s.Wait(2 * time.Hour)
	s.sim.Open("Newer work that the search does not know", "")
	s.sim.SetFaults(func(f *jiratest.Faults) { f.LoseNext = 1 })
	done := s.tracker.Create(t.Context(), []trackers.Creation{story})
	if trackers.CodeOf(done[0].Err) != trackers.UnknownOutcome {
		t.Fatalf("got %v", done[0].Err)
	}
	s.sim.Open("And some more", "")
	if keys := s.found(t, "PER-1"); len(keys) != 1 || keys[0] != a1 {
		t.Errorf("found %v", keys)
	}
	if keys := s.found(t); len(keys) != 0 {
		t.Errorf("the search alone knows %v already", keys)
	}
}

func TestAPollLooksBackAsFarAsTheSearchLags(t *testing.T) {
	for _, zone := range []string{"UTC", "Asia/Kolkata", "America/St_Johns", "Europe/Berlin"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		s := newSite(t, flavour{sim: jiratest.Options{Zone: loc}, bad: jiratest.Faults{IndexLag: jiratest.Duration(4 * time.Minute)}})
		s.Wait(24*time.Hour*25 - 8*time.Hour) // the night in which Berlin's clocks change
		ref := s.filed(t, story).Seen.Ref
		s.Wait(time.Hour)
		cursor := s.last(t, "")
		for range 3 {
			s.sim.Edit(string(ref), func(i *jiratest.Issue) { i.Summary += "!" })
			s.Wait(30 * time.Second)
			want := s.issue(ref).Summary
			title := ""
			for range 12 {
				for c, err := range s.tracker.Changed(t.Context(), cursor) {
					if err != nil {
						t.Fatal(err)
					}
					for _, seen := range c.Seen {
						title = seen.Fields.Title
					}
					cursor = c.Cursor
				}
				s.Wait(30 * time.Second)
			}
			if title != want {
				t.Errorf("%s: the last that a poll saw was %q, want %q", zone, title, want)
			}
			s.Wait(50 * time.Minute)
		}
	}
}

func (s *site) last(t *testing.T, cursor trackers.Cursor) trackers.Cursor {
	t.Helper()
	for c, err := range s.tracker.Changed(t.Context(), cursor) {
		if err != nil {
			t.Fatal(err)
		}
		cursor = c.Cursor
	}
	return cursor
}

func TestTheMarkerIsWhatLabelsAndPropertySayTogether(t *testing.T) {
	s := newSite(t, flavour{})
	ref := s.filed(t, story).Seen.Ref
	key := func() ticket.Key {
		got, err := s.tracker.Get(t.Context(), []ticket.Ref{ref})
		if err != nil {
			t.Fatal(err)
		}
		return got[ref].Key
	}
	s.sim.Edit(string(ref), func(i *jiratest.Issue) {
		i.Labels = []string{"percolate-ticket", "percolate-doc-PER-2", "percolate-key-PER-2/A9"}
	})
	if key() != a1 {
		t.Errorf("with the labels of another it is %s; the property is right", key())
	}
	s.sim.Edit(string(ref), func(i *jiratest.Issue) { i.Labels = []string{"percolate-ticket"}; delete(i.Properties, "percolate") })
	if key() != (ticket.Key{}) {
		t.Errorf("without property and key label it is %s", key())
	}
	s.sim.Edit(string(ref), func(i *jiratest.Issue) { i.Labels = []string{"percolate-key-PER-1/A1"} })
	if key() != (ticket.Key{}) {
		t.Errorf("without the label by which it is found it is %s", key())
	}
	s.sim.Edit(string(ref), func(i *jiratest.Issue) { i.Labels = append(i.Labels, "percolate-ticket") })
	if key() != a1 {
		t.Errorf("with labels and no property it is %s", key())
	}
}

func TestACopyOfATicketShowsAsASecondOne(t *testing.T) {
	s := newSite(t, flavour{})
	s.sim.Clone(string(s.filed(t, story).Seen.Ref))
	if keys := s.found(t, "PER-1"); len(keys) != 2 || keys[0] != a1 || keys[1] != a1 {
		t.Errorf("found %v, want the key twice", keys)
	}
}

func TestPeoplesTextIsNotWrittenOverByWhoDoesNotKnowIt(t *testing.T) {
	s := newSite(t, flavour{})
	ref := s.filed(t, story).Seen.Ref
	s.sim.Edit(string(ref), func(i *jiratest.Issue) { i.Description += "\n\nOurs to keep." })
	patch := ticket.Patch{Set: []ticket.Field{ticket.FieldBody}, To: ticket.Fields{Body: "Another."}}
	if _, _, err := s.tracker.Update(t.Context(), ticket.Seen{Ref: ref}, patch); err != nil {
		t.Fatal(err)
	}
	if text := s.issue(ref).Description; !strings.Contains(text, "Ours to keep.") || !strings.Contains(text, "Another.") {
		t.Errorf("the text is %q", text)
	}
}

func TestAFormerKeyLeadsToTheMovedTicket(t *testing.T) {
	s := newSite(t, flavour{})
	first := s.filed(t, story).Seen
	other := s.filed(t, trackers.Creation{Key: ticket.Key{Document: "PER-2"}, Fields: ticket.Fields{Title: "Epic"}}).Seen
	s.sim.Move(string(first.Ref), "ELSE")
	s.sim.Move(string(other.Ref), "ELSE")
	asked := []ticket.Ref{ticket.Ref(first.Name), ticket.Ref(other.Name), "OPS-999"}
	got, err := s.tracker.Get(t.Context(), asked)
	if err != nil || len(got) != 2 || got[asked[0]].Ref != first.Ref || got[asked[1]].Name != "ELSE-2" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestPeopleAreFoundByAddressAndNeverGuessed(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		s := newSite(t, flavour{bad: jiratest.Faults{HideEmails: hidden}})
		for owner, want := range map[string]string{
			"ann@percolate.example": "acc-ann", "ann@percolate.example.org": "acc-anna", "acc-bob": "acc-bob", "BOB@percolate.example": "acc-bob",
			"twin@percolate.example": "", "ann@": "", "an": "", "nobody@percolate.example": "", "bob+ops@percolate.example": "",
		} {
			if hidden && owner == "BOB@percolate.example" {
				continue // what is hidden is found by its exact words only
			}
			c := story
			c.Key.Action, c.Fields.Assignees = owner, []string{owner}
			done := s.filed(t, c)
			if got := strings.Join(done.Seen.Fields.Assignees, ","); got != want {
				t.Errorf("hidden %v: %s became %q, want %q", hidden, owner, got, want)
			}
			if (want == "") != (len(done.Unmet) == 1) {
				t.Errorf("hidden %v: %s leaves unmet %+v", hidden, owner, done.Unmet)
			}
		}
		if n := s.sim.Requests()["GET user/assignable/search"]; n > 9 {
			t.Errorf("%d look-ups of 9 people", n)
		}
	}
}

func TestWhatIsOnNoScreenIsUnmetAndCostsNoRequest(t *testing.T) {
	s := newSite(t, flavour{bad: jiratest.Faults{OffScreen: []string{"duedate", "priority", "description", "assignee"}}})
	c := story
	c.Fields.Priority, c.Fields.Assignees = ticket.PriorityHigh, []string{"acc-ann"}
	unmetOf(t, s.filed(t, c).Unmet, ticket.FieldDue, ticket.FieldPriority, ticket.FieldBody, ticket.FieldAssignees)
	if n := s.sim.Requests()["POST issue/bulk"]; n != 1 {
		t.Errorf("%d creating requests", n)
	}
}

func TestWhatJiraRefusesAgainstItsOwnWordIsUnmet(t *testing.T) {
	s := newSite(t, flavour{bad: jiratest.Faults{Surprise: []string{"duedate", "priority"}}})
	c := story
	c.Fields.Priority = ticket.PriorityHigh
	done := s.filed(t, c)
	unmetOf(t, done.Unmet, ticket.FieldDue, ticket.FieldPriority)
	patch := ticket.Patch{Set: []ticket.Field{ticket.FieldDue, ticket.FieldTitle}, To: ticket.Fields{Due: "2026-06-01", Title: "New"}}
	seen, unmet, err := s.tracker.Update(t.Context(), done.Seen, patch)
	if err != nil || seen.Fields.Title != "New" {
		t.Errorf("updated to %+v, %v", seen.Fields, err)
	}
	unmetOf(t, unmet, ticket.FieldDue)
}

func TestWhatNobodyOwnsIsNotTheLeads(t *testing.T) {
	nobody := story
	nobody.Fields.Assignees = []string{"acc-nobody"}
	for _, c := range []trackers.Creation{story, nobody} {
		s := newSite(t, flavour{bad: jiratest.Faults{AutoAssign: true}})
		if got := s.filed(t, c).Seen.Fields.Assignees; len(got) > 0 {
			t.Errorf("it was assigned to %v", got)
		}
		s = newSite(t, flavour{bad: jiratest.Faults{AllOwned: true}}) // where Jira wants an owner it has the last word
		done := s.filed(t, c)
		if got := done.Seen.Fields.Assignees; len(got) != 1 || len(done.Unmet) != len(c.Fields.Assignees) {
			t.Errorf("it was assigned to %v, unmet %v", got, done.Unmet)
		}
	}
}

func TestWithoutLabelsNothingIsFiled(t *testing.T) {
	s := newSite(t, flavour{bad: jiratest.Faults{OffScreen: []string{"labels"}}})
	if done := s.tracker.Create(t.Context(), []trackers.Creation{story}); trackers.CodeOf(done[0].Err) != trackers.Invalid || len(s.sim.Issues()) > 0 {
		t.Errorf("got %v, and %d issues", done[0].Err, len(s.sim.Issues()))
	}
}

func TestARequiredFieldTakesItsValueFromTheConfiguration(t *testing.T) {
	f := flavour{bad: jiratest.Faults{Required: []string{"customfield_10400"}}}
	s := newSite(t, f)
	if done := s.tracker.Create(t.Context(), []trackers.Creation{story}); trackers.CodeOf(done[0].Err) != trackers.Invalid {
		t.Errorf("without: %v", done[0].Err)
	}
	f.opt.Values = []jira.Value{{Field: "team", Value: "Operations"}}
	s = newSite(t, f)
	ref := s.filed(t, story).Seen.Ref
	if got := string(s.issue(ref).Custom["customfield_10400"]); got != `{"value":"Operations"}` {
		t.Errorf("the field is %s", got)
	}
}

func TestALocalisedSiteWorksByNamesAndIds(t *testing.T) {
	f := flavour{sim: jiratest.Options{Localised: true}, opt: jira.Options{
		Types:      map[ticket.Kind]string{ticket.KindParent: "épopée", ticket.KindStory: "10001", ticket.KindDefect: "Bogue"},
		Priorities: map[ticket.Priority][]string{ticket.PriorityHigh: {"Majeure"}},
	}}
	s := newSite(t, f)
	c := story
	c.Fields.Priority = ticket.PriorityHigh
	done := s.filed(t, c)
	if done.Seen.Fields.Kind != ticket.KindStory || done.Seen.Fields.Priority != ticket.PriorityHigh || len(done.Unmet) > 0 {
		t.Errorf("filed %+v, unmet %+v", done.Seen.Fields, done.Unmet)
	}
	c.Key.Action, c.Fields.Priority = "A2", ticket.PriorityLow
	unmetOf(t, s.filed(t, c).Unmet, ticket.FieldPriority)
}

func TestLongTextsAreCutWhereJiraEndsAndPeoplesAreNot(t *testing.T) {
	s := newSite(t, flavour{})
	c := story
	c.Fields.Title = strings.Repeat("障害", 200)
	c.Fields.Body = strings.Repeat("A paragraph of *some* length, with words in it.\n\n", 1000) + "Decided in <https://example.org/PER-1>."
	seen := s.filed(t, c).Seen
	if n := utf8.RuneCountInString(seen.Fields.Title); n > 255 || !strings.HasSuffix(seen.Fields.Title, "...") {
		t.Errorf("the title has %d characters: %s", n, seen.Fields.Title)
	}
	if n := utf8.RuneCountInString(seen.Whole); n > 32767 || n < 30000 || !strings.Contains(seen.Whole, "cut here") || !strings.Contains(seen.Whole, "[https://example.org/PER-1]") {
		t.Errorf("the text has %d characters and ends %q", n, seen.Whole[len(seen.Whole)-300:])
	}
	theirs := strings.Repeat("Theirs. ", 2000)
	s.sim.Edit(string(seen.Ref), func(i *jiratest.Issue) { i.Description = i.Description[:100] + i.Description[32000:] + "\n\n" + theirs })
	fresh, err := s.tracker.Get(t.Context(), []ticket.Ref{seen.Ref})
	if err != nil {
		t.Fatal(err)
	}
	after, unmet, err := s.tracker.Update(t.Context(), fresh[seen.Ref], ticket.Patch{Set: []ticket.Field{ticket.FieldBody}, To: c.Fields})
	if err != nil || len(unmet) > 0 || !strings.Contains(after.Whole, theirs) {
		t.Errorf("%v, unmet %v, and people's text is there: %v", err, unmet, strings.Contains(after.Whole, theirs))
	}
}

func TestWhatCannotBeAnsweredIsToldAsWhatItIs(t *testing.T) {
	for name, c := range map[string]struct {
		bad  jiratest.Faults
		code trackers.Code
		says string
	}{
		"APageForAnError": {jiratest.Faults{LoseNext: 1, HTML: true}, trackers.UnknownOutcome, "dead link (502)"},
		"NoPermission":    {jiratest.Faults{Deny: []string{"CREATE_ISSUES"}}, trackers.Invalid, "permission to create"},
		"RefusedForLong":  {jiratest.Faults{LimitEvery: 1, RetryAfter: 3000}, trackers.RateLimit, "429"},
		"Dropped":         {jiratest.Faults{DropEvery: 1}, trackers.UnknownOutcome, "reset"},
		"Down":            {jiratest.Faults{Down: 99}, trackers.Unavailable, "maintenance"},
	} {
		t.Run(name, func(t *testing.T) {
			err := newSite(t, flavour{bad: c.bad}).tracker.Create(t.Context(), []trackers.Creation{story})[0].Err
			if trackers.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s with %q", err, c.code, c.says)
			}
		})
	}
}

func TestCheckTellsWhatWouldGoWrong(t *testing.T) {
	for name, c := range map[string]struct {
		f    flavour
		says string
	}{
		"Required":   {flavour{bad: jiratest.Faults{Required: []string{"customfield_10400"}}}, "FAIL jira-ops: type Story requires Team"},
		"Labels":     {flavour{bad: jiratest.Faults{OffScreen: []string{"labels"}}}, "FAIL jira-ops: type Epic has no labels"},
		"Due":        {flavour{bad: jiratest.Faults{OffScreen: []string{"duedate"}}}, "warn jira-ops: type Bug has no field duedate"},
		"Permission": {flavour{bad: jiratest.Faults{Deny: []string{"ASSIGN_ISSUES"}}}, "FAIL jira-ops: the user lacks the permissions ASSIGN_ISSUES"},
		"Public":     {flavour{sim: jiratest.Options{Public: true}}, "warn jira-ops: anybody may read project OPS"},
		"Types":      {flavour{sim: jiratest.Options{Localised: true}}, `FAIL jira-ops: project OPS has no type "Epic" for a parent; it has Épopée`},
		"Priorities": {flavour{opt: jira.Options{Priorities: map[ticket.Priority][]string{ticket.PriorityLow: {"P4"}}}}, "warn jira-ops: no priority here is configured as low"},
		"Value":      {flavour{opt: jira.Options{Values: []jira.Value{{Field: "Tem", Value: "x"}}}}, `FAIL jira-ops: type Epic has no field "Tem"`},
		"LinkType":   {flavour{opt: jira.Options{Hierarchy: jira.Link, LinkType: "Parent"}}, `FAIL jira-ops: there is no link type "Parent"; there are Blocks`},
		"Hierarchy":  {flavour{opt: jira.Options{Types: map[ticket.Kind]string{ticket.KindParent: "Story"}}}, "FAIL jira-ops: type Story cannot have Story below it"},
		"Subtask":    {flavour{opt: jira.Options{Hierarchy: jira.Subtask, Types: map[ticket.Kind]string{ticket.KindStory: "Task"}}}, "FAIL jira-ops: type Task of a story"},
	} {
		t.Run(name, func(t *testing.T) {
			var lines []string
			for _, d := range newSite(t, c.f).tracker.Check(t.Context(), nil) {
				lines = append(lines, string(d.Level)+" "+d.Text)
				if d.Level == trackers.Fail && d.Mend == "" {
					t.Errorf("no way to mend %s", d.Text)
				}
			}
			if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, c.says) }) {
				t.Errorf("%q is not said in\n%s", c.says, strings.Join(lines, "\n"))
			}
		})
	}
}

func TestCheckTellsThatATokenIsRefused(t *testing.T) {
	s := newSite(t, flavour{})
	bad, err := jira.New(jira.Options{Name: "jira-ops", URL: "https://jira.example", Token: "old", User: user, Project: "OPS", Now: s.Now, Transport: s.sim.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	found := bad.Check(t.Context(), nil)
	if len(found) != 1 || found[0].Level != trackers.Fail || !strings.Contains(found[0].Text, "401") || !strings.Contains(found[0].Mend, "new token") {
		t.Errorf("found %+v", found)
	}
}

func TestStatusesGoByCategoryAndConfiguredWords(t *testing.T) {
	s := newSite(t, flavour{opt: jira.Options{Flag: "Flagged"}})
	ref := s.filed(t, story).Seen.Ref
	for name, c := range map[string]struct {
		edit func(*jiratest.Issue)
		want ticket.Status
		word string
	}{
		"Flagged":      {func(i *jiratest.Issue) { i.Flagged = true }, ticket.StatusBlocked, "To Do"},
		"BlockedLabel": {func(i *jiratest.Issue) { i.Labels = append(i.Labels, "blocked") }, ticket.StatusBlocked, "To Do"},
		"Duplicate":    {func(i *jiratest.Issue) { i.Status, i.Resolution = "5", "Duplicate" }, ticket.StatusDropped, "Done (Duplicate)"},
		"NoResolution": {func(i *jiratest.Issue) { i.Status = "5" }, ticket.StatusDone, "Done"},
		"DoneIsDone":   {func(i *jiratest.Issue) { i.Status, i.Flagged, i.Resolution = "5", true, "Done" }, ticket.StatusDone, "Done"},
		"Resolved":     {func(i *jiratest.Issue) { i.Status, i.Resolution = "3", "Won't Do" }, ticket.StatusActive, "In Progress (Won't Do)"},
	} {
		before := s.issue(ref)
		s.sim.Edit(string(ref), c.edit)
		got, err := s.tracker.Get(t.Context(), []ticket.Ref{ref})
		if err != nil || got[ref].Status != c.want || got[ref].Word != c.word {
			t.Errorf("%s: %s in words %q, %v", name, got[ref].Status, got[ref].Word, err)
		}
		s.sim.Edit(string(ref), func(i *jiratest.Issue) {
			i.Status, i.Resolution, i.Flagged, i.Labels = before.Status, before.Resolution, before.Flagged, before.Labels
		})
	}
}
