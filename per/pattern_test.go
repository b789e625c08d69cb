package per

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func patterns() []pattern {
	return []pattern{
		groupAhead, groupBehind, bracketBehind, clauseAhead, clause, handleAhead, handleTail, boldOwner, keyAhead, keyBefore, nameAhead,
		nameTail, dateTail, pathTail, byTail, numberTail, keyTail, initialTail, mention, inlineLink,
	}
}

// signed wants that no pattern fits a text without one of its signs.
func signed(t *testing.T, text string) {
	for _, p := range patterns() {
		if p.MatchString(text) && !p.may(text) {
			t.Errorf("%s fits %q, which has none of %q", p.Regexp, text, p.signs)
		}
	}
}

func TestNoPatternFitsWithoutItsSigns(t *testing.T) {
	lines := 0
	err := filepath.WalkDir("testdata", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := os.ReadFile(name)
		for line := range strings.Lines(string(src)) {
			lines++
			line = strings.TrimRight(strings.TrimLeft(line, " -*0123456789.[]x"), "\n")
			signed(t, line)
			for _, sign := range "()[]:@*-\u2013\u2014#" { // and each without one of its signs
				signed(t, strings.ReplaceAll(line, string(sign), ""))
			}
		}
		return err
	})
	if err != nil || lines < 1000 {
		t.Errorf("only %d lines were read, %v", lines, err)
	}
}

func FuzzSigns(f *testing.F) {
	f.Add("Do it (owner: ana) by 2026-03-04")
	f.Add("Ana: do it [OPS-1](https://x.example/OPS-1) #12 @ana **AB**")
	f.Fuzz(func(t *testing.T, text string) { signed(t, text) })
}
