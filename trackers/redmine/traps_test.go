package redmine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/internal/simctl"
	"percolate/trackers/redmine"
	"percolate/trackers/redmine/redminetest"
)

// What a real Redmine refuses, and what it drops without a word.

func child(action string, parent ticket.Ref) trackers.Creation {
	return trackers.Creation{
		Key: ticket.Key{Document: "PER-1", Action: action}, Parent: parent,
		Fields: ticket.Fields{Kind: ticket.KindDefect, Title: "Mend it", Body: "Why.", Due: "2030-01-02", Priority: ticket.PriorityHighest},
	}
}

func parent() trackers.Creation {
	return trackers.Creation{Key: ticket.Key{Document: "PER-1"}, Fields: ticket.Fields{Kind: ticket.KindParent, Title: "Event"}}
}

func set(f ticket.Field, to ticket.Fields) ticket.Patch {
	return ticket.Patch{Set: []ticket.Field{f}, To: to}
}

func (s *site) update(base ticket.Seen, p ticket.Patch) (ticket.Seen, []ticket.Unmet) {
	s.t.Helper()
	seen, unmet, err := s.tracker.Update(s.t.Context(), base, p)
	if err != nil {
		s.t.Fatal(err)
	}
	return seen, unmet
}

// wantUnmet looks for exactly these fields.
func wantUnmet(t *testing.T, unmet []ticket.Unmet, fields ...ticket.Field) {
	t.Helper()
	var got []ticket.Field
	for _, u := range unmet {
		got = append(got, u.Field)
		if u.Reason == "" {
			t.Errorf("%s is unmet without a reason", u.Field)
		}
	}
	if !slices.Equal(got, fields) {
		t.Errorf("unmet are %v, want %v: %+v", got, fields, unmet)
	}
}

func TestWhatRedmineDerivesIsUnmet(t *testing.T) {
	s := newSite(t, redmine.Options{})
	top := s.filed(parent()).Seen
	s.filed(child("A1", top.Ref))
	for f, to := range map[ticket.Field]ticket.Fields{ticket.FieldDue: {Due: "2031-01-01"}, ticket.FieldPriority: {Priority: ticket.PriorityLow}} {
		seen, unmet := s.update(top, set(f, to))
		wantUnmet(t, unmet, f)
		if seen.Fields.Due != "2030-01-02" || seen.Fields.Priority != ticket.PriorityHighest {
			t.Errorf("the parent has %+v", seen.Fields)
		}
	}
}

func TestADueDayThatIsPastIsTaken(t *testing.T) {
	s := newSite(t, redmine.Options{})
	c := child("A1", "")
	c.Fields.Due = "2020-02-29"
	done := s.filed(c)
	wantUnmet(t, done.Unmet)
	if done.Seen.Fields.Due != c.Fields.Due {
		t.Errorf("the due day is %q", done.Seen.Fields.Due)
	}
}

func TestWhoMustNotBeAssignedIsUnmet(t *testing.T) {
	s := newSite(t, redmine.Options{})
	c := child("A1", "")
	c.Fields.Assignees = []string{redminetest.Rita} // a member, whose role cannot be assigned
	done := s.filed(c)
	wantUnmet(t, done.Unmet, ticket.FieldAssignees)
	c = child("A2", "")
	c.Fields.Assignees = []string{redminetest.Rita, redminetest.Bob}
	done = s.filed(c)
	wantUnmet(t, done.Unmet, ticket.FieldAssignees)
	if !slices.Equal(done.Seen.Fields.Assignees, []string{redminetest.Bob}) || done.Seen.Fields.Due != c.Fields.Due {
		t.Errorf("the second candidate was not taken: %+v", done.Seen.Fields)
	}
	seen, unmet := s.update(done.Seen, set(ticket.FieldAssignees, ticket.Fields{Assignees: []string{redminetest.Rita}}))
	wantUnmet(t, unmet, ticket.FieldAssignees)
	if !slices.Equal(seen.Fields.Assignees, []string{redminetest.Bob}) {
		t.Errorf("it went to %v", seen.Fields.Assignees)
	}
}

func TestAParentWithOpenTicketsBelowIsNotClosed(t *testing.T) {
	s := newSite(t, redmine.Options{})
	top := s.filed(parent()).Seen
	below := s.filed(child("A1", top.Ref)).Seen
	_, _, err := s.tracker.Update(t.Context(), top, ticket.Patch{Status: ticket.StatusDone})
	if trackers.CodeOf(err) != trackers.Invalid || !strings.Contains(err.Error(), "open ones below") {
		t.Errorf("closing it: %v", err)
	}
	s.update(below, ticket.Patch{Status: ticket.StatusDone})
	if seen, _ := s.update(top, ticket.Patch{Status: ticket.StatusDone}); seen.Status != ticket.StatusDone {
		t.Errorf("with all finished below it is %s", seen.Status)
	}
}

func TestAnAccountThatMayNotMakesItKnown(t *testing.T) {
	s := newSite(t, redmine.Options{Key: redminetest.ReporterKey})
	top := s.filed(parent()).Seen
	below := s.filed(child("A1", top.Ref))
	if wantUnmet(t, below.Unmet, ticket.FieldParent); below.Unmet[0].Value != top.Name {
		t.Errorf("it is not below %q", below.Unmet[0].Value)
	}
	seen, unmet := s.update(top, set(ticket.FieldTitle, ticket.Fields{Title: "Other"}))
	if wantUnmet(t, unmet, ticket.FieldTitle); seen.Fields.Title != top.Fields.Title {
		t.Errorf("the title is %q", seen.Fields.Title)
	}
}

func TestATicketIsNotBelowOneOfAnotherProject(t *testing.T) {
	s := newSite(t, redmine.Options{})
	top := s.filed(parent()).Seen
	first := s.filed(child("A1", top.Ref)).Seen
	s.act(simctl.Act{Do: simctl.Move, Ref: string(first.Ref), Value: "shop"})
	base, err := s.tracker.Get(t.Context(), []ticket.Ref{first.Ref})
	if moved := base[first.Ref]; err != nil || moved.Parent != "" || !strings.HasPrefix(moved.Name, "shop#") {
		t.Fatalf("moved, it is %+v (%v)", moved, err)
	}
	_, unmet := s.update(base[first.Ref], ticket.Patch{Parent: top.Ref})
	wantUnmet(t, unmet, ticket.FieldParent)
	s.act(simctl.Act{Do: simctl.Move, Ref: string(top.Ref), Value: "shop"})
	second := s.filed(child("A2", top.Ref))
	wantUnmet(t, second.Unmet, ticket.FieldParent)
	if second.Seen.Fields.Due == "" || second.Seen.Fields.Priority != ticket.PriorityHighest {
		t.Errorf("more than the parent was left out: %+v", second.Seen.Fields)
	}
}

func TestWithoutItsFieldNoMarkerIsBelieved(t *testing.T) {
	s := newSite(t, redmine.Options{MarkerField: 99})
	s.act(simctl.Act{Do: simctl.Open, Value: "A person's"})
	done := s.tracker.Create(t.Context(), []trackers.Creation{parent()})[0]
	if done.Err != nil || done.Seen.Key != (ticket.Key{}) {
		t.Fatalf("%+v", done)
	}
	wantUnmet(t, done.Unmet, ticket.FieldBody)
	again := s.tracker.Create(t.Context(), []trackers.Creation{child("A1", "")})[0]
	if trackers.CodeOf(again.Err) != trackers.Denied {
		t.Errorf("more is filed without a marker: %v", again.Err)
	}
	for _, err := range s.tracker.Find(t.Context(), nil) {
		if trackers.CodeOf(err) != trackers.Invalid {
			t.Errorf("find: %v", err)
		}
	}
	wants(t, s.tracker.Check(t.Context(), nil), trackers.Fail, "does not filter by custom field 99")
}

// wants looks for a diagnosis.
func wants(t *testing.T, found []trackers.Diagnosis, level trackers.Level, text string) {
	t.Helper()
	if !slices.ContainsFunc(found, func(d trackers.Diagnosis) bool { return d.Level == level && strings.Contains(d.Text, text) }) {
		t.Errorf("no %s with %q among %+v", level, text, found)
	}
}

func TestDoctorTellsWhatIsTheMatter(t *testing.T) {
	for want, opt := range map[string]redmine.Options{
		"permissions edit_issues, manage_subtasks": {Key: redminetest.ReporterKey},
		"administrator":         {Key: redminetest.AdminKey},
		"401 Unauthorized":      {Key: "wrong"},
		`no tracker "Story"`:    {Types: map[ticket.Kind]string{ticket.KindStory: "Story"}},
		"configured as highest": {Priorities: map[ticket.Priority][]string{ticket.PriorityHighest: {"Blocker"}}},
	} {
		s := newSite(t, opt)
		level := trackers.Fail
		if strings.Contains(want, "administrator") || strings.Contains(want, "highest") {
			level = trackers.Warn
		}
		wants(t, s.tracker.Check(t.Context(), nil), level, want)
	}
	s := newSite(t, redmine.Options{})
	s.opt.Project = "nowhere"
	wants(t, s.again().Check(t.Context(), nil), trackers.Fail, "project nowhere: 404")
	s.filed(parent())
	wants(t, s.tracker.Check(t.Context(), nil), trackers.OK, "stands in the description")
}

func TestALabelWithACommaIsUnmet(t *testing.T) {
	s := newSite(t, redmine.Options{LabelsField: labelsField})
	c := child("A1", "")
	c.Fields.Labels = []string{"good", "a, b"}
	done := s.filed(c)
	wantUnmet(t, done.Unmet, ticket.FieldLabels)
	if !slices.Equal(done.Seen.Fields.Labels, []string{"good"}) {
		t.Errorf("labels %v", done.Seen.Fields.Labels)
	}
}

func TestANewProcessAsksOncePerProject(t *testing.T) {
	s := newSite(t, redmine.Options{MarkerField: markerField, LabelsField: labelsField})
	for _, action := range []string{"A1", "A2", "A3"} {
		s.filed(child(action, ""))
	}
	before := s.server.Requests()
	fresh := s.again()
	for c, err := range fresh.Changed(t.Context(), "") {
		if err != nil || len(c.Seen) != 3 {
			t.Errorf("%d tickets, %v", len(c.Seen), err)
		}
	}
	after := s.server.Requests()
	if n := after["GET /issues"] - before["GET /issues"]; n != 1 {
		t.Errorf("%d lists were read", n)
	}
	if n := after["GET /projects/:id"] - before["GET /projects/:id"]; n != 1 {
		t.Errorf("the project was asked for %d times", n)
	}
}

func TestAnUpdateCostsTwoRequests(t *testing.T) {
	s := newSite(t, redmine.Options{})
	base := s.filed(child("A1", "")).Seen
	for name, c := range map[string]struct {
		patch ticket.Patch
		asks  int
	}{
		"fields":  {ticket.Patch{Set: []ticket.Field{ticket.FieldTitle, ticket.FieldBody}, To: ticket.Fields{Title: "T", Body: "B"}, AddLabels: []string{"x"}}, 2},
		"status":  {ticket.Patch{Status: ticket.StatusActive}, 3},
		"comment": {ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "U"}, Comment: ticket.Comment{Marker: "m", Text: "said"}}, 3},
		"nothing": {ticket.Patch{}, 1},
	} {
		before := total(s.server)
		base, _ = s.update(base, c.patch)
		if n := total(s.server) - before; n != c.asks {
			t.Errorf("%s: %d requests, want %d", name, n, c.asks)
		}
	}
}

func total(server *redminetest.Server) (n int) {
	for _, times := range server.Requests() {
		n += times
	}
	return n
}

func TestNamesOfOtherThingsAreNotRecognised(t *testing.T) {
	opt := redmine.Options{Name: "r", URL: "https://redmine.example/tracker/", Key: "k", Project: "ops", Projects: []string{"shop"}, Now: time.Now}
	r, err := redmine.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	opt.BareNumbers = true
	bare, err := redmine.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]ticket.Ref{
		"ops#12": "12", " shop#3 ": "3", "https://redmine.example/tracker/issues/7": "7", "https://redmine.example/tracker/issues/7#note-2": "7",
		"else#12": "", "octo/ops#12": "", "OPS#12": "", "ops#012": "", "https://redmine.example/tracker/issues/7x": "", "https://redmine.example/issues/7": "",
	} {
		if got, ok := r.Info().Recognise(text); got != want || ok != (want != "") {
			t.Errorf("%q is taken for %q (%v)", text, got, ok)
		}
	}
	if _, ok := r.Info().Recognise("#12"); ok {
		t.Error("a bare number is taken for ours")
	}
	if got, ok := bare.Info().Recognise("#12"); !ok || got != "12" {
		t.Errorf("a bare number that is ours is %q", got)
	}
}

func TestATicketThatAPersonMadePrivateIsNotThereForUs(t *testing.T) {
	s := newSite(t, redmine.Options{Key: redminetest.ReporterKey}) // whose role does not show all tickets
	ref := s.act(simctl.Act{Do: simctl.Open, Value: "By hand"})
	there := func() bool {
		got, err := s.tracker.Get(t.Context(), []ticket.Ref{ref})
		if err != nil {
			t.Fatal(err)
		}
		return got[ref].Ref == ref
	}
	if !there() {
		t.Fatal("it is not seen before it is private")
	}
	if err := s.server.Hide(t.Context(), string(ref)); err != nil {
		t.Fatal(err)
	}
	if there() {
		t.Error("it is seen still")
	}
	if _, _, err := s.tracker.Update(t.Context(), ticket.Seen{Ref: ref}, set(ticket.FieldTitle, ticket.Fields{Title: "New"})); trackers.CodeOf(err) != trackers.NotFound && trackers.CodeOf(err) != trackers.Denied {
		t.Errorf("writing there: %v", err)
	}
}
