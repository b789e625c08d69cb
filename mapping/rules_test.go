package mapping_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"percolate/mapping"
	"percolate/per"
)

func TestNewTellsEveryFaultAtOnce(t *testing.T) {
	s := settings()
	s.FileSince = "yesterday"
	s.DefaultTracker = "jira"
	s.Routes = []mapping.Route{{Tracker: "jira"}}
	s.People = append(s.People, mapping.Person{Name: "kim", Aliases: []string{"@ANA"}})
	s.Shape.Body = "{{.Nothing}}"
	_, err := mapping.New(s)
	want := []string{"documents.file_since", "default_tracker", "people[2].aliases[0]", "routes[0].tracker", "mapping.body"}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != len(want) {
		t.Fatalf("got %v", err)
	}
	for i, e := range joined.Unwrap() {
		f, ok := errors.AsType[*mapping.Fault](e)
		if !ok || f.Setting != want[i] || !strings.HasPrefix(f.Error(), want[i]+": ") {
			t.Errorf("fault %d is %v, want %s", i, e, want[i])
		}
	}
}

// A template may do well on the data that it is tried with and fail on a document.
func TestADocumentOnWhichATemplateFailsIsBroken(t *testing.T) {
	s := settings()
	s.Shape.Title = "{{if eq .Text \"x\"}}{{index .Text 5}}{{end}}{{.Text}}"
	d := &per.Document{ID: per.Text{Value: "P1"}, Actions: []per.Action{{ID: "A1", Text: "x", Certain: true}}}
	tree, _ := newRules(t, s).Map(d)
	if !strings.Contains(tree.Broken, "mapping.title") {
		t.Errorf("broken: %q", tree.Broken)
	}
}

func TestTheOnlyTrackerIsTheDefault(t *testing.T) {
	s := settings()
	s.Trackers, s.DefaultTracker, s.People = s.Trackers[:1], "", nil
	tree, _ := newRules(t, s).Map(&per.Document{ID: per.Text{Value: "P1", Line: 2}})
	if tree.Tracker != "backlog" || tree.Hold != "" {
		t.Errorf("tracker %q, hold %q", tree.Tracker, tree.Hold)
	}
}

// A read-me lies in many folders of documents, and must not become a ticket.
func TestWhatIsNoRetrospectiveIsNotFiled(t *testing.T) {
	for text, held := range map[string]bool{
		"# Our retrospectives\n\nHow we write them.\n":          true,
		"---\nid: P1\n---\n# An event\n\nNothing to do.\n":      false,
		"---\nkind: outage\n---\n# An event\n":                  false,
		"# An event\n\n## Timeline\n\n- 10:00 It stopped\n":     false,
		"# An event\n\n## Action items\n\n- [ ] Do something\n": false,
		"---\nid: [not YAML\n---\n":                             false, // an error to be told, not a read-me
	} {
		d, problems := per.Parse("pers/README.md", []byte(text))
		tree, more := newRules(t, settings()).Map(d, problems...)
		told := slices.ContainsFunc(more, func(p per.Problem) bool { return p.Code == "no-retrospective" })
		if (tree.Hold != "") != held || told != held {
			t.Errorf("%q: hold %q, told %v", text, tree.Hold, told)
		}
	}
}

func TestAccountsTellWhomATrackerKnows(t *testing.T) {
	s := settings()
	s.Trackers = []mapping.Tracker{{Name: "ops", Account: mapping.AccountEmail}}
	s.DefaultTracker, s.Routes, s.Teams = "", nil, nil
	s.People = []mapping.Person{
		{Name: "ana", Email: "ana@example.com"},
		{Name: "raj", Accounts: []mapping.Account{{Tracker: "ops", Account: "r.ajan"}}},
		{Name: "mia"},
	}
	accounts, without := newRules(t, s).Accounts("ops")
	if !slices.Equal(accounts, []string{"ana@example.com", "r.ajan"}) || !slices.Equal(without, []string{"mia"}) {
		t.Errorf("accounts %v, without %v", accounts, without)
	}
}

func TestPathsAreToldFromTheRoot(t *testing.T) {
	for _, tt := range []struct{ root, path, link string }{
		{"", "pers/a b.md", "https://x/pers/a%20b.md"},
		{".", "pers/a.md", "https://x/pers/a.md"},
		{"team/repo", "team/repo/pers/a.md", "https://x/pers/a.md"},
		{"team", "teams/a.md", "https://x/teams/a.md"},
		{"/abs/repo/", "/abs/repo/a.md", "https://x/a.md"},
	} {
		s := settings()
		s.Root, s.DocumentURL = tt.root, "https://x/{path}"
		s.Routes = []mapping.Route{{Path: "pers/*", Tracker: "open"}}
		tree, _ := newRules(t, s).Map(&per.Document{ID: per.Text{Value: "P1"}, Path: tt.path})
		if !strings.HasSuffix(tree.Parent.Fields.Body, tt.link) {
			t.Errorf("%s from %s: %s", tt.path, tt.root, tree.Parent.Fields.Body)
		}
		if wants := strings.Contains(tt.link, "/pers/"); wants != (tree.Tracker == "open") {
			t.Errorf("%s from %s goes to %s", tt.path, tt.root, tree.Tracker)
		}
	}
}

func TestAWorkedOutParseGoesStraightThrough(t *testing.T) {
	src := `---
id: PER-2026-003
title: Checkout refused cards
severity: SEV2
kind: outage
---
## Deltas
- D1: Nobody knew when the certificate would expire.

## Corrective actions
| id | action | kind | owner | due | addresses |
|----|--------|------|-------|-----|-----------|
| A1 | Rotate the certificate | defect | ana | 2026-03-16 | D1 |
`
	d, found := per.Parse("pers/2026-003.md", []byte(src))
	tree, problems := newRules(t, settings()).Map(d, found...)
	if tree.Broken != "" || tree.Hold != "" || len(problems) != 0 || len(tree.Children) != 1 {
		t.Fatalf("broken %q, hold %q, problems %v, %d children", tree.Broken, tree.Hold, problems, len(tree.Children))
	}
	w := tree.Children[0]
	if w.Hold != "" || w.Key.String() != "PER-2026-003/A1" || w.Fields.Due != "2026-03-16" || w.Fields.Assignees[0] != "ana" {
		t.Errorf("%+v", w)
	}
	if !strings.Contains(w.Fields.Body, "> Nobody knew when the certificate would expire.") {
		t.Errorf("the delta is not told:\n%s", w.Fields.Body)
	}
}

func BenchmarkMapEightActions(b *testing.B) {
	d := &per.Document{Path: "pers/a.md", ID: per.Text{Value: "PER-1"}, Title: per.Text{Value: "Checkout refused cards"}}
	d.Deltas = []per.Observation{{ID: "D1", Text: "Nobody knew when the certificate would expire."}}
	for range 8 {
		d.Actions = append(d.Actions, per.Action{Text: "Rotate the *payment* certificate by itself", Owners: []string{"@ana"}, Addresses: []string{"D1"}, Certain: true})
	}
	r, err := mapping.New(settings())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Map(d)
	}
}
