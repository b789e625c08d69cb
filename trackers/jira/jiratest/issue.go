package jiratest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Issue is one issue as it is stored.
type Issue struct {
	ID          int64
	Key         string
	Former      []string // keys before moves
	Type        string   // its id
	Summary     string
	Description string
	Labels      []string
	Priority    string // its id
	Due         string
	Assignee    string // an account
	Parent      int64  // of a sub-task, and on Cloud of a story
	EpicLink    string
	Status      string // its id
	Resolution  string
	Flagged     bool
	Custom      map[string]json.RawMessage
	Properties  map[string]json.RawMessage
	Comments    []Comment
	Changes     []Change // the change log, the oldest first
	Created     time.Time
	Updated     time.Time
	Deleted     bool

	indexed []indexed // what the search may know of it, oldest first
}

// Comment is one comment on an issue.
type Comment struct {
	ID     int64
	Author string // an account
	Body   string
	At     time.Time
}

// clone is an issue that does not change with the one that it is a copy of.
func (i *Issue) clone() Issue {
	c := *i
	c.Former, c.Labels, c.Comments, c.Changes = slices.Clone(i.Former), slices.Clone(i.Labels), slices.Clone(i.Comments), slices.Clone(i.Changes)
	c.Properties, c.Custom = maps.Clone(i.Properties), maps.Clone(i.Custom)
	return c
}

// indexed is what the search knows once the lag has passed.
type indexed struct {
	at      time.Time
	labels  []string
	updated time.Time
	deleted bool
}

// link joins two issues: from names what it does to to.
type link struct {
	ID       int64
	Type     string
	From, To int64
}

func (s *Server) next() int64 {
	s.serial += 7 // ids are no numbers of anything
	return s.serial
}

// newKey gives the next key of a project.
func (s *Server) newKey(project string) string {
	s.projects[project]++
	return project + "-" + strconv.Itoa(s.projects[project])
}

// find is the issue of an id, a key or a former key, nil where there is none to be seen.
func (s *Server) find(ref string) *Issue {
	if i := s.refs[strings.ToUpper(ref)]; i != nil && !i.Deleted {
		return i
	}
	return nil
}

// add stores a new issue.
func (s *Server) add(i *Issue) {
	s.issues = append(s.issues, i)
	s.refs[strconv.FormatInt(i.ID, 10)], s.refs[i.Key] = i, i
	s.touch(i)
}

func (s *Server) byID(id int64) *Issue { return s.find(strconv.FormatInt(id, 10)) }

// touch notes that an issue has just changed.
func (s *Server) touch(i *Issue) {
	i.Updated = s.opt.Now()
	i.indexed = append(i.indexed, indexed{at: i.Updated, labels: slices.Clone(i.Labels), updated: i.Updated, deleted: i.Deleted})
}

// known is what the search knows of an issue at the moment.
func (s *Server) known(i *Issue) (indexed, bool) {
	lag := time.Duration(s.faults.IndexLag)
	for n := len(i.indexed) - 1; n >= 0; n-- {
		fresh := s.opt.Now().Sub(i.indexed[n].at) < lag
		if !fresh || s.faults.Flap && chance(i.ID, int64(n), int64(s.turn)) {
			return i.indexed[n], !i.indexed[n].deleted
		}
	}
	return indexed{}, false
}

func projectOf(key string) string { return key[:strings.LastIndexByte(key, '-')] }

// shown is an issue as an answer holds it.
type shown struct {
	ID         string                     `json:"id"`
	Key        string                     `json:"key"`
	Self       string                     `json:"self"`
	Fields     map[string]any             `json:"fields,omitempty"`
	Properties map[string]json.RawMessage `json:"properties,omitempty"`
	Log        map[string]any             `json:"changelog,omitempty"`
}

func (s *Server) show(i *Issue, fields, properties []string) shown {
	out := shown{ID: strconv.FormatInt(i.ID, 10), Key: i.Key, Self: s.opt.Site + "/rest/api/2/issue/" + strconv.FormatInt(i.ID, 10)}
	all := s.values(i)
	for _, f := range fields {
		if v, ok := all[f]; ok {
			if out.Fields == nil {
				out.Fields = map[string]any{}
			}
			out.Fields[f] = v
		}
	}
	for _, name := range properties {
		if v, ok := i.Properties[name]; ok {
			if out.Properties == nil {
				out.Properties = map[string]json.RawMessage{}
			}
			out.Properties[name] = v
		}
	}
	return out
}

// stamp is how Jira writes instants.
func (s *Server) stamp(t time.Time) string {
	return t.In(s.opt.Zone).Format("2006-01-02T15:04:05.000-0700")
}

// values are the fields of an issue by id; what is empty is null.
func (s *Server) values(i *Issue) map[string]any {
	v := map[string]any{
		"summary": i.Summary, "description": nullable(i.Description), "labels": append([]string{}, i.Labels...),
		"duedate": nullable(i.Due), "created": s.stamp(i.Created), "updated": s.stamp(i.Updated),
		"issuetype": s.typeOf(i.Type), "priority": map[string]any{"id": i.Priority, "name": s.priorityName(i.Priority)},
		"status": s.statusOf(i.Status), "assignee": nil, "resolution": nil, "parent": nil,
		"project": map[string]any{"key": projectOf(i.Key)}, fieldFlagged: nil, "issuelinks": s.linksOf(i), "comment": s.commentsOf(i),
	}
	if s.faults.Reformat {
		v["description"] = nullable(reformatted(i.Description))
	}
	if i.Assignee != "" {
		v["assignee"] = s.user(i.Assignee)
	}
	if i.Resolution != "" {
		v["resolution"] = map[string]any{"name": i.Resolution}
	}
	if i.Flagged {
		v[fieldFlagged] = []any{map[string]any{"value": "Impediment"}}
	}
	if p := s.byID(i.Parent); p != nil {
		v["parent"] = map[string]any{"id": strconv.FormatInt(p.ID, 10), "key": p.Key, "fields": map[string]any{"summary": p.Summary}}
	}
	if s.opt.DataCenter {
		v[fieldEpicLink] = nil
		if epic := s.find(i.EpicLink); epic != nil {
			v[fieldEpicLink] = epic.Key
		}
	}
	for name, value := range i.Custom {
		v[name] = value
	}
	return v
}

// linksOf are the links of an issue as seen from it.
func (s *Server) linksOf(i *Issue) []any {
	out := []any{}
	for _, l := range s.links {
		other, side := l.To, "outwardIssue"
		if l.To == i.ID {
			other, side = l.From, "inwardIssue"
		} else if l.From != i.ID {
			continue
		}
		if o := s.byID(other); o != nil {
			out = append(out, map[string]any{
				"id": strconv.FormatInt(l.ID, 10), "type": map[string]any{"name": l.Type},
				side: map[string]any{"id": strconv.FormatInt(o.ID, 10), "key": o.Key},
			})
		}
	}
	return out
}

func nullable(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// reformatted is a text after a way through the editor of Cloud: other line ends and
// blank lines, dashes escaped.
func reformatted(text string) string {
	lines := strings.Split(text, "\n")
	for n, l := range lines {
		lines[n] = strings.TrimRight(l, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\r\n"), "\r\n")
}
