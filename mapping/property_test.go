package mapping_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
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
