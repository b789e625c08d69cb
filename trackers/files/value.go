package files

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// value is a text or a list of texts.
type value struct {
	text  string
	list  bool
	items []string
	lines []int // of a list with one item a line: the line of each within its entry, from 0
}

// texts is the value as a list: an empty text is an empty list.
func (v value) texts() []string {
	switch {
	case v.list:
		return v.items
	case v.text == "":
		return nil
	}
	return []string{v.text}
}

func (v value) equal(w value) bool {
	return v.text == w.text && v.list == w.list && slices.Equal(v.items, w.items)
}

// maxValue is the length of one value in bytes. Reading far longer ones can take very long.
const maxValue = 16 << 10

// readValue reads one entry of a front matter, "name: value" on one line or more. What
// is no YAML but plainly meant as a text, like "title: fix: this", is that text.
func readValue(src string) (value, *fault) {
	if len(src) > maxValue {
		return value{}, &fault{1, fmt.Sprintf("this value is longer than %d KiB", maxValue>>10)}
	}
	src = strings.ReplaceAll(src, "\r\n", "\n")
	file, err := parser.ParseBytes([]byte(src), parser.ParseComments)
	if err != nil {
		if text, ok := plainly(src); ok {
			return value{text: text}, nil
		}
		return value{}, faultOf(err)
	}
	node := onlyValue(file)
	if node == nil {
		return value{}, &fault{1, "this is not one value with its name"}
	}
	if list, ok := node.(*ast.SequenceNode); ok {
		return readList(list)
	}
	text, ok := textOf(node)
	if !ok {
		return value{}, &fault{node.GetToken().Position.Line, "a text is needed here, or a list of texts"}
	}
	return value{text: text}, nil
}

// onlyValue is the value of the file's only entry, nil when it is anything else.
func onlyValue(file *ast.File) ast.Node {
	if len(file.Docs) != 1 {
		return nil
	}
	switch body := file.Docs[0].Body.(type) {
	case *ast.MappingValueNode:
		return body.Value
	case *ast.MappingNode:
		if len(body.Values) == 1 {
			return body.Values[0].Value
		}
	}
	return nil
}

func readList(list *ast.SequenceNode) (value, *fault) {
	v := value{list: true}
	for _, node := range list.Values {
		text, ok := textOf(node)
		if !ok {
			return value{}, &fault{node.GetToken().Position.Line, "only texts can stand in this list"}
		}
		if text == "" {
			continue
		}
		v.items = append(v.items, text)
		if !list.IsFlowStyle {
			v.lines = append(v.lines, node.GetToken().Position.Line-1)
		}
	}
	return v, nil
}

// textOf is the text of a scalar as it is written, so that 1.10 stays 1.10.
func textOf(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.NullNode:
		return "", true
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.Trim(n.Value.Value, "\n"), true
	case *ast.AnchorNode:
		return textOf(n.Value)
	case *ast.TagNode:
		return textOf(n.Value)
	case ast.ScalarNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// plainly is the text behind the name of a one-line entry that begins like a text
// and not like anything else that YAML knows.
func plainly(src string) (string, bool) {
	src = strings.TrimRight(src, "\n")
	_, text, _ := strings.Cut(src, ":")
	if at := strings.Index(text, " #"); at >= 0 {
		text = text[:at]
	}
	text = strings.TrimSpace(text)
	begin := []rune(text + " ")[0]
	return text, !strings.Contains(src, "\n") && (unicode.IsLetter(begin) || unicode.IsDigit(begin))
}

func faultOf(err error) *fault {
	f := &fault{line: 1, why: "this is not valid YAML"}
	if e, ok := errors.AsType[yaml.Error](err); ok {
		f.why += ": " + e.GetMessage()
		if tk := e.GetToken(); tk != nil && tk.Position != nil {
			f.line = tk.Position.Line
		}
	}
	return f
}
