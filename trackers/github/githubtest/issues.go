package githubtest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

func (s *Server) onList(a *answer, r *http.Request, in *repo) {
	q := r.URL.Query()
	since, err := time.Parse(time.RFC3339, q.Get("since"))
	if q.Get("since") != "" && err != nil {
		a.invalid("since", "invalid")
		return
	}
	state := cmp.Or(q.Get("state"), "open")
	var found []*issue
	for _, is := range in.issues {
		ok := !is.deleted && is.movedTo == nil && s.opt.Now().Sub(is.created) >= time.Duration(s.faults.ListLag) && (state == "all" || state == is.state()) && !is.updated.Before(since)
		for _, want := range strings.Split(q.Get("labels"), ",") {
			ok = ok && (want == "" || slices.ContainsFunc(is.labels, func(l string) bool { return strings.EqualFold(l, want) }))
		}
		if ok {
			found = append(found, is)
		}
	}
	slices.SortStableFunc(found, func(x, y *issue) int {
		by := x.created.Compare(y.created)
		if q.Get("sort") == "updated" {
			by = x.updated.Compare(y.updated)
		}
		by = cmp.Or(by, cmp.Compare(x.number, y.number))
		if q.Get("direction") != "asc" {
			by = -by
		}
		return by
	})
	shown := []any{}
	for _, is := range portion(a, r, found) { // and no others: to show one takes a while
		shown = append(shown, s.show(is))
	}
	a.give(http.StatusOK, shown)
}

func (s *Server) onGet(a *answer, _ *http.Request, is *issue) { a.give(http.StatusOK, s.show(is)) }

// ask is what creating and editing an issue take.
type ask struct {
	Title     value[string]       `json:"title"`
	Body      value[string]       `json:"body"`
	State     value[string]       `json:"state"`
	Reason    value[string]       `json:"state_reason"`
	Labels    value[[]string]     `json:"labels"`
	Assignees value[[]string]     `json:"assignees"`
	Milestone value[*int]         `json:"milestone"`
	Type      value[*string]      `json:"type"`
	Fields    value[[]fieldValue] `json:"issue_field_values"`
}

type fieldValue struct {
	ID    int64  `json:"field_id"`
	Value string `json:"value"`
}

const (
	titleMax = 256
	bodyMax  = 65536
)

// check finds what GitHub rejects; what it drops is no fault.
func (s *Server) check(a *answer, in *repo, k ask) bool {
	switch {
	case k.Title.set && (strings.TrimSpace(k.Title.v) == "" || len([]rune(k.Title.v)) > titleMax):
		a.invalid("title", "missing_field")
	case len([]rune(k.Body.v)) > bodyMax:
		a.fail(http.StatusUnprocessableEntity, "body is too long (maximum is 65536 characters)")
	case len(k.Assignees.v) > 10:
		a.invalid("assignees", "invalid")
	case !s.faults.NoPush && slices.ContainsFunc(k.Assignees.v, func(l string) bool { return !s.assignable(l) }):
		a.invalid("assignees", "invalid")
	case k.State.set && k.State.v != "open" && k.State.v != "closed":
		a.invalid("state", "invalid")
	case !s.faults.NoPush && k.Milestone.v != nil && s.showMilestone(in, *k.Milestone.v) == nil:
		a.invalid("milestone", "invalid")
	case !s.faults.NoPush && k.Type.v != nil && s.opt.Types != nil && !slices.Contains(s.opt.Types, *k.Type.v):
		a.invalid("type", "invalid")
	case slices.ContainsFunc(k.Labels.v, func(l string) bool { return len([]rune(l)) > 50 }):
		a.invalid("labels", "invalid")
	default:
		return s.checkFields(a, k.Fields.v)
	}
	return false
}

func (s *Server) checkFields(a *answer, values []fieldValue) bool {
	for _, v := range values {
		i := slices.IndexFunc(s.opt.Fields, func(f Field) bool { return f.ID == v.ID })
		if s.opt.Fields == nil {
			continue // dropped
		}
		bad := i < 0
		if !bad && s.opt.Fields[i].Type == "date" {
			_, err := time.Parse(time.DateOnly, v.Value)
			bad = err != nil
		}
		if bad || s.opt.Fields[i].Type == "single_select" && !slices.Contains(s.opt.Fields[i].Options, v.Value) {
			a.invalid("issue_field_values", "invalid")
			return false
		}
	}
	return true
}

func (s *Server) onCreate(a *answer, r *http.Request, in *repo) {
	var k ask
	if !read(a, r, &k) || !s.check(a, in, k) {
		return
	}
	if !k.Title.set || s.refuses(k.Body.v) {
		a.invalid("title", "missing_field")
		return
	}
	if !s.mayCreate(a, r) {
		return
	}
	is := s.add(in, &issue{by: s.opt.Login})
	s.change(is, is.by, func() { s.apply(is, k) })
	a.give(http.StatusCreated, s.show(is))
}

func (s *Server) onEdit(a *answer, r *http.Request, is *issue) {
	var k ask
	if !read(a, r, &k) || !s.check(a, is.repo, k) {
		return
	}
	s.change(is, s.opt.Login, func() { s.apply(is, k) })
	a.give(http.StatusOK, s.show(is))
}

// apply takes what is asked, but for what it drops without push access.
func (s *Server) apply(is *issue, k ask) {
	if k.Title.set {
		is.title = strings.TrimSpace(k.Title.v)
	}
	if k.Body.set {
		is.body = k.Body.v
	}
	if k.State.set && (k.State.v == "closed") != is.closed {
		is.closed = k.State.v == "closed"
		is.reason = cmp.Or(k.Reason.v, map[bool]string{true: "completed", false: "reopened"}[is.closed])
	} else if k.State.set && k.Reason.v != "" && is.closed {
		is.reason = k.Reason.v // closed again for another reason
	}
	if s.faults.NoPush {
		return
	}
	if k.Labels.set {
		is.labels = nil
		s.attach(is, k.Labels.v)
	}
	if k.Assignees.set {
		is.assignees = s.spelled(k.Assignees.v)
	}
	if k.Milestone.set {
		is.milestone = 0
		if k.Milestone.v != nil {
			is.milestone = *k.Milestone.v
		}
	}
	if k.Type.set && s.opt.Types != nil {
		is.typ = ""
		if k.Type.v != nil {
			is.typ = *k.Type.v
		}
	}
	if s.opt.Fields != nil {
		for _, v := range k.Fields.v {
			is.fields[v.ID] = v.Value
		}
	}
}

// spelled are logins as their owners write them.
func (s *Server) spelled(logins []string) (all []string) {
	for _, l := range logins {
		i := slices.IndexFunc(s.opt.Accounts, func(a string) bool { return strings.EqualFold(a, l) })
		all = append(all, s.opt.Accounts[i])
	}
	return all
}

func (s *Server) onValues(a *answer, r *http.Request, is *issue) {
	var k struct {
		Values []fieldValue `json:"issue_field_values"`
	}
	if !read(a, r, &k) || !s.checkFields(a, k.Values) {
		return
	}
	if s.faults.NoPush {
		a.fail(http.StatusForbidden, "Must have push access")
		return
	}
	clear(is.fields)
	s.apply(is, ask{Fields: value[[]fieldValue]{true, k.Values}})
	s.touch(is)
	v := s.show(is)["issue_field_values"]
	a.give(http.StatusOK, v)
}
