package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// eventBlocks tells of the events, and of what is counted by team and service.
func (r Report) eventBlocks(most int) []block {
	unfinished := slices.DeleteFunc(slices.Clone(r.Events), func(e Event) bool {
		return e.Finished+e.Left == e.Actions && !e.Closable && e.Counts.Findings == 0
	})
	finished := len(r.Events) - len(unfinished)
	events := block{head: "EVENTS", note: "with work left"}
	shown := unfinished
	if most > 0 && len(shown) > most {
		shown = shown[:most]
	}
	events.table = eventTable(shown)
	if hidden := len(unfinished) - len(shown); hidden > 0 {
		events.more = fmt.Sprintf("and %s more with work left", many(hidden, "event"))
	}
	if finished > 0 {
		events.more = strings.TrimPrefix(events.more+"; "+many(finished, "event")+" with nothing left to do", "; ")
	}
	return []block{
		events, r.closable(), r.meetings(),
		{head: "BY TEAM", table: groupTable("team", r.Teams)},
		{head: "BY SERVICE", table: groupTable("service", r.Services)},
	}
}

func eventTable(events []Event) table {
	text := func(head string, rank int, of func(Event) string) define[Event] {
		return define[Event]{column{head: head, rank: rank}, func(e Event) cell { return say(of(e)) }}
	}
	return tabulate(events, []define[Event]{
		{column{head: "event", tail: true, flex: true}, func(e Event) cell { return cell{e.Document, e.Parent.URL} }},
		text("severity", 3, func(e Event) string { return e.Severity }),
		{column{head: "what", flex: true}, func(e Event) cell { return say(firstOf(e.Title, "(document missing)")) }},
		text("actions", 0, Event.progress),
		{column{head: "overdue", rank: 2, right: true}, func(e Event) cell { return say(unlessZero(e.Overdue)) }},
		{column{head: "stalled", rank: 4, right: true}, func(e Event) cell { return say(unlessZero(e.Stalled)) }},
		{column{head: "findings", rank: 5, right: true}, func(e Event) cell { return say(unlessZero(e.Counts.Findings)) }},
		text("day", 6, func(e Event) string { return string(e.Day) }),
		text("kind", 7, func(e Event) string { return e.Kind }),
		text("service", 8, func(e Event) string { return e.Service }),
		text("team", 9, func(e Event) string { return e.Team }),
		{column{head: "ticket", rank: 10, tail: true}, func(e Event) cell { return cell{e.Parent.Ticket, e.Parent.URL} }},
		text("owner", 11, func(e Event) string { return e.Owner }),
		text("held", 12, func(e Event) string { return e.Hold }),
	})
}

// progress is "3 of 5 done, 1 dropped".
func (e Event) progress() string {
	if e.Actions == 0 {
		return "none"
	}
	text := fmt.Sprintf("%d of %d done", e.Finished, e.Actions)
	if e.Left > 0 {
		text += fmt.Sprintf(", %d dropped", e.Left)
	}
	if e.Unfiled > 0 {
		text += fmt.Sprintf(", %d not filed", e.Unfiled)
	}
	return text
}

func unlessZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// closable lists the parents that nothing keeps open any more.
func (r Report) closable() block {
	b := block{head: "READY TO CLOSE", note: "all actions are finished, the event's own ticket is not"}
	ready := slices.DeleteFunc(slices.Clone(r.Events), func(e Event) bool { return !e.Closable })
	b.table = tabulate(ready, []define[Event]{
		{column{head: "event", tail: true, flex: true}, func(e Event) cell { return cell{e.Document, e.Parent.URL} }},
		{column{head: "what", flex: true}, func(e Event) cell { return say(e.Title) }},
		{column{head: "actions"}, func(e Event) cell { return say(e.progress()) }},
		{column{head: "ticket", rank: 1, tail: true}, func(e Event) cell { return cell{e.Parent.Ticket, e.Parent.URL} }},
	})
	return b
}

// meetings lists events whose meeting was late or is missing.
func (r Report) meetings() block {
	b := block{head: "NO MEETING IN TIME", note: "within 24 hours of the end, or on the Monday after"}
	late := slices.DeleteFunc(slices.Clone(r.Events), func(e Event) bool { return e.Met != MetLate && e.Met != MetNot })
	const minute = "2006-01-02 15:04"
	b.table = tabulate(late, []define[Event]{
		{column{head: "event", tail: true, flex: true}, func(e Event) cell { return cell{e.Document, e.Parent.URL} }},
		{column{head: "what", flex: true}, func(e Event) cell { return say(e.Title) }},
		{column{head: "was due by"}, func(e Event) cell { return say(e.MeetingBy.Format(minute)) }},
		{column{head: "meeting"}, func(e Event) cell {
			if e.Met == MetNot {
				return say("none yet")
			}
			return say(e.Meeting.Format(minute))
		}},
		{column{head: "owner", rank: 1}, func(e Event) cell { return say(e.Owner) }},
	})
	return b
}

// groupTable is left out where there is nothing to tell apart.
func groupTable(what string, groups []Group) table {
	if len(groups) < 2 {
		return table{}
	}
	columns := []define[Group]{
		{column{head: what, flex: true}, func(g Group) cell { return say(firstOf(g.Name, "(no "+what+")")) }},
	}
	for i, name := range []string{"open", "overdue", "due-soon", "stalled", "blocked", "unowned", "unassigned", "findings", "done", "dropped", "duplicate", "reopened", "hit-again", "gone", "retired"} {
		rank := i
		if name == "done" || name == "dropped" {
			rank = 3
		}
		columns = append(columns, define[Group]{
			column{head: strings.ReplaceAll(name, "-", " "), rank: rank, right: true},
			func(g Group) cell { return say(unlessZero(g.Of(name))) },
		})
	}
	return tabulate(groups, columns)
}
