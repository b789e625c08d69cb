package rallytest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// check reports attributes that the types do not have, and values of another sort.
func (s *Server) check(n *node, types []string) error {
	if n.join != "" {
		if err := s.check(n.left, types); err != nil {
			return err
		}
		return s.check(n.right, types)
	}
	for _, typ := range types {
		a, err := s.reach(typ, n.attribute)
		if err != nil {
			return err
		}
		if (n.operator == "contains" || n.operator == "!contains") && a.kind != text && a.kind != rich && a.kind != choice {
			return fmt.Errorf("Could not parse: the operator %s is not allowed for %s", n.operator, n.attribute)
		}
		if _, err := operand(a, n.value); err != nil && !n.null {
			return err
		}
	}
	return nil
}

// reach is the attribute at the end of a dotted path.
func (s *Server) reach(typ, path string) (attribute, error) {
	var a attribute
	for i, name := range strings.Split(path, ".") {
		if i > 0 && a.kind != ref && a.kind != collection {
			return a, fmt.Errorf("Could not parse: %s has no attributes", a.name)
		}
		found, ok := s.attribute(typ, name)
		if !ok && typ == "artifact" {
			found, ok = s.attribute("defect", name)
		}
		if !ok {
			return a, fmt.Errorf("Could not parse: Could not find the attribute %q on type %s in the query segment %q", name, elementOf(typ), path)
		}
		a, typ = found, found.of
	}
	return a, nil
}

// operand is the value of a comparison as the attribute holds it.
func operand(a attribute, text string) (any, error) {
	switch a.kind {
	case number:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("Could not convert: %q is no number, which %s is", text, a.name)
		}
		return n, nil
	case date:
		if text == "today" {
			return time.Time{}, nil
		}
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if t, err := time.Parse(layout, text); err == nil {
				return t, nil
			}
		}
		return nil, fmt.Errorf("Could not convert: %q is no date, which %s is", text, a.name)
	case flag:
		return strconv.ParseBool(text)
	case ref:
		return text, nil
	}
	return text, nil
}

// matches reports whether an object meets a query that was checked.
func (s *Server) matches(n *node, o *object) bool {
	switch n.join {
	case "AND":
		return s.matches(n.left, o) && s.matches(n.right, o)
	case "OR":
		return s.matches(n.left, o) || s.matches(n.right, o)
	}
	a, _ := s.reach(o.typ, n.attribute)
	values := s.values(o, strings.Split(n.attribute, "."))
	if n.null {
		return (len(values) == 0) == (n.operator == "=")
	}
	for _, v := range values {
		if s.compare(a, v, n) {
			return true
		}
	}
	return false
}

// values are what a dotted path leads to from an object.
func (s *Server) values(o *object, path []string) (out []any) {
	a, ok := s.attribute(o.typ, path[0])
	if !ok {
		return nil
	}
	if len(path) == 1 {
		if v := o.values[a.name]; v != nil && v != "" && v != int64(0) {
			return []any{v}
		}
		return nil
	}
	var to []*object
	switch a.kind {
	case ref:
		to = append(to, s.target(o, a.name))
	case collection:
		for _, id := range o.sets[a.name] {
			to = append(to, s.byID[id])
		}
	}
	for _, t := range to {
		if t != nil && !t.recycled {
			out = append(out, s.values(t, path[1:])...)
		}
	}
	return out
}

func (s *Server) compare(a attribute, v any, n *node) bool {
	want, err := operand(a, n.value)
	if err != nil {
		return false
	}
	switch have := v.(type) {
	case int64:
		if a.kind == ref {
			return (n.operator == "=") == strings.HasSuffix(n.value, "/"+strconv.FormatInt(have, 10))
		}
		return ordered(have, want.(int64), n.operator)
	case time.Time:
		return ordered(have.UnixMilli(), want.(time.Time).UnixMilli(), n.operator)
	case bool:
		return (have == want) == (n.operator == "=")
	case string:
		return compareText(strings.ToLower(have), strings.ToLower(n.value), n.operator)
	}
	return false
}

func ordered(a, b int64, operator string) bool {
	switch operator {
	case "=":
		return a == b
	case "!=":
		return a != b
	case ">":
		return a > b
	case ">=":
		return a >= b
	case "<":
		return a < b
	case "<=":
		return a <= b
	}
	return false
}

// compareText knows no case, as Rally.
func compareText(have, want, operator string) bool {
	switch operator {
	case "=":
		return have == want
	case "!=":
		return have != want
	case "contains":
		return strings.Contains(have, want)
	case "!contains":
		return !strings.Contains(have, want)
	case ">":
		return have > want
	case "<":
		return have < want
	}
	return false
}
