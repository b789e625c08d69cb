// Package findings holds the rule by which new findings take the place of those that
// stood, shared by every state so that a finding ages alike in all of them. It is pure.
package findings

import (
	"cmp"
	"slices"
	"time"

	"percolate/ticket"
)

// identity is what makes two findings the same one although their words differ, as
// when a text counts days.
type identity struct {
	kind    ticket.FindingKind
	key     ticket.Key
	tracker string
	ref     ticket.Ref
	field   ticket.Field
}

func identityOf(f ticket.Finding) identity {
	return identity{f.Kind, f.Key, f.Tracker, f.Ref, f.Field}
}

// Replace returns what stands after found took the place of the findings of the
// documents in standing, or of all findings when no document is named. A finding that
// stood before keeps its Since, others get now. What is found of an unnamed document
// takes the place of the same finding only. The answer is in the order of [Compare].
func Replace(standing []ticket.Finding, documents []string, found []ticket.Finding, now time.Time) []ticket.Finding {
	old := map[identity][]ticket.Finding{}
	for _, f := range standing {
		old[identityOf(f)] = append(old[identityOf(f)], f)
	}
	result := age(old, found, now)
	for _, left := range old {
		for _, f := range left {
			if len(documents) > 0 && !slices.Contains(documents, f.Key.Document) {
				result = append(result, f)
			}
		}
	}
	slices.SortFunc(result, Compare)
	return result
}

// age gives each finding the Since of the one that it continues and takes that out of
// old: the one with the same words first, then any other with the same identity.
func age(old map[identity][]ticket.Finding, found []ticket.Finding, now time.Time) []ticket.Finding {
	aged := slices.Clone(found)
	continued := make([]bool, len(aged))
	take := func(i int, fits func(ticket.Finding) bool) {
		id := identityOf(aged[i])
		if j := slices.IndexFunc(old[id], fits); j >= 0 {
			aged[i].Since, continued[i] = old[id][j].Since, true
			old[id] = slices.Delete(old[id], j, j+1)
		}
	}
	for i := range aged {
		aged[i].Since = now
		take(i, func(f ticket.Finding) bool { return f.Text == aged[i].Text })
	}
	for i := range aged {
		if !continued[i] {
			take(i, func(ticket.Finding) bool { return true })
		}
	}
	return aged
}

// Compare orders findings by key and kind, and by all else that tells them apart.
func Compare(a, b ticket.Finding) int {
	return cmp.Or(
		cmp.Compare(a.Key.Document, b.Key.Document),
		cmp.Compare(a.Key.Action, b.Key.Action),
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Field, b.Field),
		cmp.Compare(a.Tracker, b.Tracker),
		cmp.Compare(a.Ref, b.Ref),
		cmp.Compare(a.Place.Path, b.Place.Path),
		cmp.Compare(a.Place.Line, b.Place.Line),
		cmp.Compare(a.Text, b.Text),
	)
}
