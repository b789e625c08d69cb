package per

import "strings"

// documentKeys are the keys of a document that is YAML throughout: those of front
// matter, and one for each section.
var documentKeys = append(frontKeys[:len(frontKeys):len(frontKeys)],
	key{"summary", func(g *reading, f field) {
		if f.value.kind == scalar {
			g.doc.Summary = Text{Value: strings.TrimSpace(f.value.text), Line: f.line}
		} else {
			g.text(f)
		}
	}},
	key{"timeline", listKey((*reading).yamlEntry)},
	key{"pluses", listKey(func(g *reading, v value) { g.yamlObservation(v, &g.doc.Pluses) })},
	key{"deltas", listKey(func(g *reading, v value) { g.yamlObservation(v, &g.doc.Deltas) })},
	key{"luck", listKey(func(g *reading, v value) { g.yamlObservation(v, &g.doc.Luck) })},
	key{"actions", listKey((*reading).yamlAction)},
	key{"corrective_actions", listKey((*reading).yamlAction)},
)

func (g *reading) readYAML(text string) {
	v, problem := parseYAML(text)
	if problem != nil {
		g.report(Error, problem.Line, "yaml", "%s", problem.Message)
		return
	}
	g.own = true
	if day := v.get("started"); day.kind == scalar {
		m, _ := leadingMoment(day.text)
		g.years = m.year
	}
	g.readFields(v, documentKeys)
}

// listKey reads a list, item by item. Nothing at all is an empty list.
func listKey(read func(*reading, value)) func(*reading, field) {
	return func(g *reading, f field) {
		if f.value.kind != sequence {
			g.mistake(f.value.line, "wrong-type", "%s should be a list, it is %s", f.name, f.value.kind)
			return
		}
		for _, v := range f.value.list {
			if v.kind != nothing {
				read(g, v)
			}
		}
	}
}

// entry reads the keys of a mapping in a list by name; unknown ones are said.
func (g *reading) entry(v value, what string, keys map[string]func(field)) bool {
	if v.kind != mapping {
		g.mistake(v.line, "wrong-type", "%s should be text or keys and values, it is %s", what, v.kind)
		return false
	}
	names := make([]string, 0, len(keys))
	for name := range keys {
		names = append(names, name)
	}
	for _, f := range v.fields {
		read, known := keys[f.key]
		switch {
		case !known:
			g.report(Hint, f.line, "unknown-key", "%q is no key of %s%s", f.name, what, suggestion(f.key, names))
		case f.value.kind != nothing:
			read(f)
		}
	}
	return true
}

func suggestion(word string, words []string) string {
	if near := nearest(word, words); near != "" {
		return "; did you mean \"" + near + "\"?"
	}
	return ""
}

// into stores the text of a field.
func (g *reading) into(p *string) func(field) {
	return func(f field) {
		if t, ok := g.text(f); ok {
			*p = t.Value
		}
	}
}

func (g *reading) yamlEntry(v value) {
	c := &chronicle{reading: g, zone: g.zone}
	if n := len(g.doc.Timeline); n > 0 && !g.doc.Timeline[n-1].At.IsZero() {
		c.follow(g.doc.Timeline[n-1].At.Time.In(g.zone))
	} else if day := g.day(); day.Value != "" {
		c.day, _ = leadingMoment(day.Value)
	}
	at, text := "", v.text
	if v.kind != scalar {
		if !g.entry(v, "an entry of the timeline", map[string]func(field){"at": g.into(&at), "time": g.into(&at), "text": g.into(&text)}) {
			return
		}
		m, rest := g.moment(at)
		if !m.hasClock && !m.hasDay || rest != "" {
			g.puzzled(v.line, "the time %q was not understood; write 2006-01-02 15:04 or 15:04", at)
		}
		c.entry(m, text, v.line)
		return
	}
	m, rest := g.moment(text)
	if !m.hasClock && !m.hasDay {
		g.puzzled(v.line, "this entry of the timeline begins with no time")
	}
	c.entry(m, rest, v.line)
}

func (g *reading) yamlObservation(v value, list *[]Observation) {
	if v.kind == scalar {
		if o, ok := g.observation(v.text, v.line, nil); ok {
			*list = append(*list, o)
		}
		return
	}
	o := Observation{Line: v.line}
	if len(v.fields) == 1 && observationID.MatchString(v.fields[0].name+":") && v.fields[0].value.kind == scalar {
		v = value{kind: scalar, text: v.fields[0].name + ": " + v.fields[0].value.text, line: v.line} // "- D1: text"
		g.yamlObservation(v, list)
		return
	}
	ok := g.entry(v, "a plus or delta", map[string]func(field){
		"id": g.into(&o.ID), "text": g.into(&o.Text), "accepted": g.into(&o.Accepted),
	})
	if ok && !isEmptyForm(o.Text) {
		*list = append(*list, o)
	}
}

func (g *reading) yamlAction(v value) {
	if v.kind == scalar {
		if a := g.readItem(v.text, place{first: v.line, last: v.line}, nil); !isEmptyForm(a.Text) {
			a.Certain = true
			g.addAction(a)
		}
		return
	}
	a := Action{Line: v.line, Certain: true}
	text := func(f field) {
		g.into(&a.Text)(f)
		a.at = place{first: f.value.line, last: f.value.line}
	}
	keys := map[string]func(field){
		"id": g.into(&a.ID), "category": g.into(&a.Category), "priority": g.into(&a.Priority), "tracker": g.into(&a.Tracker),
		"text": text, "action": text, "title": text,
		"details": func(f field) { a.Details = strings.TrimSpace(f.value.text) },
		"done": func(f field) {
			done := f.value.text == "true"
			if f.value.kind != truth {
				g.mistake(f.line, "wrong-type", "done should be true or false, it is %q", f.value.text)
				return
			}
			a.Done = &done
		},
	}
	for name, is := range map[string]attribute{
		"kind": actionKind, "owner": actionOwner, "owners": actionOwner, "due": actionDue, "ticket": actionTicket, "refs": actionTicket,
		"addresses": actionAddresses, "repeats": actionRepeats, "status": actionDone,
	} {
		keys[name] = g.attributeKey(&a, is)
	}
	if !g.entry(v, "an action", keys) {
		return
	}
	if isEmptyForm(a.Text) {
		g.puzzled(v.line, "this action has no text")
		return
	}
	g.addAction(a)
}

// attributeKey reads a text or a list of texts as an attribute of an action.
func (g *reading) attributeKey(a *Action, is attribute) func(field) {
	return func(f field) {
		values := f.value.list
		if f.value.kind != sequence {
			values = []value{f.value}
		}
		line := a.Line
		for _, v := range values {
			t, ok := g.text(field{name: f.name, line: v.line, value: v})
			a.Line = v.line
			if ok && t.Value != "" && !g.setAttribute(a, is, t.Value) {
				g.mistake(v.line, "wrong-type", "%s %q was not understood%s", f.name, t.Value, expected(is))
			}
			a.Line = line
		}
	}
}

func expected(is attribute) string {
	switch is {
	case actionDue:
		return "; write a day like 2006-01-02"
	case actionKind:
		return "; it is defect or improvement"
	case actionTicket:
		return "; give the URL or the key of an issue"
	}
	return ""
}
