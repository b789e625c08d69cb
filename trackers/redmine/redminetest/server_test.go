package redminetest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"percolate/trackers/redmine/redminetest"
)

const childVariable = "PERCOLATE_TEST_REDMINE_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		child()
		return
	}
	os.Exit(m.Run())
}

// child starts a server, says where, and never ends by itself.
func child() {
	s, err := redminetest.Start(context.Background(), redminetest.Options{Log: os.Stderr})
	if err != nil {
		fmt.Println("failed", err)
		return
	}
	fmt.Println(s.URL())
	select {}
}

func TestItDiesWithWhoStartedIt(t *testing.T) {
	if os.Getenv("REDMINE") == "skip" {
		t.Skip("REDMINE=skip: no Redmine is started")
	}
	temporary := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"=1", "TMPDIR="+temporary)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	at, err := bufio.NewReader(out).ReadString('\n')
	if at = strings.TrimSpace(at); err != nil || !strings.HasPrefix(at, "http://") {
		t.Fatalf("%s %v\n\nREDMINE=skip leaves out what needs a real Redmine", at, err)
	}
	if !answers(at) {
		t.Fatalf("%s does not answer", at)
	}
	_ = cmd.Process.Kill() // it cannot clean up
	_ = cmd.Wait()
	for range 600 {
		if left, _ := filepath.Glob(filepath.Join(temporary, "*")); len(left) == 0 && !answers(at) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("a minute later it still serves (%v), or files are left", answers(at))
}

func answers(at string) bool {
	client := http.Client{Timeout: 20 * time.Second}
	resp, err := client.Get(at + "/login")
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

func TestWhereItCannotBeHadItSaysWhatIsMissing(t *testing.T) {
	bin := t.TempDir() // a machine without Debian's tools
	for _, tool := range []string{"sh", "dirname", "mktemp", "mkdir", "flock", "grep", "id", "rm"} {
		path, err := exec.LookPath(tool)
		if err != nil {
			t.Skipf("this machine has no %s", tool)
		}
		if err := os.Symlink(path, filepath.Join(bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	s, err := redminetest.Start(t.Context(), redminetest.Options{})
	if err == nil {
		_ = s.Close()
		t.Fatal("it starts without anything")
	}
	if !strings.Contains(err.Error(), "it needs the packages redmine redmine-sqlite thin") {
		t.Error(err)
	}
	if left, err := os.ReadDir(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) || len(left) > 0 {
		t.Errorf("it leaves %v (%v)", left, err)
	}
}
