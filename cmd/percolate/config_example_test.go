package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

const exampleConfig = "../../config.example.yaml"

func noEnv(string) (string, bool) { return "", false }

func TestTheExampleConfigurationLoads(t *testing.T) {
	c, err := loadConfig(exampleConfig, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.resolve(c.Documents.Paths[0]), filepath.FromSlash("../../examples/pers"); got != want {
		t.Errorf("documents in %s, want %s", got, want)
	}
	if _, err := c.rules("2026-03-04"); err != nil {
		t.Error(err)
	}
}

// commented begins the lines of the example that are not in use as it stands.
var commented = regexp.MustCompile(`(?m)^( *)#\|`)

// wholeExample is the example with all that it shows in use.
func wholeExample(t *testing.T) []byte {
	t.Helper()
	src, err := os.ReadFile(exampleConfig)
	if err != nil {
		t.Fatal(err)
	}
	return commented.ReplaceAll(src, []byte("$1"))
}

func TestWhatTheExampleShowsInCommentsLoads(t *testing.T) {
	c, err := parseConfig(exampleConfig, wholeExample(t), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Trackers) != len(trackerTypes()) {
		t.Errorf("the example shows %d trackers, there are %v", len(c.Trackers), trackerTypes())
	}
	if _, err := c.rules("2026-03-04"); err != nil {
		t.Error(err)
	}
}

func TestTheExampleHoldsEveryKeyOnceAndNoOther(t *testing.T) {
	want := map[string]bool{}
	allKeys(reflect.TypeFor[config](), "", want)
	got := map[string]int{}
	walkExample(t, func(path, _ string, _ ast.Node, first bool) {
		if first {
			got[path]++
		}
	})
	for path := range want {
		if got[path] != 1 {
			t.Errorf("%s stands in the example %d times", path, got[path])
		}
	}
	for path := range got {
		if !want[path] {
			t.Errorf("%s is no key", path)
		}
	}
}

// plain are keys whose neighbours explain them.
var plain = regexp.MustCompile(`^(documents|state|check|policy|mapping)$|` +
	`^routes\[\]\.(service|severity)$|^people\[\]\.accounts\[\]\.(tracker|account)$|^teams\[\]\.name$|` +
	`^mapping\.(severities|priorities|due_days)\[\]\.\w+$|^policy\.fields\[\]\.(field|mode)$`)

func TestEveryKeyOfTheExampleIsExplained(t *testing.T) {
	walkExample(t, func(path, comment string, _ ast.Node, first bool) {
		if first && comment == "" && !plain.MatchString(path) {
			t.Errorf("%s has no comment", path)
		}
	})
}

var statedDefault = regexp.MustCompile(`Default: (.+?)\.(\s|$)`)

// The example teaches defaults: a value is the default, or the comment tells it.
func TestTheExampleTellsTheProgramsDefaults(t *testing.T) {
	var program map[string]any
	recode(t, defaults(), &program)
	walkExample(t, func(path, comment string, value ast.Node, _ bool) {
		if strings.Contains(path, "[]") {
			return // its list is compared as a whole
		}
		want, known := lookUp(program, path)
		if _, section := want.(map[string]any); section || !known {
			return
		}
		var got any
		text := value.String()
		if m := statedDefault.FindStringSubmatch(comment); m != nil {
			if path == "trackers" {
				return // told in words
			}
			text = m[1]
		}
		if err := yaml.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if !same(t, got, want) {
			t.Errorf("%s: the example says %s, the program has %v", path, text, want)
		}
	})
}

func TestTheDefaultTrackerIsTheOneTheExampleNames(t *testing.T) {
	empty, err := parseConfig("percolate.yaml", nil, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if len(empty.Trackers) != 1 || empty.Trackers[0].Name != "backlog" || empty.Trackers[0].Type != "files" {
		t.Errorf("default trackers %+v", empty.Trackers)
	}
	example, err := loadConfig(exampleConfig, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := example.Trackers[0].Section.(*filesConfig).Dir, empty.Trackers[0].Section.(*filesConfig).Dir; got != want {
		t.Errorf("the example's dir is %q, the default %q", got, want)
	}
	if got, want := example.Trackers[0].DefaultAccount, empty.Trackers[0].DefaultAccount; got != want {
		t.Errorf("the example's default_account is %q, the default %q", got, want)
	}
}

// allKeys collects the path of every key, "[]" standing for any entry of a list.
func allKeys(t reflect.Type, path string, keys map[string]bool) {
	switch t.Kind() {
	case reflect.Pointer:
		allKeys(t.Elem(), path, keys)
		return
	case reflect.Slice:
		allKeys(t.Elem(), path+"[]", keys)
		return
	case reflect.Struct:
	default:
		return
	}
	types := []reflect.Type{t}
	if t == reflect.TypeFor[trackerConfig]() {
		for _, name := range trackerTypes() {
			types = append(types, reflect.TypeOf(trackerSection(name)).Elem())
		}
	}
	for _, t := range types {
		for i := range t.NumField() {
			if key := keyOf(t.Field(i)); key != "" {
				at := strings.TrimPrefix(path+"."+key, ".")
				keys[at] = true
				allKeys(t.Field(i).Type, at, keys)
			}
		}
	}
}

// walkExample visits every key with the comment above it; first is false where the key
// stood in an earlier entry of a list.
func walkExample(t *testing.T, visit func(path, comment string, value ast.Node, first bool)) {
	t.Helper()
	file, err := parser.ParseBytes(wholeExample(t), parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var walk func(n ast.Node, path, above string)
	walk = func(n ast.Node, path, above string) {
		switch n := n.(type) {
		case *ast.MappingNode:
			for i, v := range n.Values {
				comment := words(v.GetComment())
				if i == 0 {
					comment += above // a comment above the dash of an entry
				}
				at := strings.TrimPrefix(path+"."+v.Key.GetToken().Value, ".")
				visit(at, comment, v.Value, !seen[at])
				seen[at] = true
				walk(v.Value, at, "")
			}
		case *ast.SequenceNode:
			for i, v := range n.Values {
				above := words(n.GetComment()) // where the parser puts that of the first entry
				if i > 0 && i < len(n.ValueHeadComments) {
					above = words(n.ValueHeadComments[i])
				}
				walk(v, path+"[]", above)
			}
		}
	}
	walk(file.Docs[0].Body, "", "")
}

func words(comments *ast.CommentGroupNode) string {
	if comments == nil {
		return ""
	}
	var lines []string
	for _, c := range comments.Comments {
		lines = append(lines, strings.TrimSpace(c.GetToken().Value))
	}
	return strings.Join(lines, " ")
}

func recode(t *testing.T, from, to any) {
	t.Helper()
	b, err := yaml.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, to); err != nil {
		t.Fatal(err)
	}
}

func lookUp(m map[string]any, path string) (any, bool) {
	var at any = m
	for key := range strings.SplitSeq(path, ".") {
		section, ok := at.(map[string]any)
		if !ok {
			return nil, false
		}
		if at, ok = section[key]; !ok {
			return nil, false
		}
	}
	return at, true
}

func same(t *testing.T, a, b any) bool {
	t.Helper()
	x, okX := a.(string)
	y, okY := b.(string)
	if d, err := time.ParseDuration(x); okX && okY && err == nil {
		e, err := time.ParseDuration(y)
		return err == nil && d == e
	}
	return sameJSON(t, a, b)
}

func sameJSON(t *testing.T, a, b any) bool {
	t.Helper()
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	if errX != nil || errY != nil {
		t.Fatal(errX, errY)
	}
	empty := func(s string) bool { return s == "null" || s == "[]" || s == `""` }
	return string(x) == string(y) || empty(string(x)) && empty(string(y))
}
