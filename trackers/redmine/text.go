package redmine

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"percolate/ticket"
)

// embed is a description with a body in our block, in the format that the server reads.
// Where that is not Markdown, a hidden line holds the sums of what was asked and of what
// was made of it: as long as nobody edits the block, it reads back as what was asked.
func (t *Tracker) embed(whole, body string) string {
	block := t.render(body)
	whole = ticket.Embed(whole, block)
	if t.opt.Format == Markdown {
		return whole
	}
	line := ""
	if block != "" {
		line = "<!-- percolate-text " + ticket.BodySum(body) + " " + ticket.BodySum(block) + " -->"
	}
	return withLine(whole, sumsLine, line)
}

var sumsLine = regexp.MustCompile(`(?m)^<!-- percolate-text (\S+) (\S+) -->[ \t]*\r?$`)

// bodyMax is the length of a text that we write: a database that takes 65,535 bytes
// leaves people a part.
const bodyMax = 50000

// render is Markdown in the format that the server reads. Nothing in it can mention
// people, link issues and revisions by accident, run macros or show pictures from elsewhere.
func (t *Tracker) render(markdown string) string {
	if t.opt.Format == Markdown {
		return cutText(quiet(markdown))
	}
	return textile(markdown, bodyMax)
}

// readBody is our block as the document has it, as far as that can be told: its text, or
// the sum of it.
func (t *Tracker) readBody(whole string) string {
	block, _ := ticket.Extract(whole)
	if t.opt.Format == Markdown {
		return loud(block)
	}
	m := sumsLine.FindStringSubmatch(outside(whole))
	if m != nil && m[2] == ticket.BodySum(block) {
		return m[1]
	}
	return block
}

const cutNote = "(cut here, since Redmine takes no longer text; the document has all of it)"

func cutText(text string) string {
	if len(text) <= bodyMax {
		return text
	}
	cut := bodyMax
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "\n\n" + cutNote
}

// joiner is a character without width. It keeps Redmine from taking what a document
// happens to write for a link, a mention or a macro.
const joiner = "\u2060"

var (
	issueLink    = regexp.MustCompile(`(#)(` + joiner + `*(?:[0-9]|note))`)
	revisionLink = regexp.MustCompile(`(^|[^\pL\pN_])(r)(` + joiner + `*[0-9]+(?:$|[^\pL\pN_]))`)
	prefixLink   = regexp.MustCompile(`\b(attachment|document|version|forum|news|message|project|commit|source|export|user)(` + joiner + `*:)`)
	mention      = regexp.MustCompile(`(^|[^\pL\pN_])(@)(` + joiner + `*[0-9A-Za-z_])`)
	macro        = regexp.MustCompile(`(\{)(` + joiner + `*\{)`)
	wikiLink     = regexp.MustCompile(`(\[)(` + joiner + `*\[)`)
	picture      = regexp.MustCompile(`(!)(` + joiner + `*\[)`)
)

// quietText keeps text outside code from being more than text. What it does is taken
// back by loud.
func quietText(text string) string {
	text = issueLink.ReplaceAllString(text, "${1}"+joiner+"${2}")
	text = revisionLink.ReplaceAllString(text, "${1}${2}"+joiner+"${3}")
	text = prefixLink.ReplaceAllString(text, "${1}"+joiner+"${2}")
	text = macro.ReplaceAllString(text, "${1}"+joiner+"${2}")
	text = wikiLink.ReplaceAllString(text, "${1}"+joiner+"${2}")
	text = picture.ReplaceAllString(text, "${1}"+joiner+"${2}")
	return quietMentions(text)
}

// quietMentions keeps people from being told of a text, which Redmine does for what
// stands in code of a line, too.
func quietMentions(text string) string {
	return mention.ReplaceAllString(text, "${1}${2}"+joiner+"${3}")
}

var joined = regexp.MustCompile(`(#|@|\{|\[|!|\br)` + joiner + `(` + joiner + `*[0-9A-Za-z_{\[])|` +
	`\b(attachment|document|version|forum|news|message|project|commit|source|export|user)` + joiner + `(` + joiner + `*:)`)

// loud takes back what quiet did.
func loud(text string) string { return joined.ReplaceAllString(text, "${1}${2}${3}${4}") }

// quiet is Markdown in which everything outside code is quiet.
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
	text = strings.Join(lines, "\n")
	if fence != "" {
		text = strings.TrimRight(text, "\n") + "\n" + fence // else it would go on in people's text
	}
	return text
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
			parts[i] = quietWords(parts[i])
		} else {
			parts[i] = quietMentions(parts[i])
		}
	}
	return strings.Join(parts, "`")
}

var address = regexp.MustCompile(`[a-z]+://[^\s)>\]]+`)

// quietWords leaves addresses as they are.
func quietWords(text string) string {
	var b strings.Builder
	from := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		b.WriteString(quietText(text[from:at[0]]))
		b.WriteString(text[at[0]:at[1]])
		from = at[1]
	}
	b.WriteString(quietText(text[from:]))
	return b.String()
}
