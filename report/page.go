package report

// page is a report as people read it, before it takes the form of text or Markdown.
type page []block

// block is one part of a page. Without lines, rows and items it is not shown.
type block struct {
	head  string
	note  string // beside the head
	mark  string // of the head, for its colour; "" is that of every head
	lines []string
	table table
	full  bool // all columns are wanted, however many
	items []item
	more  string // below, what is not shown and how to see it
}

func (b block) empty() bool {
	return len(b.lines) == 0 && len(b.table.rows) == 0 && len(b.items) == 0
}

// item is a text with a word before it and what to do about it below.
type item struct{ word, subject, text, mend string }

// table has rows of cells, one for each column.
type table struct {
	columns []column
	rows    [][]cell
}

// column is one column. Where there is too little room those of the highest rank are
// left out first, and then those that flex are cut.
type column struct {
	head  string
	rank  int
	right bool // numbers
	flex  bool // gives way
	tail  bool // when cut, the end is kept, which tells keys of one document apart
}

// upTo is the table without the columns of a higher rank.
func (t table) upTo(rank int) table {
	var out table
	for i, c := range t.columns {
		if c.rank > rank {
			continue
		}
		out.columns = append(out.columns, c)
		if out.rows == nil {
			out.rows = make([][]cell, len(t.rows))
		}
		for j, row := range t.rows {
			out.rows[j] = append(out.rows[j], row[i])
		}
	}
	return out
}

// cell is a text, and where it leads.
type cell struct{ text, url string }

// define makes a table of values: a column and what it shows of each.
type define[T any] struct {
	column
	show func(T) cell
}

func say(text string) cell { return cell{text: text} }

// tabulate fills a table, and leaves out columns in which nothing stands.
func tabulate[T any](values []T, columns []define[T]) table {
	var t table
	rows := make([][]cell, len(values))
	for _, c := range columns {
		cells, stands := make([]cell, len(values)), false
		for i, v := range values {
			cells[i] = c.show(v)
			stands = stands || cells[i].text != ""
		}
		if !stands {
			continue
		}
		t.columns = append(t.columns, c.column)
		for i := range values {
			rows[i] = append(rows[i], cells[i])
		}
	}
	if len(t.columns) > 0 {
		t.rows = rows
	}
	return t
}
