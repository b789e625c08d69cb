package mapping_test

import (
	"strings"
	"testing"

	"percolate/mapping"
)

func TestGlobsMatchWholePaths(t *testing.T) {
	tests := []struct {
		pattern string
		fits    []string
		misses  []string
	}{
		{"pers/a.md", []string{"pers/a.md", "./pers/a.md", "pers//a.md"}, []string{"pers/b.md", "a.md", "x/pers/a.md", "pers/a.md/b"}},
		{"*.md", []string{"a.md", ".md"}, []string{"pers/a.md", "a.mdx"}},
		{"pers/**", []string{"pers", "pers/a.md", "pers/2026/03/a.md"}, []string{"perso/a.md", "x/pers/a.md"}},
		{"**/a.md", []string{"a.md", "x/a.md", "x/y/a.md"}, []string{"x/b.md", "a.md/x"}},
		{"pers/**/[0-9]?.md", []string{"pers/1a.md", "pers/x/y/23.md"}, []string{"pers/ab.md", "pers/x/1.md"}},
		{"**/x/**/y", []string{"x/y", "a/x/b/x/c/y", "x/x/y/y"}, []string{"x", "y/x", "a/y"}},
		{"a**", []string{"abc"}, []string{"a/b"}},
		{"**", []string{"a", "a/b", "."}, nil},
	}
	for _, tt := range tests {
		g, err := mapping.ParseGlob(tt.pattern)
		if err != nil {
			t.Fatalf("%s: %v", tt.pattern, err)
		}
		if g.String() != tt.pattern {
			t.Errorf("%s is shown as %s", tt.pattern, g)
		}
		for _, name := range tt.fits {
			if !g.Match(name) {
				t.Errorf("%s does not fit %s", tt.pattern, name)
			}
		}
		for _, name := range tt.misses {
			if g.Match(name) {
				t.Errorf("%s fits %s", tt.pattern, name)
			}
		}
	}
}

func TestABadGlobIsToldBeforeItIsUsed(t *testing.T) {
	for _, pattern := range []string{"[", "a/[b", "pers/*[/x", `a\`} {
		if _, err := mapping.ParseGlob(pattern); err == nil || !strings.Contains(err.Error(), pattern[:1]) {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}

// A pattern of many stars is settled in an instant, not in the age of the universe.
func TestManyStarsCostLittle(t *testing.T) {
	g, err := mapping.ParseGlob(strings.Repeat("**/a/", 50) + "b")
	if err != nil {
		t.Fatal(err)
	}
	if g.Match(strings.Repeat("a/", 400) + "c") {
		t.Error("c is not b")
	}
}
