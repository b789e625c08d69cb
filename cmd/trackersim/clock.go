package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
)

// clock is the simulated server's own, which can be put forward: an hour passes in no time.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// aging is a real server, whose clock is nobody's to put forward: what it wrote down is
// made so much older instead.
type aging interface {
	Age(ctx context.Context, by time.Duration) error
}

// forward puts the clock forward by what POST /_sim/clock?by=1h asks for.
func (c *clock) forward(w http.ResponseWriter, r *http.Request, tracker http.Handler) {
	by, err := time.ParseDuration(r.URL.Query().Get("by"))
	if err != nil || by < 0 {
		http.Error(w, "say by how much: POST /_sim/clock?by=1h", http.StatusBadRequest)
		return
	}
	if a, ok := tracker.(aging); ok {
		if err := a.Age(r.Context(), by); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += by
}

// around adds the clock to a tracker, and delays what is asked of it as a network does:
// requests wait beside each other. What is asked of the simulator is answered at once;
// GET /_sim/waited tells for how long at least one request was delayed.
func (c *clock) around(tracker http.Handler, latency time.Duration) http.Handler {
	var d delay
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == "/_sim/clock" {
			c.forward(w, r, tracker)
			return
		}
		if r.Method == http.MethodGet && r.URL.Path == "/_sim/waited" {
			_ = json.NewEncoder(w).Encode(map[string]time.Duration{"nanoseconds": d.waited()})
			return
		}
		if latency > 0 && !strings.HasPrefix(r.URL.Path, "/_sim/") {
			d.begin()
			select {
			case <-time.After(latency):
			case <-r.Context().Done():
			}
			d.end()
		}
		tracker.ServeHTTP(w, r)
	})
}
