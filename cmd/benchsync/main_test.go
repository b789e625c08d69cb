package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/per"
)

func TestFlagsChooseWhatIsMeasured(t *testing.T) {
	s, err := parse([]string{"--trackers", "jira", "--rounds", "5ms:10,20 1s:30", "--bin", "x"}, io.Discard)
	if err != nil || len(s.trackers) != 1 || s.trackers[0].name != "jira" || len(s.rounds) != 2 || s.bin != "x" {
		t.Fatalf("%+v, %v", s, err)
	}
	if r := s.rounds[0]; r.latency != 5*time.Millisecond || !slices.Equal(r.sizes, []int{10, 20}) {
		t.Errorf("%+v", r)
	}
	for args, want := range map[string]string{
		"--trackers trello": "there are jira,", "--rounds 10": "latency", "--rounds 1ms": "no number", "--rounds 1ms:9": "at least 10", "--nothing": "nothing",
	} {
		if _, err := parse(strings.Fields(args), io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", args, err, want)
		}
	}
}

func TestTheFloorIsWhatBatchesAllow(t *testing.T) {
	s := size{documents: 100, actions: 5}
	for name, c := range map[string]struct{ got, want need }{
		"filing in Jira":         {jiraFloor().file(s), need{2 + 10 + 6 + 14, 4 + 1 + 3 + 1 + 2}},
		"filing in GitHub":       {githubFloor().file(s), need{10 + 50 + 14, 62}},
		"filing in Rally":        {rallyFloor().file(s), need{2 + 10 + 14, 6 + 1 + 2}},
		"an idle poll":           {jiraFloor().poll(0), need{1, 1}},
		"a poll of 101 changes":  {jiraFloor().poll(101), need{3, 3}},
		"changing ten in Jira":   {jiraFloor().refresh(10), need{11, 4}},
		"changing ten in GitHub": {githubFloor().refresh(10), need{11, 11}},
		"changing ten in Rally":  {rallyFloor().refresh(10), need{2, 2}},
		"one work after another": {need{1, 2}.and(need{3, 4}), need{4, 6}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %+v, want %+v", name, c.got, c.want)
		}
	}
	if n := redmineFloor().file(size{documents: 10, actions: 5}); n != (need{64, 2 + 3 + 15}) {
		t.Errorf("10 documents in Redmine: %+v", n)
	}
	if n := jiraRivals()[0].file(600, 0); n != 601 {
		t.Errorf("git-bug files 600 tickets in Jira with %d requests", n)
	}
	if n := jiraRivals()[1].unchanged(600, 0); n != 600 {
		t.Errorf("jiralert polls 600 tickets of Jira with %d requests", n)
	}
}

func TestWhatIsPossibleIsBoundByRequestsAndByRounds(t *testing.T) {
	r := row{latency: time.Second, requests: 8, parallel: 4, least: need{rounds: 3}}
	if got := r.possible(); got != 3*time.Second || r.abreast() != 2*time.Second {
		t.Errorf("3 rounds of 8 requests, 4 at once: %s and %s", got, r.abreast())
	}
	r.requests = 40
	if got := r.possible(); got != 10*time.Second {
		t.Errorf("3 rounds of 40 requests, 4 at once: %s", got)
	}
	r.server = 12 * time.Second
	if got := r.possible(); got != 12*time.Second {
		t.Errorf("and a server that worked for 12 s: %s", got)
	}
	r.server, r.usage.cpu = 0, 2*time.Second
	if got := r.possible(); got <= 10*time.Second || got > 12*time.Second {
		t.Errorf("and 2 s of computing: %s", got)
	}
}

func TestDocumentsAreUnderstoodWhole(t *testing.T) {
	dir := folder(t.TempDir())
	if err := dir.write(size{documents: 12, actions: 5}, trackers()[0], "http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	for n := range 12 {
		name := filepath.Join(string(dir), "pers", "0000"+string(rune('0'+n))+".md")
		if n > 9 {
			name = filepath.Join(string(dir), "pers", "0001"+string(rune('0'+n-10))+".md")
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d, problems := per.Reader{Zone: time.UTC}.Parse(name, src)
		if len(d.Actions) != 5 || len(problems) > 0 {
			t.Fatalf("%s: %d actions, %v", name, len(d.Actions), problems)
		}
		for _, a := range d.Actions {
			texts[a.Text] = true
		}
		if !mine(d.Actions[1].Text, 2) || mine(d.Actions[2].Text, 2) {
			t.Errorf("%q and %q are not told apart", d.Actions[1].Text, d.Actions[2].Text)
		}
	}
	if len(texts) != 60 {
		t.Errorf("%d texts differ, want 60", len(texts))
	}
}

func TestEveryTrackerIsMeasuredWithTheRealPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("builds two programs")
	}
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "percolate/cmd/percolate", "percolate/cmd/trackersim")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	all := trackers()
	if os.Getenv("REDMINE") == "skip" {
		t.Log("REDMINE=skip: the real Redmine is NOT measured")
		all = slices.DeleteFunc(all, func(tr tracker) bool { return tr.name == "redmine" })
	}
	var names []string
	for _, tr := range all {
		names = append(names, tr.name)
	}
	var out, log bytes.Buffer
	if err := run(t.Context(), []string{"--bin", bin, "--rounds", "1ms:10", "--trackers", strings.Join(names, ",")}, &out, &log); err != nil {
		t.Fatalf("%v\n%s\n%s", err, &out, &log)
	}
	for _, tr := range all {
		if n := strings.Count(out.String(), "| "+tr.name+" | 10 | 60 |"); n != 5 {
			t.Errorf("%d rows of %s:\n%s", n, tr.name, &out)
		}
		if !strings.Contains(out.String(), "| "+tr.name+" | 10 | 60 | 1ms | nothing changed | 1 | 1 |") {
			t.Errorf("%s was asked more than once when nothing had changed:\n%s", tr.name, &out)
		}
	}
}
