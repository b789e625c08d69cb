package report

import (
	"fmt"
	"strings"

	"percolate/ticket"
)

// actionTable lists actions with all that a lead or a planner asks of them. What leads
// each row depends on the section.
func (r Report) actionTable(section string, rows []Action) table {
	return tabulate(rows, append([]define[Action]{r.leading(section)}, r.actionColumns(section)...))
}

// leading is the column by which a section is sorted.
func (r Report) leading(section string) define[Action] {
	number := func(head string, of func(Action) string) define[Action] {
		return define[Action]{column{head: head, right: true}, func(a Action) cell { return say(of(a)) }}
	}
	switch section {
	case string(Overdue):
		return number("late", func(a Action) string { return days(-*a.DaysLeft) })
	case string(DueSoon):
		return number("left", func(a Action) string {
			if *a.DaysLeft == 0 {
				return "today"
			}
			return days(*a.DaysLeft)
		})
	case string(Stalled):
		return number("idle", func(a Action) string { return days(a.Idle) })
	case string(HitAgain):
		return number("again", func(a Action) string { return fmt.Sprintf("%dx", len(a.Hits)) })
	case string(Done):
		return define[Action]{column{head: "state"}, func(a Action) cell { return say(string(a.State)) }}
	}
	return number("age", func(a Action) string { return days(a.Age) })
}

func (r Report) actionColumns(section string) []define[Action] {
	text := func(head string, rank int, of func(Action) string) define[Action] {
		return define[Action]{column{head: head, rank: rank}, func(a Action) cell { return say(of(a)) }}
	}
	columns := []define[Action]{
		{column{head: "action", tail: true, flex: true}, func(a Action) cell { return cell{a.ID, a.URL} }},
		{column{head: "what", flex: true}, func(a Action) cell { return say(a.Title) }},
		text("owner", 1, func(a Action) string { return orDash(strings.Join(a.Owners, ", ")) }),
		text("due", 2, func(a Action) string { return string(a.Due) }),
		text("slip", 6, Action.slip),
		text("first due", 13, func(a Action) string { return unlessSame(a.DueFirst, a.Due) }),
		text("again", 5, again),
		text("severity", 7, func(a Action) string { return a.Severity }),
		text("status", 4, func(a Action) string { return statusText(a.Status, a.Word) }),
		text("assignee", 3, func(a Action) string { return orDash(strings.Join(a.Assignees, ", ")) }),
		{column{head: "ticket", rank: 9, tail: true}, func(a Action) cell { return cell{a.Ticket, a.URL} }},
		text("kind", 8, func(a Action) string { return string(a.Kind) }),
		text("priority", 10, Action.drift),
		text("moved", 11, func(a Action) string { return r.moved(a) }),
		text("created", 12, func(a Action) string { return r.dayOf(a.Created) }),
		text("age", 14, func(a Action) string { return days(a.Age) }),
		text("finished", 2, func(a Action) string { return r.dayOf(a.Finished) }),
		text("reopened", 15, reopened),
		text("as of", 16, func(a Action) string { return r.ago(a.AsOf) }),
	}
	lead := r.leading(section).head
	out := columns[:0]
	for _, c := range columns {
		if c.head != lead {
			out = append(out, c)
		}
	}
	return out
}

func unlessSame(first, now ticket.Day) string {
	if first == now {
		return ""
	}
	return string(first)
}

func again(a Action) string {
	if len(a.Hits) == 0 {
		return ""
	}
	return fmt.Sprintf("%dx", len(a.Hits))
}

func reopened(a Action) string {
	if a.Reopened == 0 {
		return ""
	}
	return fmt.Sprintf("%dx", a.Reopened)
}

// moved tells when a person last moved the action, and how that is known.
func (r Report) moved(a Action) string {
	if a.Moved.IsZero() {
		return ""
	}
	if a.MovedBy == FromFiling {
		return "never"
	}
	return r.dayOf(a.Moved) + " (" + string(a.MovedBy) + ")"
}
