package per

// place is where the text of an action stands in the source.
type place struct {
	first, last int // its lines, from the first to the last; last is 0 where nothing can be written
	cell        int // of a table, in which its ticket belongs, counting from 1
	text        int // the cell of the action's own text, counting from 1
	mark        mark
	given       string // the ticket that a person named, beside a mark
}

func (b block) place() place { return place{first: b.line, last: b.last} }

func (it item) place() place { return place{first: it.line, last: it.last} }

// placeInRow is the place of an action whose text is in the given column.
func placeInRow(row []cell, heads []attribute, text int) place {
	p := place{first: row[0].line, last: row[0].last, cell: text + 1, text: text + 1}
	for i, is := range heads {
		if is == actionTicket && i < len(row) {
			p.cell = i + 1
			break
		}
	}
	return p
}

// placed finds the action that has text on a line.
type placed map[int]*Action

func (d *Document) placed() placed {
	at := placed{}
	for i := range d.Actions {
		a := &d.Actions[i]
		for line := a.at.first; line <= max(a.at.first, a.at.last); line++ {
			if at[line] == nil {
				at[line] = a
			}
		}
	}
	return at
}
