package plan_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"percolate/sync/plan"
	"percolate/ticket"
)

// item is an action of a generated document, and what is true of it.
type item struct {
	uid  int // its place in the document before the edit, counting from 1; 0 for a new one
	id   string
	text string
	was  string
	also int  // the other action that was merged into it
	part bool // of an action that was split: either part may go on
	new  bool // its words were changed already
}

// isOf reports whether the ticket of the action uid may go on with the item.
func (it item) isOf(uid int) bool { return uid > 0 && (uid == it.uid || uid == it.also) }

// tally is what became of the actions in many edits of one kind.
type tally struct {
	edits, actions int // actions that were there before and still are
	unclear        int // of these: a person is asked
	second         int // taken for new: a second ticket
	swapped        int // given the ticket of another action
	let            int // tickets that are told that their action left, while it is there

	fresh, freshUnclear, stolen int // new actions; a person is asked; given the ticket of another
}

func (n tally) String() string {
	return fmt.Sprintf("%d edits: %d actions, unclear %d (%s), second ticket %d, swapped %d, let go %d; %d new, unclear %d (%s), taken for an old one %d (%s)",
		n.edits, n.actions, n.unclear, percent(n.unclear, n.actions), n.second, n.swapped, n.let,
		n.fresh, n.freshUnclear, percent(n.freshUnclear, n.fresh), n.stolen, percent(n.stolen, n.fresh))
}

func percent(n, of int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(max(of, 1))) }

// written is the document of the items. Every title is new, so that each action that
// is found again shows in the plan as an update of its ticket.
func written(items []item, version int) ticket.Tree {
	var actions []ticket.Wanted
	for i, it := range items {
		actions = append(actions, action(it.id, it.text, func(w *ticket.Wanted) {
			w.Fields.Title = fmt.Sprintf("%d in version %d", i, version)
			w.Basis[ticket.FieldTitle] = w.Fields.Title
		}))
	}
	return document("P", actions...)
}

// edited files the actions, changes the document, and counts what becomes of them.
func (n *tally) edited(t *testing.T, before, after []item) {
	t.Helper()
	s := on(written(before, 1))
	uidOf := map[ticket.Key]int{}
	for _, st := range s.sync().Steps {
		uidOf[st.Link.Key] = st.Wanted.Place.Line // the parent's is 0
	}
	s.in.Trees = []ticket.Tree{written(after, 2)}
	first := s.plan()
	n.edits++
	outcome := map[int]plan.Step{} // by the line of the action
	lost := map[int]bool{}         // by the uid of the ticket
	for _, st := range first.Steps {
		if st.Op == plan.Retire {
			lost[uidOf[st.Link.Key]] = true
		} else {
			outcome[st.Wanted.Place.Line] = st
		}
	}
	for i, it := range after {
		n.count(it, outcome[i+1], uidOf, lost)
	}
	s.carryOut(first)
	if p := s.plan(); !p.Empty() {
		t.Errorf("the second run is not empty: %q\nbefore %v\nafter %v", said(p), before, after)
	}
}

func (n *tally) count(it item, st plan.Step, uidOf map[ticket.Key]int, lost map[int]bool) {
	if it.uid == 0 {
		n.fresh++
		switch st.Op {
		case "":
			n.freshUnclear++
		case plan.Update:
			n.stolen++
		}
		return
	}
	n.actions++
	switch {
	case st.Op == "":
		n.unclear++
	case st.Op == plan.Create && !it.part:
		n.second++
	case st.Op == plan.Update && !it.isOf(uidOf[st.Link.Key]):
		n.swapped++
	}
	if lost[it.uid] && it.also == 0 {
		n.let++
	}
}

// edit changes a document's actions.
type edit func(r *rand.Rand, items []item) []item

func reorder(r *rand.Rand, items []item) []item {
	r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	return items
}

func insert(r *rand.Rand, items []item) []item {
	return slices.Insert(items, r.IntN(len(items)+1), item{text: another(r, items)})
}

// another is the text of one more action of the document.
func another(r *rand.Rand, items []item) string {
	for {
		shape := shapes[r.IntN(len(shapes))]
		for _, part := range slots["part"] { // about what the others are about
			if strings.Contains(items[r.IntN(len(items))].text, part) {
				shape = strings.Replace(shape, "{part}", part, 1)
			}
		}
		text := fill(r, shape)
		if !slices.ContainsFunc(items, func(it item) bool { return it.text == text || it.was == text }) {
			return text
		}
	}
}

func remove(r *rand.Rand, items []item) []item {
	i := r.IntN(len(items))
	return slices.Delete(items, i, i+1)
}

// replace takes an action out and puts another in its place.
func replace(r *rand.Rand, items []item) []item {
	text := another(r, items)
	items[r.IntN(len(items))] = item{text: text}
	return items
}

// of makes an edit of the text of one action that has its first words yet.
func of(change func(*rand.Rand, string) string) edit {
	return func(r *rand.Rand, items []item) []item {
		for _, i := range r.Perm(len(items)) {
			if !items[i].new {
				items[i].text, items[i].new = change(r, items[i].text), true
				break
			}
		}
		return items
	}
}

func rewording(share float64) edit {
	return of(func(r *rand.Rand, text string) string { return reworded(r, text, share) })
}

// ofAll rewords every action.
func ofAll(share float64) edit {
	return func(r *rand.Rand, items []item) []item {
		for i := range items {
			items[i].text = reworded(r, items[i].text, share)
		}
		return items
	}
}

func split(r *rand.Rand, items []item) []item {
	i := r.IntN(len(items))
	first, second := items[i], items[i]
	words := strings.Fields(first.text)
	first.text, second.text = strings.Join(words[:len(words)/2], " "), "Then "+strings.Join(words[len(words)/2:], " ")
	first.part, second.part = true, true
	items[i] = first
	return slices.Insert(items, i+1, second)
}

func merge(r *rand.Rand, items []item) []item {
	i := r.IntN(len(items) - 1)
	items[i].text += ", and " + strings.ToLower(items[i+1].text[:1]) + items[i+1].text[1:]
	items[i].also = items[i+1].uid
	return slices.Delete(items, i+1, i+2)
}

func addIDs(_ *rand.Rand, items []item) []item {
	for i := range items {
		items[i].id = fmt.Sprintf("A%d", i+1)
	}
	return items
}

func removeIDs(_ *rand.Rand, items []item) []item {
	for i := range items {
		items[i].id = ""
	}
	return items
}

// several makes some edits one after the other.
func several(r *rand.Rand, items []item) []item {
	kinds := []edit{reorder, insert, remove, rewording(0.1), rewording(0.25), of(typo), of(dressed)}
	for range 2 + r.IntN(3) {
		if len(items) > 1 {
			items = kinds[r.IntN(len(kinds))](r, items)
		}
	}
	return items
}

// edits is how many documents are edited in each way.
const edits = 400

// measure makes edits of one kind, each of another document.
func measure(t *testing.T, seed uint64, withIDs bool, e edit) tally {
	t.Helper()
	var n tally
	documents := uint64(edits)
	if testing.Short() {
		documents /= 4
	}
	for i := range documents {
		r := rand.New(rand.NewPCG(seed, i))
		before := items(actionTexts(r, 3+r.IntN(10)))
		if withIDs {
			before = addIDs(r, before)
		}
		n.edited(t, before, e(r, slices.Clone(before)))
		if t.Failed() {
			break
		}
	}
	t.Log(n)
	return n
}

// What edits may cost, in parts of the actions that they leave in the document. A
// second ticket and a swap are never allowed.
func TestActionsWithoutIDsAreFoundAgain(t *testing.T) {
	for i, c := range []struct {
		name    string
		edit    edit
		withIDs bool
		unclear float64 // of one edited action in each document, the share of which a person is asked
		stolen  float64 // the share of new actions that get the ticket of one that left
	}{
		{"reordered", reorder, false, 0, 0},
		{"inserted", insert, false, 0, 0},
		{"inserted twice and reordered", func(r *rand.Rand, items []item) []item { return reorder(r, insert(r, insert(r, items))) }, false, 0, 0},
		{"removed", remove, false, 0, 0},
		{"a typing error", of(typo), false, 0, 0},
		{"emphasis or a full stop", of(dressed), false, 0, 0},
		{"a clause appended", of(func(r *rand.Rand, text string) string { return text + clause(r) }), false, 0.01, 0},
		{"a tenth of the words", rewording(0.1), false, 0, 0},
		{"a quarter of the words", rewording(0.25), false, 0, 0},
		{"half of the words", rewording(0.5), false, 0.05, 0},
		{"half of the words of two", func(r *rand.Rand, items []item) []item { return rewording(0.5)(r, rewording(0.5)(r, items)) }, false, 0.2, 0},
		{"a quarter of the words of all", ofAll(0.25), false, 0.5, 0},
		{"split", split, false, 2, 0},    // both parts fit; that is for a person to say
		{"merged", merge, false, 0.7, 0}, // both tickets fit
		{"ids added", addIDs, false, 0, 0},
		{"ids removed", removeIDs, true, 0, 0},
		{"ids added and a quarter of the words", func(r *rand.Rand, items []item) []item { return rewording(0.25)(r, addIDs(r, items)) }, false, 0.05, 0},
		{"inserted and all ids given out again", func(r *rand.Rand, items []item) []item { return addIDs(r, insert(r, items)) }, true, 12, 0},
		{"removed and all ids given out again", func(r *rand.Rand, items []item) []item { return addIDs(r, remove(r, items)) }, true, 12, 0},
		{"replaced by another", replace, false, 0, 0.1},
		{"several at once", several, false, 0.05, 0.1},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := measure(t, uint64(i+1), c.withIDs, c.edit)
			if n.second+n.swapped+n.let > 0 {
				t.Errorf("second ticket %d, swapped %d, let go %d", n.second, n.swapped, n.let)
			}
			if float64(n.unclear) > c.unclear*float64(n.edits) {
				t.Errorf("%d unclear of %d edits", n.unclear, n.edits)
			}
			if float64(n.stolen) > c.stolen*float64(n.fresh) {
				t.Errorf("%d of %d new actions got the ticket of one that left", n.stolen, n.fresh)
			}
		})
	}
}
