package githubtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"percolate/trackers/internal/simctl"
)

// somebody is the person who does what programs ask for.
const somebody = "a-person"

// Person implements [simctl.Simulator].
func (d desk) Person(act simctl.Act) (ref string, err error) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if act.Do == simctl.Open {
		if strings.TrimSpace(act.Value) == "" {
			return "", fmt.Errorf("an issue needs a title")
		}
		return d.s.add(d.s.repos[0], &issue{title: act.Value, body: act.Text, by: somebody}).node, nil
	}
	is := d.s.followed(act.Ref)
	if is == nil {
		return "", fmt.Errorf("there is no issue %q", act.Ref)
	}
	d.s.change(is, somebody, func() { err = d.s.act(is, act) })
	for is.movedTo != nil {
		is = is.movedTo
	}
	return is.node, err
}

// followed is an issue by its node id, wherever it went; nil when it is not there.
func (s *Server) followed(node string) *issue {
	for _, r := range s.repos {
		for _, is := range r.issues {
			if is.node != node {
				continue
			}
			for is.movedTo != nil {
				is = is.movedTo
			}
			if !is.deleted {
				return is
			}
		}
	}
	return nil
}

func (s *Server) act(is *issue, act simctl.Act) error {
	value := act.Value
	switch act.Do {
	case simctl.Title:
		if strings.TrimSpace(value) == "" {
			return fmt.Errorf("an issue needs a title")
		}
		is.title = value
	case simctl.Append:
		is.body = strings.TrimLeft(is.body+"\n\n"+value, "\n")
	case simctl.Comment:
		s.remark(is, somebody, value)
	case simctl.Label:
		s.attach(is, []string{value})
	case simctl.Unlabel:
		is.labels = without(is.labels, func(l string) bool { return strings.EqualFold(l, value) })
	case simctl.Assign:
		return s.assign(is, value)
	case simctl.Due:
		return s.setDue(is, value)
	case simctl.Priority:
		return s.setPriority(is, value)
	case simctl.Status:
		return s.setStatus(is, value)
	case simctl.Parent:
		return s.setParent(is, value)
	case simctl.Move:
		return s.transfer(is, value)
	case simctl.Delete:
		is.deleted = true
	default:
		return fmt.Errorf("%q: %w", act.Do, simctl.ErrCannot)
	}
	return nil
}

// without leaves names out of a list that others may still hold.
func without(list []string, bad func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(list), bad)
}

func (s *Server) assign(is *issue, login string) error {
	switch {
	case login == "":
		is.assignees = nil
	case !s.assignable(login):
		return fmt.Errorf("%s cannot be assigned", login)
	default:
		is.assignees = s.spelled([]string{login})
	}
	return nil
}

var dueLine = regexp.MustCompile(`(?m)^Due: ([0-9]{4}-[0-9]{2}-[0-9]{2})[ \t]*\r?$`)

// setDue changes the day where this repository keeps days: in the organisation's field,
// in milestones where there are any, else in a line of the text.
func (s *Server) setDue(is *issue, day string) error {
	if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
		return fmt.Errorf("%q is no day", day)
	}
	f, byField := s.field("date")
	line := "Due: " + day
	switch {
	case byField && day == "":
		delete(is.fields, f.ID)
	case byField:
		is.fields[f.ID] = day
	case dueLine.MatchString(is.body) && day == "":
		is.body = dueLine.ReplaceAllString(is.body, "")
	case dueLine.MatchString(is.body):
		is.body = dueLine.ReplaceAllString(is.body, line)
	case len(is.repo.milestones) > 0:
		is.milestone = s.dueMilestone(is.repo, day)
	case day != "":
		is.body = strings.TrimRight(is.body, "\n") + "\n\n" + line + "\n"
	}
	return nil
}

// dueMilestone is the milestone of a day, which is made when there is none.
func (s *Server) dueMilestone(r *repo, day string) int {
	if day == "" {
		return 0
	}
	for _, m := range r.milestones {
		if strings.HasPrefix(m.due, day) {
			return m.number
		}
	}
	m := &milestone{number: len(r.milestones) + 1, id: s.nextID(), title: "Due " + day, due: day + "T12:00:00Z", state: "open"}
	r.milestones = append(r.milestones, m)
	return m.number
}

func (s *Server) setPriority(is *issue, word string) error {
	if f, ok := s.field("single_select"); ok {
		if !slices.Contains(f.Options, word) {
			return fmt.Errorf("the field %s has no option %q", f.Name, word)
		}
		is.fields[f.ID] = word
		return nil
	}
	is.labels = without(is.labels, func(l string) bool { return strings.HasPrefix(l, priorityPrefix) })
	s.attach(is, []string{word})
	return nil
}

func (s *Server) setStatus(is *issue, word string) error {
	reasons := map[string]string{"open": "reopened", "active": "reopened", "blocked": "reopened", "done": "completed", "dropped": "not_planned"}
	reason, ok := reasons[word]
	if !ok {
		return fmt.Errorf("%q is none of open, active, blocked, done and dropped", word)
	}
	closes := reason != "reopened"
	if is.closed || closes { // an issue that was never closed has no reason
		is.closed, is.reason = closes, reason
	}
	is.labels = without(is.labels, func(l string) bool { return l == activeLabel || l == blockedLabel })
	if label := map[string]string{"active": activeLabel, "blocked": blockedLabel}[word]; label != "" {
		s.attach(is, []string{label})
	}
	return nil
}

func (s *Server) setParent(is *issue, ref string) error {
	if ref == "" {
		is.parent = nil
		return nil
	}
	parent := s.followed(ref)
	switch {
	case s.opt.NoSubIssues:
		return fmt.Errorf("there are no sub-issues: %w", simctl.ErrCannot)
	case parent == nil:
		return fmt.Errorf("there is no issue %q", ref)
	}
	if why := s.link(parent, is, true); why != "" && is.parent != parent {
		return fmt.Errorf("%s", why)
	}
	return nil
}
