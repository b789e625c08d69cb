package jiratest

import (
	"slices"
	"strconv"
	"strings"
)

// Fields of the site that have other ids elsewhere.
const (
	fieldEpicLink = "customfield_10014"
	fieldEpicName = "customfield_10011"
	fieldFlagged  = "customfield_10021"
	fieldTeam     = "customfield_10400"
)

type issueType struct {
	id, name, french string
	level            int
}

func types() []issueType {
	return []issueType{
		{"10000", "Epic", "Épopée", 1}, {"10001", "Story", "Récit", 0}, {"10002", "Bug", "Bogue", 0},
		{"10003", "Task", "Tâche", 0}, {"10004", "Sub-task", "Sous-tâche", -1}, {"10005", "Sub-bug", "Sous-bogue", -1},
	}
}

func (s *Server) typeName(t issueType) string {
	if s.opt.Localised {
		return t.french
	}
	return t.name
}

func (s *Server) typeOf(id string) any {
	for _, t := range types() {
		if t.id == id {
			return s.showType(t)
		}
	}
	return nil
}

func (s *Server) showType(t issueType) map[string]any {
	v := map[string]any{"id": t.id, "name": s.typeName(t), "subtask": t.level < 0}
	if !s.opt.DataCenter {
		v["hierarchyLevel"] = t.level
	}
	return v
}

func levelOf(id string) int {
	for _, t := range types() {
		if t.id == id {
			return t.level
		}
	}
	return 0
}

// priorities are the names by id, the highest first.
func (s *Server) priorities() []string {
	if s.opt.Localised {
		return []string{"", "Majeure+", "Majeure", "Moyenne", "Mineure", "Mineure-"}
	}
	return []string{"", "Highest", "High", "Medium", "Low", "Lowest"}
}

func (s *Server) priorityName(id string) string {
	n, _ := strconv.Atoi(id)
	return s.priorities()[n]
}

type status struct{ id, name, category string }

func statuses() []status {
	return []status{
		{"1", "To Do", "new"}, {"3", "In Progress", "indeterminate"}, {"5", "Done", "done"}, {"7", "Blocked", "indeterminate"},
	}
}

func (s *Server) statusOf(id string) any {
	for _, st := range statuses() {
		if st.id == id {
			return map[string]any{"id": st.id, "name": st.name, "statusCategory": map[string]any{"key": st.category, "name": st.name}}
		}
	}
	return nil
}

func resolutions() []string { return []string{"Done", "Won't Do", "Duplicate"} }

func (s *Server) serverInfo(*call) answer {
	kind := "Cloud"
	if s.opt.DataCenter {
		kind = "Server"
	}
	return answer{status: 200, body: map[string]any{"baseUrl": s.opt.Site, "version": "1001.0.0", "deploymentType": kind, "serverTitle": "Simulated Jira"}}
}

func (s *Server) myself(*call) answer {
	if s.denied("MYSELF", "") {
		return failed(403, "The scope of the token does not allow this.")
	}
	v := map[string]any{"displayName": "percolate bot", "active": true, "timeZone": s.opt.Zone.String(), "emailAddress": "bot@percolate.example"}
	if s.opt.DataCenter {
		v["name"] = s.own()
	} else {
		v["accountId"], v["accountType"] = s.own(), "atlassian"
	}
	return answer{status: 200, body: v}
}

func (s *Server) permissions(c *call) answer {
	out := map[string]any{}
	for name := range strings.SplitSeq(c.req.URL.Query().Get("permissions"), ",") {
		if name != "" || s.opt.DataCenter {
			out[name] = map[string]any{"key": name, "havePermission": !s.denied(name, c.req.URL.Query().Get("projectKey"))}
		}
	}
	return answer{status: 200, body: map[string]any{"permissions": out}}
}

func (s *Server) project(c *call) answer {
	if _, ok := s.projects[c.args[0]]; !ok || c.anon && !s.opt.Public {
		return failed(404, "No project could be found with key '"+c.args[0]+"'.")
	}
	return answer{status: 200, body: map[string]any{"id": "10200", "key": c.args[0], "name": "Operations"}}
}

func (s *Server) linkTypes(*call) answer {
	return answer{status: 200, body: map[string]any{"issueLinkTypes": []any{
		map[string]any{"id": "10000", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"},
		map[string]any{"id": "10003", "name": "Relates", "inward": "relates to", "outward": "relates to"},
		map[string]any{"id": "10100", "name": "Post-event", "inward": "leads to", "outward": "follows from"},
	}}}
}

func (s *Server) fields(*call) answer {
	custom := func(id, name, kind string) any {
		return map[string]any{"id": id, "key": id, "name": name, "custom": true, "schema": map[string]any{"type": "any", "custom": kind}}
	}
	out := []any{
		map[string]any{"id": "summary", "key": "summary", "name": "Summary", "custom": false},
		custom(fieldFlagged, "Flagged", "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes"),
		custom(fieldTeam, "Team", "com.atlassian.jira.plugin.system.customfieldtypes:select"),
	}
	if s.opt.DataCenter {
		out = append(out, custom(fieldEpicLink, "Epic Link", "com.pyxis.greenhopper.jira:gh-epic-link"),
			custom(fieldEpicName, "Epic Name", "com.pyxis.greenhopper.jira:gh-epic-label"))
	}
	return answer{status: 200, body: out}
}

// page cuts a list as startAt and maxResults say.
func (s *Server) page(c *call, name string, all []any) answer {
	q := c.req.URL.Query()
	start, _ := strconv.Atoi(q.Get("startAt"))
	size, err := strconv.Atoi(q.Get("maxResults"))
	switch {
	case err != nil:
		size = 50
	case size > 200 || size < 1:
		return failed(400, "maxResults must be between 1 and 200")
	}
	if s.faults.PageMax > 0 {
		size = min(size, s.faults.PageMax)
	}
	start = min(max(start, 0), len(all))
	part := all[start:min(start+size, len(all))]
	if s.opt.DataCenter {
		name = "values"
	}
	return answer{status: 200, body: map[string]any{name: part, "startAt": start, "maxResults": size, "total": len(all)}}
}

func (s *Server) metaTypes(c *call) answer {
	if _, ok := s.projects[c.args[0]]; !ok {
		return failed(404, "No project could be found with key '"+c.args[0]+"'.")
	}
	var all []any
	for _, t := range types() {
		all = append(all, s.showType(t))
	}
	return s.page(c, "issueTypes", all)
}

func (s *Server) metaFields(c *call) answer {
	if s.typeOf(c.args[1]) == nil {
		return failed(404, "The issue type does not exist.")
	}
	var all []any
	for _, f := range s.screen(c.args[1]) {
		v := map[string]any{
			"fieldId": f.id, "key": f.id, "name": f.name, "required": f.required, "hasDefaultValue": f.preset,
			"operations": []string{"set"}, "schema": map[string]any{"type": f.kind},
		}
		if f.id == "priority" {
			var allowed []any
			for i, name := range s.priorities()[1:] {
				allowed = append(allowed, map[string]any{"id": strconv.Itoa(i + 1), "name": name})
			}
			v["allowedValues"] = allowed
		}
		all = append(all, v)
	}
	return s.page(c, "fields", all)
}

type screenField struct {
	id, name, kind   string
	required, preset bool
}

// screen lists the fields that can be set when an issue of the type is created.
func (s *Server) screen(typ string) []screenField {
	all := []screenField{
		{"summary", "Summary", "string", true, false}, {"issuetype", "Issue Type", "issuetype", true, false},
		{"project", "Project", "project", true, false}, {"reporter", "Reporter", "user", true, true},
		{"description", "Description", "string", false, false}, {"labels", "Labels", "array", false, false},
		{"priority", "Priority", "priority", false, true}, {"duedate", "Due date", "date", false, false},
		{"assignee", "Assignee", "user", false, false}, {"issuelinks", "Linked Issues", "array", false, false},
		{fieldTeam, "Team", "option", slices.Contains(s.faults.Required, fieldTeam), false},
	}
	if !s.opt.DataCenter || levelOf(typ) < 0 {
		all = append(all, screenField{"parent", "Parent", "issuelink", levelOf(typ) < 0, false})
	}
	if s.opt.DataCenter && levelOf(typ) == 1 {
		all = append(all, screenField{fieldEpicName, "Epic Name", "string", true, false})
	}
	if s.opt.DataCenter && levelOf(typ) == 0 {
		all = append(all, screenField{fieldEpicLink, "Epic Link", "any", false, false})
	}
	return slices.DeleteFunc(all, func(f screenField) bool { return slices.Contains(s.faults.OffScreen, f.id) })
}
