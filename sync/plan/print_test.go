package plan_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"percolate/sync/plan"
	"percolate/ticket"
)

// printed is a plan with something of everything.
func printed() plan.Plan {
	step := func(op plan.Op, id string, s plan.Step) plan.Step {
		s.Op, s.Tracker, s.Link.Key, s.Link.Tracker = op, "ops", ticket.ParseKey(id), "ops"
		return s
	}
	return plan.Plan{
		Documents: []plan.Document{
			{ID: "PER-2026-007", Path: "pers/7.md", Title: "Search index fell behind after the upgrade", Summary: "SEV3 degradation", Tracker: "ops"},
			{ID: "PER-2026-008", Path: "pers/8.md", Title: "Nothing of note", Summary: "maintenance", Tracker: "ops"},
		},
		Steps: []plan.Step{
			step(plan.Create, "PER-2026-007", plan.Step{
				Reason: "parent", Wanted: ticket.Wanted{Fields: ticket.Fields{Kind: ticket.KindParent, Title: "PER-2026-007: Search index fell behind"}},
			}),
			step(plan.Create, "PER-2026-007/A1", plan.Step{
				Reason: "direct contributor", Wanted: ticket.Wanted{Fields: ticket.Fields{Kind: ticket.KindDefect, Title: "Alert on index lag", Assignees: []string{"raj", "mia"}, Due: "2026-04-02"}},
			}),
			step(plan.Adopt, "PER-2026-007/~8d02a7f01c", plan.Step{
				Reason: "the document names it", Link: ticket.Link{Name: "OPS-700"}, Wanted: ticket.Wanted{Fields: ticket.Fields{Title: "Upgrade the index"}},
			}),
			step(plan.Update, "PER-2026-007/A2", plan.Step{
				Reason: "document changed, nobody touched the ticket", Link: ticket.Link{Name: "OPS-812"},
				Changes: []plan.Change{
					{Field: ticket.FieldTitle, From: "Document the rebuild", To: "Rehearse the rebuild"},
					{Field: ticket.FieldBody, From: "sum", To: "sum"}, {Field: ticket.FieldDue, To: "2026-04-10"},
				},
			}),
			step(plan.Repeat, "PER-2026-007/A3", plan.Step{
				Reason: "repeats PER-2026-002/A4 (OPS-640), which is not finished", Of: ticket.ParseKey("PER-2026-002/A4"), Link: ticket.Link{Name: "OPS-640"},
				Changes: []plan.Change{{Field: ticket.FieldPriority, From: "medium", To: "high"}},
			}),
			step(plan.Retire, "PER-2026-007/A5", plan.Step{Reason: "no longer in the document", Link: ticket.Link{Name: "OPS-815"}}),
		},
		Notes: []plan.Note{
			{Key: ticket.ParseKey("PER-2026-007/A6"), Word: "done", Text: "already done when first seen, not filed"},
			{Key: ticket.ParseKey("PER-2026-008"), Word: "held", Text: "draft; not filed"},
			{Key: ticket.ParseKey("PER-2026-008/A1"), Word: "held", Text: "draft; not filed"},
			{Key: ticket.ParseKey("PER-2026-008/A2"), Word: "held", Text: "draft; not filed"},
		},
		Findings: []ticket.Finding{{
			Kind: ticket.FindConflict, Key: ticket.ParseKey("PER-2026-007/A4"), Name: "OPS-813", Field: ticket.FieldDue,
			Text: "due: now 2026-05-01 in the tracker, the document now says 2026-04-10",
			Mend: "percolate resolve PER-2026-007/A4 due --keep tracker|document", Place: ticket.Place{Path: "pers/7.md", Line: 31},
		}},
		Costs: []plan.Cost{{Tracker: "ops", Writes: 5, Reads: 1}},
	}
}

func wantText(t *testing.T, got, want string) {
	t.Helper()
	if want = strings.TrimPrefix(want, "\n"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestAPlanPrintsALineAThingBelowItsDocument(t *testing.T) {
	wantText(t, plan.Style{}.Text(printed().Sections(false)), `
PER-2026-007  Search index fell behind after the upgrade  SEV3 degradation
  + parent       PER-2026-007: Search index fell behind  -                    parent
  + defect   A1  Alert on index lag                      raj  due 2026-04-02  direct contributor
  + adopt        Upgrade the index                       -                    OPS-700
                   the document names it
  ~ update   A2  OPS-812  title, body, due: document changed, nobody touched the ticket
                   title: "Document the rebuild" -> "Rehearse the rebuild"
                   body: our block is written again
                   due: (none) -> 2026-04-10
  ^ repeat   A3  repeats PER-2026-002/A4 (OPS-640), which is not finished
                   priority: medium -> high
  - retire   A5  OPS-815  no longer in the document
  = done     A6  already done when first seen, not filed
`)
}

func TestDocumentsWithoutAStepAreShownWhenAllAreAskedFor(t *testing.T) {
	p := printed()
	p.Steps = p.Steps[:1]
	wantText(t, plan.Style{}.Text(p.Sections(true)), `
PER-2026-007  Search index fell behind after the upgrade  SEV3 degradation
  + parent       PER-2026-007: Search index fell behind  -  parent
  = done     A6  already done when first seen, not filed

PER-2026-008  Nothing of note  maintenance
  = held     A1 A2  draft; not filed
`)
}

// Titles give way first, then the names of tickets; texts are broken.
func TestAPlanKeepsToTheWidthOfTheTerminal(t *testing.T) {
	p := printed()
	p.Steps = p.Steps[:4]
	wantText(t, plan.Style{Width: 60}.Text(p.Sections(false)), `
PER-2026-007  Search index fell behind af...  SEV3 degradation
  + parent       PER-2026-007: Search index...   -
  + defect   A1  Alert on index lag              raj  due 2026-04-02
  + adopt        Upgrade the index               -
                   the document names it
  ~ update   A2  OPS-812  title, body, due: document
                 changed, nobody touched the ticket
                   title: "Document the rebuild" ->
                   "Rehearse the rebuild"
                   body: our block is written again
                   due: (none) -> 2026-04-10
  = done     A6  already done when first seen, not filed
`)
}

func TestNamesStayWhereThereIsRoomForThem(t *testing.T) {
	p := printed()
	p.Steps = p.Steps[:2]
	got := plan.Style{Width: 90}.Text(p.Sections(false))
	if !strings.Contains(got, "direct contributor") {
		t.Errorf("the reason was left out:\n%s", got)
	}
	for line := range strings.Lines(got) {
		if n := utf8.RuneCountInString(line) - 1; n > 90 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestColumnsGoByTheWidthThatTheTerminalGivesLetters(t *testing.T) {
	wide := func(s string) int { return len([]rune(s)) + strings.Count(s, "\u65e5") }
	lines := []plan.Line{
		{Mark: "+", Word: "story", Text: "\u65e5\u65e5", Owner: "ana"},
		{Mark: "+", Word: "story", Text: "abcd", Owner: "raj"},
	}
	wantText(t, plan.Style{Measure: wide}.Lines(lines), "  + story    \u65e5\u65e5  ana\n  + story    abcd  raj\n")
}

func TestAFindingTellsItsPlaceAndItsMend(t *testing.T) {
	wantText(t, plan.Style{}.Lines([]plan.Line{plan.FindingLine(printed().Findings[0])}), `
  ? conflict  PER-2026-007/A4  due: now 2026-05-01 in the tracker, the document now says 2026-04-10
                pers/7.md:31
                percolate resolve PER-2026-007/A4 due --keep tracker|document
`)
	anonymous := plan.FindingLine(ticket.Finding{Kind: ticket.FindGone, Key: ticket.ParseKey("P/~8d02a7f01c"), Text: "it is gone"})
	if anonymous.Text != "P  it is gone" {
		t.Errorf("a fingerprint means nothing to people: %q", anonymous.Text)
	}
	of := plan.FindingLine(ticket.Finding{Kind: ticket.FindUnread, Name: "ops", Text: "not read"})
	if of.Text != "ops  not read" {
		t.Errorf("a tracker's finding: %q", of.Text)
	}
}

func TestTotalsCountWhatIsToBeDoneAndWhatItCosts(t *testing.T) {
	p := printed()
	want := "To do: file 1 parent and 1 defect, take over 1, update 1, tell 1 of a repeat, tell 1 that the action is gone. Cost: 5 writes, 1 read on ops."
	if got := p.Totals(); got != want {
		t.Errorf("got %q", got)
	}
	want = "filed 1 parent and 1 defect, took over 1, updated 1, told 1 of a repeat, told 1 that the action is gone"
	var tally plan.Tally
	for i := range p.Steps {
		tally.Add(&p.Steps[i])
	}
	if got := tally.Text(plan.Past); got != want {
		t.Errorf("got %q", got)
	}
	if got := (plan.Plan{Costs: p.Costs}).Totals(); got != "" {
		t.Errorf("nothing to do is told as %q", got)
	}
}

func TestThePaintIsPutOnWhatIsHarmlessAlready(t *testing.T) {
	p := printed()
	p.Documents[0].Title = "red \x1b[31m alert\u202e\u009b0m \xff"
	p.Steps = []plan.Step{p.Steps[1]}
	p.Steps[0].Wanted.Fields.Title = "one\ntwo\x07\u2066"
	paint := func(mark, text string) string { return "<" + mark + text + ">" }
	wantText(t, plan.Style{Paint: paint}.Text(p.Sections(false)), "<#PER-2026-007  red  [31m alert 0m \ufffd><  SEV3 degradation>\n"+
		"  <++ defect >  A1  one two  raj  due 2026-04-02  <direct contributor>\n"+
		"  <== done   >  A6  already done when first seen, not filed\n")
}

func TestMarkdownHoldsNoMarkupOfTheDocuments(t *testing.T) {
	p := printed()
	p.Documents, p.Notes = p.Documents[:1], nil
	p.Steps = []plan.Step{p.Steps[1]}
	p.Steps[0].Wanted.Fields.Title = "<b>*Ask* [@raj](x) | `now` &#64;ann</b>"
	wantText(t, p.Markdown(), `
### PER-2026-007: Search index fell behind after the upgrade (SEV3 degradation)

- **defect** A1 &lt;b&gt;\*Ask\* \[@`+"\u200b"+`raj\](x) \| \`+"`now\\`"+` \&\#64;ann&lt;/b&gt;, raj, due 2026-04-02, direct contributor

### Findings

- **conflict** PER-2026-007/A4  due: now 2026-05-01 in the tracker, the document now says 2026-04-10
  - pers/7.md:31
  - percolate resolve PER-2026-007/A4 due --keep tracker\|document

To do: file 1 defect. Cost: 5 writes, 1 read on ops.
`)
}

func TestToolsGetListsThatAreNeverNull(t *testing.T) {
	b, err := json.Marshal(plan.Plan{}.View())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"documents":[],"steps":[],"notes":[],"findings":[],"costs":[],"tracked":0,"held":null}`
	if string(b) != want {
		t.Errorf("got %s", b)
	}
	v := printed().View()
	if s := v.Steps[1]; s.Key != "PER-2026-007/A1" || *s.Owner != "raj" || *s.Due != "2026-04-02" || s.Ticket != nil || s.Of != nil {
		t.Errorf("a creation: %+v", s)
	}
	if s := v.Steps[4]; *s.Of != "PER-2026-002/A4" || *s.Ticket != "OPS-640" || len(s.Changes) != 1 {
		t.Errorf("a repeat: %+v", s)
	}
	held := plan.Plan{Held: &plan.Held{Creations: 9, CreationLimit: 5}}.View()
	if held.Held == nil || *held.Held != "9 tickets to file (usual: up to 5)" {
		t.Errorf("held: %v", held.Held)
	}
}
