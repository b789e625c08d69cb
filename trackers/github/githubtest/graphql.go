package githubtest

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// schema is the part of GitHub's GraphQL that the simulator knows: the type of each
// field of each type, "" for a scalar. Issue types are shown where there are any,
// to those who ask for them.
func (s *Server) schema(typed bool) map[string]map[string]string {
	all := map[string]map[string]string{
		"Query":          {"repository": "Repository", "nodes": "Issue", "viewer": "User"},
		"Mutation":       {"createIssue": "IssuePayload", "addSubIssue": "IssuePayload"},
		"Repository":     {"id": "", "nameWithOwner": "", "label": "Label", "issue": "Issue", "assignableUsers": "UserConnection"},
		"Label":          {"id": "", "name": ""},
		"User":           {"id": "", "login": ""},
		"UserConnection": {"nodes": "User"},
		"IssuePayload":   {"issue": "Issue", "subIssue": "Issue"},
		"Issue": {
			"__typename": "", "id": "", "databaseId": "", "number": "", "title": "", "body": "", "state": "", "stateReason": "", "url": "",
			"createdAt": "", "updatedAt": "", "labels": "LabelConnection", "assignees": "UserConnection", "milestone": "Milestone",
			"parent": "Issue", "repository": "Repository", "issueType": "IssueType", "timelineItems": "Timeline",
		},
		"Timeline": {"nodes": "TimelineItem", "pageInfo": "PageInfo", "totalCount": ""},
		"PageInfo": {"hasPreviousPage": ""},
		// A union has no fields of its own.
		"TimelineItem":    {"__typename": ""},
		"Actor":           {"__typename": "", "login": ""},
		"IssueComment":    {"createdAt": "", "author": "Actor", "body": ""},
		"LabelConnection": {"nodes": "Label"},
		"Milestone":       {"dueOn": "", "number": "", "title": ""},
		"IssueType":       {"id": "", "name": ""},
	}
	for _, kind := range []string{"Assigned", "Unassigned", "Closed", "Reopened", "Labeled", "Unlabeled"} {
		all[kind+"Event"] = map[string]string{"createdAt": "", "actor": "Actor"}
	}
	all["LabeledEvent"]["label"], all["UnlabeledEvent"]["label"] = "Label", "Label"
	if !typed {
		delete(all["Issue"], "issueType")
	}
	if s.opt.NoSubIssues {
		delete(all["Issue"], "parent")
		delete(all["Mutation"], "addSubIssue")
	}
	return all
}

// graphError is one entry of errors in an answer.
type graphError map[string]any

func (s *Server) onGraphQL(w http.ResponseWriter, r *http.Request) {
	a := w.(*answer)
	if s.opt.NoGraphQL {
		a.fail(http.StatusForbidden, "Resource not accessible by personal access token")
		return
	}
	var in struct {
		Query     string
		Variables map[string]any
	}
	if !read(a, r, &in) {
		return
	}
	doc, err := parse(in.Query)
	if err == nil {
		typed := s.opt.Types != nil && strings.Contains(r.Header.Get("GraphQL-Features"), "issue_types")
		err = s.valid(doc, in.Variables, s.schema(typed))
	}
	if err != nil {
		a.give(http.StatusOK, map[string]any{"errors": []graphError{{"message": err.Error()}}})
		return
	}
	a.mutates = doc.mutation
	x := &executor{s: s, vars: in.Variables, fragments: doc.fragments}
	root := "Query"
	if doc.mutation {
		root = "Mutation"
		a.aliases = len(doc.fields)
		if a.aliases > 20 {
			a.fail(http.StatusBadGateway, "Something went wrong while executing your query.")
			return
		}
	}
	out := map[string]any{"data": x.run(root, doc.fields)}
	if len(x.errs) > 0 {
		out["errors"] = x.errs
	}
	a.give(http.StatusOK, out)
}

// valid compares a document with the schema.
func (s *Server) valid(doc document, vars map[string]any, schema map[string]map[string]string) error {
	root := "Query"
	if doc.mutation {
		root = "Mutation"
	}
	for _, f := range doc.fields {
		if err := s.validInput(f, vars); err != nil {
			return err
		}
	}
	return s.validFields(schema, doc.fragments, root, doc.fields)
}

func (s *Server) validFields(schema map[string]map[string]string, fragments map[string][]selection, typ string, fields []selection) error {
	for _, f := range fields {
		switch {
		case f.spread != "":
			inner, ok := fragments[f.spread]
			if !ok {
				return fmt.Errorf("fragment %s was used, but not defined", f.spread)
			}
			if err := s.validFields(schema, fragments, "Issue", inner); err != nil {
				return err
			}
			continue
		case f.on != "":
			if err := s.validFields(schema, fragments, f.on, f.fields); err != nil {
				return err
			}
			continue
		}
		inner, known := schema[typ][f.name]
		if !known {
			return fmt.Errorf("field '%s' doesn't exist on type '%s'", f.name, typ)
		}
		if (inner == "") != (len(f.fields) == 0) {
			return fmt.Errorf("field '%s' of '%s' has the wrong selections", f.name, typ)
		}
		if err := s.validFields(schema, fragments, inner, f.fields); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) validInput(f selection, vars map[string]any) error {
	known := map[string][]string{
		"createIssue": {"repositoryId", "title", "body", "assigneeIds", "labelIds", "milestoneId", "parentIssueId", "clientMutationId"},
		"addSubIssue": {"issueId", "subIssueId", "replaceParent", "clientMutationId"},
	}[f.name]
	if known == nil {
		return nil
	}
	if s.opt.NoParentID || s.opt.NoSubIssues {
		known = slices.DeleteFunc(known, func(k string) bool { return k == "parentIssueId" })
	}
	input, ok := f.value("input", vars).(map[string]any)
	if !ok {
		return errors.New("variable $input of type " + f.name + "Input! was provided invalid value")
	}
	for _, key := range slices.Sorted(maps.Keys(input)) {
		if !slices.Contains(known, key) {
			return fmt.Errorf("variable $input of type %sInput! was provided invalid value for %s (Field is not defined on %sInput)", f.name, key, f.name)
		}
	}
	return nil
}

// executor runs one document.
type executor struct {
	s         *Server
	vars      map[string]any
	fragments map[string][]selection
	errs      []graphError
}

func (x *executor) fail(path []any, typ, format string, args ...any) {
	x.errs = append(x.errs, graphError{"type": typ, "path": path, "message": fmt.Sprintf(format, args...)})
}

// run answers the fields of the root, mutations one after the other.
func (x *executor) run(root string, fields []selection) map[string]any {
	data := map[string]any{}
	for _, f := range fields {
		key := f.key()
		switch f.name {
		case "viewer":
			data[key] = x.user(x.s.opt.Login)
		case "repository":
			data[key] = x.repository(f)
		case "nodes":
			data[key] = x.nodes(f)
		case "createIssue":
			data[key] = x.create(f)
		case "addSubIssue":
			data[key] = x.addSubIssue(f)
		}
	}
	return data
}

func (x *executor) user(login string) map[string]any {
	return map[string]any{"id": "U_" + login, "login": login}
}

func (x *executor) repository(f selection) any {
	owner, _ := f.value("owner", x.vars).(string)
	name, _ := f.value("name", x.vars).(string)
	r := x.s.repo(owner, name)
	if r == nil {
		x.fail([]any{f.key()}, "NOT_FOUND", "Could not resolve to a Repository with the name '%s/%s'.", owner, name)
		return nil
	}
	out := map[string]any{}
	for _, g := range f.fields {
		switch g.name {
		case "id":
			out[g.key()] = r.node
		case "nameWithOwner":
			out[g.key()] = r.full()
		case "label":
			out[g.key()] = nil
			want, _ := g.value("name", x.vars).(string)
			if l := r.label(want); l != nil {
				out[g.key()] = map[string]any{"id": l.node, "name": l.name}
			}
		case "assignableUsers":
			want, _ := g.value("query", x.vars).(string)
			nodes := []any{}
			for _, a := range x.s.opt.Accounts {
				if strings.Contains(strings.ToLower(a), strings.ToLower(want)) {
					nodes = append(nodes, x.user(a))
				}
			}
			out[g.key()] = map[string]any{"nodes": nodes}
		case "issue":
			out[g.key()] = x.numbered(f, g, r)
		}
	}
	return out
}

func (x *executor) numbered(f, g selection, r *repo) any {
	n, _ := g.value("number", x.vars).(float64)
	is := r.issue(int(n))
	if is == nil || is.deleted || is.movedTo != nil || is.pull {
		x.fail([]any{f.key(), g.key()}, "NOT_FOUND", "Could not resolve to an Issue with the number of %d.", int(n))
		return nil
	}
	return x.issue(is, g.fields)
}

func (x *executor) nodes(f selection) any {
	ids, _ := f.value("ids", x.vars).([]any)
	all := []any{}
	for i, id := range ids {
		node, _ := id.(string)
		is := x.s.byNode(node)
		if is == nil {
			x.fail([]any{f.key(), i}, "NOT_FOUND", "Could not resolve to a node with the global id of '%s'", node)
			all = append(all, nil)
			continue
		}
		all = append(all, x.issue(is, f.fields))
	}
	return all
}
