package jira

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// Check asks for everything that filing will need, and writes nothing.
func (t *Tracker) Check(ctx context.Context, accounts []string) []trackers.Diagnosis {
	t.forget()
	c := &checking{t: t}
	if c.login(ctx) && c.project(ctx) {
		c.types(ctx)
		for _, project := range c.t.projects() {
			c.permissions(ctx, project)
		}
		c.linkType(ctx)
		c.people(ctx, accounts)
		for _, project := range c.t.projects() {
			c.public(ctx, project)
		}
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

func (c *checking) login(ctx context.Context) bool {
	kind, err := c.t.deployment(ctx, "check")
	var me user
	if err == nil {
		err = c.t.read(ctx, "check", "GET", "myself", nil, &me)
	}
	if err != nil {
		mend := "look at url (and api), and whether this machine reaches it"
		if trackers.CodeOf(err) == trackers.Denied {
			mend = "make a new token and store it where the configuration looks"
			if c.t.opt.User == "" {
				mend += "; an API token of Cloud also needs user, the e-mail address of its account"
			}
		}
		c.say(trackers.Fail, mend, "%v", cause(err))
		return false
	}
	c.say(trackers.OK, "", "token, user %q, time zone %s, Jira %s", me.Display, me.TimeZone, kind)
	return true
}

// cause is an error without the name of tracker and operation, which we say ourselves.
func cause(err error) error {
	if e, ok := errors.AsType[*trackers.Error](err); ok {
		return e.Err
	}
	return err
}

func (c *checking) project(ctx context.Context) bool {
	for _, key := range c.t.projects() {
		var p named
		if err := c.t.read(ctx, "check", "GET", "project/"+url.PathEscape(key), nil, &p); err != nil {
			c.say(trackers.Fail, "write the project's key as in OPS-12, and let the user browse it", "project %s: %v", key, cause(err))
			return false
		}
		c.say(trackers.OK, "", "project %s, %s", p.Key, p.Name)
	}
	return true
}

// types looks at the create screens of all kinds.
func (c *checking) types(ctx context.Context) {
	screens, err := c.t.screens(ctx, "check")
	if err != nil {
		c.say(trackers.Fail, "name types of this project by name or id", "%v", cause(err))
		return
	}
	ids, err := c.t.fieldIDs(ctx, "check")
	if err != nil {
		c.say(trackers.Fail, "", "fields: %v", cause(err))
		return
	}
	var names []string
	for _, kind := range kinds() {
		s := screens[slot{kind: kind}]
		names = append(names, s.typ.Name)
		c.screen(kind, s, ids)
	}
	c.say(trackers.OK, "", "types %s, hierarchy %s", strings.Join(names, ", "), c.t.opt.Hierarchy)
	c.priorities(screens[slot{kind: ticket.KindStory}])
}

func (c *checking) screen(kind ticket.Kind, s screen, ids fieldIDs) {
	child := kind != ticket.KindParent
	switch {
	case c.t.opt.Hierarchy == Subtask && child != s.typ.Subtask:
		c.say(trackers.Fail, "set types", "type %s of a %s: with hierarchy subtask children are sub-tasks, and parents are not", s.typ.Name, kind)
	case c.t.opt.Hierarchy == Epic && s.typ.Subtask:
		c.say(trackers.Fail, "set types, or hierarchy: subtask", "type %s of a %s is a sub-task", s.typ.Name, kind)
	case c.t.opt.Hierarchy == Epic && !child && s.typ.Level == 0 && ids.EpicLink == "":
		c.say(trackers.Fail, "set types, or hierarchy: link", "type %s cannot have %s below it", s.typ.Name, c.t.opt.Types[ticket.KindStory])
	}
	for _, wrong := range s.wrong {
		c.say(trackers.Fail, "mend values, or the screen", "%s", wrong)
	}
	ours := []string{"summary", "issuetype", "project", "parent", "labels", "description", ids.EpicName, ids.EpicLink}
	if missing := s.missing(ours...); len(missing) > 0 {
		c.say(trackers.Fail, "give it a value under values", "type %s requires %s, which has no value in the configuration", s.typ.Name, strings.Join(missing, ", "))
	}
	if _, ok := s.fields["labels"]; !ok {
		c.say(trackers.Fail, "put the field Labels on the create screen", "type %s has no labels, by which percolate finds its tickets", s.typ.Name)
	}
	if _, ok := s.fields["issuelinks"]; c.t.opt.Hierarchy == Link && child && !ok {
		c.say(trackers.Warn, "put the field Linked Issues on the create screen",
			"type %s cannot be linked when it is created, which costs a request for each, and a lost answer leaves it without its link", s.typ.Name)
	}
	for _, id := range []string{"description", "priority", "duedate", "assignee"} {
		if _, ok := s.fields[id]; !ok {
			c.say(trackers.Warn, "put the field on the create screen", "type %s has no field %s; tickets are filed without", s.typ.Name, id)
		}
	}
}

// priorities tells which of ours this Jira does not have.
func (c *checking) priorities(s screen) {
	if _, ok := s.fields["priority"]; !ok {
		return
	}
	var lost []string
	for _, p := range slices.Sorted(maps.Keys(c.t.opt.Priorities)) {
		if _, why := c.t.priority(p, s); why != "" {
			lost = append(lost, p.String())
		}
	}
	if len(lost) > 0 {
		c.say(trackers.Warn, "set priorities to the names that your Jira has", "no priority here is configured as %s", strings.Join(lost, ", "))
	}
}

func (c *checking) permissions(ctx context.Context, project string) {
	need := []string{"BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "ASSIGN_ISSUES", "ADD_COMMENTS", "TRANSITION_ISSUES"}
	if c.t.opt.Hierarchy == Link {
		need = append(need, "LINK_ISSUES")
	}
	var out struct {
		Permissions map[string]struct {
			Have bool `json:"havePermission"`
		} `json:"permissions"`
	}
	path := "mypermissions?projectKey=" + url.QueryEscape(project) + "&permissions=" + strings.Join(need, ",")
	if err := c.t.read(ctx, "check", "GET", path, nil, &out); err != nil {
		c.say(trackers.Warn, "", "permissions: %v", cause(err))
		return
	}
	var lost []string
	for _, p := range need {
		if !out.Permissions[p].Have {
			lost = append(lost, p)
		}
	}
	if len(lost) > 0 {
		c.say(trackers.Fail, "give the user a project role that has them", "the user lacks the permissions %s in project %s", strings.Join(lost, ", "), project)
		return
	}
	c.say(trackers.OK, "", "permissions to browse, create, edit, assign, comment and transition in project %s", project)
}

func (c *checking) linkType(ctx context.Context) {
	if c.t.opt.Hierarchy != Link {
		return
	}
	var out struct {
		Types []named `json:"issueLinkTypes"`
	}
	if err := c.t.read(ctx, "check", "GET", "issueLinkType", nil, &out); err != nil {
		c.say(trackers.Fail, "let an administrator switch issue linking on", "link types: %v", cause(err))
		return
	}
	var names []string
	for _, l := range out.Types {
		names = append(names, l.Name)
	}
	if !slices.Contains(names, c.t.opt.LinkType) {
		c.say(trackers.Fail, "set link_type", "there is no link type %q; there are %s", c.t.opt.LinkType, strings.Join(names, ", "))
		return
	}
	c.say(trackers.OK, "", "link type %s", c.t.opt.LinkType)
}

func (c *checking) people(ctx context.Context, accounts []string) {
	fine := 0
	for _, name := range accounts {
		if !slices.ContainsFunc(c.t.projects(), func(project string) bool { return !c.assignable(ctx, project, name) }) {
			fine++
		}
	}
	if len(accounts) > 0 {
		c.say(trackers.OK, "", "%d of %d people can be assigned", fine, len(accounts))
	}
}

// assignable tells why somebody is not.
func (c *checking) assignable(ctx context.Context, project, name string) bool {
	f, err := c.t.assignable(ctx, "check", project, name)
	switch {
	case err != nil:
		c.say(trackers.Warn, "", "%s could not be looked up: %v", name, cause(err))
	case f.why != "":
		c.say(trackers.Warn, "list the account under people, or let the person be assigned in the project", "%s", f.why)
	}
	return err == nil && f.why == ""
}

// public looks at the project without credentials.
func (c *checking) public(ctx context.Context, project string) {
	req, err := http.NewRequestWithContext(rest.WithOp(ctx, "check"), http.MethodGet, c.t.opt.API+"/"+api+"project/"+url.PathEscape(project), nil)
	if err != nil {
		return
	}
	resp, err := c.t.anon.HTTP().Do(req)
	if err != nil {
		return
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return
	}
	open := resp.StatusCode == http.StatusOK && strings.Contains(string(body), `"key"`)
	switch {
	case open && !c.t.opt.Public:
		c.say(trackers.Warn, "set public: true, or close the project", "anybody may read project %s without logging in", project)
	case open:
		c.say(trackers.OK, "", "project %s is public, as configured", project)
	default:
		c.say(trackers.OK, "", "project %s is not public", project)
	}
}
