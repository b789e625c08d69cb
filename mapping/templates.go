package mapping

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
	"text/template"
)

var (
	//go:embed templates/child.md.tmpl
	childBody string
	//go:embed templates/parent.md.tmpl
	parentBody string
)

// templates turn views into text. A document's text is only ever data to them, so a
// "{{" in it stays as it is.
type templates struct {
	title, parentTitle, body, parentBody *template.Template
	labels                               []*template.Template
}

func newTemplates(s Shape, wrong *faults) templates {
	if s.TitleLength < minTitle {
		wrong.add("mapping.title_length", "%d is less than %d", s.TitleLength, minTitle)
	}
	t := templates{
		title:       parseTemplate("mapping.title", s.Title, wrong, titleView{}, titleView{"d", "i", "t"}),
		parentTitle: parseTemplate("mapping.parent_title", s.ParentTitle, wrong, parentTitleView{}, parentTitleView{"d", "t"}),
		body:        parseTemplate("mapping.body", orElse(s.Body, childBody), wrong, bodyView{}, sampleBody()),
		parentBody:  parseTemplate("mapping.parent_body", orElse(s.ParentBody, parentBody), wrong, parentBodyView{}, sampleParentBody()),
	}
	for i, l := range s.Labels {
		at := fmt.Sprintf("mapping.labels[%d]", i)
		t.labels = append(t.labels, parseTemplate(at, l, wrong, labelView{}, labelView{"k", "e", "s", "s", "t"}))
	}
	return t
}

// minTitle leaves room for a word and the ellipsis.
const minTitle = 20

// parseTemplate also runs the template over samples, the emptiest and the fullest
// data there can be, because a wrong name or index shows only then.
func parseTemplate(setting, text string, wrong *faults, samples ...any) *template.Template {
	t, err := template.New(setting).Funcs(functions()).Parse(text)
	if err != nil {
		wrong.add(setting, "%w", shortTemplateError(err))
		return nil
	}
	for _, sample := range samples {
		if err := t.Execute(io.Discard, sample); err != nil {
			wrong.add(setting, "%w", shortTemplateError(err))
			return nil
		}
	}
	return t
}

// shortTemplateError drops the prefix that repeats what the fault says already.
func shortTemplateError(err error) error {
	return fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "template: "))
}

// functions are what a template may call beside the built-in ones.
func functions() template.FuncMap {
	return template.FuncMap{
		"quote": quote,     // as a block quote, so that nothing in it reaches what follows
		"join":  join,      // {{join .Owners ", "}}
		"plain": plainText, // without Markdown, on one line
		"lower": strings.ToLower,
		"upper": strings.ToUpper,
	}
}

func quote(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight("> "+l, " \t\r")
	}
	return strings.Join(lines, "\n")
}

// join joins what is not empty.
func join(list []string, separator string) string {
	var stated []string
	for _, s := range list {
		if s != "" {
			stated = append(stated, s)
		}
	}
	return strings.Join(stated, separator)
}

func orElse(s, otherwise string) string {
	if strings.TrimSpace(s) == "" {
		return otherwise
	}
	return s
}

func run(t *template.Template, view any) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, view); err != nil {
		return "", err
	}
	return strings.TrimSpace(b.String()), nil
}

func sampleBody() bodyView {
	return bodyView{
		Event: sampleEvent(),
		ID:    "A1", Kind: "defect", Text: "text", Details: "details", Category: "category",
		Addresses: []addressed{{"delta", "D1", "text"}},
		Owners:    []string{"ana"}, Due: "2026-01-31", Repeats: "PER-1/A1", Refs: []string{"ref"},
	}
}

func sampleParentBody() parentBodyView {
	return parentBodyView{Event: sampleEvent(), Summary: "summary", Owner: "ana", Facts: []fact{{"name", "value"}}}
}

func sampleEvent() event {
	return event{
		ID: "PER-1", Title: "title", Day: "2026-01-31", Severity: "SEV1", Kind: "outage",
		Service: "service", Team: "team", Link: "path",
	}
}
