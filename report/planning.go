package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"percolate/ticket"
)

// Planning is what a planning session should look at first, and why.
type Planning struct {
	Items []Topic `json:"items"` // in that order
	Ready []Event `json:"ready_to_close"`
}

// Topic is one open action with the reasons to look at it.
type Topic struct {
	Action
	Why []string `json:"why"`
}

// Planning chooses from the open actions. First comes what was hit again while it was
// not finished, then defects before improvements, and among those what is overdue,
// what has another priority than it was filed with, and what nobody owns. An action
// that gives no reason is not a topic.
func (r Report) Planning() Planning {
	p := Planning{Items: []Topic{}, Ready: []Event{}}
	for _, a := range r.Actions {
		if why := reasons(a); a.State == Open && len(why) > 0 {
			p.Items = append(p.Items, Topic{a, why})
		}
	}
	slices.SortStableFunc(p.Items, func(x, y Topic) int { return compareTopics(x.Action, y.Action) })
	for _, e := range r.Events {
		if e.Closable {
			p.Ready = append(p.Ready, e)
		}
	}
	return p
}

func reasons(a Action) []string {
	var why []string
	if n := len(a.Hits); n > 0 {
		text := "hit again"
		if n > 1 {
			text += fmt.Sprintf(" %d times, last", n)
		}
		why = append(why, text+" by "+ticket.ParseKey(a.Hits[n-1]).Document)
	}
	if a.Has(Overdue) {
		text := "overdue " + days(-*a.DaysLeft)
		if a.DueBy == ByPolicy {
			text += " by policy"
		}
		if a.Slip > 0 {
			text += " though moved by " + days(a.Slip)
		}
		why = append(why, text)
	}
	if a.Has(Drifted) {
		why = append(why, fmt.Sprintf("priority %s -> %s", a.PriorityFiled, firstOf(a.Priority.String(), "none")))
	}
	if a.Has(Unowned) {
		why = append(why, "no owner")
	}
	if a.Has(Stalled) {
		why = append(why, "idle "+days(a.Idle))
	}
	return why
}

func compareTopics(x, y Action) int {
	first := func(is func(Action) bool) int { return btoi(is(y)) - btoi(is(x)) }
	has := func(m Mark) int { return first(func(a Action) bool { return a.Has(m) }) }
	return cmp.Or(
		cmp.Compare(len(y.Hits), len(x.Hits)),
		first(func(a Action) bool { return a.Kind == ticket.KindDefect }),
		cmp.Compare(late(y), late(x)),
		has(Drifted), has(Unowned), has(Stalled),
		cmp.Compare(y.Idle, x.Idle),
	)
}

func late(a Action) int {
	if a.Has(Overdue) {
		return -*a.DaysLeft
	}
	return 0
}

// What fits one screen of 25 lines: so many topics, on two lines each in a terminal,
// with titles of so many columns.
const topicsText, topicsMarkdown, topicTitle = 10, 15, 60

// Markdown is the list for the invitation or the chat, at most a screen of 25 lines.
func (p Planning) Markdown(r Report) string {
	var b strings.Builder
	b.WriteString("**What to look at first** on " + string(r.Today) + ": " + breakable(r.planningCounts()) + "\n\n")
	if len(p.Items) == 0 {
		b.WriteString("Nothing is hit again, overdue, drifted, unowned or stalled.\n")
	}
	for i, it := range p.Items[:min(len(p.Items), topicsMarkdown)] {
		fmt.Fprintf(&b, "%d. %s\n", i+1, it.markdown())
	}
	if more := len(p.Items) - topicsMarkdown; more > 0 {
		fmt.Fprintf(&b, "\nAnd %d more: percolate report\n", more)
	}
	if len(p.Ready) > 0 {
		var ready []string
		for _, e := range p.Ready[:min(len(p.Ready), 5)] {
			ready = append(ready, markdownCell(cell{firstOf(e.Parent.Ticket, e.Document), e.Parent.URL}))
		}
		if more := len(p.Ready) - len(ready); more > 0 {
			ready = append(ready, fmt.Sprintf("and %d more", more))
		}
		b.WriteString("\nReady to close: " + strings.Join(ready, ", ") + "\n")
	}
	return b.String()
}

func (r Report) planningCounts() string {
	counts := []string{counted(r.Totals.Open, "open")}
	for _, w := range []string{string(Overdue), string(HitAgain), string(Unowned), string(Stalled), "findings"} {
		if n := r.Totals.Of(w); n > 0 {
			counts = append(counts, counted(n, w))
		}
	}
	return strings.Join(counts, ", ")
}

func (t Topic) markdown() string {
	title := Style{Measure: width}.cut(plain(t.Title), topicTitle, false)
	return fmt.Sprintf("%s **%s** (%s): %s", markdownCell(cell{t.name(), t.URL}), escape(title), escape(t.facts()), escape(t.reasons()))
}

// name is what the action is called in few words: by its ticket, unless that is a long path.
func (t Topic) name() string {
	if t.Ticket == "" || len(t.Ticket) > len(t.ID) {
		return t.ID
	}
	return t.Ticket
}

func (t Topic) reasons() string { return strings.Join(t.Why, "; ") }

// facts are what a session knows an action by.
func (t Topic) facts() string {
	all := []string{firstOf(string(t.Kind), "action"), t.Severity, strings.Join(t.Owners, ", ")}
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), ", ")
}

// Text is the list for a terminal, at most a screen of 25 lines.
func (p Planning) Text(r Report, st Style) string {
	st = st.complete()
	var b strings.Builder
	b.WriteString(st.paint("#", "What to look at first on "+string(r.Today)) + "\n" + gap + st.cut(breakable(r.planningCounts()), st.Width-len(gap), false) + "\n\n")
	if len(p.Items) == 0 {
		b.WriteString(gap + nothing + "\n")
	}
	for i, it := range p.Items[:min(len(p.Items), topicsText)] {
		it.text(&b, st, i+1)
	}
	var below []string
	if more := len(p.Items) - topicsText; more > 0 {
		below = append(below, fmt.Sprintf("and %d more: percolate report", more))
	}
	if len(p.Ready) > 0 {
		below = append(below, many(len(p.Ready), "event")+" ready to close")
	}
	if len(below) > 0 {
		b.WriteString("\n" + gap + st.paint("", strings.Join(below, "; ")) + "\n")
	}
	return b.String()
}

// text prints the topic on two lines: what it is, and why it should be looked at.
func (t Topic) text(b *strings.Builder, st Style, number int) {
	room := st.Width - len(gap)
	b.WriteString(gap + st.cut(fmt.Sprintf("%2d  %s  %s", number, plain(t.name()), plain(t.Title)), room, false) + "\n")
	why := st.cut(plain(t.facts()+": "+t.reasons()), room-4, false)
	b.WriteString(gap + "    " + st.paint("", why) + "\n")
}

const nothing = "Nothing is hit again, overdue, drifted, unowned or stalled."
