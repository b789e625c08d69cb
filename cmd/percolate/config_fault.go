package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// configFault is one thing that is wrong with a configuration.
type configFault struct {
	where string // "percolate.yaml", or the environment variable that it came from
	line  int    // 0 for an environment variable
	path  string // "trackers[0].dir"; "" for the file as a whole
	text  string
}

func (f configFault) String() string {
	var b strings.Builder
	b.WriteString(f.where)
	if f.line > 0 {
		fmt.Fprintf(&b, ":%d", f.line)
	}
	if f.path != "" {
		b.WriteString(": " + f.path)
	}
	return b.String() + ": " + f.text
}

// configError is everything that is wrong with a configuration, in the order of the lines.
type configError []configFault

// Error has one line for each fault.
func (e configError) Error() string {
	lines := make([]string, len(e))
	for i, f := range e {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

func (e configError) sorted() configError {
	slices.SortStableFunc(e, func(a, b configFault) int {
		return cmp.Or(cmp.Compare(a.where, b.where), cmp.Compare(a.line, b.line))
	})
	return slices.Compact(e)
}

// origins knows where each value of a configuration was written.
type origins struct {
	file  string
	lines map[string]int    // by path
	env   map[string]string // the variable that overrides the value, by path
}

// fault places a fault at the value, or else at the nearest value around it.
func (o *origins) fault(path, format string, args ...any) configFault {
	text := fmt.Sprintf(format, args...)
	if name, ok := o.env[path]; ok {
		return configFault{where: name, path: path, text: text}
	}
	for at := path; at != ""; at = around(at) {
		if line, ok := o.lines[at]; ok {
			return configFault{where: o.file, line: line, path: path, text: text}
		}
	}
	return configFault{where: o.file, line: 1, path: path, text: text}
}

// around is the path of what holds the value at path.
func around(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}
