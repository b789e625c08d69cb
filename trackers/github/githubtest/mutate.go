package githubtest

import (
	"fmt"
	"slices"
	"strings"
)

// issue is the selected part of an issue.
func (x *executor) issue(is *issue, fields []selection) any {
	if is == nil {
		return nil
	}
	out := map[string]any{}
	for _, f := range fields {
		inner := f.fields
		switch {
		case f.spread != "":
			inner = x.fragments[f.spread]
			fallthrough
		case f.on != "":
			for k, v := range x.issue(is, inner).(map[string]any) {
				out[k] = v
			}
		default:
			out[f.key()] = x.value(is, f)
		}
	}
	return out
}

func (x *executor) value(is *issue, f selection) any {
	switch f.name {
	case "id":
		return is.node
	case "databaseId":
		return is.id
	case "labels":
		nodes := []any{}
		for _, l := range is.labels {
			nodes = append(nodes, map[string]any{"id": is.repo.label(l).node, "name": l})
		}
		return map[string]any{"nodes": nodes}
	case "assignees":
		nodes := []any{}
		for _, a := range is.assignees {
			nodes = append(nodes, x.user(a))
		}
		return map[string]any{"nodes": nodes}
	case "milestone":
		m := x.s.showMilestone(is.repo, is.milestone)
		if m == nil {
			return nil
		}
		return map[string]any{"dueOn": m["due_on"], "number": m["number"], "title": m["title"]}
	case "parent":
		return x.issue(is.parent, f.fields)
	case "timelineItems":
		return x.timeline(is, f)
	case "repository":
		return map[string]any{"nameWithOwner": is.repo.full(), "id": is.repo.node}
	case "issueType":
		if is.typ == "" {
			return nil
		}
		return map[string]any{"name": is.typ}
	}
	return x.scalar(is, f.name)
}

func (x *executor) scalar(is *issue, name string) any {
	switch name {
	case "__typename":
		if is.pull {
			return "PullRequest"
		}
		return "Issue"
	case "number":
		return is.number
	case "title":
		return is.title
	case "body":
		return is.body
	case "state":
		return strings.ToUpper(is.state())
	case "stateReason":
		if is.reason == "" {
			return nil
		}
		return strings.ToUpper(is.reason)
	case "url":
		return is.html()
	case "createdAt":
		return stamp(is.created)
	}
	return stamp(is.updated)
}

func texts(v any) (all []string) {
	list, _ := v.([]any)
	for _, e := range list {
		text, _ := e.(string)
		all = append(all, text)
	}
	return all
}

// create files one issue; each alias counts as content.
func (x *executor) create(f selection) any {
	in := f.value("input", x.vars).(map[string]any)
	path := []any{f.key()}
	text := func(key string) string { t, _ := in[key].(string); return t }
	i := slices.IndexFunc(x.s.repos, func(r *repo) bool { return r.node == text("repositoryId") })
	title, body := strings.TrimSpace(text("title")), text("body")
	switch {
	case i < 0:
		x.fail(path, "NOT_FOUND", "Could not resolve to a node with the global id of '%s'", text("repositoryId"))
		return nil
	case title == "" || len([]rune(title)) > titleMax || x.s.refuses(body):
		x.fail(path, "UNPROCESSABLE", "Title can't be blank")
		return nil
	case len([]rune(body)) > bodyMax:
		x.fail(path, "UNPROCESSABLE", "Body is too long (maximum is 65536 characters)")
		return nil
	}
	r := x.s.repos[i]
	is := &issue{title: title, body: body, by: x.s.opt.Login, repo: r}
	var labels, assignees []string
	for _, id := range texts(in["labelIds"]) {
		j := slices.IndexFunc(r.labels, func(l *label) bool { return l.node == id })
		if j < 0 {
			x.fail(path, "NOT_FOUND", "Could not resolve to a node with the global id of '%s'", id)
			return nil
		}
		labels = append(labels, r.labels[j].name)
	}
	for _, id := range texts(in["assigneeIds"]) {
		login := strings.TrimPrefix(id, "U_")
		if !x.s.assignable(login) {
			x.fail(path, "UNPROCESSABLE", "%s cannot be assigned to this issue", login)
			return nil
		}
		assignees = append(assignees, login)
	}
	if x.s.faults.NoPush {
		labels, assignees = nil, nil
	}
	for _, m := range r.milestones {
		if !x.s.faults.NoPush && text("milestoneId") == fmt.Sprintf("MI_%d", m.id) {
			is.milestone = m.number
		}
	}
	parent := x.s.byNode(text("parentIssueId"))
	switch {
	case text("parentIssueId") != "" && parent == nil:
		x.fail(path, "NOT_FOUND", "Could not resolve to a node with the global id of '%s'", text("parentIssueId"))
		return nil
	case parent != nil && len(x.s.children(parent)) >= x.s.opt.SubIssuesMax:
		x.fail(path, "UNPROCESSABLE", "An error occurred while adding the sub-issue to the parent issue. Parent cannot have more than %d sub-issues", max(x.s.opt.SubIssuesMax, 0))
		return nil
	}
	if !x.s.create() {
		x.errs = append(x.errs, graphError{"path": path, "message": "was submitted too quickly"})
		return nil
	}
	is.parent = parent
	x.s.add(r, is)
	x.s.change(is, is.by, func() { is.labels, is.assignees = labels, assignees })
	return map[string]any{"issue": x.issue(is, f.fields[0].fields)}
}

func (x *executor) addSubIssue(f selection) any {
	in := f.value("input", x.vars).(map[string]any)
	path := []any{f.key()}
	parentID, _ := in["issueId"].(string)
	childID, _ := in["subIssueId"].(string)
	replace, _ := in["replaceParent"].(bool)
	parent, child := x.s.byNode(parentID), x.s.byNode(childID)
	if parent == nil || child == nil {
		x.fail(path, "NOT_FOUND", "Could not resolve to a node")
		return nil
	}
	if !x.s.create() {
		x.errs = append(x.errs, graphError{"path": path, "message": "was submitted too quickly"})
		return nil
	}
	if why := x.s.link(parent, child, replace); why != "" {
		x.fail(path, "UNPROCESSABLE", "%s", why)
		return nil
	}
	out := map[string]any{}
	for _, g := range f.fields {
		of := child
		if g.name == "issue" {
			of = parent
		}
		out[g.key()] = x.issue(of, g.fields)
	}
	return out
}
