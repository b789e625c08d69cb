package percolate_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// floating is a version that may mean something else tomorrow, and a program that is run
// as it comes from the network.
var floating = regexp.MustCompile(`@(latest|main|master|HEAD|upgrade|patch)\b|\bgo get -u\b|\bnpm (install|i)\b|\bnpx\b|\b(curl|wget)\b[^\n|]*\|`)

// What builds and tests percolate is the same every day: modules by go.sum, tools and
// packages by their versions and sums.
func TestNothingThatIsFetchedFloats(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == ".git" || strings.HasPrefix(e.Name(), "node_modules") || e.Name() == "dist") {
			return fs.SkipDir
		}
		name := e.Name()
		script := name == "Makefile" || name == "run" || name == "Dockerfile" || strings.HasSuffix(name, ".sh")
		if e.IsDir() || !script && name != "package.json" && name != "package-lock.json" {
			return nil
		}
		seen++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, fault := range floats(name, string(text)) {
			t.Errorf("%s: %s", path, fault)
		}
		return nil
	})
	if err != nil || seen < 3 {
		t.Errorf("%d files were looked at, %v", seen, err)
	}
}

func floats(name, text string) (faults []string) {
	switch name {
	case "package.json":
		var p struct{ Dependencies, DevDependencies map[string]string }
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return []string{err.Error()}
		}
		for _, list := range []map[string]string{p.Dependencies, p.DevDependencies} {
			for of, version := range list {
				if !exact.MatchString(version) {
					faults = append(faults, of+" has the version "+version)
				}
			}
		}
	case "package-lock.json":
		var p struct {
			Packages map[string]struct{ Integrity string }
		}
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return []string{err.Error()}
		}
		for of, lock := range p.Packages {
			if of != "" && lock.Integrity == "" {
				faults = append(faults, of+" has no sum")
			}
		}
	default:
		faults = floating.FindAllString(text, -1)
	}
	return faults
}

var exact = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)

func TestWhatFloatsIsSeen(t *testing.T) {
	for text, name := range map[string]string{
		"go run golang.org/x/vuln/cmd/govulncheck@latest ./...": "Makefile", "curl https://x.example/install | sh": "run", "npm install": "run", "go get -u ./...": "x.sh",
		`{"dependencies":{"a":"^1.0.0"}}`: "package.json", `{"devDependencies":{"a":"latest"}}`: "package.json", `{"packages":{"node_modules/a":{"version":"1.0.0"}}}`: "package-lock.json",
	} {
		if len(floats(name, text)) == 0 {
			t.Errorf("%s: %s passes", name, text)
		}
	}
}
