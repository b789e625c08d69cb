package jiratest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"percolate/trackers/internal/simctl"
)

// Person implements [simctl.Simulator]. The person is ann.
func (d desk) Person(act simctl.Act) (string, error) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if act.Do == simctl.Open {
		return strconv.FormatInt(d.s.open(act.Value, act.Text).ID, 10), nil
	}
	i := d.s.find(act.Ref)
	if i == nil {
		return "", fmt.Errorf("there is no issue %q", act.Ref)
	}
	before := i.clone()
	if err := d.do(i, act); err != nil {
		*i = before
		return "", err
	}
	d.s.edited(i, before, d.s.account("ann"))
	return strconv.FormatInt(i.ID, 10), nil
}

func (d desk) do(i *Issue, act simctl.Act) error {
	switch act.Do {
	case simctl.Append:
		i.Description = strings.TrimLeft(i.Description+"\n\n"+act.Value, "\n")
	case simctl.Comment:
		i.Comments = append(i.Comments, Comment{ID: d.s.next(), Author: d.s.account("ann"), Body: act.Value, At: d.s.opt.Now()})
	case simctl.Unlabel:
		i.Labels = slices.DeleteFunc(i.Labels, func(l string) bool { return l == act.Value })
	case simctl.Status:
		if !statusOfWord(i, act.Value) {
			return fmt.Errorf("%q is none of open, active, blocked, done and dropped", act.Value)
		}
	case simctl.Parent:
		return d.parent(i, act.Value)
	case simctl.Move:
		return d.move(i, act.Value)
	case simctl.Delete:
		d.s.remove(i)
	default:
		return d.set(i, act)
	}
	return nil
}

// set changes a field as an edit of ours would, and refuses what that would.
func (d desk) set(i *Issue, act simctl.Act) error {
	bad := &errorBody{Errors: map[string]string{}}
	w := &writer{s: d.s, i: i, bad: bad}
	switch value := []byte(strconv.Quote(act.Value)); act.Do {
	case simctl.Title:
		w.summary(value)
	case simctl.Label:
		w.label(act.Value)
	case simctl.Assign:
		if i.Assignee = act.Value; act.Value != "" && !d.s.mayBeAssigned(act.Value) {
			w.fail("assignee", "User '%s' cannot be assigned issues.", act.Value)
		}
	case simctl.Due:
		if _, err := time.Parse(time.DateOnly, act.Value); err != nil && act.Value != "" {
			w.fail("duedate", "Error parsing date string: %s", act.Value)
		}
		i.Due = act.Value
	case simctl.Priority:
		w.priority([]byte(`{"name":` + string(value) + `}`))
	default:
		return fmt.Errorf("%q: %w", act.Do, simctl.ErrCannot)
	}
	for field, why := range bad.Errors {
		return fmt.Errorf("%s: %s", field, why)
	}
	return nil
}

// parent puts an issue below another as the site's hierarchy has it, and by a link
// where their types do not fit; "" takes it out.
func (d desk) parent(i *Issue, ref string) error {
	to := d.s.find(ref)
	l := d.upward(i)
	switch {
	case ref != "" && to == nil:
		return fmt.Errorf("there is no issue %q", ref)
	case to == nil && levelOf(i.Type) < 0:
		return fmt.Errorf("a sub-task without a parent: %w", simctl.ErrCannot)
	case to == nil:
		i.Parent, i.EpicLink = 0, ""
		d.s.links = slices.DeleteFunc(d.s.links, func(l link) bool { return l.From == i.ID })
	case levelOf(to.Type) == levelOf(i.Type)+1 && d.s.opt.DataCenter && levelOf(i.Type) == 0:
		i.EpicLink = to.Key
	case levelOf(to.Type) == levelOf(i.Type)+1:
		i.Parent = to.ID
	case levelOf(i.Type) < 0:
		return fmt.Errorf("a sub-task below what cannot have any: %w", simctl.ErrCannot)
	case l != nil:
		l.To = to.ID
	default:
		d.s.links = append(d.s.links, link{d.s.next(), "Relates", i.ID, to.ID})
	}
	return nil
}

// move moves an issue to another project. Sub-tasks go with their parent and not alone.
func (d desk) move(i *Issue, project string) error {
	if project == "" {
		project = "ELSE"
		if projectOf(i.Key) == project {
			project = d.s.opt.Project
		}
	}
	_, known := d.s.projects[project]
	switch {
	case !known:
		return fmt.Errorf("there is no project %q", project)
	case levelOf(i.Type) < 0:
		return fmt.Errorf("a sub-task moved without its parent: %w", simctl.ErrCannot)
	}
	d.s.move(i, project)
	return nil
}
