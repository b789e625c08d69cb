package files_test

import (
	"path/filepath"
	"strings"
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
