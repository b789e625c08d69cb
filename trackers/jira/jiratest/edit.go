package jiratest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

func missing() answer {
	return failed(404, "Issue does not exist or you do not have permission to see it.")
}

func (s *Server) getIssue(c *call) answer {
	i := s.find(c.args[0])
	if i == nil {
		return missing()
	}
	q := c.req.URL.Query()
	return answer{status: 200, body: s.show(i, list(q.Get("fields")), list(q.Get("properties")))}
}

func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// editIssue changes all or nothing.
func (s *Server) editIssue(c *call) answer {
	i := s.find(c.args[0])
	if i == nil {
		return missing()
	}
	var d details
	if err := strict(c.body, &d); err != nil {
		return failed(400, err.Error())
	}
	before, changed := i.clone(), i.clone()
	bad := &errorBody{Messages: []string{}, Errors: map[string]string{}}
	w := &writer{s: s, i: &changed, screen: s.screen(i.Type), bad: bad}
	w.all(d)
	if len(bad.Errors) > 0 {
		return answer{status: 400, body: bad}
	}
	if s.denied("EDIT_ISSUES", projectOf(i.Key)) {
		return failed(403, "You do not have permission to edit issues in this project.")
	}
	*i = changed
	for _, l := range w.links {
		s.addLinkOf(i, l)
	}
	s.edited(i, before, s.own())
	if s.opt.DataCenter || c.req.URL.Query().Get("returnIssue") != "true" {
		return answer{status: 204}
	}
	return s.showEdited(i, d)
}

// showEdited is the answer to an edit that is asked for the issue. It has no properties.
func (s *Server) showEdited(i *Issue, d details) answer {
	fields := slices.Collect(maps.Keys(s.values(i)))
	switch s.faults.EditShows {
	case "nothing":
		return answer{status: 204}
	case "edited":
		fields = slices.Collect(maps.Keys(d.Fields))
	}
	if i.Parent == 0 {
		fields = slices.DeleteFunc(fields, func(f string) bool { return f == "parent" })
	}
	return answer{status: 200, body: s.show(i, fields, nil)}
}

func (s *Server) comments(c *call) answer {
	i := s.find(c.args[0])
	if i == nil {
		return missing()
	}
	q := c.req.URL.Query()
	start, _ := strconv.Atoi(q.Get("startAt"))
	size, err := strconv.Atoi(q.Get("maxResults"))
	if err != nil {
		size = 50
	}
	if s.faults.PageMax > 0 {
		size = min(size, s.faults.PageMax)
	}
	all := s.showComments(i)
	switch q.Get("orderBy") {
	case "", "created", "+created":
	case "-created":
		slices.Reverse(all)
	default:
		return failed(400, "orderBy can be created, +created and -created")
	}
	start = min(start, len(all))
	part := all[start:min(start+size, len(all))]
	return answer{status: 200, body: map[string]any{"comments": part, "startAt": start, "maxResults": size, "total": len(all)}}
}

// commentsMax is how many comments of an issue Cloud's search shows. Which ones is not
// documented; here they are the oldest, since a client that copes with that copes.
const commentsMax = 20

// commentsOf is the field comment of an issue that was searched.
func (s *Server) commentsOf(i *Issue) map[string]any {
	all := s.showComments(i)
	shown := all
	if !s.opt.DataCenter {
		shown = all[:min(len(all), commentsMax)]
	}
	return map[string]any{"comments": shown, "startAt": 0, "maxResults": len(shown), "total": len(all)}
}

func (s *Server) showComments(i *Issue) []any {
	all := []any{}
	for _, com := range i.Comments {
		body := com.Body
		if s.faults.Reformat {
			body = reformatted(body)
		}
		v := map[string]any{"id": strconv.FormatInt(com.ID, 10), "body": body, "created": s.stamp(com.At)}
		if author := s.user(com.Author); author != nil {
			v["author"] = author
		}
		all = append(all, v)
	}
	return all
}

func (s *Server) addComment(c *call) answer {
	i := s.find(c.args[0])
	if i == nil {
		return missing()
	}
	if s.denied("ADD_COMMENTS", projectOf(i.Key)) {
		return failed(403, "You do not have permission to comment on this work item.")
	}
	var in struct {
		Body string `json:"body"`
	}
	if err := strict(c.body, &in); err != nil || strings.TrimSpace(in.Body) == "" {
		return failed(400, "Comment body can not be empty!")
	}
	if len([]rune(in.Body)) > descriptionMax {
		return failed(400, "The entered text is too long.")
	}
	i.Comments = append(i.Comments, Comment{ID: s.next(), Author: s.own(), Body: in.Body, At: s.opt.Now()})
	s.touch(i)
	return answer{status: 201, body: map[string]any{"id": strconv.FormatInt(s.serial, 10), "body": in.Body}}
}

// transitions lead from every status to every other; the one to Done has a screen with
// the resolution.
func (s *Server) transitions(c *call) answer {
	i := s.find(c.args[0])
	if i == nil {
		return missing()
	}
	out := []any{}
	for _, st := range statuses() {
		if st.id == i.Status && st.category != "done" {
			continue
		}
		t := map[string]any{"id": "2" + st.id, "name": "To " + st.name, "to": s.statusOf(st.id), "fields": map[string]any{}}
		if st.category == "done" {
			var allowed []any
			for _, r := range resolutions() {
				allowed = append(allowed, map[string]any{"name": r})
			}
			t["fields"] = map[string]any{"resolution": map[string]any{
				"required": true, "allowedValues": allowed, "key": "resolution", "name": "Resolution",
				"operations": []string{"set"}, "schema": map[string]any{"type": "resolution"},
			}}
		}
		out = append(out, t)
	}
	return answer{status: 200, body: map[string]any{"expand": "transitions", "transitions": out}}
}

func (s *Server) transition(c *call) answer {
	i := s.find(c.args[0])
	if i == nil {
		return missing()
	}
	var in struct {
		Transition struct{ ID string } `json:"transition"`
		Fields     struct {
			Resolution *struct{ Name string } `json:"resolution"`
		} `json:"fields"`
	}
	if err := json.Unmarshal(c.body, &in); err != nil {
		return failed(400, err.Error())
	}
	for _, st := range statuses() {
		if "2"+st.id != in.Transition.ID {
			continue
		}
		before := i.clone()
		i.Resolution = ""
		if st.category == "done" {
			if in.Fields.Resolution == nil || !slices.Contains(resolutions(), in.Fields.Resolution.Name) {
				return failed(400, "Resolution is required.")
			}
			i.Resolution = in.Fields.Resolution.Name
		} else if in.Fields.Resolution != nil {
			return failed(400, "Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown.")
		}
		i.Status = st.id
		s.edited(i, before, s.own())
		return answer{status: 204}
	}
	return failed(400, "It seems that you have tried to perform a workflow operation that is not valid for the current state of this issue.")
}

type linkBody struct {
	Type         struct{ Name string } `json:"type"`
	InwardIssue  *struct{ ID, Key string }
	OutwardIssue *struct{ ID, Key string }
}

// addLinkOf joins a stored issue as its update says.
func (s *Server) addLinkOf(i *Issue, raw json.RawMessage) {
	var l linkBody
	_ = json.Unmarshal(raw, &l)
	if o := l.OutwardIssue; o != nil {
		if to := s.find(o.ID + o.Key); to != nil {
			s.links = append(s.links, link{s.next(), l.Type.Name, i.ID, to.ID})
		}
	}
}

func (s *Server) addLink(c *call) answer {
	var l linkBody
	if err := json.Unmarshal(c.body, &l); err != nil || l.InwardIssue == nil || l.OutwardIssue == nil {
		return failed(400, "inwardIssue and outwardIssue are needed")
	}
	from, to := s.find(l.InwardIssue.ID+l.InwardIssue.Key), s.find(l.OutwardIssue.ID+l.OutwardIssue.Key)
	if from == nil || to == nil {
		return missing()
	}
	if s.denied("LINK_ISSUES", projectOf(from.Key)) {
		return failed(403, "No Link Issue Permission for issue.")
	}
	if !slices.Contains([]string{"Blocks", "Relates", "Post-event"}, l.Type.Name) {
		return failed(404, "No issue link type with name '"+l.Type.Name+"' found.")
	}
	s.links = append(s.links, link{s.next(), l.Type.Name, from.ID, to.ID})
	s.touch(from)
	s.touch(to)
	return answer{status: 201}
}

func (s *Server) dropLink(c *call) answer {
	before := len(s.links)
	s.links = slices.DeleteFunc(s.links, func(l link) bool { return strconv.FormatInt(l.ID, 10) == c.args[0] })
	if len(s.links) == before {
		return failed(404, "No issue link with id '"+c.args[0]+"' exists.")
	}
	return answer{status: 204}
}
