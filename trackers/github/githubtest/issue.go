package githubtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// repo is one repository.
type repo struct {
	id          int64
	node        string
	owner, name string
	next        int
	issues      []*issue
	labels      []*label
	milestones  []*milestone
}

func (r *repo) full() string { return r.owner + "/" + r.name }

type label struct {
	id   int64
	node string
	name string
}

type milestone struct {
	number int
	id     int64
	title  string
	due    string // as sent
	state  string
}

type comment struct {
	id   int64
	text string
	by   string
	at   time.Time
}

type issue struct {
	repo      *repo
	number    int
	id        int64
	node      string
	title     string
	body      string
	closed    bool
	reason    string
	labels    []string
	assignees []string
	milestone int
	parent    *issue
	typ       string
	fields    map[int64]string
	comments  []comment
	events    []event
	by        string
	pull      bool
	created   time.Time
	updated   time.Time
	deleted   bool
	movedTo   *issue
}

func (s *Server) nextID() int64 {
	s.serial++
	return 90000 + s.serial*7
}

// add files an issue.
func (s *Server) add(r *repo, is *issue) *issue {
	is.repo, is.number = r, r.next
	r.next++
	if is.id == 0 {
		is.id = s.nextID()
		is.node = fmt.Sprintf("I_kwDO%08X", is.id)
	}
	if is.fields == nil {
		is.fields = map[int64]string{}
	}
	is.created, is.updated = s.now(), s.now()
	r.issues = append(r.issues, is)
	return is
}

// name is what people call the issue.
func (is *issue) name() string { return is.repo.full() + "#" + fmt.Sprint(is.number) }

func (s *Server) touch(is *issue) { is.updated = s.now() }

func (s *Server) repo(owner, name string) *repo {
	for _, r := range s.repos {
		if strings.EqualFold(r.owner, owner) && strings.EqualFold(r.name, name) {
			return r
		}
	}
	return nil
}

func (r *repo) issue(number int) *issue {
	i := slices.IndexFunc(r.issues, func(is *issue) bool { return is.number == number })
	if i < 0 {
		return nil
	}
	return r.issues[i]
}

func (s *Server) byNode(node string) *issue {
	for _, r := range s.repos {
		for _, is := range r.issues {
			if is.node == node && !is.deleted && is.movedTo == nil {
				return is
			}
		}
	}
	return nil
}

func (s *Server) byDatabaseID(id int64) *issue {
	for _, r := range s.repos {
		for _, is := range r.issues {
			if is.id == id && !is.deleted && is.movedTo == nil {
				return is
			}
		}
	}
	return nil
}

func (s *Server) children(parent *issue) (all []*issue) {
	for _, r := range s.repos {
		for _, is := range r.issues {
			if is.parent == parent && !is.deleted && is.movedTo == nil {
				all = append(all, is)
			}
		}
	}
	return all
}

// link puts child below parent; why is GitHub's reason not to.
func (s *Server) link(parent, child *issue, replace bool) (why string) {
	const failed = "An error occurred while adding the sub-issue to the parent issue. "
	switch {
	case child.parent == parent:
		return failed + "Issue may not contain duplicate sub-issues and Sub issue may only have one parent"
	case child.parent != nil && !replace:
		return failed + "Sub issue may only have one parent"
	case len(s.children(parent)) >= s.opt.SubIssuesMax:
		return failed + fmt.Sprintf("Parent cannot have more than %d sub-issues", max(s.opt.SubIssuesMax, 0))
	}
	for up := parent; up != nil; up = up.parent {
		if up == child {
			return failed + "Sub-issue cannot be its own ancestor"
		}
	}
	child.parent = parent
	s.touch(child)
	return ""
}

func (r *repo) label(name string) *label {
	i := slices.IndexFunc(r.labels, func(l *label) bool { return strings.EqualFold(l.name, name) })
	if i < 0 {
		return nil
	}
	return r.labels[i]
}

// labelled is the repository's label, which is made when there is none.
func (s *Server) labelled(r *repo, name string) *label {
	if l := r.label(name); l != nil {
		return l
	}
	id := s.nextID()
	l := &label{id: id, node: fmt.Sprintf("LA_kwDO%08X", id), name: name}
	r.labels = append(r.labels, l)
	return l
}

func (s *Server) attach(is *issue, names []string) {
	for _, n := range names {
		n = s.labelled(is.repo, n).name
		if !slices.Contains(is.labels, n) {
			is.labels = append(is.labels, n)
		}
	}
}

func (s *Server) assignable(login string) bool {
	return slices.ContainsFunc(s.opt.Accounts, func(a string) bool { return strings.EqualFold(a, login) })
}
