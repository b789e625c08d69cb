package per

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Limits of YAML. The parser takes time that grows with the square of the depth and
// of the keys in one mapping, so that a few kilobytes could hold it up for minutes.
const (
	maxYAML      = 1 << 20 // bytes
	maxYAMLDepth = 100
	maxYAMLKeys  = 1000
)

// parseYAML reads YAML, lines counting from 1. Aliases are not followed: they come
// out as references, so that nothing can grow.
func parseYAML(text string) (v value, problem *Problem) {
	if line, why := unfitYAML(text); why != "" {
		return value{}, &Problem{Line: line, Message: why}
	}
	defer func() {
		// The parser is not ours; a document must not bring the program down.
		if recover() != nil {
			problem = &Problem{Line: 1, Message: "this YAML cannot be read"}
		}
	}()
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		line, message := syntaxError(err)
		return value{}, &Problem{Line: min(line, 1+strings.Count(text, "\n")), Message: "not YAML: " + message}
	}
	for _, doc := range file.Docs {
		if doc.Body != nil {
			return convert(doc.Body, 0), nil
		}
	}
	return value{line: 1}, nil
}

func syntaxError(err error) (line int, message string) {
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) && syntax.Token != nil && syntax.Token.Position != nil {
		return max(1, syntax.Token.Position.Line), syntax.Message
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return 1, first
}

// unfitYAML finds shapes that no person writes and that the parser is slow on.
func unfitYAML(text string) (line int, why string) {
	if len(text) > maxYAML {
		return 1, fmt.Sprintf("%d bytes are more than the %d MiB that are read of YAML", len(text), maxYAML>>20)
	}
	depth, keys, indent := 0, 0, -1
	for s := range strings.SplitSeq(text, "\n") {
		line++
		body := strings.TrimLeft(s, " ")
		depth += strings.Count(body, "[") + strings.Count(body, "{") - strings.Count(body, "]") - strings.Count(body, "}")
		column := len(s) - len(body)
		switch {
		case depth > maxYAMLDepth || strings.Count(body, "- ") > maxYAMLDepth && strings.HasPrefix(body, "- - ") || column > 4*maxYAMLDepth:
			return line, fmt.Sprintf("nested more than %d deep", maxYAMLDepth)
		case strings.Count(body, ":") > maxYAMLKeys && strings.ContainsAny(body, "{["):
			return line, fmt.Sprintf("more than %d keys on a line", maxYAMLKeys)
		case body == "" || body[0] == '#' || column > indent && indent >= 0 && !strings.Contains(body, ":"):
		case column == indent && body[0] != '-':
			if keys++; keys > maxYAMLKeys {
				return line, fmt.Sprintf("more than %d keys in one mapping", maxYAMLKeys)
			}
		default:
			keys, indent = 1, column
		}
	}
	return 0, ""
}

// convert turns the parser's tree into values.
func convert(n ast.Node, depth int) value {
	line := 1
	if t := n.GetToken(); t != nil && t.Position != nil {
		line = max(1, t.Position.Line)
	}
	if depth > maxYAMLDepth {
		return value{kind: reference, line: line}
	}
	switch n := n.(type) {
	case *ast.NullNode:
		return value{line: line}
	case *ast.BoolNode:
		return value{kind: truth, text: fmt.Sprint(n.Value), line: line}
	case *ast.StringNode:
		return value{kind: scalar, text: n.Value, line: line}
	case *ast.LiteralNode:
		return value{kind: scalar, text: n.Value.Value, line: line}
	case *ast.AliasNode, *ast.MergeKeyNode:
		return value{kind: reference, line: line}
	case *ast.AnchorNode:
		return convert(n.Value, depth+1)
	case *ast.TagNode:
		return convert(n.Value, depth+1)
	case *ast.SequenceNode:
		v := value{kind: sequence, line: line}
		for _, item := range n.Values {
			v.list = append(v.list, convert(item, depth+1))
		}
		return v
	case *ast.MappingNode:
		return convertMapping(n.Values, line, depth)
	case *ast.MappingValueNode:
		return convertMapping([]*ast.MappingValueNode{n}, line, depth)
	case ast.ScalarNode:
		return value{kind: scalar, text: n.GetToken().Value, line: line}
	}
	return value{kind: reference, line: line}
}

func convertMapping(values []*ast.MappingValueNode, line, depth int) value {
	v := value{kind: mapping, line: line}
	for _, mv := range values {
		token := mv.Key.GetToken()
		f := field{name: token.Value, key: keyWord(token.Value), line: line}
		if token.Position != nil {
			f.line = max(1, token.Position.Line)
		}
		if mv.Value != nil {
			f.value = convert(mv.Value, depth+1)
		}
		if f.value.kind == nothing || f.value.kind == mapping || f.value.kind == sequence {
			f.value.line = f.line // the parser gives these the place of what follows
		}
		v.fields = append(v.fields, f)
	}
	if len(v.fields) > 0 {
		v.line = v.fields[0].line
	}
	return v
}
