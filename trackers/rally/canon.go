package rally

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// canonical is what HTML says, whichever way it is written: Rally and its editor wrap
// paragraphs in other tags, rename marks and change entities, and none of that is an
// edit by a person. What is kept are the words, with the marks and links on them.
func canonical(text string) string {
	var words []string
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		token := z.Next()
		switch token {
		case html.ErrorToken:
			return strings.Join(words, " ")
		case html.TextToken:
			words = append(words, strings.Fields(strings.ReplaceAll(string(z.Text()), "\u00a0", " "))...)
		case html.StartTagToken, html.EndTagToken:
			name, more := z.TagName()
			mark := canonicalMark(string(name))
			switch {
			case mark == "":
			case token == html.EndTagToken:
				words = append(words, "</"+mark+">")
			default:
				words = append(words, "<"+mark+target(z, more)+">")
			}
		}
	}
}

// canonicalMark is the name by which a tag counts, "" for one that does not.
func canonicalMark(name string) string {
	switch name {
	case "b":
		return "strong"
	case "i":
		return "em"
	case "s", "strike":
		return "del"
	}
	if slices.Contains([]string{"strong", "em", "del", "code", "pre", "a", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "td", "th"}, name) {
		return name
	}
	return ""
}

// target is where a link leads.
func target(z *html.Tokenizer, more bool) string {
	for more {
		var name, value []byte
		if name, value, more = z.TagAttr(); string(name) == "href" {
			return " " + string(value)
		}
	}
	return ""
}
