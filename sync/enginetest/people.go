package enginetest

import (
	"slices"
	"strings"

	"percolate/ticket"
	"percolate/trackers/trackertest"
)

// given is what people gave a ticket and expect to stay.
type given struct {
	values   map[string]string // by the name of a value of [Ticket]
	before   map[string]string // what stood there before they came
	ever     map[string]bool   // names of values that they ever changed
	notes    []string          // in its text
	labels   []string
	remarks  []string
	there    bool // it has been filed
	deleted  bool
	unknown  bool // it was deleted before percolate could know of it
	refiled  bool // it was deleted, and a person said that it is to be filed again
	moved    bool // below another ticket
	adoption bool // people filed it
}

func (w *world) of(token string) *given {
	g := w.given[token]
	if g == nil {
		g = newGiven()
		w.given[token] = g
	}
	return g
}

func newGiven() *given {
	return &given{values: map[string]string{}, before: map[string]string{}, ever: map[string]bool{}}
}

// values are those of a ticket that are compared whole. Labels, text and comments are
// added to by several.
func (w *world) values(t Ticket) map[string]string {
	parent, _ := w.byRef(t.Parent)
	return map[string]string{
		"title": t.Title, "due": t.Due, "owner": strings.Join(t.Assignees, ", "), "priority": t.Priority,
		"status": string(t.Status), "parent": tokenOf(parent.Text),
	}
}

// live are the tickets that are there.
func (w *world) live() []Ticket {
	if w.stored == nil {
		w.stored = slices.DeleteFunc(w.site.Tickets(), func(t Ticket) bool { return t.Deleted })
	}
	return w.stored
}

// changed says that what is stored may be another than before.
func (w *world) changed() { w.stored = nil }

// look is the live ticket with the token.
func (w *world) look(token string) (Ticket, bool) {
	all := w.live()
	i := slices.IndexFunc(all, func(t Ticket) bool { return tokenOf(t.Text) == token })
	if i < 0 {
		return Ticket{}, false
	}
	return all[i], true
}

// openTicket is the name of a ticket that a person files.
func (w *world) openTicket() string {
	token := w.newToken("H")
	w.site.Open("By hand: "+sentence(w.rng), "This is "+token+" of a person.")
	w.changed()
	t, ok := w.look(token)
	if !ok {
		w.t.Fatalf("a person filed %s, and it is not stored", token)
	}
	w.of(token).adoption = true
	w.keep(token, nil, t)
	w.logf("a person files %s", t.Name)
	return t.Name
}

// act is one thing that a person does to a ticket.
func (w *world) act() {
	all := w.live()
	if len(all) == 0 {
		return
	}
	r := w.rng
	t := all[r.IntN(len(all))]
	token := tokenOf(t.Text)
	g := w.of(token)
	before := w.values(t)
	did := w.does(t, g)
	w.changed()
	if did == "" {
		return
	}
	w.tally.Acts++
	w.logf("a person %s %s (%s)", did, t.Name, token)
	w.site.Wait(tick)
	if now, ok := w.look(token); ok {
		w.keep(token, before, now)
		g.notes, g.labels, g.remarks = whatIsThere(g.notes, now.Text), whatIsThere(g.labels, now.Labels...), whatIsThere(g.remarks, now.Comments...)
	}
}

// whatIsThere leaves out what people could not add.
func whatIsThere(added []string, texts ...string) []string {
	return slices.DeleteFunc(added, func(note string) bool {
		return !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, note) })
	})
}

// keep notes what a person changed, as it is stored. What they set back to what it was
// before they came is as much ours as theirs.
func (w *world) keep(token string, before map[string]string, now Ticket) {
	g := w.of(token)
	for name, value := range w.values(now) {
		old, known := before[name]
		if known && old == value || !known && value == "" {
			continue
		}
		if _, theirs := g.values[name]; !theirs {
			g.before[name] = old
		}
		g.values[name] = value
		g.ever[name] = true
		w.logf("   %s of %s: %q -> %q", name, now.Name, old, value)
		if ours := slices.Contains([]string{"title", "due", "owner", "priority"}, name); ours && known && g.before[name] == value {
			delete(g.values, name)
		}
		if w.setBack(now.Ref, ticket.Field(name), value) {
			w.tally.SetBack++
			delete(g.values, name)
		}
	}
}

// setBack reports whether a person gave a field just what it was before an update of it
// whose answer was lost, which looks like an update that did not arrive and is made once
// more. That is a stated limit, so it is counted apart.
func (w *world) setBack(ref ticket.Ref, f ticket.Field, value string) bool {
	links, err := w.state.Links(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.ContainsFunc(links, func(l ticket.Link) bool {
		return l.Ref == ref && slices.Contains(l.Trying.Set, f) && l.Got.Text(f) == value
	})
}

func (w *world) does(t Ticket, g *given) string {
	r, note := w.rng, word(w.rng)+word(w.rng)
	edit := func(e trackertest.Edit) { w.site.Edit(t.Ref, e) }
	switch r.IntN(16) {
	case 0, 1:
		edit(trackertest.Edit{Title: "Planned " + sentence(r)})
		return "renames"
	case 2, 3:
		edit(trackertest.Edit{Text: func(s string) string { return s + "\n\nNote " + note + "\n" }})
		g.notes = append(g.notes, note)
		return "writes below the text of"
	case 4:
		edit(trackertest.Edit{Label: "own-" + note})
		g.labels = append(g.labels, "own-"+note)
		return "labels"
	case 5, 6:
		edit(trackertest.Edit{Assignee: w.site.Accounts[r.IntN(len(w.site.Accounts))]})
		return "assigns"
	case 7, 8, 9:
		all := []ticket.Status{ticket.StatusOpen, ticket.StatusActive, ticket.StatusBlocked, ticket.StatusDone, ticket.StatusDropped}
		edit(trackertest.Edit{Status: all[r.IntN(len(all))]})
		return "gives a status to"
	case 10:
		edit(trackertest.Edit{Due: w.day(100 + r.IntN(200))})
		return "sets the due day of"
	case 11:
		return w.remarks(t, g, note)
	case 12:
		return w.deletes(t)
	case 13:
		return w.moves(t)
	case 14:
		return w.hangs(t)
	}
	return ""
}

func (w *world) remarks(t Ticket, g *given, note string) string {
	if w.site.Remark == nil {
		return ""
	}
	w.site.Remark(t.Ref, "Remark "+note)
	g.remarks = append(g.remarks, note)
	return "remarks on"
}

func (w *world) deletes(t Ticket) string {
	if w.site.Delete == nil || w.rng.IntN(2) == 0 {
		return ""
	}
	before := w.live()
	w.site.Delete(t.Ref)
	w.changed()
	for _, k := range before {
		g := w.of(tokenOf(k.Text))
		_, there := w.look(tokenOf(k.Text))
		switch {
		case !there: // the ticket, and what a tracker deletes with it
			lost := newGiven()
			lost.deleted, lost.unknown, lost.adoption = true, !w.linked(k), g.adoption
			w.given[tokenOf(k.Text)] = lost
		case k.Parent == t.Ref:
			g.moved = true // whatever becomes of a ticket below one that is gone
			delete(g.values, "parent")
		}
	}
	if _, there := w.look(tokenOf(t.Text)); there {
		return "" // people cannot do it here
	}
	return "deletes"
}

// moves takes a ticket elsewhere, where trackers do not look for what percolate has not
// heard of yet.
func (w *world) moves(t Ticket) string {
	if w.site.Move == nil || !w.linked(t) && !w.of(tokenOf(t.Text)).adoption {
		return ""
	}
	below := map[string]string{}
	for _, k := range w.live() {
		below[tokenOf(k.Text)] = w.values(k)["parent"]
	}
	w.site.Move(t.Ref)
	w.changed()
	for _, k := range w.live() {
		if token := tokenOf(k.Text); below[token] != w.values(k)["parent"] {
			w.of(token).moved = true // some trackers have no tickets of one project below those of another
		}
	}
	return "moves"
}

// hangs puts a ticket below another document's parent.
func (w *world) hangs(t Ticket) string {
	var parents []Ticket
	for _, p := range w.live() {
		if strings.HasPrefix(tokenOf(p.Text), "P") && p.Ref != t.Ref && p.Ref != t.Parent {
			parents = append(parents, p)
		}
	}
	if len(parents) == 0 || strings.HasPrefix(tokenOf(t.Text), "P") {
		return ""
	}
	p := parents[w.rng.IntN(len(parents))]
	w.site.Edit(t.Ref, trackertest.Edit{Parent: p.Ref})
	w.changed()
	if now, ok := w.look(tokenOf(t.Text)); !ok || now.Parent == t.Parent {
		return "" // people cannot do it here
	}
	w.of(tokenOf(t.Text)).moved = true
	return "puts below " + p.Name
}
