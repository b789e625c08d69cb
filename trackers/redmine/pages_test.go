package redmine_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/redmine"
)

// lists is as much of a Redmine as is needed to read long lists: the real one is too slow
// to be given thousands of issues.
type lists struct {
	issues []listed
	asked  int
	meddle func(l *lists) // what happens behind each page
}

type listed struct {
	id      int
	updated time.Time
}

func (l *lists) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/projects/") {
		fmt.Fprint(w, `{"project":{"id":1,"identifier":"ops"}}`)
		return
	}
	l.asked++
	q := r.URL.Query()
	var hits []listed
	for _, is := range l.issues {
		since, err := time.Parse(time.RFC3339, strings.TrimPrefix(q.Get("updated_on"), ">="))
		from, _ := strconv.Atoi(strings.TrimPrefix(q.Get("issue_id"), ">="))
		if (err != nil || !is.updated.Before(since)) && is.id >= from {
			hits = append(hits, is)
		}
	}
	byID := q.Get("sort") == "id"
	slices.SortFunc(hits, func(a, b listed) int {
		if byID {
			return a.id - b.id
		}
		return cmp.Or(a.updated.Compare(b.updated), a.id-b.id)
	})
	offset, _ := strconv.Atoi(q.Get("offset"))
	var shown []map[string]any
	for _, is := range hits[min(offset, len(hits)):min(offset+100, len(hits))] {
		shown = append(shown, map[string]any{
			"id": is.id, "project": map[string]any{"id": 1}, "status": map[string]any{"name": "New", "is_closed": false}, "updated_on": is.updated,
			"description": fmt.Sprintf("<!-- percolate-ticket percolate:PER-%d/A1 -->", is.id),
		})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"issues": shown, "total_count": len(hits)})
	if l.meddle != nil {
		l.meddle(l)
	}
}

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func newLists(n int, updated func(i int) time.Time) *lists {
	l := &lists{}
	for i := range n {
		l.issues = append(l.issues, listed{i + 1, updated(i)})
	}
	return l
}

func (l *lists) tracker(t *testing.T) *redmine.Tracker {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", noon.Add(time.Hour).Format(http.TimeFormat))
		l.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	r, err := redmine.New(redmine.Options{Name: "r", URL: server.URL, Key: "k", Project: "ops", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// read reads all changes, and from any page on again as if the process had ended there.
func read(t *testing.T, r *redmine.Tracker, since trackers.Cursor) (refs map[ticket.Ref]int, cursors []trackers.Cursor) {
	t.Helper()
	refs = map[ticket.Ref]int{}
	for c, err := range r.Changed(t.Context(), since) {
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range c.Seen {
			refs[s.Ref]++
		}
		cursors = append(cursors, c.Cursor)
	}
	return refs, cursors
}

func TestLongListsAreReadToTheEnd(t *testing.T) {
	for name, updated := range map[string]func(int) time.Time{
		"one a second":        func(i int) time.Time { return noon.Add(time.Duration(i) * time.Second) },
		"all at one second":   func(int) time.Time { return noon },
		"hundreds at a time":  func(i int) time.Time { return noon.Add(time.Duration(i/250) * time.Second) },
		"a page and one more": func(i int) time.Time { return noon.Add(time.Duration(i/101) * time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLists(707, updated)
			r := l.tracker(t)
			refs, cursors := read(t, r, "")
			if len(refs) != 707 {
				t.Fatalf("%d of 707 tickets were read", len(refs))
			}
			if l.asked > 20 {
				t.Errorf("that took %d requests", l.asked)
			}
			for i, c := range cursors { // whatever page was the last before a crash
				later, _ := read(t, r, c)
				if len(refs) < 707-100*(i+2) && len(later) == 0 {
					t.Errorf("from page %d on there is nothing", i)
				}
			}
			if later, _ := read(t, r, cursors[len(cursors)-1]); len(later) != 0 {
				t.Errorf("an hour later %d tickets are read again", len(later))
			}
		})
	}
}

func TestATicketThatChangesMeanwhileHidesNoOther(t *testing.T) {
	l := newLists(450, func(i int) time.Time { return noon.Add(time.Duration(i) * time.Second) })
	touched := 0
	l.meddle = func(l *lists) {
		for range 10 { // tickets that were read move to the end, and the others up
			l.issues[touched].updated = noon.Add(time.Duration(1000+touched) * time.Second)
			touched++
		}
	}
	if refs, _ := read(t, l.tracker(t), ""); len(refs) != 450 {
		t.Errorf("%d of 450 tickets were read", len(refs))
	}
}

func TestATicketThatIsDeletedMeanwhileHidesNoOther(t *testing.T) {
	l := newLists(350, func(int) time.Time { return noon })
	l.meddle = func(l *lists) { l.issues = l.issues[1:] }
	found := 0
	for _, err := range l.tracker(t).Find(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		found++
	}
	if found != 350 {
		t.Errorf("%d of 350 tickets were found", found)
	}
}

func TestAPollLooksBackNoFurtherThanItsOverlap(t *testing.T) {
	s := newSite(t, redmine.Options{})
	s.filed(parent())
	read := func(since trackers.Cursor) (n int, next trackers.Cursor) {
		for c, err := range s.tracker.Changed(t.Context(), since) {
			if err != nil {
				t.Fatal(err)
			}
			n, next = n+len(c.Seen), c.Cursor
		}
		return n, next
	}
	n, cursor := read("")
	if n != 1 {
		t.Fatalf("%d tickets were read, want 1", n)
	}
	if err := s.server.Age(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if n, _ := read(cursor); n != 0 {
		t.Errorf("%d tickets were read again an hour later", n)
	}
}
