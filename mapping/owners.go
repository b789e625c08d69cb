package mapping

import (
	"fmt"
	"slices"
	"strings"

	"percolate/ticket"
)

// owners is what a document's words for the owners of one ticket come to.
type owners struct {
	names       []string // for the body, in the document's order: known people by their name
	accounts    []string // candidates for the assignee, in order
	labels      []string // of the teams
	unknown     []string // in no list, as written
	accountless []string // people without an account on the tracker
}

// resolve looks the owners of a ticket on tracker t up.
func (d directory) resolve(written []string, t Tracker) owners {
	var o owners
	for _, word := range written {
		if isNobody(word) {
			continue
		}
		if team := d.team(word); team != nil {
			o.names = addOnce(o.names, team.Name)
			o.labels = addOnce(o.labels, team.label())
			continue
		}
		p := d.person(word)
		if p == nil {
			o.names = addOnce(o.names, word)
			o.unknown = addOnce(o.unknown, word)
			continue
		}
		o.names = addOnce(o.names, p.Name)
		if account := p.account(t); account != "" {
			o.accounts = addOnce(o.accounts, account)
		} else {
			o.accountless = addOnce(o.accountless, p.Name)
		}
	}
	return o
}

// findings tells what a person should know about the owners of an action on tracker t.
func (o owners) findings(t Tracker) []ticket.Finding {
	outcome := "filed unassigned"
	if len(o.accounts) > 0 {
		outcome = "assigned to " + o.accounts[0]
	}
	var out []ticket.Finding
	if len(o.names) == 0 {
		out = append(out, ticket.Finding{
			Kind: ticket.FindUnowned,
			Text: "no owner",
			Mend: "write the owner beside the action",
		})
	}
	if len(o.unknown) > 0 {
		out = append(out, ticket.Finding{
			Kind: ticket.FindUnowned,
			Text: fmt.Sprintf("%s in no people list; %s", areOwners(o.unknown), outcome),
			Mend: fmt.Sprintf("add %s to people or teams in the configuration, or to the aliases of someone there", quoted(o.unknown)),
		})
	}
	if len(o.accountless) > 0 {
		out = append(out, ticket.Finding{
			Kind: ticket.FindUnowned,
			Text: fmt.Sprintf("%s without an account on %s; %s", areOwners(o.accountless), t.Name, outcome),
			Mend: fmt.Sprintf("add the account on %s to people in the configuration", t.Name),
		})
	}
	return out
}

func areOwners(names []string) string {
	if len(names) == 1 {
		return fmt.Sprintf("owner %s is", quoted(names))
	}
	return fmt.Sprintf("owners %s are", quoted(names))
}

func quoted(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(q, ", ")
}

// account is what tracker t calls the person, "" when it cannot know them.
func (p *Person) account(t Tracker) string {
	for _, a := range p.Accounts {
		if fold(a.Tracker) == fold(t.Name) {
			return a.Account
		}
	}
	switch t.Account {
	case AccountNone:
		return ""
	case AccountEmail:
		return p.Email
	}
	return p.Name
}

func (t *Team) label() string {
	if t.Label != "" {
		return label(t.Label)
	}
	return labelWord(t.Name)
}

// isNobody reports whether a word stands where an owner should and names none.
func isNobody(word string) bool {
	switch foldOwner(word) {
	case "", "-", "--", "n/a", "na", "none", "nobody", "no one", "tba", "tbc", "tbd", "todo", "unassigned", "unknown", "unowned":
		return true
	}
	return false
}

func addOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
