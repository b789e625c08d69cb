package trackertest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
)

// trial is one test of one tracker.
type trial struct {
	*testing.T
	*Place
	h Harness
}

// key is the key of a document, or of one of its actions, in this place.
func (x *trial) key(document, action string) ticket.Key {
	return ticket.Key{Document: x.Prefix + document, Action: action}
}

// fields are values for every field that the tracker has.
func (x *trial) fields(title string) ticket.Fields {
	f := ticket.Fields{
		Kind:      ticket.KindStory,
		Title:     title,
		Body:      "From *PER-1*.\n\n- what\n- why\n\n    code",
		Labels:    []string{"per", "outage"},
		Assignees: x.h.Accounts[:1],
	}
	if x.has(ticket.FieldPriority) {
		f.Priority = ticket.PriorityHigh
	}
	if x.has(ticket.FieldDue) {
		f.Due = "2026-04-30"
	}
	return f
}

// has reports whether a story of the tracker has the field.
func (x *trial) has(f ticket.Field) bool {
	info := x.Tracker.Info()
	lacking := info.Lacks != nil && slices.Contains(info.Lacks(ticket.KindStory), f)
	return !lacking && (f != ticket.FieldPriority || info.Priorities) && (f != ticket.FieldDue || info.Due)
}

// needs skips the test when the harness cannot do something.
func (x *trial) needs(what string, have bool) {
	x.Helper()
	if !have {
		x.Skip("the harness cannot " + what)
	}
}

// settle waits until new tickets are sure to be found.
func (x *trial) settle() {
	x.Helper()
	lag := x.Tracker.Info().FindLag
	if lag == 0 {
		return
	}
	x.needs("let time pass, which Info.FindLag asks for", x.Wait != nil)
	x.Wait(lag)
}

// create files tickets, in batches as the tracker takes them, and fails on any error.
func (x *trial) create(batch ...trackers.Creation) []ticket.Seen {
	x.Helper()
	var seen []ticket.Seen
	for part := range slices.Chunk(batch, x.Tracker.Info().Batch) {
		done := x.Tracker.Create(x.Context(), part)
		if len(done) != len(part) {
			x.Fatalf("create answered %d of %d", len(done), len(part))
		}
		for i, d := range done {
			if d.Err != nil {
				x.Fatalf("create %s: %v", part[i].Key, d.Err)
			}
			seen = append(seen, d.Seen)
		}
	}
	return seen
}

// file files one ticket with values in all fields.
func (x *trial) file(document, action string, parent ticket.Ref) ticket.Seen {
	x.Helper()
	f := x.fields("Title of " + document + " " + action)
	return x.create(trackers.Creation{Key: x.key(document, action), Fields: f, Parent: parent})[0]
}

func (x *trial) getAll(refs ...ticket.Ref) map[ticket.Ref]ticket.Seen {
	x.Helper()
	got, err := x.Tracker.Get(x.Context(), refs)
	if err != nil {
		x.Fatalf("get: %v", err)
	}
	return got
}

func (x *trial) get(ref ticket.Ref) ticket.Seen {
	x.Helper()
	s, ok := x.getAll(ref)[ref]
	if !ok {
		x.Fatalf("get: %s is not there", ref)
	}
	return s
}

// find returns what Find yields by ref, and fails when it yields a ticket twice.
func (x *trial) find(documents ...string) map[ticket.Ref]ticket.Seen {
	x.Helper()
	found := make(map[ticket.Ref]ticket.Seen)
	for s, err := range x.Tracker.Find(x.Context(), documents) {
		if err != nil {
			x.Fatalf("find: %v", err)
		}
		if _, twice := found[s.Ref]; twice {
			x.Errorf("find yielded %s twice", s.Ref)
		}
		found[s.Ref] = s
	}
	return found
}

// update applies p to a fresh read.
func (x *trial) update(ref ticket.Ref, p ticket.Patch) (ticket.Seen, []ticket.Unmet) {
	x.Helper()
	s, unmet, err := x.Tracker.Update(x.Context(), x.get(ref), p)
	if err != nil {
		x.Fatalf("update: %v", err)
	}
	return s, unmet
}

// changed reads all pages since the cursor.
func (x *trial) changed(since trackers.Cursor) (seen map[ticket.Ref]ticket.Seen, pages int, next trackers.Cursor) {
	x.Helper()
	seen, next = make(map[ticket.Ref]ticket.Seen), since
	for c, err := range x.Tracker.Changed(x.Context(), since) {
		if err != nil {
			x.Fatalf("changed: %v", err)
		}
		for _, s := range c.Seen {
			seen[s.Ref] = s
		}
		pages++
		next = c.Cursor
	}
	return seen, pages, next
}

// stored is what the tracker makes of fields, with everything in a form that compares.
func (x *trial) stored(f ticket.Fields) ticket.Fields {
	if x.h.Stored != nil {
		f = x.h.Stored(f)
	}
	return normal(f)
}

// normal is f in the form in which two of them compare.
func normal(f ticket.Fields) ticket.Fields {
	f = f.Sum()
	f.Labels = slices.Sorted(slices.Values(f.Labels))
	if len(f.Assignees) == 0 {
		f.Assignees = nil
	}
	return f
}

// wantFields compares what is seen with what was asked.
func (x *trial) wantFields(what string, got, asked ticket.Fields) {
	x.Helper()
	want, have := x.stored(asked), normal(got)
	for _, f := range ticket.AllFields() {
		if have.Text(f) != want.Text(f) {
			x.Errorf("%s: %s is %q, want %q", what, f, got.Text(f), want.Text(f))
		}
	}
}

// wantSame compares two sights of one ticket, but for when they were seen and for
// movement, which not every read tells.
func (x *trial) wantSame(what string, got, want ticket.Seen) {
	x.Helper()
	got.AsOf, got.Updated, got.Moved, got.Whole = want.AsOf, want.Updated, want.Moved, want.Whole
	got.Fields, want.Fields = normal(got.Fields), normal(want.Fields)
	if !reflect.DeepEqual(got, want) {
		x.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// wantCode compares an error with the code that it should have, and looks at its form.
func (x *trial) wantCode(op string, err error, codes ...trackers.Code) {
	x.Helper()
	e, ok := errors.AsType[*trackers.Error](err)
	switch {
	case !ok:
		x.Errorf("%s: got %v, want a *trackers.Error", op, err)
	case !slices.Contains(codes, e.Code):
		x.Errorf("%s: got the code %s, want one of %v: %v", op, e.Code, codes, err)
	case e.Op != op || e.Tracker != x.Tracker.Info().Name || e.Err == nil:
		x.Errorf("%s: the error does not say who, what and why: %#v", op, e)
	}
}

// dead is a context that is done.
func dead(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}
