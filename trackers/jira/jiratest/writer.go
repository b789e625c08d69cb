package jiratest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of texts, in characters.
const (
	summaryMax     = 255
	descriptionMax = 32767
	labelMax       = 255
)

// strict decodes a body and refuses what it does not know.
func strict(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return errors.New("Invalid request payload. Refer to the REST API documentation and try again. " + err.Error())
	}
	return nil
}

// writer sets fields of an issue, and tells of each that it cannot.
type writer struct {
	s      *Server
	i      *Issue
	screen []screenField
	bad    *errorBody
	isNew  bool
	links  []json.RawMessage // to be added once the issue is stored
}

func (w *writer) fail(field, format string, args ...any) {
	w.bad.Errors[field] = fmt.Sprintf(format, args...)
}

// all does what a body says.
func (w *writer) all(d details) {
	for name, raw := range d.Fields {
		if name == "project" || name == "issuetype" && w.isNew {
			continue
		}
		if _, twice := d.Update[name]; twice {
			w.fail(name, "Field '%s' cannot appear in both 'fields' and 'update'", name)
			continue
		}
		if w.settable(name) {
			w.set(name, raw)
		}
	}
	for name, ops := range d.Update {
		if w.settable(name) {
			for _, op := range ops {
				w.update(name, op)
			}
		}
	}
	for _, p := range d.Properties {
		if w.i.Properties == nil {
			w.i.Properties = map[string]json.RawMessage{}
		}
		w.i.Properties[p.Key] = p.Value
	}
}

func (w *writer) settable(name string) bool {
	on := name == "issuetype" || slices.ContainsFunc(w.screen, func(f screenField) bool { return f.id == name })
	if !on || slices.Contains(w.s.faults.Surprise, name) {
		w.fail(name, "Field '%s' cannot be set. It is not on the appropriate screen, or unknown.", name)
		return false
	}
	return true
}

func (w *writer) set(name string, raw json.RawMessage) {
	null := string(raw) == "null"
	switch name {
	case "summary":
		w.summary(raw)
	case "description":
		text := w.text(name, raw)
		if utf8.RuneCountInString(text) > descriptionMax {
			w.fail(name, "The entered text is too long. It exceeds the allowed limit of 32,767 characters.")
		}
		w.i.Description = text
	case "labels":
		w.i.Labels = nil
		var labels []string
		_ = json.Unmarshal(raw, &labels)
		for _, l := range labels {
			w.label(l)
		}
	case "duedate":
		day := w.text(name, raw)
		if _, err := time.Parse(time.DateOnly, day); err != nil && day != "" {
			w.fail(name, "Error parsing date string: %s", day)
		}
		w.i.Due = day
	case "priority":
		w.priority(raw)
	case "assignee":
		switch w.i.Assignee = ""; {
		case !null:
			w.assignee(raw)
		case w.s.faults.AllOwned:
			w.fail("assignee", "Issues must be assigned.")
		}
	case "issuetype":
		w.retype(raw)
	case "parent":
		w.parent(raw)
	case fieldEpicLink:
		w.epicLink(w.text(name, raw))
	default:
		if w.i.Custom == nil {
			w.i.Custom = map[string]json.RawMessage{}
		}
		if name == fieldTeam && !null && !bytes.Contains(raw, []byte(`"value"`)) {
			w.fail(name, "Specify a valid 'id' or 'name' for Team")
		}
		w.i.Custom[name] = raw
	}
}

func (w *writer) text(name string, raw json.RawMessage) string {
	var text *string
	if err := json.Unmarshal(raw, &text); err != nil {
		w.fail(name, "Operation value must be a string")
	}
	if text == nil {
		return ""
	}
	return *text
}

func (w *writer) summary(raw json.RawMessage) {
	text := strings.TrimSpace(w.text("summary", raw))
	switch {
	case text == "":
		w.fail("summary", "You must specify a summary of the issue.")
	case strings.ContainsAny(text, "\r\n"):
		w.fail("summary", "The summary is invalid because it contains newline characters.")
	case utf8.RuneCountInString(text) > summaryMax:
		w.fail("summary", "Summary must be less than 255 characters.")
	}
	w.i.Summary = text
}

func (w *writer) label(label string) {
	switch {
	case strings.ContainsAny(label, " \t\n"):
		w.fail("labels", "The label '%s' contains spaces which is invalid.", label)
	case utf8.RuneCountInString(label) > labelMax || label == "":
		w.fail("labels", "The label '%s' exceeds the maximum length of 255 characters.", label)
	case !slices.Contains(w.i.Labels, label):
		w.i.Labels = append(w.i.Labels, label)
	}
}

func (w *writer) priority(raw json.RawMessage) {
	var v struct{ ID, Name string }
	_ = json.Unmarshal(raw, &v)
	for n, name := range w.s.priorities() {
		if id := strconv.Itoa(n); n > 0 && (v.ID == id || v.ID == "" && v.Name == name) {
			w.i.Priority = id
			return
		}
	}
	w.fail("priority", "The priority selected is invalid.")
}

func (w *writer) assignee(raw json.RawMessage) {
	var id string
	var cloud struct {
		AccountID string `json:"accountId"`
	}
	var dc struct {
		Name string `json:"name"`
	}
	if w.s.opt.DataCenter {
		if err := strict(raw, &dc); err != nil {
			w.fail("assignee", "data was not an object containing a 'name' property")
			return
		}
		id = dc.Name
	} else if err := strict(raw, &cloud); err == nil {
		id = cloud.AccountID
	}
	if !w.s.mayBeAssigned(id) {
		w.fail("assignee", "User '%s' cannot be assigned issues.", id)
		return
	}
	w.i.Assignee = id
}

func (w *writer) retype(raw json.RawMessage) {
	typ := w.s.readType(raw)
	if typ == "" || levelOf(typ) != levelOf(w.i.Type) {
		w.fail("issuetype", "The issue type selected is invalid.")
		return
	}
	w.i.Type = typ
}

// parent puts an issue below another: sub-tasks below standard ones of the same
// project, and on Cloud those below epics.
func (w *writer) parent(raw json.RawMessage) {
	var v struct{ ID, Key string }
	_ = json.Unmarshal(raw, &v)
	if string(raw) == "null" && levelOf(w.i.Type) == 0 {
		w.i.Parent = 0
		return
	}
	name := "parentId"
	if w.s.opt.DataCenter {
		name = "parent"
	}
	p := w.s.find(v.ID + v.Key)
	switch {
	case p == nil || v.ID != "" && v.Key != "":
		w.fail(name, "Could not find issue by id or key.")
	case levelOf(p.Type) != levelOf(w.i.Type)+1 || w.s.opt.DataCenter && levelOf(w.i.Type) >= 0:
		w.fail(name, "Given parent work item does not belong to appropriate hierarchy.")
	default:
		w.i.Parent = p.ID
	}
}

func (w *writer) epicLink(key string) {
	p := w.s.find(key)
	if key != "" && (p == nil || p.Type != "10000" || p.Key != key) {
		w.fail(fieldEpicLink, "Issue '%s' is not an Epic.", key)
		return
	}
	w.i.EpicLink = key
}

func (w *writer) update(name string, op map[string]json.RawMessage) {
	for verb, raw := range op {
		var text string
		_ = json.Unmarshal(raw, &text)
		switch {
		case name == "labels" && verb == "add":
			w.label(text)
		case name == "labels" && verb == "remove":
			w.i.Labels = slices.DeleteFunc(w.i.Labels, func(l string) bool { return l == text })
		case name == "issuelinks" && verb == "add":
			w.links = append(w.links, raw)
		default:
			w.fail(name, "The operation %q is not supported here", verb)
		}
	}
}
