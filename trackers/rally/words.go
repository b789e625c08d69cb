package rally

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"percolate/trackers"
)

// meaning is the code for what Rally says went wrong under a status that says that all
// is well.
func meaning(reasons []string) trackers.Code {
	said := func(words ...string) bool {
		return slices.ContainsFunc(reasons, func(r string) bool {
			return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToLower(r), w) })
		})
	}
	switch {
	case said("not authorized", "not permitted", "permission", "invalid key"):
		return trackers.Denied
	case said("could not read", "cannot find object to read", "object is recycled"):
		return trackers.NotFound
	}
	return trackers.Invalid
}

// isConflict reports whether Rally refused a write because another one came between.
func isConflict(reasons []string) bool {
	return slices.ContainsFunc(reasons, func(r string) bool { return strings.Contains(strings.ToLower(r), "concurrency conflict") })
}

// reasonsOf are Rally's own words in an error; nil when it did not answer.
func reasonsOf(err error) []string {
	if e, ok := errors.AsType[*wsError](err); ok {
		return e.reasons
	}
	return nil
}

var (
	ignoredElement = regexp.MustCompile(`(?i)ignored JSON element\s+(?:\w+\.)?(\w+)`)
	namedElement   = regexp.MustCompile(`(?i)\b(?:HierarchicalRequirement|Defect)\.(\w+)|\bvalue for (\w+)`)
	word           = regexp.MustCompile(`\w+`)
)

// ignored are the attributes that Rally says it did not set.
func ignored(warnings []string) (attributes []string) {
	for _, w := range warnings {
		for _, m := range ignoredElement.FindAllStringSubmatch(w, -1) {
			attributes = append(attributes, m[1])
		}
	}
	return attributes
}

// blamed are those of the attributes that Rally names in what it says: as that of a
// type, or else by a word that stands alone.
func blamed(reasons, attributes []string) []string {
	var said []string
	for _, r := range reasons {
		for _, m := range namedElement.FindAllStringSubmatch(r, -1) {
			said = append(said, m[1]+m[2])
		}
	}
	if said == nil {
		said = word.FindAllString(joined(reasons), -1)
	}
	return slices.DeleteFunc(slices.Clone(attributes), func(a string) bool { return !slices.Contains(said, a) })
}

// joined are reasons as one line.
func joined(reasons []string) string { return strings.Join(reasons, "; ") }
