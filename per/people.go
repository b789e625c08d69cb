package per

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// roles in which a document names people.
var peopleWords = [...]string{
	"author", "authors", "owner", "owners", "attendees", "participants", "responders", "present", "people", "people involved", "facilitator",
	"scribe", "lead", "incident lead", "incident commander", "commander", "ic", "incident manager", "incident owner", "reporter", "reported by",
	"written by", "drafted by", "post mortem owner", "postmortem owner", "owner of review process", "who was involved", "on call", "on call engineer",
}

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

// know notes people that the document names as such: only they are recognised where a
// bare name could be any other word.
func (g *reading) know(list ...string) {
	for _, name := range list {
		if len(g.people) < maxNames && person.MatchString(name) {
			words := strings.Fields(foldName(name))
			g.people = append(g.people, strings.Join(words, " "))
			if len(words) > 1 {
				g.people = append(g.people, words[0])
			}
		}
	}
}

func foldName(name string) string { return strings.ToLower(strings.Trim(plain(name), "@ .,")) }

// knownOwners reads a text that is nothing but names of people that the document
// names elsewhere, or handles.
func (g *reading) knownOwners(text string) ([]string, bool) {
	if len(text) > 80 {
		return nil, false
	}
	found := names(text)
	for _, name := range found {
		if !onlyHandle.MatchString(name) && !slices.Contains(g.people, foldName(name)) {
			return nil, false
		}
	}
	return found, len(found) > 0
}

var onlyHandle = regexp.MustCompile(`^@[A-Za-z][\w.-]*$`)

var person = regexp.MustCompile(`^(?:@[\w.-]+|[\w.-]+@|\p{Lu}[\p{L}'.-]*(?: \p{Lu}[\p{L}'.-]*)?)$`)

// ownersInLine reads a line that is nothing but names: initials, handles, first or
// full names. A line that may be a category is not read as a name.
func ownersInLine(line string) ([]string, bool) {
	line = strings.TrimSpace(strings.TrimSuffix(plain(line), ":"))
	if line == "" || len(line) > 60 {
		return nil, false
	}
	if isEverybody(line) {
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

func isEverybody(line string) bool {
	switch wordsOf(line) {
	case "team", "all", "everyone", "everybody":
		return true
	}
	return false
}

// groupOwners reads a line over actions as their owners. A name that the document also
// uses as an ordinary word, or for a thing, is no person's.
func (g *reading) groupOwners(line string) ([]string, bool) {
	owners, ok := ownersInLine(line)
	if !ok || len(owners) > 1 || isEverybody(line) || initials.MatchString(owners[0]) || strings.Contains(owners[0], "@") {
		return owners, ok
	}
	if known, ok := g.knownOwners(owners[0]); ok {
		return known, true
	}
	for word := range strings.FieldsSeq(foldName(owners[0])) {
		if len(word) > 2 && !isNameAndWord(word) && g.usesAsWord(word) {
			return nil, false
		}
	}
	return owners, true
}

// isNameAndWord knows first names that every document has as words too.
func isNameAndWord(word string) bool {
	switch word {
	case "will", "mark", "bill", "may", "grace", "hope", "joy", "rob", "frank", "chase", "drew", "jack", "pat", "sue", "art", "dean", "rich", "ray", "miles", "via", "and":
		return true
	}
	return false
}

// usesAsWord reports whether the document writes a word in lower case, addresses aside.
func (g *reading) usesAsWord(word string) bool {
	if g.words == nil {
		g.words = map[string]bool{}
		for w := range strings.FieldsSeq(g.body) {
			if strings.Contains(w, "://") {
				continue
			}
			for part := range strings.FieldsFuncSeq(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
				if first, _ := utf8.DecodeRuneInString(part); unicode.IsLower(first) {
					g.words[part] = true
				}
			}
		}
	}
	return g.words[word]
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
