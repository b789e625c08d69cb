package enginetest

import (
	"maps"
	"slices"
	"strings"

	"percolate/sync/plan"
	"percolate/ticket"
)

// The checker holds a history against the promises, in the words of the promises. It
// looks at the stored tickets, at what people did, and at what percolate shows.

// holds checks what must be true at any moment.
func (w *world) holds() {
	w.t.Helper()
	live := map[string][]Ticket{}
	for _, t := range w.live() {
		live[tokenOf(t.Text)] = append(live[tokenOf(t.Text)], t)
	}
	for _, token := range slices.Sorted(maps.Keys(live)) {
		w.neverTwice(token, live[token])
		w.neverClobber(token, live[token][0])
	}
	for _, token := range slices.Sorted(maps.Keys(w.given)) {
		if g := w.given[token]; len(live[token]) == 0 && g.there && !g.deleted {
			w.failf("never clobber: the ticket %s is not there any more, and no person deleted it", token)
		}
	}
}

func (w *world) neverTwice(token string, tickets []Ticket) {
	g := w.of(token)
	g.there = true
	switch {
	case token == "":
		w.failf("%s was filed for nobody knows what", tickets[0].Name)
	case len(tickets) > 1:
		w.failf("never twice: %s is %s and %s", token, tickets[0].Name, tickets[1].Name)
	case g.deleted && !g.unknown:
		w.failf("never twice: a person deleted %s, and %s was filed for it unasked", token, tickets[0].Name)
	case g.deleted:
		g.deleted, g.unknown = false, false
	}
}

func (w *world) neverClobber(token string, t Ticket) {
	g := w.of(token)
	now := w.values(t)
	if _, ok := g.values["status"]; !ok {
		g.values["status"] = now["status"] // which nobody but people ever changes
	}
	for _, name := range slices.Sorted(maps.Keys(g.values)) {
		if value := g.values[name]; now[name] != value && !(name == "parent" && w.of(value).deleted) {
			w.failf("never clobber: people left %s %s as %q, and it is %q", t.Name, name, value, now[name])
		}
	}
	lost := func(note string, there bool) {
		if !there {
			w.failf("never clobber: %q, which a person added, is gone from %s", note, t.Name)
		}
	}
	for _, n := range g.notes {
		lost(n, strings.Contains(t.Text, n))
	}
	for _, l := range g.labels {
		lost(l, slices.Contains(t.Labels, l))
	}
	for _, n := range g.remarks {
		lost(n, slices.ContainsFunc(t.Comments, func(c string) bool { return strings.Contains(c, n) }))
	}
}

// agree forgets what people gave where document and tracker have come to agree: from then
// on the value is as much ours as theirs.
func (w *world) agree() {
	for _, t := range w.trees() {
		for _, c := range append(slices.Clone(t.Children), t.Parent) {
			g := w.given[tokenOf(c.Fields.Body)]
			if g == nil || g.adoption {
				continue
			}
			for _, f := range []ticket.Field{ticket.FieldTitle, ticket.FieldDue} {
				if v, ok := g.values[string(f)]; ok && v == c.Fields.Text(f) {
					delete(g.values, string(f))
				}
			}
			if v, ok := g.values["owner"]; ok && slices.ContainsFunc(c.Fields.Assignees, func(a string) bool { return strings.EqualFold(a, v) }) {
				delete(g.values, "owner")
			}
		}
	}
}

// conflictsHaveCauses: a conflict is shown only where a person changed the field.
func (w *world) conflictsHaveCauses(findings []ticket.Finding) {
	for _, f := range findings {
		if f.Kind != ticket.FindConflict {
			continue
		}
		w.tally.Conflicts++
		t, ok := w.called(f.Ref, f.Name)
		if ok && !w.of(tokenOf(t.Text)).ever[string(f.Field)] {
			w.failf("a conflict that no person caused: %s %s: %s", f.Key, f.Name, f.Text)
		}
	}
}

func (w *world) byRef(ref ticket.Ref) (Ticket, bool) {
	all := w.live()
	i := slices.IndexFunc(all, func(t Ticket) bool { return t.Ref == ref })
	if i < 0 {
		return Ticket{}, false
	}
	return all[i], true
}

// called is the live ticket that percolate knows by this ref and name. One that moved may
// keep the ref that it had.
func (w *world) called(ref ticket.Ref, name string) (Ticket, bool) {
	if t, ok := w.byRef(ref); ok {
		return t, true
	}
	all := w.live()
	i := slices.IndexFunc(all, func(t Ticket) bool { return t.Name == name })
	if i < 0 {
		return Ticket{}, false
	}
	return all[i], true
}

// resolved takes a person's word in a conflict, or of a ticket that is gone.
func (w *world) resolved(f ticket.Finding, keep plan.Keep) {
	if keep == plan.KeepTracker {
		return
	}
	if f.Kind == ticket.FindGone {
		fresh := newGiven()
		fresh.deleted, fresh.unknown, fresh.refiled = true, true, true
		w.given[w.tokenBy(f.Key)] = fresh
		return
	}
	if t, ok := w.called(f.Ref, f.Name); ok {
		delete(w.of(tokenOf(t.Text)).values, string(f.Field))
	}
}

// tokenBy is the token of the document or action that has the key.
func (w *world) tokenBy(k ticket.Key) string {
	for _, d := range w.docs {
		if (ticket.Key{Document: d.id}) == k {
			return d.token
		}
		for _, a := range d.actions {
			if a.key(d) == k {
				return a.token
			}
		}
	}
	return ""
}
