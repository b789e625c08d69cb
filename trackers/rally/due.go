package rally

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// dueRule is one place for the due day of a type.
type dueRule interface {
	// attributes are what has to be fetched for it.
	attributes() []string
	// read is the due day of an artifact.
	read(a *artifact, zone *time.Location) ticket.Day
	// write puts the day into a draft, or takes it out where it is none. An unmet reason
	// is why it cannot.
	write(ctx context.Context, op string, d *draft, day ticket.Day) (unmet string, err error)
}

// dueRules are the places of both types.
func dueRules(t *Tracker) map[kindOf]dueRule {
	rules := map[kindOf]dueRule{storyType: dueText{}, defectType: dueDate{t, "TargetDate"}}
	switch t.opt.Due {
	case DueField:
		rules[storyType] = dueDate{t, t.opt.DueField}
	case DueMilestone:
		rules[storyType] = dueMilestone{t}
	case DueIteration:
		rules[storyType] = dueIteration{t}
	case DueNone:
		rules[storyType] = dueNone{}
	}
	return rules
}

// dueNone is for stories that have none.
type dueNone struct{}

func (dueNone) attributes() []string                             { return nil }
func (dueNone) read(*artifact, *time.Location) (none ticket.Day) { return none }
func (dueNone) write(_ context.Context, _ string, _ *draft, day ticket.Day) (string, error) {
	if day == "" {
		return "", nil
	}
	return "stories have no due day here; due says where they get one", nil
}

// dueDate is an attribute of type date. Rally keeps an instant, the beginning of the day
// in the zone of the workspace, so noon there is sent, which is that day however the
// clocks are changed.
type dueDate struct {
	t    *Tracker
	name string
}

func (r dueDate) attributes() []string { return []string{r.name} }

func (r dueDate) read(a *artifact, zone *time.Location) ticket.Day {
	var text string
	if json.Unmarshal(a.more[r.name], &text) != nil {
		return ""
	}
	return dayOf(text, zone)
}

// dayOf is the day of an instant, or of a date without a time.
func dayOf(text string, zone *time.Location) ticket.Day {
	if d := ticket.Day(text); d.Valid() {
		return d
	}
	return ticket.DayOf(instant(text), zone)
}

func (r dueDate) write(ctx context.Context, op string, d *draft, day ticket.Day) (string, error) {
	if day == "" {
		d.fields[r.name] = nil
		return "", nil
	}
	zone, err := r.t.zone(ctx, op)
	if err != nil {
		return "", err
	}
	at, err := time.ParseInLocation(time.DateOnly, string(day), zone)
	if err != nil {
		return "", r.t.fail(op, trackers.Invalid, "%w", err)
	}
	d.fields[r.name] = stamp(at.Add(12 * time.Hour))
	return "", nil
}

// dueText is a line of the description, outside our block, that people may edit.
type dueText struct{}

var dueLine = regexp.MustCompile(`^Due: ([0-9]{4}-[0-9]{2}-[0-9]{2})$`)

func (dueText) attributes() []string { return nil }

func (dueText) read(a *artifact, _ *time.Location) ticket.Day {
	day, _ := findDue(a.Description)
	return day
}

func (dueText) write(_ context.Context, _ string, d *draft, day ticket.Day) (string, error) {
	d.whole, d.rewrites = withDue(d.whole, day), true
	return "", nil
}

// findDue finds the line of the due day, and where it stands.
func findDue(whole string) (ticket.Day, line) {
	b, found := findBlock(whole)
	for _, l := range linesOf(whole) {
		if found && l.from >= b.from && l.to <= b.to {
			continue
		}
		if m := dueLine.FindStringSubmatch(l.text); m != nil && ticket.Day(m[1]).Valid() {
			return ticket.Day(m[1]), l
		}
	}
	return "", line{}
}

// withDue puts the line in place of the one there, takes it out for no day, or adds it
// below everything.
func withDue(whole string, day ticket.Day) string {
	had, at := findDue(whole)
	switch {
	case had == day:
		return whole
	case day == "":
		return whole[:at.from] + whole[at.to:]
	case had != "":
		return whole[:at.from] + strings.Replace(whole[at.from:at.to], string(had), string(day), 1) + whole[at.to:]
	}
	return whole + "<p>Due: " + string(day) + "</p>"
}
