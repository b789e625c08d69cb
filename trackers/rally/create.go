package rally

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"percolate/ticket"
	"percolate/trackers"
)

// filing is one Create under way: an item for each ticket.
type filing struct {
	t       *Tracker
	batch   []trackers.Creation
	drafts  []*draft
	tickets []artifact // once filed
	rounds  []int      // how often an item met another write
	done    []trackers.Created
}

// Create files tickets, fifty in a request. A ticket of which Rally refuses a value that
// it can do without is filed without it.
func (t *Tracker) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	f := &filing{
		t: t, batch: batch, drafts: make([]*draft, len(batch)), tickets: make([]artifact, len(batch)),
		rounds: make([]int, len(batch)), done: make([]trackers.Created, len(batch)),
	}
	if len(batch) == 0 {
		return f.done
	}
	if err := f.compose(ctx); err != nil {
		for i := range f.done {
			f.done[i] = trackers.Created{Err: t.plain("create", err)}
		}
		return f.done
	}
	for waiting := f.waiting(); len(waiting) > 0; waiting = f.waiting() {
		var group sync.WaitGroup // the parts share nothing, and our client bounds what is under way
		for part := range slices.Chunk(waiting, batchMax) {
			group.Go(func() { f.send(ctx, part) })
		}
		group.Wait()
	}
	f.readBack(ctx, f.collect(ctx))
	return f.done
}

// parents are those of some items.
func (f *filing) parents(items []int) []ticket.Ref {
	refs := make([]ticket.Ref, len(items))
	for n, i := range items {
		refs[n] = f.batch[i].Parent
	}
	return refs
}

// compose drafts all tickets. An error means that none can be filed now.
func (f *filing) compose(ctx context.Context) error {
	if err := f.learn(ctx); err != nil {
		return err
	}
	for i, c := range f.batch {
		d, err := f.t.compose(ctx, c)
		f.drafts[i] = d
		if trackers.CodeOf(err) == trackers.Invalid {
			f.done[i].Err = f.t.plain("create", err)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// waiting are the items that are neither filed nor given up.
func (f *filing) waiting() (items []int) {
	for i := range f.drafts {
		if f.tickets[i].id() == 0 && f.done[i].Err == nil {
			items = append(items, i)
		}
	}
	return items
}

// send files some tickets in one request and sorts out what became of each.
func (f *filing) send(ctx context.Context, items []int) {
	carried := !f.t.bare()
	entries := make([]entry, len(items))
	for n, i := range items {
		d := f.drafts[i]
		entries[n] = entry{Path: "/" + string(d.typ) + "/create", Method: "POST", Body: map[string]any{string(d.typ): d.body(carried)}}
	}
	unlock := f.t.families.lock(f.parents(items)...)
	all, warnings, err := f.t.batch(ctx, "create", entries)
	unlock()
	if err != nil {
		for _, i := range items {
			f.done[i].Err = f.t.plain("create", err)
		}
		return
	}
	var met []int
	for n, i := range items {
		if isConflict(all[n].Errors) {
			met = append(met, i)
			continue
		}
		f.sort(ctx, i, all[n], warnings, carried)
	}
	f.met(ctx, met)
}

// sort decides what one answer means for its ticket.
func (f *filing) sort(ctx context.Context, i int, got filed, warnings []string, carried bool) {
	d := f.drafts[i]
	switch {
	case len(got.Errors) > 0:
		f.refused(ctx, i, got.Errors, carried)
	case got.Object.id() == 0:
		f.done[i].Err = f.t.fail("create", trackers.UnknownOutcome, "Rally neither refused the ticket nor said which it is")
	default:
		f.tickets[i] = got.Object
		d.warned(append(slices.Clone(got.Warnings), warnings...))
	}
}

// refused leaves out what Rally did not like of a ticket, so that it is tried once more
// without, or gives it up.
func (f *filing) refused(ctx context.Context, i int, reasons []string, carried bool) {
	d := f.drafts[i]
	if carried && len(blamed(reasons, slices.Collect(maps.Keys(d.adds)))) > 0 {
		f.t.laysBare()
		return
	}
	again, err := d.concede(ctx, "create", reasons)
	switch {
	case err != nil:
		f.done[i].Err = f.t.plain("create", err)
	case !again:
		f.done[i].Err = f.t.fail("create", meaning(reasons), "%s", joined(reasons))
	}
}

// maxRounds is how often a write that met another one is tried.
const maxRounds = 8

// met looks for tickets whose create met another write. Rally says that they were not
// made, and that is believed once they were not found.
func (f *filing) met(ctx context.Context, items []int) {
	for part := range slices.Chunk(items, findDocuments) {
		keys := make([]query, len(part))
		for n, i := range part {
			keys[n] = is("Notes", "contains", f.t.marks.key(f.batch[i].Key))
		}
		there := map[ticket.Key]artifact{}
		var failed error
		for p, err := range f.t.artifacts(ctx, "create", anyOf(keys)) {
			failed = err
			for _, a := range p.artifacts {
				there[f.t.marks.read(a.Notes)] = a
			}
		}
		for _, i := range part {
			a, found := there[f.batch[i].Key]
			f.rounds[i]++
			switch {
			case failed != nil:
				f.done[i].Err = f.t.partly("create", true, failed)
			case found:
				f.tickets[i] = a
			case f.rounds[i] >= maxRounds:
				f.done[i].Err = f.t.fail("create", trackers.Invalid, "Rally refused it %d times, since others changed its parent at the same time", maxRounds)
			}
		}
	}
}

// lacksCollections reports whether a ticket does not hold all that its draft adds.
func (f *filing) lacksCollections(i int) bool {
	a, d := &f.tickets[i], f.drafts[i]
	return a.Tags.Count < len(d.adds["Tags"]) || a.Milestones.Count < len(d.adds["Milestones"])
}

// collect adds to the tickets what their batch did not carry, and returns which it
// changed. Families are written side by side, and the members of one after another.
func (f *filing) collect(ctx context.Context) map[int]bool {
	changed := map[int]bool{}
	families := map[ticket.Ref][]int{}
	for i := range f.tickets {
		if f.tickets[i].id() != 0 && f.done[i].Err == nil && f.lacksCollections(i) {
			changed[i] = true
			family := cmp.Or(f.batch[i].Parent, ticket.Ref(f.tickets[i].id().String())) // a parent's own, or its parent's
			families[family] = append(families[family], i)
		}
	}
	var group sync.WaitGroup
	for family, items := range families {
		group.Go(func() {
			defer f.t.families.lock(family)()
			for _, i := range items {
				f.addCollections(ctx, i)
			}
		})
	}
	group.Wait()
	return changed
}

// addCollections adds what is missing. The ticket is there, so a failure is told of the
// field alone.
func (f *filing) addCollections(ctx context.Context, i int) {
	a, d := &f.tickets[i], f.drafts[i]
	have := map[string]int{"Tags": a.Tags.Count, "Milestones": a.Milestones.Count}
	for _, name := range slices.Sorted(maps.Keys(d.adds)) {
		if have[name] >= len(d.adds[name]) {
			continue
		}
		if err := f.t.collectAgain(ctx, "create", d.typ, a.id(), name, "add", d.adds[name]); err != nil {
			field, _ := d.field(name)
			d.unmet = append(d.unmet, ticket.Unmet{Field: field, Value: d.asked.Text(field), Reason: err.Error(), At: f.t.opt.Now()})
		}
	}
}

// readBack folds what was filed. Answers that do not show the ticket as it stands are
// read in bulk. A ticket that is filed and cannot be read is an unknown outcome: the
// next run looks for it.
func (f *filing) readBack(ctx context.Context, changed map[int]bool) {
	asOf := f.t.opt.Now()
	var filedOnes []artifact
	var again []ticket.Ref
	for i := range f.tickets {
		if f.tickets[i].id() == 0 || f.done[i].Err != nil {
			continue
		}
		if changed[i] || f.tickets[i].thin() {
			again = append(again, ticket.Ref(f.tickets[i].id().String()))
		} else {
			filedOnes = append(filedOnes, f.tickets[i])
		}
	}
	zone, err := f.t.zoneFor(ctx, "create", filedOnes)
	var got map[ticket.Ref]ticket.Seen
	if err == nil {
		got, err = f.t.read(ctx, "create", again)
	}
	for i := range f.tickets {
		if f.tickets[i].id() == 0 || f.done[i].Err != nil {
			continue
		}
		if err != nil {
			f.done[i].Err = f.t.partly("create", true, err)
			continue
		}
		s, ok := got[ticket.Ref(f.tickets[i].id().String())]
		switch {
		case !changed[i] && !f.tickets[i].thin():
			s = f.t.fold(&f.tickets[i], zone, asOf)
		case !ok:
			f.done[i].Err = f.t.fail("create", trackers.UnknownOutcome, "ticket %s was filed and cannot be read back", f.tickets[i].id())
			continue
		}
		f.done[i].Seen, f.done[i].Unmet = s, f.drafts[i].unmet
	}
}
