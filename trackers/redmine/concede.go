package redmine

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"percolate/ticket"
)

// write sends a draft. Redmine refuses an issue as a whole for the sake of one value, and
// says so in the language of the account. So what it may be without is left out in turn,
// what its words name in English first, until the rest is taken: each try was refused,
// and did nothing. The draft that is returned is the one that was taken.
func (t *Tracker) write(ctx context.Context, op, method, path string, d *draft, out any) (*draft, error) {
	_, err := t.send(ctx, op, method, path, d.body(), out)
	r, refused := errors.AsType[*refusal](err)
	if !refused {
		return d, err
	}
	for _, less := range d.concessions(r) {
		if less.empty() {
			return less, nil
		}
		_, again := t.send(ctx, op, method, path, less.body(), out)
		if again == nil {
			return less, nil
		}
		if _, refused := errors.AsType[*refusal](again); !refused {
			return d, again
		}
	}
	return d, err
}

// concessions are drafts without what Redmine may have disliked, the likeliest first.
func (d *draft) concessions(r *refusal) []*draft {
	why := d.t.rest.Scrub(strings.Join(r.words, "; "))
	var all []*draft
	names := d.optional(r)
	for _, name := range names {
		if name == "assigned_to_id" {
			all = append(all, d.otherPeople(why)...)
		}
		all = append(all, d.conceded([]string{name}, why))
	}
	if len(names) > 1 {
		all = append(all, d.conceded(names, why))
	}
	return all
}

// otherPeople are drafts for the other candidates.
func (d *draft) otherPeople(why string) (all []*draft) {
	next := d
	for len(next.candidates) > 1 {
		next = next.without(nil)
		next.unmetField(ticket.FieldAssignees, next.candidates[0].account, why)
		next.candidates = next.candidates[1:]
		next.values["assigned_to_id"] = strconv.Itoa(next.candidates[0].number)
		all = append(all, next)
	}
	return all
}

func (d *draft) conceded(names []string, why string) *draft {
	less := d.without(names)
	for _, name := range names {
		f, counts := d.fieldOf(name)
		switch {
		case f == ticket.FieldAssignees:
			for _, c := range d.candidates {
				less.unmetField(f, c.account, why)
			}
			less.candidates = nil
		case counts:
			less.unmetField(f, d.wantedText(f), why)
		}
		if f == ticket.FieldLabels {
			less.labels = nil
		}
	}
	return less
}

// optional are the values that the issue may be without, those first that the refusal
// names in English.
func (d *draft) optional(r *refusal) []string {
	words := map[string]string{
		"assigned_to_id": "assignee", "due_date": "due date", "start_date": "start date", "priority_id": "priority", "parent_issue_id": "parent task",
	}
	var names []string
	for _, name := range []string{"assigned_to_id", "start_date", "due_date", "priority_id", "parent_issue_id"} {
		if _, sent := d.values[name]; sent {
			names = append(names, name)
		}
	}
	if _, sent := d.custom[d.t.opt.LabelsField]; sent {
		names = append(names, customName(d.t.opt.LabelsField))
	}
	said := strings.ToLower(strings.Join(r.words, "\n"))
	slices.SortStableFunc(names, func(a, b string) int {
		hit := func(name string) int {
			if words[name] != "" && strings.Contains(said, words[name]) {
				return 0
			}
			return 1
		}
		return hit(a) - hit(b)
	})
	return names
}
