package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"percolate/trackers"
)

// The scripts run the whole program as users do: each of its commands is a process.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"percolate":  func() { os.Exit(underTest().run(context.Background(), os.Args[1:])) },
		"interrupt":  interrupt,
		"hold-state": holdState,
		"await":      await,
		"jira-sim":   jiraSim,
		"github-sim": githubSim,
		"rally-sim":  rallySim,
		"act":        act,
		"ask":        ask,
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"replace": replace,
			"write":   write,
			"sqlite":  sqlite,
		},
	})
}

// setup gives every script the examples of the repository, and a clock that goes on from one
// process to the next.
func setup(e *testscript.Env) error {
	e.Setenv("PERCOLATE_TEST_NOW", "2026-06-10T08:00:00Z")
	e.Setenv("PERCOLATE_TEST_BEGAN", strconv.FormatInt(time.Now().UnixNano(), 10))
	e.Setenv("TERM", "xterm")
	e.Setenv("NO_COLOR", "")
	example, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(e.WorkDir, "config.example.yaml"), example, 0o644); err != nil {
		return err
	}
	return os.CopyFS(filepath.Join(e.WorkDir, "examples"), os.DirFS("../../examples"))
}

// underTest is the program with what tests change about the world.
func underTest() *program {
	p := &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.LookupEnv, now: clock(), stateWait: 300 * time.Millisecond}
	if at := os.Getenv("PERCOLATE_TEST_SLOW"); at != "" {
		p.wrap = func(t trackers.Tracker) trackers.Tracker { return slow{t, at} }
	}
	return p
}

// clock begins at PERCOLATE_TEST_NOW when the script begins.
func clock() func() time.Time {
	base, err := time.Parse(time.RFC3339, os.Getenv("PERCOLATE_TEST_NOW"))
	if err != nil {
		panic(err)
	}
	began, err := strconv.ParseInt(os.Getenv("PERCOLATE_TEST_BEGAN"), 10, 64)
	if err != nil {
		panic(err)
	}
	return func() time.Time { return base.Add(time.Duration(time.Now().UnixNano() - began)) }
}

// slow is a tracker that takes its time at one place, so that a run can be interrupted there.
type slow struct {
	trackers.Tracker
	at string
}

const slowness = 2 * time.Second

// Changed waits before it reads.
func (s slow) Changed(ctx context.Context, since trackers.Cursor) iter.Seq2[trackers.Change, error] {
	if s.at == "changed" {
		select {
		case <-time.After(slowness):
		case <-ctx.Done():
		}
	}
	return s.Tracker.Changed(ctx, since)
}

// Create waits after it has written.
func (s slow) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	created := s.Tracker.Create(ctx, batch)
	if s.at == "create" {
		time.Sleep(slowness)
	}
	return created
}

// await FILE waits for the file.
func await() {
	for range 2000 {
		if _, err := os.Stat(os.Args[1]); err == nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	panic(os.Args[1] + " does not appear")
}

// interrupt FILE COMMAND... runs the command and sends it an interrupt when the file appears.
func interrupt() {
	cmd := exec.Command(os.Args[2], os.Args[3:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	await()
	_ = cmd.Process.Signal(os.Interrupt)
	_ = cmd.Wait()
	os.Exit(cmd.ProcessState.ExitCode())
}

// exits CODE COMMAND... runs a command that must end with exactly this code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = failed.ExitCode()
	}
	if neg || got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// replace OLD NEW FILE edits a file as a person does; OLD must be there. Both are texts
// as in Go, without the quotes.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	text, from, to := ts.ReadFile(args[2]), unquoted(ts, args[0]), unquoted(ts, args[1])
	if neg || !strings.Contains(text, from) {
		ts.Fatalf("%q is not in %s", from, args[2])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(strings.Replace(text, from, to, 1)), 0o644))
}

func unquoted(ts *testscript.TestScript, text string) string {
	plain, err := strconv.Unquote(`"` + text + `"`)
	ts.Check(err)
	return plain
}

// write FILE TEXT puts a text as in Go, without the quotes, into a file; with a number behind it, so often.
func write(ts *testscript.TestScript, _ bool, args []string) {
	text, times := unquoted(ts, args[1]), 1
	if len(args) > 2 {
		n, err := strconv.Atoi(args[2])
		ts.Check(err)
		times = n
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	for range times {
		_, err := io.WriteString(f, text)
		ts.Check(err)
	}
}
