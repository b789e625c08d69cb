package rallytest

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// knownParams are the parameters of a query; a slip in one would go unseen in Rally.
func knownParams() []string {
	return []string{"query", "fetch", "order", "start", "pagesize", "workspace", "project", "projectScopeUp", "projectScopeDown", "types"}
}

// read answers a GET.
func (s *Server) read(c *call) answer {
	for name := range c.req.URL.Query() {
		if !slices.Contains(knownParams(), name) {
			return failed("QueryResult", fmt.Sprintf("unknown parameter %q", name))
		}
	}
	switch len(c.parts) {
	case 1:
		return s.query(c, c.parts[0])
	case 2:
		return s.readOne(c)
	case 3:
		o := s.named(c)
		if o == nil {
			return failed("QueryResult", "Cannot find object to read")
		}
		a, ok := s.attribute(o.typ, c.parts[2])
		if !ok || a.kind != collection {
			return failed("QueryResult", fmt.Sprintf("%s has no collection %s", elementOf(o.typ), c.parts[2]))
		}
		return s.page(c, s.members(o, a.name), []string{a.of})
	}
	return answer{status: 404, page: "404 Not Found"}
}

// named is the object that a path names by type and id.
func (s *Server) named(c *call) *object {
	id, err := strconv.ParseInt(c.parts[1], 10, 64)
	if err != nil {
		return nil
	}
	if c.parts[0] == "attributedefinition" {
		s.allDefinitions()
	}
	return s.get(c.parts[0], id)
}

// allDefinitions makes the definitions of attributes, which are made when asked for.
func (s *Server) allDefinitions() {
	for _, o := range slices.Clone(s.objects) {
		if o.typ == "typedefinition" {
			s.attributeDefinitions(o)
		}
	}
}

func (s *Server) readOne(c *call) answer {
	o := s.named(c)
	if o == nil {
		return failed("OperationResult", "Cannot find object to read")
	}
	body := s.show(o, fetchOf(c, "true"), 0)
	body["Errors"], body["Warnings"] = []string{}, []string{}
	return answer{status: 200, name: elementOf(o.typ), body: body}
}

func fetchOf(c *call, standard string) []string {
	fetch := c.req.URL.Query().Get("fetch")
	if fetch == "" {
		fetch = standard
	}
	return strings.Split(fetch, ",")
}

// query answers a query over all objects of a type.
func (s *Server) query(c *call, typ string) answer {
	types := []string{typ}
	if typ == "artifact" {
		types = strings.Split(c.req.URL.Query().Get("types"), ",")
	}
	for _, t := range types {
		if attributesOf(t) == nil {
			return failed("QueryResult", fmt.Sprintf("Could not parse: %q is no type", t))
		}
	}
	if typ == "user" && s.opt.AnyUser {
		if asked, err := parseQuery(c.req.URL.Query().Get("query")); err == nil {
			s.invite(asked)
		}
	}
	in, err := s.scopeOf(c)
	if err != nil {
		return failed("QueryResult", err.Error())
	}
	var all []*object
	for _, o := range s.objects {
		if slices.Contains(types, o.typ) && s.get(o.typ, o.id) != nil && in(o) {
			all = append(all, o)
		}
	}
	return s.page(c, all, types)
}

// invite makes a user of everybody who is asked for.
func (s *Server) invite(asked *node) {
	switch {
	case asked == nil:
	case asked.join != "":
		s.invite(asked.left)
		s.invite(asked.right)
	case s.account(asked.value) == nil:
		u := s.add("user", 0, map[string]any{"UserName": asked.value, "EmailAddress": asked.value, "DisplayName": asked.value, "Disabled": false})
		p := s.byID[s.opt.Project]
		p.sets["Editors"] = append(p.sets["Editors"], u.id)
	}
}

// scopeOf is what workspace and project let a query see.
func (s *Server) scopeOf(c *call) (func(*object) bool, error) {
	q := c.req.URL.Query()
	space := int64(OtherWorkspace)
	if text := q.Get("workspace"); text != "" {
		w := s.refTo("workspace", text)
		if w == nil {
			return nil, fmt.Errorf("Could not convert: Cannot parse object reference from %q", text)
		}
		space = w.id
	}
	project := int64(defaultProject)
	switch text := q.Get("project"); {
	case text == "null":
		project = 0
	case text != "":
		p := s.refTo("project", text)
		if p == nil {
			return nil, fmt.Errorf("Could not convert: Cannot parse object reference from %q", text)
		}
		project = p.id
	}
	return func(o *object) bool {
		if o.workspace != 0 && o.workspace != space {
			return false
		}
		in, ok := o.values["Project"].(int64)
		return !ok || project == 0 || in == project
	}, nil
}

// page answers with one page of some objects, after query and order.
func (s *Server) page(c *call, all []*object, types []string) answer {
	q := c.req.URL.Query()
	if text := q.Get("query"); text != "" {
		n, err := parseQuery(text)
		if err == nil {
			err = s.check(n, types)
		}
		if err != nil {
			return failed("QueryResult", err.Error())
		}
		all = slices.DeleteFunc(slices.Clone(all), func(o *object) bool { return !s.matches(n, o) })
	}
	if err := s.order(all, q.Get("order"), types); err != nil {
		return failed("QueryResult", err.Error())
	}
	start, size := 1, 20
	for name, into := range map[string]*int{"start": &start, "pagesize": &size} {
		if text := q.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 || name == "pagesize" && n > 2000 {
				return failed("QueryResult", fmt.Sprintf("Could not convert: %s cannot be %q", name, text))
			}
			*into = n
		}
	}
	total := len(all)
	from := min(start-1, total)
	shown := []result{}
	for _, o := range all[from:min(from+size, total)] {
		shown = append(shown, s.show(o, fetchOf(c, "_ref"), 0))
	}
	return envelope("QueryResult", nil, result{"TotalResultCount": total, "StartIndex": start, "PageSize": size, "Results": shown})
}

// order sorts as asked. Without that the newest come first, so that whoever counts on
// another order learns it.
func (s *Server) order(all []*object, by string, types []string) error {
	if by == "" {
		slices.Reverse(all)
		return nil
	}
	var names []string
	for key := range strings.SplitSeq(by, ",") {
		name := strings.Fields(key)[0]
		for _, typ := range types {
			if _, ok := s.attribute(typ, name); !ok {
				return fmt.Errorf("Could not parse: cannot order %s by %s", typ, name)
			}
		}
		names = append(names, name)
	}
	sort.SliceStable(all, func(i, j int) bool {
		for _, n := range names {
			if d := difference(all[i].values[n], all[j].values[n]); d != 0 {
				return d < 0
			}
		}
		return false
	})
	return nil
}

func difference(a, b any) int {
	switch x := a.(type) {
	case int64:
		y, _ := b.(int64)
		return int(min(max(x-y, -1), 1))
	case time.Time:
		y, _ := b.(time.Time)
		return x.Compare(y)
	case string:
		y, _ := b.(string)
		return strings.Compare(x, y)
	}
	return 0
}
