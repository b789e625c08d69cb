package per

import (
	"regexp"
	"slices"
	"strings"
)

// takeGroup reads "(defect, owner: ana, due: 2026-03-16)". Behind an id everything in
// it should be known; elsewhere parentheses may be part of the text, and the group is
// taken only when all of it is.
func (g *reading) takeGroup(a *Action, inner string, strict bool) bool {
	parts := groupParts(inner)
	unknown := 0
	for _, p := range parts {
		if p.is == noAttribute {
			unknown++
		}
	}
	if unknown < len(parts) {
		unknown -= nameOwners(parts)
	}
	if len(parts) == 0 || unknown == len(parts) || unknown > 0 && !strict {
		return false
	}
	for _, p := range parts {
		if p.is == noAttribute {
			g.puzzled(a.Line, "%q in the parentheses of %s was not understood%s", p.written, a.ID, didYouMean(p.written))
		} else if !g.setAttribute(a, p.is, p.value) {
			g.puzzled(a.Line, "%q was not understood", p.written)
		} else if p.is == actionKind {
			a.Certain = true // to call it a defect is to call it an action
		}
	}
	return true
}

// nameOwners takes names beside what is known for owners: "(Ana, due 15 June)". It
// returns how many there were.
func nameOwners(parts []groupPart) int {
	n := 0
	for i, p := range parts {
		if _, ok := ownersInLine(p.written); p.is == noAttribute && ok {
			parts[i].is, parts[i].value = actionOwner, p.written
			n++
		}
	}
	return n
}

func didYouMean(written string) string {
	word, _, _ := strings.Cut(written, ":")
	words := make([]string, 0, len(columnWords))
	for _, c := range columnWords {
		if c.inline {
			words = append(words, c.words)
		}
	}
	if near := nearest(wordsOf(word), words); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

type groupPart struct {
	is             attribute
	value, written string
}

func groupParts(inner string) []groupPart {
	var parts []groupPart
	for _, s := range strings.FieldsFunc(inner, func(r rune) bool { return r == ',' || r == ';' }) {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		word, value, colon := strings.Cut(s, ":")
		p := groupPart{is: inlineKey(word), value: strings.TrimSpace(value), written: s}
		switch {
		case colon && p.is != noAttribute:
		case wordsOf(s) == "action":
			p.is = actionSaid
		case kindOf(s) != "":
			p.is, p.value = actionKind, s
		case doneOf(s) != nil:
			p.is, p.value = actionDone, s
		case strings.HasPrefix(s, "repeats "):
			p.is, p.value = actionRepeats, s[len("repeats "):]
		case strings.HasPrefix(s, "addresses "):
			p.is, p.value = actionAddresses, s[len("addresses "):]
		case onlyPriority.MatchString(s) && (len(parts) == 0 || parts[len(parts)-1].is != actionAddresses):
			p.is, p.value = actionPriority, s
		case onlyDay.MatchString(s):
			p.is, p.value = actionDue, s
		case strings.HasPrefix(s, "due "):
			p.is, p.value = actionDue, s[len("due "):]
		case isIssueKey(s):
			p.is, p.value = actionTicket, s
		case len(parts) > 0 && !colon && (parts[len(parts)-1].is == actionOwner || parts[len(parts)-1].is == actionAddresses || isDayRest(parts[len(parts)-1], s)):
			parts[len(parts)-1].value += ", " + s
			continue
		default:
			p.is = noAttribute
		}
		parts = append(parts, p)
	}
	return parts
}

var (
	onlyDay      = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	onlyPriority = regexp.MustCompile(`^[Pp][0-5]$`)
)

// isDayRest puts "Mar 16, 2026" together again.
func isDayRest(last groupPart, s string) bool {
	return last.is == actionDue && len(s) == 4 && number(s) > 0
}

// setAttribute sets what a key or column says. It returns false when the value is
// not what it should be.
func (g *reading) setAttribute(a *Action, is attribute, value string) bool {
	value = strings.TrimSpace(value)
	switch is {
	case actionSaid:
		a.Certain = true
	case actionOwner:
		g.addOwners(a, value)
	case actionDue:
		return g.setDue(a, value)
	case actionDone:
		done := doneOf(value)
		g.noteDone(a, done)
		return done != nil
	case actionKind:
		if kind := kindOf(value); kind != "" {
			a.Kind = kind
		} else if a.Category = plain(value); g.own {
			return false
		}
	case actionTicket:
		return g.setTicket(a, value)
	case actionAddresses:
		for _, id := range names(value) {
			if !slices.Contains(a.Addresses, id) {
				a.Addresses = append(a.Addresses, id)
			}
		}
	case actionRepeats:
		a.Repeats = strings.Trim(value, " .`")
		for _, l := range g.links(value) {
			a.Repeats = l.url
		}
	case actionTracker:
		a.Tracker = plain(value)
	case actionPriority:
		a.Priority = plain(value)
	case actionCategory:
		a.Category = plain(value)
	}
	return true
}

func (g *reading) setDue(a *Action, value string) bool {
	value = plain(value)
	if isEmptyForm(value) {
		return true
	}
	m, rest := g.moment(value)
	if m.iso() == "" || strings.Trim(rest, " .)") != "" && !m.hasClock {
		return false
	}
	a.Due = Text{Value: m.iso(), Line: a.Line}
	return true
}

// noteDone keeps the first thing that is said; a checkbox comes first, but a mark in
// words overrules an empty one.
func (g *reading) noteDone(a *Action, done *bool) {
	if a.Done == nil || done != nil && *done {
		a.Done = done
	}
}
