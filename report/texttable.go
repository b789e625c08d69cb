package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// leastFlex is what a column that gives way keeps at least.
const leastFlex = 12

// leastWhat is how wide what an action is about is kept before columns are left out for it.
func (st Style) leastWhat() int { return min(max(st.Width*3/10, 34), 60) }

// table prints the columns that there is room for.
func (st Style) table(b *strings.Builder, t table) {
	if len(t.rows) == 0 {
		return
	}
	widths := st.widths(t)
	shown := st.choose(t.columns, widths)
	st.shrink(t.columns, widths, shown)
	header := make([]cell, len(t.columns))
	for i, c := range t.columns {
		header[i] = say(c.head)
	}
	b.WriteString(gap + st.paint("", st.row(t.columns, header, widths, shown)) + "\n")
	for _, cells := range t.rows {
		b.WriteString(gap + st.row(t.columns, cells, widths, shown) + "\n")
	}
}

// widths are what the columns would like to have.
func (st Style) widths(t table) []int {
	const most = 60
	out := make([]int, len(t.columns))
	for i, c := range t.columns {
		out[i] = st.Measure(c.head)
		for _, row := range t.rows {
			out[i] = max(out[i], st.Measure(plain(row[i].text)))
		}
		if !c.flex {
			out[i] = min(out[i], most)
		}
	}
	return out
}

// choose takes in columns by their rank until one does not fit.
func (st Style) choose(columns []column, widths []int) []bool {
	byRank := make([]int, len(columns))
	for i := range columns {
		byRank[i] = i
	}
	slices.SortStableFunc(byRank, func(x, y int) int { return cmp.Compare(columns[x].rank, columns[y].rank) })
	shown := make([]bool, len(columns))
	room := st.Width
	for _, i := range byRank {
		room -= len(gap) + st.least(columns[i], widths[i])
		if room < 0 && columns[i].rank > 0 {
			break
		}
		shown[i] = true
	}
	return shown
}

// least is what a column needs at least.
func (st Style) least(c column, width int) int {
	switch {
	case c.flex && c.tail:
		return min(width, 20)
	case c.flex:
		return min(width, st.leastWhat())
	}
	return width
}

// shrink takes what is too much from the columns that give way, from the widest first.
func (st Style) shrink(columns []column, widths []int, shown []bool) {
	over := -st.Width
	for i := range columns {
		if shown[i] {
			over += len(gap) + widths[i]
		}
	}
	for over > 0 {
		widest := -1
		for i, c := range columns {
			if shown[i] && c.flex && widths[i] > min(leastFlex, st.least(c, widths[i])) && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
		over--
	}
}

func (st Style) row(columns []column, cells []cell, widths []int, shown []bool) string {
	var b strings.Builder
	for i, c := range columns {
		if !shown[i] {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(gap)
		}
		text := st.cut(plain(cells[i].text), widths[i], c.tail)
		space := strings.Repeat(" ", max(widths[i]-st.Measure(text), 0))
		if c.right {
			b.WriteString(space + text)
		} else {
			b.WriteString(text + space)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// cut shortens s to at most width columns, with dots where something is left out.
func (st Style) cut(s string, width int, tail bool) string {
	const dots = "..."
	if st.Measure(s) <= width {
		return s
	}
	for s != "" && st.Measure(s)+len(dots) > width {
		if tail {
			_, n := utf8.DecodeRuneInString(s)
			s = s[n:]
		} else {
			_, n := utf8.DecodeLastRuneInString(s)
			s = s[:len(s)-n]
		}
	}
	if tail {
		return dots + s
	}
	return strings.TrimRight(s, " ") + dots
}
