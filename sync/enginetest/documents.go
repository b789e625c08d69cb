package enginetest

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"percolate/ticket"
)

// The documents of a history, as their authors know them. Every ticket that they want
// has a token in its text, one word that no markup changes, by which the checker knows
// whatever is stored.

type document struct {
	id, path, title, token string
	severity               int
	actions                []*action
	missing                bool
}

type action struct {
	token   string
	id      string // "" for one that goes by its words, which then never change
	text    string
	kind    ticket.Kind
	owner   string
	due     ticket.Day
	done    bool
	repeats string
	names   string // a ticket that the author wrote beside it
}

type removedAction struct {
	d *document
	a *action
}

func (a *action) key(d *document) ticket.Key {
	if a.id == "" {
		return ticket.Key{Document: d.id, Action: ticket.Fingerprint(a.text)}
	}
	return ticket.Key{Document: d.id, Action: a.id}
}

var token = regexp.MustCompile(`\b[PAH][0-9]{4}X\b`)

// tokenOf is the token in a text, "" where there is none.
func tokenOf(text string) string { return token.FindString(text) }

func (w *world) newToken(letter string) string {
	w.tokens++
	return fmt.Sprintf("%s%04dX", letter, w.tokens)
}

// word is one of so many that two texts share few by chance.
func word(r *rand.Rand) string {
	starts := []string{"bra", "cle", "dro", "fli", "gor", "hul", "jin", "kle", "lum", "mor", "nib", "pra", "qui", "ros", "sta", "tru", "vex", "wol", "yar", "zim"}
	ends := []string{"bing", "cade", "dor", "fess", "gle", "hart", "kin", "lot", "mend", "nage", "per", "rick", "sel", "tane", "ver", "wick", "xon", "yard", "zel", "most"}
	return starts[r.IntN(len(starts))] + starts[r.IntN(len(starts))] + ends[r.IntN(len(ends))]
}

func sentence(r *rand.Rand) string {
	words := make([]string, 5+r.IntN(4))
	for i := range words {
		words[i] = word(r)
	}
	return strings.Join(words, " ")
}

// reworded changes a word or two.
func reworded(r *rand.Rand, text string) string {
	words := strings.Fields(text)
	for range 1 + r.IntN(2) {
		words[r.IntN(len(words))] = word(r)
	}
	return strings.Join(words, " ")
}

func (w *world) trees() []ticket.Tree {
	var out []ticket.Tree
	for _, d := range w.docs {
		if !d.missing {
			out = append(out, w.tree(d))
		}
	}
	return out
}

// tree is what mapping would make of the document; only what the engine looks at is there.
func (w *world) tree(d *document) ticket.Tree {
	t := ticket.Tree{Document: d.id, Path: d.path, Title: d.title, Tracker: w.site.Name}
	t.Parent = wanted(ticket.Key{Document: d.id}, ticket.Fields{
		Kind: ticket.KindParent, Title: d.title, Body: fmt.Sprintf("This is %s of *%s*.", d.token, d.id),
		Labels: d.labels(), Priority: ticket.PriorityMedium,
	})
	for _, a := range d.actions {
		t.Children = append(t.Children, w.wanted(d, a))
	}
	return t
}

func (d *document) labels() []string { return []string{"percolate", fmt.Sprintf("sev%d", d.severity)} }

func (w *world) wanted(d *document, a *action) ticket.Wanted {
	f := ticket.Fields{
		Kind: a.kind, Title: a.text, Body: fmt.Sprintf("This is %s of *%s*.\n\n- %s\n\n%s", a.token, d.id, a.text, w.footer),
		Labels: d.labels(), Priority: ticket.PriorityMedium, Due: a.due,
	}
	if a.owner != "" {
		f.Assignees = []string{a.owner}
	}
	c := wanted(a.key(d), f)
	c.Basis[ticket.FieldBody] = ticket.Digest(a.token, a.text)
	c.ActionID, c.Text, c.Done, c.Repeats, c.Ticket = a.id, a.text, a.done, a.repeats, a.names
	c.Place = ticket.Place{Path: d.path, Line: 1 + slices.Index(d.actions, a)}
	return c
}

func wanted(k ticket.Key, f ticket.Fields) ticket.Wanted {
	w := ticket.Wanted{Key: k, Text: f.Title, Fields: f, Basis: map[ticket.Field]string{}}
	for _, field := range ticket.AllFields() {
		w.Basis[field] = ticket.Digest(f.Text(field))
	}
	return w
}

func (w *world) write() {
	n := len(w.docs) + 1
	d := &document{
		id: fmt.Sprintf("%sPER-%d", w.site.Prefix, n), path: fmt.Sprintf("per/%d.md", n), title: "Event " + sentence(w.rng),
		token: w.newToken("P"), severity: 1 + w.rng.IntN(4),
	}
	w.docs = append(w.docs, d)
	for range w.rng.IntN(5) {
		w.add(d)
	}
}

// change is what an author does to a document.
func (w *world) change(d *document) {
	r := w.rng
	if len(d.actions) == 0 {
		w.add(d)
		return
	}
	a := d.actions[r.IntN(len(d.actions))]
	switch r.IntN(14) {
	case 0, 1:
		w.add(d)
	case 2, 3, 4:
		if a.id != "" {
			a.text = reworded(r, a.text)
		}
	case 5:
		a.due = w.day(r.IntN(60))
	case 6:
		a.owner = w.account()
		w.logf("%s is owned by %q", a.token, a.owner)
	case 7:
		d.severity = 1 + r.IntN(4)
	case 8:
		d.title = "Event " + sentence(r)
	case 9:
		w.remove(d, a)
	case 10:
		w.restore()
	case 11:
		d.missing = !d.missing && r.IntN(2) == 0
	case 12:
		a.done = true
	case 13:
		w.footer = "Kept by " + word(r) + "."
	}
	w.logf("an author changes %s", d.id)
}

func (w *world) remove(d *document, a *action) {
	d.actions = slices.DeleteFunc(d.actions, func(b *action) bool { return a == b })
	w.removed = append(w.removed, removedAction{d, a})
}

// restore brings back what was removed last, with its old words.
func (w *world) restore() {
	if n := len(w.removed); n > 0 {
		back := w.removed[n-1]
		w.removed = w.removed[:n-1]
		back.d.actions = append(back.d.actions, back.a)
	}
}

func (w *world) add(d *document) {
	r := w.rng
	a := &action{token: w.newToken("A"), text: sentence(r), kind: ticket.KindStory, owner: w.account()}
	if r.IntN(4) > 0 {
		a.id = fmt.Sprintf("A%d", w.tokens)
	}
	if r.IntN(3) == 0 {
		a.kind = ticket.KindDefect
	}
	if r.IntN(2) == 0 {
		a.due = w.day(r.IntN(60))
	}
	switch r.IntN(10) {
	case 0:
		a.done = true
	case 1, 2:
		a.repeats = w.anyAction()
	case 3:
		a.names = w.openTicket()
	}
	d.actions = append(d.actions, a)
}

// anyAction names an action that has an id, where there is one.
func (w *world) anyAction() string {
	for range 5 {
		d := w.docs[w.rng.IntN(len(w.docs))]
		if len(d.actions) == 0 {
			continue
		}
		if a := d.actions[w.rng.IntN(len(d.actions))]; a.id != "" && a.names == "" {
			return d.id + "/" + a.id
		}
	}
	return ""
}

func (w *world) account() string {
	if n := w.rng.IntN(1 + len(w.site.Accounts)); n > 0 {
		return w.site.Accounts[n-1]
	}
	return ""
}
