package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// simulator is a running trackersim.
type simulator struct {
	address string
	stop    func()
}

// start runs a simulator and waits until it serves.
func start(ctx context.Context, s settings, t tracker, latency time.Duration, dir string) (*simulator, error) {
	ready := filepath.Join(dir, "ready")
	args := append([]string{t.name, "--addr", "127.0.0.1:0", "--ready", ready, "--latency", latency.String()}, t.simulator...)
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "trackersim"), args...)
	cmd.Stderr = s.log
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	ended := make(chan struct{})
	var failed error
	go func() { failed = cmd.Wait(); close(ended) }()
	sim := &simulator{stop: func() { cancel(); <-ended }}
	for {
		select {
		case <-ended:
			cancel()
			return nil, fmt.Errorf("the simulator ended: %w", failed)
		case <-time.After(5 * time.Millisecond):
		}
		if text, err := os.ReadFile(ready); err == nil && strings.HasSuffix(string(text), "\n") {
			sim.address = strings.TrimSpace(string(text))
			return sim, nil
		}
	}
}

// stats are what a simulator counts.
type stats struct {
	Requests map[string]int `json:"requests"`
	Tickets  int            `json:"tickets"`
	Busy     time.Duration  `json:"busy"` // how long a real server had requests to answer

	waited time.Duration // with at least one request under way
}

// total is how many requests there were.
func (s stats) total() (n int) {
	for _, times := range s.Requests {
		n += times
	}
	return n
}

func (s *simulator) stats(ctx context.Context) (stats, error) {
	var out stats
	body, err := s.ask(ctx, http.MethodGet, "stats", nil)
	if err != nil {
		return out, err
	}
	err = errors.Join(json.NewDecoder(body).Decode(&out), body.Close())
	if err == nil {
		out.waited, err = s.waited(ctx)
	}
	return out, err
}

func (s *simulator) waited(ctx context.Context) (time.Duration, error) {
	var out struct{ Nanoseconds time.Duration }
	body, err := s.ask(ctx, http.MethodGet, "waited", nil)
	if err != nil {
		return 0, err
	}
	err = errors.Join(json.NewDecoder(body).Decode(&out), body.Close())
	return out.Nanoseconds, err
}

// act is one thing that a person does to a ticket.
type act struct {
	Do    string `json:"do"`
	Ref   string `json:"ref"`
	Value string `json:"value"`
}

func (s *simulator) person(ctx context.Context, a act) error {
	body, err := s.ask(ctx, http.MethodPost, "people", a)
	if err != nil {
		return err
	}
	return body.Close()
}

// pass lets an hour pass for the simulated server, where it can.
func (s *simulator) pass(ctx context.Context) {
	if body, err := s.ask(ctx, http.MethodPost, "clock?by=1h", nil); err == nil {
		_ = body.Close()
	}
}

// refs are those of the first n tickets whose title is chosen. The answer is read no
// further than that: there may be many tickets.
func (s *simulator) refs(ctx context.Context, n int, chosen func(title string) bool) ([]string, error) {
	body, err := s.ask(ctx, http.MethodGet, "tickets", nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = body.Close() }()
	d := json.NewDecoder(body)
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var refs []string
	for d.More() && len(refs) < n {
		var t struct{ Ref, Title string }
		if err := d.Decode(&t); err != nil {
			return nil, err
		}
		if chosen(t.Title) {
			refs = append(refs, t.Ref)
		}
	}
	if len(refs) < n {
		return nil, fmt.Errorf("only %d of %d tickets were found", len(refs), n)
	}
	return refs, nil
}

// ask asks the simulator itself; the caller closes the answer.
func (s *simulator) ask(ctx context.Context, method, path string, in any) (io.ReadCloser, error) {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.address+"/_sim/"+path, &body)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 1000))
		return nil, errors.Join(fmt.Errorf("%s /_sim/%s: %s: %s", method, path, resp.Status, bytes.TrimSpace(said)), resp.Body.Close())
	}
	return resp.Body, nil
}
