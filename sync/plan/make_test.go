package plan_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"

	"pgregory.net/rapid"
)

// both is a document of two actions.
func both() ticket.Tree {
	return document("P", action("A", "Alert on lag"), action("B", "Rehearse the restore"))
}

// gone makes a ticket one that two reads did not find.
func gone(k *ticket.Known) { k.Misses, k.Gone = 2, noon }

func TestANewDocumentIsFiledWithAllItsActions(t *testing.T) {
	s := on(both())
	s.want(t, "create P on ops", "create P/A on ops", "create P/B on ops")
	s.sync()
	s.want(t)
}

func TestAParentIsFiledBeforeItsChildrenAndDocumentsInOrder(t *testing.T) {
	s := on(document("Q", action("A", "Last")), both())
	want := []string{"create P on ops", "create P/A on ops", "create P/B on ops", "create Q on ops", "create Q/A on ops"}
	if got := s.says(); !slices.Equal(got, want) {
		t.Errorf("the order is %q", got)
	}
}

func TestWhatIsFiledIsRememberedAsASumWithItsBasis(t *testing.T) {
	for _, st := range on(both()).plan().Steps {
		l := st.Link
		if l.State != ticket.StateIntent || l.Asked.Body != ticket.BodySum(st.Wanted.Fields.Body) || len(l.Basis) == 0 || l.Due != st.Wanted.Fields.Due || l.Priority != st.Wanted.Fields.Priority {
			t.Errorf("the intent of %s is %+v", l.Key, l)
		}
	}
}

func TestAChildIsFiledBelowAParentThatIsThere(t *testing.T) {
	s := filed(t, both())
	s.tree("P", func(d *ticket.Tree) { *d = document("P", append(d.Children, action("C", "Third"))...) })
	p := s.plan()
	if got := said(p); !slices.Equal(got, []string{"create P/C on ops"}) {
		t.Fatalf("the plan says %q", got)
	}
	if parent := s.linkOf("P").Ref; p.Steps[0].Parent != parent {
		t.Errorf("it is filed below %q, want %q", p.Steps[0].Parent, parent)
	}
}

func TestWhatIsNotFiledIsNotedWithTheReason(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*ticket.Tree)
		want   []string
	}{
		"a draft":           {func(d *ticket.Tree) { d.Hold = "draft" }, []string{"(held) P", "(held) P/A", "(held) P/B"}},
		"a guess":           {func(d *ticket.Tree) { held(&d.Children[0]) }, []string{"create P on ops", "create P/B on ops", "(held) P/A"}},
		"done already":      {func(d *ticket.Tree) { done(&d.Children[0]) }, []string{"create P on ops", "create P/B on ops", "(done) P/A"}},
		"all done":          {func(d *ticket.Tree) { done(&d.Children[0]); done(&d.Children[1]) }, []string{"(nothing) P", "(done) P/A", "(done) P/B"}},
		"all guesses":       {func(d *ticket.Tree) { held(&d.Children[0]); held(&d.Children[1]) }, []string{"(nothing) P", "(held) P/A", "(held) P/B"}},
		"no actions at all": {func(d *ticket.Tree) { d.Children = nil }, []string{"create P on ops"}},
		"broken":            {func(d *ticket.Tree) { d.Broken = "no end of front matter" }, []string{"broken-document P"}},
		"what mapping says": {func(d *ticket.Tree) {
			d.Findings = []ticket.Finding{{Kind: ticket.FindUnowned, Key: ticket.Key{Document: "P", Action: "A"}}}
		}, []string{"create P on ops", "create P/A on ops", "create P/B on ops", "unowned P/A"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := on(both())
			s.tree("P", c.change)
			s.want(t, c.want...)
		})
	}
}

func TestWhatMappingSaysOfARewordedActionIsSaidOfItsTicket(t *testing.T) {
	s := filed(t, document("P", action("", "Renew the certificate of the shop in time")))
	key := s.linkOf("P/~" + strings.TrimPrefix(ticket.Fingerprint("Renew the certificate of the shop in time"), "~")).Key
	s.tree("P", func(d *ticket.Tree) {
		*d = document("P", action("", "Renew the certificate of the shop in good time"))
		d.Findings = []ticket.Finding{{Kind: ticket.FindUnowned, Key: d.Children[0].Key}}
	})
	for _, f := range s.plan().Findings {
		if f.Kind == ticket.FindUnowned && f.Key != key {
			t.Errorf("it is said of %s, whose ticket is that of %s", f.Key, key)
		}
	}
	if len(s.plan().Findings) != 1 {
		t.Errorf("findings %v", s.plan().Findings)
	}
}

func TestADraftKeepsWhatItHasAndGetsNothingNew(t *testing.T) {
	s := filed(t, both())
	s.tree("P", func(d *ticket.Tree) {
		*d = document("P", append(d.Children, action("C", "Third"))...)
		d.Hold = "draft"
	})
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	s.want(t, "update P/A due=2026-09-09", "(held) P/C")
}

func TestADocumentThatMustBeMendedLeavesItsTicketsAlone(t *testing.T) {
	s := filed(t, both())
	s.tree("P", func(d *ticket.Tree) { d.Broken, d.Children = "an action has no text", nil })
	s.in.Options.Retire = true
	s.want(t, "broken-document P")
	s.in.Trees[0].Document = "" // not even its id can be read
	s.in.Trees[0].Parent.Key.Document = ""
	s.want(t, "broken-document")
}

func TestTwoDocumentsWithOneIDAreBothLeftAlone(t *testing.T) {
	twin := both()
	twin.Path = "per/copy.md"
	s := filed(t, both())
	s.in.Trees = append(s.in.Trees, twin)
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	s.want(t, "broken-document P", "broken-document P")
	for _, f := range s.plan().Findings {
		if !strings.Contains(f.Text, "per/P.md") || !strings.Contains(f.Text, "per/copy.md") {
			t.Errorf("the finding does not name both files: %s", f.Text)
		}
	}
}

func TestATrackerThatWasNotReadIsLeftAlone(t *testing.T) {
	s := filed(t, both())
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	s.tree("P", func(d *ticket.Tree) { *d = document("P", append(d.Children[:1], action("C", "Third"))...) }) // B left, C is new
	s.in.Unread["ops"] = "401"
	s.want(t, "(unread) P")
}

func TestAnActionMayChooseATrackerOfItsOwn(t *testing.T) {
	s := on(both())
	s.tree("P", func(d *ticket.Tree) { d.Trackers = []string{"", "web"} })
	s.want(t, "create P on ops", "create P/A on ops", "create P/B on web")
	s.sync()
	s.want(t)
}

func TestATrackerThatIsNotConfiguredIsAFindingAndFilesNothing(t *testing.T) {
	s := on(both())
	s.tree("P", func(d *ticket.Tree) { d.Trackers = []string{"", "nowhere"} })
	s.want(t, "create P on ops", "create P/A on ops", "unmapped P/B")

	s = filed(t, both())
	delete(s.in.Trackers, "ops")
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	s.want(t, "unmapped P", "unmapped P/A", "unmapped P/B")
}

func TestAChildIsNotFiledWhileItsParentCannotBe(t *testing.T) {
	elsewhere := func(s *scene) *scene {
		s.tree("P", func(d *ticket.Tree) { d.Trackers = []string{"web", "web"} })
		return s
	}
	s := elsewhere(on(both()))
	s.tree("P", func(d *ticket.Tree) { d.Tracker = "nowhere" })
	s.want(t, "unmapped P", "pending P/A", "pending P/B")

	s = elsewhere(on(both()))
	s.in.Unread["ops"] = "401"
	s.want(t, "(unread) P", "pending P/A", "pending P/B")

	s = filed(t, both())
	s.tree("P", func(d *ticket.Tree) { *d = document("P", append(d.Children, action("C", "Third"))...) })
	s.person("P", gone)
	s.want(t, "gone P", "pending P/C")

	s.person("P", func(k *ticket.Known) { k.Misses, k.Gone = 1, time.Time{} })
	s.want(t, "(missed) P", "pending P/C")

	s.link("P", func(l *ticket.Link) { l.State = ticket.StateReleased })
	s.want(t, "create P/C on ops")
}

func TestARouteThatChangesMovesNothing(t *testing.T) {
	s := filed(t, both())
	s.tree("P", func(d *ticket.Tree) { d.Tracker = "web" })
	s.want(t, "route P", "route P/A", "route P/B")
}

func TestATicketThatIsNamedIsAdopted(t *testing.T) {
	s := on(document("P", action("A", "Alert on lag", names("ops-h1"))))
	s.stranger("ops", "h1")
	s.want(t, "create P on ops", "adopt P/A ops-h1 below")
	s.sync()
	s.want(t)
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due, w.Fields.Title = "2026-09-09", "Other" })
	s.want(t) // its fields are left alone
}

func TestAnAdoptedTicketKeepsAParentThatItHas(t *testing.T) {
	for name, change := range map[string]func(*ticket.Seen){
		"below another":        func(k *ticket.Seen) { k.Parent = "epic" },
		"finished already":     func(k *ticket.Seen) { k.Status = ticket.StatusDone },
		"on another tracker":   func(k *ticket.Seen) { k.Tracker = "web" },
		"finished and a child": func(k *ticket.Seen) { k.Status, k.Parent = ticket.StatusDropped, "epic" },
	} {
		t.Run(name, func(t *testing.T) {
			seen := ticket.Seen{Tracker: "ops", Ref: "h1", Name: "ops-h1", Status: ticket.StatusOpen}
			change(&seen)
			s := on(document("P", action("A", "Alert on lag", names(seen.Tracker+"-h1"))))
			s.in.Named[ticket.Address{Tracker: seen.Tracker, Ref: "h1"}] = seen
			s.want(t, "create P on ops", "adopt P/A ops-h1")
		})
	}
}

func TestAnActionThatIsTrackedElsewhereIsFiledOnlyIfThePolicySaysSo(t *testing.T) {
	s := on(document("P", action("A", "Alert on lag", names("https://example.org/pull/7")), action("B", "Rehearse")))
	s.want(t, "create P on ops", "create P/B on ops", "(elsewhere) P/A")
	s.in.Policy.FileElsewhere = true
	s.want(t, "create P on ops", "create P/A on ops", "create P/B on ops")
}

func TestATicketThatIsNamedAndCannotBeReadIsAFinding(t *testing.T) {
	s := on(document("P", action("A", "Alert on lag", names("ops-h1")), action("B", "Rehearse")))
	s.want(t, "create P on ops", "create P/B on ops", "unknown-ticket P/A")
	s.in.Unread["ops"] = "401"
	s.want(t, "(nothing) P", "(unread) P")
}

func TestOneTicketIsNeverGivenToTwoActionsOfADocument(t *testing.T) {
	s := on(document("P", action("A", "Alert on lag", names("ops-h1")), action("B", "Rehearse the restore", names("ops-h1"))))
	s.stranger("ops", "h1")
	s.want(t, "create P on ops", "adopt P/A ops-h1 below", "unclear P/B")
	s.sync()
	s.want(t, "unclear P/B")
}

func TestOneActionWithTwoTicketsKeepsTheFirst(t *testing.T) {
	s := filed(t, both())
	s.stranger("ops", "h1")
	s.wanted("P/A", names("ops-h1"))
	s.want(t)
}

func TestTheTicketWrittenBesideAnActionIsItsIdentity(t *testing.T) {
	s := filed(t, document("P", action("", "Alert on lag of the replica")))
	name := s.in.Links[1].Name
	s.in.Trees[0].Children[0] = document("P", action("", "Something quite different now", names(name))).Children[0]
	if p := s.plan(); len(p.Steps) != 1 || p.Steps[0].Op != plan.Update || p.Steps[0].Link.Name != name {
		t.Errorf("the plan says %q", said(p))
	}
}

func TestATicketOfAnotherDocumentIsARepeat(t *testing.T) {
	s := filed(t, both())
	s.in.Trees = append(s.in.Trees, document("Q", action("A", "Alert again", names(s.linkOf("P/A").Name))))
	s.want(t, "create Q on ops", "repeat Q/A tells P/A priority=high")
	s.sync()
	s.want(t)
	s.finish("P/A")
	s.want(t, "ready-to-close Q") // decided once and kept
}

func TestARepeatTellsTheEarlierTicketOnce(t *testing.T) {
	s := filed(t, both())
	s.in.Trees = append(s.in.Trees, document("Q", action("A", "Alert again", repeating("P/A"))))
	s.want(t, "create Q on ops", "repeat Q/A tells P/A priority=high")
	if p := s.plan(); p.Steps[1].Patch.Comment.Marker != "repeat:Q/A" || p.Steps[1].Patch.Comment.Text == "" {
		t.Errorf("it is told %+v", p.Steps[1].Patch.Comment)
	}
	s.sync()
	s.want(t)
	s.finish("P/A")
	s.wanted("Q/A", func(w *ticket.Wanted) { w.Text = "Alert again, please" })
	s.want(t, "learn Q/A", "ready-to-close Q") // that the earlier one ends later files nothing
}

func TestARepeatOfFinishedWorkGetsATicketOfItsOwn(t *testing.T) {
	for _, status := range []ticket.Status{ticket.StatusDone, ticket.StatusDropped} {
		s := filed(t, both())
		s.person("P/A", func(k *ticket.Known) { k.Seen.Status = status })
		s.in.Trees = append(s.in.Trees, document("Q", action("A", "Alert again", repeating("P/A"))))
		s.want(t, "create Q on ops", "create Q/A on ops")
		s.sync()
		s.want(t)
	}
	s := on(document("P", action("A", "Alert on lag", done), action("B", "Rehearse")), document("Q", action("A", "Alert again", repeating("P/A"))))
	s.want(t, "create P on ops", "create P/B on ops", "(done) P/A", "create Q on ops", "create Q/A on ops")
}

func TestARepeatOfWhatThisPlanFilesIsToldAfterIt(t *testing.T) {
	s := on(both(), document("Q", action("A", "Alert again", repeating("P/A"))))
	s.want(t, "create P on ops", "create P/A on ops", "create P/B on ops", "create Q on ops", "repeat Q/A tells P/A priority=high")
	s.sync()
	s.want(t)
}

func TestARepeatOfARepeatTellsTheFirst(t *testing.T) {
	q, r := document("Q", action("A", "Alert again", repeating("P/A"))), document("R", action("A", "Alert a third time", repeating("Q/A")))
	s := filed(t, both())
	s.in.Trees = append(s.in.Trees, q, r)
	s.want(t, "create Q on ops", "repeat Q/A tells P/A priority=high", "create R on ops", "repeat R/A tells P/A priority=highest")
	s = filed(t, both(), q)
	s.in.Trees = append(s.in.Trees, r)
	s.want(t, "create R on ops", "repeat R/A tells P/A priority=highest")
}

func TestRepeatsInACircleOrOfNothingAreFindings(t *testing.T) {
	for name, docs := range map[string][]ticket.Tree{
		"circle":         {document("P", action("A", "One", repeating("Q/A"))), document("Q", action("A", "Two", repeating("P/A")))},
		"itself":         {document("P", action("A", "One", repeating("P/A")))},
		"unknown action": {document("P", action("A", "One", repeating("P/Z")))},
		"unknown ticket": {document("P", action("A", "One", repeating("ops-99")))},
		"not filed":      {document("P", action("A", "One", repeating("P/B")), action("B", "Two", held))},
	} {
		t.Run(name, func(t *testing.T) {
			s := on(docs...)
			p := s.plan()
			found := 0
			for _, f := range p.Findings {
				if f.Kind == ticket.FindUnknownRepeat {
					found++
				}
			}
			if found != len(docs) {
				t.Errorf("%d findings, want %d: %q", found, len(docs), said(p))
			}
			if slices.ContainsFunc(p.Steps, func(st plan.Step) bool { return !st.Link.Key.IsParent() }) {
				t.Errorf("something is done: %q", said(p))
			}
		})
	}
}

func TestAPriorityThatAPersonSetIsNotRaised(t *testing.T) {
	repeat := document("Q", action("A", "Alert again", repeating("P/A")))
	for name, c := range map[string]struct {
		change func(*scene)
		want   string
	}{
		"ours":           {func(*scene) {}, "repeat Q/A tells P/A priority=high"},
		"lowered":        {func(s *scene) { s.personSetsPriority(ticket.PriorityLow) }, "repeat Q/A tells P/A"},
		"raised":         {func(s *scene) { s.personSetsPriority(ticket.PriorityHighest) }, "repeat Q/A tells P/A"},
		"taken away":     {func(s *scene) { s.personSetsPriority(ticket.PriorityNone) }, "repeat Q/A tells P/A"},
		"at the top":     {func(s *scene) { s.priorityIs(ticket.PriorityHighest) }, "repeat Q/A tells P/A"},
		"none there":     {func(s *scene) { s.priorityIs(ticket.PriorityNone) }, "repeat Q/A tells P/A"},
		"adopted":        {func(s *scene) { s.link("P/A", func(l *ticket.Link) { l.State = ticket.StateAdopted }) }, "repeat Q/A tells P/A"},
		"once by policy": {func(s *scene) { s.in.Policy.Mode = plan.Once }, "repeat Q/A tells P/A"},
		"tried before": {func(s *scene) { // a crash, after which the raised value is seen
			s.save(ticket.Link{Key: ticket.Key{Document: "Q", Action: "A"}, ActionID: "A", Text: "Alert again", State: ticket.StateRepeat, Of: ticket.Key{Document: "P", Action: "A"},
				Tracker: "ops", Ref: s.linkOf("P/A").Ref, Trying: ticket.Patch{Set: []ticket.Field{ticket.FieldPriority}, To: ticket.Fields{Priority: ticket.PriorityHigh}}})
			s.personSetsPriority(ticket.PriorityHigh)
		}, "repeat Q/A tells P/A"},
	} {
		t.Run(name, func(t *testing.T) {
			s := filed(t, both())
			s.in.Trees = append(s.in.Trees, repeat)
			c.change(s)
			s.want(t, "create Q on ops", c.want)
		})
	}
}

func (s *scene) personSetsPriority(p ticket.Priority) {
	s.person("P/A", func(k *ticket.Known) { k.Seen.Fields.Priority = p })
}

func (s *scene) priorityIs(p ticket.Priority) {
	s.personSetsPriority(p)
	s.link("P/A", func(l *ticket.Link) { l.Asked.Priority, l.Got.Priority = p, p })
}

func TestARepeatWhoseEarlierTicketCannotBeReadWaits(t *testing.T) {
	for name, change := range map[string]func(*scene){
		"gone":       func(s *scene) { s.person("P/A", gone) },
		"missed":     func(s *scene) { s.person("P/A", func(k *ticket.Known) { k.Misses = 1 }) },
		"released":   func(s *scene) { s.link("P/A", func(l *ticket.Link) { l.State = ticket.StateReleased }) },
		"duplicated": func(s *scene) { s.duplicate("P/A") },
	} {
		t.Run(name, func(t *testing.T) {
			s := filed(t, both())
			s.in.Trees = append(s.in.Trees, document("Q", action("A", "Alert again", repeating("P/A"))))
			change(s)
			p := s.plan()
			if !slices.Contains(said(p), "unknown-repeat Q/A") || len(p.Steps) > 1 {
				t.Errorf("the plan says %q", said(p))
			}
		})
	}
}

func TestAnActionThatNoLongerRepeatsIsFiled(t *testing.T) {
	s := filed(t, both(), document("Q", action("A", "Alert again", repeating("P/A"))))
	s.wanted("Q/A", func(w *ticket.Wanted) { w.Repeats = "" })
	s.want(t, "create Q/A on ops")
	s.sync()
	s.want(t)
}

func TestARemovedActionIsRetiredWithACommentAndNothingElse(t *testing.T) {
	s := filed(t, both())
	s.tree("P", func(d *ticket.Tree) { d.Children = d.Children[:1] })
	s.want(t, "retire P/B")
	s.sync()
	s.want(t)
	s.in.Policy.CloseRemoved = true
	s.want(t) // told before the policy
}

func TestARemovedActionIsClosedIfThePolicySaysSoUnlessItWasThereBeforeUs(t *testing.T) {
	s := on(document("P", action("A", "Alert on lag"), action("B", "Rehearse", names("ops-h1"))))
	s.stranger("ops", "h1")
	s.sync()
	s.in.Policy.CloseRemoved = true
	s.tree("P", func(d *ticket.Tree) { d.Children = nil })
	s.want(t, "retire P/A status=dropped", "retire P/B")
}

func TestAFinishedTicketIsNotToldThatItsActionLeft(t *testing.T) {
	s := filed(t, both())
	s.finish("P/B")
	s.tree("P", func(d *ticket.Tree) { d.Children = d.Children[:1] })
	s.want(t, "learn P/B")
	s.sync()
	s.want(t)
}

func TestAnActionThatComesBackIsRestoredWithWhatChanged(t *testing.T) {
	s := filed(t, both())
	back := s.in.Trees[0].Children
	s.tree("P", func(d *ticket.Tree) { d.Children = back[:1] })
	s.sync()
	s.tree("P", func(d *ticket.Tree) { d.Children = back })
	s.author("P/B", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	s.want(t, "restore P/B due=2026-09-09")
	first := s.plan().Steps[0].Patch.Comment.Marker
	s.sync()
	s.want(t)
	s.tree("P", func(d *ticket.Tree) { d.Children = back[:1] })
	s.sync()
	s.tree("P", func(d *ticket.Tree) { d.Children = back })
	if again := s.plan().Steps[0].Patch.Comment.Marker; again == first {
		t.Errorf("leaving twice is told under one marker, %s", first)
	}
}

func TestAFinishedTicketWhoseActionComesBackIsOnlyRemembered(t *testing.T) {
	s := filed(t, both())
	back := s.in.Trees[0].Children
	s.tree("P", func(d *ticket.Tree) { d.Children = back[:1] })
	s.sync()
	s.finish("P/B")
	s.tree("P", func(d *ticket.Tree) { d.Children = back })
	s.want(t, "learn P/B")
}

func TestAMissingDocumentIsAFindingAndRetiresNothing(t *testing.T) {
	s := filed(t, both(), document("Q", action("A", "Other")))
	s.in.Trees = s.in.Trees[1:]
	s.want(t, "missing-document P")
	s.in.Whole = false // only a part was read
	s.want(t)
	s.in.Whole, s.in.Options.Retire = true, true
	s.want(t, "retire P", "retire P/A", "retire P/B")
	s.sync()
	s.in.Options.Retire = false
	s.want(t)
}

func TestAMissingDocumentAtABrokenFileIsNotMissing(t *testing.T) {
	s := filed(t, both())
	s.in.Trees = []ticket.Tree{{Path: "per/P.md", Broken: "not UTF-8"}}
	s.want(t, "broken-document")
}

func TestADocumentUnderANewIDFilesNothing(t *testing.T) {
	s := filed(t, both())
	renamed := document("NEW", action("A", "Alert on lag"))
	s.in.Trees = []ticket.Tree{renamed}
	s.want(t, "renamed-document NEW", "missing-document P", "(held) NEW", "(held) NEW/A")
	s.in.Whole = false
	s.in.Trees[0].Path = "per/P.md"
	s.want(t, "renamed-document NEW", "(held) NEW", "(held) NEW/A")
	s.in.Whole, s.in.Options.Retire = true, true
	s.want(t, "create NEW on ops", "create NEW/A on ops", "retire P", "retire P/A", "retire P/B")
}

func TestADocumentWithOtherActionsAtAnotherPathIsNew(t *testing.T) {
	s := filed(t, both())
	s.in.Trees = []ticket.Tree{document("NEW", action("A", "Something else"))}
	s.want(t, "missing-document P", "create NEW on ops", "create NEW/A on ops")
}

// duplicate puts a copy of a ticket, marker included, beside it.
func (s *scene) duplicate(key string) ticket.Seen {
	l := s.linkOf(key)
	k := s.in.Known[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}]
	k.Seen.Ref, k.Seen.Name = "copy", l.Tracker+"-copy"
	s.in.Known[ticket.Address{Tracker: l.Tracker, Ref: "copy"}] = k
	return k.Seen
}

func TestTwoTicketsWithOneMarkerAreAFindingAndNothingIsWritten(t *testing.T) {
	s := filed(t, both())
	s.duplicate("P/A")
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	s.want(t, "duplicate P/A")
	s.tree("P", func(d *ticket.Tree) { d.Children = d.Children[1:] })
	s.want(t, "duplicate P/A")
}

func TestAGoneTicketIsAFindingAndNeverFiledAgain(t *testing.T) {
	s := filed(t, both())
	s.person("P/A", gone)
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	s.want(t, "gone P/A")
}

func TestATicketThatWasMissedOnceIsReadAgainFirst(t *testing.T) {
	s := filed(t, both())
	s.person("P/A", func(k *ticket.Known) { k.Misses = 1 })
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	s.want(t, "(missed) P/A")
}

func TestATicketThatWasNeverSeenIsNotWritten(t *testing.T) {
	s := filed(t, both())
	clear(s.in.Known)
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	s.want(t, "(unread) P", "(unread) P/A", "(unread) P/B")
}

func TestAGoneTicketIsSettledEitherWay(t *testing.T) {
	s := filed(t, both())
	s.person("P/A", gone)
	r, err := plan.Resolve(s.in, "P/A", plan.FieldTicket, plan.KeepTracker)
	if err != nil || r.Drop {
		t.Fatal(r, err)
	}
	s.save(r.Link)
	s.want(t)

	s = filed(t, both())
	s.person("P/A", gone)
	if r, err = plan.Resolve(s.in, "P/A", plan.FieldTicket, plan.KeepDocument); err != nil || !r.Drop {
		t.Fatal(r, err)
	}
	s.in.Links = slices.DeleteFunc(s.in.Links, func(l ticket.Link) bool { return l.Key == r.Link.Key })
	s.want(t, "create P/A on ops")
}

func TestATicketThatMovedIsFollowed(t *testing.T) {
	s := filed(t, both())
	s.duplicate("P/A")
	s.person("P/A", gone)
	s.want(t, "learn P/A", "(moved) P/A")
	s.sync()
	if l := s.linkOf("P/A"); l.Ref != "copy" || l.Name != "ops-copy" {
		t.Errorf("it is now at %s %s", l.Ref, l.Name)
	}
	s.want(t)
}

func TestAfterALostStateTicketsAreFoundByTheirMarkers(t *testing.T) {
	s := filed(t, document("P", action("A", "Alert on lag"), action("", "Rehearse the restore")))
	s.lost()
	s.want(t, "learn P", "learn P/A", "learn P/~", "(recovered) P", "(recovered) P/A", "(recovered) P/~")
	s.sync()
	s.want(t)
}

func TestWhatATrackerHasAfterALostStateStands(t *testing.T) {
	s := filed(t, both())
	s.person("P/A", func(k *ticket.Known) { k.Seen.Fields.Due, k.Seen.Fields.Title = "2027-01-01", "theirs" })
	s.lost()
	s.sync()
	s.want(t)
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	s.want(t, "conflict P/A due")
}

func TestWhileATicketIsUnmatchedNothingNewIsFiled(t *testing.T) {
	s := filed(t, document("P", action("", "Rehearse the restore"), action("", "Alert on lag")))
	s.lost()
	changed := document("P", action("", "Rehearse the restore"), action("", "Buy another switch for the rack"))
	s.in.Trees = []ticket.Tree{changed}
	s.sync()
	s.want(t, "unmatched P/~", "unmatched P/~")
	for _, f := range s.plan().Findings {
		if f.Ref != "" && !strings.Contains(f.Mend, "ticket --keep tracker") {
			t.Errorf("it is mended by %q", f.Mend)
		}
	}
	var unmatched ticket.Seen
	for _, k := range s.in.Known {
		if k.Seen.Fields.Title == "Alert on lag" {
			unmatched = k.Seen
		}
	}
	r, err := plan.Resolve(s.in, unmatched.Name, plan.FieldTicket, plan.KeepTracker)
	if err != nil {
		t.Fatal(err)
	}
	s.save(r.Link)
	s.want(t, "create P/~ on ops")
}

func TestAMarkerThatIsThereIsNotFiledASecondTime(t *testing.T) {
	s := filed(t, both(), document("Q", action("A", "Other")))
	s.link("Q/A", func(l *ticket.Link) { l.Key.Action, l.ActionID, l.Text = "X", "X", "Rotate keys" }) // another action has its ticket now
	s.want(t, "unmatched Q/A", "retire Q/X")
	s = filed(t, both())
	s.link("P/A", func(l *ticket.Link) {
		l.State, l.ActionID, l.Key = ticket.StateReleased, "old", ticket.Key{Document: "P", Action: "old"}
	})
	if p := s.plan(); slices.ContainsFunc(p.Steps, func(st plan.Step) bool { return st.Op == plan.Create }) {
		t.Errorf("the plan says %q", said(p))
	}
}

func TestATicketIsAdoptedOnceUnderWhicheverNames(t *testing.T) {
	s := on(document("P", action("A", "Alert on lag", names("ops-h1"))), document("Q", action("A", "Alert again", names("ops-old1"))))
	seen := s.stranger("ops", "h1")
	s.in.Named[ticket.Address{Tracker: "ops", Ref: "old1"}] = seen // it moved, and both names lead to it
	s.want(t, "create P on ops", "adopt P/A ops-h1 below", "create Q on ops", "repeat Q/A tells P/A")
}

// cutOff makes P/A an intent: its create was begun half an hour ago and never ended.
func cutOff(t *testing.T) *scene {
	s := filed(t, both())
	l := s.linkOf("P/A")
	delete(s.in.Known, ticket.Address{Tracker: l.Tracker, Ref: l.Ref})
	s.link("P/A", func(l *ticket.Link) {
		l.State, l.Ref, l.Name, l.Got, l.Until = ticket.StateIntent, "", "", ticket.Fields{}, noon.Add(-lag)
	})
	s.in.Looked["ops"] = noon
	return s
}

func TestAnIntentWaitsUntilItsTicketMustBeVisible(t *testing.T) {
	s := cutOff(t)
	s.want(t, "pending P/A")
	s.in.Looked["ops"] = noon.Add(time.Nanosecond)
	s.want(t, "create P/A on ops")
	s.in.Now = noon.Add(time.Hour) // time alone tells nothing; it must have been looked for
	s.in.Looked["ops"] = noon
	s.want(t, "pending P/A")
}

func TestAnIntentWhoseTicketIsFoundIsFiled(t *testing.T) {
	s := cutOff(t)
	w := s.in.Trees[0].Children[0]
	s.see(ticket.Seen{Tracker: "ops", Ref: "9", Name: "ops-9", Key: w.Key, Parent: s.linkOf("P").Ref, Fields: w.Fields, Status: ticket.StatusOpen})
	s.want(t, "learn P/A", "(found) P/A")
	s.sync()
	s.want(t)
	if l := s.linkOf("P/A"); l.State != ticket.StateFiled || l.Ref != "9" {
		t.Errorf("the link is %+v", l)
	}
}

func TestAnIntentOfAMissingDocumentIsSettledAsWell(t *testing.T) {
	s := cutOff(t)
	w := s.in.Trees[0].Children[0]
	s.in.Trees, s.in.Whole = nil, true
	s.want(t, "missing-document P")
	s.in.Looked["ops"] = noon.Add(time.Nanosecond) // and there is none
	s.want(t, "forget P/A", "missing-document P")
	s.see(ticket.Seen{Tracker: "ops", Ref: "9", Name: "ops-9", Key: w.Key, Fields: w.Fields, Status: ticket.StatusOpen})
	s.want(t, "learn P/A", "missing-document P", "(found) P/A")
	s.sync()
	s.want(t, "missing-document P")
}

func TestAPersonsEditBeforeTheTicketIsFoundStays(t *testing.T) {
	s := cutOff(t)
	w := s.in.Trees[0].Children[0]
	w.Fields.Due = "2027-01-01"
	s.see(ticket.Seen{Tracker: "ops", Ref: "9", Name: "ops-9", Key: w.Key, Parent: s.linkOf("P").Ref, Fields: w.Fields, Status: ticket.StatusOpen})
	s.sync()
	s.want(t)
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	s.want(t, "conflict P/A due")
}

func TestAnIntentWhoseActionLeftIsForgottenOnceItIsNotThere(t *testing.T) {
	s := cutOff(t)
	w := s.in.Trees[0].Children[0]
	s.tree("P", func(d *ticket.Tree) { d.Children = d.Children[1:] })
	s.want(t) // it may still come to light
	s.in.Looked["ops"] = noon.Add(time.Second)
	s.want(t, "forget P/A")
	s.see(ticket.Seen{Tracker: "ops", Ref: "9", Name: "ops-9", Key: w.Key, Fields: w.Fields, Status: ticket.StatusOpen})
	s.want(t, "learn P/A", "(found) P/A", "retire P/A")
}

func TestAnIntentIsNotFiledAgainWhenItMustNotBeFiled(t *testing.T) {
	for name, change := range map[string]func(*ticket.Tree){
		"draft": func(d *ticket.Tree) { d.Hold = "draft" },
		"guess": func(d *ticket.Tree) { d.Children[0].Hold = "a guess" },
	} {
		t.Run(name, func(t *testing.T) {
			s := cutOff(t)
			s.in.Looked["ops"] = noon.Add(time.Second)
			s.tree("P", change)
			s.want(t, "(held) P/A")
		})
	}
	s := cutOff(t)
	s.in.Looked["ops"] = noon.Add(time.Second)
	s.in.Unread["ops"] = "401"
	s.want(t, "(unread) P")
}

func TestNoChildIsFiledBelowAParentOfUnknownOutcome(t *testing.T) {
	s := cutOff(t)
	parent := ticket.Link{Key: ticket.Key{Document: "Q"}, Tracker: "ops", State: ticket.StateIntent, Until: noon}
	s.save(parent)
	s.in.Trees = append(s.in.Trees, document("Q", action("A", "Other")))
	s.want(t, "pending P/A", "pending Q", "pending Q/A")
	s.in.Looked["ops"] = noon.Add(time.Hour)
	s.want(t, "create P/A on ops", "create Q on ops", "create Q/A on ops")
}

func TestAParentIsReadyToCloseWhenAllItsActionsAreFinished(t *testing.T) {
	ready := func(s *scene) bool { return slices.Contains(s.says(), "ready-to-close P") }
	s := filed(t, both())
	s.finish("P/A")
	if ready(s) {
		t.Error("one of two is finished")
	}
	s.person("P/B", func(k *ticket.Known) { k.Seen.Status = ticket.StatusDropped })
	if !ready(s) {
		t.Error("both are finished")
	}
	s.finish("P")
	if ready(s) {
		t.Error("the parent is closed already")
	}
	s.person("P", func(k *ticket.Known) { k.Seen.Status = ticket.StatusOpen })
	s.tree("P", func(d *ticket.Tree) { *d = document("P", append(d.Children, action("C", "Third"))...) })
	if ready(s) {
		t.Error("a third action is to be filed")
	}
	s.tree("P", func(d *ticket.Tree) { done(&d.Children[2]) })
	if !ready(s) {
		t.Error("the third was done when it was first seen")
	}
	s.person("P/A", gone)
	if !ready(s) {
		t.Error("a gone ticket is a finding of its own")
	}
}

func TestADocumentWithoutActionsIsNeverReadyToClose(t *testing.T) {
	s := filed(t, document("P"))
	s.want(t)
}

func TestIDsThatAreGivenOutAgainAreNotFollowed(t *testing.T) {
	s := filed(t, both())
	s.in.Trees[0] = document("P", action("A", "A new one"), action("B", "Alert on lag"), action("C", "Rehearse the restore"))
	if p := s.plan(); slices.ContainsFunc(p.Steps, func(st plan.Step) bool {
		return st.Op != plan.Update || slices.Contains(st.Patch.Set, ticket.FieldTitle)
	}) {
		t.Errorf("a ticket changes its action: %q", said(p))
	}
	for _, f := range s.plan().Findings {
		if strings.Contains(f.Key.String(), "#") {
			t.Errorf("nobody knows what %s is", f.Key)
		}
	}
}

func TestWhichOfTwoActionsWithTheSameWordsLeftIsNotGuessed(t *testing.T) {
	s := filed(t, document("P", action("", "Rehearse it"), action("", "Rehearse it")))
	s.tree("P", func(d *ticket.Tree) { d.Children = d.Children[:1] })
	s.want(t, "unclear P/~")
}

func TestTheGuardCountsCreationsAndChangesApart(t *testing.T) {
	var actions []ticket.Wanted
	for i := range 19 {
		actions = append(actions, action(fmt.Sprintf("A%d", i), fmt.Sprintf("Action %d", i)))
	}
	guard := plan.Guard{Creations: 19, ChangePercent: 30, ChangeFloor: 10}
	s := on(document("P", actions...))
	s.in.Policy.Guard = guard
	held := func(creations, changes int) {
		t.Helper()
		var got plan.Held
		if h := s.plan().Held; h != nil {
			got = *h
		}
		if got.CreationLimit != creations || got.ChangeLimit != changes {
			t.Errorf("held back by the limits %d and %d, want %d and %d", got.CreationLimit, got.ChangeLimit, creations, changes)
		}
		if found := slices.Contains(s.says(), "held-back"); found != (creations+changes > 0) {
			t.Errorf("the finding is there: %v", found)
		}
	}
	held(19, 0) // 20 tickets, the parent's included
	s.in.Options.Force = true
	held(0, 0)
	s.in.Options.Force = false
	s.in.Approved[s.plan().Steps[7].Digest()] = true
	held(0, 0)
	s.sync()
	change := func(n int) {
		for i := range n {
			s.author(fmt.Sprintf("P/A%d", i), func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
		}
	}
	change(6) // 30 % of 20
	held(0, 0)
	change(7)
	held(0, 6)
	s.in.Policy.Guard.ChangeFloor = 21
	held(0, 0)
	s.in.Policy.Guard = guard
	s.in.Approved[s.plan().Steps[0].Digest()] = true
	held(0, 0)
	s.in.Policy.Guard = plan.Guard{}
	clear(s.in.Approved)
	held(0, 0)
}

func TestAnApprovalIsOfAStepAndNotOfAnother(t *testing.T) {
	s := filed(t, both())
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	first := s.plan().Steps[0].Digest()
	if s.plan().Steps[0].Digest() != first {
		t.Error("the same step has another digest")
	}
	s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-10" })
	if s.plan().Steps[0].Digest() == first {
		t.Error("another value has the same digest")
	}
}

func TestCostsAreRequestsAsTheTrackerTakesThem(t *testing.T) {
	small := info("ops")
	small.Batch, small.GetBatch = 2, 3
	s := on(document("P", action("A", "One"), action("B", "Two"), action("C", "Three")))
	s.in.Trackers["ops"] = small
	if c := s.plan().Costs; len(c) != 1 || c[0] != (plan.Cost{Tracker: "ops", Writes: 1 + 2, Reads: 0}) {
		t.Errorf("filing costs %+v", c)
	}
	small.PerWrite = 1
	s.in.Trackers["ops"] = small
	if c := s.plan().Costs; c[0].Writes != 1+3 {
		t.Errorf("with one ticket a request filing costs %+v", c)
	}
	s.sync()
	for _, key := range []string{"P", "P/A", "P/B", "P/C"} {
		s.author(key, func(w *ticket.Wanted) { w.Fields.Title += "!" })
	}
	if c := s.plan().Costs; len(c) != 1 || c[0] != (plan.Cost{Tracker: "ops", Writes: 4, Reads: 2}) {
		t.Errorf("changing costs %+v", c)
	}
}

func TestATrackerThatLetsFewWritesThroughSaysHowLongThatTakes(t *testing.T) {
	slow := info("ops")
	s := on(document("P", action("A", "One"), action("B", "Two")), document("Q", action("A", "Three"), action("B", "Four")))
	for _, c := range []struct {
		pace  trackers.Pace
		takes time.Duration
		told  string
	}{
		{trackers.Pace{}, 0, "Cost: 2 writes on ops."},
		{trackers.Pace{Minute: 6}, 0, "Cost: 2 writes on ops."}, // all of them at once
		{trackers.Pace{Minute: 5}, time.Minute, "Cost: 2 writes on ops, which takes at least 1 min."},
		{trackers.Pace{Minute: 5, PerChild: 3}, 2 * time.Minute, "Cost: 2 writes on ops, which takes at least 2 min."},
		{trackers.Pace{Minute: 1, Hour: 4}, time.Hour + time.Minute, "Cost: 2 writes on ops, which takes at least 1 h 1 min."},
		{trackers.Pace{Hour: 5}, time.Hour, "Cost: 2 writes on ops, which takes at least 1 h."},
	} {
		slow.Pace = c.pace
		s.in.Trackers["ops"] = slow
		p := s.plan()
		if got := p.Costs[0].Takes; got != c.takes || p.View().Costs[0].Seconds != int(c.takes.Seconds()) || !strings.HasSuffix(p.Totals(), c.told) {
			t.Errorf("%+v takes %s, and is told as %q", c.pace, got, p.Totals())
		}
	}
}

func TestOnlyKeepsADocumentWholeOrNotAtAll(t *testing.T) {
	s := filed(t, both())
	s.in.Trees = append(s.in.Trees, document("Q", action("A", "Alert again", repeating("P/A"))))
	s.author("P/B", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
	p := s.plan()
	if got := p.DocumentIDs(); !slices.Equal(got, []string{"P", "Q"}) {
		t.Errorf("it touches %q", got)
	}
	only := func(id string) []string { return said(p.Only(func(d string) bool { return d == id })) }
	if got := only("Q"); !slices.Equal(got, []string{"create Q on ops"}) { // P would be told
		t.Errorf("of Q is left %q", got)
	}
	if got := only("P"); !slices.Equal(got, []string{"update P/B due=2026-09-09"}) {
		t.Errorf("of P is left %q", got)
	}
}

func TestAConflictIsSettledByTheTicketsNameAndNotByWhatSharesIt(t *testing.T) {
	for range 20 { // a map's order must not decide
		s := filed(t, both(), document("Q", action("A", "Alert again", repeating("P/A"))))
		s.author("P/A", func(w *ticket.Wanted) { w.Fields.Due = "2026-09-09" })
		s.person("P/A", func(k *ticket.Known) { k.Seen.Fields.Due = "2027-01-01" })
		r, err := plan.Resolve(s.in, s.linkOf("P/A").Name, ticket.FieldDue, plan.KeepTracker)
		if err != nil || r.Link.Key.Document != "P" {
			t.Fatal(r, err)
		}
	}
}

// fewWords draws texts that say nearly the same, and often the very same.
func fewWords(t *rapid.T) string {
	words := rapid.SampledFrom([]string{"alert", "lag", "restore", "runbook", "replica", "switch", "index", "rehearse"})
	return strings.Join(rapid.SliceOfN(words, 1, 6).Draw(t, "text"), " ")
}

// realWords draws one of some actions as teams write them, in its first words or in others.
func realWords(t *rapid.T) string {
	n := rapid.Uint64Range(1, 30).Draw(t, "text")
	text := actionTexts(rand.New(rand.NewPCG(n, 0)), 1)[0]
	if v := rapid.Uint64Range(0, 3).Draw(t, "version"); v > 0 {
		text = reworded(rand.New(rand.NewPCG(n, v)), text, 0.25)
	}
	return text
}

// drawn is a scene in any state that a few turns of authors, people and runs can bring.
func drawn(t *rapid.T, words func(*rapid.T) string) *scene {
	s := on()
	text := func() string { return words(t) }
	change := func(id, own string) func(*ticket.Wanted) {
		known := own
		for _, l := range s.in.Links {
			if !l.Key.IsParent() && l.Key.Document != id && rapid.Bool().Draw(t, "known") {
				known = l.Name
			}
		}
		return rapid.SampledFrom([]func(*ticket.Wanted){
			func(*ticket.Wanted) {}, func(*ticket.Wanted) {}, done, held, names(known), names(own), names("far"), repeating("P/A"), repeating("Q/A"), repeating("P/none"),
		}).Draw(t, "change")
	}
	for range rapid.IntRange(1, 4).Draw(t, "turns") {
		s.in.Trees = nil
		for _, id := range []string{"P", "Q", "R"} {
			var actions []ticket.Wanted
			for _, a := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"", "~1", "A", "B", "C"}), 0, 4, rapid.ID[string]).Draw(t, "ids") {
				s.stranger("ops", "h"+id+a)
				actions = append(actions, action(strings.TrimPrefix(a, "~1"), text(), change(id, "ops-h"+id+a)))
			}
			if rapid.IntRange(0, 9).Draw(t, "there") > 0 {
				s.in.Trees = append(s.in.Trees, document(id, actions...))
			}
		}
		for _, a := range slices.SortedFunc(maps.Keys(s.in.Known), func(a, b ticket.Address) int { return cmp.Compare(a.Ref, b.Ref) }) {
			k := s.in.Known[a]
			switch rapid.IntRange(0, 9).Draw(t, "person") {
			case 0:
				k.Seen.Fields.Title = text()
			case 1:
				k.Misses, k.Gone = 2, noon
			case 2:
				k.Seen.Status = ticket.StatusDone
			}
			s.in.Known[a] = k
		}
		if rapid.IntRange(0, 4).Draw(t, "lost") == 0 {
			s.lost()
		}
		if rapid.Bool().Draw(t, "sync") {
			s.sync()
		}
	}
	return s
}

// actions and links are what a failed case shows.
func (s *scene) actions() string {
	var b strings.Builder
	for _, d := range s.in.Trees {
		for _, w := range d.Children {
			fmt.Fprintf(&b, "\t%s %q ticket %q repeats %q done %v hold %q\n", w.Key, w.Text, w.Ticket, w.Repeats, w.Done, w.Hold)
		}
	}
	return b.String()
}

func (s *scene) links() string {
	var b strings.Builder
	for _, l := range s.in.Links {
		fmt.Fprintf(&b, "\t%s %q %s %s of %s retired %v\n", l.Key, l.Text, l.State, l.Name, l.Of, !l.Retired.IsZero())
	}
	return b.String()
}

func TestTheSameInputGivesTheSamePlanAndStaysAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawn(t, fewWords)
		before := text(t, s)
		first := asJSON(t, s.plan())
		for range 3 {
			if again := asJSON(t, s.plan()); again != first {
				t.Fatalf("first\n%s\nthen\n%s", first, again)
			}
		}
		if after := text(t, s); after != before {
			t.Fatalf("the input was\n%s\nand is\n%s", before, after)
		}
	})
}

// text is an input as one text, whatever the order of its maps.
func text(t *rapid.T, s *scene) string {
	known := map[string]ticket.Known{}
	for a, k := range s.in.Known {
		known[a.Tracker+" "+string(a.Ref)] = k
	}
	return asJSON(t, s.in.Trees) + asJSON(t, s.in.Links) + asJSON(t, known)
}

func asJSON(t *rapid.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestThePlanAfterASyncIsEmptyWhateverWasThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawn(t, realWords)
		before := s.links()
		first := s.sync()
		if p := s.plan(); !p.Empty() {
			t.Fatalf("the documents have\n%s\nof which was known\n%s\nA sync did %q, and then the plan says %q", s.actions(), before, said(first), said(p))
		}
	})
}

func TestNoTicketIsWrittenByTwoStepsAndNoKeyIsFiledTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		filed := map[ticket.Key]bool{}
		written := map[ticket.Address]bool{}
		for _, st := range drawn(t, fewWords).plan().Steps {
			a := ticket.Address{Tracker: st.Tracker, Ref: st.Link.Ref}
			switch {
			case st.Op == plan.Create && filed[st.Link.Key]:
				t.Fatalf("%s is filed twice", st.Link.Key)
			case st.Op == plan.Create:
				filed[st.Link.Key] = true
			case st.Op != plan.Repeat && written[a]:
				t.Fatalf("%s is written twice", st.Link.Name)
			case st.Op != plan.Repeat:
				written[a] = true
			}
		}
	})
}
