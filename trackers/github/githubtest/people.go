package githubtest

import (
	"fmt"
	"slices"
	"strings"
)

// Issue is an issue as a test looks at it.
type Issue struct {
	Repo      string // "octo/backlog"
	Number    int
	Node      string
	Title     string
	Body      string
	State     string
	Reason    string
	Labels    []string
	Assignees []string
	Type      string
	Parent    int // its number; 0 for none
	Comments  []string
}

// Issues are all issues that are there, in the order of their creation.
func (s *Server) Issues() (all []Issue) {
	s.with(func() {
		for _, r := range s.repos {
			for _, is := range r.issues {
				if !is.deleted && is.movedTo == nil {
					all = append(all, is.look())
				}
			}
		}
	})
	return all
}

func (is *issue) look() Issue {
	v := Issue{
		Repo: is.repo.full(), Number: is.number, Node: is.node, Title: is.title, Body: is.body, State: is.state(), Reason: is.reason,
		Labels: slices.Clone(is.labels), Assignees: slices.Clone(is.assignees), Type: is.typ,
	}
	if is.parent != nil {
		v.Parent = is.parent.number
	}
	for _, c := range is.comments {
		v.Comments = append(v.Comments, c.text)
	}
	return v
}

// Look is one issue by its node id. It panics when there is none, as all methods of
// people do, since that is a mistake in a test.
func (s *Server) Look(node string) (v Issue) {
	s.person(node, func(is *issue) { v = is.look() })
	return v
}

// Edit changes an issue as a person.
func (s *Server) Edit(node string, change func(*Issue)) { s.EditAs(somebody, node, change) }

// EditAs changes an issue as the account, whose login ends in "[bot]" for one of an app.
func (s *Server) EditAs(by, node string, change func(*Issue)) {
	s.person(node, func(is *issue) {
		v := is.look()
		change(&v)
		s.change(is, by, func() {
			is.title, is.body, is.closed, is.reason, is.typ = v.Title, v.Body, v.State == "closed", v.Reason, v.Type
			is.labels, is.assignees = nil, v.Assignees
			s.attach(is, v.Labels)
		})
	})
}

// Open files an issue as a person, in the first repository.
func (s *Server) Open(title, body string) (v Issue) {
	s.with(func() { v = s.add(s.repos[0], &issue{title: title, body: body, by: somebody}).look() })
	return v
}

// OpenPull opens a pull request as a person.
func (s *Server) OpenPull(title, body string, labels ...string) (v Issue) {
	s.with(func() {
		is := s.add(s.repos[0], &issue{title: title, body: body, by: somebody, pull: true})
		s.attach(is, labels)
		v = is.look()
	})
	return v
}

// Comment adds a person's comment.
func (s *Server) Comment(node, text string) { s.CommentAs(somebody, node, text) }

// CommentAs adds a comment of the account.
func (s *Server) CommentAs(by, node, text string) {
	s.person(node, func(is *issue) { s.remark(is, by, text) })
}

// Delete deletes an issue.
func (s *Server) Delete(node string) { s.person(node, func(is *issue) { is.deleted = true }) }

// Transfer moves an issue to another repository of the owner.
func (s *Server) Transfer(node, to string) {
	s.person(node, func(is *issue) {
		if err := s.transfer(is, to); err != nil {
			panic("githubtest: " + err.Error())
		}
	})
}

// transfer moves an issue to another repository of the owner, "" for any other.
func (s *Server) transfer(is *issue, to string) error {
	to = strings.TrimPrefix(to, s.opt.Owner+"/")
	for _, r := range s.repos {
		if to == "" && r != is.repo {
			to = r.name
		}
	}
	r := s.repo(s.opt.Owner, to)
	if r == nil || r == is.repo {
		return fmt.Errorf("there is no other repository %q", to)
	}
	moved := *is
	moved.id, moved.node = 0, ""
	if !s.opt.FreshIDs {
		moved.id, moved.node = is.id, is.node
	}
	created := is.created
	for _, l := range is.labels {
		s.labelled(r, l)
	}
	is.movedTo = s.add(r, &moved)
	moved.created = created
	for _, c := range s.repos {
		for _, child := range c.issues {
			if child.parent == is {
				child.parent = is.movedTo
			}
		}
	}
	return nil
}

// Unlink takes an issue from below its parent.
func (s *Server) Unlink(node string) {
	s.person(node, func(is *issue) { is.parent = nil; s.touch(is) })
}

func (s *Server) person(node string, do func(*issue)) {
	s.with(func() {
		node, _, _ = strings.Cut(node, " ")
		is := s.byNode(node)
		if is == nil {
			panic(fmt.Sprintf("githubtest: no issue %s", node))
		}
		do(is)
	})
}
