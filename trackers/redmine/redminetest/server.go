// Package redminetest runs a real Redmine of its own: for the tests of the tracker, for
// programs that try percolate out, and for people who want to look. It starts one with a
// fresh database on a free loopback port, installs it first where it is missing, and
// stops it for sure, whatever becomes of the process that started it. In front of it
// stands a server that counts requests, loses answers and lets people act through
// Redmine's own web forms. It simulates nothing.
package redminetest

import (
	"bufio"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // to look into Redmine's database

	"percolate/trackers/internal/simctl"
)

//go:embed redmine.sh serve.rb seed.rb
var scripts embed.FS

// The accounts, as the script seeds them. Ann and Bob can be assigned; Rita is a member of
// the projects and cannot, Nina is none.
const (
	AdminKey    = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" // the API key of an administrator
	BotKey      = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" // of an account that may do what percolate needs
	ReporterKey = "cccccccccccccccccccccccccccccccccccccccc" // of one that may file issues and not change them

	Ann    = "Ann Archer"
	Bob    = "Bob Baker"
	Rita   = "Rita Reporter"
	Nobody = "Nina Nobody"
)

// Password is everybody's, for Redmine's own pages; people log in as admin, ann, bob or
// rita.
const Password = "percolate-person"

// Options say how the server is run. Zero values are fine.
type Options struct {
	Log io.Writer        // is told what the installation does; nil tells nobody
	Now func() time.Time // for how long Redmine is at work; nil does not tell
}

// Server is a running Redmine with two projects, ops and shop, and the server in front
// of it. It is safe for concurrent use.
type Server struct {
	upstream *url.URL // Redmine itself
	folder   string
	process  *exec.Cmd
	lifeline io.Closer // closed, or lost with this process, it stops the server
	db       *sql.DB
	front    http.Handler
	now      func() time.Time

	mu       sync.Mutex
	requests map[string]int
	faults   Faults
	wrote    int
	asked    int
	working  int           // requests that Redmine has to answer now
	since    time.Time     // when the first of them came
	busy     time.Duration // with all that are answered
	deleted  []simctl.Ticket
	sessions map[string]*session
}

// Start runs a server. Where Redmine cannot be had, the error says what is missing. ctx
// ends the start, which takes some seconds, and minutes where Redmine is to be installed.
func Start(ctx context.Context, opt Options) (*Server, error) {
	folder, err := os.MkdirTemp("", "percolate-redmine-")
	if err != nil {
		return nil, fmt.Errorf("folder for redmine: %w", err)
	}
	s := &Server{folder: folder, now: opt.Now, requests: map[string]int{}, sessions: map[string]*session{}}
	if s.now == nil {
		s.now = func() time.Time { return time.Time{} }
	}
	if err := s.start(ctx, opt); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, opt Options) error {
	port, err := s.run(ctx, opt.Log)
	if err != nil {
		return err
	}
	if s.upstream, err = url.Parse("http://127.0.0.1:" + port); err != nil {
		return fmt.Errorf("redmine says that it serves port %q: %w", port, err)
	}
	// It only reads. A reader holds writers back, who wait; the other way round we wait.
	s.db, err = sql.Open("sqlite", "file:"+filepath.Join(s.folder, "redmine.db")+"?mode=ro&_pragma=busy_timeout(20000)")
	if err != nil {
		return fmt.Errorf("database of redmine: %w", err)
	}
	s.front = s.newFront()
	return nil
}

// run starts the script and waits until it serves.
func (s *Server) run(ctx context.Context, log io.Writer) (port string, err error) {
	for _, name := range []string{"redmine.sh", "serve.rb", "seed.rb"} {
		text, err := scripts.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("script %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(s.folder, name), text, 0o600); err != nil {
			return "", fmt.Errorf("script %s: %w", name, err)
		}
	}
	var said tail
	// Not with ctx, which ends the start and not the server.
	s.process = exec.Command("sh", filepath.Join(s.folder, "redmine.sh"), s.folder)
	s.process.Stderr = &said
	if log != nil {
		s.process.Stderr = io.MultiWriter(&said, log)
	}
	if s.lifeline, err = s.process.StdinPipe(); err != nil {
		return "", fmt.Errorf("start redmine: %w", err)
	}
	out, err := s.process.StdoutPipe()
	if err != nil {
		return "", fmt.Errorf("start redmine: %w", err)
	}
	if err := s.process.Start(); err != nil {
		return "", fmt.Errorf("start redmine: %w", err)
	}
	giveUp := context.AfterFunc(ctx, s.kill)
	defer giveUp()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if port, ok := strings.CutPrefix(lines.Text(), "serving "); ok {
			return port, nil
		}
	}
	_ = s.process.Wait() // until all that it said has arrived
	return "", errors.Join(ctx.Err(), fmt.Errorf("redmine does not start: %s", said.text()))
}

func (s *Server) kill() { _ = s.process.Process.Kill() }

// Close stops the server and removes what it kept.
func (s *Server) Close() error {
	if s.db != nil {
		_ = s.db.Close()
	}
	if s.process != nil && s.process.Process != nil {
		_ = s.lifeline.Close()
		late := time.AfterFunc(20*time.Second, s.kill)
		_ = s.process.Wait() // that it was told to stop is no news
		late.Stop()
	}
	return os.RemoveAll(s.folder)
}

// tail keeps the end of what a process said.
type tail struct {
	mu  sync.Mutex
	end []byte
}

// Write keeps the last 2000 bytes.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end = append(t.end, p...)
	t.end = t.end[max(len(t.end)-2000, 0):]
	return len(p), nil
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.end))
}
