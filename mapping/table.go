package mapping

import (
	"fmt"

	"percolate/ticket"
)

// table holds values by severity and by kind of ticket.
type table[T any] map[string]map[ticket.Kind]T

// at is the value for a severity, or that of all others. The zero value stands for
// what the table does not say.
func (t table[T]) at(severity string, kind ticket.Kind) T {
	if row, ok := t[severity]; ok {
		return row[kind]
	}
	return t[OtherSeverity][kind]
}

// row files the row of one severity under the name that the scale has for it.
func (t table[T]) row(severity, at string, known severities, wrong *faults) map[ticket.Kind]T {
	name := OtherSeverity
	if fold(severity) != OtherSeverity {
		name = known.of(severity)
	}
	row := map[ticket.Kind]T{}
	switch _, twice := t[name]; {
	case !known.has(severity):
		wrong.add(at+".severity", "%q is neither in mapping.severities nor %q", severity, OtherSeverity)
	case twice:
		wrong.add(at+".severity", "there are two rows for %s", name)
	default:
		t[name] = row
	}
	return row
}

func newPriorities(rows []PriorityRow, known severities, wrong *faults) table[ticket.Priority] {
	t := table[ticket.Priority]{}
	for i, r := range rows {
		at := fmt.Sprintf("mapping.priorities[%d]", i)
		row := t.row(r.Severity, at, known, wrong)
		set := func(kind ticket.Kind, word string) {
			p, ok := ticket.ParsePriority(word)
			if !ok {
				wrong.add(at+"."+string(kind), "%q is not one of lowest, low, medium, high, highest, none", word)
			}
			row[kind] = p
		}
		set(ticket.KindParent, r.Parent)
		set(ticket.KindStory, r.Story)
		set(ticket.KindDefect, r.Defect)
	}
	return t
}

func newDueDays(rows []DueRow, known severities, wrong *faults) table[int] {
	t := table[int]{}
	for i, r := range rows {
		at := fmt.Sprintf("mapping.due_days[%d]", i)
		row := t.row(r.Severity, at, known, wrong)
		set := func(kind ticket.Kind, days int) {
			if days < 0 {
				wrong.add(at+"."+string(kind), "%d is less than 0 days", days)
			}
			row[kind] = days
		}
		set(ticket.KindParent, r.Parent)
		set(ticket.KindStory, r.Story)
		set(ticket.KindDefect, r.Defect)
	}
	return t
}
