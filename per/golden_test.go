package per_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"percolate/per"
)

var update = flag.Bool("update", false, "write what is read now as what is wanted")

// Each document in testdata shows one idea; the JSON beside it is all that should be
// understood of it, its problems and the lint included.
func TestDocumentsReadAsTheirGoldenFilesSay(t *testing.T) {
	for _, file := range documents(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			src := read(t, file)
			d, problems := per.Parse(filepath.Base(file), src)
			view := per.Show(d, per.Accept(d, append(problems, per.Check(d, per.CheckRules{})...), nil))
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(view); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, filepath.Ext(file)) + ".json"
			if *update {
				if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := string(read(t, golden)); b.String() != want {
				t.Errorf("%s differs; run go test ./per -update and look at the difference\n%s", golden, firstDifference(want, b.String()))
			}
		})
	}
}

func documents(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"testdata/*.md", "testdata/*.html", "testdata/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Fatal("testdata has no documents")
	}
	return files
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "want " + w[i] + "\ngot  " + g[i]
		}
	}
	return "one is longer"
}
