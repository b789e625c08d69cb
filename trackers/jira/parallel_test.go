package jira_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/jira"
	"percolate/trackers/jira/jiratest"
)

// far is a Jira that is a second away, and counts how many requests are under way.
type far struct {
	sim *jiratest.Server

	mu        sync.Mutex
	now, most int
}

func (f *far) RoundTrip(req *http.Request) (*http.Response, error) {
	f.mu.Lock()
	f.now++
	f.most = max(f.most, f.now)
	f.mu.Unlock()
	time.Sleep(time.Second)
	w := httptest.NewRecorder()
	f.sim.ServeHTTP(w, req)
	f.mu.Lock()
	f.now--
	f.mu.Unlock()
	return w.Result(), nil
}

// batch are n actions of one document, each of one of a few people.
func batch(document string, n int) []trackers.Creation {
	var all []trackers.Creation
	for i := range n {
		all = append(all, trackers.Creation{
			Key:    ticket.Key{Document: document, Action: fmt.Sprint("A", i)},
			Fields: ticket.Fields{Kind: ticket.KindStory, Title: fmt.Sprint("Action ", i), Assignees: []string{fmt.Sprint("person-", i%4)}},
		})
	}
	return all
}

func TestWhatDoesNotWaitForEachOtherIsAskedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &far{sim: jiratest.New(jiratest.Options{Now: time.Now, AnyUser: true})}
		j, err := jira.New(jira.Options{Name: "jira-ops", URL: "https://jira.example", Project: "OPS", Token: "t", Now: time.Now, Transport: f})
		if err != nil {
			t.Fatal(err)
		}
		first := batch("PER-0", 1)
		first[0].Fields.Assignees = nil
		if c := j.Create(t.Context(), first); c[0].Err != nil { // what has to be known of the site is known now
			t.Fatal(c[0].Err)
		}
		f.sim.ForgetRequests()
		begun := time.Now()
		var group sync.WaitGroup
		for n := range 2 {
			group.Go(func() {
				for _, c := range j.Create(t.Context(), batch(fmt.Sprint("PER-", n+1), 100)) {
					if c.Err != nil {
						t.Error(c.Err)
					}
				}
			})
		}
		group.Wait()
		asked := f.sim.Requests()
		if n := asked["GET user/assignable/search"]; n != 4 {
			t.Errorf("four people were looked up with %d requests", n)
		}
		if n := asked["POST issue/bulk"]; n != 4 {
			t.Errorf("200 tickets were filed with %d requests", n)
		}
		// One second each for the people, for the tickets, and for reading them back.
		if took := time.Since(begun); took != 3*time.Second || f.most != 4 {
			t.Errorf("it took %s with %d requests under way at once, want 3 s with 4", took, f.most)
		}
	})
}

func TestWhatTheFirstTicketsNeedIsAskedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &far{sim: jiratest.New(jiratest.Options{Now: time.Now, AnyUser: true})}
		j, err := jira.New(jira.Options{Name: "jira-ops", URL: "https://jira.example", Project: "OPS", Token: "t", Now: time.Now, Transport: f})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		for _, c := range j.Create(t.Context(), batch("PER-0", 50)[:3]) {
			if c.Err != nil {
				t.Fatal(c.Err)
			}
		}
		// Which Jira it is, its types beside three owners, the fields of the types, the tickets, and reading them back.
		if took := time.Since(begun); took != 5*time.Second {
			t.Errorf("it took %s, want 5 s", took)
		}
	})
}

func TestWhoMovedTicketsIsFoundOutWhileTheNextAreRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &far{sim: jiratest.New(jiratest.Options{Now: time.Now, AnyUser: true})}
		j, err := jira.New(jira.Options{Name: "jira-ops", URL: "https://jira.example", Project: "OPS", Token: "t", Deployment: jira.Cloud, Now: time.Now, Transport: f})
		if err != nil {
			t.Fatal(err)
		}
		for n := range 25 {
			j.Create(t.Context(), batch(fmt.Sprint("PER-", n), 100))
		}
		begun, parts, seen := time.Now(), 0, 0
		for c, err := range j.Changed(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			parts, seen = parts+1, seen+len(c.Seen)
		}
		if parts != 3 || seen != 2500 {
			t.Errorf("%d tickets in %d parts, want 2500 in 3", seen, parts)
		}
		// 25 pages, and after them the change logs of the last 500.
		if took := time.Since(begun); took != 26*time.Second {
			t.Errorf("it took %s, want 26 s", took)
		}
	})
}
