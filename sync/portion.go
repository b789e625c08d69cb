package sync

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"percolate/sync/plan"
	"percolate/ticket"
)

// DefaultPortion is how many documents are decided and written together as a rule: enough
// for the batches of every tracker, and few enough to take little memory.
const DefaultPortion = 100

// portion is documents that are decided together, with all that they have to do with.
type portion struct {
	trees   []int    // of the run's documents
	beside  []string // further documents whose links count
	missing []string // documents that were not read and have links, of which this portion tells
	whole   bool     // it is all there is
}

// ground is what is known of all documents of a run while they are looked at in portions.
type ground struct {
	req     Request
	size    int             // of a portion
	order   []int           // of the documents: by id, then by path
	read    map[string]bool // the ids of the documents
	broken  map[string]bool // the paths of those that cannot be acted on
	linked  map[string]bool // the documents that have links
	missing []string        // those of them that were not read, in order
	tracked int             // tickets

	group  []int            // by document: another one of its group, itself for one of them; see leader
	beside map[int][]string // by document: others that were not read and that it has to do with
}

// survey looks over all documents and all that is remembered of tickets.
func (w *Worker) survey(ctx context.Context, req Request) (*ground, error) {
	roster, err := w.State.Roster(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the roster: %w", err)
	}
	g := &ground{
		req: req, size: cmp.Or(w.Portion, DefaultPortion), read: map[string]bool{}, broken: map[string]bool{},
		linked: map[string]bool{}, beside: map[int][]string{},
	}
	at := g.documents()
	for _, e := range roster {
		if e.State != "" {
			g.linked[e.Key.Document] = true
		}
		if e.Owns() {
			g.tracked++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(g.linked)) {
		if !g.read[id] {
			g.missing = append(g.missing, id)
		}
	}
	g.relate(at, roster, func(name string) []ticket.Address { return plan.Addresses(w.infos(), name) })
	return g, nil
}

// documents takes the heads in, and returns where the first document of each id is.
func (g *ground) documents() map[string]int {
	docs := g.req.Documents
	at := make(map[string]int, docs.Len())
	for i := range docs.Len() {
		h := docs.Head(i)
		g.order, g.group = append(g.order, i), append(g.group, i)
		g.read[h.Document] = true
		if h.Broken {
			g.broken[h.Path] = true
		}
		if first, twin := at[h.Document]; !twin {
			at[h.Document] = i
		} else if h.Document != "" { // of neither can it be said whose the tickets are
			g.join(first, i)
			g.broken[h.Path], g.broken[docs.Head(first).Path] = true, true
		}
	}
	delete(at, "")
	delete(g.read, "")
	slices.SortFunc(g.order, func(a, b int) int {
		x, y := docs.Head(a), docs.Head(b)
		return cmp.Or(cmp.Compare(x.Document, y.Document), cmp.Compare(x.Path, y.Path), cmp.Compare(a, b))
	})
	return at
}

// relate groups documents that have to do with one another: one names a ticket or an
// action of another, or two name the same ticket, or a ticket of one carries the marker of
// another. What they get depends on each other, so they are decided together.
func (g *ground) relate(at map[string]int, roster []Entry, addresses func(name string) []ticket.Address) {
	named := false
	for i := range g.group {
		named = named || len(g.req.Documents.Head(i).Names) > 0
	}
	owner := map[ticket.Address]string{}
	for _, e := range roster {
		if named && (e.Owns() || e.State == "") { // one without a link may be found to be its marker's
			owner[e.At] = e.Key.Document
		}
		if e.State != "" && e.Marker != (ticket.Key{}) && e.Marker.Document != e.Key.Document {
			g.joinDocuments(at, e.Key.Document, e.Marker.Document)
		}
	}
	namedBy := map[ticket.Address]int{}
	for i := range g.group {
		for _, name := range g.req.Documents.Head(i).Names {
			g.joinTo(at, i, ticket.ParseKey(name).Document)
			for _, a := range addresses(name) {
				if other, twice := namedBy[a]; twice {
					g.join(i, other)
				}
				namedBy[a] = i
				g.joinTo(at, i, owner[a])
			}
		}
	}
}

// joinDocuments joins two documents, of which any may not have been read.
func (g *ground) joinDocuments(at map[string]int, a, b string) {
	if i, read := at[a]; read {
		g.joinTo(at, i, b)
	} else if j, read := at[b]; read {
		g.joinTo(at, j, a)
	}
}

// joinTo joins document i to the one of an id, if there is one.
func (g *ground) joinTo(at map[string]int, i int, id string) {
	if j, read := at[id]; read {
		g.join(i, j)
	} else if g.linked[id] {
		g.beside[i] = append(g.beside[i], id)
	}
}

func (g *ground) join(i, j int) { g.group[g.leader(i)] = g.leader(j) }

// leader is the one document that stands for a group.
func (g *ground) leader(i int) int {
	for g.group[i] != i {
		g.group[i] = g.group[g.group[i]]
		i = g.group[i]
	}
	return i
}

// portions puts the documents of which wanted accepts an id into portions, with all of
// their groups: first those that were read, in order, then those that are missing.
func (g *ground) portions(wanted func(id string) bool) []portion {
	groups, sought := map[int][]int{}, map[int]bool{}
	for _, i := range g.order {
		l := g.leader(i)
		groups[l] = append(groups[l], i)
		sought[l] = sought[l] || wanted(g.req.Documents.Head(i).Document)
	}
	var out []portion
	var next portion
	for _, i := range g.order {
		l := g.leader(i)
		members := groups[l]
		delete(groups, l)
		if len(members) == 0 || !sought[l] {
			continue
		}
		if len(next.trees) > 0 && len(next.trees)+len(members) > g.size {
			out, next = append(out, next), portion{}
		}
		next.trees = append(next.trees, members...)
		for _, m := range members {
			next.beside = append(next.beside, g.beside[m]...)
		}
	}
	if len(next.trees) > 0 {
		out = append(out, next)
	}
	return append(out, g.absent(wanted)...)
}

// absent are the portions of documents that are missing.
func (g *ground) absent(wanted func(id string) bool) []portion {
	if !g.req.Whole {
		return nil
	}
	ids := slices.DeleteFunc(slices.Clone(g.missing), func(id string) bool { return !wanted(id) })
	var out []portion
	for part := range slices.Chunk(ids, g.size) {
		out = append(out, portion{missing: part})
	}
	return out
}

// ids are the documents whose links and tickets a portion is decided from. A document
// without links may be one of those that are missing under a new id.
func (g *ground) ids(p portion) []string {
	ids := slices.Concat(p.beside, p.missing)
	fresh := false
	for _, i := range p.trees {
		if id := g.req.Documents.Head(i).Document; id != "" {
			ids = append(ids, id)
			fresh = fresh || !g.linked[id]
		}
	}
	if fresh {
		ids = append(ids, g.missing...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// trees unpacks those of a portion.
func (g *ground) trees(p portion) []ticket.Tree {
	out := make([]ticket.Tree, 0, len(p.trees))
	for _, i := range p.trees {
		out = append(out, g.req.Documents.Tree(i))
	}
	return out
}

// rest is what a portion has to know of the other documents.
func (g *ground) rest(p portion) *plan.Rest {
	if p.whole {
		return nil
	}
	missing := make(map[string]bool, len(p.missing))
	for _, id := range p.missing {
		missing[id] = true
	}
	return &plan.Rest{Read: g.read, Broken: g.broken, Missing: missing}
}
