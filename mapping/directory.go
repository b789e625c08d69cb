package mapping

import (
	"fmt"
	"strings"
)

// directory finds the person or team that a document's word for an owner means.
type directory struct {
	people map[string]*Person // by folded name, alias, e-mail address and account
	teams  map[string]*Team   // by folded name and alias
	owner  map[string]string  // whose a folded word is, for telling clashes
}

func newDirectory(s Settings, wrong *faults) directory {
	d := directory{people: map[string]*Person{}, teams: map[string]*Team{}, owner: map[string]string{}}
	for i := range s.People {
		d.addPerson(s, &s.People[i], fmt.Sprintf("people[%d]", i), wrong)
	}
	for i := range s.Teams {
		d.addTeam(&s.Teams[i], fmt.Sprintf("teams[%d]", i), wrong)
	}
	return d
}

func (d directory) addPerson(s Settings, p *Person, at string, wrong *faults) {
	claim := func(word, at string) {
		if d.claim(word, "person "+p.Name, at, wrong) {
			d.people[foldOwner(word)] = p
		}
	}
	if p.Name == "" {
		wrong.add(at+".name", "a person needs a name")
		return
	}
	if d.owner[foldOwner(p.Name)] == "person "+p.Name {
		wrong.add(at+".name", "there are two people called %q", p.Name)
		return
	}
	claim(p.Name, at+".name")
	for j, alias := range p.Aliases {
		claim(alias, fmt.Sprintf("%s.aliases[%d]", at, j))
	}
	if p.Email != "" {
		claim(p.Email, at+".email")
	}
	seen := map[string]bool{}
	for j, a := range p.Accounts {
		at := fmt.Sprintf("%s.accounts[%d]", at, j)
		switch _, ok := s.tracker(a.Tracker); {
		case !ok:
			wrong.add(at+".tracker", "%s", unknownTracker(s, a.Tracker))
		case seen[fold(a.Tracker)]:
			wrong.add(at+".tracker", "there are two accounts on %q", a.Tracker)
		case strings.TrimSpace(a.Account) == "":
			wrong.add(at+".account", "an account needs a value")
		}
		seen[fold(a.Tracker)] = true
	}
}

func (d directory) addTeam(t *Team, at string, wrong *faults) {
	if t.Name == "" {
		wrong.add(at+".name", "a team needs a name")
		return
	}
	if d.owner[foldOwner(t.Name)] == "team "+t.Name {
		wrong.add(at+".name", "there are two teams called %q", t.Name)
		return
	}
	for j, word := range append([]string{t.Name}, t.Aliases...) {
		where := at + ".name"
		if j > 0 {
			where = fmt.Sprintf("%s.aliases[%d]", at, j-1)
		}
		if d.claim(word, "team "+t.Name, where, wrong) {
			d.teams[foldOwner(word)] = t
		}
	}
}

// claim notes that word means owner. Two owners of one word are a fault, since a
// document that uses it would be assigned by chance.
func (d directory) claim(word, owner, at string, wrong *faults) bool {
	key := foldOwner(word)
	other, taken := d.owner[key]
	switch {
	case key == "":
		wrong.add(at, "%q has no letters", word)
		return false
	case taken && other != owner:
		wrong.add(at, "%q means %s already", word, other)
		return false
	}
	d.owner[key] = owner
	return true
}

// person finds who is meant by a word; of "Ana Lima <ana@example.com>" and of "Ana
// Lima (SRE)" each part counts.
func (d directory) person(word string) *Person {
	for _, part := range ownerParts(word) {
		if p, ok := d.people[part]; ok {
			return p
		}
	}
	return nil
}

func (d directory) team(word string) *Team {
	for _, part := range ownerParts(word) {
		if t, ok := d.teams[part]; ok {
			return t
		}
	}
	return nil
}

func ownerParts(word string) []string {
	parts := []string{foldOwner(word)}
	for _, part := range strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune("<>()[]", r) }) {
		parts = append(parts, foldOwner(part))
	}
	return parts
}

// foldOwner is an owner's name as it is compared: without Markdown, the @ of a
// mention, punctuation around it and a difference of case.
func foldOwner(word string) string {
	return fold(strings.Trim(plainText(word), "@.,;:!?()[]<>*_` \t"))
}
