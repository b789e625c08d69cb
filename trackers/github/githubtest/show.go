package githubtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// api is the address in answers. Clients that follow it find any host that they used.
const api = "https://api.github.com"

func (s *Server) showUser(login string) map[string]any {
	if login == "" {
		return nil
	}
	u := map[string]any{"login": login, "id": 500 + len(login), "node_id": "U_" + login, "type": accountType(login), "site_admin": false, "gravatar_id": ""}
	for _, k := range []string{"avatar_url", "html_url", "url", "followers_url", "organizations_url", "received_events_url", "repos_url", "subscriptions_url", "events_url", "following_url", "gists_url", "starred_url"} {
		u[k] = api + "/users/" + login
	}
	return u
}

func accountType(login string) string {
	if strings.HasSuffix(login, "[bot]") {
		return "Bot"
	}
	return "User"
}

func (s *Server) showLabel(r *repo, name string) map[string]any {
	l := r.label(name)
	return map[string]any{
		"id": l.id, "node_id": l.node, "name": l.name, "color": "ededed", "default": false, "description": nil,
		"url": api + "/repos/" + r.full() + "/labels/x",
	}
}

func (s *Server) showMilestone(r *repo, number int) map[string]any {
	i := slices.IndexFunc(r.milestones, func(m *milestone) bool { return m.number == number })
	if i < 0 {
		return nil
	}
	m := r.milestones[i]
	at := api + "/repos/" + r.full() + "/milestones/" + fmt.Sprint(number)
	v := map[string]any{
		"url": at, "html_url": at, "labels_url": at + "/labels", "id": m.id, "node_id": fmt.Sprintf("MI_%d", m.id), "number": number,
		"state": m.state, "title": m.title, "description": nil, "creator": s.showUser(s.opt.Login), "open_issues": 0, "closed_issues": 0,
		"created_at": stamp(s.now()), "updated_at": stamp(s.now()), "closed_at": nil, "due_on": nil,
	}
	if m.due != "" {
		v["due_on"] = midnight(m.due)
	}
	return v
}

// midnight is what GitHub keeps of a milestone's time: the day.
func midnight(due string) string {
	t, err := time.Parse(time.RFC3339, due)
	if err != nil {
		return due
	}
	return t.UTC().Format(time.DateOnly) + "T07:00:00Z"
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (s *Server) show(is *issue) map[string]any {
	at := api + "/repos/" + is.repo.full() + "/issues/" + fmt.Sprint(is.number)
	labels, assignees := []any{}, []any{}
	for _, l := range is.labels {
		labels = append(labels, s.showLabel(is.repo, l))
	}
	for _, a := range is.assignees {
		assignees = append(assignees, s.showUser(a))
	}
	v := map[string]any{
		"id": is.id, "node_id": is.node, "number": is.number, "title": is.title, "body": is.body, "state": is.state(), "state_reason": nil,
		"url": at, "repository_url": api + "/repos/" + is.repo.full(), "labels_url": at + "/labels{/name}", "comments_url": at + "/comments",
		"events_url": at + "/events", "html_url": is.html(), "labels": labels, "assignee": nil, "assignees": assignees,
		"milestone": s.showMilestone(is.repo, is.milestone), "user": s.showUser(is.by), "locked": false, "comments": len(is.comments),
		"closed_at": nil, "created_at": stamp(is.created), "updated_at": stamp(is.updated), "author_association": "MEMBER",
	}
	if len(assignees) > 0 {
		v["assignee"] = assignees[0]
	}
	if is.reason != "" {
		v["state_reason"] = is.reason
	}
	if is.closed {
		v["closed_at"] = stamp(is.updated)
	}
	if is.pull {
		v["pull_request"] = map[string]any{"url": at, "html_url": at, "diff_url": at, "patch_url": at}
	}
	if !s.opt.NoSubIssues {
		s.showTree(is, v)
	}
	s.showValues(is, v)
	return v
}

func (s *Server) showTree(is *issue, v map[string]any) {
	done, all := 0, s.children(is)
	for _, c := range all {
		if c.closed {
			done++
		}
	}
	v["sub_issues_summary"] = map[string]any{"total": len(all), "completed": done, "percent_completed": done * 100 / max(len(all), 1)}
	v["parent_issue_url"] = nil
	if is.parent != nil {
		v["parent_issue_url"] = api + "/repos/" + is.parent.repo.full() + "/issues/" + fmt.Sprint(is.parent.number)
	} else {
		delete(v, "parent_issue_url")
	}
}

func (s *Server) showValues(is *issue, v map[string]any) {
	if is.typ != "" {
		v["type"] = showType(slices.Index(s.opt.Types, is.typ), is.typ)
	}
	values := []any{}
	for _, f := range s.opt.Fields {
		value, ok := is.fields[f.ID]
		if !ok {
			continue
		}
		one := map[string]any{"issue_field_id": f.ID, "issue_field_name": f.Name, "node_id": fmt.Sprintf("IFV_%d", f.ID), "data_type": f.Type, "value": value}
		if f.Type == "single_select" {
			one["single_select_option"] = map[string]any{"id": 1 + slices.Index(f.Options, value), "name": value, "color": "red"}
		}
		values = append(values, one)
	}
	if len(s.opt.Fields) > 0 {
		v["issue_field_values"] = values
	}
}

func showType(i int, name string) map[string]any {
	return map[string]any{"id": 300 + i, "node_id": fmt.Sprintf("IT_%d", i), "name": name, "description": nil}
}

func (is *issue) state() string {
	if is.closed {
		return "closed"
	}
	return "open"
}

func (is *issue) html() string {
	return "https://github.com/" + is.repo.full() + "/issues/" + fmt.Sprint(is.number)
}
