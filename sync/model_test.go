package sync_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"percolate/ticket"
	"percolate/trackers/memory"
)

// The documents of a history, as their authors know them. Each action has a uid that
// the engine never sees but for the body of its ticket, so that the checker can tell
// which ticket was filed for which action whatever became of ids, texts and places.

type modelAction struct {
	uid     int
	id      string // "" for an action that goes by its text
	text    string
	kind    ticket.Kind
	owner   string
	due     ticket.Day
	done    bool
	was     bool // done, once
	guess   bool
	repeats string
	names   string // a ticket that the author wrote beside it
}

type modelDocument struct {
	id, path, title string
	severity        string
	actions         []*modelAction
	draft, missing  bool
	renamed         bool // stands in its file under another id
	copied          bool // stands in a second file under the same id
}

// vocabulary is large enough that two actions share few words by chance.
func word(r *rand.Rand) string {
	starts := []string{"bra", "cle", "dro", "fli", "gor", "hul", "jin", "kle", "lum", "mor", "nib", "pra", "qui", "ros", "sta", "tru", "vex", "wol", "yar", "zim"}
	ends := []string{"bing", "cade", "dor", "fess", "gle", "hart", "kin", "lot", "mend", "nage", "per", "rick", "sel", "tane", "ver", "wick", "xon", "yard", "zel", "most"}
	return starts[r.IntN(len(starts))] + ends[r.IntN(len(ends))]
}

func sentence(r *rand.Rand) string {
	words := make([]string, 6+r.IntN(4))
	for i := range words {
		words[i] = word(r)
	}
	return strings.Join(words, " ")
}

// reworded changes at most a third of the words.
func reworded(r *rand.Rand, text string) string {
	words := strings.Fields(text)
	for range 1 + r.IntN(max(len(words)/3, 1)) {
		words[r.IntN(len(words))] = word(r)
	}
	return strings.Join(words, " ")
}

// tree is what mapping would make of the document; only what the engine looks at is there.
func (d *modelDocument) tree(rules mapRules) ticket.Tree {
	t := ticket.Tree{Document: d.id, Path: d.path, Title: d.title, Summary: d.severity, Tracker: "mem"}
	if d.draft {
		t.Hold = "draft"
	}
	t.Parent = wanted(ticket.Key{Document: d.id}, ticket.Fields{
		Kind: ticket.KindParent, Title: d.title, Body: fmt.Sprintf("uid 0 of %s", d.title), Labels: []string{"percolate", "Sev-" + d.severity}, Priority: ticket.PriorityMedium,
	})
	for _, a := range d.actions {
		t.Children = append(t.Children, a.wanted(d, rules))
	}
	return t
}

// mapRules is what a team configures; changing it must write nothing by itself.
type mapRules struct{ footer string }

func (a *modelAction) wanted(d *modelDocument, rules mapRules) ticket.Wanted {
	key := ticket.Key{Document: d.id, Action: a.id}
	if a.id == "" {
		key.Action = ticket.Fingerprint(a.text)
	}
	priority := ticket.PriorityMedium
	if a.kind == ticket.KindDefect {
		priority = ticket.PriorityHigh
	}
	w := wanted(key, ticket.Fields{
		Kind: a.kind, Title: a.text, Body: fmt.Sprintf("uid %d of %s\n\n%s%s", a.uid, d.title, a.text, rules.footer),
		Labels: []string{"percolate", "Sev-" + d.severity}, Priority: priority, Due: a.due,
	})
	w.Basis[ticket.FieldBody] = ticket.Digest(fmt.Sprint(a.uid), d.title, a.text)
	if a.due == "" {
		w.Basis[ticket.FieldDue] = ticket.BasisPolicy
	}
	if a.owner != "" {
		w.Fields.Assignees = []string{a.owner, "deputy"}
		w.Basis[ticket.FieldAssignees] = a.owner
	}
	w.ActionID, w.Text, w.Done, w.Repeats, w.Ticket = a.id, a.text, a.done, a.repeats, a.names
	w.Place = ticket.Place{Path: d.path, Line: a.uid}
	if a.guess {
		w.Hold = "read without certainty"
	}
	return w
}

func wanted(k ticket.Key, f ticket.Fields) ticket.Wanted {
	w := ticket.Wanted{Key: k, Text: f.Title, Fields: f, Basis: map[ticket.Field]string{}}
	for _, field := range ticket.AllFields() {
		w.Basis[field] = ticket.Digest(f.Text(field))
	}
	return w
}

// uidOf reads the uid out of a ticket's text.
func uidOf(whole string) int {
	block, _ := ticket.Extract(whole)
	uid := -1
	if _, err := fmt.Sscanf(strings.Join(strings.Fields(block), " "), "uid %d of", &uid); err != nil {
		return -1
	}
	return uid
}

// edit changes a document the way authors do.
func (w *world) edit(d *modelDocument) {
	r := w.rng
	pick := func() *modelAction { return d.actions[r.IntN(len(d.actions))] }
	if len(d.actions) == 0 {
		w.addAction(d)
		return
	}
	switch r.IntN(19) {
	case 17:
		d.renamed = !d.renamed && w.tracked(d) // of one that nobody knows a new id is no news
	case 18:
		d.copied = !d.copied && r.IntN(2) == 0
	case 0, 1:
		w.addAction(d)
	case 2, 3, 4:
		a := pick()
		a.text = reworded(r, a.text)
	case 5:
		r.Shuffle(len(d.actions), func(i, j int) { d.actions[i], d.actions[j] = d.actions[j], d.actions[i] })
	case 6:
		i := r.IntN(len(d.actions))
		w.removed = append(w.removed, removedAction{d, d.actions[i]})
		d.actions = slices.Delete(d.actions, i, i+1)
	case 7:
		if len(w.removed) > 0 { // restored, with its old words
			back := w.removed[len(w.removed)-1]
			w.removed = w.removed[:len(w.removed)-1]
			back.d.actions = append(back.d.actions, back.a)
		}
	case 8:
		pick().due = w.day(r.IntN(60))
	case 9:
		pick().owner = w.account()
	case 10:
		d.severity = fmt.Sprint(1 + r.IntN(4))
	case 11:
		a := pick()
		if a.kind = ticket.KindDefect; r.IntN(2) == 0 {
			a.kind = ticket.KindStory
		}
	case 12:
		a := pick()
		a.done = r.IntN(2) == 0
		a.was = a.was || a.done
	case 13:
		w.giveID(d, pick())
	case 14:
		d.draft = !d.draft && r.IntN(3) == 0
	case 15:
		d.missing = !d.missing && r.IntN(2) == 0
	case 16:
		d.title = "Event " + sentence(r)
	}
}

// giveID gives an action the id that its author forgot.
func (w *world) giveID(d *modelDocument, a *modelAction) {
	if a.id == "" {
		w.ids++
		a.id = fmt.Sprintf("B%d", w.ids)
	}
}

func (w *world) addAction(d *modelDocument) {
	r := w.rng
	w.uids++
	a := &modelAction{uid: w.uids, text: sentence(r), kind: ticket.KindStory, owner: w.account()}
	if r.IntN(2) == 0 {
		a.id = fmt.Sprintf("A%d", w.uids)
	}
	if r.IntN(3) == 0 {
		a.kind = ticket.KindDefect
	}
	if r.IntN(2) == 0 {
		a.due = w.day(r.IntN(60))
	}
	switch r.IntN(10) {
	case 0:
		a.done, a.was = true, true
	case 1:
		a.guess = true
	case 2, 3:
		a.repeats = w.anyAction()
	case 4:
		a.names = w.anyTicket(d)
	}
	d.actions = slices.Insert(d.actions, r.IntN(len(d.actions)+1), a)
}

// anyAction names an action to repeat: mostly one that has an id, now and then none.
func (w *world) anyAction() string {
	for range 5 {
		d := w.docs[w.rng.IntN(len(w.docs))]
		if len(d.actions) == 0 {
			continue
		}
		if a := d.actions[w.rng.IntN(len(d.actions))]; a.id != "" {
			return d.id + "/" + a.id
		}
	}
	return "PER-none/A1"
}

// anyTicket names a ticket: one that a person filed, or one that percolate tracks for
// another document. One of the document's own would be the author's word that the
// ticket now belongs to this action.
func (w *world) anyTicket(d *modelDocument) string {
	others := slices.DeleteFunc(w.mem.Tickets(), func(t memory.Ticket) bool { return t.Key.Document == d.id })
	if len(others) > 0 && w.rng.IntN(3) == 0 {
		return others[w.rng.IntN(len(others))].Name
	}
	return w.ticket(w.mem.Open("By hand: "+sentence(w.rng), "A person's text.")).Name
}
