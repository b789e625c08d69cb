package rallytest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

const maxBody = 64 << 20 // far more than any request of percolate

func readCall(req *http.Request) (*call, error) {
	rest, _ := strings.CutPrefix(req.URL.Path, base)
	c := &call{req: req, parts: strings.Split(strings.Trim(rest, "/"), "/"), write: req.Method != http.MethodGet}
	c.parts[0] = strings.ToLower(c.parts[0])
	if !c.write || req.Method == http.MethodDelete {
		return c, nil
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, maxBody))
	if err == nil {
		err = json.Unmarshal(body, &c.body)
	}
	if err != nil {
		return c, fmt.Errorf("Could not parse: the body is no JSON: %w", err)
	}
	return c, nil
}

// write does a write; half stops a batch in its middle.
func (s *Server) write(c *call, half bool) answer {
	switch {
	case c.parts[0] == "batch":
		return s.batch(c, half)
	case c.req.Method == http.MethodDelete && len(c.parts) == 2:
		return s.recycle(c)
	case len(c.parts) == 2 && c.parts[1] == "create":
		return s.create(c.parts[0], c.body, fetchOf(c, "_ref"), c.projectRef(), false)
	case len(c.parts) == 2:
		return s.update(c.parts[0], c.parts[1], c.body, fetchOf(c, "_ref"), false)
	case len(c.parts) == 4:
		return s.collect(c)
	}
	return answer{status: http.StatusNotFound, page: "404 Not Found"}
}

func (c *call) projectRef() string { return c.req.URL.Query().Get("project") }

// valuesIn takes the attributes out of a body, which names their type.
func valuesIn(typ string, body map[string]json.RawMessage) (map[string]json.RawMessage, error) {
	for name, raw := range body {
		if len(body) > 1 || !strings.EqualFold(name, typ) {
			break
		}
		var values map[string]json.RawMessage
		err := json.Unmarshal(raw, &values)
		return values, err
	}
	return nil, fmt.Errorf("Could not parse: the body holds no %s", elementOf(typ))
}

// create makes an object.
func (s *Server) create(typ string, body map[string]json.RawMessage, fetch []string, project string, batched bool) answer {
	fail := func(reasons ...string) answer { return failed("CreateResult", reasons...) }
	values, err := valuesIn(typ, body)
	if err != nil {
		return fail(err.Error())
	}
	if !slices.Contains([]string{"hierarchicalrequirement", "defect", "tag", "milestone", "conversationpost"}, typ) {
		return fail("Not authorized to perform action: a " + elementOf(typ) + " cannot be made here")
	}
	if typ == "tag" && s.faults.NoTags {
		return fail("Not authorized to perform action: you may not make tags")
	}
	ch := &change{s: s, typ: typ, batched: batched, values: map[string]any{}, sets: map[string][]int64{}}
	if isArtifact(typ) {
		ch.values["Project"] = int64(defaultProject)
		if p := s.refTo("project", project); p != nil {
			ch.values["Project"] = p.id
		}
	}
	if reasons := ch.take(values, true); len(reasons) > 0 {
		return fail(reasons...)
	}
	if isArtifact(typ) && s.conflicts() {
		return fail(conflict(typ, 0))
	}
	o := s.add(typ, s.opt.Workspace, ch.values)
	o.sets = ch.sets
	if typ == "conversationpost" {
		o.values["User"], o.values["CreationDate"] = s.author, s.opt.Now()
		if a := s.byID[o.values["Artifact"].(int64)]; a != nil {
			s.touch(a)
		}
	}
	if parent, ok := o.values["Parent"].(int64); ok {
		s.rollUp(parent)
	}
	return envelope("CreateResult", ch.warnings, result{"Object": s.written(o, fetch)})
}

// written is an object as the answer to a write shows it.
func (s *Server) written(o *object, fetch []string) result {
	if s.faults.ThinAnswers {
		return s.reference(o)
	}
	return s.show(o, fetch, 0)
}

func conflict(typ string, id int64) string {
	return fmt.Sprintf("Concurrency conflict: [Object has been modified since being read for update in this context] - "+
		"ConcurrencyConflictException : Modified since read on update : Object Class : %s : ObjectID : %d", elementOf(typ), id)
}

// update changes the attributes that are named.
func (s *Server) update(typ, id string, body map[string]json.RawMessage, fetch []string, batched bool) answer {
	fail := func(reasons ...string) answer { return failed("OperationResult", reasons...) }
	o := s.refTo(typ, "/"+typ+"/"+id)
	if o == nil || !isArtifact(typ) {
		return fail(fmt.Sprintf("Could not read: Could not read %s %s to update.", elementOf(typ), id))
	}
	values, err := valuesIn(typ, body)
	if err != nil {
		return fail(err.Error())
	}
	if s.conflicts() {
		return fail(conflict(typ, o.id))
	}
	ch := &change{s: s, typ: typ, on: o, batched: batched, values: map[string]any{}, sets: map[string][]int64{}}
	if reasons := ch.take(values, false); len(reasons) > 0 {
		return fail(reasons...)
	}
	above, _ := o.values["Parent"].(int64)
	s.change(o, ch)
	for _, parent := range []int64{above, idIn(o.values["Parent"])} {
		s.rollUp(parent)
	}
	return envelope("OperationResult", ch.warnings, result{"Object": s.written(o, fetch)})
}

func idIn(v any) int64 {
	id, _ := v.(int64)
	return id
}

func (s *Server) change(o *object, ch *change) {
	for name, v := range ch.values {
		o.values[name] = v
	}
	for name, ids := range ch.sets {
		o.sets[name] = ids
	}
	s.touch(o)
}

// recycle puts an object into the recycle bin.
func (s *Server) recycle(c *call) answer {
	o := s.named(c)
	if o == nil {
		return failed("OperationResult", "Cannot find object to delete")
	}
	s.bin(o)
	return envelope("OperationResult", nil, nil)
}

func (s *Server) bin(o *object) {
	o.recycled = true
	o.values["Recycled"] = true
	s.rollUp(idIn(o.values["Parent"]))
}

// collect adds members to a collection, or removes some.
func (s *Server) collect(c *call) answer {
	fail := func(reason string) answer { return failed("OperationResult", reason) }
	o := s.named(c)
	if o == nil || !isArtifact(o.typ) {
		return fail(fmt.Sprintf("Could not read: Could not read %s %s to update.", elementOf(c.parts[0]), c.parts[1]))
	}
	a, ok := s.attribute(o.typ, c.parts[2])
	if !ok || a.kind != collection || a.readOnly || c.parts[3] != "add" && c.parts[3] != "remove" {
		return fail("Could not read: there is no collection " + c.parts[2] + " to " + c.parts[3])
	}
	ids, err := s.membersIn(a, c.body["CollectionItems"])
	if err != nil {
		return fail(err.Error())
	}
	if s.conflicts() {
		return fail(conflict(o.typ, o.id))
	}
	for _, id := range ids {
		o.sets[a.name] = slices.DeleteFunc(o.sets[a.name], func(have int64) bool { return have == id })
		if c.parts[3] == "add" {
			o.sets[a.name] = append(o.sets[a.name], id)
		}
	}
	s.touch(o)
	shown := []result{}
	for _, id := range ids {
		shown = append(shown, s.reference(s.byID[id]))
	}
	return envelope("OperationResult", nil, result{"Results": shown})
}

// membersIn are the ids of a collection, which is a list of references even for one.
func (s *Server) membersIn(a attribute, raw json.RawMessage) (ids []int64, err error) {
	var items []struct {
		Ref string `json:"_ref"`
	}
	if json.Unmarshal(raw, &items) != nil {
		return nil, fmt.Errorf("Could not parse: %s must be a list of references", a.name)
	}
	for _, i := range items {
		m := s.refTo(a.of, i.Ref)
		if m == nil {
			return nil, fmt.Errorf("Could not convert: Cannot parse object reference from %q in %s", i.Ref, a.name)
		}
		if !slices.Contains(ids, m.id) {
			ids = append(ids, m.id)
		}
	}
	return ids, nil
}
