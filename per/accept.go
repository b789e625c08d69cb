package per

import (
	"fmt"
	"regexp"
	"slices"
)

// Acceptance is the author's word that a finding is known and all right, with the
// reason. It stands in the front matter,
//
//	accept:
//	  - {code: no-owner, where: A3, reason: the vendor does it}
//
// or in a comment on the line that it speaks of, or on a line of its own above that:
//
//   - [ ] A3 Renew the contract <!-- percolate: accept no-owner: the vendor does it -->
type Acceptance struct {
	Code   string
	Where  string // the id of an action, plus or delta; "" for anything in the document, or on Lines
	Reason string // "" when none is given, which accepts nothing
	Line   int    // of the acceptance itself
	Lines  []int  // those that a comment speaks of
}

// maxAccepted is how many acceptances of a document are read; no author writes more.
const maxAccepted = 200

// Accept drops the problems that the document accepts, and tells of acceptances that
// give no reason or meet nothing. Errors are never accepted: they keep the document
// from being acted on, and must be mended. Off lists codes that are not told anyway.
func Accept(d *Document, problems []Problem, off []string) []Problem {
	reach := make([]reach, len(d.Accepted))
	for i, a := range d.Accepted {
		reach[i] = a.reach(d)
	}
	met := make([]bool, len(d.Accepted))
	kept := slices.DeleteFunc(slices.Clone(problems), func(p Problem) bool {
		accepted := false
		for i, a := range d.Accepted {
			if a.Reason != "" && p.Level != Error && reach[i].covers(p) {
				met[i], accepted = true, true
			}
		}
		return accepted
	})
	for i, a := range d.Accepted {
		if !met[i] && !slices.Contains(off, a.Code) {
			kept = append(kept, a.problem(d, reach[i], problems))
		}
	}
	return sorted(slices.DeleteFunc(kept, func(p Problem) bool { return p.Level != Error && slices.Contains(off, p.Code) }))
}

// Accepts reports whether the document accepts a problem, with a reason.
func (d *Document) Accepts(p Problem) bool {
	return p.Level != Error && slices.ContainsFunc(d.Accepted, func(a Acceptance) bool {
		return a.Reason != "" && a.reach(d).covers(p)
	})
}

// reach is what an acceptance can accept.
type reach struct {
	code  string
	all   bool // of the document
	lines []int
}

func (a Acceptance) reach(d *Document) reach {
	if a.Where != "" {
		return reach{code: a.Code, lines: d.linesOf(a.Where)}
	}
	return reach{code: a.Code, all: a.Lines == nil, lines: a.Lines}
}

func (r reach) covers(p Problem) bool {
	return r.code == p.Code && (r.all || slices.Contains(r.lines, p.Line))
}

// linesOf are the lines on which problems of an action, plus or delta are told.
func (d *Document) linesOf(id string) []int {
	var lines []int
	for _, a := range d.Actions {
		if a.ID == id {
			lines = append(lines, a.Line)
			if a.Due.Line > 0 {
				lines = append(lines, a.Due.Line)
			}
		}
	}
	for _, o := range slices.Concat(d.Deltas, d.Pluses, d.Luck) {
		if o.ID == id {
			lines = append(lines, o.Line)
		}
	}
	return lines
}

// problem says why an acceptance accepted nothing.
func (a Acceptance) problem(d *Document, r reach, problems []Problem) Problem {
	p := Problem{Path: d.Path, Line: a.Line, Level: Warning, Code: "accept-unused"}
	known := slices.ContainsFunc(Codes(), func(c Code) bool { return c.Name == a.Code })
	near := suggestion(a.Code, codeNames()) // others may know more codes than we do
	isError := slices.ContainsFunc(problems, func(p Problem) bool { return p.Level == Error && r.covers(p) })
	switch {
	case a.Reason == "":
		p.Code = "accept-without-reason"
		p.Message = fmt.Sprintf("%s is accepted without a reason; write one behind it", a.Code)
	case isError:
		p.Message = fmt.Sprintf("%s is an error, which cannot be accepted; mend it", a.Code)
	case !known && near != "":
		p.Message = fmt.Sprintf("no problem is called %s%s", a.Code, near)
	case a.Where != "" && len(r.lines) == 0:
		p.Message = fmt.Sprintf("%s is accepted of %s, which is no action, plus or delta here", a.Code, a.Where)
	default:
		p.Message = fmt.Sprintf("%s is accepted and is not found%s; take the acceptance out", a.Code, a.place())
	}
	return p
}

func (a Acceptance) place() string {
	switch {
	case a.Where != "":
		return " at " + a.Where
	case a.Lines != nil:
		return " on this line"
	}
	return ""
}

func codeNames() []string {
	var names []string
	for _, c := range Codes() {
		names = append(names, c.Name)
	}
	return names
}

var acceptNote = regexp.MustCompile(`(?s)^<!--\s*percolate:\s*accept\s+([a-z-]+)\s*(?::(.*?))?\s*-->$`)

// note keeps a comment that speaks to percolate of some lines.
func (g *reading) note(comment string, lines ...int) {
	if f := acceptNote.FindStringSubmatch(comment); f != nil && len(g.doc.Accepted) < maxAccepted {
		g.doc.Accepted = append(g.doc.Accepted, Acceptance{Code: f[1], Reason: oneLine(f[2]), Line: lines[0], Lines: lines})
	}
}

// placeAcceptances makes a comment on any line of an action speak of the action.
func (g *reading) placeAcceptances(at placed) {
	for i := range g.doc.Accepted {
		a := &g.doc.Accepted[i]
		for _, line := range a.Lines {
			if action := at[line]; action != nil {
				a.Lines = append(a.Lines, action.Line)
			}
		}
	}
}

// readAccept reads the key of front matter.
func (g *reading) readAccept(f field) {
	list := f.value.list
	if f.value.kind == mapping {
		list = []value{f.value}
	}
	if len(list) == 0 {
		g.mistake(f.value.line, "wrong-type", "%s should be a list of code, where and reason, it is %s", f.name, f.value.kind)
	}
	for _, v := range list {
		a := Acceptance{Line: v.line}
		ok := g.entry(v, "an acceptance", map[string]func(field){
			"code": g.into(&a.Code), "where": g.into(&a.Where), "reason": g.into(&a.Reason),
		})
		switch {
		case ok && a.Code == "":
			g.mistake(v.line, "wrong-type", "an acceptance needs the code of what is accepted")
		case ok && len(g.doc.Accepted) < maxAccepted:
			g.doc.Accepted = append(g.doc.Accepted, a)
		}
	}
}
