package sync_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	statememory "percolate/store/memory"
	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

// What follows are promises that need an exact moment, or a count, which random
// histories meet too seldom. Each runs in a bubble, in which hours pass at once.

// place is one state and one tracker, and the percolate processes that share them.
type place struct {
	t     *testing.T
	state *statememory.State
	mem   *memory.Tracker
}

func in(t *testing.T, opts memory.Options, test func(*place)) {
	synctest.Test(t, func(t *testing.T) {
		opts.Name, opts.Now = "mem", time.Now
		test(&place{t: t, state: statememory.New(time.Now), mem: memory.New(opts)})
	})
}

// worker is a process that starts a minute later; change puts something between it and
// its state or tracker.
func (p *place) worker(holder string, change ...func(*persync.Worker)) *persync.Worker {
	time.Sleep(time.Minute)
	w := &persync.Worker{
		Trackers: map[string]trackers.Tracker{"mem": p.mem}, State: p.state,
		Policy: plan.Policy{Guard: plan.DefaultGuard(), Basis: "people 1"}, Now: time.Now, Holder: holder,
	}
	for _, c := range change {
		c(w)
	}
	return w
}

func (p *place) sync(docs ...*modelDocument) persync.Result {
	p.t.Helper()
	r, err := p.worker("anybody").Run(p.t.Context(), asked(docs...))
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// asked is a request to sync these documents.
func asked(docs ...*modelDocument) persync.Request {
	var trees persync.Trees
	for _, d := range docs {
		trees = append(trees, d.tree(mapRules{}))
	}
	return persync.Request{Documents: trees, Whole: true}
}

// actions is a document with n actions.
func actions(n int) *modelDocument {
	d := &modelDocument{id: "PER-1", path: "per/1.md", title: "Event", severity: "2"}
	for i := range n {
		d.actions = append(d.actions, &modelAction{uid: i + 1, id: fmt.Sprintf("A%d", i+1), text: fmt.Sprintf("Action %d", i+1), kind: ticket.KindStory, due: "2000-03-01"})
	}
	return d
}

// once holds the first call up for ten minutes, five times as long as a lease.
type once struct{ late bool }

func (o *once) hold() {
	if !o.late {
		o.late = true
		time.Sleep(10 * time.Minute)
	}
}

// slowTracker suspends the process on its way to the first create, or back from the
// first update.
type slowTracker struct {
	trackers.Tracker
	create, update *once
}

// Info has one write at a time under way.
func (s slowTracker) Info() trackers.Info {
	info := s.Tracker.Info()
	info.Parallel = 1
	return info
}

func (s slowTracker) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	if s.create != nil {
		s.create.hold()
	}
	return s.Tracker.Create(ctx, batch)
}

func (s slowTracker) Update(ctx context.Context, base ticket.Seen, p ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	seen, unmet, err := s.Tracker.Update(ctx, base, p)
	if s.update != nil {
		s.update.hold()
	}
	return seen, unmet, err
}

func TestAProcessSuspendedPastItsLeaseFilesNothingMore(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		d := actions(2)
		slow := p.worker("slow", func(w *persync.Worker) { w.Trackers["mem"] = slowTracker{Tracker: p.mem, create: &once{}} })
		go func() {
			time.Sleep(5 * time.Minute)
			p.sync(d)
		}()
		_, err := slow.Run(t.Context(), asked(d))
		synctest.Wait()
		for key, n := range p.mem.Creations() {
			if n != 1 {
				t.Errorf("%s was filed %d times (%v)", key, n, err)
			}
		}
		if len(p.mem.Tickets()) != 3 {
			t.Errorf("%d tickets, want 3", len(p.mem.Tickets()))
		}
	})
}

func TestAProcessThatLostItsLeaseWritesNothingMore(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		d := actions(3)
		p.sync(d)
		for _, a := range d.actions {
			a.due = "2000-04-01"
		}
		slow := p.worker("slow", func(w *persync.Worker) { w.Trackers["mem"] = slowTracker{Tracker: p.mem, update: &once{}} })
		go func() {
			time.Sleep(5 * time.Minute)
			p.sync(d)
			for _, k := range p.mem.Tickets() {
				p.mem.Edit(k.Ref, func(k *memory.Ticket) { k.Fields.Due = "2001-01-01" })
			}
		}()
		_, err := slow.Run(t.Context(), asked(d))
		synctest.Wait()
		for _, k := range p.mem.Tickets() {
			if k.Fields.Due != "2001-01-01" {
				t.Errorf("a person set %s to be due in 2001, and it is %s", k.Name, k.Fields.Due)
			}
		}
		if !errors.Is(err, persync.ErrFenced) {
			t.Errorf("the process that came late says %v", err)
		}
	})
}

func TestADocumentThatAnotherProcessHoldsIsLeftAloneAndTheOthersAreDone(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		held, free := actions(1), actions(1)
		free.id, free.path, free.actions[0].text = "PER-2", "per/2.md", "Another action"
		if _, err := p.state.Lease(t.Context(), []string{held.id}, "another", time.Hour); err != nil {
			t.Fatal(err)
		}
		r, err := p.worker("anybody").Run(t.Context(), asked(held, free))
		if err != nil || !found(r, ticket.FindBusy) || !r.Partly() {
			t.Errorf("%v; findings %v", err, r.Findings)
		}
		for _, k := range p.mem.Tickets() {
			if k.Key.Document != free.id {
				t.Errorf("%s was filed", k.Key)
			}
		}
		if len(p.mem.Tickets()) != 2 {
			t.Errorf("%d tickets of the other document, want 2", len(p.mem.Tickets()))
		}
	})
}

func TestARunThatTakesLongerThanItsLeaseKeepsIt(t *testing.T) {
	slow := func(m memory.Moment, _ int) memory.Fault {
		if m == memory.BeforeCreate {
			time.Sleep(40 * time.Second)
		}
		return memory.Fault{}
	}
	in(t, memory.Options{Batch: 1, Fault: slow}, func(p *place) {
		r := p.sync(actions(12))
		if r.Partly() || len(p.mem.Tickets()) != 13 {
			t.Errorf("%d tickets, want 13; findings %v", len(p.mem.Tickets()), r.Findings)
		}
	})
}

// conflicts are what a sync shows after the author gave the action A1 another title.
func (p *place) conflicts(d *modelDocument, title string) (fields []ticket.Field) {
	p.t.Helper()
	d.actions[0].text = title
	for _, f := range p.sync(d).Findings {
		if f.Kind == ticket.FindConflict {
			fields = append(fields, f.Field)
		}
	}
	return fields
}

func TestOurOwnWritesAreNeverTakenForAPersons(t *testing.T) {
	lost := false
	loses := func(m memory.Moment, _ int) memory.Fault {
		if lost && m == memory.AfterUpdate {
			return memory.Fault{Code: trackers.UnknownOutcome}
		}
		return memory.Fault{}
	}
	in(t, memory.Options{TitleMax: 20, Wrap: 10, LowerLabels: true, Fault: loses}, func(p *place) {
		d := actions(1)
		p.sync(d)
		for i, title := range []string{"A second title, which is cut", "A third title, which is cut too", "And a fourth one, cut as well", "Short"} {
			lost = i%2 == 0
			if found := p.conflicts(d, title); len(found) > 0 {
				t.Errorf("nobody but us wrote, and %q is a conflict of %v", title, found)
			}
			lost = false
			if found := p.conflicts(d, title); len(found) > 0 {
				t.Errorf("nobody but us wrote, and %q is a conflict of %v in the next run", title, found)
			}
			if got := p.mem.Tickets()[1].Fields.Title; got[:5] != title[:5] {
				t.Errorf("the title is %q, want %q", got, title)
			}
		}
	})
}

func TestATrackerThatRefusesEverythingIsNotAskedOn(t *testing.T) {
	for _, code := range []trackers.Code{trackers.RateLimit, trackers.Denied, trackers.Unavailable} {
		refuse := false
		fault := func(m memory.Moment, _ int) memory.Fault {
			if refuse && (m == memory.BeforeUpdate || m == memory.BeforeCreate) {
				return memory.Fault{Code: code}
			}
			return memory.Fault{}
		}
		in(t, memory.Options{Batch: 1, Fault: fault}, func(p *place) {
			d := actions(20)
			p.sync(d)
			refuse = true
			for _, a := range d.actions[:10] {
				a.due = "2000-04-01"
			}
			r, err := p.worker("anybody").Run(t.Context(), persync.Request{Documents: asked(d).Documents, Whole: true, Options: plan.Options{Force: true}})
			if err != nil || !r.Partly() || len(r.Done) != 10 {
				t.Errorf("%s: %d steps, partly %v, %v", code, len(r.Done), r.Partly(), err)
			}
			if n, most := p.mem.Moments()[memory.BeforeUpdate], p.mem.Info().Parallel; n > most {
				t.Errorf("%s: the tracker refused, and was asked %d times", code, n)
			}
		})
	}
}

// forgetful is a state that cannot take what was read, once.
type forgetful struct {
	persync.State
	failed bool
}

func (s *forgetful) Observe(ctx context.Context, seen ...ticket.Seen) error {
	if !s.failed {
		s.failed = true
		return errors.New("the disk is full")
	}
	return s.State.Observe(ctx, seen...)
}

func TestWhatCouldNotBeRememberedIsReadAgain(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		p.sync(actions(1))
		ref := p.mem.Tickets()[1].Ref
		p.mem.Close(ref, ticket.StatusDone)
		w := p.worker("anybody", func(w *persync.Worker) { w.State = &forgetful{State: p.state} })
		if _, err := w.Poll(t.Context()); err == nil {
			t.Fatal("the state failed, and the poll did not")
		}
		if _, err := w.Poll(t.Context()); err != nil {
			t.Fatal(err)
		}
		known, err := p.state.Known(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := known[ticket.Address{Tracker: "mem", Ref: ref}].Seen.Status; got != ticket.StatusDone {
			t.Errorf("the ticket is done, and known to be %s", got)
		}
	})
}

func TestADuplicateIsSettledByDeletingEitherTicket(t *testing.T) {
	for _, first := range []bool{true, false} {
		in(t, memory.Options{}, func(p *place) {
			d := actions(1)
			p.sync(d)
			ref := p.mem.Tickets()[1].Ref
			other := p.mem.Duplicate(ref)
			if r := p.sync(d); !found(r, ticket.FindDuplicate) {
				t.Fatalf("no finding: %v", r.Findings)
			}
			if first {
				other = ref
			}
			p.mem.Delete(other)
			for range 3 {
				p.sync(d)
			}
			if r := p.sync(d); found(r, ticket.FindDuplicate) || found(r, ticket.FindGone) || len(r.Done) > 0 {
				t.Errorf("deleted %s: there still is %v", other, r.Findings)
			}
		})
	}
}

func found(r persync.Result, kind ticket.FindingKind) bool {
	return slices.ContainsFunc(r.Findings, func(f ticket.Finding) bool { return f.Kind == kind })
}

func TestAnAdoptedTicketIsPolledAlthoughItHasNoMarker(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		ref := p.mem.Open("By hand", "A person's text.")
		d := actions(2)
		d.actions[0].names = p.mem.Tickets()[0].Name
		p.sync(d)
		p.mem.Close(ref, ticket.StatusDone)
		p.sync(d)
		known, err := p.state.Known(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := known[ticket.Address{Tracker: "mem", Ref: ref}].Seen.Status; got != ticket.StatusDone {
			t.Errorf("the ticket is done, and known to be %s", got)
		}
	})
}

func TestAPlanThatIsHeldBackWritesNothingUntilItIsApproved(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		d := actions(60)
		if r := p.sync(d); r.Plan.Held == nil || len(p.mem.Tickets()) > 0 {
			t.Fatalf("%d tickets were filed; held %v", len(p.mem.Tickets()), r.Plan.Held)
		}
		w := p.worker("anybody")
		small, err := w.Plan(t.Context(), asked(actions(1)))
		if err != nil {
			t.Fatal(err)
		}
		if r, err := w.Apply(t.Context(), asked(d), small); err != nil || r.Plan.Held == nil || len(p.mem.Tickets()) > 0 {
			t.Errorf("it was small when it was made, and %d tickets were filed; %v", len(p.mem.Tickets()), err)
		}
		large, err := w.Plan(t.Context(), asked(d))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Approve(t.Context(), large); err != nil {
			t.Fatal(err)
		}
		if r := p.sync(d); r.Plan.Held != nil || len(p.mem.Tickets()) != 61 {
			t.Errorf("it was approved, and %d tickets were filed", len(p.mem.Tickets()))
		}
	})
}

func TestDocumentsThatComeUpUnderTheLeaseAreLeasedAsWell(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		first, second := actions(1), actions(1)
		second.id, second.path, second.actions[0].text = "PER-2", "per/2.md", "Another action"
		second.actions = append(second.actions, &modelAction{uid: 9, id: "A9", text: "The same once more", kind: ticket.KindStory, repeats: "PER-1/A1"})
		w := p.worker("anybody")
		planned, err := w.Plan(t.Context(), asked(first))
		if err != nil {
			t.Fatal(err)
		}
		r, err := w.Apply(t.Context(), asked(first, second), planned)
		if err != nil || r.Partly() || len(p.mem.Tickets()) != 4 {
			t.Errorf("%d tickets, want 4: %v", len(p.mem.Tickets()), err)
		}
	})
}

func TestEveryRepeatRaisesThePriorityThatTheOneBeforeLeft(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		first := actions(1)
		docs := []*modelDocument{first}
		for i := range 2 {
			p.run(docs)
			d := actions(1)
			d.id, d.path = fmt.Sprintf("PER-%d", i+2), fmt.Sprintf("per/%d.md", i+2)
			d.actions[0].text, d.actions[0].repeats = fmt.Sprintf("Again %d", i), "PER-1/A1"
			docs = append(docs, d)
		}
		p.run(docs)
		k := p.mem.Tickets()[1]
		if k.Fields.Priority != ticket.PriorityHighest || len(k.Comments) != 2 {
			t.Errorf("hit twice again, it has priority %s and %d comments", k.Fields.Priority, len(k.Comments))
		}
	})
}

func (p *place) run(docs []*modelDocument) {
	p.t.Helper()
	if _, err := p.worker("anybody").Run(p.t.Context(), asked(docs...)); err != nil {
		p.t.Fatal(err)
	}
}

func TestALabelThatWasRefusedIsShownAlsoAfterOthersAreAdded(t *testing.T) {
	refuse := func(f *ticket.Fields) {
		f.Labels = slices.DeleteFunc(f.Labels, func(l string) bool { return l == "Sev-2" })
	}
	in(t, memory.Options{Rewrite: refuse}, func(p *place) {
		d := actions(1)
		req := asked(d)
		told := func(f ticket.Finding) bool { return f.Kind == ticket.FindUnmet && f.Key.Action == "A1" }
		for _, run := range []string{"that files it", "after that"} {
			r, err := p.worker("anybody").Run(t.Context(), req)
			if n := len(slices.DeleteFunc(slices.Clone(r.Findings), func(f ticket.Finding) bool { return !told(f) })); err != nil || n != 1 {
				t.Errorf("the run %s tells %d times that the label was refused: %v, %v", run, n, r.Findings, err)
			}
		}
		w := &req.Documents.(persync.Trees)[0].Children[0]
		w.Fields.Labels = append(w.Fields.Labels, "more")
		w.Basis[ticket.FieldLabels] = "more"
		for range 2 {
			r, err := p.worker("anybody").Run(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(r.Findings, told) {
				t.Errorf("nothing says that the label was refused: %v", r.Findings)
			}
		}
	})
}
