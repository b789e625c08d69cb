package sync_test

import (
	"fmt"
	"reflect"
	"slices"

	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers/memory"
)

// What the checker asks of single runs, and of what is remembered at the end.

// conflictsHaveCauses: what is shown as a person's doing was done by a person. After a
// lost state what differs counts as people's, since nobody remembers.
func (w *world) conflictsHaveCauses(findings []ticket.Finding) {
	for _, f := range findings {
		if f.Kind == ticket.FindConflict && !w.lost && !w.touched[f.Ref][f.Field] {
			w.failf("a conflict that no person caused: %s %s: %s", f.Key, f.Name, f.Text)
		}
	}
}

// disputesAreShown: where a person changed a title before ours was written, both did.
func (w *world) disputesAreShown(p plan.Plan) {
	twins := w.twins()
	for ref := range w.disputed {
		_, stands := w.edits[ref][ticket.FieldTitle]
		_, twin := twins[ref]
		if t := w.ticket(ref); w.lost || !stands || twin || t.Deleted || w.textOf(ref) == "" || !w.linked(ref) {
			continue
		}
		shown := func(f ticket.Finding) bool {
			return f.Ref == ref && f.Field == ticket.FieldTitle && f.Kind == ticket.FindConflict || f.Kind == ticket.FindUnclear && f.Place.Line == w.filedFor[ref]
		}
		if !slices.ContainsFunc(p.Findings, shown) {
			w.failf("never silently: a person renamed %s while its document did, and nothing says so", w.ticket(ref).Name)
		}
	}
}

// neverRetiredInDoubt: no ticket is told that its action left while that is there.
func (w *world) neverRetiredInDoubt(done []persync.Done, trees []ticket.Tree) {
	there := map[ticket.Key]bool{}
	at := func(document string, uid int) ticket.Key {
		return ticket.Key{Document: document, Action: fmt.Sprint(uid)}
	}
	for _, t := range trees {
		for _, c := range t.Children {
			there[at(t.Document, c.Place.Line)] = true // the line of an action is its uid
		}
	}
	for _, d := range done {
		uid, ours := w.filedFor[d.Step.Link.Ref]
		if d.Step.Op == plan.Retire && ours && uid > 0 && there[at(d.Step.Link.Key.Document, uid)] {
			w.failf("%s was told that its action left, and action %d is in the document", d.Name, uid)
		}
	}
}

// neverUnasked: nothing is filed for a draft or under a new id for a known document,
// nothing is done where two files have one id, and no ticket of a missing document is
// told so without an order.
func (w *world) neverUnasked(done []persync.Done, trees []ticket.Tree, opts plan.Options) {
	draft := map[string]bool{}
	for _, t := range trees {
		draft[t.Document] = t.Hold != ""
	}
	for _, d := range done {
		id, op := d.Step.Link.Key.Document, d.Step.Op
		files := op == plan.Create || op == plan.Adopt && d.Step.Link.Created.IsZero() // else it goes on with one that was cut off
		switch n := filesOf(trees, id); {
		case n > 1:
			w.failf("%s %s, although two files have the id %s", op, d.Name, id)
		case files && draft[id]:
			w.failf("%s %s, although %s is a draft", op, d.Step.Link.Key, id)
		case n == 0 && op == plan.Retire && !opts.Retire:
			w.failf("retire %s, although %s is only missing", d.Name, id)
		}
	}
}

func filesOf(trees []ticket.Tree, id string) (n int) {
	for _, t := range trees {
		if t.Document == id {
			n++
		}
	}
	return n
}

// twins are the tickets that share a marker with another, as far as percolate knows.
func (w *world) twins() map[ticket.Ref]memory.Ticket {
	known, err := w.state.Known(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	byKey := map[ticket.Key][]memory.Ticket{}
	for _, t := range w.live() {
		k := known[ticket.Address{Tracker: "mem", Ref: t.Ref}]
		if t.Key != (ticket.Key{}) && k.Seen.Key == t.Key && k.Gone.IsZero() {
			byKey[t.Key] = append(byKey[t.Key], t)
		}
	}
	out := map[ticket.Ref]memory.Ticket{}
	for _, some := range byKey {
		for _, t := range some {
			if len(some) > 1 {
				out[t.Ref] = t
			}
		}
	}
	return out
}

// twinsAreLeftAlone: nothing is written where two tickets have one marker.
func (w *world) twinsAreLeftAlone(before map[ticket.Ref]memory.Ticket) {
	for ref, was := range before {
		is := w.ticket(ref)
		is.Fields.Title, is.Updated = was.Fields.Title, was.Updated // which a race may change
		same := reflect.DeepEqual(is.Fields, was.Fields) && is.Whole == was.Whole && is.Status == was.Status &&
			is.Parent == was.Parent && slices.Equal(is.Comments, was.Comments)
		if !same {
			w.failf("%s has a twin, and was written:\n%+v\n%+v", was.Name, was, is)
		}
	}
}

// statusIsKnown: in the end percolate knows what people made of every ticket.
func (w *world) statusIsKnown() {
	known, err := w.state.Known(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	links, err := w.state.Links(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, l := range links {
		t := w.ticket(l.Ref)
		if k := known[ticket.Address{Tracker: "mem", Ref: l.Ref}]; l.Owns() && !t.Deleted && k.Seen.Status != t.Status {
			w.failf("%s is %s, and known to be %s", t.Name, t.Status, k.Seen.Status)
		}
	}
}

// repeatsHaveNoTicket: what repeats unfinished work is told to that, and filed nowhere.
func (w *world) repeatsHaveNoTicket() {
	if w.lost {
		return
	}
	links, err := w.state.Links(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	byID := map[string]ticket.Link{}
	for _, l := range links {
		byID[l.Key.Document+"/"+l.ActionID] = l
		if n := w.mem.Creations()[l.Key]; l.State == ticket.StateRepeat && n > 0 {
			w.failf("%s repeats %s, and was filed %d times", l.Key, l.Of, n)
		}
	}
	was := map[string]bool{} // what was done without a ticket can be repeated by a new one
	for _, d := range w.docs {
		for _, a := range d.actions {
			was[d.id+"/"+a.id] = a.was
		}
	}
	for _, d := range w.docs {
		for _, a := range d.actions {
			l, of := byID[d.id+"/"+a.id], byID[a.repeats]
			open := of.State == ticket.StateFiled && !w.finished[of.Ref] && !was[a.repeats] && !w.ticket(of.Ref).Deleted && of.Created.Before(l.Intended)
			if a.id != "" && a.repeats != "" && l.State == ticket.StateFiled && open && w.mem.Creations()[l.Key] > 0 {
				w.failf("%s was filed, and repeats %s, which nobody ever finished", l.Key, a.repeats)
			}
		}
	}
}
