package enginetest

import (
	"slices"
	"strings"

	"percolate/sync/plan"
	"percolate/ticket"
)

// atRest checks what must be true when nothing is left to do.
func (w *world) atRest(p plan.Plan) {
	w.conflictsHaveCauses(p.Findings)
	w.statusIsKnown()
	w.tally.Wanted, w.tally.Filed = 0, 0
	for _, d := range w.docs {
		if d.missing && w.tracked(d) {
			w.shown(p, ticket.Key{Document: d.id}, "the document is missing", ticket.FindMissing)
		}
		if d.missing {
			continue
		}
		for _, a := range d.actions {
			w.neverSilently(p, d, a)
			w.isBelow(d, a)
		}
	}
}

// tracked reports whether the document has tickets that were not retired.
func (w *world) tracked(d *document) bool {
	return slices.ContainsFunc(w.links(), func(l ticket.Link) bool {
		return l.Key.Document == d.id && l.State != ticket.StateReleased && l.Retired.IsZero()
	})
}

// neverSilently: every wanted action has its ticket, or percolate says why not.
func (w *world) neverSilently(p plan.Plan, d *document, a *action) {
	w.tally.Wanted++
	key := a.key(d)
	l, linked := w.link(key)
	t, there := w.look(a.token)
	gone := w.of(a.token).deleted || w.of(d.token).deleted
	switch {
	case there && (!linked || l.Ref != t.Ref && l.Name != t.Name && !w.finished(l)):
		w.failf("never silently: %s of %s is filed as %s, and percolate does not track it", a.token, key, t.Name)
	case there:
		w.tally.Filed++
	case linked && l.State == ticket.StateRepeat:
		w.told(l)
	case linked && l.State == ticket.StateAdopted:
		if _, there := w.called(l.Ref, l.Name); !there && !w.finished(l) {
			w.shown(p, key, "its ticket is gone", ticket.FindGone)
		}
	case linked && l.State == ticket.StateReleased:
	case linked && l.HasTicket() && w.of(a.token).deleted && w.finished(l): // only open work is looked for every day
	case linked && l.HasTicket() && w.of(a.token).deleted:
		w.shown(p, key, "its ticket is gone", ticket.FindGone)
	case a.done:
		w.noted(p, key)
	case a.names != "":
		w.shown(p, key, "the ticket that it names is gone", ticket.FindUnknownTicket, ticket.FindPending, ticket.FindUnknownRepeat, ticket.FindUnclear)
	case a.repeats != "":
		w.shown(p, key, "what it repeats is not there", ticket.FindUnknownRepeat, ticket.FindPending)
	case gone:
		w.shown(p, key, "its parent is gone", ticket.FindPending)
	default:
		w.failf("never silently: %s of %s has no ticket, and nothing that anybody did is a reason", a.token, key)
	}
}

func (w *world) link(k ticket.Key) (ticket.Link, bool) {
	all := w.links()
	i := slices.IndexFunc(all, func(l ticket.Link) bool { return l.Key == k })
	if i < 0 {
		return ticket.Link{}, false
	}
	return all[i], true
}

func (w *world) shown(p plan.Plan, k ticket.Key, why string, kinds ...ticket.FindingKind) {
	if !slices.ContainsFunc(p.Findings, func(f ticket.Finding) bool { return f.Key == k && slices.Contains(kinds, f.Kind) }) {
		w.failf("never silently: %s: %s, and there is no finding of %v", k, why, kinds)
	}
}

func (w *world) noted(p plan.Plan, k ticket.Key) {
	if !slices.ContainsFunc(p.Notes, func(n plan.Note) bool { return n.Key == k }) {
		w.failf("never silently: %s is not filed, and no note says why", k)
	}
}

// told: an earlier ticket is told of a repeat, and once.
func (w *world) told(l ticket.Link) {
	t, ok := w.called(l.Ref, l.Name)
	if !ok || !l.Told || w.of(tokenOf(t.Text)).refiled {
		return
	}
	n := 0
	for _, c := range t.Comments {
		if strings.Contains(c, "Hit again") && strings.Contains(c, l.Key.Action) {
			n++
		}
	}
	if n != 1 {
		w.failf("%s repeats %s, and its ticket %s has %d comments that tell of it", l.Key, l.Of, t.Name, n)
	}
}

// isBelow: a ticket is below its document's parent unless a person moved it, or percolate
// says that it could not be put there.
func (w *world) isBelow(d *document, a *action) {
	t, ok := w.look(a.token)
	if !ok || w.site.Orphans || w.of(a.token).moved || w.of(d.token).deleted {
		return
	}
	if slices.ContainsFunc(w.links(), func(l ticket.Link) bool {
		_, told := l.UnmetOf(ticket.FieldParent)
		return told && l.Ref == t.Ref
	}) {
		return
	}
	if got := w.values(t)["parent"]; got != d.token {
		w.failf("%s of %s is below %q, want its document's parent %s", t.Name, a.key(d), got, d.token)
	}
}

// statusIsKnown: percolate knows what people made of every ticket.
func (w *world) statusIsKnown() {
	for _, l := range w.links() {
		t, there := w.called(l.Ref, l.Name)
		if known := w.known(l).Seen.Status; l.Owns() && there && known != t.Status {
			w.failf("%s is %s, and known to be %s", t.Name, t.Status, known)
		}
	}
}

func (w *world) known(l ticket.Link) ticket.Known {
	known, err := w.state.Known(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return known[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}]
}

// finished reports whether percolate last saw the ticket finished. What became of such a
// ticket afterwards is not looked for.
func (w *world) finished(l ticket.Link) bool { return w.known(l).Seen.Status.Finished() }
