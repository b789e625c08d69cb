package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// folder is where one measurement has its documents, its configuration and its state.
type folder string

// write writes the documents of a size, and a configuration that files them in a tracker
// at an address.
func (f folder) write(s size, t tracker, address string) error {
	if err := os.Mkdir(filepath.Join(string(f), "pers"), 0o750); err != nil {
		return err
	}
	for n := range s.documents {
		if err := f.writeDocument(n, s.actions, "2026-09-30"); err != nil {
			return err
		}
	}
	config := "people: " + t.people() + "\ntrackers:\n  - " + t.section(address) + "\n"
	return os.WriteFile(f.config(), []byte(config), 0o600)
}

func (f folder) config() string { return filepath.Join(string(f), "percolate.yaml") }

// writeDocument writes the document with a number; due is the day of its first action.
func (f folder) writeDocument(n, actions int, due string) error {
	people := []string{"ana", "raj", "mia", "lee"}
	services := []string{"checkout", "search", "login", "export", "mailer"}
	var b strings.Builder
	service := services[n%len(services)]
	fmt.Fprintf(&b, "---\nid: PER-%d\ntitle: The %s was slow for half an hour, event %d\nkind: outage\nseverity: SEV%d\nservice: %s\n", n, service, n, 1+n%4, service)
	fmt.Fprintf(&b, "started: 2026-03-02 09:12\ndetected: 2026-03-02 09:31\nresolved: 2026-03-02 10:01\nmeeting: 2026-03-02 15:00\n---\n\n")
	fmt.Fprintf(&b, "## Summary\n\nA release made every answer of the %s wait for a lock. It was taken back, and customers waited %d seconds on average.\n\n", service, 2+n%9)
	fmt.Fprintf(&b, "## Timeline\n\n- 09:12 The release is rolled out\n- 09:31 The first page of slow answers\n- 09:44 The lock is found\n- 10:01 The release is taken back\n\n")
	fmt.Fprintf(&b, "## Pluses\n\n- P1: Taking a release back took two minutes\n\n## Deltas\n\n- D1: Nobody watched the time that answers take\n- D2: The lock had no limit of time\n\n## Corrective actions\n\n")
	for a := 1; a <= actions; a++ {
		kind, day := "", ""
		switch {
		case a == 1:
			day = ", due: " + due
		case a%2 == 0:
			kind, day = "defect, ", ", due: 2026-10-01"
		}
		fmt.Fprintf(&b, "- [ ] A%d (%sowner: %s%s, addresses: D%d) %s\n", a, kind, people[(n+a)%len(people)], day, 1+a%2, text(n, a))
	}
	name := filepath.Join(string(f), "pers", fmt.Sprintf("%05d.md", n))
	return os.WriteFile(name, []byte(b.String()), 0o600)
}

// text is what is to be done about an event: no two are alike.
func text(n, action int) string {
	what := []string{"Give the lock a limit of time", "Page on slow answers", "Rehearse taking a release back", "Roll out to one host first", "Watch the waits for locks"}
	return fmt.Sprintf("%s (%d-%d)", what[(action-1)%len(what)], n, action)
}

// mine reports whether a ticket with the title is that of the action with the number.
func mine(title string, action int) bool {
	return strings.HasSuffix(title, fmt.Sprintf("-%d)", action))
}
