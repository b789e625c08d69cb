package rally

import (
	"context"
	"regexp"
	"strings"
	"time"

	"percolate/ticket"
)

// dueIteration keeps the day in a line of the description, and puts the story into the
// iteration in which it falls, where there is one. When planners move the story to
// another iteration, which does not hold that day, the iteration's last day counts.
type dueIteration struct{ t *Tracker }

type iteration struct {
	ref         string
	first, last ticket.Day
}

func (i iteration) holds(day ticket.Day) bool { return i.first <= day && day <= i.last }

func (dueIteration) attributes() []string { return []string{"Iteration", "StartDate", "EndDate"} }

func (dueIteration) read(a *artifact, zone *time.Location) ticket.Day {
	day, _ := findDue(a.Description)
	if a.Iteration == nil {
		return day
	}
	in := iteration{first: dayOf(a.Iteration.Start, zone), last: dayOf(a.Iteration.End, zone)}
	if in.holds(day) {
		return day
	}
	return in.last
}

func (r dueIteration) write(ctx context.Context, op string, d *draft, day ticket.Day) (string, error) {
	if _, err := (dueText{}).write(ctx, op, d, day); err != nil {
		return "", err
	}
	d.fields["Iteration"] = nil
	if day == "" {
		return "", nil
	}
	all, err := r.t.iterations(ctx, op)
	if err != nil {
		return "", err
	}
	for _, it := range all {
		if it.holds(day) {
			d.fields["Iteration"] = it.ref
			break
		}
	}
	return "", nil
}

// iterations are those of the project that are not over for long.
func (t *Tracker) iterations(ctx context.Context, op string) ([]iteration, error) {
	zone, err := t.zone(ctx, op)
	if err != nil {
		return nil, err
	}
	l := &t.learned
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fresh(t.opt.Now())
	if l.iterations != nil {
		return l.iterations, nil
	}
	q := is("Project.ObjectID", "=", oidOf(ticket.Ref(t.opt.Project))).and(is("EndDate", ">=", t.opt.Now().Add(-32*24*time.Hour)))
	found, err := objects[object](ctx, t, op, search{typ: "iteration", query: q, fetch: "ObjectID,Name,StartDate,EndDate", order: "StartDate", project: t.opt.Project})
	if err != nil {
		return nil, err
	}
	l.iterations = []iteration{}
	for _, o := range found {
		l.iterations = append(l.iterations, iteration{path("iteration", o.id()), dayOf(o.Start, zone), dayOf(o.End, zone)})
	}
	return l.iterations, nil
}

// dueMilestone is one milestone for each day. Answers show milestones by name only, so
// the day is read from that: whichever milestone a planner gives a ticket, it is the
// due day when its name ends in one.
type dueMilestone struct{ t *Tracker }

var milestoneDay = regexp.MustCompile(`\b([0-9]{4}-[0-9]{2}-[0-9]{2})$`)

// milestoneName is the name of our milestone of a day.
func milestoneName(day ticket.Day) string { return "Due " + string(day) }

func (dueMilestone) attributes() []string { return []string{"Milestones"} }

// read takes the earliest of several.
func (dueMilestone) read(a *artifact, _ *time.Location) (first ticket.Day) {
	for _, name := range a.Milestones.names() {
		m := milestoneDay.FindStringSubmatch(strings.TrimSpace(name))
		if m == nil || !ticket.Day(m[1]).Valid() {
			continue
		}
		if day := ticket.Day(m[1]); first == "" || day < first {
			first = day
		}
	}
	return first
}

func (r dueMilestone) write(ctx context.Context, op string, d *draft, day ticket.Day) (string, error) {
	if had := r.read(&d.base, nil); had != "" && had != day {
		for _, m := range d.base.Milestones.Named {
			if milestoneDay.MatchString(strings.TrimSpace(m.Name)) && m.id() != 0 {
				d.drop("Milestones", path("milestone", m.id()))
			}
		}
	} else if had == day {
		return "", nil
	}
	if day == "" {
		return "", nil
	}
	refs, refused, err := r.t.steps.ensure(ctx, r.t, op, []string{milestoneName(day)})
	for _, ref := range refs {
		d.add("Milestones", ref)
	}
	return refused[milestoneName(day)], err
}

// milestoneFields are the attributes of our milestone of the day in its name. A date
// without a time is the day in the zone of the workspace.
func (t *Tracker) milestoneFields(name string) map[string]any {
	return map[string]any{
		"Name": name, "TargetDate": milestoneDay.FindString(name), "Projects": []map[string]string{{"_ref": "/project/" + t.opt.Project}},
	}
}
