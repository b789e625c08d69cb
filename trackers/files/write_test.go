package files_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/files"
)

func full() ticket.Fields {
	return ticket.Fields{
		Kind: ticket.KindDefect, Title: `Alert: "disk" nearly full`, Body: "Why, and *what*.\n\n- by when",
		Labels: []string{"per", "disk: full"}, Priority: ticket.PriorityHigh, Due: "2026-04-30", Assignees: []string{"ann"},
	}
}

func TestANewTicketIsAFileThatPeopleCanReadAndFillIn(t *testing.T) {
	p := open(t, files.Options{})
	parent := p.create("", ticket.Fields{Kind: ticket.KindParent, Title: "Outage of the shop"})
	key := ticket.Key{Document: "PER-1", Action: "A1"}
	child := p.Create(t.Context(), []trackers.Creation{{Key: key, Fields: full(), Parent: parent.Ref}})[0].Seen
	want := `---
id: PER-1
key: PER-1
kind: parent
title: Outage of the shop
status: open
priority:
due:
assignee:
labels:
parent:
created: 2026-03-05T10:00:00Z
---
`
	if got := p.read(parent.Ref); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	want = `---
id: PER-1-A1
key: PER-1/A1
kind: defect
title: "Alert: \"disk\" nearly full"
status: open
priority: high
due: 2026-04-30
assignee: ann
labels: [per, "disk: full"]
parent: PER-1
created: 2026-03-05T10:00:00Z
---

<!-- percolate: begin (percolate writes this part; the text outside it is yours) -->
Why, and *what*.

- by when
<!-- percolate: end -->
`
	if got := p.read(child.Ref); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if child.Name != "tickets/PER-1-A1.md" {
		t.Errorf("it is called %s", child.Name)
	}
}

// byHand is a file in which a person has left traces everywhere.
const byHand = `---
# what we do about the disk
id:   PER-1-A1      # do not touch
"key": PER-1/A1
estimate: {days: 3, risk: [low, "high"]} # ours
title: fix: the alert # a colon too many
labels:
  # by team
  - per   # from the document

  - 'theirs'
  # end of labels

status: Doing
notes: |
  # not a comment
  due: never

assignee: [ann, bob]
---
Above.

<!-- percolate: begin -->
old
<!-- percolate: end -->

## Comments

- bob: looks good
`

func TestAnUpdateChangesOnlyTheLinesThatItNames(t *testing.T) {
	for name, c := range map[string]struct {
		patch    ticket.Patch
		from, to string
	}{
		"title": {
			ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "Fix it"}},
			"title: fix: the alert # a colon too many\n", "title: Fix it # a colon too many\n",
		},
		"the same title": {
			ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: ticket.Fields{Title: "fix: the alert"}}, "", "",
		},
		"labels": {
			ticket.Patch{AddLabels: []string{"new"}, DropLabels: []string{"per"}},
			"  - per   # from the document\n\n  - 'theirs'\n", "\n  - 'theirs'\n  - new\n",
		},
		"status": {
			ticket.Patch{Status: ticket.StatusDone}, "status: Doing\n", "status: done\n",
		},
		"the same status": {
			ticket.Patch{Status: ticket.StatusActive}, "", "",
		},
		"a value that is not there": {
			ticket.Patch{Set: []ticket.Field{ticket.FieldDue}, To: ticket.Fields{Due: "2026-05-01"}},
			"status: Doing\n", "status: Doing\ndue: 2026-05-01\n",
		},
		"clearing what is not there": {
			ticket.Patch{Set: []ticket.Field{ticket.FieldPriority, ticket.FieldDue}}, "", "",
		},
		"clearing": {
			ticket.Patch{Set: []ticket.Field{ticket.FieldAssignees}}, "assignee: [ann, bob]\n", "assignee:\n",
		},
		"body": {
			ticket.Patch{Set: []ticket.Field{ticket.FieldBody}, To: ticket.Fields{Body: "new"}}, "\nold\n", "\nnew\n",
		},
		"comment": {
			ticket.Patch{Comment: ticket.Comment{Marker: "m", Text: "Done."}}, "looks good\n",
			"looks good\n\n<!-- percolate: comment m -->\n**percolate**, 2026-03-05 10:00 UTC:\n\nDone.\n",
		},
		"parent": {
			ticket.Patch{Parent: "PER-1"}, "  # end of labels\n\nstatus", "parent: PER-1\n  # end of labels\n\nstatus",
		},
	} {
		for ends, convert := range map[string]func(string) string{
			"":                 func(s string) string { return s },
			" with CRLF":       func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
			" with a BOM":      func(s string) string { return "\ufeff" + s },
			" in a bad coding": func(s string) string { return s + "\xff\xfe\n" },
		} {
			t.Run(name+ends, func(t *testing.T) {
				if name == "comment" && ends == " in a bad coding" {
					t.Skip("the comment goes behind the last line")
				}
				p := open(t, files.Options{})
				p.write("PER-1-A1.md", convert(byHand))
				p.update("PER-1-A1", c.patch)
				want := convert(strings.Replace(byHand, c.from, c.to, 1))
				if got := p.read("PER-1-A1"); got != want {
					t.Errorf("got\n%q\nwant\n%q", got, want)
				}
			})
		}
	}
}

func TestWhatPeopleTypeIsUnderstood(t *testing.T) {
	p := open(t, files.Options{Statuses: map[string]ticket.Status{"parked": ticket.StatusBlocked}})
	p.write("PER-1-A1.md", byHand)
	s := p.get("PER-1-A1")
	if s.Fields.Title != "fix: the alert" || strings.Join(s.Fields.Labels, "|") != "per|theirs" || s.Fields.Body != "old" ||
		strings.Join(s.Fields.Assignees, "|") != "ann|bob" || s.Key.String() != "PER-1/A1" || s.Word != "Doing" {
		t.Errorf("read %+v", s)
	}
	for word, want := range map[string]ticket.Status{
		"": ticket.StatusOpen, "ToDo": ticket.StatusOpen, "To-Do": ticket.StatusOpen, "IN  PROGRESS": ticket.StatusActive,
		"in_progress": ticket.StatusActive, "blocked": ticket.StatusBlocked, "Parked": ticket.StatusBlocked, "Closed": ticket.StatusDone,
		"won't do": ticket.StatusDropped, "wontfix": ticket.StatusDropped, "what?": ticket.StatusOpen,
	} {
		p.write("w.md", "---\nstatus: \""+word+"\"\n---\n")
		if got := p.get("w").Status; got != want {
			t.Errorf("%q is %s, want %s", word, got, want)
		}
	}
	p.write("w.md", "---\nlabels: per, outage ,\nkind: Bug\npriority: HIGH\ndue: tomorrow\ntitle: 1.10\n---\n")
	got := p.get("w").Fields
	if strings.Join(got.Labels, "|") != "per|outage" || got.Kind != ticket.KindDefect || got.Priority != ticket.PriorityHigh ||
		got.Due != "" || got.Title != "1.10" {
		t.Errorf("read %+v", got)
	}
}

func TestFileNamesSayWhatIsInThem(t *testing.T) {
	p := open(t, files.Options{})
	cases := []struct{ document, action, title, want string }{
		{"PER-2026-003", "", "Outage", "PER-2026-003"},
		{"PER-2026-003", "A1", "Fix", "PER-2026-003-A1"},
		{"PER-2026-003", "~0123456789", "Fix the disk's alert!", "PER-2026-003-fix-the-disk-s-alert"},
		{"PER-2026-003", "~abcdefabcd", "Fix the disk's ALERT", "PER-2026-003-fix-the-disk-s-alert-2"},
		{"per-2026-003", "a1", "", "per-2026-003-a1-2"},
		{"../../etc/passwd", "", "", "etc-passwd"},
		{"CON", "", "", "CON-ticket"},
		{"...", "", "", "ticket"},
		{"障害 3", "🔥", "", "障害-3-ticket"},
		{"PER-2026-003", "A1", "once more", "PER-2026-003-A1-3"},
	}
	var batch []trackers.Creation
	for _, c := range cases {
		key := ticket.Key{Document: c.document, Action: c.action}
		batch = append(batch, trackers.Creation{Key: key, Fields: ticket.Fields{Title: c.title}})
	}
	for i, done := range p.Create(t.Context(), batch) {
		c, key := cases[i], batch[i].Key
		if done.Err != nil || done.Seen.Ref != ticket.Ref(c.want) || done.Seen.Name != "tickets/"+c.want+".md" || done.Seen.Key != key {
			t.Errorf("%+v became %s, %s: %v", c, done.Seen.Ref, done.Seen.Name, done.Err)
		}
	}
	long := p.create(strings.Repeat("障", 300), ticket.Fields{})
	if name := filepath.Base(p.path(long.Ref)); len(name) > 200 {
		t.Errorf("a name of %d bytes", len(name))
	}
}

func TestAFailedWriteLeavesNothingBehind(t *testing.T) {
	for _, c := range []struct {
		step string
		err  error
		want trackers.Code
	}{
		{"write", syscall.ENOSPC, trackers.Unavailable},
		{"write", syscall.EROFS, trackers.Denied},
		{"rename", syscall.EACCES, trackers.Denied},
		{"rename", syscall.EIO, trackers.Unavailable},
	} {
		t.Run(fmt.Sprint(c.step, " ", c.err), func(t *testing.T) {
			p := open(t, files.Options{})
			s := p.create("A1", full())
			before := p.read(s.Ref)
			p.Fail(func(step string) error {
				if step == c.step {
					return c.err
				}
				return nil
			})
			done := p.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-1", Action: "A2"}}})
			if trackers.CodeOf(done[0].Err) != c.want || !strings.Contains(done[0].Err.Error(), "tickets/PER-1-A2.md") {
				t.Errorf("create: %v", done[0].Err)
			}
			_, _, err := p.Update(t.Context(), s, ticket.Patch{Status: ticket.StatusDone})
			if trackers.CodeOf(err) != c.want || !strings.Contains(err.Error(), "tickets/PER-1-A1.md") {
				t.Errorf("update: %v", err)
			}
			if got := p.read(s.Ref); got != before {
				t.Errorf("the file became\n%s", got)
			}
			entries, err := os.ReadDir(p.dir)
			p.must(err)
			for _, e := range entries {
				if name := e.Name(); name != "PER-1-A1.md" && name != ".gitignore" && name != ".percolate.lock" {
					t.Errorf("%s was left behind", name)
				}
			}
		})
	}
}

func TestLeftoversOfACrashAreNoTicketsAndDoNotStandInTheWay(t *testing.T) {
	p := open(t, files.Options{})
	p.write(".percolate.tmp", "---\nkey: PER-1/A1\n---\n")
	p.write(".percolate.lock", "")
	for s, err := range p.Find(t.Context(), nil) {
		t.Errorf("found %v, %v", s, err)
	}
	s := p.create("A1", full())
	if _, err := os.Stat(filepath.Join(p.dir, ".percolate.tmp")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the leftover is still there: %v", err)
	}
	p.get(s.Ref)
}

func TestAnEditInTheMiddleOfAnUpdateIsKept(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	var once atomic.Bool
	p.Fail(func(step string) error {
		if step == "write" && once.CompareAndSwap(false, true) {
			path := filepath.Join(p.dir, "PER-1-A1.md")
			return os.WriteFile(path, []byte(setLine(load(t, path), "assignee", "a person was faster")), 0o644)
		}
		return nil
	})
	got := p.update(s.Ref, ticket.Patch{Status: ticket.StatusDone})
	if got.Status != ticket.StatusDone || got.Fields.Assignees[0] != "a person was faster" {
		t.Errorf("got %+v", got)
	}
}

func TestAFileThatAppearsInTheMiddleOfACreateIsKept(t *testing.T) {
	p := open(t, files.Options{})
	var once atomic.Bool
	p.Fail(func(step string) error {
		if step == "rename" && once.CompareAndSwap(false, true) {
			p.write("PER-1-A1.md", "---\ntitle: a person was faster\n---\n")
		}
		return nil
	})
	s := p.create("A1", full())
	if s.Ref != "PER-1-A1-2" || p.get("PER-1-A1").Fields.Title != "a person was faster" {
		t.Errorf("created %s", s.Ref)
	}
}

func TestCommentsStandBelowAHeadingOfTheirOwn(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", ticket.Fields{Body: "## Comments\n\nNo comments, but ours."})
	for _, m := range []string{"m1", "m2"} {
		p.update(s.Ref, ticket.Patch{Comment: ticket.Comment{Marker: m, Text: m}})
	}
	_, below, _ := strings.Cut(p.read(s.Ref), "<!-- percolate: end -->\n")
	if strings.Count(below, "## Comments\n") != 1 || strings.Count(below, "<!-- percolate: comment") != 2 {
		t.Errorf("below the block stands\n%s", below)
	}
}

func TestAFileKeepsItsMode(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	p.must(os.Chmod(p.path(s.Ref), 0o664))
	p.update(s.Ref, ticket.Patch{Status: ticket.StatusDone})
	info, err := os.Stat(p.path(s.Ref))
	p.must(err)
	if info.Mode().Perm() != 0o664 {
		t.Errorf("the mode is %v", info.Mode())
	}
}

func TestAFileThatWeCouldNotReadAgainIsNeverWritten(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	before := p.read(s.Ref)
	huge := ticket.Fields{Title: strings.Repeat("long ", 5000)}
	done := p.Create(t.Context(), []trackers.Creation{{Key: ticket.Key{Document: "PER-1"}, Fields: huge}})
	if trackers.CodeOf(done[0].Err) != trackers.Invalid {
		t.Errorf("create: %v", done[0].Err)
	}
	_, _, err := p.Update(t.Context(), s, ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: huge})
	if trackers.CodeOf(err) != trackers.Invalid || p.read(s.Ref) != before {
		t.Errorf("update: %v", err)
	}
	if keys, err := p.findErr(); err != nil || len(keys) != 1 {
		t.Errorf("found %v, %v", keys, err)
	}
}
