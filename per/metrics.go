package per

import "time"

// Computed gives the figures that follow from the document's times: downtime from
// started to resolved, only where customers were affected; time to detect from
// started to detected; time to resolve from detected to resolved. A figure whose
// times are missing or run backwards is nil. Lines are those of the later time.
func (d *Document) Computed() Metrics {
	var m Metrics
	if d.AffectsCustomers() {
		m.Downtime, m.DowntimeLine = between(d.Started, d.Resolved)
	}
	m.TimeToDetect, m.TimeToDetectLine = between(d.Started, d.Detected)
	m.TimeToResolve, m.TimeToResolveLine = between(d.Detected, d.Resolved)
	return m
}

// Metrics gives the figures of the event: stated ones, and computed ones for the
// rest.
func (d *Document) Metrics() Metrics {
	m, c := d.Stated, d.Computed()
	if m.Downtime == nil {
		m.Downtime, m.DowntimeLine = c.Downtime, c.DowntimeLine
	}
	if m.TimeToDetect == nil {
		m.TimeToDetect, m.TimeToDetectLine = c.TimeToDetect, c.TimeToDetectLine
	}
	if m.TimeToResolve == nil {
		m.TimeToResolve, m.TimeToResolveLine = c.TimeToResolve, c.TimeToResolveLine
	}
	return m
}

// AffectsCustomers reports whether the event was one that customers noticed, as far
// as its kind says so. A near miss and a planned maintenance were not; a document
// without a kind is taken for an outage.
func (d *Document) AffectsCustomers() bool {
	return d.Kind != NearMiss && d.Kind != Maintenance
}

func between(from, to Instant) (*time.Duration, int) {
	if from.IsZero() || to.IsZero() || to.Time.Before(from.Time) {
		return nil, 0
	}
	d := to.Time.Sub(from.Time)
	return &d, to.Line
}

// MeetingBy is the latest time for the meeting after an event that ended at end:
// within 24 hours, or, where those are up on a weekend, by the end of Monday in the
// team's zone. The end of a day is the midnight that follows it.
func MeetingBy(end time.Time, zone *time.Location) time.Time {
	limit := end.In(zone).Add(24 * time.Hour)
	var days int
	switch limit.Weekday() {
	case time.Saturday:
		days = 3
	case time.Sunday:
		days = 2
	default:
		return limit
	}
	return time.Date(limit.Year(), limit.Month(), limit.Day()+days, 0, 0, 0, 0, zone)
}
