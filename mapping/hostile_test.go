package mapping_test

import (
	"strings"
	"testing"

	"percolate/per"
	"percolate/ticket"
)

// What is longer than any title is not looked into: on such texts the Markdown parser
// takes hours, and the test would not end.
func TestAHugeTextOfAnActionIsMapped(t *testing.T) {
	r := newRules(t, settings())
	for _, part := range []string{"[a](", "[", "*a ", "`a``", "<a b='", "![", "&a"} {
		text := "Do it " + strings.Repeat(part, (1<<20)/len(part))
		tree, _ := r.Map(&per.Document{ID: per.Text{Value: "P1"}, Actions: []per.Action{{ID: "A1", Text: text, Certain: true}}})
		if title := tree.Children[0].Fields.Title; !strings.HasPrefix(title, "Do it ") || len(title) > 120 {
			t.Errorf("the title of %q is %q", part, title)
		}
	}
}

// Documents are data to templates: nothing in them is carried out, wherever it stands.
func TestTemplatesInDocumentsAreText(t *testing.T) {
	const code = `{{.Document}} {{printf "%d" 7}} {{template "x"}} {{`
	text := func() per.Text { return per.Text{Value: code, Line: 1} }
	d := &per.Document{
		ID: per.Text{Value: "P1"}, Title: text(), Service: text(), Team: text(), Severity: text(), Owner: text(), Summary: text(),
		Deltas: []per.Observation{{ID: "D1", Text: code}},
		Actions: []per.Action{{
			ID: "A1", Text: code, Details: code, Category: code, Owners: []string{code}, Addresses: []string{"D1"}, Refs: []string{code}, Certain: true,
		}},
	}
	s := settings()
	s.Shape.Labels = []string{"{{.Service}}"}
	tree, _ := newRules(t, s).Map(d)
	for _, w := range append([]ticket.Wanted{tree.Parent}, tree.Children...) {
		if !strings.Contains(w.Fields.Title, code) || !strings.Contains(w.Fields.Body, code) {
			t.Errorf("the title is %q and the body\n%s", w.Fields.Title, w.Fields.Body)
		}
		if want := strings.ToLower(strings.ReplaceAll(code, " ", "-")); len(w.Fields.Labels) != 1 || w.Fields.Labels[0] != want {
			t.Errorf("the labels are %q, want %q", w.Fields.Labels, want)
		}
	}
}
