package files

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The names of the values in a front matter that mean something to us, in the order
// in which they stand in a new file. Others are people's.
func knownNames() []string {
	return []string{"id", "key", "kind", "title", "status", "priority", "due", "assignee", "labels", "parent", "created"}
}

// page is a ticket file, cut in pieces that joined again are the same file.
type page struct {
	open    string   // the line that opens the front matter
	lines   []string // the front matter, each with its line end
	shut    string   // the line that closes it
	rest    string   // what follows
	entries []entry  // what the lines say, in order
}

// entry is one value of the front matter: lines[from:to], comments behind it left out.
type entry struct {
	name     string
	from, to int
	value    value
}

// fault is why a file cannot be read as a ticket.
type fault struct {
	line int // counts from 1; 0 is the file as a whole
	why  string
}

func (f *fault) Error() string { return f.why }

// errNoTicket says that a file is Markdown that has nothing to do with us.
var errNoTicket = errors.New("the file has no front matter")

const byteOrderMark = "\ufeff"

// parse reads a file. The error is a *fault or errNoTicket.
func parse(text string) (page, error) {
	lines := strings.SplitAfter(text, "\n")
	if strings.TrimRight(strings.TrimPrefix(lines[0], byteOrderMark), " \t\r\n") != "---" {
		return page{}, withoutFrontMatter(text)
	}
	end := slices.IndexFunc(lines[1:], func(l string) bool {
		l = strings.TrimRight(l, " \t\r\n")
		return l == "---" || l == "..."
	})
	if end < 0 {
		return page{}, &fault{1, `the front matter that begins here has no end; it needs a line "---"`}
	}
	p := page{open: lines[0], lines: lines[1 : end+1], shut: lines[end+1], rest: strings.Join(lines[end+2:], "")}
	err := p.read()
	return p, err
}

func withoutFrontMatter(text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return &fault{1, "the file is empty"}
	case strings.Contains(text, "<!-- percolate: "):
		return &fault{1, `the front matter is missing; the file must begin with a line "---"`}
	}
	return errNoTicket
}

// String is the file's text.
func (p page) String() string {
	return p.open + strings.Join(p.lines, "") + p.shut + p.rest
}

// keyLine matches the first line of an entry.
var keyLine = regexp.MustCompile("^(\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|[^\\s#\"'\\[\\]{}&*!|>%@`,?-][^#\"']*?)[ \\t]*:(?:\\s|$)")

// read fills the entries from the lines. A line that begins no entry belongs to the
// one before it.
func (p *page) read() error {
	p.entries = nil
	for i, line := range p.lines {
		if isConflict(line) {
			return &fault{i + 2, "an unfinished merge: choose one side and remove the lines of <<<, === and >>>"}
		}
		if key := keyLine.FindStringSubmatch(line); key != nil {
			p.entries = append(p.entries, entry{name: strings.Trim(key[1], `"'`), from: i})
		}
		if isRemark(line) {
			continue
		}
		if len(p.entries) == 0 {
			return &fault{i + 2, `this is no value with its name; write one a line, as "title: Mend the disk"`}
		}
		p.entries[len(p.entries)-1].to = i + 1
	}
	return p.readValues()
}

func (p *page) readValues() error {
	seen := make(map[string]int)
	for i := range p.entries {
		e := &p.entries[i]
		if !slices.Contains(knownNames(), e.name) {
			continue
		}
		if first := seen[e.name]; first > 0 {
			return &fault{e.from + 2, fmt.Sprintf("%s stands here and in line %d; remove one of them", e.name, first)}
		}
		seen[e.name] = e.from + 2
		v, err := readValue(strings.Join(p.lines[e.from:e.to], ""))
		if err != nil {
			err.line += e.from + 1
			return err
		}
		e.value = v
	}
	return nil
}

// isConflict reports whether git left the line behind for a person to decide.
func isConflict(line string) bool {
	return strings.HasPrefix(line, "<<<<<<< ") || strings.HasPrefix(line, ">>>>>>> ") || strings.TrimRight(line, "\r\n") == "======="
}

// isRemark reports whether the line is empty or a comment.
func isRemark(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#'
}

// find returns the index of the entry with the name, or -1.
func (p page) find(name string) int {
	return slices.IndexFunc(p.entries, func(e entry) bool { return e.name == name })
}

// get is the value with the name, empty where there is none.
func (p page) get(name string) value {
	if i := p.find(name); i >= 0 {
		return p.entries[i].value
	}
	return value{}
}

// lineOf is the line in the file where the value with the name stands, 0 for none.
func (p page) lineOf(name string) int {
	if i := p.find(name); i >= 0 {
		return p.entries[i].from + 2
	}
	return 0
}
