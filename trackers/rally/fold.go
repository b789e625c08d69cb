package rally

import (
	"slices"
	"strings"
	"time"

	"percolate/ticket"
)

// folds tell what the words of a workspace mean.
type folds struct {
	priorities map[string]ticket.Priority // by name in lower case
	words      map[string]ticket.Status   // folded; those of the configuration before our own
	names      map[ticket.Status][]string // the words as they are written, in order
}

func newFolds(opt Options) folds {
	f := folds{priorities: map[string]ticket.Priority{}, words: map[string]ticket.Status{}, names: map[ticket.Status][]string{}}
	for p := ticket.PriorityHighest; p > ticket.PriorityNone; p-- {
		for _, n := range opt.Priorities[p] {
			if _, taken := f.priorities[strings.ToLower(n)]; !taken {
				f.priorities[strings.ToLower(n)] = p
			}
		}
	}
	for _, words := range []map[ticket.Status][]string{opt.Statuses, defaultWords()} {
		for _, s := range []ticket.Status{ticket.StatusOpen, ticket.StatusActive, ticket.StatusBlocked, ticket.StatusDone, ticket.StatusDropped} {
			for _, w := range words[s] {
				if _, taken := f.words[ticket.FoldText(w)]; !taken {
					f.words[ticket.FoldText(w)] = s
					f.names[s] = append(f.names[s], w)
				}
			}
		}
	}
	return f
}

// defaultWords are the schedule states, states and resolutions of a workspace that
// nobody changed. Those who closed a defect without a change dropped it.
func defaultWords() map[ticket.Status][]string {
	return map[ticket.Status][]string{
		ticket.StatusOpen:    {"Defined", "Idea", "Submitted"},
		ticket.StatusActive:  {"In-Progress", "Completed", "Open", "Fixed"},
		ticket.StatusDone:    {"Accepted", "Released", "Closed"},
		ticket.StatusDropped: {"Closed Declined", "Not a Defect", "Duplicate", "Software Limitation", "Won't Fix", "Won't Do", "Rejected", "Cancelled"},
	}
}

// meant is the status that a word means, "" for one that means nothing to us.
func (f folds) meant(word string) ticket.Status { return f.words[ticket.FoldText(word)] }

// tagged is the status that tags mean: people mark what they will not do, or cannot go
// on with, by a tag.
func (f folds) tagged(tags []string) ticket.Status {
	var found ticket.Status
	for _, tag := range tags {
		switch s := f.meant(tag); s {
		case ticket.StatusDropped:
			return s
		case ticket.StatusBlocked:
			found = s
		}
	}
	return found
}

// speaks reports whether a tag is a word for a status, and so no label.
func (f folds) speaks(tag string) bool { return f.tagged([]string{tag}) != "" }

// status folds the status of an artifact. What a person says by a tag or by the mark
// for blocked counts before its state.
func (f folds) status(a *artifact) ticket.Status {
	now := f.state(a)
	tag := f.tagged(a.Tags.names())
	switch {
	case tag == ticket.StatusDropped:
		return tag
	case now.Finished():
		return now
	case a.Blocked, tag == ticket.StatusBlocked:
		return ticket.StatusBlocked
	}
	return now
}

func (f folds) state(a *artifact) ticket.Status {
	schedule := f.known(a.ScheduleState)
	if a.kind() == storyType {
		return schedule
	}
	now := f.known(a.State)
	switch {
	case now == ticket.StatusDone && f.meant(a.Resolution) == ticket.StatusDropped:
		return ticket.StatusDropped
	case now == ticket.StatusOpen && schedule != ticket.StatusOpen && a.ScheduleState != "":
		return ticket.StatusActive // work is under way, or done and not closed yet
	}
	return now
}

// known is what a state means; one that nobody told us of is open.
func (f folds) known(state string) ticket.Status {
	if s := f.meant(state); s != "" {
		return s
	}
	return ticket.StatusOpen
}

// stateWord is the status as people in Rally call it.
func stateWord(a *artifact) string {
	text := a.ScheduleState
	if a.kind() == defectType {
		text = a.State
		if a.Resolution != "" && !strings.EqualFold(a.Resolution, "None") {
			text += " (" + a.Resolution + ")"
		}
	}
	if a.Blocked {
		text += ", blocked"
	}
	return text
}

// fold is an artifact as a ticket.
func (t *Tracker) fold(a *artifact, zone *time.Location, asOf time.Time) ticket.Seen {
	s := ticket.Seen{
		Tracker: t.opt.Name, Ref: ticket.Ref(a.id().String()), Name: a.FormattedID, URL: t.address(a.kind(), a.id()),
		Key: t.marks.read(a.Notes), Parent: above(a), Status: t.folds.status(a), Word: stateWord(a),
		Updated: instant(a.Updated), AsOf: asOf, Whole: a.Description,
	}
	s.Fields = ticket.Fields{
		Kind: kindOfTicket(a, s.Key), Title: a.Name, Body: extract(a.Description), Labels: t.labels(a.Tags.names()),
		Due: t.due[a.kind()].read(a, zone),
	}
	if a.kind() == defectType {
		s.Fields.Priority = t.folds.priorities[strings.ToLower(a.Priority)]
	}
	if a.Owner != nil {
		s.Fields.Assignees = []string{account(a.Owner)}
	}
	return s
}

// account is what we call a user.
func account(u *object) string {
	for _, name := range []string{u.UserName, u.Email} {
		if name != "" {
			return name
		}
	}
	return path("user", u.id())
}

// above is what a ticket is below: a feature counts for a story as another story does.
func above(a *artifact) ticket.Ref {
	for _, p := range []*object{a.Parent, a.Requirement, a.PortfolioItem} {
		if p.id() != 0 {
			return ticket.Ref(p.id().String())
		}
	}
	return ""
}

// kindOfTicket tells parents from other stories by their marker.
func kindOfTicket(a *artifact, key ticket.Key) ticket.Kind {
	switch {
	case a.kind() == defectType:
		return ticket.KindDefect
	case key != (ticket.Key{}) && key.IsParent():
		return ticket.KindParent
	}
	return ticket.KindStory
}

// labels are the tags that belong to no marker and mean no status.
func (t *Tracker) labels(tags []string) []string {
	return slices.DeleteFunc(tags, func(tag string) bool { return tag == t.marks.tag || t.folds.speaks(tag) })
}

// seen folds artifacts, those in the recycle bin left out.
func (t *Tracker) seen(all []artifact, zone *time.Location, asOf time.Time) []ticket.Seen {
	var out []ticket.Seen
	for i := range all {
		if !all[i].Recycled {
			out = append(out, t.fold(&all[i], zone, asOf))
		}
	}
	return out
}
