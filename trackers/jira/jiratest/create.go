package jiratest

import (
	"encoding/json"
	"slices"
	"strconv"
)

// details is the body of a create or an edit.
type details struct {
	Fields     map[string]json.RawMessage              `json:"fields"`
	Update     map[string][]map[string]json.RawMessage `json:"update"`
	Properties []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	} `json:"properties"`
	Transition json.RawMessage `json:"transition"`
}

// bulkMax is how many issues one request creates.
const bulkMax = 50

func (s *Server) createOne(c *call) answer {
	var d details
	if err := strict(c.body, &d); err != nil {
		return failed(400, err.Error())
	}
	i, bad := s.create(d)
	if bad != nil {
		return answer{status: 400, body: bad}
	}
	return answer{status: 201, body: s.created(i)}
}

func (s *Server) created(i *Issue) map[string]any {
	id := strconv.FormatInt(i.ID, 10)
	return map[string]any{"id": id, "key": i.Key, "self": s.opt.Site + "/rest/api/2/issue/" + id}
}

type bulkError struct {
	Status   int       `json:"status"`
	Elements errorBody `json:"elementErrors"`
	Number   int       `json:"failedElementNumber"`
}

func (s *Server) createBulk(c *call) answer {
	var in struct {
		Updates []details `json:"issueUpdates"`
	}
	if err := strict(c.body, &in); err != nil {
		return failed(400, err.Error())
	}
	if len(in.Updates) > bulkMax || len(in.Updates) == 0 {
		return failed(400, "The number of issues to create must be between 1 and 50.")
	}
	issues, errors := []any{}, []bulkError{}
	for n, d := range in.Updates {
		i, bad := s.create(d)
		if bad != nil {
			errors = append(errors, bulkError{400, *bad, n})
			continue
		}
		issues = append(issues, s.created(i))
	}
	status := 201
	if len(issues) == 0 {
		status = 400
	}
	return answer{status: status, body: map[string]any{"issues": issues, "errors": errors}}
}

// create stores a new issue, or nothing and tells why.
func (s *Server) create(d details) (*Issue, *errorBody) {
	i := &Issue{Status: "1", Priority: "3", Created: s.opt.Now(), Properties: map[string]json.RawMessage{}, Custom: map[string]json.RawMessage{}}
	bad := &errorBody{Messages: []string{}, Errors: map[string]string{}}
	project := s.readPlace(i, d, bad)
	if len(bad.Errors) > 0 {
		return nil, bad
	}
	w := &writer{s: s, i: i, screen: s.screen(i.Type), bad: bad, isNew: true}
	w.all(d)
	for _, f := range w.screen {
		_, set := d.Fields[f.id]
		if f.required && !f.preset && !set && f.id != "project" && f.id != "issuetype" {
			bad.Errors[f.id] = f.name + " is required."
		}
	}
	if _, set := d.Fields["assignee"]; !set && (s.faults.AutoAssign || s.faults.AllOwned) {
		i.Assignee = s.idOf(people()[1])
	}
	if levelOf(i.Type) < 0 && i.Parent == 0 {
		bad.Errors["issuetype"] = "Issue type is a sub-task but parent issue key or id not specified."
	}
	for _, label := range s.faults.RefuseKeys {
		if slices.Contains(i.Labels, label) {
			bad.Errors["summary"] = "A workflow validator does not like this one."
		}
	}
	if len(bad.Errors)+len(bad.Messages) > 0 {
		return nil, bad
	}
	i.ID, i.Key = s.next(), s.newKey(project)
	s.add(i)
	for _, l := range w.links {
		s.addLinkOf(i, l)
	}
	return i, nil
}

// readPlace reads project and type, without which nothing else can be judged.
func (s *Server) readPlace(i *Issue, d details, bad *errorBody) (project string) {
	var p struct{ Key, ID string }
	_ = json.Unmarshal(d.Fields["project"], &p)
	if _, ok := s.projects[p.Key]; !ok {
		bad.Errors["project"] = "Specify a valid project ID or key"
	}
	if i.Type = s.readType(d.Fields["issuetype"]); i.Type == "" {
		bad.Errors["issuetype"] = "Specify a valid issue type"
	}
	if s.denied("CREATE_ISSUES", p.Key) {
		bad.Errors["project"] = "You do not have permission to create issues in this project."
	}
	return p.Key
}

func (s *Server) readType(raw json.RawMessage) string {
	var v struct{ ID, Name string }
	_ = json.Unmarshal(raw, &v)
	for _, t := range types() {
		if v.ID == t.id || v.ID == "" && v.Name == s.typeName(t) {
			return t.id
		}
	}
	return ""
}
