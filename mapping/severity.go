package mapping

import (
	"fmt"
	"strings"
	"unicode"
)

// severities folds the words of documents to the names of one scale.
type severities struct {
	name map[string]string // by folded word
}

func newSeverities(list []Severity, wrong *faults) severities {
	s := severities{name: map[string]string{}}
	for i, severity := range list {
		at := fmt.Sprintf("mapping.severities[%d]", i)
		if severity.Name == "" || fold(severity.Name) == OtherSeverity {
			wrong.add(at+".name", "a severity needs a name, and one that is not %q", OtherSeverity)
			continue
		}
		s.claim(severity.Name, severity.Name, at+".name", wrong)
		for j, word := range severity.Words {
			s.claim(word, severity.Name, fmt.Sprintf("%s.words[%d]", at, j), wrong)
		}
	}
	return s
}

func (s severities) claim(word, name, at string, wrong *faults) {
	key := foldSeverity(word)
	other, taken := s.name[key]
	switch {
	case key == "":
		wrong.add(at, "%q has neither letter nor digit", word)
	case taken && other != name:
		wrong.add(at, "%q means %s already", word, other)
	default:
		s.name[key] = name
	}
}

// of is the severity that a document's word means, "" for a word that nothing is
// known about. Of "SEV-2 (major)" the first part that is known counts.
func (s severities) of(word string) string {
	if name, ok := s.name[foldSeverity(word)]; ok {
		return name
	}
	for _, part := range strings.FieldsFunc(word, isSeparator) {
		if name, ok := s.name[foldSeverity(part)]; ok {
			return name
		}
	}
	return ""
}

// has reports whether name is a severity of the scale or stands for all others.
func (s severities) has(name string) bool {
	return fold(name) == OtherSeverity || s.of(name) != ""
}

func isSeparator(r rune) bool { return strings.ContainsRune("(),:;/|[]", r) }

// foldSeverity leaves only letters and digits, so that SEV-2, Sev 2 and sev2 are one.
func foldSeverity(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, word)
}
