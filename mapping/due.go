package mapping

import (
	"percolate/per"
	"percolate/ticket"
)

// statedDue is the due day that the document states, "" when it states none that is a day.
func statedDue(a per.Action) ticket.Day {
	if day := ticket.Day(a.Due.Value); day.Valid() {
		return day
	}
	return ""
}

// policyDue is the due day of a ticket whose document states none: some days after
// the meeting, and at least some days from today, so that an import of old documents
// is not overdue on arrival.
func (m *mapper) policyDue(kind ticket.Kind) ticket.Day {
	r := m.rules
	days := r.dueDays.at(m.severity, kind)
	if days == 0 {
		return ""
	}
	earliest := r.settings.Today.Add(r.settings.Shape.DueAtLeast)
	return max(m.counted().Add(days), earliest)
}

// counted is the day from which policy counts: that of the meeting, else that on
// which the event ended, else the event's own, else today.
func (m *mapper) counted() ticket.Day {
	zone := m.rules.settings.Zone
	for _, day := range []ticket.Day{
		ticket.DayOf(m.doc.Meeting.Time, zone),
		ticket.DayOf(m.doc.Resolved.Time, zone),
		m.day,
	} {
		if day.Valid() {
			return day
		}
	}
	return m.rules.settings.Today
}

// eventDay is the day of the event as the document has it, "" when that is no day.
func eventDay(d *per.Document) ticket.Day {
	if day := ticket.Day(d.Day.Value); day.Valid() {
		return day
	}
	return ""
}
