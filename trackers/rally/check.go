package rally

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

// Check asks for everything that filing will need, and writes nothing.
func (t *Tracker) Check(ctx context.Context, accounts []string) []trackers.Diagnosis {
	t.forget()
	c := &checking{t: t}
	if c.workspace(ctx) && c.project(ctx) {
		c.finding(ctx)
		c.types(ctx)
		c.due(ctx)
		c.people(ctx, accounts)
	}
	return c.found
}

// checking gathers diagnoses.
type checking struct {
	t     *Tracker
	found []trackers.Diagnosis
}

func (c *checking) say(level trackers.Level, mend, format string, args ...any) {
	text := c.t.rest.Scrub(fmt.Sprintf(format, args...))
	c.found = append(c.found, trackers.Diagnosis{Level: level, Text: c.t.opt.Name + ": " + text, Mend: mend})
}

// cause is an error without the name of tracker and operation, which we say ourselves.
func cause(err error) error {
	if e, ok := errors.AsType[*trackers.Error](err); ok {
		return e.Err
	}
	return err
}

func (c *checking) workspace(ctx context.Context) bool {
	w, err := c.t.workspace(ctx, "check")
	if err != nil {
		mend := "look at url and workspace, and whether this machine reaches the site"
		if trackers.CodeOf(err) == trackers.Denied {
			mend = "make a new API key in Rally, with full access, and store it where the configuration looks"
		}
		c.say(trackers.Fail, mend, "workspace %s: %v", c.t.opt.Workspace, cause(err))
		return false
	}
	zone := w.Configuration.TimeZone
	c.say(trackers.OK, "", "API key, workspace %q, time zone %s; that the key may write shows with the first ticket", w.Name, zone)
	if known, err := c.t.zone(ctx, "check"); c.t.opt.Zone == nil && (err != nil || known.String() != zone) {
		c.say(trackers.Warn, "set time_zone", "the time zone %q of the workspace is not known here; days are taken as those of UTC", zone)
	}
	return true
}

func (c *checking) project(ctx context.Context) bool {
	var p struct {
		Name      string  `json:"Name"`
		State     string  `json:"State"`
		Workspace *object `json:"Workspace"`
	}
	err := c.t.readInto(ctx, "check", "/project/"+c.t.opt.Project, "Name,State,Workspace", &p)
	switch {
	case err != nil:
		c.say(trackers.Fail, "take the number in the address of the project's page, and make the key's user an editor there", "project %s: %v", c.t.opt.Project, cause(err))
		return false
	case p.Workspace.id() != 0 && p.Workspace.id().String() != c.t.opt.Workspace:
		c.say(trackers.Fail, "set workspace to "+p.Workspace.id().String(), "project %q is in another workspace", p.Name)
		return false
	case p.State != "" && !strings.EqualFold(p.State, "Open"):
		c.say(trackers.Fail, "open the project, or name another", "project %q is %s", p.Name, strings.ToLower(p.State))
		return false
	}
	c.say(trackers.OK, "", "project %q", p.Name)
	return true
}

// finding proves that tickets can be found by tag and by text.
func (c *checking) finding(ctx context.Context) {
	all, err := c.t.find(ctx, "check", search{
		typ: "artifact", query: c.t.marks.ours(), fetch: "ObjectID", order: "ObjectID", project: everywhere, size: 1, more: bothTypes(),
	})
	if err != nil {
		c.say(trackers.Fail, "", "tickets cannot be found by tag and notes: %v", cause(err))
		return
	}
	c.say(trackers.OK, "", "tickets are found by the tag %s and by their notes; there are %d", c.t.marks.tag, all.Total)
}

// types looks at the attributes of stories and defects.
func (c *checking) types(ctx context.Context) {
	for _, typ := range []kindOf{storyType, defectType} {
		all, err := c.t.attributes(ctx, "check", typ)
		if err != nil {
			c.say(trackers.Fail, "", "attributes of %s: %v", typ.element(), cause(err))
			return
		}
		c.required(typ, all)
		c.values(typ, all)
	}
	c.states(ctx)
	c.names(ctx, "Priority", c.t.opt.Priorities)
	c.names(ctx, "Severity", c.t.opt.Severities)
}

// given are the attributes that a new ticket always has, or gets from Rally itself.
func given() []string {
	return []string{"name", "project", "workspace", "schedulestate", "state", "flowstate", "objectid", "submittedby"}
}

// required finds attributes that must have a value and get none.
func (c *checking) required(typ kindOf, all map[string]attribute) {
	var missing []string
	for name, a := range all {
		fixed := slices.ContainsFunc(c.t.opt.Values, func(v Value) bool { return strings.EqualFold(v.Field, name) })
		ours := typ == defectType && (name == "priority" || name == "severity" && len(c.t.opt.Severities) > 0)
		if a.Required && !a.ReadOnly && !a.Hidden && !fixed && !ours && !slices.Contains(given(), name) {
			missing = append(missing, a.Element)
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		c.say(trackers.Fail, "give it a value under values", "%s requires %s, which has no value in the configuration", typ.element(), strings.Join(missing, ", "))
		return
	}
	c.say(trackers.OK, "", "type %s", typ.element())
}

// values looks for the attributes that the configuration gives a value.
func (c *checking) values(typ kindOf, all map[string]attribute) {
	for _, v := range c.t.opt.Values {
		wanted := v.Kinds == nil || slices.ContainsFunc(v.Kinds, func(k ticket.Kind) bool { return typeOf(k) == typ })
		if _, ok := all[strings.ToLower(v.Field)]; wanted && !ok {
			c.say(trackers.Fail, "mend values; names of custom attributes begin with c_", "%s has no attribute %s", typ.element(), v.Field)
		}
	}
}

// states tells which words of the workspace mean nothing to us.
func (c *checking) states(ctx context.Context) {
	for _, where := range []struct {
		typ  kindOf
		name string
	}{{storyType, "ScheduleState"}, {defectType, "State"}} {
		allowed, err := c.t.allowed(ctx, "check", where.typ, where.name)
		if err != nil {
			c.say(trackers.Warn, "", "%s: %v", where.name, cause(err))
			continue
		}
		var unknown []string
		done := false
		for _, a := range allowed {
			done = done || c.t.folds.meant(a) == ticket.StatusDone
			if c.t.folds.meant(a) == "" {
				unknown = append(unknown, a)
			}
		}
		switch {
		case len(unknown) > 0:
			c.say(trackers.Warn, "list them under statuses", "%s %s of a %s count as open", where.name, strings.Join(unknown, ", "), where.typ.element())
		case !done:
			c.say(trackers.Fail, "list it under statuses", "no %s of a %s means done", where.name, where.typ.element())
		}
	}
}

// names tells which of the configured values of an attribute the workspace does not have.
func (c *checking) names(ctx context.Context, attribute string, byPriority map[ticket.Priority][]string) {
	if len(byPriority) == 0 {
		return
	}
	allowed, err := c.t.allowed(ctx, "check", defectType, attribute)
	if err != nil {
		c.say(trackers.Warn, "", "%s: %v", attribute, cause(err))
		return
	}
	var lost []string
	for p := ticket.PriorityLowest; p <= ticket.PriorityHighest; p++ {
		if _, ok := pick(byPriority[p], allowed); !ok && len(byPriority[p]) > 0 {
			lost = append(lost, p.String())
		}
	}
	if len(lost) > 0 {
		c.say(trackers.Warn, "name those of your workspace, which are "+strings.Join(allowed, ", "), "no %s of a defect here is configured as %s", attribute, strings.Join(lost, ", "))
		return
	}
	c.say(trackers.OK, "", "%s of defects", attribute)
}

// due says where due days will be.
func (c *checking) due(ctx context.Context) {
	const none = "; stories have no priority in Rally"
	switch c.t.opt.Due {
	case DueField:
		all, err := c.t.attributes(ctx, "check", storyType)
		a, ok := all[strings.ToLower(c.t.opt.DueField)]
		switch {
		case err != nil:
			c.say(trackers.Fail, "", "%v", cause(err))
		case !ok:
			c.say(trackers.Fail, "let an administrator add it, or choose another place under due", "a story has no attribute %s for its due day", c.t.opt.DueField)
		case a.Type != "DATE" || a.ReadOnly:
			c.say(trackers.Fail, "name an attribute of type date", "attribute %s cannot hold a due day", a.Element)
		default:
			c.say(trackers.OK, "", "due days: TargetDate of defects, %s of stories%s", a.Element, none)
		}
	case DueIteration:
		c.iterations(ctx, none)
	case DueMilestone:
		c.say(trackers.OK, "", "due days: TargetDate of defects, a milestone for each day of stories%s", none)
	case DueNone:
		c.say(trackers.Warn, "set due, so that overdue stories are told", "due days: TargetDate of defects, and none of stories%s", none)
	default:
		c.say(trackers.OK, "", "due days: TargetDate of defects, a line in the description of stories%s", none)
	}
}

func (c *checking) iterations(ctx context.Context, none string) {
	all, err := c.t.iterations(ctx, "check")
	switch {
	case err != nil:
		c.say(trackers.Fail, "", "iterations: %v", cause(err))
	case len(all) == 0:
		c.say(trackers.Warn, "plan iterations in the project, or set due to text", "the project has no iteration, so the due day of a story is a line in its description alone")
	default:
		c.say(trackers.OK, "", "due days: TargetDate of defects, a line in the description of stories and their iteration, the last of which ends %s%s", all[len(all)-1].last, none)
	}
}

// people looks everybody up, and among those who may edit the project.
func (c *checking) people(ctx context.Context, accounts []string) {
	if len(accounts) == 0 {
		return
	}
	editors, err := objects[object](ctx, c.t, "check", search{typ: "project/" + c.t.opt.Project + "/Editors", fetch: "ObjectID", order: "ObjectID", project: everywhere})
	if err != nil {
		c.say(trackers.Warn, "", "who may edit the project cannot be read: %v", cause(err))
	}
	known := len(editors) > 0
	fine := 0
	for _, name := range accounts {
		p, err := c.t.owner(ctx, "check", name)
		editor := slices.ContainsFunc(editors, func(o object) bool { return path("user", o.id()) == p.ref })
		switch {
		case err != nil:
			c.say(trackers.Warn, "", "%s could not be looked up: %v", name, cause(err))
		case p.why != "":
			c.say(trackers.Warn, "list the user name under people", "%s", p.why)
		case known && !editor:
			c.say(trackers.Warn, "make them an editor of the project; administrators need not be", "%s is no editor of the project, and may not be taken as an owner", name)
		default:
			fine++
		}
	}
	c.say(trackers.OK, "", "%d of %d people can own tickets", fine, len(accounts))
}
