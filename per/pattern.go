package per

import (
	"regexp"
	"strings"
)

// pattern is a regular expression that fits only a text with one of some signs in it. Most
// texts have none, and to look for a sign first costs next to nothing.
type pattern struct {
	*regexp.Regexp
	signs string
}

func where(signs, expr string) pattern { return pattern{regexp.MustCompile(expr), signs} }

func (p pattern) may(text string) bool { return strings.ContainsAny(text, p.signs) }

// FindStringSubmatch is that of the expression.
func (p pattern) FindStringSubmatch(text string) []string {
	if !p.may(text) {
		return nil
	}
	return p.Regexp.FindStringSubmatch(text)
}

// FindStringSubmatchIndex is that of the expression.
func (p pattern) FindStringSubmatchIndex(text string) []int {
	if !p.may(text) {
		return nil
	}
	return p.Regexp.FindStringSubmatchIndex(text)
}

// ReplaceAllString is that of the expression.
func (p pattern) ReplaceAllString(text, by string) string {
	if !p.may(text) {
		return text
	}
	return p.Regexp.ReplaceAllString(text, by)
}
