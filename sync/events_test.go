package sync_test

import (
	"reflect"
	"testing"
	"time"

	statememory "percolate/store/memory"
	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

// desk is a worker on an empty tracker and an empty state.
type desk struct {
	*testing.T
	w   *persync.Worker
	mem *memory.Tracker
}

func newDesk(t *testing.T) *desk {
	now := time.Now() // writes end with their lease, by the real clock
	clock := func() time.Time { now = now.Add(time.Second); return now }
	mem := memory.New(memory.Options{Name: "mem", Now: clock})
	return &desk{T: t, mem: mem, w: &persync.Worker{
		Trackers: map[string]trackers.Tracker{"mem": mem}, State: statememory.New(clock),
		Policy: plan.Policy{Guard: plan.DefaultGuard()}, Now: clock, Holder: "test",
	}}
}

// sync runs over the trees, which are all documents there are when whole.
func (d *desk) sync(whole bool, trees ...ticket.Tree) {
	d.Helper()
	if _, err := d.w.Run(d.Context(), persync.Request{Documents: persync.Trees(trees), Whole: whole}); err != nil {
		d.Fatal(err)
	}
}

// wantEvents compares what is remembered, told as "document: title done/actions".
func (d *desk) wantEvents(want ...ticket.Event) {
	d.Helper()
	got, err := d.w.State.Events(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
		d.Errorf("events are\n%+v\nwant\n%+v", got, want)
	}
}

// tree is a document with two actions, the second of which is done.
func tree(document, title string) ticket.Tree {
	key := ticket.Key{Document: document}
	child := func(id string, done bool) ticket.Wanted {
		k := ticket.Key{Document: document, Action: id}
		return ticket.Wanted{
			Key: k, ActionID: id, Text: "do " + id + " of " + document, Done: done, Owners: []string{"ana"},
			Fields: ticket.Fields{Kind: ticket.KindStory, Title: "do " + id},
		}
	}
	return ticket.Tree{
		Document: document, Path: document + ".md", Title: title, Tracker: "mem",
		Parent:   ticket.Wanted{Key: key, Text: title, Fields: ticket.Fields{Kind: ticket.KindParent, Title: title}},
		Children: []ticket.Wanted{child("A1", false), child("A2", true)},
		Event:    ticket.Event{Document: document, Title: title, Actions: 2},
	}
}

func event(document, title string, done int) ticket.Event {
	return ticket.Event{Document: document, Title: title, Actions: 2, Done: done}
}

func TestASyncRemembersTheEventsOfItsDocuments(t *testing.T) {
	d := newDesk(t)
	d.sync(true, tree("PER-2", "two"), tree("PER-1", "one"))
	d.wantEvents(event("PER-1", "one", 1), event("PER-2", "two", 1))
	d.sync(false, tree("PER-1", "other"))
	d.wantEvents(event("PER-1", "other", 1), event("PER-2", "two", 1))
}

func TestAnActionThatIsDoneAfterItWasFiledIsNotDoneWithoutATicket(t *testing.T) {
	d := newDesk(t)
	d.sync(true, tree("PER-1", "one"))
	both := tree("PER-1", "one")
	both.Children[0].Done = true
	d.sync(true, both)
	d.wantEvents(event("PER-1", "one", 1))
}

func TestABrokenDocumentKeepsWhatWasKnownOfItsEvent(t *testing.T) {
	d := newDesk(t)
	d.sync(true, tree("PER-1", "one"), tree("PER-2", "two"))
	broken := tree("PER-1", "half of it")
	broken.Broken = "line 3: not a day"
	d.sync(true, broken, tree("PER-2", "two"), tree("PER-2", "its twin"))
	d.wantEvents(event("PER-1", "one", 1), event("PER-2", "two", 1))
}

func TestADocumentThatLeftIsForgottenOnlyWhenItLeftNoTicketBehind(t *testing.T) {
	d := newDesk(t)
	draft := tree("PER-1", "a draft")
	draft.Hold, draft.Event.Hold = "draft", "draft"
	d.sync(true, draft, tree("PER-2", "two"))
	d.sync(false, tree("PER-3", "three"))
	held := draft.Event
	held.Done = 1
	d.wantEvents(held, event("PER-2", "two", 1), event("PER-3", "three", 1))
	d.sync(true, tree("PER-3", "three"))
	d.wantEvents(event("PER-2", "two", 1), event("PER-3", "three", 1))
}

func TestOwnersAreRememberedAndFollowed(t *testing.T) {
	d := newDesk(t)
	d.sync(true, tree("PER-1", "one"))
	d.wantOwners("PER-1/A1", "ana")
	other := tree("PER-1", "one")
	other.Children[0].Owners = []string{"raj", "ops-team"}
	d.sync(true, other)
	d.wantOwners("PER-1/A1", "raj", "ops-team")
}

func (d *desk) wantOwners(key string, owners ...string) {
	d.Helper()
	links, err := d.w.State.Links(d.Context(), ticket.ParseKey(key).Document)
	if err != nil {
		d.Fatal(err)
	}
	for _, l := range links {
		if l.Key.String() == key && reflect.DeepEqual(l.Owners, owners) {
			return
		}
	}
	d.Errorf("%s is not owned by %q: %+v", key, owners, links)
}

func TestHistoryTellsOurWritesFromPeoples(t *testing.T) {
	d := newDesk(t)
	d.sync(true, tree("PER-1", "one"))
	child := d.mem.Tickets()[1]
	d.mem.Close(child.Ref, ticket.StatusActive)
	d.sync(true, tree("PER-1", "one"))
	due := tree("PER-1", "one")
	due.Children[0].Fields.Due, due.Children[0].Basis = "2026-04-01", map[ticket.Field]string{ticket.FieldDue: "2026-04-01"}
	d.sync(true, due)
	rows, err := d.w.State.History(d.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []bool
	for _, r := range rows {
		if r.Ref == child.Ref {
			got = append(got, r.Ours)
		}
	}
	if want := []bool{true, false, true}; !reflect.DeepEqual(got, want) {
		t.Errorf("ours is %v in the rows %+v, want %v", got, rows, want)
	}
}
