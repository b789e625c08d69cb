package rallytest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// change is what a write does to an object, as far as Rally takes it.
type change struct {
	s        *Server
	typ      string
	on       *object // nil for one that is made
	batched  bool
	values   map[string]any
	sets     map[string][]int64
	warnings []string
}

// take reads all attributes and says why the write as a whole is refused.
func (ch *change) take(values map[string]json.RawMessage, creating bool) (reasons []string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if err := ch.one(name, values[name]); err != nil {
			reasons = append(reasons, err.Error())
		}
	}
	if creating {
		reasons = append(reasons, ch.missing()...)
	}
	return append(reasons, ch.together()...)
}

func (ch *change) refuse(a attribute, format string, args ...any) error {
	return fmt.Errorf("Validation error: "+elementOf(ch.typ)+"."+a.name+" "+format, args...)
}

// one takes one attribute.
func (ch *change) one(name string, raw json.RawMessage) error {
	f := ch.s.faults
	a, ok := ch.s.attribute(ch.typ, name)
	switch {
	case !ok:
		return fmt.Errorf("Could not find the attribute %s on type %s", name, elementOf(ch.typ))
	case slices.Contains(f.Ignore, a.name), ch.rolledUp(a):
		ch.ignore(a)
		return nil
	case slices.Contains(f.Drop, a.name):
		return nil
	case a.readOnly:
		return ch.refuse(a, "is read-only")
	case a.kind == collection:
		return ch.collection(a, raw)
	}
	value, err := ch.value(a, raw)
	if err != nil {
		return err
	}
	ch.values[a.name] = value
	return nil
}

// ignore warns as Rally does.
func (ch *change) ignore(a attribute) {
	ch.warnings = append(ch.warnings, fmt.Sprintf("Ignored JSON element %s.%s during processing of this request.", ch.typ, a.name))
}

// rolledUp reports whether the attribute is that of the children.
func (ch *change) rolledUp(a attribute) bool {
	return a.name == "ScheduleState" && ch.on != nil && !ch.s.faults.NoRollUp && len(ch.s.below(ch.on.id, "hierarchicalrequirement", "Parent")) > 0
}

func (ch *change) collection(a attribute, raw json.RawMessage) error {
	if ch.batched {
		switch ch.s.faults.BatchCollections {
		case "refuse":
			return ch.refuse(a, "is a collection, which cannot be set in a batch")
		case "warn":
			ch.ignore(a)
			return nil
		case "drop":
			return nil
		}
	}
	ids, err := ch.s.membersIn(a, raw)
	ch.sets[a.name] = ids
	return err
}

// value reads one value; null clears.
func (ch *change) value(a attribute, raw json.RawMessage) (any, error) {
	if string(raw) == "null" {
		if a.required {
			return nil, ch.refuse(a, "should not be null")
		}
		return nil, nil
	}
	switch a.kind {
	case flag:
		var b bool
		if json.Unmarshal(raw, &b) != nil {
			return nil, ch.refuse(a, "is no boolean: %s", raw)
		}
		return b, nil
	case number:
		var n int64
		if json.Unmarshal(raw, &n) != nil {
			return nil, ch.refuse(a, "is no number: %s", raw)
		}
		return n, nil
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return nil, ch.refuse(a, "cannot be %s", raw)
	}
	switch a.kind {
	case ref:
		return ch.reference(a, text)
	case date:
		return ch.date(a, text)
	case choice:
		return ch.choice(a, text)
	}
	return ch.text(a, text)
}

func (ch *change) reference(a attribute, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	o := ch.s.refTo(a.of, text)
	switch {
	case o == nil:
		return nil, fmt.Errorf("Could not set value for %s: Cannot find object to read: %s", a.name, text)
	case a.name == "Owner" && !slices.ContainsFunc(people(), func(p account) bool { return p.id == o.id && p.access && !p.disabled }) && !ch.s.opt.AnyUser:
		return nil, ch.refuse(a, "%s has no access to the project", o.name())
	}
	return o.id, nil
}

// date keeps the beginning of the day in the zone of the workspace.
func (ch *change) date(a attribute, text string) (any, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, ch.s.opt.Zone); err == nil {
			t = t.In(ch.s.opt.Zone)
			return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, ch.s.opt.Zone), nil
		}
	}
	return nil, ch.refuse(a, "is no date: %q", text)
}

func (ch *change) choice(a attribute, text string) (any, error) {
	if !slices.Contains(a.allowed, text) {
		return nil, ch.refuse(a, "cannot be %q; allowed are %s", text, strings.Join(a.allowed, ", "))
	}
	return text, nil
}

func (ch *change) text(a attribute, text string) (any, error) {
	if a.kind == rich {
		text = ch.s.sanitised(text)
	} else {
		text = strings.TrimSpace(text)
	}
	size := len(text)
	if a.kind != rich {
		size = utf8.RuneCountInString(text)
	}
	switch {
	case a.max > 0 && size > a.max:
		return nil, ch.refuse(a, "exceeds the maximum length of %d", a.max)
	case a.required && text == "":
		return nil, ch.refuse(a, "should not be null")
	case a.name == "Notes" && slices.ContainsFunc(ch.s.faults.RefuseNotes, func(n string) bool { return strings.Contains(text, n) }):
		return nil, ch.refuse(a, "is not liked by a work rule of this workspace")
	}
	return text, nil
}

// missing are the required attributes of a new object that have no value.
func (ch *change) missing() (reasons []string) {
	for _, a := range attributesOf(ch.typ) {
		a, _ = ch.s.attribute(ch.typ, a.name)
		if v, ok := ch.values[a.name]; a.required && (!ok || v == nil) {
			reasons = append(reasons, ch.refuse(a, "should not be null").Error())
		}
	}
	return reasons
}

// together refuses what cannot stand together.
func (ch *change) together() (reasons []string) {
	now := map[string]any{}
	if ch.on != nil {
		maps.Copy(now, ch.on.values)
	}
	maps.Copy(now, ch.values)
	if ch.typ == "hierarchicalrequirement" && idIn(now["Parent"]) != 0 && idIn(now["PortfolioItem"]) != 0 {
		reasons = append(reasons, "Validation error: HierarchicalRequirement.parentArtifact should not be set if HierarchicalRequirement.Parent is set and vice versa")
	}
	for at := idIn(now["Parent"]); at != 0 && ch.on != nil; {
		if at == ch.on.id {
			return append(reasons, "Validation error: HierarchicalRequirement.Parent would be below itself")
		}
		o := ch.s.byID[at]
		if o == nil {
			break
		}
		at = idIn(o.values["Parent"])
	}
	return reasons
}
