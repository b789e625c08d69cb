package plan

import (
	"fmt"
	"slices"
	"strings"

	"percolate/ticket"
)

// Whether an action of today is one of yesterday is decided once per document, by
// the strongest evidence first:
//
//  1. the ticket written beside the action, when it is the ticket of one of its links
//  2. the action's own id
//  3. the same text
//  4. the one clearly closest text above a floor
//
// What two actions or two links could be is never guessed: such actions are unclear,
// nothing is filed for them, and a person writes the ticket beside the action.
//
// Four figures decide when texts are close. They were set by the generated edits of
// identity_test.go, 5,000 of each kind. A person is asked about 6 in 1,000 actions half
// of whose words changed, and about 1 in 20 of a document in which every action was
// reworded. No action of any edit got another's ticket or a second one. Of actions that
// were written in place of others 6 in 100 were taken for the one that left, since some
// differ by a word or two from the start, and a person is asked about 17 in 100.
const (
	closeEnough = 0.34 // below this a text is never taken for the same action by itself
	idless      = 0.50 // what an id that was added or taken away wants of the words
	clearlyBest = 0.15 // the best must lead the second by this much
	stranger    = 0.22 // below this to every unclaimed link, an action is surely new
)

// identity says which link each child of a tree goes with.
type identity struct {
	link    []int          // by child: index of its link, or -1
	unclear map[int]string // by child without a link: what else it could be
	maybe   map[int]bool   // links that an unclear child may mean
}

// matcher holds one document's children and links while they find each other.
type matcher struct {
	children  []ticket.Wanted
	links     []ticket.Link
	now, old  []string        // the folded texts of children and links
	ids       map[string]bool // action ids that the document has today
	taken     []bool          // by link
	closeness closeness       // of now and old, once it is asked for
	identity
}

// identify joins children to the links of their document, parents left out.
// recognise tells the address of a ticket that is written beside an action.
func identify(children []ticket.Wanted, links []ticket.Link, recognise func(string) []ticket.Address) identity {
	m := &matcher{
		children: children,
		links:    links,
		ids:      map[string]bool{},
		taken:    make([]bool, len(links)),
		identity: identity{link: make([]int, len(children)), unclear: map[int]string{}, maybe: map[int]bool{}},
	}
	for _, l := range links {
		m.old = append(m.old, ticket.FoldText(l.Text))
	}
	for i, c := range children {
		m.link[i] = -1
		m.now = append(m.now, ticket.FoldText(c.Text))
		if c.ActionID != "" {
			m.ids[c.ActionID] = true
		}
	}
	m.byTicket(recognise)
	m.byID()
	m.byText()
	m.byClosest()
	return m.identity
}

// open reports whether child i may still be joined.
func (m *matcher) open(i int) bool { return m.link[i] < 0 && m.unclear[i] == "" }

func (m *matcher) join(i, j int) {
	m.link[i] = j
	m.taken[j] = true
}

func (m *matcher) doubt(i int, why string, links ...int) {
	m.unclear[i] = why
	for _, j := range links {
		m.maybe[j] = true
	}
}

// reserve keeps links that are in doubt from being joined to yet another action.
func (m *matcher) reserve(links ...int) {
	for _, j := range links {
		m.taken[j] = true
	}
}

func (m *matcher) byTicket(recognise func(string) []ticket.Address) {
	written := make([]int, len(m.children)) // the link whose ticket is written beside the child, or -1
	for i, c := range m.children {
		written[i] = -1
		if c.Ticket != "" {
			addresses := recognise(c.Ticket)
			written[i] = slices.IndexFunc(m.links, func(l ticket.Link) bool { return leadsTo(l, c.Ticket, addresses) })
		}
	}
	for i, j := range written {
		switch {
		case j < 0:
		case m.taken[j] || m.isAnothers(i, j, written):
			m.doubt(i, m.children[i].Ticket+" is the ticket of another action of the document", j)
		default:
			m.join(i, j)
		}
	}
}

// isAnothers reports whether an action other than child i has the id of link j, or
// nearly its text while i does not, so that the ticket written beside i must be a slip.
func (m *matcher) isAnothers(i, j int, written []int) bool {
	id := idOf(m.links[j])
	if id != "" && id != m.children[i].ActionID && m.ids[id] {
		return true
	}
	if m.sameText(i, j) {
		return false
	}
	floor := max(closeEnough, m.near(i, j))
	for k, c := range m.children {
		if written[k] < 0 && (id == "" || c.ActionID == id) && m.near(k, j) > floor {
			return true
		}
	}
	return false
}

func leadsTo(l ticket.Link, written string, addresses []ticket.Address) bool {
	if !l.HasTicket() || l.State == ticket.StateRepeat { // the ticket of a repeat is the earlier action's
		return false
	}
	if written == l.URL || strings.EqualFold(written, l.Name) {
		return true
	}
	for _, a := range addresses {
		if a.Tracker == l.Tracker && a.Ref == l.Ref {
			return true
		}
	}
	return false
}

func (m *matcher) byID() {
	holder, byID := map[string]int{}, map[string]int{}
	for i, c := range m.children {
		if c.ActionID != "" && m.open(i) {
			holder[c.ActionID] = i
		}
	}
	for j, l := range m.links {
		if id := idOf(l); id != "" && !m.taken[j] {
			byID[id] = j
		}
	}
	m.slips(holder, byID)
	for id, i := range holder {
		if j, ok := byID[id]; ok && m.open(i) {
			m.join(i, j)
		}
	}
}

// idOf is the own id that a link's action had.
func idOf(l ticket.Link) string {
	if l.ActionID != "" {
		return l.ActionID
	}
	if !strings.HasPrefix(l.Key.Action, "~") {
		return l.Key.Action
	}
	return ""
}

// mayBe reports whether link j may be of an action although no id says so: an id was
// added or removed since, but no action has the one that the link had.
func (m *matcher) mayBe(j int) bool {
	id := idOf(m.links[j])
	return !m.taken[j] && (id == "" || !m.ids[id])
}

func (m *matcher) byText() {
	rows := map[string][]int{}
	for i, text := range m.now {
		if m.open(i) {
			rows[text] = append(rows[text], i)
		}
	}
	for i, text := range m.now {
		if !m.open(i) || rows[text][0] != i {
			continue
		}
		m.joinSame(rows[text], m.linksOf(rows[text], text))
	}
}

// linksOf lists the free links that the children with this folded text may be; retired
// ones only when there are no others.
func (m *matcher) linksOf(children []int, text string) []int {
	var live, retired []int
	for j, l := range m.links {
		// Of a recovered link the text is lost, and its key is the fingerprint of that text,
		// also when the action has been given an id since.
		same := m.old[j] == text || l.State == ticket.StateRecovered && (l.Key.Action == ticket.Fingerprint(text) ||
			slices.ContainsFunc(children, func(i int) bool { return m.children[i].Key == l.Key }))
		switch {
		case !same || !m.mayBe(j):
		case l.Retired.IsZero():
			live = append(live, j)
		default:
			retired = append(retired, j)
		}
	}
	if len(live) == 0 {
		return retired
	}
	return live
}

// joinSame joins children and links that all have one text: by key where keys agree,
// else in order. With fewer children than links one was removed, and which is not
// to be seen from the text.
func (m *matcher) joinSame(rows, links []int) {
	if len(links) > len(rows) && len(links) > 1 {
		for _, i := range rows {
			m.doubt(i, "several tickets were filed for this same text", links...)
		}
		m.reserve(links...)
		return
	}
	for _, i := range rows {
		for _, j := range links {
			if !m.taken[j] && m.links[j].Key == m.children[i].Key {
				m.join(i, j)
			}
		}
	}
	for _, i := range rows {
		for _, j := range links {
			if m.open(i) && !m.taken[j] {
				m.join(i, j)
			}
		}
	}
}

func (m *matcher) byClosest() {
	rows, columns := m.unjoined()
	t := m.closenessTable(rows, columns)
	for i, j := t.clearest(); i >= 0; i, j = t.clearest() {
		m.join(rows[i], columns[j])
		t.strike(i, j)
	}
	for i, row := range t {
		j, best := top(row)
		if best < 0 {
			continue // surely new
		}
		m.doubt(rows[i], fmt.Sprintf("it may be %s in new words", m.links[columns[j]].Key))
		for k, v := range row {
			if v >= 0 {
				m.maybe[columns[k]] = true
			}
		}
	}
}

// unjoined lists the children and the links that have not found each other.
func (m *matcher) unjoined() (children, links []int) {
	for i := range m.children {
		if m.open(i) {
			children = append(children, i)
		}
	}
	for j := range m.links {
		if !m.taken[j] {
			links = append(links, j)
		}
	}
	return children, links
}

// table holds the closeness of each open child (row) to each free link (column); -1
// where the two are strangers, cannot be one action, or are joined already.
type table [][]float64

func (m *matcher) closenessTable(rows, columns []int) table {
	if len(rows) == 0 || len(columns) == 0 {
		return nil
	}
	t := make(table, len(rows))
	for a, i := range rows {
		t[a] = make([]float64, len(columns))
		for b, j := range columns {
			t[a][b] = m.likely(i, j)
		}
	}
	return t
}

// likely is the closeness of child i and link j, -1 where they cannot be one action.
// Ids speak as well: two different ones rule it out that the two are joined, and an id
// on one side alone wants nearly the same words. What is close all the same is in doubt.
func (m *matcher) likely(i, j int) float64 {
	v := m.near(i, j)
	mine, its := m.children[i].ActionID != "", idOf(m.links[j]) != ""
	enough := stranger
	switch {
	case mine && its:
		enough = 1 + stranger
	case mine != its:
		enough = idless
	}
	switch {
	case !m.mayBe(j), v < stranger, v < enough && v < closeEnough:
		return -1
	case v < enough:
		return stranger
	}
	return v
}

// near is the closeness of the texts of child i and link j.
func (m *matcher) near(i, j int) float64 {
	if m.closeness.texts == nil {
		m.closeness = newCloseness(m.now, m.old)
	}
	return m.closeness.of(m.now[i], m.old[j])
}

// clearest returns the closest pair that is close enough and clearly the best of both
// its row and its column; -1, -1 when there is none.
func (t table) clearest() (int, int) {
	bi, bj, best := -1, -1, closeEnough
	for i, row := range t {
		j, v := top(row)
		if j >= 0 && v >= best && t.leads(i, j) {
			bi, bj, best = i, j, v
		}
	}
	return bi, bj
}

func (t table) leads(i, j int) bool {
	limit := t[i][j] - clearlyBest
	for k, v := range t[i] {
		if k != j && v > limit {
			return false
		}
	}
	for k := range t {
		if k != i && t[k][j] > limit {
			return false
		}
	}
	return true
}

func (t table) strike(i, j int) {
	for k := range t[i] {
		t[i][k] = -1
	}
	for k := range t {
		t[k][j] = -1
	}
}

func top(row []float64) (int, float64) {
	j, best := -1, -1.0
	for k, v := range row {
		if v > best {
			j, best = k, v
		}
	}
	return j, best
}
