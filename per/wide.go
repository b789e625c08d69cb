package per

import "strings"

// maxCells is how many cells all tables of a document may have. The Markdown parser
// fills every row up to the columns of its head, so that a few kilobytes of bars could
// take all memory.
const maxCells = 200_000

// tooWide is the line under the head of the table with which there are too many cells,
// 0 for none.
func tooWide(body string) int {
	cells, columns := 0, 0 // of the table that the line is in
	line := 0
	for s := range strings.SplitSeq(body, "\n") {
		line++
		switch bars := underHead(s); {
		case bars > 0:
			columns = bars + 1
		case strings.TrimLeft(s, " \t>") == "":
			columns = 0
		}
		if cells += columns; cells > maxCells {
			return line
		}
	}
	return 0
}

// underHead counts the bars of a line that tells a row of heads from the rows below it,
// 0 for any other line.
func underHead(s string) int {
	s = s[len(markers.FindString(s)):]
	if strings.Trim(s, "|:- \t") != "" {
		return 0
	}
	return strings.Count(s, "|")
}
