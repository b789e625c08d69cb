package report

import (
	"fmt"
	"strings"
)

// page is the whole report. most is how many rows a section shows, 0 for all; how to
// see the rest stands below. Of the open actions either those in no other section are
// listed, or all.
func (r Report) page(most int, all bool) page {
	p := page{r.title(), r.summary()}
	for _, s := range r.sections() {
		if s.name == "" && all {
			s = heading{name: string(Open), head: "ALL OPEN ACTIONS"}
		}
		p = append(p, r.sectionBlock(s, most))
	}
	p = append(p, r.findings(), r.finishedLately(most))
	return append(append(p, r.eventBlocks(most)...), r.figureBlocks()...)
}

func (r Report) title() block {
	head := "Open actions on " + string(r.Today)
	var parts []string
	if f := r.Filter.String(); f != "" {
		parts = append(parts, "only "+f)
	}
	return block{head: head, note: strings.Join(append(parts, r.asOf()), "; "), lines: []string{""}}
}

// asOf tells when the trackers were read: once where all were read at about the same time.
func (r Report) asOf() string {
	var each []string
	same := true
	for _, t := range r.Trackers {
		each = append(each, t.Name+" "+r.ago(t.Read))
		same = same && r.ago(t.Read) == r.ago(r.Trackers[0].Read)
	}
	switch {
	case len(each) == 0:
		return "no tracker is configured"
	case same:
		return "trackers read " + r.ago(r.Trackers[0].Read)
	}
	return "trackers read: " + strings.Join(each, ", ")
}

// String tells the filter as people would say it.
func (f Filter) String() string {
	var parts []string
	for _, p := range []struct {
		what   string
		values []string
	}{{"team", f.Teams}, {"service", f.Services}, {"severity", f.Severities}, {"kind", f.Kinds}, {"state", f.States}} {
		if len(p.values) > 0 {
			parts = append(parts, p.what+" "+strings.Join(p.values, " or "))
		}
	}
	if f.Since != "" {
		parts = append(parts, "events since "+string(f.Since))
	}
	return strings.Join(parts, ", ")
}

// summary is the answer first: how many there are of everything.
func (r Report) summary() block {
	counts := []string{counted(r.Totals.Open, "open")}
	for _, w := range r.words() {
		if n := r.Totals.Of(w); n > 0 || w == string(Overdue) {
			counts = append(counts, counted(n, w))
		}
	}
	w := r.Week
	week := []string{counted(w.New, "new"), counted(w.Done, "done")}
	for _, more := range []struct {
		n    int
		word string
	}{{w.Dropped, "dropped"}, {w.Reopened, "reopened"}, {w.Lost, "gone or retired"}} {
		if more.n > 0 {
			week = append(week, counted(more.n, more.word))
		}
	}
	return block{lines: []string{
		strings.Join(counts, ", ") + ".",
		fmt.Sprintf("A week ago: %d open. Since then: %s.", w.OpenBefore, strings.Join(week, ", ")),
	}}
}

// words are the marks and states that the summary counts.
func (r Report) words() []string {
	var out []string
	for _, m := range Marks() {
		if m != Drifted { // for planners, not for the headline
			out = append(out, string(m))
		}
	}
	for _, s := range States()[1:] {
		if s != Repeat && s != Released {
			out = append(out, string(s))
		}
	}
	return append(out, "findings")
}

// heading is a section by its name, with its headline.
type heading struct{ name, head, note, mark string }

func (r Report) sections() []heading {
	return []heading{
		{name: string(Overdue), head: "OVERDUE", mark: "!"},
		{name: string(DueSoon), head: "DUE SOON", note: fmt.Sprintf("today or within %s", many(r.DueSoonDays, "day"))},
		{name: string(Stalled), head: "STALLED", note: fmt.Sprintf("not moved by a person for %s or more", many(r.StalledDays, "day"))},
		{name: string(Blocked), head: "BLOCKED"},
		{name: string(HitAgain), head: "HIT AGAIN", note: "a later event met the same problem while this was open"},
		{name: string(Unowned), head: "UNOWNED", note: "the document names no owner"},
		{name: string(Unassigned), head: "UNASSIGNED", note: "nobody is assigned in the tracker"},
		{name: string(Reopened), head: "REOPENED", note: "finished before, and open again"},
		{name: string(Gone), head: "GONE", note: "deleted, or not visible to percolate; see the findings"},
		{name: string(Filing), head: "FILING", note: "whether the ticket was filed is not known yet"},
		{name: string(Unread), head: "NOT READ YET"},
		{head: "OTHER OPEN ACTIONS"},
		{name: string(Retired), head: "RETIRED", note: "their documents do not ask for them any more"},
	}
}

func (r Report) sectionBlock(h heading, most int) block {
	b := block{head: h.head, note: h.note, mark: h.mark, full: h.name == string(Open)}
	rows := r.section(h.name, nil)
	if h.name == "" {
		rows = r.other(Overdue, DueSoon, Stalled, Blocked, HitAgain, Unowned, Unassigned, Reopened)
	}
	name := firstOf(h.name, string(Open))
	b.more, rows = limit(rows, most, name)
	b.table = r.actionTable(h.name, r.rows(rows))
	return b
}

// limit cuts a section, and says what shows all of it.
func limit[T any](rows []T, most int, state string) (string, []T) {
	if most == 0 || len(rows) <= most {
		return "", rows
	}
	return fmt.Sprintf("and %d more: percolate report --all --state %s", len(rows)-most, state), rows[:most]
}

// findings are all that is not settled.
func (r Report) findings() block {
	b := block{head: "FINDINGS", mark: "?", note: "each is shown until somebody settles it"}
	for _, f := range r.Findings {
		subject := f.Name
		if f.Key.Document != "" {
			subject = f.Key.String()
		}
		text := f.Text
		if !f.Since.IsZero() {
			text += " (" + r.ago(f.Since) + ")"
		}
		b.items = append(b.items, item{word: string(f.Kind), subject: subject, text: text, mend: f.Mend})
	}
	return b
}

func (r Report) finishedLately(most int) block {
	b := block{head: "FINISHED IN THE LAST 7 DAYS"}
	var rows []int
	from := r.Now.AddDate(0, 0, -7)
	for _, s := range []State{Done, Dropped, Duplicate} {
		rows = append(rows, r.section(string(s), func(a *Action) bool { return !a.Finished.After(from) })...)
	}
	b.more, rows = limit(rows, most, string(Done))
	b.table = r.actionTable(string(Done), r.rows(rows))
	return b
}
