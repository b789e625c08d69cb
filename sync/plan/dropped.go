package plan

import (
	"maps"
	"slices"
	"strings"
	"time"

	"percolate/ticket"
)

// Dropped lists what was asked of a tracker and is not in its answer at all. A value
// that the tracker only rewrote, cut or folded is not dropped.
func Dropped(asked, answered ticket.Fields) []ticket.Unmet {
	var out []ticket.Unmet
	drop := func(f ticket.Field, value string) {
		out = append(out, ticket.Unmet{Field: f, Value: value, Reason: "the tracker did not keep it"})
	}
	for _, f := range []ticket.Field{ticket.FieldTitle, ticket.FieldBody, ticket.FieldPriority, ticket.FieldDue, ticket.FieldAssignees} {
		if asked.Text(f) != "" && answered.Text(f) == "" {
			drop(f, asked.Sum().Text(f))
		}
	}
	if lost := minus(asked.Labels, answered.Labels); len(lost) > 0 {
		drop(ticket.FieldLabels, strings.Join(lost, ", "))
	}
	return out
}

// Bases are what refusals go by: what was refused may be taken with another.
type Bases struct {
	Values string // of all fields: [Policy.Basis]
	Parent string // of the place below a parent
}

// Bases are what is refused of a step goes by, whose ticket is called so.
func (s *Step) Bases(p Policy, name string) Bases {
	return Bases{Values: p.Basis, Parent: hangs(s.Hung, name)}
}

// hangs is the basis of the place of the ticket with a name below a parent, as in [Step.Hung].
func hangs(hung, name string) string { return ticket.Digest(hung, name) }

// Refused records unmet values: they do not count as asked, so that their fields stay
// wanted, and they are tried again only after [RetryUnmet] and with another basis.
// It returns what was asked and its basis without them, and the full records.
func Refused(asked ticket.Fields, basis map[ticket.Field]string, unmet []ticket.Unmet, now time.Time, bases Bases) (ticket.Fields, map[ticket.Field]string, []ticket.Unmet) {
	basis = maps.Clone(basis)
	var records []ticket.Unmet
	for _, u := range unmet {
		u.At, u.Basis = now, bases.Values
		if u.Field == ticket.FieldParent {
			u.Basis = bases.Parent
		}
		records = append(records, u)
		if u.Field == ticket.FieldLabels {
			continue // the other labels were kept; the record alone names those that were not
		}
		asked.Take(u.Field, ticket.Fields{})
		delete(basis, u.Field)
	}
	return asked, basis, records
}

// StillUnmet is what stays unmet once a patch was written: what was refused of it now,
// and what was refused before of fields and labels that it did not write.
func StillUnmet(before []ticket.Unmet, p ticket.Patch, now []ticket.Unmet) []ticket.Unmet {
	out := slices.Clone(now)
	for _, u := range before {
		if u.Field == ticket.FieldParent && p.Parent != "" {
			continue
		}
		if u.Field != ticket.FieldLabels {
			if !slices.Contains(p.Set, u.Field) {
				out = append(out, u)
			}
			continue
		}
		rest := minus(strings.Split(u.Value, ", "), p.AddLabels)
		i := slices.IndexFunc(out, func(u ticket.Unmet) bool { return u.Field == ticket.FieldLabels })
		switch {
		case len(rest) == 0:
		case i >= 0: // one record for all labels
			out[i].Value = strings.Join(append(rest, out[i].Value), ", ")
		default:
			u.Value = strings.Join(rest, ", ")
			out = append(out, u)
		}
	}
	return out
}
