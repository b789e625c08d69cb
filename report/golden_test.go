package report_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"percolate/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The golden reports are one state with every case in it, in every format.
func TestReportsAreTheGoldenOnes(t *testing.T) {
	r := every().build()
	json, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	planning, err := r.Planning().JSON()
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{
		"every-80.txt":        r.Text(report.Style{}),
		"every-200.txt":       r.Text(report.Style{Width: 200}),
		"every-most-1.txt":    r.Text(report.Style{Most: 1}),
		"every.md":            r.Markdown(0),
		"every.csv":           r.CSV(),
		"every.json":          string(json),
		"every-planning.md":   r.Planning().Markdown(r),
		"every-planning.txt":  r.Planning().Text(r, report.Style{}),
		"every-planning.json": string(planning),
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs; run go test ./report -update and read the diff\ngot:\n%s", file, got)
			}
		})
	}
}
