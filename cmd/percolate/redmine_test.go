package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"percolate/trackers/redmine/redminetest"
)

// A whole team's work against a real Redmine: the program as users run it, and people as
// they use Redmine's web pages.
func TestATeamWorksWithARealRedmine(t *testing.T) {
	if os.Getenv("REDMINE") == "skip" {
		t.Skip("REDMINE=skip: nothing is tried against a real Redmine")
	}
	d := newDesktop(t)
	for _, step := range []struct {
		name string
		do   func(*desktop, *testing.T)
	}{
		{"DoctorFindsItInOrder", (*desktop).doctor},
		{"FiftyDocumentsAreImportedOnce", (*desktop).imports},
		{"WhatPeopleDoIsSeenAndKept", (*desktop).people},
		{"WhatIsReopenedIsOpenAgain", (*desktop).reopens},
		{"WhatIsMovedIsFollowed", (*desktop).moves},
		{"WhatIsDeletedIsGoneAndStaysSo", (*desktop).deletes},
		{"WithTheStateLostEveryTicketIsFound", (*desktop).forgets},
	} {
		if !t.Run(step.name, func(t *testing.T) { step.do(d, t) }) {
			return // the steps build on each other
		}
	}
}

// desktop is where the team works.
type desktop struct {
	server *redminetest.Server
	folder string
	ahead  time.Duration // of percolate's clock
	refs   map[string]string
}

func newDesktop(t *testing.T) *desktop {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	server, err := redminetest.Start(ctx, redminetest.Options{Log: os.Stderr})
	if err != nil {
		t.Fatalf("%v\n\nREDMINE=skip leaves out what needs a real Redmine", err)
	}
	front := httptest.NewServer(server)
	t.Cleanup(func() {
		front.Close()
		_ = server.Close()
	})
	d := &desktop{server: server, folder: t.TempDir(), refs: map[string]string{}}
	d.write(t, "percolate.yaml", strings.ReplaceAll(redmineYAML, "$URL", front.URL))
	for i := range 50 {
		d.write(t, fmt.Sprintf("pers/%02d.md", i+1), fmt.Sprintf(eventText, i+1, i+1, i+1))
	}
	return d
}

const redmineYAML = `
people:
  - {name: ann, accounts: [{tracker: redmine-ops, account: Ann Archer}]}
  - {name: bob, accounts: [{tracker: redmine-ops, account: Bob Baker}]}
policy: {guard: {creations: 0}}
trackers:
  - name: redmine-ops
    type: redmine
    url: $URL
    key_env: REDMINE_KEY
    project: ops
    marker_field: 1
    labels_field: 2
    default_account: none
`

const eventText = `---
id: PER-2026-%03d
title: Event %d
kind: outage
severity: SEV2
---
## Corrective actions

- [ ] A1 (defect, owner: ann, due: 2030-07-01) Mend pump %d
`

func (d *desktop) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(d.folder, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// edit changes a document as its author does.
func (d *desktop) edit(t *testing.T, number int, from, to string) {
	t.Helper()
	name := fmt.Sprintf("pers/%02d.md", number)
	text, err := os.ReadFile(filepath.Join(d.folder, name))
	if err != nil || !strings.Contains(string(text), from) {
		t.Fatalf("%s does not hold %q (%v)", name, from, err)
	}
	d.write(t, name, strings.Replace(string(text), from, to, 1))
}

// run runs percolate, which must end with the code.
func (d *desktop) run(t *testing.T, code int, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "percolate", args...)
	cmd.Dir = d.folder
	cmd.Env = append(os.Environ(), "REDMINE_KEY="+redminetest.BotKey, "NO_COLOR=1",
		"PERCOLATE_TEST_NOW="+time.Now().Add(d.ahead).UTC().Format(time.RFC3339), "PERCOLATE_TEST_BEGAN="+strconv.FormatInt(time.Now().UnixNano(), 10))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	_ = cmd.Run() // its code tells
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Fatalf("percolate %s ended with %d, want %d:\n%s", strings.Join(args, " "), got, code, &out)
	}
	return out.String()
}

// wants looks for lines in what percolate said.
func wants(t *testing.T, said string, patterns ...string) {
	t.Helper()
	for _, p := range patterns {
		if !regexp.MustCompile(`(?m)` + p).MatchString(said) {
			t.Errorf("nothing like %q in:\n%s", p, said)
		}
	}
}

func (d *desktop) person(t *testing.T, do, key, value string) {
	t.Helper()
	if _, err := d.server.Person(redminetest.Act{Do: do, Ref: d.refs[key], Value: value}); err != nil {
		t.Fatalf("a person's %s of %s: %v", do, key, err)
	}
}

func (d *desktop) doctor(t *testing.T) {
	said := d.run(t, 0, "doctor")
	wants(t, said, `ok    permissions to view, add and edit`, `ok    2 of 2 people are members`)
}

var marked = regexp.MustCompile(`PER-2026-\d+`)

func (d *desktop) imports(t *testing.T) {
	before := d.asked()
	wants(t, d.run(t, 0, "sync", "--yes"), `Filed 50 parents and 50 defects`)
	t.Logf("the import of 100 tickets asked %v", changes(before, d.asked()))
	before = d.asked()
	wants(t, d.run(t, 0, "sync", "--yes"), `^Nothing to do: 50 documents, 100 tickets`)
	t.Logf("the second run asked %v", changes(before, d.asked()))
	d.run(t, 0, "plan", "--exit-code")
	all := d.server.Tickets()
	if len(all) != 100 {
		t.Fatalf("%d tickets are there, want 100", len(all))
	}
	for _, k := range all {
		key := marked.FindString(k.Title + k.Text)
		if k.Parent != "" {
			key += "/A1"
		}
		d.refs[key] = k.Ref
		if k.Parent != "" && (k.Parent != d.refs[strings.TrimSuffix(key, "/A1")] || k.Due != "2030-07-01" || k.Kind != "Bug" || len(k.Assignees) != 1) {
			t.Errorf("%s is %+v", key, k)
		}
	}
	if len(d.refs) != 100 {
		t.Fatalf("%d keys have tickets, want 100", len(d.refs))
	}
}

func (d *desktop) asked() map[string]int { return d.server.Requests() }

// changes are the requests between two looks.
func changes(before, after map[string]int) map[string]int {
	more := map[string]int{}
	for name, n := range after {
		if n > before[name] {
			more[name] = n - before[name]
		}
	}
	return more
}

func (d *desktop) people(t *testing.T) {
	d.person(t, "title", "PER-2026-001/A1", "Mend both pumps")
	d.person(t, "due", "PER-2026-002/A1", "2030-08-15")
	d.person(t, "status", "PER-2026-003/A1", "active")
	d.person(t, "status", "PER-2026-004/A1", "done")
	d.person(t, "status", "PER-2026-005/A1", "dropped")
	d.person(t, "append", "PER-2026-006/A1", "\r\n\r\nA person wrote this.")
	d.person(t, "assign", "PER-2026-007/A1", "Bob Baker")
	d.person(t, "label", "PER-2026-008/A1", "theirs")
	d.edit(t, 1, "Mend pump 1", "Mend pump one")
	d.edit(t, 6, "Mend pump 6", "Mend pump six")
	d.edit(t, 8, "SEV2", "SEV3")
	plan := d.run(t, 3, "plan", "--exit-code")
	wants(t, plan, `conflict +PER-2026-001/A1 +title: now "Mend both pumps" in the tracker`, `Mend pump six`, `ready-to-close +PER-2026-004`, `ready-to-close +PER-2026-005`)
	if strings.Contains(plan, "2030-08-15") {
		t.Errorf("the plan speaks of a due day that a planner moved:\n%s", plan)
	}
	d.run(t, 0, "sync", "--yes")
	d.run(t, 0, "plan", "--exit-code")
	six := d.ticket(t, "PER-2026-006/A1")
	if !strings.Contains(six.Text, "A person wrote this.") || six.Title != "Mend pump six" {
		t.Errorf("the text below ours or the document's title is lost: %+v", six)
	}
	if eight := d.ticket(t, "PER-2026-008/A1"); fmt.Sprint(eight.Labels) != "[percolate theirs sev3]" {
		t.Errorf("the labels are %v", eight.Labels)
	}
	if one := d.ticket(t, "PER-2026-001/A1"); one.Title != "Mend both pumps" {
		t.Errorf("a person's title became %q", one.Title)
	}
	report := d.run(t, 0, "report")
	wants(t, report, `48 open`, `1 done, 1 dropped`, `done +PER-2026-004/A1`, `dropped +PER-2026-005/A1`, `conflict +PER-2026-001/A1`)
	d.run(t, 0, "resolve", "PER-2026-001/A1", "title", "--keep", "document")
	d.run(t, 0, "sync", "--yes")
	if one := d.ticket(t, "PER-2026-001/A1"); one.Title != "Mend pump one" {
		t.Errorf("settled for the document, the title is %q", one.Title)
	}
}

func (d *desktop) ticket(t *testing.T, key string) redminetest.Ticket {
	t.Helper()
	k, err := d.server.Ticket(d.refs[key])
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (d *desktop) reopens(t *testing.T) {
	d.person(t, "status", "PER-2026-004/A1", "open")
	wants(t, d.run(t, 0, "poll"), `~ open +PER-2026-004/A1 +status done \(Closed\) -> open \(New\)`)
	wants(t, d.run(t, 0, "report"), `49 open`, `REOPENED`)
}

func (d *desktop) moves(t *testing.T) {
	d.person(t, "move", "PER-2026-009/A1", "shop")
	d.edit(t, 9, "Mend pump 9", "Mend pump nine")
	d.run(t, 0, "sync", "--yes")
	k := d.ticket(t, "PER-2026-009/A1")
	if k.Place != "shop" || k.Title != "Mend pump nine" {
		t.Errorf("moved to another project it is %+v", k)
	}
	wants(t, d.run(t, 0, "report", "--format", "json"), `"ticket": "shop#`+k.Ref+`"`)
	d.run(t, 0, "plan", "--exit-code")
}

func (d *desktop) deletes(t *testing.T) {
	d.person(t, "delete", "PER-2026-010/A1", "")
	for range 2 { // it takes two misses, and what is open is looked at daily
		d.ahead += 25 * time.Hour
		d.run(t, 0, "poll")
	}
	wants(t, d.run(t, 0, "plan", "--exit-code"), `gone +PER-2026-010/A1 +ops#\d+ is deleted or not visible to us`)
	d.run(t, 0, "sync", "--yes")
	wants(t, d.run(t, 0, "report"), `gone +PER-2026-010/A1`)
	if n := d.live(); n != 99 {
		t.Errorf("%d tickets are there, want 99: what people deleted is not filed again", n)
	}
}

func (d *desktop) live() (n int) {
	for _, k := range d.server.Tickets() {
		if !k.Deleted {
			n++
		}
	}
	return n
}

func (d *desktop) forgets(t *testing.T) {
	if err := os.Remove(filepath.Join(d.folder, "percolate.db")); err != nil {
		t.Fatal(err)
	}
	d.edit(t, 10, "- [ ] A1", "- [x] A1") // else its ticket would be wanted again
	before := d.asked()
	d.run(t, 0, "sync", "--yes")
	t.Logf("the first contact asked %v", changes(before, d.asked()))
	if n := d.live(); n != 99 {
		t.Errorf("with the state lost there are %d tickets, want 99", n)
	}
	d.run(t, 0, "plan", "--exit-code")
}
