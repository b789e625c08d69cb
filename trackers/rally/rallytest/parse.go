package rallytest

import (
	"fmt"
	"slices"
	"strings"
)

// node is a query, parsed: a pair of conditions, or a comparison.
type node struct {
	join        string // AND or OR; "" for a comparison
	left, right *node

	attribute, operator, value string
	null                       bool // the value is null
}

// operators are those that Rally knows, the longer ones first.
func operators() []string {
	return []string{"!contains", "contains", "!=", ">=", "<=", "in", "!in", "=", ">", "<"}
}

// parseQuery takes queries whose parentheses are strictly binary: round each comparison
// and round each pair, and nowhere else.
func parseQuery(text string) (*node, error) {
	p := &parser{text: text}
	n, err := p.expression()
	if err == nil && p.at < len(p.text) {
		err = p.expected("the end")
	}
	return n, err
}

type parser struct {
	text string
	at   int
}

func (p *parser) expected(what string) error {
	return fmt.Errorf("Could not parse: Error parsing expression -- expected %s but saw %q", what, p.text[p.at:min(p.at+20, len(p.text))])
}

func (p *parser) take(token string) bool {
	if strings.HasPrefix(p.text[p.at:], token) {
		p.at += len(token)
		return true
	}
	return false
}

func (p *parser) expression() (*node, error) {
	if !p.take("(") {
		return nil, p.expected(`"("`)
	}
	if !strings.HasPrefix(p.text[p.at:], "(") {
		return p.comparison()
	}
	left, err := p.expression()
	if err != nil {
		return nil, err
	}
	n := &node{left: left}
	switch {
	case p.take(" AND "):
		n.join = "AND"
	case p.take(" OR "):
		n.join = "OR"
	default:
		return nil, p.expected("AND or OR")
	}
	if n.right, err = p.expression(); err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, p.expected(`")"`)
	}
	return n, nil
}

func (p *parser) comparison() (*node, error) {
	n := &node{attribute: p.until(" )(")}
	if n.attribute == "" || !p.take(" ") {
		return nil, p.expected("an attribute")
	}
	n.operator = p.until(" )(\"")
	if !slices.Contains(operators(), n.operator) || !p.take(" ") {
		return nil, p.expected("an operator")
	}
	var err error
	if n.value, n.null, err = p.value(); err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, p.expected(`")"`)
	}
	return n, nil
}

func (p *parser) until(marks string) string {
	end := strings.IndexAny(p.text[p.at:], marks)
	if end < 0 {
		end = len(p.text) - p.at
	}
	word := p.text[p.at : p.at+end]
	p.at += end
	return word
}

// value reads a text in quotes, or one word.
func (p *parser) value() (text string, null bool, err error) {
	if !p.take(`"`) {
		word := p.until(" )(\"")
		if word == "" {
			return "", false, p.expected("a value")
		}
		return word, word == "null", nil
	}
	var b strings.Builder
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == '"':
			return b.String(), false, nil
		case c == '\\' && p.at < len(p.text):
			c = p.text[p.at]
			p.at++
		}
		b.WriteByte(c)
	}
	return "", false, p.expected(`"""`)
}
