package sync_test

import (
	"slices"
	"strings"

	"percolate/sync/plan"
	"percolate/ticket"
)

// The checker holds a history against the promises, in the words of the promises. It
// shares no code with the engine: it looks at the tracker's own tickets, at what
// people did, and at what percolate shows.

// neverTwice: no crash, lost answer, lagging search or second process makes a second
// ticket for one action.
func (w *world) neverTwice() {
	filed := map[int][]string{}
	parents := map[ticket.Key][]string{}
	for _, t := range w.mem.Tickets() {
		if !t.Ours {
			continue
		}
		if uid := w.filedFor[t.Ref]; uid > 0 {
			filed[uid] = append(filed[uid], t.Name)
		} else if uid == 0 {
			parents[t.Key.Parent()] = append(parents[t.Key.Parent()], t.Name)
		} else {
			w.failf("%s was filed for nobody knows what", t.Name)
		}
	}
	for uid, names := range filed {
		if len(names) > 1+w.allowed[uid] {
			w.failf("never twice: action %d has the tickets %v", uid, names)
		}
	}
	for key, names := range parents {
		if len(names) > 1+w.allowed[0] {
			w.failf("never twice: %s has the parents %v", key, names)
		}
	}
}

// neverSwapped: a ticket speaks of the action that it was filed for, for ever.
func (w *world) neverSwapped() {
	for _, t := range w.mem.Tickets() {
		if uid, ours := w.filedFor[t.Ref]; ours && uidOf(t.Whole) != uid {
			w.failf("never swapped: %s was filed for action %d and now speaks of %d", t.Name, uid, uidOf(t.Whole))
		}
	}
}

// neverClobber: what a person changed in the tracker stays as they left it.
func (w *world) neverClobber() {
	for ref, fields := range w.edits {
		t := w.ticket(ref)
		for f, p := range fields {
			if got := t.Fields.Text(f); got != p.value {
				w.failf("never clobber: a person set %s %s to %q, and it is %q", t.Name, f, p.value, got)
			}
		}
	}
	for ref, notes := range w.notes {
		t := w.ticket(ref)
		for _, n := range notes {
			if !strings.Contains(t.Whole, n) && !slices.Contains(t.Fields.Labels, n) {
				w.failf("never clobber: %q, which a person added, is gone from %s", n, t.Name)
			}
		}
	}
	for ref, parent := range w.parents {
		if t := w.ticket(ref); t.Parent != parent {
			w.failf("never clobber: a person put %s below %s, and it is below %s", t.Name, parent, t.Parent)
		}
	}
}

// agree forgets edits that document and tracker have come to agree on: from then on
// the value is as much ours as theirs.
func (w *world) agree() {
	for _, t := range w.trees() {
		for _, c := range append(slices.Clone(t.Children), t.Parent) {
			for ref, fields := range w.edits {
				for f, p := range fields {
					if c.Fields.Text(f) == p.value || f == ticket.FieldAssignees && slices.Contains(c.Fields.Assignees, p.value) {
						delete(w.edits[ref], f)
					}
				}
			}
		}
	}
}

// neverSilently: every action that should have a ticket has one, or percolate says why
// not; and whatever is wrong with a ticket is shown.
func (w *world) neverSilently(p plan.Plan) {
	shown := map[ticket.Key]bool{}
	placed := map[int]bool{} // by the line of an action, which is its uid
	for _, f := range p.Findings {
		shown[f.Key] = true
		placed[f.Place.Line] = true
	}
	for _, n := range p.Notes {
		shown[n.Key] = true
	}
	filed := map[int]bool{}
	for _, t := range w.live() {
		filed[uidOf(t.Whole)] = true
	}
	links, err := w.state.Links(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	linked := map[string]ticket.Link{}
	for _, l := range links {
		if l.Retired.IsZero() {
			linked[l.Key.Document+" "+l.Text] = l
		}
	}
	for _, d := range w.docs {
		for _, a := range d.actions {
			if d.missing || d.draft || filed[a.uid] || placed[a.uid] {
				continue
			}
			l, ok := linked[d.id+" "+a.text]
			if !ok && !shown[(ticket.Key{Document: d.id, Action: a.id})] && !shown[(ticket.Key{Document: d.id, Action: ticket.Fingerprint(a.text)})] && !w.fresh(p, d, a) {
				w.failf("never silently: action %d %q of %s has no ticket, and nothing says why", a.uid, a.text, d.id)
			}
			// Only work that is not finished is looked for every day.
			if ok && l.Owns() && l.State == ticket.StateFiled && !shown[l.Key] && !w.ticket(l.Ref).Status.Finished() {
				w.failf("never silently: the ticket %s of action %d is not there, and nothing says so", l.Name, a.uid)
			}
		}
	}
}

// fresh reports whether a note speaks of the action under a key that the engine made
// fresh because its own was taken.
func (w *world) fresh(p plan.Plan, d *modelDocument, a *modelAction) bool {
	key := ticket.Key{Document: d.id, Action: a.id}
	if a.id == "" {
		key.Action = ticket.Fingerprint(a.text)
	}
	return slices.ContainsFunc(p.Notes, func(n plan.Note) bool {
		// An action that is done may be told of under the key of a create that was cut off before.
		done := a.done && n.Word == "done" && n.Key.Document == d.id
		return done || strings.HasPrefix(n.Key.String(), key.String()+"#")
	})
}

// dropsAreShown: a label or value that the tracker did not keep is a finding.
func (w *world) dropsAreShown(p plan.Plan) {
	if len(w.opts.Drop) == 0 {
		return
	}
	f := w.opts.Drop[0]
	links, _ := w.state.Links(w.t.Context())
	known, _ := w.state.Known(w.t.Context())
	for _, l := range links {
		t := known[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}]
		if l.State != ticket.StateFiled || !t.Gone.IsZero() || !l.Retired.IsZero() || t.Seen.Fields.Text(f) != "" {
			continue
		}
		unmet, wanted := l.UnmetOf(f)
		if !wanted {
			continue
		}
		said := slices.ContainsFunc(p.Findings, func(x ticket.Finding) bool {
			return x.Key == l.Key && (x.Kind == ticket.FindUnmet && x.Field == f || x.Kind == ticket.FindDuplicate || x.Kind == ticket.FindBroken)
		})
		held := slices.ContainsFunc(p.Findings, func(x ticket.Finding) bool {
			return x.Kind == ticket.FindMissing && x.Key.Document == l.Key.Document || x.Kind == ticket.FindUnclear && x.Key.Document == l.Key.Document
		}) || slices.ContainsFunc(p.Steps, func(s plan.Step) bool { return s.Link.Key == l.Key })
		if !said && !held {
			w.failf("never silently: %s did not keep %s %q, and nothing says so", l.Name, f, unmet.Value)
		}
	}
}

// childrenAreBelow: a ticket is below its document's parent unless a person moved it.
func (w *world) childrenAreBelow() {
	parents := map[ticket.Ref]string{} // copies of a parent included: when the first is deleted, its copy takes its place
	for _, t := range w.mem.Tickets() {
		if t.Key.IsParent() && t.Key != (ticket.Key{}) {
			parents[t.Ref] = t.Key.Document
		}
	}
	for _, t := range w.live() {
		_, moved := w.parents[t.Ref]
		if t.Ours && !t.Key.IsParent() && t.Key != (ticket.Key{}) && !moved && parents[t.Parent] != t.Key.Document {
			w.failf("%s is not below the parent of %s", t.Name, t.Key.Document)
		}
	}
}

func (w *world) failf(format string, args ...any) {
	w.t.Helper()
	w.t.Errorf(format, args...)
}
