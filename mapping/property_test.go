package mapping_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"percolate/mapping"
	"percolate/per"
	"percolate/ticket"
)

func TestMapHoldsItsPromises(t *testing.T) { rapid.Check(t, promises) }

func FuzzMap(f *testing.F) { f.Fuzz(rapid.MakeFuzz(promises)) }

// promises draws a document and settings, and tests what holds for all of them.
func promises(t *rapid.T) {
	s, d := drawSettings(t), drawDocument(t)
	r, err := mapping.New(s)
	if err != nil {
		t.Fatalf("settings that should do: %v", err)
	}
	before := dump(t, d)
	tree, problems := r.Map(d)
	again, _ := r.Map(d)
	if !reflect.DeepEqual(tree, again) {
		t.Fatalf("two runs differ:\n%s\n%s", dump(t, tree), dump(t, again))
	}
	if dump(t, d) != before {
		t.Fatal("the document was changed")
	}
	everyActionIsOneChild(t, d, tree)
	for _, w := range append([]ticket.Wanted{tree.Parent}, tree.Children...) {
		ticketIsSound(t, w, s)
	}
	nothingConfidentialIsPublic(t, d, tree, s)
	for _, f := range tree.Findings {
		if f.Kind == "" || f.Text == "" || f.Mend == "" || f.Place.Path != d.Path {
			t.Fatalf("a finding that helps nobody: %+v", f)
		}
	}
	for _, p := range problems {
		if p.Path != d.Path || p.Message == "" || p.Code == "" {
			t.Fatalf("a problem that helps nobody: %+v", p)
		}
	}
}

func everyActionIsOneChild(t *rapid.T, d *per.Document, tree ticket.Tree) {
	if len(tree.Children) != len(d.Actions) || len(tree.Trackers) != len(d.Actions) {
		t.Fatalf("%d actions, %d children, %d trackers", len(d.Actions), len(tree.Children), len(tree.Trackers))
	}
	keys := map[ticket.Key]bool{}
	for i, w := range tree.Children {
		if w.Text != d.Actions[i].Text || w.Place.Line != d.Actions[i].Line || w.ActionID != d.Actions[i].ID {
			t.Fatalf("child %d is not action %d: %+v", i, i, w)
		}
		if w.Key.IsParent() || w.Key.Document != d.ID.Value || ticket.ParseKey(w.Key.String()) != w.Key {
			t.Fatalf("child %d has the key %+v", i, w.Key)
		}
		if keys[w.Key] && tree.Broken == "" {
			t.Fatalf("two children with the key %s, and the document is not broken", w.Key)
		}
		keys[w.Key] = true
	}
}

func ticketIsSound(t *rapid.T, w ticket.Wanted, s mapping.Settings) {
	f := w.Fields
	if n := utf8.RuneCountInString(f.Title); n == 0 || n > s.Shape.TitleLength || !utf8.ValidString(f.Title) || strings.ContainsAny(f.Title, "\n\t\u202a\u202e\u2066") {
		t.Fatalf("title of %d runes: %q", n, f.Title)
	}
	seen := map[string]bool{}
	for _, l := range f.Labels {
		if l == "" || seen[l] || strings.ContainsFunc(l, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || !unicode.IsPrint(r) }) {
			t.Fatalf("labels %q", f.Labels)
		}
		seen[l] = true
	}
	for _, field := range ticket.AllFields() {
		if w.Basis[field] == "" {
			t.Fatalf("%s: no basis for %s", w.Key, field)
		}
	}
	if earliest := s.Today.Add(s.Shape.DueAtLeast); w.Basis[ticket.FieldDue] == ticket.BasisPolicy && f.Due != "" && f.Due < earliest {
		t.Fatalf("due on %s by policy, before %s", f.Due, earliest)
	}
	if f.Due != "" && !f.Due.Valid() {
		t.Fatalf("due on %q", f.Due)
	}
}

func nothingConfidentialIsPublic(t *rapid.T, d *per.Document, tree ticket.Tree, s mapping.Settings) {
	public := func(name string) bool {
		return slices.ContainsFunc(s.Trackers, func(t mapping.Tracker) bool { return t.Name == name && t.Public })
	}
	if !d.Confidential || tree.Hold != "" {
		return
	}
	if public(tree.Tracker) {
		t.Fatalf("a confidential parent goes to %s", tree.Tracker)
	}
	for i, w := range tree.Children {
		if public(tree.TrackerOf(i)) && w.Hold == "" {
			t.Fatalf("confidential %s goes to %s", w.Key, tree.TrackerOf(i))
		}
	}
}

// What people decided does not change because the configuration did.
func TestNoSettingChangesABasis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDocument(t)
		one, _ := must(t, drawSettings(t)).Map(d)
		other, _ := must(t, drawSettings(t)).Map(d)
		for i, w := range append([]ticket.Wanted{one.Parent}, one.Children...) {
			v := append([]ticket.Wanted{other.Parent}, other.Children...)[i]
			if w.Key != v.Key || !reflect.DeepEqual(w.Basis, v.Basis) {
				t.Fatalf("%s: %v became %v", w.Key, w.Basis, v.Basis)
			}
		}
	})
}

// Under one configuration no field changes behind its basis, or the engine would
// never write the change.
func TestNoFieldChangesWithoutItsBasis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, r := drawDocument(t), must(t, drawSettings(t))
		was, _ := r.Map(d)
		edit(t, d)
		is, _ := r.Map(d)
		before := map[ticket.Key]ticket.Wanted{was.Parent.Key: was.Parent}
		for _, w := range was.Children {
			before[w.Key] = w
		}
		for i, now := range append([]ticket.Wanted{is.Parent}, is.Children...) {
			then, ok := before[now.Key]
			if !ok || i > 0 && was.TrackerOf(i-1) != is.TrackerOf(i-1) || was.Tracker != is.Tracker {
				continue // another ticket, or accounts of another tracker
			}
			for _, f := range ticket.AllFields() {
				if then.Fields.Text(f) != now.Fields.Text(f) && then.Basis[f] == now.Basis[f] && now.Basis[f] != ticket.BasisPolicy {
					t.Fatalf("%s: %s changed and its basis did not:\n%s\n%s", now.Key, f, then.Fields.Text(f), now.Fields.Text(f))
				}
			}
		}
	})
}

// A child tells of its own action and of the event, and of nothing else.
func TestUnrelatedEditsLeaveAChildAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, r := drawDocument(t), must(t, drawSettings(t))
		was, _ := r.Map(d)
		d.Summary.Value += text().Draw(t, "summary")
		d.Timeline = append(d.Timeline, per.Entry{Text: "added"})
		d.Owner.Value = text().Draw(t, "owner")
		d.Deltas = append(d.Deltas, per.Observation{ID: "new", Text: "added"})
		d.Actions = append(d.Actions, per.Action{ID: "new", Text: "added", Line: 999})
		is, _ := r.Map(d)
		for i, w := range was.Children {
			if now := is.Children[i]; !reflect.DeepEqual(w, now) {
				t.Fatalf("%s became\n%s", dump(t, w), dump(t, now))
			}
		}
	})
}

func TestTheOrderOfActionsDoesNotNameThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfNDistinct(text(), 1, 8, ticket.FoldText).Draw(t, "texts")
		names := func(texts []string) map[string]string {
			d := &per.Document{ID: per.Text{Value: "P"}}
			for _, text := range texts {
				d.Actions = append(d.Actions, per.Action{Text: text, Certain: true})
			}
			tree, _ := must(t, settings()).Map(d)
			out := map[string]string{}
			for _, w := range tree.Children {
				out[w.Text] = w.Key.Action
			}
			return out
		}
		if a, b := names(texts), names(rapid.Permutation(texts).Draw(t, "order")); !reflect.DeepEqual(a, b) {
			t.Fatalf("%v became %v", a, b)
		}
	})
}

func must(t *rapid.T, s mapping.Settings) *mapping.Rules {
	r, err := mapping.New(s)
	if err != nil {
		t.Fatalf("settings that should do: %v", err)
	}
	return r
}

func dump(t *rapid.T, v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// text draws what people write, and what they should not.
func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"", "Rotate the certificate", "rotate  the Certificate", "Fix *it* in [prod](http://x)", "{{.Evil}}", "{{template \"x\"}}",
			"<!-- percolate: k -->", "a, b", "`code`", "@ana", "> 2 %", "\xff\xfe", "\u202eabc", "long " + strings.Repeat("word ", 60), strings.Repeat("x", 300),
		}),
		rapid.String(),
	)
}

func word(words ...string) *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(words), text())
}

func drawDocument(t *rapid.T) *per.Document {
	d := &per.Document{Path: "pers/a.md", Status: per.Agreed}
	d.ID.Value = word("PER-1", "PER-2026-003").Draw(t, "id")
	d.Confidential = rapid.SampledFrom([]bool{false, false, true}).Draw(t, "confidential")
	for range rapid.IntRange(0, 25).Draw(t, "edits") {
		edit(t, d)
	}
	return d
}

// edit changes one value of the document, any of those that it can have.
func edit(t *rapid.T, d *per.Document) {
	switch rapid.IntRange(0, 28).Draw(t, "what") {
	case 0:
		d.Title.Value = text().Draw(t, "title")
	case 1:
		d.Severity.Value = word("SEV1", "sev-2", "P3 (minor)", "none").Draw(t, "severity")
	case 2:
		d.Kind = per.Kind(word("outage", "near-miss").Draw(t, "kind"))
	case 3:
		d.Service.Value = word("checkout", "Search API").Draw(t, "service")
	case 4:
		d.Team.Value = word("payments", "ops").Draw(t, "team")
	case 5:
		d.Owner.Value = word("ana", "raj", "ops", "TBD", "kim", "KIM", "A <ana@example.com>", "A ana@example.com").Draw(t, "owner")
	case 6:
		d.Status = rapid.SampledFrom([]per.Status{per.Draft, per.Agreed}).Draw(t, "status")
	case 7:
		d.Confidential = rapid.Bool().Draw(t, "confidential")
	case 8:
		d.Day.Value = word("2026-03-02", "2024-02-29", "soon").Draw(t, "day")
	case 9:
		at := per.Instant{Time: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0).UTC()}
		*rapid.SampledFrom([]*per.Instant{&d.Started, &d.Detected, &d.Resolved, &d.Meeting}).Draw(t, "instant") = at
	case 10:
		span := time.Duration(rapid.Int64().Draw(t, "span"))
		d.Stated.Downtime = &span
	case 11:
		o := per.Observation{ID: word("D1", "P1").Draw(t, "id"), Text: text().Draw(t, "text")}
		list := rapid.SampledFrom([]*[]per.Observation{&d.Deltas, &d.Pluses}).Draw(t, "list")
		*list = append(*list, o)
	case 12:
		d.Summary.Value = text().Draw(t, "summary")
	default:
		editAction(t, d)
	}
}

// editAction adds an action, or changes one value of one that is there.
func editAction(t *rapid.T, d *per.Document) {
	if len(d.Actions) == 0 || rapid.IntRange(0, 3).Draw(t, "add") == 0 {
		d.Actions = append(d.Actions, per.Action{
			ID: word("", "A1", "A2", "a/b", "~x").Draw(t, "id"), Text: text().Draw(t, "text"),
			Certain: rapid.Bool().Draw(t, "certain"), Line: len(d.Actions) + 1,
		})
		return
	}
	a := &d.Actions[rapid.IntRange(0, len(d.Actions)-1).Draw(t, "action")]
	switch rapid.IntRange(0, 11).Draw(t, "value") {
	case 0:
		a.Text = text().Draw(t, "text")
	case 1:
		a.Details = text().Draw(t, "details")
	case 2:
		a.Kind = per.ActionKind(word("", "defect", "improvement").Draw(t, "kind"))
	case 3:
		a.Owners = rapid.SliceOfN(word("ana", "@RAJ", "ops", "operations", "kim", "Kim", "A <ana@example.com>", "A ana@example.com", "TBD"), 0, 3).Draw(t, "owners")
	case 4:
		a.Due.Value = word("2026-04-01", "", "soon").Draw(t, "due")
	case 5:
		done := rapid.Bool().Draw(t, "done")
		a.Done = &done
	case 6:
		a.Addresses = rapid.SliceOfN(word("D1", "p1"), 0, 2).Draw(t, "addresses")
	case 7:
		a.Repeats = word("PER-1/A4").Draw(t, "repeats")
	case 8:
		a.Priority = word("high", "P1").Draw(t, "priority")
	case 9:
		a.Tracker = word("open", "Backlog").Draw(t, "tracker")
	case 10:
		a.Refs = rapid.SliceOfN(text(), 0, 2).Draw(t, "refs")
	case 11:
		a.Ticket = word("OPS-1").Draw(t, "ticket")
	}
}

// drawSettings varies whatever a team may configure.
func drawSettings(t *rapid.T) mapping.Settings {
	s := settings()
	s.Today = ticket.Day(rapid.SampledFrom([]string{"2026-03-04", "2030-01-01"}).Draw(t, "today"))
	s.Zone = rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("X", 9*3600)}).Draw(t, "zone")
	s.FileSince = ticket.Day(rapid.SampledFrom([]string{"", "2025-01-01"}).Draw(t, "since"))
	s.DocumentURL = rapid.SampledFrom([]string{"", "https://x/{path}"}).Draw(t, "url")
	s.DefaultTracker = rapid.SampledFrom([]string{"backlog", "open"}).Draw(t, "default")
	if rapid.Bool().Draw(t, "strangers") {
		s.People, s.Teams = nil, []mapping.Team{{Name: "ops", Label: "team ops"}, {Name: "ana"}}
	}
	if rapid.Bool().Draw(t, "routes") {
		s.Routes = []mapping.Route{{Severity: "sev1", Tracker: "open"}, {Path: "pers/**", Service: "checkout", Tracker: "backlog"}}
	}
	if rapid.Bool().Draw(t, "shape") {
		s.Shape.Title = "[{{.Document}}/{{.ID}}] {{.Text}}"
		s.Shape.ParentTitle = "{{upper .Title}}"
		s.Shape.TitleLength = rapid.IntRange(20, 200).Draw(t, "length")
		s.Shape.Body = "{{.Event.Facts}} {{.Event.Team}} {{.Kind}} {{.Category}} {{.Text}} {{range .Addresses}}{{.Text}}{{end}} {{.Details}} {{.Owners}} {{.Due}} {{.Repeats}} {{.Refs}}"
		s.Shape.Labels = []string{"p q", "{{.Kind}} {{.EventKind}}", "{{.Severity}},{{.Service}}", "{{.Team}}"}
		s.Shape.Severities = []mapping.Severity{{Name: "bad", Words: []string{"sev1"}}, {Name: "fine", Words: []string{"sev2", "none"}}}
		s.Shape.Priorities = []mapping.PriorityRow{{Severity: "bad", Parent: "highest", Story: "high", Defect: "none"}}
		s.Shape.DueDays = []mapping.DueRow{{Severity: mapping.OtherSeverity, Parent: 3, Story: 2, Defect: 1}}
		s.Shape.DueAtLeast = rapid.IntRange(0, 30).Draw(t, "at least")
		s.Routes = nil
	}
	return s
}
