//go:build mutants

package sync_test

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// suite is a set of tests that a broken engine is run against.
type suite struct {
	name string
	args []string
}

var (
	eachOf = flag.Bool("each", false, "run a broken engine against every suite, although one has caught it")
	by     = flag.String("by", "", "run only the suites that have this in their name")
)

func suites() []suite {
	return []suite{
		{"tests of the plan", []string{"./sync/plan", "-short"}},
		{"tests of the worker", []string{"./sync", "-skip", "TestHistories"}},
		{"histories", []string{"./sync", "-run", "TestHistories", "-histories", "3000"}},
		{"histories over trackers", []string{"./trackers/memory", "./trackers/jira", "-run", "TestHistories", "-histories", "300"}},
	}
}

// TestMutants breaks the engine in one way at a time, without touching its files, and
// fails when the tests do not notice, or when a break no longer fits the code.
func TestMutants(t *testing.T) {
	for _, m := range mutants() {
		t.Run(strings.ReplaceAll(m.breaks, " ", "-"), func(t *testing.T) {
			m.mustBeCaught(t, slices.DeleteFunc(suites(), func(s suite) bool { return !strings.Contains(s.name, *by) })...)
		})
	}
}

// TestMutantsOverHTTP breaks what matters most, and fails when the histories over a tracker
// that is reached by HTTP do not notice.
func TestMutantsOverHTTP(t *testing.T) {
	jira := suite{"histories over Jira", []string{"./trackers/jira", "-run", "TestHistories", "-histories", "100"}}
	for _, breaks := range overHTTP() {
		t.Run(strings.ReplaceAll(breaks, " ", "-"), func(t *testing.T) {
			i := slices.IndexFunc(mutants(), func(m mutant) bool { return m.breaks == breaks })
			if i < 0 {
				t.Fatal("there is no such mutant")
			}
			mutants()[i].mustBeCaught(t, jira)
		})
	}
}

// mustBeCaught runs the suites against the broken engine until one of them fails.
func (m mutant) mustBeCaught(t *testing.T, suites ...suite) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	overlay := m.overlay(t, root)
	if out, err := goTool(root, "build", "-overlay", overlay, "./sync/..."); err != nil {
		t.Fatalf("%s: the broken engine does not compile:\n%s", m.file, out)
	}
	var caught []string
	for _, s := range suites {
		out, err := goTool(root, append([]string{"test", "-overlay", overlay, "-failfast", "-timeout", "150s"}, s.args...)...)
		if err == nil {
			continue
		}
		caught = append(caught, s.name+": "+failed(out))
		if !*eachOf {
			break
		}
	}
	if len(caught) == 0 {
		t.Fatalf("SURVIVED: %s, %s", m.file, m.breaks)
	}
	t.Logf("caught by %s", strings.Join(caught, "; "))
}

// overlay writes the broken file aside and returns the path of an overlay that puts it
// in the place of the real one.
func (m mutant) overlay(t *testing.T, root string) string {
	t.Helper()
	path := filepath.Join(root, m.file)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), m.old); n != 1 {
		t.Fatalf("%s: the text that is to be broken stands there %d times; the list must follow the code:\n%s", m.file, n, m.old)
	}
	dir := t.TempDir()
	broken := filepath.Join(dir, filepath.Base(m.file))
	if err := os.WriteFile(broken, []byte(strings.Replace(string(text), m.old, m.new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {path: broken}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func goTool(root string, args ...string) (string, error) {
	c := exec.Command("go", args...)
	c.Dir = root
	out, err := c.CombinedOutput()
	return string(out), err
}

// failed names the first test of an output that failed, with what it said.
func failed(out string) string {
	if strings.Contains(out, "panic: test timed out") {
		return "it never ended"
	}
	name := regexp.MustCompile(`--- FAIL: (\S+)`).FindAllStringSubmatch(out, -1)
	said := regexp.MustCompile(`\.go:\d+: (.*)`).FindStringSubmatch(out)
	if len(name) == 0 || said == nil {
		return strings.TrimSpace(out[:min(len(out), 200)])
	}
	return name[len(name)-1][1] + ": " + said[1][:min(len(said[1]), 120)]
}
