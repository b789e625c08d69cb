package rally_test

import (
	"fmt"
	"testing"
	"time"

	statememory "percolate/store/memory"
	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/internal/simctl"
	"percolate/trackers/rally"
	"percolate/trackers/rally/rallytest"
)

// team is the whole engine over one simulated Rally.
type team struct {
	*site
	t     *testing.T
	state *statememory.State
	work  *persync.Worker
	trees []ticket.Tree
}

func newTeam(t *testing.T, f flavour) *team {
	t.Helper()
	x := &team{t: t, site: newSite(t, f)}
	x.state = statememory.New(x.Now)
	x.restart(f)
	return x
}

// restart begins a new process on the same state.
func (x *team) restart(f flavour) {
	x.tracker = x.open(x.t, f)
	x.work = &persync.Worker{
		Trackers: map[string]trackers.Tracker{"rally-ops": x.tracker}, State: x.state, Now: x.Now, Holder: "test", LeaseTTL: time.Hour,
	}
}

// write adds documents whose actions are stories and defects, and owned, in turn.
func (x *team) write(documents, actions int, owners ...string) {
	for d := range documents {
		id := fmt.Sprintf("PER-%03d", len(x.trees)+1)
		tree := ticket.Tree{Document: id, Path: id + ".md", Title: "Event " + id, Tracker: "rally-ops"}
		tree.Parent = wanted(ticket.Key{Document: id}, "Event "+id, ticket.KindParent, "")
		for a := range actions {
			key := ticket.Key{Document: id, Action: fmt.Sprintf("A%d", a+1)}
			kind := []ticket.Kind{ticket.KindStory, ticket.KindDefect}[a%2]
			tree.Children = append(tree.Children, wanted(key, "Do "+key.String(), kind, owners[(d+a)%len(owners)]))
		}
		x.trees = append(x.trees, tree)
	}
}

func wanted(k ticket.Key, title string, kind ticket.Kind, owner string) ticket.Wanted {
	w := ticket.Wanted{Key: k, ActionID: k.Action, Text: title, Fields: ticket.Fields{
		Kind: kind, Title: title, Body: "Decided after *" + k.Document + "*.", Labels: []string{"percolate", "sev2"}, Priority: ticket.PriorityHigh, Due: "2026-05-01",
	}}
	if owner != "" {
		w.Fields.Assignees = []string{owner}
	}
	w.Basis = map[ticket.Field]string{}
	for _, f := range ticket.AllFields() {
		w.Basis[f] = w.Fields.Text(f)
	}
	return w
}

func (x *team) sync() persync.Result {
	x.t.Helper()
	r, err := x.work.Run(x.t.Context(), persync.Request{Documents: persync.Trees(x.trees), Whole: true, Options: plan.Options{Force: true}})
	if err != nil {
		x.t.Fatal(err)
	}
	return r
}

// counted does something and returns the requests that it took, by endpoint.
func (x *team) counted(do func()) map[string]int {
	x.sim.ForgetRequests()
	do()
	return x.sim.Requests()
}

func total(requests map[string]int) (n int) {
	for _, times := range requests {
		n += times
	}
	return n
}

func TestAHundredDocumentsCostWhatABatchCosts(t *testing.T) {
	for _, f := range []struct {
		flavour
		others int // beside a batch for 50 tickets and one look-up of the owners
	}{
		{flavour{name: "DueText"}, 8},
		{flavour{name: "DueField", opt: rally.Options{Due: rally.DueField, DueField: "c_DueDate"}}, 8},
		{flavour{name: "DueIteration", opt: rally.Options{Due: rally.DueIteration}}, 9},
		{flavour{name: "DueMilestone", opt: rally.Options{Due: rally.DueMilestone}}, 10},
	} {
		t.Run(f.name, func(t *testing.T) {
			x := newTeam(t, f.flavour)
			x.write(100, 5, "ann@percolate.example", "bob", "twin1")
			var r persync.Result
			requests := x.counted(func() { r = x.sync() })
			if len(r.Done) != 600 || r.Partly() || len(r.Findings) > 0 {
				t.Fatalf("%d steps were done: %v", len(r.Done), r.Findings)
			}
			if n := requests["POST batch"]; n != 2+10+1 {
				t.Errorf("%d batches, want 2 of parents, 10 of children and 1 of tags", n)
			}
			if n := requests["GET user"]; n != 1 {
				t.Errorf("%d look-ups of 3 owners, who fit into one", n)
			}
			if n := total(requests) - 12 - 1; n != f.others {
				t.Errorf("%d other requests, want %d, and never more than 10: %v", n, f.others, requests)
			}

			x.Wait(time.Hour)
			x.unchanged("a poll")
			x.restart(f.flavour) // a new process need not ask for the zone of the workspace
			x.unchanged("a poll by a new process")
			x.tenDone(t)
		})
	}
}

// unchanged polls 600 tickets of which none changed.
func (x *team) unchanged(what string) {
	x.t.Helper()
	var r persync.Result
	if requests := x.counted(func() { r = x.sync() }); total(requests) != 1 || requests["GET artifact"] != 1 || len(r.Plan.Steps) > 0 {
		x.t.Errorf("%s of 600 unchanged tickets took %v, with the steps %v", what, requests, r.Plan.Steps)
	}
}

// tenDone closes ten defects and counts what it takes to learn of it.
func (x *team) tenDone(t *testing.T) {
	t.Helper()
	closed := 0
	for _, s := range x.sim.Tickets() {
		if s.Kind == "Defect" && closed < 10 {
			closed++
			x.act(simctl.Act{Do: simctl.Status, Ref: s.Ref, Value: "done"})
			x.sim.Set(s.Ref, "State", "Closed")
		}
	}
	if requests := x.counted(func() { x.sync() }); total(requests) != 1 {
		t.Errorf("ten changed tickets took %v", requests)
	}
	known, err := x.state.Known(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	done := 0
	for _, k := range known {
		if k.Seen.Status == ticket.StatusDone {
			done++
		}
	}
	if done != 10 {
		t.Errorf("%d tickets are known to be done, want 10", done)
	}
}

func TestWhereBatchesCarryNoTagsEachTicketCostsOneMore(t *testing.T) {
	for _, how := range []string{"refuse", "warn", "drop"} {
		x := newTeam(t, flavour{bad: rallytest.Faults{BatchCollections: how}})
		x.write(10, 4, "bob")
		var r persync.Result
		requests := x.counted(func() { r = x.sync() })
		if r.Partly() || len(r.Findings) > 0 {
			t.Fatalf("%s: %v", how, r.Findings)
		}
		added := requests["POST hierarchicalrequirement/{}/Tags/add"] + requests["POST defect/{}/Tags/add"]
		if batches := requests["POST batch"]; added != 50 || batches > 4 { // one of tags, and one that is sent again without
			t.Errorf("%s: %d batches and %d requests for the tags of 50 tickets", how, batches, added)
		}
	}
}
