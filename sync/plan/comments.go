package plan

import (
	"fmt"

	"percolate/ticket"
)

// The comments that percolate leaves on tickets. Each has a marker that is the same
// however often the plan is made, so that a ticket is told once.

func repeatComment(w ticket.Wanted, t ticket.Tree, of ticket.Key) ticket.Comment {
	where := t.Document
	if t.Path != "" {
		where += " (" + t.Path + ")"
	}
	return ticket.Comment{
		Marker: "repeat:" + w.Key.String(),
		Text: fmt.Sprintf("Hit again: %s in %s, \"%s\", repeats %s while this is not finished.\n\n> %s",
			w.Key, where, t.Title, of, w.Text),
	}
}

func retiredComment(l ticket.Link, document string) ticket.Comment {
	return ticket.Comment{
		Marker: fmt.Sprintf("retired:%s:%d", l.Key, l.Retires+1),
		Text:   fmt.Sprintf("The action behind this ticket is no longer in %s. percolate leaves the ticket as it is; close it if nobody needs it.", document),
	}
}

func restoredComment(l ticket.Link) ticket.Comment {
	return ticket.Comment{
		Marker: fmt.Sprintf("restored:%s:%d", l.Key, l.Retires),
		Text:   fmt.Sprintf("The action behind this ticket is in %s again.", l.Key.Document),
	}
}
