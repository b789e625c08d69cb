package githubtest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// event is one entry of an issue's timeline.
type event struct {
	kind string // as REST calls it: "assigned", "closed", "labeled", "commented", ...
	by   string
	what string // the label or the assignee
	at   time.Time
}

// graphType is what GraphQL calls the events of a kind.
func (e event) graphType() string {
	return map[string]string{
		"assigned": "AssignedEvent", "unassigned": "UnassignedEvent", "closed": "ClosedEvent", "reopened": "ReopenedEvent",
		"labeled": "LabeledEvent", "unlabeled": "UnlabeledEvent", "commented": "IssueComment",
	}[e.kind]
}

// itemType is the name by which GraphQL is asked for events of a type: "ASSIGNED_EVENT".
func itemType(graphType string) string {
	var b strings.Builder
	for i, r := range graphType {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}

// change lets somebody change an issue, and writes into its timeline what changed.
func (s *Server) change(is *issue, by string, do func()) {
	labels, assignees, closed := slices.Clone(is.labels), slices.Clone(is.assignees), is.closed
	do()
	s.touch(is)
	note := func(kind, what string) {
		is.events = append(is.events, event{kind: kind, by: by, what: what, at: s.now()})
	}
	notes := func(kind string, names, without []string) {
		for _, n := range names {
			if !slices.Contains(without, n) {
				note(kind, n)
			}
		}
	}
	notes("labeled", is.labels, labels)
	notes("unlabeled", labels, is.labels)
	notes("assigned", is.assignees, assignees)
	notes("unassigned", assignees, is.assignees)
	switch {
	case is.closed && !closed:
		note("closed", "")
	case closed && !is.closed:
		note("reopened", "")
	}
}

// remark adds somebody's comment.
func (s *Server) remark(is *issue, by, text string) comment {
	c := comment{id: s.nextID(), text: text, by: by, at: s.now()}
	is.comments = append(is.comments, c)
	is.events = append(is.events, event{kind: "commented", by: by, at: c.at})
	s.touch(is)
	return c
}

func (s *Server) onTimeline(a *answer, r *http.Request, is *issue) {
	var all []any
	for i, e := range is.events {
		one := map[string]any{"event": e.kind, "id": i + 1, "actor": s.showUser(e.by), "created_at": stamp(e.at)}
		switch e.kind {
		case "labeled", "unlabeled":
			one["label"] = map[string]any{"name": e.what}
		case "assigned", "unassigned":
			one["assignee"] = s.showUser(e.what)
		}
		all = append(all, one)
	}
	page(a, r, all)
}

// timeline answers the last events of the types that are asked for.
func (x *executor) timeline(is *issue, f selection) any {
	types := texts(f.value("itemTypes", x.vars))
	last, _ := f.value("last", x.vars).(float64)
	var found []event
	for _, e := range is.events {
		if len(types) == 0 || slices.Contains(types, itemType(e.graphType())) {
			found = append(found, e)
		}
	}
	skip := max(len(found)-int(last), 0)
	out := map[string]any{}
	for _, g := range f.fields {
		switch g.name {
		case "totalCount":
			out[g.key()] = len(found)
		case "pageInfo":
			out[g.key()] = map[string]any{"hasPreviousPage": skip > 0}
		case "nodes":
			nodes := []any{}
			for _, e := range found[skip:] {
				nodes = append(nodes, x.event(e, g.fields))
			}
			out[g.key()] = nodes
		}
	}
	return out
}

func (x *executor) event(e event, fields []selection) map[string]any {
	out := map[string]any{}
	for _, f := range fields {
		switch {
		case f.on == e.graphType():
			for k, v := range x.event(e, f.fields) {
				out[k] = v
			}
		case f.on != "":
		case f.name == "__typename":
			out[f.key()] = e.graphType()
		case f.name == "createdAt":
			out[f.key()] = stamp(e.at)
		case f.name == "actor", f.name == "author":
			out[f.key()] = actor(e.by)
		case f.name == "label":
			out[f.key()] = map[string]any{"name": e.what}
		}
	}
	return out
}

// actor is somebody as GraphQL shows who did something; nil for an account that is gone.
func actor(login string) any {
	name, bot := strings.CutSuffix(login, "[bot]")
	switch {
	case login == "":
		return nil
	case bot:
		return map[string]any{"__typename": "Bot", "login": name}
	}
	return map[string]any{"__typename": "User", "login": login}
}
