package per_test

import (
	"strings"
	"testing"
	"time"

	"percolate/per"
)

func TestTemplateReadsWithoutProblemsAndHasNoActions(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{"Checkout was slow", `It said: "no", #1 [x] -- {{.}} <!-- why`, "yes", "'", "two\nlines --> \t", "Überfällig: 50 %"} {
		for _, kind := range []per.Kind{"", per.Outage, per.Degradation, per.NearMiss, per.Maintenance, per.Security} {
			for _, light := range []bool{false, true} {
				in := per.TemplateInput{
					ID: "PER-2026-005", Title: title, Kind: kind, Light: light, Zone: berlin,
					Day: time.Date(2026, 6, 1, 0, 0, 0, 0, berlin), Service: "checkout", Team: "payments: all", Owner: "mia",
				}
				src := per.Template(in)
				d, problems := per.Parse("2026-005.md", []byte(src))
				for _, p := range per.Accept(d, append(problems, per.Check(d, per.CheckRules{})...), nil) {
					t.Errorf("%q %q: line %d: %s: %s", title, kind, p.Line, p.Level, p.Message)
				}
				if want := strings.Join(strings.Fields(title), " "); d.Title.Value != want {
					t.Errorf("title %q, want %q", d.Title.Value, want)
				}
				if d.Status != per.Draft || d.Kind != kind || d.ID.Value != in.ID || d.Day.Value != "2026-06-01" || d.Team.Value != in.Team {
					t.Errorf("%+v", d)
				}
				if len(d.Actions)+len(d.Deltas)+len(d.Pluses)+len(d.Timeline) > 0 || d.Summary.Value != "" {
					t.Errorf("%q %q: the template says something by itself: %+v", title, kind, d)
				}
			}
		}
	}
}

func TestTemplateNeedsNothingButATitle(t *testing.T) {
	for _, light := range []bool{false, true} {
		d, problems := per.Parse("2026-006.md", []byte(per.Template(per.TemplateInput{Title: "T", Light: light})))
		if len(problems) > 0 || d.Status != per.Draft {
			t.Errorf("%+v, %+v", d.Status, problems)
		}
	}
}

func TestTemplateFilledInReadsAsItsGuidanceSays(t *testing.T) {
	src := per.Template(per.TemplateInput{ID: "PER-2026-007", Title: "T", Kind: per.Outage})
	src = strings.NewReplacer("<!--", "", "-->", "").Replace(src)
	d, _ := per.Parse("a.md", []byte(src))
	ids := ""
	for _, a := range d.Actions {
		ids += a.ID + " " + string(a.Kind) + " " + strings.Join(a.Addresses, "") + a.Repeats + ";"
	}
	if want := "A1 defect D1;A2  P1;A3  PER-2005-001/A2;"; ids != want {
		t.Errorf("the actions that the guidance shows read as %q, want %q", ids, want)
	}
}
