package jiratest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// Issues are copies of all issues, deleted ones included, in the order of their creation.
func (s *Server) Issues() []Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Issue, 0, len(s.issues))
	for _, i := range s.issues {
		c := *i
		c.Labels, c.Comments, c.Properties = slices.Clone(i.Labels), slices.Clone(i.Comments), maps.Clone(i.Properties)
		out = append(out, c)
	}
	return out
}

// Open files an issue as a person does, a story in the project, and returns its id.
func (s *Server) Open(summary, description string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := &Issue{
		ID: s.next(), Key: s.newKey(s.opt.Project), Type: "10001", Summary: summary, Description: description, Status: "1", Priority: "3",
		Created: s.opt.Now(), Properties: map[string]json.RawMessage{}, Custom: map[string]json.RawMessage{},
	}
	s.add(i)
	return strconv.FormatInt(i.ID, 10)
}

// Edit lets a person change an issue; it does nothing where there is none.
func (s *Server) Edit(ref string, change func(*Issue)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(ref); i != nil {
		change(i)
		s.touch(i)
	}
}

// Delete lets a person delete an issue. Its key is not given out again.
func (s *Server) Delete(ref string) { s.Edit(ref, func(i *Issue) { i.Deleted = true }) }

// Move lets a person move an issue to another project, where it gets another key.
func (s *Server) Move(ref, project string) {
	s.Edit(ref, func(i *Issue) {
		i.Former = append(i.Former, i.Key)
		i.Key = s.newKey(project)
		s.refs[i.Key] = i
	})
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
		c := *i
		c.ID, c.Key, c.Former, c.indexed, c.Properties, c.Comments = s.next(), s.newKey(projectOf(i.Key)), nil, nil, nil, nil
		c.Labels = slices.Clone(i.Labels)
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
