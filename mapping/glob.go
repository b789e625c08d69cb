package mapping

import (
	"fmt"
	"path"
	"strings"
)

// Glob is a pattern for slash-separated paths.
type Glob struct {
	pattern string
	parts   []string
}

// ParseGlob reads a pattern in which *, ? and [a-z] stay within one part of a path,
// as in [path.Match], and the part ** stands for any number of parts, none included.
func ParseGlob(pattern string) (Glob, error) {
	g := Glob{pattern: pattern, parts: strings.Split(path.Clean(pattern), "/")}
	for _, part := range g.parts {
		if _, err := path.Match(part, ""); err != nil {
			return Glob{}, fmt.Errorf("%q is no pattern for paths: a [ without its ], or a \\ at the end", pattern)
		}
	}
	return g, nil
}

// String is the pattern as it was written.
func (g Glob) String() string { return g.pattern }

// Match reports whether the whole of name fits.
func (g Glob) Match(name string) bool {
	return matchParts(g.parts, strings.Split(path.Clean(name), "/"))
}

// matchParts remembers the last ** only: what an earlier one could take, the last one
// can take as well, so no pattern costs more than its length times that of the name.
func matchParts(pattern, name []string) bool {
	p, n, star, mark := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == "**":
			star, mark = p, n
			p++
		case p < len(pattern) && matchPart(pattern[p], name[n]):
			p++
			n++
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == "**" {
		p++
	}
	return p == len(pattern)
}

func matchPart(pattern, part string) bool {
	ok, err := path.Match(pattern, part)
	return ok && err == nil
}
