package plan

import (
	"fmt"
	"strings"
	"time"

	"percolate/ticket"
)

// Totals says in one line what the plan would do and cost, as in "To do: file 4 parents
// and 5 stories, update 1. Cost: 4 writes, 2 reads on jira-ops.", and nothing when it
// would do nothing. Where a tracker holds writes back it says how long that takes.
func (p Plan) Totals() string {
	if p.Empty() {
		return ""
	}
	var t Tally
	for i := range p.Steps {
		t.Add(&p.Steps[i])
	}
	text := "To do: " + t.Text(Command) + "."
	var costs []string
	for _, c := range p.Costs {
		cost := count(c.Writes, "write", "writes")
		if c.Reads > 0 {
			cost += ", " + count(c.Reads, "read", "reads")
		}
		cost += " on " + Plain(c.Tracker)
		if c.Takes > 0 {
			cost += ", which takes at least " + Long(c.Takes)
		}
		costs = append(costs, cost)
	}
	if len(costs) > 0 {
		text += " Cost: " + strings.Join(costs, "; ") + "."
	}
	return text
}

// Long is a duration of minutes and hours for people: "2 h 5 min".
func Long(d time.Duration) string {
	minutes := int(d.Minutes())
	switch h, m := minutes/60, minutes%60; {
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d h", h)
	default:
		return fmt.Sprintf("%d h %d min", h, m)
	}
}

// Tense is in which words steps are counted.
type Tense int

// The tenses.
const (
	Command Tense = iota // "file 2 stories"
	Past                 // "filed 2 stories"
)

// Tally counts steps by their sort.
type Tally struct {
	n     map[Op]int
	kinds map[ticket.Kind]int
}

// Add counts a step.
func (t *Tally) Add(s *Step) {
	if t.n == nil {
		t.n, t.kinds = map[Op]int{}, map[ticket.Kind]int{}
	}
	t.n[s.Op]++
	if s.Op == Create {
		t.kinds[s.Wanted.Fields.Kind]++
	}
}

// Text tells how many steps there are of each sort: "file 4 parents, 5 stories and 3
// defects, update 1, tell 1 of a repeat".
func (t Tally) Text(tense Tense) string {
	n, kinds := t.n, t.kinds
	var parts []string
	if n[Create] > 0 {
		parts = append(parts, [...]string{"file ", "filed "}[tense]+kindCounts(kinds))
	}
	for _, w := range []struct {
		op    Op
		words [2]string
		after string
	}{
		{Adopt, [2]string{"take over", "took over"}, ""},
		{Update, [2]string{"update", "updated"}, ""},
		{Repeat, [2]string{"tell", "told"}, " of a repeat"},
		{Retire, [2]string{"tell", "told"}, " that the action is gone"},
		{Restore, [2]string{"tell", "told"}, " that the action is back"},
	} {
		if n[w.op] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d%s", w.words[tense], n[w.op], w.after))
		}
	}
	return strings.Join(parts, ", ")
}

func kindCounts(n map[ticket.Kind]int) string {
	var parts []string
	for _, w := range []struct {
		kind      ticket.Kind
		one, many string
	}{{ticket.KindParent, "parent", "parents"}, {ticket.KindStory, "story", "stories"}, {ticket.KindDefect, "defect", "defects"}, {"", "ticket", "tickets"}} {
		if n[w.kind] > 0 {
			parts = append(parts, count(n[w.kind], w.one, w.many))
		}
	}
	if last := len(parts) - 1; last > 0 {
		return strings.Join(parts[:last], ", ") + " and " + parts[last]
	}
	return strings.Join(parts, "")
}
