package jira_test

import (
	"fmt"
	"testing"
	"time"

	statememory "percolate/store/memory"
	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/jira/jiratest"
)

// team is the whole engine over one simulated Jira.
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
		Trackers: map[string]trackers.Tracker{"jira-ops": x.tracker}, State: x.state, Now: x.Now, Holder: "test", LeaseTTL: time.Hour,
	}
}

// write adds documents with actions that are owned in turn.
func (x *team) write(documents, actions int, owners ...string) {
	for d := range documents {
		id := fmt.Sprintf("PER-%03d", len(x.trees)+1)
		tree := ticket.Tree{Document: id, Path: id + ".md", Title: "Event " + id, Tracker: "jira-ops"}
		tree.Parent = wanted(ticket.Key{Document: id}, "Event "+id, ticket.KindParent, nil)
		for a := range actions {
			kind := []ticket.Kind{ticket.KindStory, ticket.KindDefect}[a%2]
			var who []string
			if len(owners) > 0 {
				who = owners[(d+a)%len(owners):][:1]
			}
			key := ticket.Key{Document: id, Action: fmt.Sprintf("A%d", a+1)}
			tree.Children = append(tree.Children, wanted(key, "Do "+key.String(), kind, who))
		}
		x.trees = append(x.trees, tree)
	}
}

func wanted(k ticket.Key, title string, kind ticket.Kind, owners []string) ticket.Wanted {
	w := ticket.Wanted{Key: k, ActionID: k.Action, Text: title, Fields: ticket.Fields{
		Kind: kind, Title: title, Body: "Decided after *" + k.Document + "*.", Labels: []string{"percolate", "sev2"},
		Priority: ticket.PriorityHigh, Due: "2026-05-01", Assignees: owners,
	}}
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

func TestAHundredDocumentsCostWhatJirasLimitsCost(t *testing.T) {
	for _, f := range flavours()[:3] {
		t.Run(f.name, func(t *testing.T) {
			f.bad = jiratest.Faults{}
			x := newTeam(t, f)
			x.write(100, 5, "acc-ann", "acc-bob")
			var r persync.Result
			requests := x.counted(func() { r = x.sync() })
			if len(r.Done) != 600 || r.Partly() {
				t.Fatalf("%d steps were done: %v", len(r.Done), r.Findings)
			}
			if n := requests["POST issue/bulk"]; n != 12 {
				t.Errorf("%d creating requests, want 12", n)
			}
			if n := requests["POST issue/bulkfetch"]; n != 6 {
				t.Errorf("%d requests to read back, want 6", n)
			}
			if n := requests["GET user/assignable/search"]; n != 2 {
				t.Errorf("%d look-ups of 2 people", n)
			}
			if n := total(requests) - 12 - 6 - 2; n > 10 {
				t.Errorf("%d other requests, want at most 10: %v", n, requests)
			}

			x.Wait(time.Hour)
			x.sync() // moves the cursor past the overlap
			x.Wait(time.Hour)
			if requests := x.counted(func() { r = x.sync() }); total(requests) != 1 || len(r.Plan.Steps) > 0 {
				t.Errorf("an unchanged poll of 600 tickets took %v, with the steps %v", requests, r.Plan.Steps)
			}
			x.restart(f) // a new process need not ask what it talks to
			if requests := x.counted(func() { x.sync() }); total(requests) != 1 {
				t.Errorf("an unchanged poll by a new process took %v", requests)
			}
			for _, i := range x.sim.Issues()[100:110] {
				x.sim.Edit(i.Key, func(i *jiratest.Issue) { i.Status = jiratest.StatusID("done") })
			}
			if requests := x.counted(func() { r = x.sync() }); total(requests) > 2 {
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
		})
	}
}

// Every third create is stored and its answer lost, the search lags by a minute and
// flaps, and requests are refused: in the end there are exactly the wanted tickets.
func TestNothingIsFiledTwiceByABadDay(t *testing.T) {
	for _, f := range []flavour{flavours()[0], flavours()[3], flavours()[4]} {
		t.Run(f.name, func(t *testing.T) {
			f.bad.IndexLag, f.bad.Flap = jiratest.Duration(time.Minute), true
			f.bad.LoseEvery, f.bad.LimitEvery, f.bad.RetryAfter = 3, 7, 2
			f.opt.FindLag = 5 * time.Minute
			x := newTeam(t, f)
			owners := []string{"acc-ann", "acc-bob"}
			if f.sim.DataCenter {
				owners = []string{"ann", "bob"}
			}
			for range 6 {
				x.write(9, 5, owners...)
				for range 3 {
					x.sync()
					x.Wait(2 * time.Minute)
				}
				x.restart(f)
			}
			x.calm(t, 6*54)
		})
	}
}

// calm lets the bad day end and looks at what is there.
func (x *team) calm(t *testing.T, want int) {
	t.Helper()
	x.sim.SetFaults(func(f *jiratest.Faults) { *f = jiratest.Faults{OffScreen: f.OffScreen} })
	var r persync.Result
	for range 10 {
		x.Wait(25 * time.Hour)
		if r = x.sync(); len(r.Plan.Steps) == 0 {
			break
		}
	}
	if len(r.Plan.Steps) > 0 {
		t.Errorf("the plan never gets empty: %+v", r.Plan.Steps[0])
	}
	keys := map[string]int{}
	for _, i := range x.sim.Issues() {
		if !i.Deleted {
			keys[string(i.Properties["percolate"])]++
		}
	}
	for key, n := range keys {
		if n > 1 {
			t.Errorf("there are %d tickets of %s", n, key)
		}
	}
	if len(keys) != want {
		t.Errorf("there are tickets of %d keys, want %d", len(keys), want)
	}
	for _, tree := range x.trees {
		x.belowItsParent(t, tree)
	}
}

// belowItsParent holds even where links are made after the create: what was filed and
// not answered is found again, and linked.
func (x *team) belowItsParent(t *testing.T, tree ticket.Tree) {
	t.Helper()
	var parent ticket.Ref
	children := map[ticket.Ref]ticket.Ref{}
	for s, err := range x.tracker.Find(t.Context(), []string{tree.Document}) {
		switch {
		case err != nil:
			t.Fatal(err)
		case s.Key.IsParent():
			parent = s.Ref
		default:
			children[s.Ref] = s.Parent
		}
	}
	for ref, above := range children {
		if above != parent {
			t.Errorf("%s of %s is below %q, want %q", ref, tree.Document, above, parent)
		}
	}
}
