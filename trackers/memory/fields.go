package memory

import (
	"slices"
	"strings"

	"percolate/ticket"
)

// set stores the fields of want as the options have it, and returns what the tracker
// says that it did not take.
func (t *Tracker) set(k *Ticket, fields []ticket.Field, want ticket.Fields) []ticket.Unmet {
	stored := t.rewritten(want)
	var unmet []ticket.Unmet
	for _, f := range fields {
		if slices.Contains(t.opt.Drop, f) {
			continue
		}
		if f == ticket.FieldAssignees {
			unmet = append(unmet, t.assign(k, want.Assignees)...)
			continue
		}
		if why := t.refusal(k, f, want); why != "" {
			unmet = append(unmet, ticket.Unmet{Field: f, Value: want.Text(f), Reason: why, At: t.now()})
			continue
		}
		k.Fields.Take(f, stored)
		if f == ticket.FieldBody {
			k.Whole = ticket.Embed(k.Whole, stored.Body)
			k.Fields.Body, _ = ticket.Extract(k.Whole)
		}
	}
	return unmet
}

// refusal is why field f of want is not taken, "" when it is.
func (t *Tracker) refusal(k *Ticket, f ticket.Field, want ticket.Fields) string {
	filed := k.Ref != ""
	switch {
	case f == ticket.FieldPriority && t.opt.NoPriorities && want.Priority != ticket.PriorityNone:
		return "this tracker has no priorities"
	case f == ticket.FieldDue && t.opt.NoDue && want.Due != "":
		return "this tracker has no due days"
	case f == ticket.FieldKind && t.opt.FixedKinds && filed && want.Kind != k.Fields.Kind:
		return "the kind of a filed ticket cannot be changed"
	}
	return ""
}

// assign takes the first candidate that can be assigned, nobody when there is no
// candidate, and whoever was assigned when none of them can be.
func (t *Tracker) assign(k *Ticket, candidates []string) []ticket.Unmet {
	if len(candidates) == 0 {
		k.Fields.Assignees = nil
	}
	var unmet []ticket.Unmet
	for _, account := range candidates {
		if t.assignable(account) {
			k.Fields.Assignees = []string{account}
			break
		}
		unmet = append(unmet, ticket.Unmet{
			Field: ticket.FieldAssignees, Value: account, Reason: account + " cannot be assigned", At: t.now(),
		})
	}
	return unmet
}

func (t *Tracker) assignable(account string) bool {
	return t.opt.Accounts == nil || slices.Contains(t.opt.Accounts, account)
}

// label adds and drops labels one by one, as they would be stored.
func (t *Tracker) label(k *Ticket, p ticket.Patch) {
	if slices.Contains(t.opt.Drop, ticket.FieldLabels) {
		return
	}
	drop := t.rewritten(ticket.Fields{Labels: p.DropLabels}).Labels
	k.Fields.Labels = slices.DeleteFunc(k.Fields.Labels, func(label string) bool {
		return slices.Contains(drop, label) || slices.Contains(p.DropLabels, label)
	})
	for _, label := range t.rewritten(ticket.Fields{Labels: p.AddLabels}).Labels {
		if !slices.Contains(k.Fields.Labels, label) {
			k.Fields.Labels = append(k.Fields.Labels, label)
		}
	}
}

// rewritten is a copy of v as trackers store such values.
func (t *Tracker) rewritten(v ticket.Fields) ticket.Fields {
	if title := []rune(v.Title); t.opt.TitleMax > 0 && len(title) > t.opt.TitleMax {
		v.Title = string(title[:t.opt.TitleMax])
	}
	if t.opt.Wrap > 0 {
		v.Body = wrap(v.Body, t.opt.Wrap)
	}
	var labels []string
	for _, label := range v.Labels {
		if t.opt.LowerLabels {
			label = strings.ToLower(label)
		}
		if !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	v.Labels = labels
	if t.opt.Rewrite != nil {
		t.opt.Rewrite(&v)
	}
	return v
}

// wrap is text with its words on lines of at most width bytes, where words allow it.
func wrap(text string, width int) string {
	var b strings.Builder
	line := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case line+1+len(word) > width:
			b.WriteByte('\n')
			line = 0
		default:
			b.WriteByte(' ')
			line++
		}
		b.WriteString(word)
		line += len(word)
	}
	return b.String()
}
