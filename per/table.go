package per

import "strings"

// isActionTable reports whether the heads of a table say that its rows are actions:
// a column of actions, and one more that only actions have.
func isActionTable(rows [][]cell) bool {
	action, more := false, false
	for _, h := range rows[0] {
		words := wordsOf(plain(h.text))
		switch column(h.text) {
		case actionText:
			action = action || strings.Contains(words, "action")
		case actionOwner, actionTicket, actionDone, actionDue:
			more = more || words != "date" && words != "when"
		}
		if strings.HasPrefix(words, "time") {
			return false
		}
	}
	return action && more
}

// actionTable reads a table of actions, its columns in any order.
func (g *reading) actionTable(rows [][]cell, in group) {
	heads := make([]attribute, len(rows[0]))
	text := -1
	for i, h := range rows[0] {
		heads[i] = column(h.text)
		switch {
		case heads[i] == actionText && text < 0:
			text = i
		case heads[i] == actionText:
			heads[i] = actionNotes
		}
	}
	if text < 0 {
		text = firstUnknown(heads)
	}
	if text < 0 {
		g.puzzled(rows[0][0].line, "this table has no column that says what to do; call one Action")
		return
	}
	for i, h := range rows[0] {
		if heads[i] == noAttribute && i != text && g.own && strings.TrimSpace(h.text) != "" {
			g.report(Hint, h.line, "unknown-column", "the column %q is kept as details; it is none that is known", plain(h.text))
		}
	}
	for _, row := range rows[1:] {
		g.actionRow(row, rows[0], heads, text, in)
	}
}

func firstUnknown(heads []attribute) int {
	for i, h := range heads {
		if h == noAttribute {
			return i
		}
	}
	return -1
}

func (g *reading) actionRow(row, names []cell, heads []attribute, text int, in group) {
	if isEmptyForm(at(row, text)) {
		for i := range row {
			if i != text && heads[i] != actionID && !isEmptyForm(row[i].text) {
				g.puzzled(row[0].line, "this row has no text of an action")
				break
			}
		}
		return
	}
	a := g.readItem(at(row, text), placeInRow(row, heads, text), nil)
	a.Certain = a.Certain || in.certain
	a.Category = in.category
	for i := range row {
		if value := at(row, i); i != text && i < len(heads) && value != "" {
			g.rowAttribute(&a, heads[i], plain(names[i].text), value)
		}
	}
	if len(a.Owners) == 0 {
		a.Owners = in.owners
	}
	if a.Done == nil {
		a.Done = in.done
	}
	g.addAction(a)
}

// rowAttribute reads a cell. What a column is meant for decides; what does not fit
// it is said, and kept as a detail.
func (g *reading) rowAttribute(a *Action, is attribute, name, value string) {
	empty := isEmptyForm(value) || strings.Trim(value, "-?") == ""
	switch is {
	case actionID:
		if id := plain(value); !empty && len(id) < 40 {
			a.ID = id
		}
	case actionNotes, noAttribute:
		if done := doneOf(value); done != nil && a.Done == nil {
			a.Done = done
			return
		}
		g.takeLinks(a, value)
		if !empty {
			a.Details = strings.TrimSpace(a.Details + "\n\n" + name + ": " + value)
		}
	case actionTicket:
		if at := doneBehind.FindStringSubmatchIndex(value); at != nil && isMark(value[at[0]:], value[at[2]:at[3]]) {
			g.noteDone(a, doneOf(value[at[2]:at[3]]))
			value = value[:at[0]]
			empty = isEmptyForm(value)
		}
		if !empty && !g.setAttribute(a, is, value) {
			a.Details = strings.TrimSpace(a.Details + "\n\n" + name + ": " + value)
		}
	case actionDone:
		if done := doneOf(value); done != nil {
			a.Done = done
		} else if !empty {
			a.Details = strings.TrimSpace(a.Details + "\n\n" + name + ": " + value)
		}
	default:
		if !empty && !g.setAttribute(a, is, value) {
			g.puzzled(a.Line, "%s %q was not understood", strings.ToLower(name), value)
		}
	}
}
