package plan_test

import (
	"slices"
	"testing"

	"percolate/sync/plan"
	"percolate/ticket"
)

// values are a field's value at first, as a document changes it, and as a person does.
type values struct {
	field                ticket.Field
	old, document, human ticket.Fields
}

// wholeFields are the fields that are decided as one value; labels are decided one by one.
func wholeFields() []values {
	return []values{
		{ticket.FieldKind, ticket.Fields{Kind: ticket.KindStory}, ticket.Fields{Kind: ticket.KindDefect}, ticket.Fields{Kind: "epic"}},
		{ticket.FieldTitle, ticket.Fields{Title: "old"}, ticket.Fields{Title: "new"}, ticket.Fields{Title: "theirs"}},
		{ticket.FieldBody, ticket.Fields{Body: "old"}, ticket.Fields{Body: "new"}, ticket.Fields{Body: "theirs"}},
		{ticket.FieldPriority, ticket.Fields{Priority: ticket.PriorityMedium}, ticket.Fields{Priority: ticket.PriorityHigh}, ticket.Fields{Priority: ticket.PriorityLow}},
		{ticket.FieldDue, ticket.Fields{Due: "2026-04-01"}, ticket.Fields{Due: "2026-04-10"}, ticket.Fields{Due: "2026-05-01"}},
		{ticket.FieldAssignees, ticket.Fields{Assignees: []string{"ana"}}, ticket.Fields{Assignees: []string{"raj"}}, ticket.Fields{Assignees: []string{"kim"}}},
	}
}

// one is a scene of one filed action whose field has its old value.
func one(t *testing.T, v values) *scene {
	return filed(t, document("P", action("A", "An action", func(w *ticket.Wanted) {
		w.Fields.Take(v.field, v.old)
		w.Basis[v.field] = ticket.Digest(v.old.Text(v.field))
	})))
}

func (s *scene) authorSets(v values) {
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Take(v.field, v.document) })
}

func (s *scene) personSets(f ticket.Field, value ticket.Fields) {
	s.person("P/A", func(k *ticket.Known) { k.Seen.Fields.Take(f, value.Sum()) })
}

func TestTheThreeWayTableHoldsForEveryField(t *testing.T) {
	type side struct{ document, tracker bool }
	same, document, tracker, both := side{}, side{true, false}, side{false, true}, side{true, true}
	table := map[plan.Mode]map[side]string{
		plan.Theirs: {same: "", document: "set", tracker: "", both: "conflict"},
		plan.Ours:   {same: "", document: "set", tracker: "set back", both: "set"},
		plan.Once:   {same: "", document: "", tracker: "", both: ""},
	}
	for _, v := range wholeFields() {
		for mode, row := range table {
			for changed, want := range row {
				s := one(t, v)
				s.in.Policy.Fields = map[ticket.Field]plan.Mode{v.field: mode}
				if changed.document {
					s.authorSets(v)
				}
				if changed.tracker {
					s.personSets(v.field, v.human)
				}
				var lines []string
				switch want {
				case "set":
					lines = []string{"update P/A " + string(v.field) + "=" + v.document.Text(v.field)}
				case "set back":
					lines = []string{"update P/A " + string(v.field) + "=" + v.old.Text(v.field)}
				case "conflict":
					lines = []string{"conflict P/A " + string(v.field)}
				}
				t.Run(string(v.field)+" "+string(mode)+" "+want, func(t *testing.T) {
					s.want(t, lines...)
					s.sync()
					if p := s.plan(); !p.Empty() {
						t.Errorf("the second run is not empty: %q", said(p))
					}
				})
			}
		}
	}
}

func TestTheirsIsTheModeThatNobodyHasToName(t *testing.T) {
	for _, v := range wholeFields() {
		s := one(t, v)
		s.authorSets(v)
		s.personSets(v.field, v.human)
		s.want(t, "conflict P/A "+string(v.field))
	}
}

func TestAFieldsModeGoesBeforeTheModeOfAll(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.in.Policy.Mode, s.in.Policy.Fields = plan.Ours, map[ticket.Field]plan.Mode{ticket.FieldTitle: plan.Theirs}
	s.personSets(ticket.FieldTitle, ticket.Fields{Title: "theirs"})
	s.personSets(ticket.FieldDue, ticket.Fields{Due: "2027-01-01"})
	s.want(t, "update P/A due=2026-04-01")
}

func TestAgreementMovesTheMemoryAndWritesNothing(t *testing.T) {
	for _, v := range wholeFields() {
		t.Run(string(v.field), func(t *testing.T) {
			s := one(t, v)
			s.authorSets(v)
			s.personSets(v.field, v.document)
			s.want(t, "learn P/A")
			s.sync()
			if l := s.linkOf("P/A"); l.Asked.Text(v.field) != v.document.Sum().Text(v.field) || l.Got.Text(v.field) != v.document.Sum().Text(v.field) {
				t.Errorf("asked %q and got %q", l.Asked.Text(v.field), l.Got.Text(v.field))
			}
			s.want(t)
			s.personSets(v.field, v.human) // a change after the agreement is a person's again
			s.want(t)
		})
	}
}

func TestAnyOfSeveralWantedOwnersIsAgreement(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Assignees = []string{"raj", "kim"} })
	s.personSets(ticket.FieldAssignees, ticket.Fields{Assignees: []string{"Kim"}})
	s.want(t, "learn P/A")
}

func TestOtherWordsForTheSameValueWriteNothing(t *testing.T) {
	for _, mode := range []plan.Mode{plan.Theirs, plan.Ours, plan.Once} {
		s := filed(t, document("P", action("A", "An action")))
		s.in.Policy.Mode = mode
		for _, f := range ticket.AllFields() {
			s.wanted("P/A", func(w *ticket.Wanted) { w.Basis[f] += " in other words" })
		}
		s.want(t, "learn P/A")
		s.sync()
		s.want(t)
	}
}

func TestOtherWordsForTheSameValueDoNotHideThatAPersonChangedIt(t *testing.T) {
	for _, v := range wholeFields() {
		s := one(t, v)
		s.in.Policy.Mode = plan.Ours
		s.wanted("P/A", func(w *ticket.Wanted) { w.Basis[v.field] += " in other words" })
		s.personSets(v.field, v.human)
		s.sync()
		if p := s.plan(); !p.Empty() {
			t.Errorf("%s: the second run is not empty: %q", v.field, said(p))
		}
	}
}

func TestWhatTheTrackerMakesOfAValueIsNotAChange(t *testing.T) {
	for _, mode := range []plan.Mode{plan.Theirs, plan.Ours} {
		s := filed(t, document("P", action("A", "An action")))
		s.in.Policy.Mode = mode
		made := ticket.Fields{Kind: "task", Title: "An act...", Body: "wrapped", Labels: []string{"PERCOLATE"}, Priority: ticket.PriorityLowest, Due: "2026-04-02", Assignees: []string{"ANA"}}
		s.link("P/A", func(l *ticket.Link) { l.Got = made.Sum() })
		s.person("P/A", func(k *ticket.Known) { k.Seen.Fields = made.Sum() })
		s.want(t)
	}
}

func TestANewTemplateOrPolicyRewritesNothing(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.wanted("P/A", func(w *ticket.Wanted) {
		w.Fields.Title, w.Fields.Body, w.Fields.Priority = "PER: An action", "New template", ticket.PriorityHighest
	})
	s.want(t)
	s.in.Options.Rerender = true
	s.want(t, "update P/A title=PER: An action body=New template priority=highest")
	s.personSets(ticket.FieldTitle, ticket.Fields{Title: "theirs"})
	s.want(t, "update P/A body=New template priority=highest", "conflict P/A title")
}

func TestADueDayThatPolicyGaveIsFixed(t *testing.T) {
	s := filed(t, document("P", action("A", "An action", func(w *ticket.Wanted) { w.Basis[ticket.FieldDue] = ticket.BasisPolicy })))
	s.wanted("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-06-01" })
	s.want(t)
	s.in.Options.Rerender = true
	s.want(t)
	s.in.Options.Rerender = false
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-07-01" }) // and now the document states one
	s.want(t, "update P/A due=2026-07-01")
}

func TestAKindThatCannotBeChangedIsAFindingAndNoWrite(t *testing.T) {
	for _, mode := range []plan.Mode{plan.Theirs, plan.Ours} {
		s := filed(t, document("P", action("A", "An action")))
		s.in.Policy.Mode = mode
		fixed := info("ops")
		fixed.KindChanges = false
		s.in.Trackers["ops"] = fixed
		s.want(t)
		s.author("P/A", func(w *ticket.Wanted) { w.Fields.Kind = ticket.KindDefect })
		s.want(t, "unmet P/A kind")
		s.personSets(ticket.FieldKind, ticket.Fields{Kind: "epic"})
		s.want(t, "unmet P/A kind")
		s.personSets(ticket.FieldKind, ticket.Fields{Kind: ticket.KindDefect}) // a person filed it anew as one
		s.want(t, "learn P/A")
	}
}

func TestAKindThatCannotBeChangedIsNotSetBackEither(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.in.Policy.Mode = plan.Ours
	fixed := info("ops")
	fixed.KindChanges = false
	s.in.Trackers["ops"] = fixed
	s.personSets(ticket.FieldKind, ticket.Fields{Kind: ticket.KindDefect})
	s.want(t, "unmet P/A kind")
}

func TestValuesThatTheTrackerHasNoNotionOfAreNotAsked(t *testing.T) {
	s := on(document("P", action("A", "An action")))
	plain := info("ops")
	plain.Priorities, plain.Due = false, false
	s.in.Trackers["ops"] = plain
	for _, st := range s.plan().Steps {
		if f := st.Wanted.Fields; f.Priority != ticket.PriorityNone || f.Due != "" {
			t.Errorf("%s asks for priority %q and due %q", st.Link.Key, f.Priority, f.Due)
		}
	}
	s.sync()
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due, w.Fields.Priority = "2026-09-09", ticket.PriorityHigh })
	s.sync()
	s.want(t)
}

func TestWhatOneKindLacksIsAskedOfTheOthersAlone(t *testing.T) {
	defect := action("B", "A defect")
	defect.Fields.Kind = ticket.KindDefect
	s := on(document("P", action("A", "An action"), defect))
	partly := info("ops")
	partly.Lacks = func(k ticket.Kind) []ticket.Field {
		if k == ticket.KindDefect {
			return nil
		}
		return []ticket.Field{ticket.FieldPriority}
	}
	s.in.Trackers["ops"] = partly
	for _, st := range s.plan().Steps {
		f := st.Wanted.Fields
		if (f.Priority == ticket.PriorityNone) == (f.Kind == ticket.KindDefect) {
			t.Errorf("%s, a %s, asks for priority %q", st.Link.Key, f.Kind, f.Priority)
		}
	}
	s.sync()
	s.want(t)
}

func TestNoAssignFilesNowAndAssignsLater(t *testing.T) {
	s := on(document("P", action("A", "An action")))
	s.in.Options.NoAssign = true
	s.sync()
	if l := s.linkOf("P/A"); len(l.Asked.Assignees) > 0 {
		t.Errorf("asked for %v", l.Asked.Assignees)
	}
	s.want(t)
	s.in.Options.NoAssign = false
	s.want(t, "update P/A owner=ana", "learn P") // nobody was to be assigned to the parent
	s.sync()
	s.want(t)
}

// refuse makes a value count as refused by the tracker at the start of the scene.
func (s *scene) refuse(f ticket.Field, value string) {
	s.link("P/A", func(l *ticket.Link) {
		l.Asked, l.Basis, l.Unmet = plan.Refused(l.Asked, l.Basis, []ticket.Unmet{{Field: f, Value: value, Reason: "no"}}, s.in.Now, plan.Bases{Values: s.in.Policy.Basis})
		if f != ticket.FieldLabels {
			l.Got.Take(f, ticket.Fields{})
		}
	})
	s.person("P/A", func(k *ticket.Known) {
		if f != ticket.FieldLabels {
			k.Seen.Fields.Take(f, ticket.Fields{})
		}
		k.Seen.Fields.Labels = slices.DeleteFunc(slices.Clone(k.Seen.Fields.Labels), func(l string) bool { return l == value })
	})
}

func TestARefusedValueIsShownAndTriedAgainOnlyAfterADayAndWithAnotherBasis(t *testing.T) {
	for _, mode := range []plan.Mode{plan.Theirs, plan.Ours} {
		s := filed(t, document("P", action("A", "An action")))
		s.in.Policy.Mode = mode
		s.refuse(ticket.FieldAssignees, "ana")
		s.want(t, "unmet P/A owner")
		s.in.Policy.Basis = "people 2"
		s.want(t, "unmet P/A owner")
		s.in.Now = noon.Add(plan.RetryUnmet)
		s.want(t, "update P/A owner=ana")
		s.in.Policy.Basis = "people 1"
		s.in.Now = noon.Add(100 * plan.RetryUnmet)
		s.want(t, "unmet P/A owner")
	}
}

func TestAnotherValueIsNotTheOneThatWasRefused(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.refuse(ticket.FieldAssignees, "ana")
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Assignees = []string{"raj"} })
	s.want(t, "update P/A owner=raj")
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Assignees = nil }) // nobody is wanted any more
	s.want(t, "learn P/A")
	s.sync()
	s.want(t)
}

func TestAPersonSettlesARefusedValueByGivingAnother(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.refuse(ticket.FieldAssignees, "ana")
	s.personSets(ticket.FieldAssignees, ticket.Fields{Assignees: []string{"kim"}})
	s.want(t, "learn P/A")
	s.sync()
	s.want(t)
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Assignees = []string{"raj"} })
	s.want(t, "conflict P/A owner") // theirs was never got, so it is kept like any edit
}

func TestUnderOursARefusedValueIsNotForcedUponAPersonsAtOnce(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.in.Policy.Mode = plan.Ours
	s.refuse(ticket.FieldAssignees, "ana")
	s.personSets(ticket.FieldAssignees, ticket.Fields{Assignees: []string{"kim"}})
	s.sync()
	if p := s.plan(); !p.Empty() {
		t.Errorf("it was refused a moment ago, and is planned: %q", said(p))
	}
}

func TestARefusedValueStaysShownWhenItIsWrittenOnce(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.in.Policy.Mode = plan.Once
	s.refuse(ticket.FieldAssignees, "ana")
	s.want(t, "unmet P/A owner")
	s.in.Now, s.in.Policy.Basis = noon.Add(100*plan.RetryUnmet), "people 2"
	s.want(t, "unmet P/A owner")
}

func TestARefusedPolicyDueDayIsNotTriedAgainBecauseADayHasPassed(t *testing.T) {
	s := filed(t, document("P", action("A", "An action", func(w *ticket.Wanted) { w.Basis[ticket.FieldDue] = ticket.BasisPolicy })))
	s.refuse(ticket.FieldDue, "2026-04-01")
	s.in.Now = noon.Add(10 * plan.RetryUnmet)
	s.wanted("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-04-11" }) // policy counts from today
	s.want(t, "unmet P/A due")
}

func TestLabelsAreDecidedOneByOne(t *testing.T) {
	for name, c := range map[string]struct {
		document, tracker []string // what they are now; at first both are a, b
		theirs, ours      []string // what the plan says
	}{
		"nothing changed":           {[]string{"a", "b"}, []string{"a", "b"}, nil, nil},
		"added by the document":     {[]string{"a", "b", "c"}, []string{"a", "b"}, []string{"update P/A +c"}, []string{"update P/A +c"}},
		"dropped by the document":   {[]string{"a"}, []string{"a", "b"}, []string{"update P/A -b"}, []string{"update P/A -b"}},
		"added by a person":         {[]string{"a", "b"}, []string{"a", "b", "mine"}, nil, nil},
		"dropped by a person":       {[]string{"a", "b"}, []string{"a"}, nil, []string{"update P/A +b"}},
		"one each":                  {[]string{"a", "b", "c"}, []string{"a", "mine"}, []string{"update P/A +c"}, []string{"update P/A +c +b"}},
		"the same by both":          {[]string{"a", "b", "c"}, []string{"a", "b", "C"}, []string{"learn P/A"}, []string{"learn P/A"}},
		"dropped by both":           {[]string{"a"}, []string{"a"}, []string{"learn P/A"}, []string{"learn P/A"}},
		"in another order and case": {[]string{"B", "A"}, []string{"b", "a"}, []string{"learn P/A"}, []string{"learn P/A"}},
	} {
		for mode, want := range map[plan.Mode][]string{plan.Theirs: c.theirs, plan.Ours: c.ours, plan.Once: nil} {
			t.Run(name+" "+string(mode), func(t *testing.T) {
				s := filed(t, document("P", action("A", "An action", func(w *ticket.Wanted) { w.Fields.Labels = []string{"a", "b"} })))
				s.in.Policy.Mode = mode
				s.author("P/A", func(w *ticket.Wanted) { w.Fields.Labels = c.document })
				s.person("P/A", func(k *ticket.Known) { k.Seen.Fields.Labels = c.tracker })
				s.want(t, want...)
				s.sync()
				s.want(t)
			})
		}
	}
}

func TestALabelThatWasRefusedIsShownUntilItIsThereOrNotWantedAnyMore(t *testing.T) {
	labels := func(l ...string) func(*ticket.Wanted) { return func(w *ticket.Wanted) { w.Fields.Labels = l } }
	at := func() *scene {
		s := filed(t, document("P", action("A", "An action", labels("a", "b"))))
		s.refuse(ticket.FieldLabels, "b")
		return s
	}
	s := at()
	s.want(t, "unmet P/A labels")
	s.in.Policy.Basis = "people 2"
	s.want(t, "unmet P/A labels")
	s.in.Now = noon.Add(plan.RetryUnmet)
	s.want(t, "update P/A +b")

	s = at()
	s.author("P/A", labels("a", "b", "c"))
	s.want(t, "update P/A +c", "unmet P/A labels")

	s = at()
	s.author("P/A", labels("a"))
	s.sync()
	s.want(t)
	s.in.Now, s.in.Policy.Basis = noon.Add(plan.RetryUnmet), "people 2"
	s.want(t)

	s = at()
	s.person("P/A", func(k *ticket.Known) { k.Seen.Fields.Labels = []string{"a", "B"} })
	s.sync()
	s.want(t)
}

func TestAfterACrashItIsLearnedFieldByFieldWhatLanded(t *testing.T) {
	for _, v := range wholeFields() {
		for name, c := range map[string]struct {
			seen ticket.Fields
			want []string
		}{
			"landed":     {v.document, []string{"learn P/A"}},
			"not landed": {v.old, []string{"update P/A " + string(v.field) + "=" + v.document.Text(v.field)}},
			"a person's": {v.human, []string{"conflict P/A " + string(v.field), "learn P/A"}},
		} {
			t.Run(string(v.field)+" "+name, func(t *testing.T) {
				s := one(t, v)
				s.authorSets(v)
				s.crash()
				s.personSets(v.field, c.seen)
				s.want(t, c.want...)
				s.sync()
				if l := s.linkOf("P/A"); !l.Trying.IsZero() && len(c.want) == 1 && c.want[0] == "learn P/A" {
					t.Errorf("it is still trying %+v", l.Trying)
				}
			})
		}
	}
}

// crash leaves the memory as a worker leaves it that was killed while it updated P/A.
func (s *scene) crash() {
	for _, st := range s.plan().Steps {
		st.Link.Trying = st.Patch
		s.save(st.Link)
	}
}

func TestWhatLandedIsOursAndALaterChangeOfThePersonsIsTheirs(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Title, w.Fields.Due = "A longer title than fits", "2026-08-01" })
	s.crash()
	s.personSets(ticket.FieldTitle, ticket.Fields{Title: "a longer title\u2026"}) // cut and folded by the tracker
	s.want(t, "update P/A due=2026-08-01")                                        // that did not land
	s.sync()
	s.want(t)
	s.personSets(ticket.FieldTitle, ticket.Fields{Title: "theirs"})
	s.want(t)
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Title = "A third title" })
	s.want(t, "conflict P/A title")
}

func TestADocumentThatChangedAgainAfterTheCrashIsSet(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Title = "Second" })
	s.crash()
	s.personSets(ticket.FieldTitle, ticket.Fields{Title: "Second"})
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Title = "Third" })
	s.want(t, "update P/A title=Third")
}

func TestLabelsThatLandedBeforeACrashAreOursToSetBack(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.in.Policy.Mode = plan.Ours
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Labels = []string{"percolate", "c"} })
	s.crash()
	s.person("P/A", func(k *ticket.Known) { k.Seen.Fields.Labels = []string{"percolate", "c"} })
	s.sync()
	s.person("P/A", func(k *ticket.Known) { k.Seen.Fields.Labels = []string{"percolate"} })
	s.want(t, "update P/A +c")
}

func TestAConflictIsSettledEitherWayAndLaterChangesAreSeen(t *testing.T) {
	for _, v := range wholeFields() {
		for _, keep := range []plan.Keep{plan.KeepTracker, plan.KeepDocument} {
			t.Run(string(v.field)+" "+string(keep), func(t *testing.T) {
				s := one(t, v)
				s.authorSets(v)
				s.personSets(v.field, v.human)
				r, err := plan.Resolve(s.in, "P/A", v.field, keep)
				if err != nil {
					t.Fatal(err)
				}
				s.save(r.Link)
				if keep == plan.KeepTracker {
					s.want(t)
				} else {
					s.want(t, "update P/A "+string(v.field)+"="+v.document.Text(v.field))
				}
				s.sync()
				s.author("P/A", func(w *ticket.Wanted) { w.Fields.Take(v.field, v.old) })
				if p := s.plan(); len(p.Steps)+len(p.Findings) == 0 {
					t.Error("a change after the settlement is not seen")
				}
			})
		}
	}
}

func TestTheReasonSaysWhoChangedWhat(t *testing.T) {
	s := filed(t, document("P", action("A", "An action")))
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-08-01" })
	p := s.plan()
	if len(p.Steps) != 1 || p.Steps[0].Reason == "" {
		t.Fatalf("no reason: %+v", p.Steps)
	}
	want := plan.Change{Field: ticket.FieldDue, From: "2026-04-01", To: "2026-08-01"}
	if got := p.Steps[0].Changes; len(got) != 1 || got[0] != want {
		t.Errorf("changes are %+v, want %+v", got, want)
	}
	s.personSets(ticket.FieldDue, ticket.Fields{Due: "2027-01-01"})
	for _, f := range s.plan().Findings {
		if f.Mend != "percolate resolve P/A due --keep tracker|document" || f.Place.Line != 1 {
			t.Errorf("the conflict is mended by %q at line %d", f.Mend, f.Place.Line)
		}
	}
}
