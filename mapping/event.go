package mapping

import (
	"time"

	"percolate/per"
	"percolate/ticket"
)

// reported is what a report tells of the document. How many of its actions were done
// without a ticket is not known here.
func (m *mapper) reported(hold string) ticket.Event {
	d := m.doc
	e := ticket.Event{
		Document:      d.ID.Value,
		Path:          d.Path,
		Title:         m.event.Title,
		Kind:          m.event.Kind,
		Severity:      firstOf(m.severity, m.event.Severity),
		Service:       m.event.Service,
		Team:          m.event.Team,
		Owner:         join(m.owners.names, ", "),
		Day:           m.day,
		Started:       d.Started.Time,
		Detected:      d.Detected.Time,
		Resolved:      d.Resolved.Time,
		Meeting:       d.Meeting.Time,
		MeetingBy:     m.meetingBy(),
		Downtime:      m.metrics.Downtime,
		TimeToDetect:  m.metrics.TimeToDetect,
		TimeToResolve: m.metrics.TimeToResolve,
		Draft:         d.Status == per.Draft,
		Hold:          hold,
	}
	for _, a := range d.Actions {
		if a.Certain {
			e.Actions++
		}
	}
	return e
}

// meetingBy is when the meeting is due: of events that customers surely noticed, and
// whose end is known. These are the ones that check asks a meeting of.
func (m *mapper) meetingBy() time.Time {
	d := m.doc
	if d.Kind != per.Outage && d.Kind != per.Degradation || d.Resolved.IsZero() {
		return time.Time{}
	}
	return per.MeetingBy(d.Resolved.Time, m.rules.settings.Zone)
}
