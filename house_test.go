// Package percolate_test watches over the house: who may import whom, and the habits
// that hold everywhere. The rules are in house_rules_test.go.
package percolate_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTheHouseIsInOrder(t *testing.T) {
	folders := readHouse(t, os.DirFS("."))
	if len(folders) < 5 {
		t.Fatalf("only %d folders with source were found", len(folders))
	}
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			for _, files := range folders {
				for _, fault := range r.check(files) {
					t.Errorf("%s\n\twhy: %s", fault, r.why)
				}
			}
		})
	}
}

// source is one parsed file.
type source struct {
	path  string // "trackers/jira/jira.go"
	file  *ast.File
	files *token.FileSet
}

// parse reads one file, comments included.
func parse(name string, text []byte) (source, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return source{name, file, files}, err
}

func (s source) folder() string { return path.Dir(s.path) }

// test reports whether the file is a test, or made for tests as one that imports the
// testing package is.
func (s source) test() bool {
	return strings.HasSuffix(s.path, "_test.go") || s.imports("testing")
}

func (s source) imports(path string) bool {
	return slices.ContainsFunc(s.file.Imports, func(spec *ast.ImportSpec) bool { return pathOf(spec) == path })
}

// at is the place of a node as "path:line".
func (s source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.files.Position(n.Pos()).Line)
}

// pathOf is what an import names.
func pathOf(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value) // the parser has checked it
	return p
}

// readHouse parses every file of the module and returns those of each folder.
func readHouse(t *testing.T, root fs.FS) [][]source {
	t.Helper()
	folders := map[string][]source{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "dist" || len(name) > 1 && entry.Name()[0] == '.'):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		s, err := parse(name, text)
		folders[s.folder()] = append(folders[s.folder()], s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var all [][]source
	for _, files := range folders {
		all = append(all, files)
	}
	slices.SortFunc(all, func(a, b []source) int { return strings.Compare(a[0].path, b[0].path) })
	return all
}
