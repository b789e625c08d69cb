package redmine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

// Check asks for everything that filing will need, and writes nothing.
func (t *Tracker) Check(ctx context.Context, accounts []string) []trackers.Diagnosis {
	t.forget()
	c := &checking{t: t}
	if c.login(ctx) && c.project(ctx) {
		c.trackers()
		c.priorities()
		c.permissions(ctx)
		c.statuses(ctx)
		c.marker(ctx)
		c.people(ctx, accounts)
	}
	return c.found
}

// checking gathers diagnoses.
type checking struct {
	t     *Tracker
	me    account
	facts facts
	found []trackers.Diagnosis
}

// account is whom the API key belongs to.
type account struct {
	Login       string `json:"login"`
	Admin       bool   `json:"admin"`
	Memberships []struct {
		Project thing   `json:"project"`
		Roles   []thing `json:"roles"`
	} `json:"memberships"`
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

func (c *checking) login(ctx context.Context) bool {
	var out struct {
		User account `json:"user"`
	}
	if err := c.t.read(ctx, "check", "/users/current.json?include=memberships", &out); err != nil {
		mend := "look at url, and whether this machine reaches it"
		if trackers.CodeOf(err) == trackers.Denied {
			mend = "copy the API key from the account's page (My account, API access key) to where the configuration looks"
		}
		c.say(trackers.Fail, mend, "%v", cause(err))
		return false
	}
	c.me = out.User
	c.say(trackers.OK, "", "API key of %q", c.me.Login)
	return true
}

func (c *checking) project(ctx context.Context) bool {
	f, err := c.t.learn(ctx, "check")
	if err != nil {
		c.say(trackers.Fail, "write the project's identifier as in its address, /projects/ops, and make the account a member", "project %s: %v", c.t.opt.Project, cause(err))
		return false
	}
	c.facts = f
	switch {
	case f.project.Public && !c.t.opt.Public:
		c.say(trackers.Warn, "set public: true, or let the project not be public", "project %s is public: who may see it depends on what Redmine lets strangers see", f.project.Identifier)
	default:
		c.say(trackers.OK, "", "project %s, %s", f.project.Identifier, f.project.Name)
	}
	return true
}

func (c *checking) trackers() {
	var names []string
	for _, kind := range []ticket.Kind{ticket.KindParent, ticket.KindStory, ticket.KindDefect} {
		if _, err := c.t.tracker("check", c.facts, kind); err != nil {
			c.say(trackers.Fail, "name trackers of this project under types", "%v", cause(err))
			return
		}
		names = append(names, c.t.opt.Types[kind])
	}
	c.say(trackers.OK, "", "trackers %s", strings.Join(names, ", "))
}

// priorities tells which of ours this Redmine does not have.
func (c *checking) priorities() {
	var lost []string
	for _, p := range slices.Sorted(maps.Keys(c.t.opt.Priorities)) {
		if _, why := c.t.priority(c.facts, p); why != "" {
			lost = append(lost, p.String())
		}
	}
	if len(lost) > 0 {
		c.say(trackers.Warn, "set priorities to the names that your Redmine has", "no priority here is configured as %s", strings.Join(lost, ", "))
	}
}

// role is what members of a role may do.
type role struct {
	Visibility  string   `json:"issues_visibility"`
	Permissions []string `json:"permissions"`
}

// permissions adds up what the roles of the account allow in the project.
func (c *checking) permissions(ctx context.Context) {
	if c.me.Admin {
		c.say(trackers.Warn, "take the key of an ordinary account with a role of its own", "the account is an administrator, and may do far more than percolate needs")
		return
	}
	have, member, sees := map[string]bool{}, false, false
	for _, m := range c.me.Memberships {
		if m.Project.ID != c.facts.project.ID {
			continue
		}
		for _, r := range m.Roles {
			var out struct {
				Role role `json:"role"`
			}
			if err := c.t.read(ctx, "check", fmt.Sprintf("/roles/%d.json", r.ID), &out); err != nil {
				c.say(trackers.Warn, "", "role %s: %v", r.Name, cause(err))
				continue
			}
			member = true
			sees = sees || out.Role.Visibility == "all"
			for _, p := range out.Role.Permissions {
				have[p] = true
			}
		}
	}
	c.allowed(have, member, sees)
}

func (c *checking) allowed(have map[string]bool, member, sees bool) {
	needs := []string{"view_issues", "add_issues", "edit_issues", "manage_subtasks", "add_issue_notes"}
	lost := slices.DeleteFunc(needs, func(p string) bool { return have[p] })
	switch {
	case !member:
		c.say(trackers.Fail, "make the account a member", "the account is no member of project %s", c.facts.project.Identifier)
	case len(lost) > 0:
		c.say(trackers.Fail, "give its role these permissions", "the account lacks the permissions %s", strings.Join(lost, ", "))
	case !sees:
		c.say(trackers.Warn, "set the role's Issues visibility to All issues", "the account sees no private issues: a ticket that is made private looks deleted")
	default:
		c.say(trackers.OK, "", "permissions to view, add and edit issues, manage subtasks and add notes")
	}
}

// statuses looks for configured words that no status has.
func (c *checking) statuses(ctx context.Context) {
	var out struct {
		Statuses []status `json:"issue_statuses"`
	}
	if err := c.t.read(ctx, "check", "/issue_statuses.json", &out); err != nil {
		c.say(trackers.Warn, "", "statuses: %v", cause(err))
		return
	}
	var words []string
	for _, s := range out.Statuses {
		words = append(words, ticket.FoldText(s.Name))
	}
	for _, list := range c.t.opt.Statuses {
		for _, w := range list {
			if !slices.Contains(words, ticket.FoldText(w)) {
				c.say(trackers.Warn, "mend statuses", "there is no status %q", w)
			}
		}
	}
}

// marker proves that Redmine filters by what holds the marker: it leaves a filter that it
// does not know out of the question, and answers with everything.
func (c *checking) marker(ctx context.Context) {
	name, value := c.t.marks.filter(c.t.marks.all() + "doctor-looks-for-nothing")
	where := "the description, which people can edit"
	if c.t.opt.MarkerField != 0 {
		where = "custom field " + strconv.Itoa(c.t.opt.MarkerField)
	}
	var filtered, all page
	err := c.t.read(ctx, "check", list(url.Values{name: {value}}), &filtered)
	if err == nil {
		err = c.t.read(ctx, "check", list(url.Values{}), &all)
	}
	switch {
	case err != nil:
		c.say(trackers.Fail, "", "find tickets by their marker: %v", cause(err))
	case filtered.Total > 0 && c.t.opt.MarkerField != 0:
		c.say(trackers.Fail, "let an administrator tick Used as a filter and For all projects, and make it visible to the account",
			"Redmine does not filter by %s, so that tickets cannot be found again", where)
	case filtered.Total > 0:
		c.say(trackers.Fail, "use marker_field", "Redmine does not filter by %s, so that tickets cannot be found again", where)
	case all.Total == 0:
		c.say(trackers.Warn, "run doctor once more when the first tickets are filed", "the marker stands in %s; whether Redmine filters by that cannot be told while the account sees no issue", where)
	default:
		c.say(trackers.OK, "", "the marker stands in %s", where)
	}
	if c.t.opt.LabelsField == 0 {
		c.say(trackers.OK, "", "labels stand in the description; a custom field for them is labels_field")
	}
}

func (c *checking) people(ctx context.Context, accounts []string) {
	fine := 0
	for _, name := range accounts {
		_, why, err := c.t.assignable(ctx, "check", c.facts.project.Identifier, name)
		switch {
		case err != nil:
			c.say(trackers.Warn, "", "%s could not be looked up: %v", name, cause(err))
		case why != "":
			c.say(trackers.Warn, "list the account under people as Redmine shows the name, or make the person a member", "%s", why)
		default:
			fine++
		}
	}
	if len(accounts) > 0 {
		c.say(trackers.OK, "", "%d of %d people are members of the project", fine, len(accounts))
	}
}
