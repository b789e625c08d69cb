package per

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// parseTOML reads TOML front matter, lines counting from 1. Keys of tables below the
// top are not read, since no key of ours is one.
func parseTOML(text string) (value, *Problem) {
	decoded := map[string]any{}
	if err := toml.Unmarshal([]byte(text), &decoded); err != nil {
		var syntax *toml.DecodeError
		line := 1
		if errors.As(err, &syntax) {
			line, _ = syntax.Position()
		}
		return value{}, &Problem{Line: max(1, line), Message: "not TOML: " + err.Error()}
	}
	v := value{kind: mapping, line: 1}
	for name, x := range decoded {
		line := tomlLine(text, name)
		v.fields = append(v.fields, field{key: keyWord(name), name: name, line: line, value: tomlValue(x, line)})
	}
	slices.SortFunc(v.fields, func(a, b field) int {
		if a.line != b.line {
			return a.line - b.line
		}
		return strings.Compare(a.name, b.name)
	})
	return v, nil
}

// tomlLine is the line a key of the top table stands on.
func tomlLine(text, name string) int {
	line := 0
	for s := range strings.SplitSeq(text, "\n") {
		line++
		key, _, ok := strings.Cut(s, "=")
		if ok && strings.Trim(key, " \t\"'") == name || strings.Trim(s, "[] \t") == name {
			return line
		}
	}
	return 1
}

func tomlValue(x any, line int) value {
	switch x := x.(type) {
	case nil:
		return value{line: line}
	case bool:
		return value{kind: truth, text: fmt.Sprint(x), line: line}
	case []any:
		v := value{kind: sequence, line: line}
		for _, item := range x {
			v.list = append(v.list, tomlValue(item, line))
		}
		return v
	case map[string]any:
		return value{kind: mapping, line: line}
	case time.Time:
		return value{kind: scalar, text: x.Format(time.RFC3339), line: line}
	}
	return value{kind: scalar, text: fmt.Sprint(x), line: line}
}
