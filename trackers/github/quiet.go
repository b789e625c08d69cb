package github

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	source "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// joiner is a character without width. Behind an "@" or "#" it keeps GitHub from
// notifying the person and from linking the issue that a document happens to write,
// and behind an "&" from reading one of these signs out of an entity.
const joiner = "\u2060"

var (
	// A letter or digit before the sign makes it an address. Any other sign may vanish
	// when the text is shown, as the "_" of an emphasis does.
	mention   = regexp.MustCompile(`(^|[^0-9A-Za-z])@(` + joiner + `*[0-9A-Za-z])`)
	reference = regexp.MustCompile(`(#|\b[Gg][Hh])(` + joiner + `*-?[0-9])`)
	entity    = regexp.MustCompile(`&[#0-9A-Za-z` + joiner + `]+;`)
	// The first two once more, with the joiner that quiet puts there.
	quietMention   = regexp.MustCompile(`(^|[^0-9A-Za-z])@` + joiner + `(` + joiner + `*[0-9A-Za-z])`)
	quietReference = regexp.MustCompile(`(#|\b[Gg][Hh])` + joiner + `(` + joiner + `*-?[0-9])`)
	// A web address as GitHub finds it in text, up to the first sign that may end it.
	address = regexp.MustCompile(`(?:^|[\s*_~(])https?://[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+(?::[0-9]+)?(?:[/?#][^\s<>()\[\]"'|*~` + "`" + `]*)?`)
)

// quiet is Markdown that pings nobody and closes and links nothing by accident. Code is
// left as it is, since GitHub looks for neither in it, and so are addresses.
func quiet(markdown string) string { return inText(markdown, quietEntity, quietWords) }

// loud takes back what quiet did.
func loud(markdown string) string { return inText(markdown, loudEntity, loudWords) }

// inText changes Markdown outside of code and addresses: entities in one way, the rest in
// another.
func inText(markdown string, entities, words func(string) string) string {
	return outsideCode(markdown, func(text string) string {
		return between(address, text, func(at string) string { return at }, func(text string) string {
			return between(entity, text, entities, words)
		})
	})
}

// between changes what form finds in a text in one way and the rest in another.
func between(form *regexp.Regexp, text string, found, rest func(string) string) string {
	var b strings.Builder
	from := 0
	for _, at := range form.FindAllStringIndex(text, -1) {
		b.WriteString(rest(text[from:at[0]]) + found(text[at[0]:at[1]]))
		from = at[1]
	}
	b.WriteString(rest(text[from:]))
	return b.String()
}

func quietWords(text string) string {
	text = mention.ReplaceAllString(text, "${1}@"+joiner+"${2}")
	return reference.ReplaceAllString(text, "${1}"+joiner+"${2}")
}

func loudWords(text string) string {
	text = quietReference.ReplaceAllString(text, "${1}${2}")
	return quietMention.ReplaceAllString(text, "${1}@${2}")
}

func loudEntity(e string) string { return "&" + loudWords(strings.TrimPrefix(e[len("&"):], joiner)) }

// quietEntity leaves an entity alone, unless it stands for a sign that a mention or the
// number of an issue is made of, which nobody has a need to write so.
func quietEntity(e string) string {
	of := string(util.ResolveEntityNames(util.ResolveNumericReferences([]byte(e))))
	switch {
	case of == "@" || of == "#" || wordSign.MatchString(of) || strings.Contains(e, joiner):
		return "&" + joiner + quietWords(e[len("&"):])
	case of == e: // it stands for nothing
		return quietWords(e)
	}
	return e
}

var wordSign = regexp.MustCompile(`^[0-9A-Za-z]$`)

// outsideCode changes what GitHub does not show as code. Whether something is code, only
// a parser tells: what looks like a fence may stand in HTML, and a tick may be escaped.
func outsideCode(markdown string, change func(string) string) string {
	if !strings.ContainsAny(markdown, "`~") {
		return change(markdown)
	}
	src := []byte(markdown)
	var b strings.Builder
	from := 0
	keep := func(start, stop int) {
		if start < from {
			return
		}
		b.WriteString(change(markdown[from:start]))
		b.WriteString(markdown[start:stop])
		from = stop
	}
	parser := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList)).Parser()
	_ = ast.Walk(parser.Parse(source.NewReader(src)), func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.FencedCodeBlock:
			for i := range n.Lines().Len() {
				keep(n.Lines().At(i).Start, n.Lines().At(i).Stop)
			}
		case *ast.Text:
			if _, code := n.Parent().(*ast.CodeSpan); code {
				keep(n.Segment.Start, n.Segment.Stop)
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String() + change(markdown[from:])
}
