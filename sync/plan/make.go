package plan

import (
	"cmp"
	"fmt"
	"slices"

	"percolate/ticket"
)

// Make decides what to do. It is deterministic: the same input gives the same plan.
func Make(in Input) Plan {
	m := newMaker(in)
	for _, d := range m.docs {
		m.identify(d)
	}
	for _, d := range m.docs {
		m.document(d)
	}
	m.repeats()
	for _, d := range m.docs {
		m.parent(d)
		m.readyToClose(d)
	}
	m.missingDocuments()
	m.guard()
	m.plan.Sort()
	if in.Rest == nil {
		bill := Bill{}
		bill.Add(m.plan.Steps)
		m.plan.Costs = bill.Costs(in.Trackers)
	}
	return m.plan
}

// maker holds what the decisions share.
type maker struct {
	in         Input
	plan       Plan
	docs       []*document
	byID       map[string]*document
	learned    map[ticket.Key]ticket.Link // links that this plan moves or makes; see link
	linksOf    map[string][]ticket.Link   // by document, in the order of keys; those of the input where they stand there
	owner      map[ticket.Address]ticket.Key
	marked     map[ticket.Key][]ticket.Address // where the tickets are that are there, by the key in their marker, in order
	markedOf   map[string][]ticket.Key         // the keys of marked by document, in order
	filing     map[ticket.Key]int              // what this plan files, by its place among the steps while they are not sorted
	adopting   map[ticket.Address]ticket.Seen  // what this plan adopts
	pending    []pendingRepeat
	absent     []string                       // see missing; nil until it was asked for
	repeating  map[string]bool                // documents that tell earlier tickets of repeats
	unreadTold map[[2]string]bool             // documents and trackers of which a note says that they were not read
	priority   map[ticket.Key]ticket.Priority // of tickets that this plan has raised already
}

// document is one tree together with its part of the memory.
type document struct {
	tree     ticket.Tree
	parent   *ticket.Link
	links    []ticket.Link // of its actions
	identity identity
	hold     string // why nothing new is filed for it
	broken   bool
	waits    bool // an action waits for the parent to be filed
}

func newMaker(in Input) *maker {
	m := &maker{
		in:         in,
		byID:       map[string]*document{},
		learned:    map[ticket.Key]ticket.Link{},
		linksOf:    make(map[string][]ticket.Link, len(in.Trees)),
		owner:      make(map[ticket.Address]ticket.Key, len(in.Links)),
		marked:     make(map[ticket.Key][]ticket.Address, len(in.Known)),
		markedOf:   make(map[string][]ticket.Key, len(in.Trees)),
		filing:     map[ticket.Key]int{},
		repeating:  map[string]bool{},
		unreadTold: map[[2]string]bool{},
		adopting:   map[ticket.Address]ticket.Seen{},
		priority:   map[ticket.Key]ticket.Priority{},
	}
	m.takeLinks()
	m.takeKnown()
	m.gather()
	m.makeRoom()
	return m
}

// gather puts the trees in the order of their documents and finds those that cannot
// be acted on.
func (m *maker) gather() {
	trees := slices.Clone(m.in.Trees)
	slices.SortStableFunc(trees, func(a, b ticket.Tree) int {
		return cmp.Or(cmp.Compare(a.Document, b.Document), cmp.Compare(a.Path, b.Path))
	})
	for _, t := range trees {
		t.Children = slices.Clone(t.Children) // identity gives them their lasting keys
		d := &document{tree: t, hold: t.Hold, broken: t.Broken != ""}
		if twin := m.byID[t.Document]; twin != nil && t.Document != "" {
			why := "the id " + t.Document + " stands in " + twin.tree.Path + " and in " + t.Path
			m.breakDocument(twin, why)
			m.breakDocument(d, why)
		} else {
			m.byID[t.Document] = d
		}
		m.docs = append(m.docs, d)
	}
}

func (m *maker) breakDocument(d *document, why string) {
	d.broken = true
	if d.tree.Broken == "" {
		d.tree.Broken = why
	}
}

// identify joins a document's actions to its links, and to tickets that carry the
// document's marker while the state knows nothing of them.
func (m *maker) identify(d *document) {
	if d.broken {
		return
	}
	m.recover(d)
	d.parent, d.links = apart(m.linksOf[d.tree.Document])
	if d.parent != nil && d.parent.State == ticket.StateRecovered {
		d.parent = new(m.claim(d.tree.Parent, *d.parent)) // at once: actions of other documents may name it
	}
	d.identity = identify(d.tree.Children, d.links, m.addresses)
}

// recover makes links for tickets that carry a marker of the document and that no
// link knows: the state was lost, or another state filed them.
func (m *maker) recover(d *document) {
	for _, k := range m.markedOf[d.tree.Document] {
		s := m.carriers(k)[0]
		_, known := m.link(k)
		_, owned := m.owner[ticket.Address{Tracker: s.Tracker, Ref: s.Ref}]
		if known || owned {
			continue
		}
		m.remember(ticket.Link{
			Key: k, Text: s.Fields.Title, Path: d.tree.Path, Tracker: s.Tracker, Ref: s.Ref, Name: s.Name, URL: s.URL,
			State: ticket.StateRecovered, Created: m.in.Now, Priority: s.Fields.Priority, Due: s.Fields.Due,
		})
	}
}

// addresses lists where a ticket may be that is written beside an action.
func (m *maker) addresses(text string) []ticket.Address {
	return Addresses(m.in.Trackers, text)
}

// document decides one tree.
func (m *maker) document(d *document) {
	t := d.tree
	m.plan.Documents = append(m.plan.Documents, Document{ID: t.Document, Path: t.Path, Title: t.Title, Summary: t.Summary, Tracker: t.Tracker})
	if d.broken && t.Hold != "" && len(m.linksOf[t.Document]) == 0 {
		m.note(ticket.Key{Document: t.Document}, "held", t.Hold+"; not filed") // its author hears from check what else is wrong
		return
	}
	if d.broken {
		m.find(ticket.Finding{Kind: ticket.FindBroken, Key: ticket.Key{Document: t.Document}, Text: t.Broken, Place: ticket.Place{Path: t.Path}})
		return
	}
	if old := m.renamedFrom(d); old != "" && !m.in.Options.Retire {
		d.hold = "looks like " + old + " under a new id"
		m.find(ticket.Finding{
			Kind: ticket.FindRenamed, Key: t.Parent.Key, Place: t.Parent.Place,
			Text: "nothing is filed: it looks like " + old + " under a new id",
			Mend: "give it the id " + old + " again, or let go of the old tickets with percolate sync --retire",
		})
	}
	asked := slices.Clone(t.Children) // with the keys that their texts give
	m.children(d)
	for _, f := range t.Findings {
		if i := slices.IndexFunc(asked, func(w ticket.Wanted) bool { return w.Key == f.Key }); i >= 0 {
			f.Key = d.tree.Children[i].Key // by which its ticket goes
		}
		m.find(f)
	}
	m.leftovers(d)
}

// parent decides a document's own ticket, once it is known what its actions get.
func (m *maker) parent(d *document) {
	w := d.tree.Parent
	if d.broken {
		return
	}
	if d.parent != nil {
		m.route(d.tree.Tracker, *d.parent, w)
		m.linked(d, w, *d.parent)
		return
	}
	switch {
	case m.held(d, w):
	case len(d.tree.Children) > 0 && !m.hasTickets(d):
		m.note(w.Key, "nothing", "none of its actions is to be filed")
	default:
		m.create(d, w, d.tree.Tracker)
	}
}

// hasTickets reports whether any action of the document has, gets, awaits or shares a ticket.
func (m *maker) hasTickets(d *document) bool {
	if d.waits {
		return true
	}
	for _, w := range d.tree.Children {
		if _, filing := m.filing[w.Key]; filing || m.hasTicket(w.Key) {
			return true
		}
	}
	if m.repeating[d.tree.Document] {
		return true
	}
	return slices.ContainsFunc(d.links, func(l ticket.Link) bool { return l.HasTicket() })
}

// children decides all actions of a document.
func (m *maker) children(d *document) {
	unmatched := m.unmatched(d)
	for i, w := range d.tree.Children {
		if j := d.identity.link[i]; j >= 0 {
			l := d.links[j]
			w.Key = l.Key
			d.tree.Children[i].Key = l.Key
			m.route(d.tree.TrackerOf(i), l, w)
			if l.State == ticket.StateRepeat && w.Repeats == "" && w.Ticket == "" {
				if !m.held(d, w) { // the document no longer says that it repeats
					m.create(d, w, d.tree.TrackerOf(i))
				}
				continue
			}
			m.linked(d, w, l)
			continue
		}
		if d.identity.unclear[i] == "" { // else it keeps the key that people know
			d.tree.Children[i].Key = m.freshKey(w.Key)
		}
		m.unlinked(d, i, unmatched)
	}
}

// freshKey is k, or one like it when a link has k already: its action was given other
// words since, and this is another action with the words of old.
func (m *maker) freshKey(k ticket.Key) ticket.Key {
	fresh := k
	for n := 2; ; n++ {
		_, linked := m.link(fresh)
		_, filing := m.filing[fresh]
		if !linked && !filing {
			return fresh
		}
		fresh.Action = fmt.Sprintf("%s#%d", k.Action, n)
	}
}

// unlinked decides an action that has no link.
func (m *maker) unlinked(d *document, i int, unmatched string) {
	w := d.tree.Children[i]
	switch why := d.identity.unclear[i]; {
	case why != "":
		m.findOf(w, ticket.FindUnclear, "not filed: "+why, "give it back the id that it had, write the ticket that it belongs to beside it, or give it an id that was never used")
	case m.held(d, w):
	case unmatched != "":
		m.findOf(w, ticket.FindUnmatched, "not filed while "+unmatched+" belongs to no action of its document", "write that ticket beside the action it belongs to, or see the finding for "+unmatched)
	case w.Repeats != "":
		m.pending = append(m.pending, pendingRepeat{doc: d, child: i})
	case w.Ticket != "":
		m.named(d, w, d.tree.TrackerOf(i))
	default:
		m.create(d, w, d.tree.TrackerOf(i))
	}
}

// held reports whether nothing is to be filed for what has no ticket, and says why.
func (m *maker) held(d *document, w ticket.Wanted) bool {
	switch {
	case w.Done:
		m.note(w.Key, "done", "already done when first seen, not filed")
	case d.hold != "":
		m.note(w.Key, "held", d.hold+"; not filed")
	case w.Hold != "":
		m.note(w.Key, "held", w.Hold+"; not filed")
	default:
		return false
	}
	return true
}

// unmatched names the first recovered ticket of the document that no action claims.
func (m *maker) unmatched(d *document) string {
	for j, l := range d.links {
		if l.State == ticket.StateRecovered && !slices.Contains(d.identity.link, j) {
			return l.Name
		}
	}
	return ""
}

// free lists the links that no action claims or may mean.
func (d *document) free() []int {
	var out []int
	for j := range d.links {
		if !d.identity.maybe[j] && !slices.Contains(d.identity.link, j) {
			out = append(out, j)
		}
	}
	return out
}

func (m *maker) route(tracker string, l ticket.Link, w ticket.Wanted) {
	if l.HasTicket() && l.State == ticket.StateFiled && l.Tracker != tracker {
		m.findOf(w, ticket.FindRoute, "the route now leads to "+tracker+"; "+l.Name+" stays on "+l.Tracker, "move the ticket there by hand, or set the route back")
	}
}

func (m *maker) note(k ticket.Key, word, text string) {
	m.plan.Notes = append(m.plan.Notes, Note{Key: k, Word: word, Text: text})
}

func (m *maker) find(f ticket.Finding) { m.plan.Findings = append(m.plan.Findings, f) }

func (m *maker) findOf(w ticket.Wanted, kind ticket.FindingKind, text, mend string) {
	m.find(ticket.Finding{Kind: kind, Key: w.Key, Text: text, Mend: mend, Place: w.Place})
}

// learn moves the memory of a ticket, for what is decided after it as well.
func (m *maker) learn(l ticket.Link) {
	m.learned[l.Key] = l
	m.plan.Learned = append(m.plan.Learned, l)
}

func compareKeys(a, b ticket.Key) int {
	return cmp.Or(cmp.Compare(a.Document, b.Document), cmp.Compare(a.Action, b.Action))
}

// Sort puts steps and findings in the order of the plan's documents, parents before their
// children.
func (p *Plan) Sort() {
	rank := map[string]int{}
	for i, d := range p.Documents {
		if _, ok := rank[d.ID]; !ok {
			rank[d.ID] = i + 1
		}
	}
	slices.SortStableFunc(p.Steps, func(a, b Step) int {
		byParent := 0
		if a.Link.Key.IsParent() != b.Link.Key.IsParent() {
			byParent = 1
			if a.Link.Key.IsParent() {
				byParent = -1
			}
		}
		return cmp.Or(cmp.Compare(rank[a.Link.Key.Document], rank[b.Link.Key.Document]), byParent)
	})
	slices.SortStableFunc(p.Findings, func(a, b ticket.Finding) int {
		return cmp.Compare(rank[a.Key.Document], rank[b.Key.Document])
	})
}
