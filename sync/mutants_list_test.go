//go:build mutants

package sync_test

// mutant is one way to break the engine: in this file, this text becomes that.
type mutant struct {
	breaks         string
	file, old, new string
}

func mutants() []mutant {
	return append(workerMutants(), planMutants()...)
}

// overHTTP names the breaks of the promises never twice, never clobber and second run is
// empty, which the histories over any tracker must notice.
func overHTTP() []string {
	return []string{
		"no intent is saved before a create",
		"a conflict is decided for the document",
		"what is wanted is compared with what is seen",
	}
}

func workerMutants() []mutant {
	return []mutant{
		{
			"no intent is saved before a create", "sync/create.go",
			"\tif err := r.save(ctx, intents); err != nil {\n\t\treturn nil, err\n\t}\n", "",
		},
		{
			"an intent is taken back although its ticket may be there", "sync/create.go",
			"case trackers.NothingDone(c.Err):", "case c.Err != nil:",
		},
		{
			"a child is filed although its parent is not there", "sync/create.go",
			"case !linked || parent.ref == \"\":\n\t\treturn \"\", false", "case !linked || parent.ref == \"\":\n\t\treturn \"\", true",
		},
		{
			"tickets of intents are not looked for under the lease", "sync/poll.go",
			"if err := p.find(ctx, slices.Sorted(maps.Keys(docs))); err != nil {", "if err := error(nil); err != nil {",
		},
		{
			"what is read afresh is not decided on", "sync/apply.go",
			"\t\t\tsums = append(sums, seen.Sum())\n", "",
		},
		{
			"nothing is decided anew under the lease", "sync/apply.go",
			"p := r.req.decide(in)", "p := r.plan",
		},
		{
			"documents that another process holds are written", "sync/apply.go",
			"return slices.Contains(r.lease.Documents, document) }))", "return document != \"\" }))",
		},
		{
			"documents that come up under the lease are not leased", "sync/apply.go",
			"if len(r.wanting(touched)) == 0 {", "if true {",
		},
		{
			"a place that a hierarchy refuses is asked for again", "sync/update.go",
			"case trackers.CodeOf(o.err) == trackers.Invalid && s.Patch.Parent != \"\":", "case false:",
		},
		{
			"the lease is not renewed", "sync/lease.go",
			"if r.lease.Expires.Sub(r.w.Now()) < r.w.ttl()/2 {", "if false {",
		},
		{
			"a write does not end with its lease", "sync/lease.go",
			"context.WithTimeout(context.WithoutCancel(ctx), r.lease.Expires.Sub(r.w.Now()))", "context.WithCancel(context.WithoutCancel(ctx))",
		},
		{
			"a lease that was lost is not noticed", "sync/lease.go",
			"\t\tif err != nil {\n\t\t\treturn nil, nil, fmt.Errorf(\"renew lease: %w\", err)\n\t\t}\n\t\tr.lease = lease\n",
			"\t\tif err != nil {\n\t\t\tlease = r.lease\n\t\t\tlease.Expires = r.w.Now().Add(r.w.ttl())\n\t\t}\n\t\tr.lease = lease\n",
		},
		{
			"a plan that is held back under the lease is carried out", "sync/apply.go",
			"\tif r.plan.Held != nil {\n\t\treturn nil\n\t}\n", "",
		},
		{
			"a tracker that refuses everything is asked on", "sync/apply.go",
			"\t\tr.stopped[tracker] = err\n", "",
		},
		{
			"what is tried is not saved", "sync/update.go",
			"\t\t\tlinks[i].Trying = s.Patch\n", "",
		},
		{
			"what was tried is forgotten although it may have landed", "sync/update.go",
			"case trackers.NothingDone(o.err):", "case o.err != nil:",
		},
		{
			"what the tracker answered is not remembered", "sync/update.go",
			"\t\tl.Got.Take(f, answered)\n", "",
		},
		{
			"fields that were not written count as asked", "sync/update.go",
			"for _, f := range written {\n\t\tasked.Take", "for _, f := range ticket.AllFields() {\n\t\tasked.Take",
		},
		{
			"what a repeat told is forgotten", "sync/repeat.go",
			"l.Told, l.Trying, l.Created = true,", "l.Told, l.Trying, l.Created = false,",
		},
		{
			"a raised priority counts as a person's", "sync/repeat.go",
			"\t\tearlier.Asked.Priority, earlier.Got.Priority = decided, decided\n", "",
		},
		{
			"the cursor is saved before what was read", "sync/poll.go",
			"\t\tif !p.observe(ctx, at, c.Seen) {\n", "\t\tprogress.Cursor = c.Cursor\n\t\tp.state = p.w.State.SaveProgress(ctx, p.name, *progress)\n\t\tif !p.observe(ctx, at, c.Seen) {\n",
		},
		{
			"tickets that share a marker are not read again", "sync/poll.go",
			"\trefs = append(refs, p.twins()...)\n", "",
		},
		{
			"tickets without our marker are not polled", "sync/poll.go",
			", e.Marker != e.Key:", ":",
		},
		{
			"open tickets are never swept", "sync/poll.go",
			"case sweep && !e.Finished:", "case false:",
		},
		{
			"documents that have to do with one another are decided apart", "sync/portion.go",
			"func (g *ground) join(i, j int) { g.group[g.leader(i)] = g.leader(j) }", "func (g *ground) join(i, j int) {}",
		},
		{
			"the guard counts one portion", "sync/worker.go",
			"\t\textent.Add(some.Steps, approved)\n", "\t\textent = plan.Extent{}\n\t\textent.Add(some.Steps, approved)\n",
		},
		{
			"what a repeat repeats is not recalled", "sync/memory.go",
			"if of := l.Of.Document; of != \"\"", "if of := l.Of.Document; of == \".\"",
		},
	}
}

func planMutants() []mutant {
	return []mutant{
		{
			"what is wanted is compared with what is seen", "sync/plan/decide.go",
			"d.seen.Fields.Text(f) != d.link.Got.Text(f)\n\tunmet", "d.seen.Fields.Text(f) != wanted.Text(f)\n\tunmet",
		},
		{
			"a conflict is decided for the document", "sync/plan/decide.go",
			"case documentChanged && trackerChanged && mode == Theirs:", "case documentChanged && trackerChanged && mode == Theirs && false:",
		},
		{
			"an agreement is not remembered", "sync/plan/decide.go",
			"\t\td.link.Got.Take(f, d.seen.Fields)\n\t}\n\td.link.Basis", "\t}\n\td.link.Basis",
		},
		{
			"labels that people added are taken away", "sync/plan/decide.go",
			"d.dropLabels(minus(d.link.Asked.Labels, d.wanted.Fields.Labels))", "d.dropLabels(minus(d.seen.Fields.Labels, d.wanted.Fields.Labels))",
		},
		{
			"a refused value is tried again at once", "sync/plan/decide.go",
			"(u.Basis == basis || d.now.Sub(u.At) < RetryUnmet)", "false",
		},
		{
			"a person's edit during a crash counts as ours", "sync/plan/decide.go",
			"if moved && resembles(f, t.To, d.seen.Fields) {", "if moved {",
		},
		{
			"what landed before a crash counts as a person's", "sync/plan/filed.go",
			"\tdec.settleTrying()\n\tif l.State == ticket.StateFiled {", "\tif l.State == ticket.StateFiled {",
		},
		{
			"a refused value counts as asked", "sync/plan/dropped.go",
			"\t\tasked.Take(u.Field, ticket.Fields{})\n\t\tdelete(basis, u.Field)\n", "",
		},
		{
			"a dropped label is not noticed", "sync/plan/dropped.go",
			"len(lost) > 0", "len(lost) > 99",
		},
		{
			"an intent is filed again before its ticket must be visible", "sync/plan/filed.go",
			"return len(m.marked[l.Key]) == 0 && !m.in.Looked[l.Tracker].After(m.visible(l))", "return false",
		},
		{
			"a ticket that was found for an intent is not taken", "sync/plan/filed.go",
			"if found := m.carriers(l.Key); len(found) > 0 {\n\t\treturn m.found(", "if found := m.carriers(l.Key); len(found) > 99 {\n\t\treturn m.found(",
		},
		{
			"a second ticket with one marker is written on", "sync/plan/filed.go",
			"case len(others) > 0:", "case len(others) > 99:",
		},
		{
			"a ticket that is gone is filed again", "sync/plan/filed.go",
			"\tl, ok := m.reach(w.Place, l)\n\tif !ok {\n\t\treturn\n", "\tl, ok := m.reach(w.Place, l)\n\tif !ok {\n\t\tif !m.known(l).Gone.IsZero() {\n\t\t\tm.create(d, w, l.Tracker)\n\t\t}\n\t\treturn\n",
		},
		{
			"a ticket that moved is not followed", "sync/plan/filed.go",
			"len(others) != 1", "len(others) != 99",
		},
		{
			"a ticket is followed to a tracker that was not read", "sync/plan/filed.go",
			"if !m.open(place, now) {", "if !m.open(place, l) {",
		},
		{
			"an adopted ticket waits for a parent that was let go", "sync/plan/filed.go",
			"if m.topless(d, dec.link.Tracker) {", "if false {",
		},
		{
			"a recovered parent is nobody's while other documents are decided", "sync/plan/make.go",
			"if d.parent != nil && d.parent.State == ticket.StateRecovered {", "if false {",
		},
		{
			"a marker that is there is filed again", "sync/plan/create.go",
			"if twins := m.carriers(w.Key); len(twins) > 0 {", "if twins := m.carriers(w.Key); len(twins) > 99 {",
		},
		{
			"a child is filed while its parent's outcome is unknown", "sync/plan/create.go",
			"case p.State == ticket.StateIntent && m.waiting(p):", "case false:",
		},
		{
			"an adopted ticket is taken from its parent", "sync/plan/create.go",
			"below := seen.Parent == \"\" && ", "below := ",
		},
		{
			"a ticket is adopted twice", "sync/plan/create.go",
			"if k, ok := m.owner[address]; ok {", "if k, ok := m.owner[address]; ok && false {",
		},
		{
			"a priority is raised although a person had set it", "sync/plan/repeat.go",
			"free := earlier.State == ticket.StateFiled && from == earlier.Got.Priority", "free := earlier.State == ticket.StateFiled",
		},
		{
			"a repeat is decided again", "sync/plan/repeat.go",
			"if !l.Told {", "if true {",
		},
		{
			"a repeat of unfinished work gets a ticket of its own", "sync/plan/repeat.go",
			"if m.known(l).Seen.Status.Finished() {", "if true {",
		},
		{
			"a recovered ticket is not waited for", "sync/plan/make.go",
			"case unmatched != \"\":", "case false:",
		},
		{
			"markers are not looked at after a lost state", "sync/plan/make.go",
			"\tm.recover(d)\n", "",
		},
		{
			"two documents with one id are both acted on", "sync/plan/make.go",
			"\t\t\tm.breakDocument(twin, why)\n\t\t\tm.breakDocument(d, why)\n", "\t\t\t_ = why\n",
		},
		{
			"a draft is filed", "sync/plan/make.go",
			"case d.hold != \"\":", "case false:",
		},
		{
			"a missing document's tickets are retired unasked", "sync/plan/leftover.go",
			"if m.in.Options.Retire {", "if true {",
		},
		{
			"a document under a new id is filed again", "sync/plan/leftover.go",
			"if len(m.linksOf[d.tree.Document]) > 0 {\n\t\treturn \"\"", "if true {\n\t\treturn \"\"",
		},
		{
			"a ticket is told that its action left while that is in doubt", "sync/plan/make.go",
			"!d.identity.maybe[j] && ", "",
		},
		{
			"a ticket is told again that its action left", "sync/plan/leftover.go",
			"if ok && l.Retired.IsZero() {", "if ok {",
		},
		{
			"ids that were given out again are followed", "sync/plan/identity.go",
			"\tm.slips(holder, byID)\n", "",
		},
		{
			"any text is close enough", "sync/plan/identity.go",
			"closeEnough = 0.34", "closeEnough = 0.0",
		},
		{
			"no text is a stranger's", "sync/plan/identity.go",
			"stranger    = 0.22", "stranger    = 0.0",
		},
		{
			"the best of two texts that fit is taken", "sync/plan/identity.go",
			"clearlyBest = 0.15", "clearlyBest = 0.0",
		},
		{
			"one of several tickets for the same text is guessed", "sync/plan/identity.go",
			"if len(links) > len(rows) && len(links) > 1 {", "if false {",
		},
		{
			"every portion tells what is missing", "sync/plan/leftover.go",
			"if m.in.Rest != nil && !m.in.Rest.Missing[id] {", "if false {",
		},
		{
			"the guard counts nothing", "sync/plan/guard.go",
			"e.creations++", "_ = e",
		},
	}
}
