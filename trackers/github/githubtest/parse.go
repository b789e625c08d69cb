package githubtest

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// document is a GraphQL document with one operation.
type document struct {
	mutation  bool
	fields    []selection
	fragments map[string][]selection
}

// selection is a field, an inline fragment (on) or a spread.
type selection struct {
	alias, name string
	on, spread  string
	args        map[string]any
	fields      []selection
}

func (s selection) key() string {
	if s.alias != "" {
		return s.alias
	}
	return s.name
}

// variable is the name of one in place of a value.
type variable string

// value is an argument, its variable looked up.
func (s selection) value(name string, vars map[string]any) any {
	if v, ok := s.args[name].(variable); ok {
		return vars[string(v)]
	}
	return s.args[name]
}

var token = regexp.MustCompile(`^(?:[\s,]+|(\.\.\.|[{}()\[\]:$!=]|"(?:[^"\\]|\\.)*"|-?[0-9]+|[A-Za-z_][A-Za-z0-9_]*))`)

// parser reads documents without the parts of GraphQL that nobody here writes: objects
// as literals, directives and defaults.
type parser struct{ tokens []string }

var errSyntax = errors.New("parse error")

func parse(query string) (doc document, err error) {
	p := &parser{}
	for rest := query; rest != ""; {
		m := token.FindStringSubmatch(rest)
		if m == nil {
			return doc, fmt.Errorf("%w near %.20q", errSyntax, rest)
		}
		if m[1] != "" {
			p.tokens = append(p.tokens, m[1])
		}
		rest = rest[len(m[0]):]
	}
	doc.fragments = map[string][]selection{}
	defer func() {
		if bad := recover(); bad != nil {
			err = fmt.Errorf("%w: %v", errSyntax, bad)
		}
	}()
	for len(p.tokens) > 0 {
		switch word := p.next(); word {
		case "fragment":
			name := p.next()
			p.next() // on
			p.next()
			doc.fragments[name] = p.block()
		case "query", "mutation":
			doc.mutation = word == "mutation"
			for p.peek() != "{" {
				p.next() // the variables are those that are sent
			}
			doc.fields = p.block()
		default:
			panic(word)
		}
	}
	return doc, nil
}

func (p *parser) peek() string {
	if len(p.tokens) == 0 {
		panic("unexpected end of document")
	}
	return p.tokens[0]
}

func (p *parser) next() string {
	t := p.peek()
	p.tokens = p.tokens[1:]
	return t
}

func (p *parser) expect(t string) {
	if got := p.next(); got != t {
		panic("expected " + t + ", got " + got)
	}
}

func (p *parser) block() (all []selection) {
	p.expect("{")
	for p.peek() != "}" {
		all = append(all, p.selection())
	}
	p.next()
	return all
}

func (p *parser) selection() selection {
	s := selection{name: p.next(), args: map[string]any{}}
	if s.name == "..." {
		if s.spread = p.next(); s.spread == "on" {
			s.spread, s.on = "", p.next()
			s.fields = p.block()
		}
		return s
	}
	if p.peek() == ":" {
		p.next()
		s.alias, s.name = s.name, p.next()
	}
	if p.peek() == "(" {
		p.next()
		for p.peek() != ")" {
			name := p.next()
			p.expect(":")
			s.args[name] = p.value()
		}
		p.next()
	}
	if p.peek() == "{" {
		s.fields = p.block()
	}
	return s
}

func (p *parser) value() any {
	t := p.next()
	switch {
	case t == "$":
		return variable(p.next())
	case t == "[":
		list := []any{}
		for p.peek() != "]" {
			list = append(list, p.value())
		}
		p.next()
		return list
	case t == "true" || t == "false":
		return t == "true"
	case strings.HasPrefix(t, `"`):
		text, _ := strconv.Unquote(t)
		return text
	}
	if n, err := strconv.ParseFloat(t, 64); err == nil {
		return n
	}
	return t
}
