package github_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/github"
	"percolate/trackers/github/githubtest"
)

// moved is when a person moved the ticket, as a poll and a read by ref tell it.
func (w *world) moved(t *testing.T, ref ticket.Ref) (polled, read time.Time) {
	t.Helper()
	got, err := w.Get(t.Context(), []ticket.Ref{ref})
	if err != nil {
		t.Fatal(err)
	}
	return w.polled(t, ref).Moved, got[ref].Moved
}

// polled is a ticket as a poll shows it.
func (w *world) polled(t *testing.T, ref ticket.Ref) (found ticket.Seen) {
	t.Helper()
	for c, err := range w.Changed(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range c.Seen {
			if s.Ref == ref {
				found = s
			}
		}
	}
	return found
}

func TestMovementIsWhatPeopleDoAndNotWhatAppsDo(t *testing.T) {
	label := func(name string) func(*githubtest.Issue) {
		return func(is *githubtest.Issue) { is.Labels = append(is.Labels, name) }
	}
	state := func(is *githubtest.Issue) { is.State = map[string]string{"open": "closed", "closed": "open"}[is.State] }
	assign := func(is *githubtest.Issue) { is.Assignees = []string{"Bob"} }
	for _, c := range []struct {
		name, by string
		change   func(*githubtest.Issue)
		moves    bool
	}{
		{"a person closes", "eve", state, true},
		{"an app closes", "stale[bot]", state, false},
		{"our account closes", "Percolate-Bot", state, false},
		{"an account that is gone closes", "", state, true},
		{"a person assigns", "eve", assign, true},
		{"an app assigns", "triage[bot]", assign, false},
		{"a person's label is a status", "eve", label("In Progress"), true},
		{"an app's label is a status", "triage[bot]", label("blocked"), false},
		{"a person's label is none", "eve", label("wanted"), false},
		{"a person's title", "eve", func(is *githubtest.Issue) { is.Title += "!" }, false},
		{"a person comments", "eve", nil, true},
		{"an app comments", "triage[bot]", nil, false},
	} {
		w := newWorld(t, githubtest.Options{}, nil)
		filed := w.clock.now()
		_, children := w.documents(t, 1, 1)
		ref := children[0].Seen.Ref
		w.clock.pass(time.Hour)
		want := w.clock.now()
		if c.change == nil {
			w.sim.CommentAs(c.by, node(ref), "said")
		} else {
			w.sim.EditAs(c.by, node(ref), c.change)
		}
		w.clock.pass(time.Hour)
		polled, read := w.moved(t, ref)
		if !polled.Equal(read) || c.moves && !polled.Equal(want) || !c.moves && (polled.IsZero() || polled.Sub(filed) > 10*time.Minute) {
			t.Errorf("%s: moved at %s by a poll and %s by a read, and it happened at %s", c.name, polled, read, want)
		}
	}
}

func TestAPersonBeyondWhatIsReadOfATimelineIsNotGuessed(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	_, children := w.documents(t, 1, 1)
	ref := children[0].Seen.Ref
	w.sim.Comment(node(ref), "said")
	for range 30 {
		w.sim.CommentAs("chatty[bot]", node(ref), "beep")
	}
	if polled, read := w.moved(t, ref); !polled.IsZero() || !read.IsZero() {
		t.Errorf("told %s and %s", polled, read)
	}
}

func TestMovementIsNotToldWhereItWouldCostARequestATicket(t *testing.T) {
	w := newWorld(t, githubtest.Options{NoGraphQL: true}, nil)
	_, children := w.documents(t, 1, 3)
	w.sim.Comment(node(children[0].Seen.Ref), "said")
	w.sim.Requests()
	polled, read := w.moved(t, children[0].Seen.Ref)
	if got, total := w.asked(); !polled.IsZero() || !read.IsZero() || total != 2 {
		t.Errorf("told %s and %s, with %v", polled, read, got)
	}
}

func TestMovementThatCannotBeReadHidesNoChange(t *testing.T) {
	broken := false
	w := newWorld(t, githubtest.Options{}, func(o *github.Options) {
		next := o.Transport
		o.Transport = trip(func(r *http.Request) (*http.Response, error) {
			if broken && strings.HasSuffix(r.URL.Path, "/graphql") {
				return &http.Response{StatusCode: http.StatusBadGateway, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
			}
			return next.RoundTrip(r)
		})
	})
	parents, _ := w.documents(t, 1, 0)
	w.poll(t, "", 1)
	broken = true
	w.poll(t, "", 1)
	if polled := w.polled(t, parents[0].Seen.Ref).Moved; !polled.IsZero() {
		t.Errorf("told %s", polled)
	}
}

// trip is a transport.
type trip func(*http.Request) (*http.Response, error)

// RoundTrip sends a request.
func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A link that does not get through is the engine's to try again, and one that is refused
// is not.
func TestAChildThatIsFiledAndNotLinkedSaysWhetherItIsWorthAnotherTry(t *testing.T) {
	for status, again := range map[int]bool{http.StatusBadGateway: true, http.StatusTooManyRequests: true, http.StatusForbidden: false, http.StatusUnprocessableEntity: false} {
		broken := true
		w := newWorld(t, githubtest.Options{NoGraphQL: true}, func(o *github.Options) {
			next := o.Transport
			o.Transport = trip(func(r *http.Request) (*http.Response, error) {
				if broken && strings.HasSuffix(r.URL.Path, "/sub_issues") {
					return &http.Response{StatusCode: status, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
				}
				return next.RoundTrip(r)
			})
		})
		parents, children := w.documents(t, 1, 1)
		s, unmet := children[0].Seen, children[0].Unmet
		if len(unmet) != 1 || unmet[0].Field != ticket.FieldParent || unmet[0].Again != again || unmet[0].Value != parents[0].Seen.Name || s.Parent != "" {
			t.Errorf("%d: below %q, unmet %+v", status, s.Parent, unmet)
		}
		broken = false
		w.clock.pass(time.Hour)
		got, _, err := w.Update(t.Context(), s, ticket.Patch{Parent: parents[0].Seen.Ref})
		if err != nil || got.Parent != parents[0].Seen.Ref {
			t.Errorf("%d: later it is below %q: %v", status, got.Parent, err)
		}
	}
}

func TestTheSearchIsNeverAsked(t *testing.T) {
	for _, so := range []githubtest.Options{{}, {NoGraphQL: true}, {NoSubIssues: true}} {
		w := newWorld(t, so, nil)
		w.sim.SetFaults(func(f *githubtest.Faults) { f.SearchLag = githubtest.Duration(time.Hour) })
		_, children := w.documents(t, 2, 2)
		s := children[0].Seen
		for _, err := range w.Find(t.Context(), []string{"PER-1"}) {
			if err != nil {
				t.Fatal(err)
			}
		}
		w.moved(t, s.Ref)
		if _, _, err := w.Update(t.Context(), s, ticket.Patch{AddLabels: []string{"x"}, Comment: ticket.Comment{Marker: "m", Text: "x"}}); err != nil {
			t.Fatal(err)
		}
		w.Check(t.Context(), []string{"ann", "nobody"})
		for _, r := range w.sim.Requests() {
			if strings.Contains(r.Path, "search") {
				t.Errorf("%s %s", r.Method, r.Path)
			}
		}
	}
}

// A list may show a new ticket late, as long as FindLag says.
func TestAPollLooksBackAsFarAsListsLag(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, func(o *github.Options) { o.FindLag = 10 * time.Minute })
	w.sim.SetFaults(func(f *githubtest.Faults) { f.ListLag = githubtest.Duration(9 * time.Minute) })
	cursor := w.poll(t, "", 0)
	w.documents(t, 1, 0)
	w.clock.pass(8 * time.Minute)
	cursor = w.poll(t, cursor, 0)
	w.clock.pass(time.Minute)
	w.poll(t, cursor, 1)
}

// An account that others use too is refused sooner than our own count says.
func TestARefusalHoldsFurtherWritesBack(t *testing.T) {
	w := newWorld(t, githubtest.Options{}, nil)
	w.documents(t, 1, 1)
	w.clock.pass(time.Hour)
	if d := w.Info().Pace.Pause(10); d != 0 {
		t.Fatalf("an hour later the next ten wait for %s", d)
	}
	w.sim.LimitNext(githubtest.GraphQLTooFast)
	d := w.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-9"}, Fields: fields("x")}})[0]
	if trackers.CodeOf(d.Err) != trackers.RateLimit || w.Info().Pace.Pause(1) < 50*time.Second {
		t.Errorf("%v, and the next waits for %s", d.Err, w.Info().Pace.Pause(1))
	}
}
