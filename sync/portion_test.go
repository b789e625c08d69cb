package sync_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers/memory"
)

// numbered are n documents with so many actions each.
func numbered(n, each int) []*modelDocument {
	var docs []*modelDocument
	for i := range n {
		d := actions(each)
		d.id, d.path, d.title = fmt.Sprintf("PER-%03d", i+1), fmt.Sprintf("per/%03d.md", i+1), fmt.Sprintf("Event %d", i+1)
		for _, a := range d.actions {
			a.text = fmt.Sprintf("%s of event %d", a.text, i+1)
		}
		docs = append(docs, d)
	}
	return docs
}

func small(w *persync.Worker) { w.Portion = 1 }

func TestDocumentsThatNameOneAnotherAreDecidedTogether(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		docs := numbered(4, 2)
		docs[0].actions[0].repeats = "PER-004/A2" // which is filed by the same run
		r, err := p.worker("anybody", small).Run(t.Context(), asked(docs...))
		if err != nil || r.Partly() || len(p.mem.Tickets()) != 4+7 {
			t.Errorf("%d tickets, want 11: %v, %v", len(p.mem.Tickets()), r.Findings, err)
		}
		if again, err := p.worker("anybody", small).Plan(t.Context(), asked(docs...)); err != nil || !again.Empty() {
			t.Errorf("the second run is not empty: %v, %v", again.Steps, err)
		}
	})
}

func TestEachMissingDocumentIsToldOnceWhateverThePortion(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		docs := numbered(5, 1)
		p.sync(docs...)
		fresh := numbered(9, 1)[7:] // which might be the missing ones under new ids
		for _, left := range [][]*modelDocument{docs[:2], nil} {
			planned, err := p.worker("anybody", small).Plan(t.Context(), asked(slices.Concat(left, fresh)...))
			if err != nil {
				t.Fatal(err)
			}
			var told []string
			for _, f := range planned.Findings {
				if f.Kind == ticket.FindMissing {
					told = append(told, f.Key.Document)
				}
			}
			if want := 5 - len(left); len(told) != want || len(slices.Compact(told)) != want {
				t.Errorf("of %d documents that are left it tells %v to be missing", len(left), told)
			}
		}
	})
}

func TestTheGuardCountsAllPortionsTogether(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		r, err := p.worker("anybody", small).Run(t.Context(), asked(numbered(30, 1)...))
		if err != nil || r.Plan.Held == nil || r.Plan.Held.Creations != 60 || len(p.mem.Tickets()) > 0 {
			t.Errorf("%d tickets were filed, held back %v: %v", len(p.mem.Tickets()), r.Plan.Held, err)
		}
	})
}

func TestWhatIsToldPortionByPortionIsAllThatWasDone(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		req := asked(numbered(5, 2)...)
		var told []string
		portions := 0
		req.Brief, req.Options = true, plan.Options{Force: true}
		req.Told = func(r persync.Result) {
			portions++
			for _, d := range r.Done {
				told = append(told, d.Step.Link.Key.String())
			}
		}
		w := p.worker("anybody", func(w *persync.Worker) { w.Portion = 2 })
		planned, err := w.Plan(t.Context(), req)
		if err != nil || planned.Size() != 15 || len(planned.Steps) != 0 || len(planned.Costs) != 1 {
			t.Fatalf("a brief plan of %d steps lists %d, %v: %v", planned.Size(), len(planned.Steps), planned.Costs, err)
		}
		r, err := w.Apply(t.Context(), req, planned)
		if err != nil || r.Steps != 15 || len(r.Done) != 0 || r.Partly() {
			t.Errorf("%d steps, of which %d are left: %v", r.Steps, len(r.Done), err)
		}
		slices.Sort(told)
		if len(slices.Compact(told)) != 15 || portions != 3 {
			t.Errorf("told in %d portions: %v", portions, told)
		}
	})
}

func TestARepeatThatWasDecidedIsToldAlthoughItsDocumentNamesAnother(t *testing.T) {
	in(t, memory.Options{}, func(p *place) {
		docs := numbered(3, 1)
		p.sync(docs[:2]...)
		again := &modelAction{uid: 9, id: "A9", text: "The same once more", kind: ticket.KindStory, repeats: "PER-001/A1"}
		docs[2].actions = append(docs[2].actions, again)
		key := ticket.Key{Document: "PER-003", Action: "A9"}
		decided := ticket.Link{Key: key, ActionID: "A9", Text: again.text, Path: docs[2].path, Tracker: "mem", State: ticket.StateRepeat, Of: ticket.ParseKey("PER-001/A1")}
		lease, err := p.state.Lease(t.Context(), []string{key.Document}, "one that was killed before it told", time.Minute)
		if err == nil {
			err = p.state.Save(t.Context(), lease, []ticket.Link{decided})
		}
		if err != nil {
			t.Fatal(err)
		}
		again.repeats = "PER-002/A1"
		time.Sleep(time.Hour)
		planned, err := p.worker("anybody", small).Plan(t.Context(), asked(docs...))
		if err != nil || !slices.ContainsFunc(planned.Steps, func(s plan.Step) bool { return s.Op == plan.Repeat && s.Of == decided.Of }) {
			t.Errorf("it is not told: %v, %v", planned.Findings, err)
		}
	})
}
