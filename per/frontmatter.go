package per

import "strings"

// maxFrontMatter is the largest front matter that is read, in bytes.
const maxFrontMatter = 64 << 10

// frontMatter is what a document says before its text begins.
type frontMatter struct {
	text   string
	fence  string // "---" for YAML, "+++" for TOML, "" when there is none
	closed bool
}

// splitFrontMatter parts the front matter from the body. The body keeps a blank line
// for every line of the front matter, so that lines count from the file's first.
func splitFrontMatter(text string) (frontMatter, string) {
	first, rest, _ := strings.Cut(text, "\n")
	fence := strings.TrimRight(first, " \t")
	if fence != "---" && fence != "+++" {
		return frontMatter{}, text
	}
	for at := 0; at < len(rest); {
		line, _, _ := strings.Cut(rest[at:], "\n")
		next := min(at+len(line)+1, len(rest))
		if end := strings.TrimRight(line, " \t"); end == fence || fence == "---" && end == "..." {
			head := rest[:at]
			blank := strings.Repeat("\n", strings.Count(head, "\n")+2)
			return frontMatter{text: head, fence: fence, closed: true}, blank + rest[next:]
		}
		at = next
	}
	// A rule at the top of a document without front matter looks the same.
	if second, _, _ := strings.Cut(rest, "\n"); !strings.ContainsAny(second, ":=") {
		return frontMatter{}, text
	}
	return frontMatter{text: rest, fence: fence}, ""
}

// readFrontMatter reads the front matter of a Markdown document and returns its body.
func (g *reading) readFrontMatter(text string) string {
	front, body := splitFrontMatter(text)
	switch {
	case front.fence == "":
	case !front.closed:
		g.report(Error, 1, "front-matter", "the front matter that begins here has no closing %s line", front.fence)
	case len(front.text) > maxFrontMatter:
		g.report(Error, 1, "front-matter", "the front matter has %d bytes; at most %d KiB are read", len(front.text), maxFrontMatter>>10)
	case front.fence == "+++":
		if v, problem := parseTOML(front.text); problem != nil {
			g.report(Error, problem.Line+1, "front-matter", "%s", problem.Message)
		} else {
			g.readFields(v.shift(1), frontKeys)
		}
	default:
		if v, problem := parseYAML(front.text); problem != nil {
			g.report(Error, problem.Line+1, "front-matter", "%s", problem.Message)
		} else {
			g.readFields(v.shift(1), frontKeys)
		}
	}
	g.body = body
	return body
}
