package rallytest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// show is an object as an answer holds it, with the attributes that were fetched.
func (s *Server) show(o *object, fetch []string, depth int) result {
	out := s.reference(o)
	for _, a := range attributesOf(o.typ) {
		if !fetched(fetch, a.name) {
			continue
		}
		out[a.name] = s.shown(o, a, fetch, depth)
	}
	return out
}

func fetched(fetch []string, name string) bool {
	return slices.ContainsFunc(fetch, func(f string) bool { return f == "true" || strings.EqualFold(f, name) })
}

// reference is what stands for an object where nothing of it was fetched.
func (s *Server) reference(o *object) result {
	return result{
		"_rallyAPIMajor": "2", "_rallyAPIMinor": "0", "_ref": s.address(o), "_refObjectUUID": fmt.Sprintf("00000000-0000-0000-0000-%012d", o.id),
		"_objectVersion": fmt.Sprint(o.version), "_refObjectName": o.name(), "_type": elementOf(o.typ),
	}
}

func (s *Server) address(o *object) string {
	return fmt.Sprintf("%s%s%s/%d", s.opt.Site, base, o.typ, o.id)
}

func (s *Server) shown(o *object, a attribute, fetch []string, depth int) any {
	switch a.kind {
	case ref:
		t := s.target(o, a.name)
		if t == nil || depth > 3 {
			return nil
		}
		return s.show(t, fetch, depth+1)
	case collection:
		return s.shownCollection(o, a)
	case date:
		if t, ok := o.values[a.name].(time.Time); ok {
			return t.UTC().Format("2006-01-02T15:04:05.000Z")
		}
		return nil
	case rich:
		if s.faults.Reformat {
			return reformatted(o.text(a.name))
		}
	}
	return o.values[a.name]
}

// shownCollection holds members only of the collections that are so small that Rally
// shows them everywhere.
func (s *Server) shownCollection(o *object, a attribute) result {
	members := s.members(o, a.name)
	out := result{"_rallyAPIMajor": "2", "_rallyAPIMinor": "0", "_ref": s.address(o) + "/" + a.name, "_type": elementOf(a.of), "Count": len(members)}
	if a.name == "Tags" || a.name == "Milestones" {
		names := []result{}
		for _, m := range members {
			names = append(names, result{"Name": m.name(), "_ref": fmt.Sprintf("/%s/%d", m.typ, m.id)})
		}
		out["_tagsNameArray"] = names
	}
	return out
}

// members are the objects of a collection.
func (s *Server) members(o *object, name string) (out []*object) {
	switch {
	case o.typ == "typedefinition" && name == "Attributes":
		return s.attributeDefinitions(o)
	case o.typ == "attributedefinition" && name == "AllowedValues":
		return s.allowedValues(o)
	case name == "Children":
		return s.below(o.id, "hierarchicalrequirement", "Parent")
	case name == "Discussion":
		for _, p := range s.objects {
			if p.typ == "conversationpost" && p.values["Artifact"] == o.id {
				out = append(out, p)
			}
		}
		return out
	}
	for _, id := range o.sets[name] {
		if m := s.byID[id]; m != nil && !m.recycled {
			out = append(out, m)
		}
	}
	return out
}

// attributeDefinitions tell of the attributes of a type. Their ids are made of it.
func (s *Server) attributeDefinitions(o *object) (out []*object) {
	typ := strings.ToLower(o.text("ElementName"))
	for i, a := range attributesOf(typ) {
		a, _ = s.attribute(typ, a.name)
		id := o.id*1000 + int64(i)
		if s.byID[id] == nil {
			s.known(id, "attributedefinition", map[string]any{})
		}
		d := s.byID[id]
		d.values = map[string]any{
			"ObjectID": id, "Name": a.name, "ElementName": a.name, "AttributeType": string(a.kind), "Required": a.required,
			"ReadOnly": a.readOnly, "Hidden": false, "type": typ,
		}
		out = append(out, d)
	}
	return out
}

func (s *Server) allowedValues(d *object) (out []*object) {
	a, _ := s.attribute(d.text("type"), d.text("ElementName"))
	for i, v := range a.allowed {
		id := d.id*100 + int64(i)
		if s.byID[id] == nil {
			s.known(id, "allowedattributevalue", map[string]any{})
		}
		s.byID[id].values = map[string]any{"ObjectID": id, "StringValue": v}
		out = append(out, s.byID[id])
	}
	return out
}
