package per

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// Reader reads documents. The zero value takes times without a zone to be UTC.
type Reader struct {
	Zone *time.Location // of times that state none; nil is UTC
}

// Parse reads a document whose times without a zone are UTC. See Reader.Parse.
func Parse(name string, src []byte) (*Document, []Problem) {
	return Reader{}.Parse(name, src)
}

// Parse reads src. Its form follows from name: .yaml and .yml are YAML, .html and
// .htm are HTML, anything else is Markdown. It always returns a document; what could
// not be understood is told in the problems, in the order of their lines.
func (r Reader) Parse(name string, src []byte) (*Document, []Problem) {
	g := read(name, src, r.Zone)
	return g.doc, sorted(g.problems)
}

func read(name string, src []byte, zone *time.Location) *reading {
	if zone == nil {
		zone = time.UTC
	}
	g := &reading{doc: &Document{Path: name, Status: Agreed}, zone: zone}
	g.read(src)
	g.finish()
	return g
}

// reading is the work on one document.
type reading struct {
	doc      *Document
	problems []Problem
	zone     *time.Location
	own      bool              // the document is in percolate's own form
	refs     map[string]string // link definitions of the document
	marks    []mark            // of an earlier WriteBack
	years    int               // the year that days without one are in
	people   []string          // whom the document names as such, folded
	body     string            // the document without its front matter
	words    map[string]bool   // that the body writes in lower case; nil until somebody asks
}

func (g *reading) read(src []byte) {
	text, problem := clean(src)
	if problem != nil {
		g.report(problem.Level, problem.Line, problem.Code, "%s", problem.Message)
		return
	}
	form := format(g.doc.Path)
	text, g.marks = stripMarks(text, form == "markdown")
	switch form {
	case "yaml":
		g.readYAML(text)
	case "html":
		g.readHTML(text)
	default:
		g.readMarkdown(text)
	}
}

// finish fills in what follows from the rest.
func (g *reading) finish() {
	d := g.doc
	if d.ID.Value == "" {
		d.ID = Text{Value: baseName(d.Path)}
	}
	if d.Day.Value == "" {
		d.Day = g.day()
	}
	if len(g.marks) > 0 || len(d.Accepted) > 0 {
		at := d.placed()
		g.takeMarks(at)
		g.placeAcceptances(at)
	}
}

// report notes a problem of the document.
func (g *reading) report(level Level, line int, code, format string, args ...any) {
	g.problems = append(g.problems, Problem{
		Path: g.doc.Path, Line: line, Level: level, Code: code, Message: fmt.Sprintf(format, args...),
	})
}

// puzzled notes something in a recognised place that was not understood.
func (g *reading) puzzled(line int, format string, args ...any) {
	g.report(Warning, line, "not-understood", format, args...)
}

// extensions are the ends of file names that say how a document is written, and so
// are no part of its name. Those of templates may follow them.
var (
	extensions         = [...]string{".md", ".markdown", ".qmd", ".html", ".htm", ".yaml", ".yml", ".txt"}
	templateExtensions = [...]string{".erb", ".hbs"}
)

// HasDocumentName reports whether a file's name says that it may hold a document. A
// text file may as well, but is seldom one, so that it has to be named by a person.
func HasDocumentName(name string) bool {
	name = strings.ToLower(name)
	for _, ext := range templateExtensions {
		name = strings.TrimSuffix(name, ext)
	}
	ext := path.Ext(name)
	return ext != ".txt" && slices.Contains(extensions[:], ext)
}

// format is how a document is written, by the last extension that is no template's.
func format(name string) string {
	for {
		ext := strings.ToLower(path.Ext(name))
		switch ext {
		case ".erb", ".hbs":
			name = name[:len(name)-len(ext)]
			continue
		case ".yaml", ".yml":
			return "yaml"
		case ".html", ".htm":
			return "html"
		}
		return "markdown"
	}
}

// baseName is the file's name without folders and extensions. Only extensions of
// documents count: a name may well end in "-v1.2.3".
func baseName(name string) string {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	for cut := true; cut; {
		cut = false
		for _, ext := range slices.Concat(extensions[:], templateExtensions[:]) {
			if len(base) > len(ext) && strings.EqualFold(base[len(base)-len(ext):], ext) {
				base, cut = base[:len(base)-len(ext)], true
			}
		}
	}
	return base
}
