package per

import (
	"regexp"
	"strings"
)

// prepare readies the text of a document for the Markdown parser. Comments, which
// hold the guidance of templates, and definitions of links are blanked, but not
// inside code; lines stay where they are. It returns the definitions by their names.
func (g *reading) prepare(body string) (string, map[string]string) {
	refs := map[string]string{}
	if !strings.Contains(body, "<!--") && !strings.Contains(body, "]:") {
		return body, refs
	}
	p := preparer{src: body, closed: true, g: g, lines: newLineIndex(body)}
	for p.at < len(body) {
		start := p.at
		p.end = lineEnd(body, start)
		line := body[start:p.end]
		if p.fenced(line) {
			p.copyTo(p.end)
		} else if name, url, ok := definition(line); ok {
			if _, twice := refs[name]; !twice {
				refs[name] = url
			}
			p.at = p.end
		} else {
			p.line()
		}
		if p.at < len(body) {
			p.copyTo(p.at + 1) // the line's end
		}
	}
	return p.out.String(), refs
}

type preparer struct {
	g      *reading
	lines  lineIndex
	src    string
	out    strings.Builder
	at     int    // how far src is done
	end    int    // of the line that is being done
	fence  string // that opened the code block around the line
	closed bool   // no comment was found that does not end
}

func lineEnd(s string, from int) int {
	if n := strings.IndexByte(s[from:], '\n'); n >= 0 {
		return from + n
	}
	return len(s)
}

func (p *preparer) copyTo(end int) {
	p.out.WriteString(p.src[p.at:end])
	p.at = end
}

// fenced reports whether a line is code, or the fence of code.
func (p *preparer) fenced(line string) bool {
	trimmed := strings.TrimLeft(line, " \t>-*+")
	if p.fence != "" {
		if strings.HasPrefix(trimmed, p.fence) {
			p.fence = ""
		}
		return true
	}
	if strings.HasPrefix(trimmed, "```") && !strings.Contains(trimmed[3:], "`") || strings.HasPrefix(trimmed, "~~~") {
		p.fence = trimmed[:3]
	}
	return p.fence != ""
}

// line copies a line without the comments that begin in it. The last of them may end
// on a later line, whose rest is copied too.
func (p *preparer) line() {
	ticks := 0
	for p.closed {
		n := strings.Index(p.src[p.at:p.end], "<!--")
		if n < 0 {
			break
		}
		ticks += strings.Count(p.src[p.at:p.at+n], "`")
		p.copyTo(p.at + n)
		if ticks%2 == 1 {
			p.copyTo(p.at + len("<!--"))
			continue
		}
		n = strings.Index(p.src[p.at:], "-->")
		if p.closed = n >= 0; !p.closed {
			break
		}
		n += p.at + len("-->")
		p.note(p.at, n)
		p.out.WriteString(strings.Repeat("\n", strings.Count(p.src[p.at:n], "\n")))
		p.at = n
		if n > p.end {
			p.end, ticks = lineEnd(p.src, n), 0
		}
	}
	p.copyTo(p.end)
}

// note passes on a comment. One that is alone on its line speaks of the next line that
// has text.
func (p *preparer) note(from, to int) {
	comment := p.src[from:to]
	if !strings.Contains(comment, "percolate:") {
		return
	}
	first := p.lines.line(from)
	before, rest := p.src[p.lines[first-1]:from], p.src[to:]
	behind, _, _ := strings.Cut(rest, "\n")
	if strings.TrimLeft(before, " \t>") != "" || strings.TrimSpace(behind) != "" {
		p.g.note(comment, first)
		return
	}
	blank := len(rest) - len(strings.TrimLeft(rest, " \t\n"))
	p.g.note(comment, first, p.lines.line(to+blank))
}

var linkDefinition = regexp.MustCompile(`^\s*\[([^\[\]^][^\[\]]{0,200})\]:\s*<?([^\s<>]+)>?(?:\s+["'(].*)?\s*$`)

// definition reads "[name]: https://...".
func definition(line string) (name, url string, ok bool) {
	if !strings.Contains(line, "]:") || len(line) > 4000 {
		return "", "", false
	}
	f := linkDefinition.FindStringSubmatch(line)
	if f == nil {
		return "", "", false
	}
	return refName(f[1]), f[2], true
}
