package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"percolate/per"
	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
)

// outcome is what a sync did.
type outcome struct {
	*library
	persync.Result
	planned plan.Plan
	took    time.Duration
	shown   *plan.Plan // what a person has seen already, nil for nothing
	cutOff  bool       // it ended before all was done

	text  strings.Builder // the steps that were done, for people; told at once where no bar shows how far it is
	told  map[string]bool // the paths of their documents
	tally plan.Tally
	well  int // how many were done without error
}

// tell takes in what was done to a portion of the documents. Of the steps that were shown
// before only those that failed are told again.
func (r *outcome) tell(p *program, done persync.Result) {
	lines := map[string][]plan.Line{}
	for _, d := range done.Done {
		l := d.Step.Line(d.Name)
		if d.Err == nil {
			r.well++
			r.tally.Add(d.Step)
			if r.shown != nil && r.seen(d.Step) {
				continue
			}
		} else {
			l.Mark, l.Word, l.Name, l.More = "!", "failed", d.Name, nil
		}
		id := d.Step.Link.Key.Document
		lines[id] = append(lines[id], l)
	}
	done.Plan.Steps = nil // what became of them is told instead
	for _, s := range r.shownPlan(done.Plan).Arrange(lines, false) {
		if r.told == nil {
			r.told = map[string]bool{}
		} else {
			r.text.WriteByte('\n')
		}
		r.told[s.Document.Path] = true
		r.text.WriteString(p.out.style().Text([]plan.Section{s}))
	}
	if !p.out.terminal {
		p.out.printed(r.text.String())
		r.text.Reset()
	}
}

// seen reports whether a person has seen the step before it was done.
func (r *outcome) seen(s *plan.Step) bool {
	return slices.ContainsFunc(r.shown.Steps, func(t plan.Step) bool { return t.Op == s.Op && t.Link.Key == s.Link.Key })
}

// news are the findings that a person has not seen yet.
func (r *outcome) news() []ticket.Finding {
	return slices.DeleteFunc(slices.Clone(r.Findings), func(f ticket.Finding) bool {
		return r.shown != nil && slices.ContainsFunc(r.shown.Findings, func(g ticket.Finding) bool { return g.Kind == f.Kind && g.Key == f.Key && g.Text == f.Text })
	})
}

// showOutcome tells what was done, then what a person should look at.
func (p *program) showOutcome(r *outcome) {
	p.out.printed(r.text.String())
	if len(r.told) > 0 {
		p.out.printed("\n")
	}
	switch {
	case r.Plan.Held != nil:
		p.out.sayf("%s: %s\n", p.out.paint("!", "Held back, nothing was done"), r.Plan.Held.Text())
	case r.Steps > 0 && r.well == 0:
		p.out.sayf("%s\n", p.out.paint("!", "Nothing could be done."))
	case r.Steps > 0:
		p.out.sayf("%s in %s.\n", p.out.paint("#", capital(r.tally.Text(plan.Past))), seconds(r.took))
	case r.Plan.Empty() && len(r.Findings) == 0:
		p.out.sayf("Nothing to do: %s, %s, all as agreed.\n", many(len(r.documents), "document"), many(r.Plan.Tracked, "ticket"))
	default:
		p.out.sayf("Nothing to do: %s, %s.\n", many(len(r.documents), "document"), many(r.Plan.Tracked, "ticket"))
	}
	p.showFindings(r.library, r.news())
	if r.shown == nil {
		p.showRemarks(r.library, r.told)
	}
	p.next(r)
}

// next names the next command, where there is one to type.
func (p *program) next(r *outcome) {
	var text string
	switch {
	case r.cutOff:
		return // the error that follows says what to do
	case r.Plan.Held != nil:
		text = "look at percolate plan, then percolate approve"
	case r.Partly():
		text = "percolate sync once more; nothing is done twice"
	case r.Plan.Tracked == 0 && r.Steps > 0:
		text = "change a document or a ticket, and see what percolate plan makes of it"
	default:
		return
	}
	p.out.sayf("\n%s\n", p.out.paint("", p.out.style().Wrap("Next: "+p.command(text), 0)))
}

// showFindings lists what a person should look at.
func (p *program) showFindings(l *library, findings []ticket.Finding) {
	if len(findings) == 0 {
		return
	}
	p.out.sayf("\n%s\n", p.out.paint("#", many(len(findings), "finding")+", to be settled by a person:"))
	var lines []plan.Line
	for _, f := range findings {
		f.Mend = p.command(f.Mend)
		f.Place.Path = l.shownPath(f.Place.Path)
		lines = append(lines, plan.FindingLine(f))
	}
	p.out.printed(p.out.style().Lines(lines))
}

// showRemarks lists the warnings about the documents that are shown, by path, and counts
// the others.
func (p *program) showRemarks(l *library, shown map[string]bool) {
	const most = 10
	var listed []per.Problem
	more := 0
	for _, d := range l.documents {
		for _, problem := range d.problems {
			switch {
			case problem.Level != per.Warning || d.hold != "":
			case shown[l.shownPath(d.path)] && len(listed) < most:
				listed = append(listed, problem)
			default:
				more++
			}
		}
	}
	if len(listed) > 0 {
		p.out.sayf("\n%s\n", p.out.paint("#", many(len(listed), "warning")+" for the authors of documents:"))
	}
	for _, problem := range listed {
		at := plan.Plain(ticket.Place{Path: l.shownPath(problem.Path), Line: problem.Line}.String())
		p.out.printed("  " + p.out.style().Wrap(at+"  "+plan.Plain(problem.Message), 4) + "\n")
	}
	switch {
	case more > 0 && len(listed) > 0:
		p.out.sayf("  and %d more: %s\n", more, p.command("percolate check"))
	case more > 0:
		p.out.printed("\n" + p.out.style().Wrap(many(more, "warning")+" for the authors of documents: "+p.command("percolate check"), 0) + "\n")
	}
}

// shownPath is a document's path for people.
func (l *library) shownPath(path string) string {
	if path == "" {
		return ""
	}
	return l.config.shown(path)
}

// shownPlan is a plan with the paths as people are shown them.
func (l *library) shownPlan(p plan.Plan) plan.Plan {
	p.Documents = append([]plan.Document(nil), p.Documents...)
	for i := range p.Documents {
		p.Documents[i].Path = l.shownPath(p.Documents[i].Path)
	}
	p.Findings = append([]ticket.Finding(nil), p.Findings...)
	for i := range p.Findings {
		p.Findings[i].Place.Path = l.shownPath(p.Findings[i].Place.Path)
	}
	p.Steps = append([]plan.Step(nil), p.Steps...)
	for i := range p.Steps {
		p.Steps[i].Wanted.Place.Path = l.shownPath(p.Steps[i].Wanted.Place.Path)
	}
	return p
}

// many is a count with its word.
func many(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// seconds is a duration as a person feels it.
func seconds(d time.Duration) string {
	switch {
	case d < 100*time.Millisecond:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}
