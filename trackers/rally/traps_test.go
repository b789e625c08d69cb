package rally_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/internal/simctl"
	"percolate/trackers/rally"
	"percolate/trackers/rally/rallytest"
)

var (
	a1     = ticket.Key{Document: "PER-1", Action: "A1"}
	story  = trackers.Creation{Key: a1, Fields: ticket.Fields{Kind: ticket.KindStory, Title: "Do it", Body: "Why.", Due: "2026-05-01", Labels: []string{"per"}}}
	defect = trackers.Creation{Key: ticket.Key{Document: "PER-1", Action: "A2"}, Fields: ticket.Fields{
		Kind: ticket.KindDefect, Title: "Mend it", Body: "Why.", Due: "2026-05-01", Labels: []string{"per"}, Priority: ticket.PriorityHigh,
	}}
	parent = trackers.Creation{Key: ticket.Key{Document: "PER-1"}, Fields: ticket.Fields{Kind: ticket.KindParent, Title: "Event"}}
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

func (s *site) get(t *testing.T, ref ticket.Ref) ticket.Seen {
	t.Helper()
	got, err := s.tracker.Get(t.Context(), []ticket.Ref{ref})
	if err != nil {
		t.Fatal(err)
	}
	return got[ref]
}

func (s *site) update(t *testing.T, ref ticket.Ref, p ticket.Patch) (ticket.Seen, []ticket.Unmet) {
	t.Helper()
	seen, unmet, err := s.tracker.Update(t.Context(), s.get(t, ref), p)
	if err != nil {
		t.Fatal(err)
	}
	return seen, unmet
}

func TestADefectHangsBelowAStoryByItsRequirement(t *testing.T) {
	s := newSite(t, flavour{})
	above := s.filed(t, parent).Seen
	c := defect
	c.Parent = above.Ref
	done := s.filed(t, c)
	unmetOf(t, done.Unmet)
	f := done.Seen.Fields
	if done.Seen.Parent != above.Ref || f.Kind != ticket.KindDefect || f.Priority != ticket.PriorityHigh || f.Due != "2026-05-01" {
		t.Errorf("filed below %s: %+v", done.Seen.Parent, f)
	}
	if got := s.sim.Value(string(done.Seen.Ref), "Priority"); got != "High Attention" {
		t.Errorf("Rally has the priority %v", got)
	}
	if above.Fields.Kind != ticket.KindParent || !strings.HasSuffix(above.URL, "/#/detail/userstory/"+string(above.Ref)) || !strings.Contains(done.Seen.URL, "/detail/defect/") {
		t.Errorf("the parent is a %s at %s, the defect at %s", above.Fields.Kind, above.URL, done.Seen.URL)
	}
}

func TestPrioritiesAndSeveritiesAreThoseOfTheWorkspace(t *testing.T) {
	f := flavour{
		sim: rallytest.Options{Priorities: []string{"Urgent", "High", "Normal"}},
		opt: rally.Options{Severities: map[ticket.Priority][]string{ticket.PriorityHigh: {"No such thing", "major problem"}}},
	}
	s := newSite(t, f)
	done := s.filed(t, defect)
	if done.Seen.Fields.Priority != ticket.PriorityHigh || s.sim.Value(string(done.Seen.Ref), "Severity") != "Major Problem" {
		t.Errorf("filed %+v, severity %v", done.Seen.Fields, s.sim.Value(string(done.Seen.Ref), "Severity"))
	}
	low := defect
	low.Key.Action, low.Fields.Priority = "A3", ticket.PriorityLow
	unmetOf(t, s.filed(t, low).Unmet, ticket.FieldPriority)
	_, unmet := s.update(t, done.Seen.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldPriority}, To: ticket.Fields{Priority: ticket.PriorityLowest}})
	unmetOf(t, unmet, ticket.FieldPriority)
}

func TestWhatRallyIgnoresIsUnmet(t *testing.T) {
	s := newSite(t, flavour{opt: rally.Options{Due: rally.DueField, DueField: "c_DueDate"}, bad: rallytest.Faults{Ignore: []string{"c_DueDate", "Priority", "Owner"}}})
	c := story
	c.Fields.Assignees = []string{"bob"}
	unmetOf(t, s.filed(t, c).Unmet, ticket.FieldDue, ticket.FieldAssignees)
	done := s.filed(t, defect)
	unmetOf(t, done.Unmet, ticket.FieldPriority)
	p := ticket.Patch{Set: []ticket.Field{ticket.FieldTitle, ticket.FieldPriority}, To: ticket.Fields{Title: "New", Priority: ticket.PriorityLow}}
	seen, unmet := s.update(t, done.Seen.Ref, p)
	if unmetOf(t, unmet, ticket.FieldPriority); seen.Fields.Title != "New" {
		t.Errorf("the title is %q", seen.Fields.Title)
	}
}

func TestRequiredAttributesTakeTheirValuesFromTheConfiguration(t *testing.T) {
	f := flavour{bad: rallytest.Faults{Required: []string{"c_Team"}}}
	s := newSite(t, f)
	if done := s.tracker.Create(t.Context(), []trackers.Creation{story}); trackers.CodeOf(done[0].Err) != trackers.Invalid || !strings.Contains(done[0].Err.Error(), "c_Team") {
		t.Errorf("without: %v", done[0].Err)
	}
	f.opt.Values = []rally.Value{{Field: "c_team", Value: "Web"}, {Field: "c_Cost", Value: "12", Kinds: []ticket.Kind{ticket.KindStory}}}
	s = newSite(t, f)
	ref := string(s.filed(t, story).Seen.Ref)
	if s.sim.Value(ref, "c_Team") != "Web" || s.sim.Value(ref, "c_Cost") != int64(12) {
		t.Errorf("the team is %v and the cost %v", s.sim.Value(ref, "c_Team"), s.sim.Value(ref, "c_Cost"))
	}
	if ref := string(s.filed(t, defect).Seen.Ref); s.sim.Value(ref, "c_Cost") != nil {
		t.Error("a value for stories stands on a defect")
	}
}

func TestOwnersAreFoundByNameOrAddressAndNeverGuessed(t *testing.T) {
	s := newSite(t, flavour{})
	for owner, want := range map[string]string{
		"ann@percolate.example": "ann@percolate.example", "ANN@percolate.example": "ann@percolate.example", "bob@percolate.example": "bob", "bob": "bob",
		"twin@percolate.example": "", "twin1": "twin1", "ann": "", "gone@percolate.example": "", "noaccess@percolate.example": "",
	} {
		c := story
		c.Key.Action, c.Fields.Assignees = owner, []string{owner}
		done := s.filed(t, c)
		if got := strings.Join(done.Seen.Fields.Assignees, ","); got != want || (want == "") != (len(done.Unmet) == 1) {
			t.Errorf("%s became %q, want %q; unmet %+v", owner, got, want, done.Unmet)
		}
	}
}

func TestAnOwnerWhomRallyRefusedIsNotTriedAgain(t *testing.T) {
	s := newSite(t, flavour{})
	c := story
	c.Fields.Labels, c.Fields.Assignees = nil, []string{"noaccess@percolate.example", "bob"}
	s.filed(t, c)
	s.sim.ForgetRequests()
	c.Key.Action = "A3"
	done := s.filed(t, c)
	if unmetOf(t, done.Unmet, ticket.FieldAssignees); s.sim.Requests()["POST batch"] != 1 || done.Seen.Fields.Assignees[0] != "bob" {
		t.Errorf("it is %v's after %v", done.Seen.Fields.Assignees, s.sim.Requests())
	}
}

func TestAPageInPlaceOfAnAnswerTellsNothingOfAWrite(t *testing.T) {
	s := newSite(t, flavour{})
	s.filed(t, parent)
	c := story
	c.Fields.Labels, c.Fields.Due = nil, ""
	s.sim.SetFaults(func(f *rallytest.Faults) { f.Down = 1 })
	if done := s.tracker.Create(t.Context(), []trackers.Creation{c}); trackers.CodeOf(done[0].Err) != trackers.UnknownOutcome {
		t.Errorf("got %v", done[0].Err)
	}
}

func TestABatchDoneByHalfLeavesNothingTwiceAndNothingOut(t *testing.T) {
	s := newSite(t, flavour{bad: rallytest.Faults{Late: rallytest.Duration(4 * time.Minute)}})
	s.filed(t, parent) // which makes the tags
	var batch []trackers.Creation
	for i := range 9 {
		c := story
		c.Key.Action, c.Fields.Labels = fmt.Sprintf("A%d", i), nil
		batch = append(batch, c)
	}
	s.sim.SetFaults(func(f *rallytest.Faults) { f.CutNext = 1 })
	for _, d := range s.tracker.Create(t.Context(), batch) {
		if trackers.CodeOf(d.Err) != trackers.UnknownOutcome {
			t.Fatalf("got %v", d.Err)
		}
	}
	if keys := s.found(t, "PER-1"); len(keys) != 1 {
		t.Errorf("found %v before Rally was done with it", keys)
	}
	s.Wait(s.tracker.Info().FindLag)
	if keys := s.found(t, "PER-1"); len(keys) != 5 {
		t.Errorf("found %v, want the parent and the first half", keys)
	}
}

func TestACreateThatMetAnotherWriteIsLookedForBeforeItIsDoneAgain(t *testing.T) {
	s := newSite(t, flavour{bad: rallytest.Faults{ConflictNext: 1}})
	s.filed(t, story)
	if keys := s.found(t, "PER-1"); len(keys) != 1 {
		t.Errorf("found %v", keys)
	}
	if r := s.sim.Requests(); r["POST batch"] != 3 { // of tags, refused, and done
		t.Errorf("%v", r)
	}
}

func TestAnUpdateThatMetAnotherWriteOverwritesNobody(t *testing.T) {
	s := newSite(t, flavour{})
	base := s.filed(t, defect).Seen
	s.act(simctl.Act{Do: simctl.Title, Ref: string(base.Ref), Value: "As a person calls it"})
	s.sim.SetFaults(func(f *rallytest.Faults) { f.ConflictNext = 1 })
	p := ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "Ours"}}
	_, _, err := s.tracker.Update(t.Context(), base, p)
	if trackers.CodeOf(err) != trackers.Invalid || s.get(t, base.Ref).Fields.Title != "As a person calls it" {
		t.Errorf("got %v, and the title %q", err, s.get(t, base.Ref).Fields.Title)
	}
	s.sim.SetFaults(func(f *rallytest.Faults) { f.ConflictNext = 1 })
	due := ticket.Patch{Set: []ticket.Field{ticket.FieldDue}, To: ticket.Fields{Due: "2026-06-01"}}
	seen, _, err := s.tracker.Update(t.Context(), base, due) // which nobody else changed
	if err != nil || seen.Fields.Due != "2026-06-01" || seen.Fields.Title != "As a person calls it" {
		t.Errorf("got %v, %+v", err, seen.Fields)
	}
}

func TestTheStateOfAStoryWithStoriesIsThatOfItsStories(t *testing.T) {
	s := newSite(t, flavour{})
	above := s.filed(t, parent).Seen
	c := story
	c.Parent = above.Ref
	child := s.filed(t, c).Seen
	seen, _ := s.update(t, above.Ref, ticket.Patch{Status: ticket.StatusDone})
	if seen.Status != ticket.StatusOpen {
		t.Errorf("its story is open, and it is %s", seen.Status)
	}
	s.update(t, child.Ref, ticket.Patch{Status: ticket.StatusDone})
	if got := s.get(t, above.Ref); got.Status != ticket.StatusDone || got.Word != "Accepted" {
		t.Errorf("its story is done, and it is %s (%s)", got.Status, got.Word)
	}
}

func TestStatusesOfDefectsAreStateAndResolution(t *testing.T) {
	s := newSite(t, flavour{})
	ref := s.filed(t, defect).Seen.Ref
	for _, want := range []struct {
		status ticket.Status
		word   string
	}{
		{ticket.StatusActive, "Open"}, {ticket.StatusBlocked, "Open, blocked"}, {ticket.StatusDropped, "Closed (Not a Defect)"}, {ticket.StatusOpen, "Submitted"}, {ticket.StatusDone, "Closed"},
	} {
		seen, _ := s.update(t, ref, ticket.Patch{Status: want.status})
		if seen.Status != want.status || seen.Word != want.word {
			t.Errorf("it is %s (%s), want %s (%s)", seen.Status, seen.Word, want.status, want.word)
		}
	}
	s.act(simctl.Act{Do: simctl.Status, Ref: string(ref), Value: "open"})
	s.sim.Set(string(ref), "ScheduleState", "In-Progress")
	if got := s.get(t, ref).Status; got != ticket.StatusActive {
		t.Errorf("work goes on, and it is %s", got)
	}
}

func TestAStatusMeansWhatTheConfigurationSays(t *testing.T) {
	s := newSite(t, flavour{opt: rally.Options{Statuses: map[ticket.Status][]string{
		ticket.StatusDone: {"Completed"}, ticket.StatusDropped: {"cut"}, ticket.StatusBlocked: {"waiting"},
	}}})
	ref := s.filed(t, story).Seen.Ref
	for _, want := range []struct {
		status ticket.Status
		word   string
	}{{ticket.StatusDone, "Completed"}, {ticket.StatusActive, "In-Progress"}, {ticket.StatusOpen, "Defined"}} {
		if seen, _ := s.update(t, ref, ticket.Patch{Status: want.status}); seen.Status != want.status || seen.Word != want.word {
			t.Errorf("%s became %s (%s)", want.status, seen.Status, seen.Word)
		}
	}
	s.act(simctl.Act{Do: simctl.Label, Ref: string(ref), Value: "Waiting"})
	if got := s.get(t, ref); got.Status != ticket.StatusBlocked || slices.Contains(got.Fields.Labels, "Waiting") {
		t.Errorf("tagged as waiting it is %s, with the labels %v", got.Status, got.Fields.Labels)
	}
	seen, _ := s.update(t, ref, ticket.Patch{Status: ticket.StatusDropped})
	if seen.Status != ticket.StatusDropped || !slices.Contains(s.sim.Ticket(string(ref)).Labels, "cut") {
		t.Errorf("dropped it is %s, with the tags %v", seen.Status, s.sim.Ticket(string(ref)).Labels)
	}
}

func TestAMovedTicketIsFollowed(t *testing.T) {
	for _, scope := range []rally.Scope{rally.ScopeWorkspace, rally.ScopeProject} {
		s := newSite(t, flavour{opt: rally.Options{Scope: scope}})
		ref := s.filed(t, story).Seen.Ref
		s.act(simctl.Act{Do: simctl.Move, Ref: string(ref)})
		if got := s.get(t, ref); got.Key != a1 {
			t.Errorf("%s: moved, it is %+v", scope, got)
		}
		if seen, _ := s.update(t, ref, ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "There"}}); seen.Fields.Title != "There" {
			t.Errorf("%s: updated, it is %+v", scope, seen.Fields)
		}
		changed := 0
		for c, err := range s.tracker.Changed(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			changed += len(c.Seen)
		}
		if want := map[rally.Scope]int{rally.ScopeWorkspace: 1, rally.ScopeProject: 0}[scope]; changed != want {
			t.Errorf("%s: %d tickets changed, want %d", scope, changed, want)
		}
	}
}

func TestAStoryBelowAFeatureIsNotPutBelowAStory(t *testing.T) {
	s := newSite(t, flavour{})
	ref := ticket.Ref(s.act(simctl.Act{Do: simctl.Open, Value: "A person's story"}))
	feature := s.sim.Feature(string(ref))
	if got := s.get(t, ref).Parent; got != ticket.Ref(fmt.Sprint(feature)) {
		t.Errorf("it is below %q, want the feature %d", got, feature)
	}
	_, _, err := s.tracker.Update(t.Context(), s.get(t, ref), ticket.Patch{Parent: s.filed(t, parent).Seen.Ref})
	if trackers.CodeOf(err) != trackers.Invalid || !strings.Contains(err.Error(), "parentArtifact") {
		t.Errorf("got %v", err)
	}
}

func TestDueDaysAreDaysOfTheWorkspace(t *testing.T) {
	for _, zone := range []string{"Pacific/Kiritimati", "America/Denver", "UTC", "Pacific/Pago_Pago", "Asia/Kolkata"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		s := newSite(t, flavour{sim: rallytest.Options{Zone: loc}, opt: rally.Options{Due: rally.DueField, DueField: "c_DueDate"}})
		for _, c := range []trackers.Creation{story, defect} {
			for _, day := range []ticket.Day{"2026-03-29", "2026-10-25", "2026-12-31"} {
				c.Key.Action, c.Fields.Due = string(day)+string(c.Fields.Kind), day
				seen := s.filed(t, c).Seen
				if got := s.sim.Ticket(string(seen.Ref)).Due; seen.Fields.Due != day || got != string(day) {
					t.Errorf("%s: %s of a %s reads %s, and Rally shows %s", zone, day, c.Fields.Kind, seen.Fields.Due, got)
				}
			}
		}
	}
}

func TestTheIterationTellsWhenPlannersMoveTheWork(t *testing.T) {
	s := newSite(t, flavour{opt: rally.Options{Due: rally.DueIteration}})
	seen := s.filed(t, story).Seen
	first := s.sim.Value(string(seen.Ref), "Iteration")
	if seen.Fields.Due != "2026-05-01" || first == nil {
		t.Errorf("it is due %s, in the iteration %v", seen.Fields.Due, first)
	}
	seen, _ = s.update(t, seen.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldDue}, To: ticket.Fields{Due: "2026-06-17"}})
	later := s.sim.Value(string(seen.Ref), "Iteration")
	if seen.Fields.Due != "2026-06-17" || later == first {
		t.Errorf("it is due %s, in the iteration %v", seen.Fields.Due, later)
	}
	s.sim.Set(string(seen.Ref), "Iteration", first)
	if got := s.get(t, seen.Ref).Fields.Due; got != "2026-05-10" {
		t.Errorf("in the iteration to 2026-05-10 it is due %s", got)
	}
	s.sim.Set(string(seen.Ref), "Iteration", nil)
	if got := s.get(t, seen.Ref).Fields.Due; got != "2026-06-17" {
		t.Errorf("in no iteration it is due %s", got)
	}
	c := story
	c.Key.Action, c.Fields.Due = "A3", "2030-01-01" // which no iteration covers
	done := s.filed(t, c)
	if unmetOf(t, done.Unmet); done.Seen.Fields.Due != "2030-01-01" {
		t.Errorf("planned by nobody it is due %s", done.Seen.Fields.Due)
	}
}

func TestMilestonesOfPlannersAreLeftAlone(t *testing.T) {
	s := newSite(t, flavour{opt: rally.Options{Due: rally.DueMilestone}})
	ref := s.filed(t, story).Seen.Ref
	s.sim.Milestone(string(ref), "Release 7")
	seen, _ := s.update(t, ref, ticket.Patch{Set: []ticket.Field{ticket.FieldDue}, To: ticket.Fields{Due: "2026-06-01"}})
	if seen.Fields.Due != "2026-06-01" {
		t.Errorf("it is due %s", seen.Fields.Due)
	}
	s.sim.Milestone(string(ref), "Audit 2026-05-20")
	if got := s.get(t, ref).Fields.Due; got != "2026-05-20" {
		t.Errorf("with an earlier milestone it is due %s", got)
	}
}

func TestALostTagIsNoLostTicket(t *testing.T) {
	s := newSite(t, flavour{bad: rallytest.Faults{LoseEvery: 1}})
	c := story
	c.Fields.Labels = []string{"one", "two"}
	done := s.tracker.Create(t.Context(), []trackers.Creation{c})
	if trackers.CodeOf(done[0].Err) != trackers.UnknownOutcome { // of the ticket; its tags were found again
		t.Errorf("got %v", done[0].Err)
	}
	if got := s.sim.Tickets(); len(got) != 1 || len(got[0].Labels) != 3 {
		t.Errorf("there are %+v", got)
	}
}

func TestWhoMayNotMakeTagsFilesWithoutThem(t *testing.T) {
	s := newSite(t, flavour{bad: rallytest.Faults{NoTags: true}})
	done := s.filed(t, story)
	unmetOf(t, done.Unmet, ticket.FieldLabels)
	if keys := s.found(t); len(keys) != 1 || keys[0] != a1 {
		t.Errorf("without the tag it is found as %v", keys)
	}
	c := defect
	s.filed(t, c)
	if n := s.sim.Requests()["POST batch"]; n != 3 {
		t.Errorf("%d batches; the tags that were refused were asked for again", n)
	}
}

func TestTheMarkerIsALineOfTheNotes(t *testing.T) {
	s := newSite(t, flavour{})
	ref := string(s.filed(t, story).Seen.Ref)
	notes := fmt.Sprint(s.sim.Value(ref, "Notes"))
	s.sim.Set(ref, "Notes", "<div><b>Mine.</b> "+strings.NewReplacer("<p>", "<span>", "</p>", "</span><br/>").Replace(notes)+"More.</div>")
	if got := s.get(t, ticket.Ref(ref)).Key; got != a1 {
		t.Errorf("with other notes round it it is %+v", got)
	}
	s.sim.Set(ref, "Notes", "another-percolate-ticket:PER-1:A1: here")
	if got := s.get(t, ticket.Ref(ref)).Key; got != (ticket.Key{}) {
		t.Errorf("with the marker of another tracker it is %+v", got)
	}
	if keys := s.found(t); len(keys) != 0 {
		t.Errorf("the tag alone finds %v", keys)
	}
}

func TestLongTextsAreCutWhereRallyEndsAndPeoplesAreNot(t *testing.T) {
	s := newSite(t, flavour{})
	c := story
	c.Fields.Title = strings.Repeat("障害", 200)
	c.Fields.Body = strings.Repeat("A paragraph of *some* length, with words in it.\n\n", 1000) + "Decided in <https://example.org/PER-1>."
	done := s.filed(t, c)
	unmetOf(t, done.Unmet)
	seen := done.Seen
	if n := len([]rune(seen.Fields.Title)); n > 256 || !strings.HasSuffix(seen.Fields.Title, "...") {
		t.Errorf("the title has %d characters", n)
	}
	if n := len(seen.Whole); n > 32768 || n < 30000 || !strings.Contains(seen.Whole, "cut here") || seen.Fields.Due != "2026-05-01" {
		t.Errorf("the text has %d bytes, due %q", n, seen.Fields.Due)
	}
	if seen.Fields.Body != ticket.BodySum(c.Fields.Body) {
		t.Error("a text that was cut is taken for another")
	}
	theirs := "<p>" + strings.Repeat("Theirs. ", 2000) + "</p>"
	s.sim.Set(string(seen.Ref), "Description", rally.Embed(seen.Whole, "Short.")+theirs)
	after, unmet := s.update(t, seen.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldBody}, To: c.Fields})
	if unmetOf(t, unmet); !strings.Contains(after.Whole, theirs) || len(after.Whole) > 32768 {
		t.Errorf("people's text is there: %v, of %d bytes", strings.Contains(after.Whole, theirs), len(after.Whole))
	}
}

func TestRequestsAreAtMostTwelveAtATime(t *testing.T) {
	for asked, want := range map[int]int{0: 8, 3: 3, 40: 12} {
		s := newSite(t, flavour{sim: rallytest.Options{Sleep: func(time.Duration) { time.Sleep(time.Millisecond) }}, opt: rally.Options{Parallel: asked}})
		if got := s.tracker.Info().Parallel; got != want {
			t.Errorf("of %d the tracker makes %d", asked, got)
		}
		ref := s.filed(t, story).Seen.Ref
		var wg sync.WaitGroup
		for range 60 {
			wg.Go(func() { s.get(t, ref) })
		}
		wg.Wait()
		if n := s.sim.Busiest(); n > want {
			t.Errorf("%d requests were under way at once, want at most %d", n, want)
		}
	}
}

func TestWritesBelowOneParentNeverMeet(t *testing.T) {
	s := newSite(t, flavour{sim: rallytest.Options{Sleep: func(time.Duration) { time.Sleep(time.Millisecond) }}})
	var batch []trackers.Creation
	for _, above := range []ticket.Seen{s.filed(t, parent).Seen, s.filed(t, trackers.Creation{Key: ticket.Key{Document: "PER-2"}, Fields: ticket.Fields{Title: "x"}}).Seen} {
		for i := range 8 {
			c := []trackers.Creation{story, defect}[i%2]
			c.Key, c.Parent = ticket.Key{Document: above.Key.Document, Action: fmt.Sprint(i)}, above.Ref
			batch = append(batch, c)
		}
	}
	var wg sync.WaitGroup
	for _, d := range s.tracker.Create(t.Context(), batch) {
		wg.Go(func() {
			p := ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "New"}, AddLabels: []string{"new"}}
			if _, _, err := s.tracker.Update(t.Context(), d.Seen, p); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if s.sim.Crowded() != 1 || s.sim.Busiest() < 2 {
		t.Errorf("%d writes were under way at once below one parent, and %d requests in all", s.sim.Crowded(), s.sim.Busiest())
	}
}

func TestWhatCannotBeAnsweredIsToldAsWhatItIs(t *testing.T) {
	for name, c := range map[string]struct {
		bad  rallytest.Faults
		code trackers.Code
		says string
	}{
		"Down":     {rallytest.Faults{Down: 99}, trackers.Unavailable, "Rally is down for maintenance"},
		"Lost":     {rallytest.Faults{LoseNext: 1}, trackers.UnknownOutcome, "502 Bad Gateway"},
		"Late":     {rallytest.Faults{LoseEvery: 1}, trackers.UnknownOutcome, "524"},
		"Dropped":  {rallytest.Faults{DropEvery: 1}, trackers.UnknownOutcome, "reset"},
		"Rejected": {rallytest.Faults{Reject: true}, trackers.Denied, "Invalid key"},
		"ReadOnly": {rallytest.Faults{ReadOnly: true}, trackers.Denied, "read-only"},
		"Rule":     {rallytest.Faults{RefuseNotes: []string{"PER-1"}}, trackers.Invalid, "work rule"},
	} {
		t.Run(name, func(t *testing.T) {
			err := newSite(t, flavour{bad: c.bad}).tracker.Create(t.Context(), []trackers.Creation{story})[0].Err
			if trackers.CodeOf(err) != c.code || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("got %v, want %s with %q", err, c.code, c.says)
			}
		})
	}
}

func TestTicketsAreFiledInTheConfiguredProjectAndNotInTheUsersOwn(t *testing.T) {
	s := newSite(t, flavour{})
	ref := string(s.filed(t, story).Seen.Ref)
	if got := s.sim.Ticket(ref).Place; got != fmt.Sprint(rallytest.ProjectID) {
		t.Errorf("it was filed in project %s", got)
	}
}

func TestNamesAreThoseOfTheConfiguration(t *testing.T) {
	recognise := newSite(t, flavour{opt: rally.Options{Prefixes: []string{"S", "DE"}}}).tracker.Info().Recognise
	for text, want := range map[string]string{
		"S12": "S12", "DE7": "DE7", "https://rally.example/#/123d/detail/defect/456": "456", "https://rally.example/#/?detail=/userstory/456&fdp=true": "456",
		"US12": "", "s12": "", "S0": "", "DE7 and more": "", "https://other.example/#/detail/defect/456": "",
	} {
		if ref, ok := recognise(text); string(ref) != want && ok || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", text, ref, ok, want)
		}
	}
}
