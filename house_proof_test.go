package percolate_test

import (
	"slices"
	"strings"
	"testing"
)

// Each rule finds what breaks it, and lets pass what looks like it.
func TestEveryRuleOfTheHouseCanFail(t *testing.T) {
	const pkg = "// Package x is for this.\npackage x\n"
	cases := []struct {
		path, text string
		breaks     string // the rule, "" for none
	}{
		{"ticket/x.go", pkg + `import "strings"`, ""},
		{"ticket/x.go", pkg + `import "percolate/trackers"`, "Layers"},
		{"ticket/x_test.go", pkg + `import "percolate/trackers"`, ""},
		{"per/x.go", pkg + `import "percolate/ticket"`, "Layers"},
		{"mapping/x.go", pkg + `import "percolate/per"`, ""},
		{"mapping/x.go", pkg + `import "percolate/trackers/files"`, "Layers"},
		{"sync/x.go", pkg + `import "percolate/store/memory"`, "Layers"},
		{"sync/plan/x.go", pkg + `import "percolate/mapping"`, "Layers"},
		{"trackers/jira/x.go", pkg + `import "percolate/trackers/internal/rest"`, ""},
		{"trackers/jira/jiratest/x.go", pkg + `import "percolate/trackers/jira"`, ""},
		{"trackers/jira/x.go", pkg + `import "percolate/trackers/github"`, "Layers"},
		{"trackers/jira/x.go", pkg + `import "percolate/store"`, "Layers"},
		{"trackers/trackertest/x.go", pkg + `import "percolate/trackers/memory"`, "Layers"},
		{"cmd/percolate/x.go", pkg + `import "percolate/trackers/jira"`, ""},
		{"elsewhere/x.go", pkg, "Layers"},

		{"mapping/x.go", pkg + `import "net/url"`, ""},
		{"mapping/x.go", pkg + `import "net"`, "Pure"},
		{"per/x.go", pkg + `import "net/http"`, "Pure"},
		{"per/x.go", pkg + `import "github.com/yuin/goldmark/ast"`, ""},
		{"per/x.go", pkg + `import "github.com/spf13/viper"`, "Pure"},
		{"sync/plan/x.go", pkg + `import "os"`, "Pure"},
		{"report/x.go", pkg + `import "database/sql"`, "Pure"},
		{"trackers/x.go", pkg + `import "math/rand/v2"`, "Pure"},
		{"trackers/files/x.go", pkg + `import "os"`, ""},

		{"store/x.go", pkg + `import persync "percolate/sync"`, ""},
		{"cmd/percolate/x.go", pkg + `import persync "percolate/sync"`, ""},
		{"report/web/x.go", pkg + `import persync "percolate/sync"`, "OnlyCmdKnowsTheEngine"},
		{"sync/enginetest/x.go", pkg + `import "percolate/trackers/jira"`, "Layers"},
		{"sync/enginetest/x.go", pkg + `import persync "percolate/sync"`, ""},
		{"trackers/jira/x_test.go", pkg + `import "percolate/sync/enginetest"`, ""},
		{"cmd/chaos/x.go", pkg + `import "percolate/sync/enginetest"`, "OnlyTestsRunHistories"},
		{"store/x.go", pkg + `import "percolate/sync"`, "TheEngineIsPersync"},
		{"cmd/percolate/x_test.go", pkg + `import engine "percolate/sync"`, "TheEngineIsPersync"},
		{"cmd/percolate/x.go", pkg + `import "sync"`, ""},
		{"store/x_test.go", pkg + `import "percolate/cmd/percolate"`, "NobodyImportsCmd"},

		{"ticket/x.go", pkg + `func init() {}`, "NoInit"},
		{"ticket/x_test.go", pkg + `func init() {}`, "NoInit"},
		{"ticket/x.go", pkg + `type t int; func (t) init() {}`, ""},

		{"sync/x.go", pkg + `import "time"; var t = time.Now()`, "TimeIsAnArgument"},
		{"store/x.go", pkg + `import "time"; var t = time.Now`, "TimeIsAnArgument"},
		{"sync/x.go", pkg + `import "time"; func f(t time.Time) time.Duration { return time.Since(t) }`, "TimeIsAnArgument"},
		{"sync/x.go", pkg + "import \"time\"\n// time.Now() is cmd's.\nvar t time.Time", ""},
		{"cmd/percolate/x.go", pkg + `import "time"; var t = time.Now()`, ""},
		{"sync/x_test.go", pkg + `import "time"; var t = time.Now()`, ""},
		{"store/storetest/x.go", pkg + `import ("testing"; "time"); var _ testing.TB; var t = time.Now()`, ""},

		{"ticket/x.go", "package x\n", "PackagesSayWhatTheyAreFor"},
		{"ticket/x.go", "// A remark.\n\npackage x\n", "PackagesSayWhatTheyAreFor"},

		{"ticket/x.go", pkg + `func F() {}`, "ExportedNamesAreExplained"},
		{"ticket/x.go", pkg + `type T int`, "ExportedNamesAreExplained"},
		{"ticket/x.go", pkg + `const C = 1`, "ExportedNamesAreExplained"},
		{"ticket/x.go", pkg + "type (\n\t// A is one.\n\tA int\n\tB int\n)", "ExportedNamesAreExplained"},
		{"ticket/x.go", pkg + "// T is.\ntype T[V any] []V\nfunc (*T[V]) M() {}", "ExportedNamesAreExplained"},
		{"ticket/x.go", pkg + "type t int\nfunc (t) String() string { return \"\" }\nfunc f() {}", ""},
		{"ticket/x.go", pkg + "// The words.\nconst (\n\tA = 1\n\tB = 2\n)\nvar C = 3 // the third", ""},

		{"ticket/x.go", pkg + strings.Repeat("\n", 397) + "// 400", ""},
		{"ticket/x.go", pkg + strings.Repeat("\n", 398) + "// 401", "FilesHaveOneReason"},
		{"ticket/x_test.go", pkg + strings.Repeat("\n", 900) + "// long", ""},
	}
	proven := map[string]bool{}
	for _, c := range cases {
		s, err := parse(c.path, []byte(c.text))
		if err != nil {
			t.Fatalf("%s: %v", c.path, err)
		}
		broken := []string{}
		for _, r := range rules() {
			if len(r.check([]source{s})) > 0 {
				broken = append(broken, r.name)
			}
		}
		proven[c.breaks] = true
		if c.breaks == "" && len(broken) > 0 || c.breaks != "" && !slices.Contains(broken, c.breaks) {
			t.Errorf("%s breaks %v, want %q:\n%.200s", c.path, broken, c.breaks, c.text)
		}
	}
	for _, r := range rules() {
		if !proven[r.name] {
			t.Errorf("no case breaks the rule %s", r.name)
		}
	}
}
