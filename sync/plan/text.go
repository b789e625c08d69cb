package plan

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"percolate/ticket"
)

// containsFold reports whether set has s in any case: trackers fold labels and accounts.
func containsFold(set []string, s string) bool {
	return slices.ContainsFunc(set, func(t string) bool { return strings.EqualFold(s, t) })
}

// minus is a without what is in b, in any case.
func minus(a, b []string) []string {
	var out []string
	for _, s := range a {
		if !containsFold(b, s) {
			out = append(out, s)
		}
	}
	return out
}

// common is what of a is also in b, in any case, as a spells it.
func common(a, b []string) []string {
	var out []string
	for _, s := range a {
		if containsFold(b, s) {
			out = append(out, s)
		}
	}
	return out
}

func signed(sign string, labels []string) string {
	var out []string
	for _, l := range labels {
		out = append(out, sign+l)
	}
	return strings.Join(out, " ")
}

func withBasis(m map[ticket.Field]string, f ticket.Field, basis string) map[ticket.Field]string {
	out := make(map[ticket.Field]string, len(m)+1)
	maps.Copy(out, m)
	out[f] = basis
	return out
}

// quote shows a value to people: nothing as (none), a text in quotes, a plain word as it is.
func quote(s string) string {
	switch {
	case s == "":
		return "(none)"
	case strings.ContainsAny(s, " \t\n\"'"):
		return strconv.Quote(s)
	}
	return s
}

// ShellWord is s as one word of a command line that people copy.
func ShellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./~:@%+,", r)
	}
	if s != "" && s[0] != '~' && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// count is n with the word for one or for many.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
