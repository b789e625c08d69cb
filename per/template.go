package per

import (
	_ "embed" // the templates
	"strings"
	"text/template"
	"time"
)

// TemplateInput is what a new document begins with. Everything but ID and Title may
// be left out.
type TemplateInput struct {
	ID, Title            string
	Kind                 Kind
	Day                  time.Time      // of the event; zero leaves the times open
	Zone                 *time.Location // of the team
	Service, Team, Owner string
	Light                bool // a short form, for events that need little
}

//go:embed templates/full.md
var fullTemplate string

//go:embed templates/light.md
var lightTemplate string

// Template makes a new document, a draft that explains itself: what belongs where,
// and why. It reads without problems and has no actions until someone writes them.
func Template(in TemplateInput) string {
	text := fullTemplate
	if in.Light {
		text = lightTemplate
	}
	t := template.Must(template.New("per").Funcs(template.FuncMap{"quoted": quoted}).Parse(text))
	data := struct {
		TemplateInput
		DayText, ZoneName string
		Affects           bool
	}{TemplateInput: in, Affects: in.Kind != NearMiss && in.Kind != Maintenance}
	data.Title = oneLine(in.Title)
	if !in.Day.IsZero() {
		data.DayText = in.Day.Format(time.DateOnly)
	}
	if in.Zone != nil && in.Zone != time.Local {
		data.ZoneName = in.Zone.String()
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		panic(err) // the templates are ours, and tested
	}
	return b.String()
}

// quoted writes a text as a YAML value that reads back the same.
func quoted(s string) string {
	s = oneLine(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s))
	if plainYAML(s) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// plainYAML reports whether a text needs no quotes: letters first, and nothing in it
// that YAML takes for itself.
func plainYAML(s string) bool {
	if s == "" || !isLetter(s[0]) || strings.ContainsAny(s, ":#\"'\\{}[]&*!|>%@`,") {
		return false
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "null", "on", "off", "y", "n":
		return false
	}
	return true
}
