package jira

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"percolate/ticket"
)

// fix finds the fields of the fixed values, and brings them into the form that Jira wants.
func (s *screen) fix(values []Value, kind ticket.Kind) {
	for _, v := range values {
		if v.Kinds != nil && !slices.Contains(v.Kinds, kind) {
			continue
		}
		f, ok := s.field(v.Field)
		if !ok {
			s.wrong = append(s.wrong, fmt.Sprintf("type %s has no field %q on its create screen", s.typ.Name, v.Field))
			continue
		}
		shaped, err := f.shape(v.Value)
		if err != nil {
			s.wrong = append(s.wrong, err.Error())
			continue
		}
		s.values[f.ID] = shaped
	}
}

// field finds a field by id, or by name where one alone has it.
func (s *screen) field(name string) (metaField, bool) {
	if f, ok := s.fields[name]; ok {
		return f, true
	}
	var hits []metaField
	for _, f := range s.fields {
		if strings.EqualFold(f.Name, name) {
			hits = append(hits, f)
		}
	}
	if len(hits) != 1 {
		return metaField{}, false
	}
	return hits[0], true
}

// shape is a text as a value of the field.
func (f metaField) shape(text string) (any, error) {
	if f.Schema.Type == "array" {
		var all []any
		for part := range strings.SplitSeq(text, ",") {
			one, err := f.one(f.Schema.Items, strings.TrimSpace(part))
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, nil
	}
	return f.one(f.Schema.Type, text)
}

func (f metaField) one(kind, text string) (any, error) {
	switch kind {
	case "number":
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("field %q wants a number, and the configuration has %q", f.Name, text)
		}
		return n, nil
	case "option":
		return f.option("value", text)
	case "component", "version", "priority", "group", "securitylevel":
		return f.option("name", text)
	}
	return text, nil
}

// option is one of the values that the field allows, where it tells them.
func (f metaField) option(by, text string) (any, error) {
	var have []string
	for _, a := range f.Allowed {
		if a.ID == text || strings.EqualFold(a.Value, text) || strings.EqualFold(a.Name, text) {
			return map[string]any{"id": a.ID}, nil
		}
		have = append(have, a.Name+a.Value)
	}
	if len(f.Allowed) > 0 {
		return nil, fmt.Errorf("field %q does not allow %q; it allows %s", f.Name, text, strings.Join(have, ", "))
	}
	return map[string]any{by: text}, nil
}

// missing are the required fields that neither we nor Jira give a value.
func (s *screen) missing(ours ...string) []string {
	var names []string
	for _, f := range s.fields {
		if _, fixed := s.values[f.ID]; f.Required && !f.Preset && !fixed && !slices.Contains(ours, f.ID) {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return names
}
