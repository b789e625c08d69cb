package jiratest

import (
	"encoding/json"
	"maps"
	"strconv"
)

// Issues are copies of all issues, deleted ones included, in the order of their creation.
func (s *Server) Issues() []Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Issue, 0, len(s.issues))
	for _, i := range s.issues {
		out = append(out, i.clone())
	}
	return out
}

// Open files an issue as a person does, a story in the project, and returns its id.
func (s *Server) Open(summary, description string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strconv.FormatInt(s.open(summary, description).ID, 10)
}

func (s *Server) open(summary, description string) *Issue {
	i := &Issue{
		ID: s.next(), Key: s.newKey(s.opt.Project), Type: "10001", Summary: summary, Description: description, Status: "1", Priority: "3",
		Created: s.opt.Now(), Properties: map[string]json.RawMessage{}, Custom: map[string]json.RawMessage{},
	}
	s.add(i)
	return i
}

// Edit lets a person, ann, change an issue; it does nothing where there is none.
func (s *Server) Edit(ref string, change func(*Issue)) { s.EditAs("ann", ref, change) }

// EditAs lets somebody change an issue: ann, bob, "automation", which is a program, or
// "percolate", whose account we have; "" is nobody at all.
func (s *Server) EditAs(name, ref string, change func(*Issue)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(ref); i != nil {
		before := i.clone()
		change(i)
		s.edited(i, before, s.account(name))
	}
}

// Remark lets somebody of [Server.EditAs] comment on an issue.
func (s *Server) Remark(name, ref, text string) {
	s.EditAs(name, ref, func(i *Issue) {
		i.Comments = append(i.Comments, Comment{ID: s.next(), Author: s.account(name), Body: text, At: s.opt.Now()})
	})
}

// Delete lets a person delete an issue, with its sub-tasks. Its key is not given out again.
func (s *Server) Delete(ref string) { s.Edit(ref, s.remove) }

func (s *Server) remove(i *Issue) {
	i.Deleted = true
	for _, sub := range s.subtasks(i) {
		sub.Deleted = true
		s.touch(sub)
	}
}

// subtasks are those that live and die with an issue.
func (s *Server) subtasks(i *Issue) (all []*Issue) {
	for _, sub := range s.issues {
		if sub.Parent == i.ID && levelOf(sub.Type) < 0 && !sub.Deleted {
			all = append(all, sub)
		}
	}
	return all
}

// Move lets a person move an issue to another project, where it and its sub-tasks get
// other keys.
func (s *Server) Move(ref, project string) { s.Edit(ref, func(i *Issue) { s.move(i, project) }) }

func (s *Server) move(i *Issue, project string) {
	for n, each := range append([]*Issue{i}, s.subtasks(i)...) {
		each.Former = append(each.Former, each.Key)
		each.Key = s.newKey(project)
		s.refs[each.Key] = each
		if n > 0 {
			s.touch(each)
		}
	}
}

// Link lets a person join two issues.
func (s *Server) Link(from, to, linkType string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, b := s.find(from), s.find(to); a != nil && b != nil {
		s.links = append(s.links, link{s.next(), linkType, a.ID, b.ID})
	}
}

// Clone lets a person copy an issue as the menu does: with labels, without properties.
func (s *Server) Clone(ref string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(ref); i != nil {
		c := i.clone()
		c.ID, c.Key, c.Former, c.indexed, c.Properties, c.Comments, c.Changes = s.next(), s.newKey(projectOf(i.Key)), nil, nil, nil, nil, nil
		s.add(&c)
	}
}

// Requests tells how often each endpoint was asked, by method and path.
func (s *Server) Requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.requests)
}

// ForgetRequests starts the count of requests anew.
func (s *Server) ForgetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.requests)
}

// StatusID is the id of the status with that category, for people who close issues;
// "blocked" is the status of that name.
func StatusID(category string) string {
	for _, st := range statuses() {
		if st.category == category || st.name == "Blocked" && category == "blocked" {
			return st.id
		}
	}
	return ""
}
