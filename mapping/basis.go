package mapping

import (
	"fmt"
	"time"

	"percolate/per"
	"percolate/ticket"
)

// A basis tells whether the document itself changed a field. So it is made of values
// as the document has them, never of what settings make of them: a new template, a
// policy or a people list must not look like a decision of the people who met.
// Values that percolate or a tracker brings about (the ticket written back beside an
// action, a done mark, the path of the file, line numbers) are in no basis.

func (m *mapper) childBasis(a per.Action, kind ticket.Kind) map[ticket.Field]string {
	d := m.doc
	return map[ticket.Field]string{
		ticket.FieldKind:      basis(kind),
		ticket.FieldTitle:     basis(a.Text),
		ticket.FieldBody:      basis(m.eventSays, kind, a.Text, a.Details, a.Category, m.addresses(a), a.Owners, statedDue(a), a.Repeats, a.Refs),
		ticket.FieldLabels:    basis(kind, d.Kind, d.Severity.Value, d.Service.Value, d.Team.Value, a.Owners),
		ticket.FieldPriority:  basis(kind, d.Severity.Value, a.Priority),
		ticket.FieldDue:       dueBasis(statedDue(a)),
		ticket.FieldAssignees: basis(a.Owners),
	}
}

func (m *mapper) parentBasis() map[ticket.Field]string {
	d := m.doc
	return map[ticket.Field]string{
		ticket.FieldKind:      basis(ticket.KindParent),
		ticket.FieldTitle:     basis(d.Title.Value),
		ticket.FieldBody:      basis(m.eventSays, d.Summary.Value, d.Owner.Value, m.timesBasis()),
		ticket.FieldLabels:    basis(d.Kind, d.Severity.Value, d.Service.Value, d.Team.Value, d.Owner.Value),
		ticket.FieldPriority:  basis(d.Severity.Value),
		ticket.FieldDue:       ticket.BasisPolicy,
		ticket.FieldAssignees: basis(d.Owner.Value),
	}
}

// eventBasis is what every body tells of the event, as the document states it.
func eventBasis(d *per.Document) string {
	return basis(d.Title.Value, d.Day.Value, d.Severity.Value, d.Kind, d.Service.Value, d.Team.Value)
}

func (m *mapper) timesBasis() string {
	d := m.doc
	return basis(
		instant(d.Started), instant(d.Detected), instant(d.Resolved), instant(d.Meeting),
		seconds(m.metrics.Downtime), seconds(m.metrics.TimeToDetect), seconds(m.metrics.TimeToResolve),
	)
}

// dueBasis is the stated day itself. A day of policy is fixed once it is filed, which
// its lasting basis brings about.
func dueBasis(stated ticket.Day) string {
	if stated == "" {
		return ticket.BasisPolicy
	}
	return string(stated)
}

// basis is a digest of values in which no two lists of values look alike.
func basis(values ...any) string { return ticket.Digest(fmt.Sprintf("%q", values)) }

func instant(i per.Instant) string {
	if i.IsZero() {
		return ""
	}
	return i.Time.UTC().Format(time.RFC3339)
}

func seconds(d *time.Duration) string {
	if d == nil {
		return ""
	}
	return d.String()
}
