package mapping_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"percolate/mapping"
	"percolate/per"
	"percolate/ticket"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A golden pair is testdata/NNN-idea.yaml, with settings and a document, and the tree
// and problems that they come to, in NNN-idea.json.
type golden struct {
	Zone     string
	Settings mapping.Settings
	Found    []per.Problem
	Document per.Document
}

type outcome struct {
	Tree     ticket.Tree
	Problems []per.Problem
}

func TestMapGivesTheGoldenTrees(t *testing.T) {
	inputs, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no golden pairs: %v", err)
	}
	for _, input := range inputs {
		t.Run(strings.TrimSuffix(filepath.Base(input), ".yaml"), func(t *testing.T) {
			got := mapGolden(t, input)
			file := strings.TrimSuffix(input, ".yaml") + ".json"
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs; run go test ./mapping -update and read the diff\ngot:\n%s", file, got)
			}
		})
	}
}

func mapGolden(t *testing.T, input string) []byte {
	t.Helper()
	src, err := os.ReadFile(input)
	if err != nil {
		t.Fatal(err)
	}
	g := golden{Settings: settings(), Zone: "UTC"}
	if err := yaml.UnmarshalWithOptions(src, &g, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if g.Settings.Zone, err = time.LoadLocation(g.Zone); err != nil {
		t.Fatal(err)
	}
	tree, problems := newRules(t, g.Settings).Map(&g.Document, g.Found...)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(outcome{tree, problems}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// settings are those of a small team, on a day shortly after its example event.
func settings() mapping.Settings {
	return mapping.Settings{
		Today: "2026-03-04",
		Trackers: []mapping.Tracker{
			{Name: "backlog"},
			{Name: "open", Public: true, Account: mapping.AccountNone},
		},
		DefaultTracker: "backlog",
		People: []mapping.Person{
			{Name: "ana", Aliases: []string{"Ana Lima"}, Email: "ana@example.com"},
			{Name: "raj", Accounts: []mapping.Account{{Tracker: "backlog", Account: "raj.p"}, {Tracker: "open", Account: "rajp"}}},
		},
		Teams: []mapping.Team{{Name: "ops-team", Aliases: []string{"Operations"}}},
		Shape: mapping.DefaultShape(),
	}
}

func newRules(t *testing.T, s mapping.Settings) *mapping.Rules {
	t.Helper()
	r, err := mapping.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
