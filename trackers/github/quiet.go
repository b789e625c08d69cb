package github

import (
	"regexp"
	"strings"
)

// joiner is a character without width. Behind an "@" or "#" it keeps GitHub from
// notifying the person and from linking the issue that a document happens to write.
const joiner = "\u2060"

var (
	word      = regexp.MustCompile(`\S+`)
	mention   = regexp.MustCompile(`(^|[^0-9A-Za-z_./+-])@(` + joiner + `*[0-9A-Za-z])`)
	reference = regexp.MustCompile(`(#|\b[Gg][Hh])(` + joiner + `*-?[0-9])`)
	joined    = regexp.MustCompile(`(@|#|\b[Gg][Hh])` + joiner + `(` + joiner + `*-?[0-9A-Za-z])`)
)

// quiet is Markdown that pings nobody and closes and links nothing by accident. Code is
// left as it is, since GitHub looks for neither in it, and so are addresses.
func quiet(text string) string {
	lines := strings.Split(text, "\n")
	fence := ""
	for i, line := range lines {
		mark := fenceOf(line)
		switch {
		case fence == "" && mark != "":
			fence = mark
		case fence != "" && mark == fence:
			fence = ""
		case fence == "":
			lines[i] = quietLine(line)
		}
	}
	return strings.Join(lines, "\n")
}

func fenceOf(line string) string {
	line = strings.TrimLeft(line, " ")
	for _, mark := range []string{"```", "~~~"} {
		if strings.HasPrefix(line, mark) {
			return mark
		}
	}
	return ""
}

func quietLine(line string) string {
	parts := strings.Split(line, "`")
	for i := range parts {
		if i%2 == 0 || i == len(parts)-1 { // not between two ticks
			parts[i] = word.ReplaceAllStringFunc(parts[i], quietWord)
		}
	}
	return strings.Join(parts, "`")
}

func quietWord(w string) string {
	if strings.Contains(w, "://") {
		return w
	}
	w = mention.ReplaceAllString(w, "${1}@"+joiner+"${2}")
	return reference.ReplaceAllString(w, "${1}"+joiner+"${2}")
}

// loud takes back what quiet did.
func loud(text string) string { return joined.ReplaceAllString(text, "${1}${2}") }
