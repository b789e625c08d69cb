package percolate_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// rule is one thing that holds in every folder, and the reason for it.
type rule struct {
	name  string
	why   string
	check func(files []source) (faults []string) // of the files of one folder
}

func rules() []rule {
	return []rule{
		{"Layers", "dependencies run one way, so that each part can be read, tested and replaced alone", ofCode(layersOf)},
		{"Pure", "what decides does no I/O and knows no clock and no chance: the same input gives the same plan", ofCode(impurities)},
		{"OnlyCmdKnowsTheEngine", "sync is wired in one place; all others implement what it declares", ofCode(engineImports)},
		{"OnlyTestsRunHistories", "a suite of tests has no place in a program", ofCode(suiteImports)},
		{"TheEngineIsPersync", "the name sync is the standard library's for every reader", each(engineNames)},
		{"NobodyImportsCmd", "commands are the outermost layer", each(commandImports)},
		{"NoInit", "nothing happens by being imported; wire.go says what there is", each(initFunctions)},
		{"TimeIsAnArgument", "only cmd reads the clock, so that a day of work can be tested in a millisecond", ofCode(clocks)},
		{"PackagesSayWhatTheyAreFor", "a reader begins at the package comment", packageComments},
		{"ExportedNamesAreExplained", "meaning, units and errors are part of a name that others use", ofCode(unexplained)},
		{"FilesHaveOneReason", "a file of more than 400 lines has more than one reason to change", ofCode(longFiles)},
	}
}

// each applies a check to every file.
func each(check func(source) []string) func([]source) []string {
	return func(files []source) (faults []string) {
		for _, s := range files {
			faults = append(faults, check(s)...)
		}
		return faults
	}
}

// ofCode applies a check to every file that is not for tests.
func ofCode(check func(source) []string) func([]source) []string {
	return each(func(s source) []string {
		if s.test() {
			return nil
		}
		return check(s)
	})
}

// layer is a part of the house and what of percolate it may import. A name that ends in
// "/..." means what is below it too.
type layer struct {
	name string
	may  []string
	pure bool // no I/O, no chance, and of other modules only those that parse
}

func layers() []layer {
	return []layer{
		{name: "ticket", pure: true},
		{name: "per", pure: true},
		{name: "mapping", may: []string{"ticket", "per"}, pure: true},
		{name: "trackers", may: []string{"ticket"}, pure: true},
		{name: "sync/plan", may: []string{"ticket", "trackers"}, pure: true},
		{name: "report", may: []string{"ticket"}, pure: true},
		{name: "report/web", may: []string{"ticket", "report"}},
		{name: "sync", may: []string{"ticket", "trackers", "sync/plan"}},
		{name: "sync/enginetest", may: []string{"ticket", "trackers", "trackers/trackertest", "sync", "sync/plan", "store/memory"}},
		{name: "trackers/internal/...", may: []string{"ticket", "trackers", "trackers/internal/..."}},
		{name: "trackers/trackertest/...", may: []string{"ticket", "trackers", "trackers/trackertest/..."}},
		{name: "store/...", may: []string{"ticket", "trackers", "sync", "store/..."}},
		{name: "cmd/...", may: []string{"ticket", "per/...", "mapping/...", "trackers/...", "sync/...", "store/...", "report/..."}},
	}
}

// layerOf finds the layer of a folder. Each tracker is one of its own.
func layerOf(folder string) (layer, bool) {
	for _, l := range layers() {
		if within(folder, l.name) {
			return l, true
		}
	}
	if rest, ok := strings.CutPrefix(folder, "trackers/"); ok {
		own, _, _ := strings.Cut(rest, "/")
		own = "trackers/" + own + "/..."
		return layer{name: own, may: []string{"ticket", "trackers", "trackers/internal/...", own}}, true
	}
	return layer{}, false
}

// within reports whether a folder is the named one or, with "/...", below it.
func within(folder, name string) bool {
	top, below := strings.CutSuffix(name, "/...")
	return folder == top || below && strings.HasPrefix(folder, top+"/")
}

func layersOf(s source) (faults []string) {
	l, ok := layerOf(s.folder())
	if !ok {
		return []string{s.path + ": no layer says what " + s.folder() + " may import"}
	}
	for _, spec := range s.file.Imports {
		folder, ours := strings.CutPrefix(pathOf(spec), "percolate/")
		if ours && !slices.ContainsFunc(l.may, func(may string) bool { return within(folder, may) }) {
			faults = append(faults, fmt.Sprintf("%s: %s imports %s, and may import only %v of percolate", s.at(spec), s.folder(), folder, l.may))
		}
	}
	return faults
}

// impurities finds imports that a pure package does without. To parse an address is no I/O.
func impurities(s source) (faults []string) {
	if l, _ := layerOf(s.folder()); !l.pure {
		return nil
	}
	impure := []string{"net/...", "os/...", "io/ioutil", "database/...", "math/rand/...", "crypto/rand", "syscall", "unsafe", "plugin"}
	parsing := []string{
		"github.com/yuin/goldmark/...", "go.abhg.dev/goldmark/...", "github.com/goccy/go-yaml/...",
		"github.com/pelletier/go-toml/v2/...", "golang.org/x/net/html/...", "golang.org/x/text/...",
	}
	for _, spec := range s.file.Imports {
		p := pathOf(spec)
		known := func(name string) bool { return within(p, name) }
		host, _, _ := strings.Cut(p, "/")
		foreign := strings.Contains(host, ".") && !slices.ContainsFunc(parsing, known)
		if foreign || p != "net/url" && slices.ContainsFunc(impure, known) {
			faults = append(faults, fmt.Sprintf("%s: %s is pure and imports %s", s.at(spec), s.folder(), p))
		}
	}
	return faults
}

const engine = "percolate/sync"

func engineImports(s source) []string {
	allowed := []string{"cmd/...", "store/...", "sync/enginetest"}
	if s.imports(engine) && !slices.ContainsFunc(allowed, func(name string) bool { return within(s.folder(), name) }) {
		return []string{s.path + ": imports " + engine}
	}
	return nil
}

func suiteImports(s source) []string {
	if s.imports(engine + "/enginetest") {
		return []string{s.path + ": imports " + engine + "/enginetest, which is for tests"}
	}
	return nil
}

func engineNames(s source) (faults []string) {
	for _, spec := range s.file.Imports {
		if pathOf(spec) == engine && (spec.Name == nil || spec.Name.Name != "persync") {
			faults = append(faults, s.at(spec)+`: import it as persync "percolate/sync"`)
		}
	}
	return faults
}

func commandImports(s source) (faults []string) {
	for _, spec := range s.file.Imports {
		if folder, ours := strings.CutPrefix(pathOf(spec), "percolate/"); ours && within(folder, "cmd/...") {
			faults = append(faults, s.at(spec)+": imports "+folder)
		}
	}
	return faults
}

func initFunctions(s source) (faults []string) {
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			faults = append(faults, s.at(f)+": func init")
		}
	}
	return faults
}

// clocks finds what reads the clock, called or passed on.
func clocks(s source) (faults []string) {
	if within(s.folder(), "cmd/...") {
		return nil
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
				faults = append(faults, s.at(n)+": time."+sel.Sel.Name)
			}
		}
		return true
	})
	return faults
}

func packageComments(files []source) []string {
	for _, s := range files {
		if s.file.Doc != nil {
			return nil
		}
	}
	return []string{files[0].folder() + ": no package comment"}
}

func unexplained(s source) (faults []string) {
	fault := func(name *ast.Ident, docs ...*ast.CommentGroup) {
		if name.IsExported() && !slices.ContainsFunc(docs, func(d *ast.CommentGroup) bool { return d != nil }) {
			faults = append(faults, fmt.Sprintf("%s: %s has no comment", s.at(name), name.Name))
		}
	}
	for _, d := range s.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if !hidden(d.Recv) {
				fault(d.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					fault(spec.Name, spec.Doc, spec.Comment, d.Doc)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						fault(name, spec.Doc, spec.Comment, d.Doc)
					}
				}
			}
		}
	}
	return faults
}

// hidden reports whether a method's receiver is a type that others cannot name.
func hidden(receiver *ast.FieldList) bool {
	if receiver == nil {
		return false
	}
	exported := false
	ast.Inspect(receiver.List[0].Type, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			exported = exported || name.IsExported()
		}
		return true
	})
	return !exported
}

func longFiles(s source) []string {
	if lines := s.files.Position(s.file.FileEnd - 1).Line; lines > 400 && s.file.FileEnd != token.NoPos {
		return []string{fmt.Sprintf("%s: %d lines", s.path, lines)}
	}
	return nil
}
