package githubtest

import (
	"net/http"
	"slices"
	"strings"
)

func (s *Server) onAddLabels(a *answer, r *http.Request, is *issue) {
	var k struct{ Labels []string }
	if !read(a, r, &k) {
		return
	}
	if s.faults.NoPush {
		a.fail(http.StatusForbidden, "Must have push access")
		return
	}
	s.change(is, s.opt.Login, func() { s.attach(is, k.Labels) })
	s.giveLabels(a, is)
}

func (s *Server) giveLabels(a *answer, is *issue) {
	all := []any{}
	for _, l := range is.labels {
		all = append(all, s.showLabel(is.repo, l))
	}
	a.give(http.StatusOK, all)
}

func (s *Server) onDropLabel(a *answer, r *http.Request, is *issue) {
	i := slices.IndexFunc(is.labels, func(l string) bool { return strings.EqualFold(l, r.PathValue("name")) })
	switch {
	case s.faults.NoPush:
		a.fail(http.StatusForbidden, "Must have push access")
	case i < 0:
		a.fail(http.StatusNotFound, "Label does not exist")
	default:
		s.change(is, s.opt.Login, func() { is.labels = slices.Delete(slices.Clone(is.labels), i, i+1) })
		s.giveLabels(a, is)
	}
}

func (s *Server) onComments(a *answer, r *http.Request, is *issue) {
	var all []any
	for _, c := range is.comments {
		all = append(all, map[string]any{"id": c.id, "body": c.text, "user": s.showUser(c.by), "created_at": stamp(c.at)})
	}
	page(a, r, all)
}

func (s *Server) onComment(a *answer, r *http.Request, is *issue) {
	var k struct{ Body string }
	if !read(a, r, &k) {
		return
	}
	if strings.TrimSpace(k.Body) == "" {
		a.invalid("body", "missing_field")
		return
	}
	if s.mayCreate(a, r) {
		c := s.remark(is, s.opt.Login, k.Body)
		a.give(http.StatusCreated, map[string]any{"id": c.id, "body": c.text, "user": s.showUser(c.by), "created_at": stamp(c.at)})
	}
}

func (s *Server) onChildren(a *answer, r *http.Request, is *issue) {
	if s.opt.NoSubIssues {
		notFound(a)
		return
	}
	var all []any
	for _, c := range s.children(is) {
		all = append(all, s.show(c))
	}
	page(a, r, all)
}

func (s *Server) onLink(a *answer, r *http.Request, is *issue) {
	if s.opt.NoSubIssues {
		notFound(a)
		return
	}
	var k struct {
		ID      int64 `json:"sub_issue_id"`
		Replace bool  `json:"replace_parent"`
	}
	if !read(a, r, &k) {
		return
	}
	child := s.byDatabaseID(k.ID)
	if child == nil || child.repo.owner != is.repo.owner {
		notFound(a)
		return
	}
	if !s.mayCreate(a, r) {
		return
	}
	if why := s.link(is, child, k.Replace); why != "" {
		a.fail(http.StatusUnprocessableEntity, why)
		return
	}
	a.give(http.StatusCreated, s.show(is))
}

func (s *Server) onUnlink(a *answer, r *http.Request, is *issue) {
	var k struct {
		ID int64 `json:"sub_issue_id"`
	}
	if !read(a, r, &k) {
		return
	}
	child := s.byDatabaseID(k.ID)
	if child == nil || child.parent != is {
		notFound(a)
		return
	}
	child.parent = nil
	s.touch(child)
	a.give(http.StatusOK, s.show(is))
}

func (s *Server) onParent(a *answer, _ *http.Request, is *issue) {
	if is.parent == nil || s.opt.NoSubIssues {
		notFound(a)
		return
	}
	a.give(http.StatusOK, s.show(is.parent))
}
