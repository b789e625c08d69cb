package per

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// addOwners adds the people or teams that a text names.
func (g *reading) addOwners(a *Action, text string) {
	if inner := inBrackets.FindString(text); inner != "" && !strings.HasPrefix(strings.TrimSpace(text), "[") {
		if done := doneOf(strings.Trim(inner, "()[]")); done != nil {
			g.noteDone(a, done)
			text = strings.Replace(text, inner, "", 1)
		}
	}
	for _, name := range ownerNames(text) {
		if !slices.Contains(a.Owners, name) {
			a.Owners = append(a.Owners, name)
		}
	}
}

// ownerNames parts a text into owners. Roles such as "any member of the team" stay
// whole.
func ownerNames(text string) []string {
	text = strings.Trim(plain(text), " .,;")
	switch wordsOf(text) {
	case "", "none", "n a", "tbd", "tbc", "tba", "unassigned", "unknown", "nobody", "no one", "to be decided", "to be determined", "owner":
		return nil
	}
	if strings.Contains(text, "and/or") {
		return []string{text}
	}
	return names(text)
}

var person = regexp.MustCompile(`^(?:@[\w.-]+|[\w.-]+@|\p{Lu}[\p{L}'.-]*(?: \p{Lu}[\p{L}'.-]*)?)$`)

// ownersInLine reads a line that is nothing but names: initials, handles, first or
// full names. A line that may be a category is not read as a name.
func ownersInLine(line string) ([]string, bool) {
	line = strings.TrimSpace(strings.TrimSuffix(plain(line), ":"))
	if line == "" || len(line) > 60 {
		return nil, false
	}
	switch wordsOf(line) {
	case "team", "all", "everyone", "everybody":
		return []string{line}, true
	}
	found := names(line)
	for _, name := range names(strings.ReplaceAll(line, " via ", " & ")) {
		if !person.MatchString(name) || isCategoryWord(wordsOf(name)) || isAcronym(name) && !initials.MatchString(name) {
			return nil, false
		}
	}
	return found, len(found) > 0
}

// isAcronym reports whether a word is all capitals and too long for initials.
func isAcronym(s string) bool {
	for _, r := range s {
		if !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}
