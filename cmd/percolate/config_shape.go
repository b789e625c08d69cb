package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// shapeCheck walks a configuration beside the types that it is decoded into, because
// a decoder tells neither all unknown keys nor their lines.
type shapeCheck struct {
	origins *origins
	faults  configError
}

// checkShape reports unknown keys and values of the wrong sort, and learns the lines.
func checkShape(src []byte, o *origins) configError {
	if line := tooDeep(src); line > 0 {
		return configError{{where: o.file, line: line, text: "brackets are nested too deep"}}
	}
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		return configError{syntaxFault(o.file, err)}
	}
	c := &shapeCheck{origins: o}
	for i, doc := range file.Docs {
		switch {
		case i > 0 && doc.Body != nil:
			c.report(lineOf(doc.Body), "", "a configuration is one YAML document, and here a second one begins")
		case doc.Body != nil:
			c.value(doc.Body, reflect.TypeFor[config](), "")
		}
	}
	return c.faults
}

// maxBrackets is far more than any configuration needs. The parser's time grows with
// the square of the depth and worse.
const maxBrackets = 200

// tooDeep is the line on which too many brackets are open, 0 for none.
func tooDeep(src []byte) int {
	line, open := 1, 0
	for _, b := range src {
		switch b {
		case '\n':
			line++
		case '[', '{':
			open++
		case ']', '}':
			open = max(open-1, 0)
		}
		if open > maxBrackets {
			return line
		}
	}
	return 0
}

func (c *shapeCheck) report(line int, path, format string, args ...any) {
	c.faults = append(c.faults, configFault{where: c.origins.file, line: line, path: path, text: fmt.Sprintf(format, args...)})
}

// value compares a node with the type that it is decoded into. A key without a value
// keeps its default.
func (c *shapeCheck) value(n ast.Node, t reflect.Type, path string) {
	if path != "" {
		if _, known := c.origins.lines[path]; !known {
			c.origins.lines[path] = lineOf(n)
		}
	}
	switch n.(type) {
	case *ast.NullNode:
		return
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		c.report(lineOf(n), path, "anchors, aliases and tags are not read here; write the value out")
		return
	}
	if t == reflect.TypeFor[time.Duration]() {
		c.duration(n, path)
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		c.value(n, t.Elem(), path)
	case reflect.Struct:
		c.section(n, t, path)
	case reflect.Slice:
		c.list(n, t.Elem(), path)
	default:
		c.scalar(n, t, path)
	}
}

func (c *shapeCheck) section(n ast.Node, t reflect.Type, path string) {
	m, ok := n.(ast.MapNode)
	if !ok {
		c.report(lineOf(n), path, "expected keys with values, such as %s, found %s", keysOf(t)[0]+":", foundNode(n))
		return
	}
	keys := sectionKeys(t, m)
	for it := m.MapRange(); it.Next(); {
		key, at := it.Key(), lineOf(it.Key())
		if _, merge := key.(*ast.MergeKeyNode); merge {
			c.report(at, path, "anchors, aliases and tags are not read here; write the value out")
			continue
		}
		name := key.GetToken().Value
		under := strings.TrimPrefix(path+"."+name, ".")
		field, known := keys[name]
		if !known {
			c.report(at, under, "%s", unknownKey(name, keys))
			continue
		}
		c.origins.lines[under] = at
		c.value(it.Value(), field, under)
	}
}

func (c *shapeCheck) list(n ast.Node, element reflect.Type, path string) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		c.report(lineOf(n), path, "expected a list, found %s; begin each of its entries with a dash", foundNode(n))
		return
	}
	for i, entry := range list.Values {
		c.value(entry, element, fmt.Sprintf("%s[%d]", path, i))
	}
}

func (c *shapeCheck) scalar(n ast.Node, t reflect.Type, path string) {
	switch t.Kind() {
	case reflect.Bool:
		if _, ok := n.(*ast.BoolNode); !ok {
			c.report(lineOf(n), path, "expected true or false, found %s", foundNode(n))
		}
	case reflect.Int:
		if i, ok := n.(*ast.IntegerNode); !ok {
			c.report(lineOf(n), path, "expected a whole number, found %s", foundNode(n))
		} else if !isSmall(i.Value) {
			c.report(lineOf(n), path, "%s is too large a number", foundNode(n))
		}
	case reflect.String:
		switch n.(type) {
		case *ast.StringNode, *ast.LiteralNode:
		case ast.MapNode, *ast.SequenceNode:
			c.report(lineOf(n), path, "expected a text, found %s", foundNode(n))
		default: // 1.10, true or 0x1: what was meant is what quotes keep
			c.report(lineOf(n), path, "expected a text, found %s; put quotes around it", foundNode(n))
		}
	}
}

func (c *shapeCheck) duration(n ast.Node, path string) {
	if s, ok := n.(*ast.StringNode); ok {
		if _, err := time.ParseDuration(s.Value); err == nil {
			return
		}
	}
	c.report(lineOf(n), path, "expected a duration such as 90s or 5m, found %s", foundNode(n))
}

func isSmall(v any) bool {
	const limit = 1 << 31
	switch v := v.(type) {
	case int64:
		return v > -limit && v < limit
	case uint64:
		return v < limit
	}
	return false
}

// foundNode names a node for people.
func foundNode(n ast.Node) string {
	switch n := n.(type) {
	case ast.MapNode:
		return "keys with values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode:
		return fmt.Sprintf("%q", n.Value)
	case *ast.LiteralNode:
		return "a text"
	}
	return strings.TrimSpace(n.GetToken().Value)
}

// sectionKeys are the keys of a section and their types; those of a tracker depend on
// the type that it names.
func sectionKeys(t reflect.Type, m ast.MapNode) map[string]reflect.Type {
	keys := map[string]reflect.Type{}
	for i := range t.NumField() {
		if name := keyOf(t.Field(i)); name != "" {
			keys[name] = t.Field(i).Type
		}
	}
	if t != reflect.TypeFor[trackerConfig]() {
		return keys
	}
	if section := trackerSection(textOf(m, "type")); section != nil {
		st := reflect.TypeOf(section).Elem()
		for i := range st.NumField() {
			keys[keyOf(st.Field(i))] = st.Field(i).Type
		}
	}
	return keys
}

// keyOf is the key of a field, "" for one that the file cannot set.
func keyOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if name == "-" {
		return ""
	}
	return name
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if name := keyOf(t.Field(i)); name != "" {
			keys = append(keys, name)
		}
	}
	return keys
}

func textOf(m ast.MapNode, key string) string {
	for it := m.MapRange(); it.Next(); {
		if s, ok := it.Value().(*ast.StringNode); ok && it.Key().GetToken().Value == key {
			return s.Value
		}
	}
	return ""
}

func unknownKey(name string, keys map[string]reflect.Type) string {
	for _, word := range []string{"token", "password", "secret", "api_key"} {
		if strings.HasSuffix(strings.ToLower(name), word) {
			return fmt.Sprintf("unknown key; a secret is never written here, name where it is with %s_env or %s_file", name, name)
		}
	}
	best := closest(name, slices.Sorted(maps.Keys(keys)))
	if best == "" {
		return "unknown key; known here are " + strings.Join(slices.Sorted(maps.Keys(keys)), ", ")
	}
	return fmt.Sprintf("unknown key, did you mean %q?", best)
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return max(t.Position.Line, 1)
	}
	return 1
}
