package per

import (
	"html"
	"strings"
)

// link is a link inside a text and where it stands.
type link struct {
	start, end int
	label, url string
}

// links finds the links of a text: [label](url), [label][reference], <url> and bare
// URLs, but no images and nothing inside code. It is written by hand, rather than
// taken from the Markdown parser, because it must stay linear whatever it is given
// and because the YAML form has the same texts.
func (g *reading) links(text string) []link {
	var found []link
	var open []int
	for i := 0; i < len(text); {
		switch text[i] {
		case '\\':
			i += 2
			continue
		case '`':
			i = codeEnd(text, i)
			continue
		case '[':
			open = append(open, i)
		case ']':
			if len(open) > 0 {
				start := open[len(open)-1]
				open = open[:len(open)-1]
				if l, ok := g.closeLink(text, start, i); ok {
					if start == 0 || text[start-1] != '!' {
						found = append(found, l)
					}
					i = l.end
					continue
				}
			}
		case '<', 'h':
			if l, ok := bareLink(text, i); ok {
				found = append(found, l)
				i = l.end
				continue
			}
		}
		i++
	}
	return found
}

// codeEnd is the place after a code span that begins at i, or after its backticks
// when it never ends.
func codeEnd(text string, i int) int {
	n := i
	for n < len(text) && text[n] == '`' {
		n++
	}
	fence := text[i:n]
	line, _, _ := strings.Cut(text[n:min(len(text), n+1000)], "\n")
	if at := strings.Index(line, fence); at >= 0 {
		return n + at + len(fence)
	}
	return n
}

// closeLink completes a link whose label stands between open and shut.
func (g *reading) closeLink(text string, open, shut int) (link, bool) {
	l := link{start: open, label: text[open+1 : shut]}
	rest := text[shut+1:]
	switch {
	case strings.HasPrefix(rest, "("):
		n, url := destination(rest)
		if n == 0 {
			return link{}, false
		}
		l.url, l.end = url, shut+1+n
		return l, true
	case strings.HasPrefix(rest, "["):
		head := rest[:min(len(rest), 1000)]
		if end := strings.IndexByte(head, ']'); end > 0 {
			name := head[1:end]
			if name == "" {
				name = l.label
			}
			l.url, l.end = g.refs[refName(name)], shut+1+end+1
			return l, l.url != ""
		}
	}
	l.url, l.end = g.refs[refName(l.label)], shut+1
	return l, l.url != ""
}

// destination reads "(url "title")" and returns its length, 0 when it is none.
func destination(s string) (int, string) {
	depth := 0
	for i := 0; i < len(s) && i < 4000; i++ {
		switch s[i] {
		case '\n':
			return 0, ""
		case ']':
			if i+1 < len(s) && s[i+1] == '(' {
				return 0, ""
			}
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				url, _, _ := strings.Cut(strings.TrimSpace(s[1:i]), " ")
				return i + 1, strings.Trim(url, "<>")
			}
		}
	}
	return 0, ""
}

func refName(s string) string {
	if len(s) > 200 {
		return ""
	}
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}

// bareLink reads a URL that stands by itself at i, in angle brackets or not.
func bareLink(text string, i int) (link, bool) {
	at := i
	if text[i] == '<' {
		at++
	}
	rest := text[at:]
	if !strings.HasPrefix(rest, "http://") && !strings.HasPrefix(rest, "https://") {
		return link{}, false
	}
	end := strings.IndexAny(rest, " \t\n<>\"|")
	if end < 0 {
		end = len(rest)
	}
	end = min(end, 4000)
	l := link{start: i, url: rest[:end], end: at + end}
	if at > i {
		if end < len(rest) && rest[end] == '>' {
			l.end++
		}
		return l, true
	}
	url := strings.TrimRight(l.url, ".,;:!?'*_`]")
	for strings.HasSuffix(url, ")") && strings.Count(url, "(") < strings.Count(url, ")") {
		url = strings.TrimRight(url[:len(url)-1], ".,;:!?'*_`]")
	}
	l.end -= len(l.url) - len(url)
	l.url = url
	return l, true
}

var (
	inlineLink = where("[", `!?\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s"[^"]*")?\)|\[[^\[\]]*\])`)
)

// plain is a text without Markdown: what a heading or a label says.
func plain(text string) string {
	text = inlineLink.ReplaceAllString(text, "$1")
	text = strings.ReplaceAll(text, "`", "")
	text = strings.ReplaceAll(text, "**", "")
	text = strings.ReplaceAll(text, "__", "")
	return oneLine(strings.Trim(html.UnescapeString(text), "*_ "))
}

// oneLine joins the lines of a text.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// bold parts a text that begins with bold words into these and the rest.
func bold(text string) (lead, rest string, ok bool) {
	for _, mark := range [...]string{"**", "__"} {
		if inner, found := strings.CutPrefix(text, mark); found {
			if lead, rest, ok = strings.Cut(inner, mark); ok && strings.TrimSpace(lead) != "" {
				return strings.TrimSpace(lead), rest, true
			}
		}
	}
	return "", text, false
}
