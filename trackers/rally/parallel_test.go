package rally_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/rally"
	"percolate/trackers/rally/rallytest"
)

// far is a Rally that is a second away, and counts how many requests are under way.
type far struct {
	sim *rallytest.Server

	mu        sync.Mutex
	now, most int
	families  map[string]int // writes under way, by the parent that they are below
	crowded   int
}

var above = regexp.MustCompile(`"(?:Parent|Requirement)":"([^"]+)"`)

func (f *far) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	parents := map[string]bool{}
	for _, m := range above.FindAllStringSubmatch(string(body), -1) {
		parents[m[1]] = true
	}
	f.count(parents, 1)
	time.Sleep(time.Second)
	w := httptest.NewRecorder()
	f.sim.ServeHTTP(w, req)
	f.count(parents, -1)
	return w.Result(), nil
}

func (f *far) count(parents map[string]bool, by int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now += by
	f.most = max(f.most, f.now)
	for p := range parents {
		f.families[p] += by
		f.crowded = max(f.crowded, f.families[p])
	}
}

// open is a tracker on it.
func (f *far) open(t *testing.T) *rally.Tracker {
	t.Helper()
	r, err := rally.New(rally.Options{
		Name: "rally-ops", URL: "https://rally.example", Workspace: "41529001", Project: "41529017", Key: key, Now: time.Now, Transport: f,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// parents are stories without a parent, and below are actions of one each.
func parents(n int) (all []trackers.Creation) {
	for i := range n {
		k := ticket.Key{Document: fmt.Sprint("PER-", i)}
		all = append(all, trackers.Creation{Key: k, Fields: ticket.Fields{Kind: ticket.KindParent, Title: k.Document, Labels: []string{"sev2"}}})
	}
	return all
}

func below(filed []trackers.Created, document string, each int) (all []trackers.Creation) {
	for i, c := range filed {
		for a := range each {
			k := ticket.Key{Document: document + fmt.Sprint("-", i), Action: fmt.Sprint("A", a)}
			kind := []ticket.Kind{ticket.KindStory, ticket.KindDefect}[a%2]
			all = append(all, trackers.Creation{Key: k, Parent: c.Seen.Ref, Fields: ticket.Fields{
				Kind: kind, Title: k.String(), Priority: ticket.PriorityHigh, Assignees: []string{fmt.Sprint("person-", a)}, Labels: []string{"team"},
			}})
		}
	}
	return all
}

// filed files a batch, and wants all of it to be filed.
func filed(t *testing.T, r *rally.Tracker, batch []trackers.Creation) []trackers.Created {
	t.Helper()
	done := r.Create(t.Context(), batch)
	for _, c := range done {
		if c.Err != nil {
			t.Error(c.Err)
		}
	}
	return done
}

func TestWhatDoesNotWaitForEachOtherIsAskedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &far{sim: rallytest.New(rallytest.Options{Now: time.Now, Key: key, AnyUser: true}), families: map[string]int{}}
		r := f.open(t)
		begun := time.Now()
		above := filed(t, r, parents(100))
		// Tags are looked for and then made, while the zone is asked for; two batches go together.
		if took := time.Since(begun); took != 3*time.Second {
			t.Errorf("a hundred parents took %s, want 3 s", took)
		}
		f.sim.ForgetRequests()
		begun = time.Now()
		filed(t, r, below(above[:20], "PER-first", 5))
		if n := f.sim.Requests()["GET user"]; n != 1 {
			t.Errorf("five people were looked up by %d requests", n)
		}
		// The type, its attributes and their values, while tags and people are asked for.
		if took := time.Since(begun); took != 4*time.Second {
			t.Errorf("the first hundred children took %s, want 4 s", took)
		}
		begun = time.Now()
		var group sync.WaitGroup
		for n := range 4 {
			group.Go(func() { filed(t, r, below(above[20*n:20*(n+1)], fmt.Sprint("PER-", n), 5)) })
		}
		group.Wait()
		if took := time.Since(begun); took != time.Second || f.most != 8 {
			t.Errorf("four hundred more took %s with %d requests under way at once, want 1 s with 8", took, f.most)
		}
	})
}

func TestBatchesBelowOneParentNeverMeet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &far{sim: rallytest.New(rallytest.Options{Now: time.Now, Key: key, AnyUser: true}), families: map[string]int{}}
		r := f.open(t)
		above := filed(t, r, parents(2))
		filed(t, r, below(above[:1], "PER-first", 2)) // what has to be known is known now
		for name, batches := range map[string][][]trackers.Creation{
			"one batch that is two requests": {below(above[:1], "PER-long", 60)},
			"one that meets two others":      {below(above[:1], "PER-left", 2), below(above, "PER-both", 2), below(above[1:], "PER-right", 2)},
		} {
			for _, b := range batches {
				for i := range b {
					b[i].Fields.Assignees = nil
				}
			}
			begun := time.Now()
			var group sync.WaitGroup
			for _, b := range batches {
				group.Go(func() { filed(t, r, b) })
			}
			group.Wait()
			if took := time.Since(begun); took != 2*time.Second {
				t.Errorf("%s: it took %s, want 2 s", name, took)
			}
		}
		if f.crowded != 1 {
			t.Errorf("%d batches were under way at once below one parent", f.crowded)
		}
	})
}
