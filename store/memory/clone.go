package memory

import (
	"maps"
	"slices"
	"time"

	"percolate/ticket"
)

// What goes in and out is copied, so that a caller who goes on working with a value
// cannot change what is remembered.

func cloneLink(l ticket.Link) ticket.Link {
	l.Owners = slices.Clone(l.Owners)
	l.Asked = cloneFields(l.Asked)
	l.Got = cloneFields(l.Got)
	l.Basis = maps.Clone(l.Basis)
	l.Unmet = slices.Clone(l.Unmet)
	l.Trying.Set = slices.Clone(l.Trying.Set)
	l.Trying.To = cloneFields(l.Trying.To)
	l.Trying.AddLabels = slices.Clone(l.Trying.AddLabels)
	l.Trying.DropLabels = slices.Clone(l.Trying.DropLabels)
	return l
}

func cloneFields(f ticket.Fields) ticket.Fields {
	f.Labels = slices.Clone(f.Labels)
	f.Assignees = slices.Clone(f.Assignees)
	return f
}

func cloneSeen(s ticket.Seen) ticket.Seen {
	s.Fields = cloneFields(s.Fields)
	return s
}

func cloneEvent(e ticket.Event) ticket.Event {
	e.Downtime = cloneFigure(e.Downtime)
	e.TimeToDetect = cloneFigure(e.TimeToDetect)
	e.TimeToResolve = cloneFigure(e.TimeToResolve)
	return e
}

func cloneFigure(d *time.Duration) *time.Duration {
	if d == nil {
		return nil
	}
	figure := *d
	return &figure
}

func cloneKnown(k ticket.Known) ticket.Known {
	k.Seen = cloneSeen(k.Seen)
	return k
}
