package jiratest

import (
	"net/url"
	"slices"
	"strings"
)

type person struct {
	id, name, email string
	assignable      bool
	app             bool // no person but a program
}

func people() []person {
	return []person{
		{"acc-ann", "ann", "ann@percolate.example", true, false}, {"acc-bob", "bob", "bob@percolate.example", true, false},
		{"acc-anna", "anna", "ann@percolate.example.org", true, false}, {"acc-nobody", "nobody", "nobody@percolate.example", false, false},
		{"acc-twin-1", "twin1", "twin@percolate.example", true, false}, {"acc-twin-2", "twin2", "twin@percolate.example", true, false},
		{"acc-bot", "percolate", "bot@percolate.example", false, false}, {"acc-automation", "automation", "", false, true},
	}
}

// account is how the site calls somebody of [people], by name.
func (s *Server) account(name string) string {
	for _, p := range people() {
		if p.name == name {
			return s.idOf(p)
		}
	}
	return name
}

// own is the account whose token percolate has.
func (s *Server) own() string { return s.account("percolate") }

func (s *Server) idOf(p person) string {
	if s.opt.DataCenter {
		return p.name
	}
	return p.id
}

func (s *Server) user(id string) any {
	for _, p := range people() {
		if s.idOf(p) != id {
			continue
		}
		v := map[string]any{"displayName": strings.ToUpper(p.name[:1]) + p.name[1:], "active": true}
		if s.opt.DataCenter {
			v["name"], v["key"] = p.name, "JIRAUSER"+p.name
		} else {
			v["accountId"], v["accountType"] = p.id, "atlassian"
			if p.app {
				v["accountType"] = "app"
			}
		}
		if !s.faults.HideEmails && p.email != "" {
			v["emailAddress"] = p.email
		}
		return v
	}
	if !s.opt.AnyUser || id == "" {
		return nil
	}
	if s.opt.DataCenter {
		return map[string]any{"displayName": id, "active": true, "name": id}
	}
	return map[string]any{"displayName": id, "active": true, "accountId": id, "emailAddress": id}
}

func (s *Server) mayBeAssigned(id string) bool {
	return s.opt.AnyUser && id != "" || slices.ContainsFunc(people(), func(p person) bool { return s.idOf(p) == id && p.assignable })
}

// assignable searches as Jira does: by the beginnings of names and addresses.
func (s *Server) assignable(c *call) answer {
	q := c.req.URL.Query()
	if _, ok := s.projects[q.Get("project")]; !ok {
		return failed(404, "No project could be found with key '"+q.Get("project")+"'.")
	}
	if s.opt.DataCenter && !q.Has("username") || !s.opt.DataCenter && (q.Has("username") || !q.Has("query") && !q.Has("accountId")) {
		return failed(400, "username or query is needed")
	}
	out := []any{}
	for _, p := range people() {
		if p.assignable && s.matches(p, q) {
			out = append(out, s.user(s.idOf(p)))
		}
	}
	if name := q.Get("accountId") + q.Get("query") + q.Get("username"); len(out) == 0 && s.opt.AnyUser && name != "" {
		out = append(out, s.user(name))
	}
	return answer{status: 200, body: out}
}

func (s *Server) matches(p person, q url.Values) bool {
	if id := q.Get("accountId"); id != "" {
		return p.id == id
	}
	text := strings.ToLower(q.Get("query") + q.Get("username"))
	if s.faults.HideEmails && strings.Contains(text, "@") {
		return p.email == text // what is hidden is found by the whole of it only
	}
	return strings.HasPrefix(p.name, text) || strings.HasPrefix(p.email, text)
}
