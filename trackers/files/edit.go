package files

import (
	"regexp"
	"slices"
	"strings"
)

// set gives the entry with the name a text, and leaves every other line as it is, a
// comment behind the value too. An empty text leaves the name alone for people to
// fill in, and adds no entry where there is none.
func (p *page) set(name, text string) {
	i := p.find(name)
	if i >= 0 && p.entries[i].value.equal(value{text: text}) || i < 0 && text == "" {
		return
	}
	line := name + ":"
	if text != "" {
		line += " " + scalar(text)
	}
	p.put(name, line)
}

// setList gives the entry with the name a list of texts. A list with one item a line
// stays one, with the comments in it.
func (p *page) setList(name string, items []string) {
	have := p.get(name)
	if slices.Equal(have.texts(), items) {
		return
	}
	if len(have.lines) > 0 && p.editItems(name, items) {
		return
	}
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = scalar(item)
	}
	p.put(name, name+": ["+strings.Join(texts, ", ")+"]")
}

// put writes line in place of the entry with the name, or as a new one.
func (p *page) put(name, line string) {
	i := p.find(name)
	if i < 0 {
		at := p.placeFor(name)
		p.replace(at, at, line+p.lineEnd())
		return
	}
	e := p.entries[i]
	p.replace(e.from, e.to, line+p.commentOf(e)+p.lineEnd())
}

// placeFor is the line before which a new entry goes: behind the nearest of those
// that stand before it in a new file.
func (p *page) placeFor(name string) int {
	names := knownNames()
	for i := slices.Index(names, name) - 1; i >= 0; i-- {
		if at := p.find(names[i]); at >= 0 {
			return p.entries[at].to
		}
	}
	return 0
}

// maxComment is the length in bytes of a line whose comment we care to find.
const maxComment = 2 << 10

// commentOf is the comment behind the value of an entry on one line, with the space
// before it: the rest of the line from the first "#" without which the value is the same.
func (p *page) commentOf(e entry) string {
	if e.to != e.from+1 {
		return ""
	}
	line := strings.TrimRight(p.lines[e.from], "\r\n")
	if len(line) > maxComment {
		return ""
	}
	for at := range line {
		if line[at] != '#' || at == 0 || line[at-1] != ' ' && line[at-1] != '\t' {
			continue
		}
		bare := strings.TrimRight(line[:at], " \t")
		if v, err := readValue(bare); err == nil && v.equal(e.value) {
			return line[len(bare):]
		}
	}
	return ""
}

// replace puts lines in place of lines[from:to] and reads the front matter again. That
// fails only for values that are too long, which [page.valid] finds before they are written.
func (p *page) replace(from, to int, lines ...string) {
	p.lines = slices.Replace(slices.Clone(p.lines), from, to, lines...)
	_ = p.read()
}

// valid is the fault that the page has once it is written, nil for none.
func (p *page) valid() error {
	_, err := parse(p.String())
	return err
}

// lineEnd is the line end that the file has.
func (p *page) lineEnd() string {
	if strings.HasSuffix(p.open, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

var itemLine = regexp.MustCompile(`^([ \t]*-[ \t]+)\S`)

// editItems changes a list with one item a line by adding and dropping lines. It
// reports whether that worked; where it does not, nothing is changed.
func (p *page) editItems(name string, items []string) bool {
	at := p.find(name)
	e, before := p.entries[at], p.lines
	first := itemLine.FindStringSubmatch(p.lines[e.from+e.value.lines[0]])
	if first == nil {
		return false
	}
	var lines []string
	drop := make(map[int]bool)
	for i, line := range e.value.lines {
		drop[line] = !slices.Contains(items, e.value.items[i])
	}
	for i, line := range p.lines[e.from:e.to] {
		if !drop[i] {
			lines = append(lines, line)
		}
	}
	for _, item := range items {
		if !slices.Contains(e.value.items, item) {
			lines = append(lines, first[1]+scalar(item)+p.lineEnd())
		}
	}
	p.replace(e.from, e.to, lines...)
	if got := p.get(name); !slices.Equal(got.texts(), items) || p.find(name) != at {
		p.lines = before
		_ = p.read()
		return false
	}
	return true
}
