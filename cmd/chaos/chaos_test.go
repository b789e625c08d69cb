package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// echo serves connections that answer a line with itself.
func echo(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	return l.Addr().String()
}

func TestTheNetworkIsCutAtTheByteThatWasAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		fault wireFault
		want  string
	}{
		"whole":      {wireFault{at: 1000}, "0123456789"},
		"no byte":    {wireFault{at: 0}, ""},
		"a request":  {wireFault{at: 4}, "0123"},
		"an answer":  {wireFault{at: 7, answer: true}, "0123456"},
		"held up":    {wireFault{at: 3, hold: time.Millisecond}, "0123456789"},
		"both holds": {wireFault{at: 0, answer: true, hold: time.Millisecond}, "0123456789"},
	} {
		t.Run(name, func(t *testing.T) {
			var fired []string
			n, err := newNetwork(t.Context(), echo(t), func(s string) { fired = append(fired, s) })
			if err != nil {
				t.Fatal(err)
			}
			defer n.close()
			n.disturb(c.fault)
			conn, err := net.Dial("tcp", n.address())
			if err != nil {
				t.Fatal(err)
			}
			_, _ = conn.Write([]byte("0123456789"))
			_ = conn.(*net.TCPConn).CloseWrite()
			got, _ := io.ReadAll(conn)
			conn.Close()
			n.drain()
			if string(got) != c.want && !(c.fault.at == 4 && len(got) < 4) { // what went through need not have come back
				t.Errorf("%q came back, want %q", got, c.want)
			}
			if (len(fired) > 0) != (c.fault.at < 1000) {
				t.Errorf("%v was told", fired)
			}
		})
	}
}

func TestAnEditIsExcusedOnlyBetweenAReadAndItsWrite(t *testing.T) {
	trace := func(points ...string) []passage {
		var out []passage
		for i, p := range points {
			point, ref, _ := strings.Cut(p, " ")
			out = append(out, passage{PID: 1, At: int64(i), Point: point, About: []string{ref}})
		}
		return out
	}
	for name, c := range map[string]struct {
		trace []passage
		at    int64
		want  bool
	}{
		"before the read":        {trace("links", "get.before 7", "get.after 7", "update.before 7", "update.after 7"), 0, false},
		"between":                {trace("get.before 7", "get.after 7", "links", "update.before 7", "update.after 7"), 2, true},
		"after the write":        {trace("get.before 7", "get.after 7", "update.before 7", "update.after 7", "links", "links"), 5, false},
		"a write without a read": {trace("links", "links", "update.before 7", "update.after 7"), 1, false},
		"another ticket's":       {trace("get.before 8", "get.after 8", "links", "update.before 8", "update.after 8"), 2, false},
		"it died while writing":  {trace("get.before 7", "get.after 7", "update.before 7"), 1000, true},
		"read again meanwhile":   {trace("get.before 7", "get.after 7", "links", "get.before 7", "get.after 7", "update.before 7", "update.after 7"), 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			e := edit{from: time.Unix(0, c.at), to: time.Unix(0, c.at)}
			if got := e.within(windows(c.trace, "7")); got != c.want {
				t.Errorf("excused %v, want %v", got, c.want)
			}
		})
	}
}

const ticketFile = `---
id: T-1
title: Mend it
due: 2027-01-01
labels: [one, two]
assignee:
---

Text
`

func TestPeopleEditTicketFilesAndNothingElseInThem(t *testing.T) {
	for do, want := range map[string]func(item) string{
		"title":    func(i item) string { return i.Title },
		"due":      func(i item) string { return i.Due },
		"assign":   func(i item) string { return strings.Join(i.Assignees, ",") },
		"priority": func(i item) string { return i.Priority },
		"status":   func(i item) string { return i.Status },
		"parent":   func(i item) string { return i.Parent },
		"label":    func(i item) string { return i.Labels[len(i.Labels)-1] },
		"append":   func(i item) string { return i.Text },
		"comment":  func(i item) string { return strings.Join(i.Comments, "") },
	} {
		p, err := readTicket(ticketFile)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.do(act{Do: do, Value: "value"}); err != nil {
			t.Fatal(err)
		}
		again, err := readTicket(p.String())
		if err != nil {
			t.Fatal(err)
		}
		if got := want(again.item()); !strings.Contains(got, "value") {
			t.Errorf("%s: %q", do, got)
		}
		if do != "title" && again.item().Title != "Mend it" || !strings.HasPrefix(again.item().Text, "\nText\n") {
			t.Errorf("%s changed more:\n%s", do, p)
		}
	}
}

func TestAFolderRemembersWhatWasDeletedAndKnowsCopies(t *testing.T) {
	f := &folder{dir: t.TempDir(), paths: map[string]string{}}
	if err := os.WriteFile(filepath.Join(f.dir, "T-1.md"), []byte(ticketFile), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := f.items(); err != nil {
		t.Fatal(err)
	}
	copied, err := f.do(act{Do: "copy", Ref: "T-1"})
	if err != nil {
		t.Fatal(err)
	}
	items, err := f.items()
	if err != nil || len(items) != 2 || items[1].Ref != copied {
		t.Errorf("%v, %v", items, err)
	}
	if _, err := f.do(act{Do: "delete", Ref: copied}); err != nil {
		t.Fatal(err)
	}
	items, err = f.items()
	if err != nil || len(items) != 2 || items[0].Deleted || !items[1].Deleted {
		t.Errorf("%v, %v", items, err)
	}
	if _, err := f.do(act{Do: "dance", Ref: "T-1"}); !errors.Is(err, errCannot) {
		t.Errorf("%v", err)
	}
}

func TestWhatIsAskedForIsUnderstood(t *testing.T) {
	for text, want := range map[string]int{"all": len(kinds()), "jira": 1, "files,jira": 2} {
		got, err := choose(text)
		if err != nil || len(got) != want {
			t.Errorf("%s: %d trackers, %v", text, len(got), err)
		}
	}
	for _, args := range [][]string{{"-tracker", "trello"}, {"-n", "many"}} {
		if code, err := start(context.Background(), args, io.Discard); code != 2 || err == nil {
			t.Errorf("%v: %d, %v", args, code, err)
		}
	}
}

func TestEveryGuardIsStillThereToBeTakenOut(t *testing.T) {
	for _, g := range guards() {
		text, err := os.ReadFile(filepath.Join("..", "..", g.file))
		if err != nil || bytes.Count(text, []byte(g.old)) != 1 {
			t.Errorf("%s: %s does not hold once: %s (%v)", g.without, g.file, g.old, err)
		}
	}
}
