package github_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The emulator is a package of npm, named with its version and its sums in testdata/emulate.
const emulateFolder = "testdata/emulate"

// emulator serves a GitHub that we did not write, on this machine alone and until the
// test ends. It installs itself, which takes a network once. What is missing for that
// fails the test: an opinion that nobody hears is none.
func emulator(t *testing.T) (address string) {
	t.Helper()
	if os.Getenv("EMULATE") == "skip" {
		t.Skip("EMULATE=skip says so: nothing but our own simulator has looked at this tracker")
	}
	const without = "\nInstall it, or run with EMULATE=skip to go without the second opinion on GitHub."
	program, err := nodeProgram()
	if err != nil {
		t.Fatalf("%v%s", err, without)
	}
	modules, err := installed()
	if err != nil {
		t.Fatalf("%v%s", err, without)
	}
	for range 3 { // the port that was free may be taken by now
		if address, err = start(t, program, modules); err == nil {
			return address
		}
	}
	t.Fatalf("the emulator does not start: %v", err)
	return ""
}

// nodeProgram finds the program and looks at its version.
func nodeProgram() (string, error) {
	const needs = 20
	path, err := exec.LookPath("node")
	if err != nil {
		return "", fmt.Errorf("node is missing: the emulator of GitHub needs Node.js %d or newer", needs)
	}
	out, err := exec.Command(path, "--version").Output()
	major, _, _ := strings.Cut(strings.TrimPrefix(string(out), "v"), ".")
	if n, bad := strconv.Atoi(major); err != nil || bad != nil || n < needs {
		return "", fmt.Errorf("node is %s: the emulator of GitHub needs Node.js %d or newer", strings.TrimSpace(string(out)), needs)
	}
	return path, nil
}

// installed is the folder of the emulator's modules. Those of another lock file are
// installed anew, beside what is there and then in its place, since others may run too.
func installed() (string, error) {
	lock, err := os.ReadFile(filepath.Join(emulateFolder, "package-lock.json"))
	if err != nil {
		return "", err
	}
	modules := filepath.Join(emulateFolder, "node_modules")
	stamp := filepath.Join(modules, ".installed-from")
	if have, err := os.ReadFile(stamp); err == nil && bytes.Equal(have, lock) {
		return modules, nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", errors.New("npm is missing: it installs the emulator of GitHub")
	}
	folder, err := os.MkdirTemp(emulateFolder, "node_modules.")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	if err := install(npm, folder, lock); err != nil {
		return "", err
	}
	if err := os.RemoveAll(modules); err != nil {
		return "", err
	}
	err = os.Rename(filepath.Join(folder, "node_modules"), modules)
	if errors.Is(err, fs.ErrExist) {
		err = nil // somebody else was faster
	}
	return modules, err
}

func install(npm, folder string, lock []byte) error {
	about, err := os.ReadFile(filepath.Join(emulateFolder, "package.json"))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "package.json"), about, 0o600)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "package-lock.json"), lock, 0o600)
	}
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir, cmd.WaitDelay = folder, time.Second
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci cannot install the emulator of GitHub, which takes a network once: %w\n%s", err, said)
	}
	return os.WriteFile(filepath.Join(folder, "node_modules", ".installed-from"), lock, 0o600)
}

// start serves the emulator and waits until it answers. It ends with its standard input,
// which the test holds, so that it outlives nothing.
func start(t *testing.T, program, modules string) (string, error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	at := l.Addr().String()
	_, port, _ := net.SplitHostPort(at)
	_ = l.Close()
	tame, err := filepath.Abs(filepath.Join(emulateFolder, "tame.cjs"))
	if err != nil {
		return "", err
	}
	var said bytes.Buffer
	cmd := exec.Command(program, "--require", tame, filepath.Join(modules, "emulate", "dist", "index.js"), "start",
		"--service", "github", "--port", port, "--base-url", "http://"+at, "--seed", filepath.Join(emulateFolder, "seed.yaml"))
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &said, &said, time.Second
	life, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = life.Close()
		_ = cmd.Process.Kill()
		<-ended
	})
	for range 200 {
		select {
		case err := <-ended:
			ended <- err
			return "", fmt.Errorf("it ended with %w: %s", err, &said)
		case <-time.After(50 * time.Millisecond):
		}
		if resp, err := http.Get("http://" + at + "/repos/octo/backlog"); err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			return "http://" + at, nil
		}
	}
	return "", errors.New("it does not answer")
}
