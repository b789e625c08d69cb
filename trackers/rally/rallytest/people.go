package rallytest

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"percolate/trackers/internal/simctl"
)

// somebody is the person who does what programs ask for.
const somebody = 7002

// dueLine is a paragraph of its own. A list of percolate's tells a due day too, and no
// person who changes the day changes that.
var dueLine = regexp.MustCompile(`(?:<p>|<div[^>]*>)Due: ([0-9]{4}-[0-9]{2}-[0-9]{2})(?:</p>|</div>)`)

// Person does one act of a person, as [simctl.Act] tells, and returns the ref of the
// ticket. What Rally refuses to people it refuses here.
func (s *Server) Person(act simctl.Act) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.author = somebody
	defer func() { s.author = user }()
	if act.Do == simctl.Open {
		if strings.TrimSpace(act.Value) == "" {
			return "", errors.New("a story needs a name")
		}
		o := s.add("hierarchicalrequirement", s.opt.Workspace, map[string]any{"Name": act.Value, "Description": s.sanitised(paragraphs(act.Text)), "Project": s.opt.Project})
		return strconv.FormatInt(o.id, 10), nil
	}
	o := s.artifact(act.Ref)
	if o == nil {
		return "", fmt.Errorf("there is no ticket %q", act.Ref)
	}
	if err := s.act(o, act.Do, act.Value); err != nil {
		return "", err
	}
	return act.Ref, nil
}

// paragraphs is plain text as HTML.
func paragraphs(text string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + html.EscapeString(p) + "</p>")
		}
	}
	return b.String()
}

func (s *Server) act(o *object, do, value string) error {
	switch do {
	case simctl.Title:
		return s.edit(o, "Name", value)
	case simctl.Append:
		return s.edit(o, "Description", o.text("Description")+paragraphs(value))
	case simctl.Comment:
		s.add("conversationpost", s.opt.Workspace, map[string]any{"Artifact": o.id, "Text": s.sanitised(value), "User": s.author, "CreationDate": s.opt.Now()})
		s.touch(o)
		return nil
	case simctl.Label:
		s.tag(o, value)
		return nil
	case simctl.Unlabel:
		s.untag(o, value)
		return nil
	case simctl.Assign:
		return s.assign(o, value)
	case simctl.Due:
		return s.setDue(o, value)
	case simctl.Priority:
		if o.typ != "defect" {
			return fmt.Errorf("the priority of a story: %w", simctl.ErrCannot)
		}
		return s.edit(o, "Priority", value)
	case simctl.Status:
		return s.setStatus(o, value)
	case simctl.Parent:
		return s.setParent(o, value)
	case simctl.Move:
		return s.move(o, value)
	case simctl.Delete:
		s.bin(o)
		return nil
	}
	return fmt.Errorf("%q: %w", do, simctl.ErrCannot)
}

// edit changes an attribute as an update would, and refuses what that would.
func (s *Server) edit(o *object, name string, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	ch := &change{s: s, typ: o.typ, on: o, values: map[string]any{}, sets: map[string][]int64{}}
	if reasons := ch.take(map[string]json.RawMessage{name: raw}, false); len(reasons) > 0 {
		return errors.New(strings.Join(reasons, "; "))
	}
	s.change(o, ch)
	return nil
}

func (s *Server) tag(o *object, name string) {
	i := slices.IndexFunc(s.objects, func(t *object) bool { return t.typ == "tag" && t.name() == name })
	var tag *object
	if i >= 0 {
		tag = s.objects[i]
	} else {
		tag = s.add("tag", s.opt.Workspace, map[string]any{"Name": name})
	}
	if !slices.Contains(o.sets["Tags"], tag.id) {
		o.sets["Tags"] = append(o.sets["Tags"], tag.id)
	}
	s.touch(o)
}

func (s *Server) untag(o *object, name string) {
	o.sets["Tags"] = slices.DeleteFunc(o.sets["Tags"], func(id int64) bool { return s.byID[id].name() == name })
	s.touch(o)
}

func (s *Server) assign(o *object, account string) error {
	if account == "" {
		return s.edit(o, "Owner", nil)
	}
	u := s.account(account)
	if u == nil {
		return fmt.Errorf("there is no user %q", account)
	}
	return s.edit(o, "Owner", "/user/"+strconv.FormatInt(u.id, 10))
}

// account is a user by name or address; nil where there is none.
func (s *Server) account(name string) *object {
	for _, o := range s.objects {
		if o.typ == "user" && (strings.EqualFold(o.text("UserName"), name) || strings.EqualFold(o.text("EmailAddress"), name)) {
			return o
		}
	}
	return nil
}

// setDue changes the due day.
func (s *Server) setDue(o *object, day string) error {
	if _, err := time.Parse(time.DateOnly, day); err != nil && day != "" {
		return fmt.Errorf("%q is no day", day)
	}
	var value any = day
	if day == "" {
		value = nil
	}
	switch {
	case o.typ == "defect":
		return s.edit(o, "TargetDate", value)
	case s.opt.Due == "field":
		return s.edit(o, "c_DueDate", value)
	case s.opt.Due != "":
		return fmt.Errorf("the due day of a story: %w", simctl.ErrCannot)
	}
	text := dueLine.ReplaceAllString(o.text("Description"), "><")
	if day != "" {
		text += "<p>Due: " + day + "</p>"
	}
	return s.edit(o, "Description", text)
}

// wontDo is the tag by which people drop a story.
const wontDo = "Won't Do"

func (s *Server) setStatus(o *object, status string) error {
	story := map[string]string{"open": "Defined", "active": "In-Progress", "done": "Accepted", "dropped": "Accepted"}
	defect := map[string]string{"open": "Submitted", "active": "Open", "done": "Closed", "dropped": "Closed"}
	if story[status] == "" && status != "blocked" {
		return fmt.Errorf("%q is none of open, active, blocked, done and dropped", status)
	}
	if o.typ == "hierarchicalrequirement" && !s.faults.NoRollUp && len(s.below(o.id, o.typ, "Parent")) > 0 && status != "blocked" {
		return fmt.Errorf("the state of a story that has stories: %w", simctl.ErrCannot)
	}
	o.values["Blocked"] = status == "blocked"
	s.untag(o, wontDo)
	if status == "blocked" {
		return nil
	}
	if o.typ == "defect" {
		o.values["State"], o.values["Resolution"] = defect[status], "None"
		if status == "dropped" {
			o.values["Resolution"] = "Not a Defect"
		}
		return nil
	}
	o.values["ScheduleState"] = story[status]
	if status == "dropped" {
		s.tag(o, wontDo)
	}
	s.rollUp(idIn(o.values["Parent"]))
	return nil
}

// status is what people call the state of a ticket.
func (s *Server) status(o *object) string {
	state := o.text("ScheduleState")
	if o.typ == "defect" {
		state = o.text("State")
	}
	dropped := o.typ == "defect" && o.text("Resolution") == "Not a Defect" ||
		slices.ContainsFunc(o.sets["Tags"], func(id int64) bool { return s.byID[id].name() == wontDo })
	switch {
	case dropped || state == "Closed Declined":
		return "dropped"
	case slices.Contains([]string{"Accepted", "Released", "Closed"}, state):
		return "done"
	case o.values["Blocked"] == true:
		return "blocked"
	case slices.Contains([]string{"In-Progress", "Completed", "Open", "Fixed"}, state):
		return "active"
	}
	return "open"
}

func (s *Server) setParent(o *object, ref string) error {
	name := "Parent"
	if o.typ == "defect" {
		name = "Requirement"
	}
	above := idIn(o.values[name])
	var value any
	if ref != "" {
		value = "/hierarchicalrequirement/" + ref
	}
	if err := s.edit(o, name, value); err != nil {
		return err
	}
	s.rollUp(above)
	s.rollUp(idIn(o.values[name]))
	return nil
}

func (s *Server) move(o *object, project string) error {
	if project == "" {
		project = strconv.Itoa(OtherProject)
		if idIn(o.values["Project"]) == OtherProject {
			project = strconv.FormatInt(s.opt.Project, 10)
		}
	}
	return s.edit(o, "Project", "/project/"+project)
}
