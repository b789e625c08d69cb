package per_test

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"percolate/per"
)

const ops1 = `[OPS-1](https://jira.example.com/browse/OPS-1 "percolate")`

// tickets gives every action of a document a ticket.
func tickets(d *per.Document, status string) []per.Written {
	var all []per.Written
	for i, a := range d.Actions {
		key := "OPS-" + string(rune('1'+i%9))
		all = append(all, per.Written{Line: a.Line, Text: a.Text, Key: key, URL: "https://jira.example.com/browse/" + key, Status: status})
	}
	return all
}

func TestTicketsAreWrittenBesideTheirActions(t *testing.T) {
	for _, tc := range []struct{ name, file, src, want string }{
		{"List", "a.md", "## Actions\n- Do it\n- Do that\n", "## Actions\n- Do it " + ops1 + "\n- Do that [OPS-2](https://jira.example.com/browse/OPS-2 \"percolate\")\n"},
		{"Checklist", "a.md", "## Actions\n- [ ] Do it (owner: ana)\n", "## Actions\n- [ ] Do it (owner: ana) " + ops1 + "\n"},
		{"OrderedList", "a.md", "## Actions\n1. Do it.\n", "## Actions\n1. Do it. " + ops1 + "\n"},
		{"NoFinalNewline", "a.md", "## Actions\n- Do it", "## Actions\n- Do it " + ops1},
		{"CarriageReturns", "a.md", "## Actions\r\n- Do it\r\n", "## Actions\r\n- Do it " + ops1 + "\r\n"},
		{"Wrapped", "a.md", "## Actions\n- Do it\n  and that.\n  - not here\n", "## Actions\n- Do it\n  and that. " + ops1 + "\n  - not here\n"},
		{"LazyLine", "a.md", "## Actions\n- Do it\nand that\n\nx\n", "## Actions\n- Do it\nand that " + ops1 + "\n\nx\n"},
		{"BreakAtTheEnd", "a.md", "## Actions\n- Do it  \n  - x\n", "## Actions\n- Do it " + ops1 + "  \n  - x\n"},
		{"Comment", "a.md", "## Actions\n- Do it <!-- why\n  not -->\n", "## Actions\n- Do it " + ops1 + " <!-- why\n  not -->\n"},
		{"TicketColumn", "a.md", "## Actions\n| Action | Ticket | Owner |\n|---|---|---|\n| Do it |  | ana |\n", "## Actions\n| Action | Ticket | Owner |\n|---|---|---|\n| Do it | " + ops1 + "  | ana |\n"},
		{"EmptyTicketCell", "a.md", "## Actions\n|Action|Ticket|\n|-|-|\n|a \\| b||\n", "## Actions\n|Action|Ticket|\n|-|-|\n|a \\| b| " + ops1 + "|\n"},
		{"ShortRow", "a.md", "## Actions\n| Action | Ticket |\n|---|---|\n| Do it |\n", "## Actions\n| Action | Ticket |\n|---|---|\n| Do it " + ops1 + " |\n"},
		{"TableWithoutTickets", "a.md", "## Actions\n| Owner | Action |\n|---|---|\n| ana | Do it |\n", "## Actions\n| Owner | Action |\n|---|---|\n| ana | Do it " + ops1 + " |\n"},
		{"Heading", "a.md", "## Actions\n### 1) Do it ##\n\ntext\n", "## Actions\n### 1) Do it " + ops1 + " ##\n\ntext\n"},
		{"HeadingWithID", "a.md", "## Actions\n### 1) Do it {#do}\n", "## Actions\n### 1) Do it " + ops1 + " {#do}\n"},
		{"BoldLeadIn", "a.md", "**Action item:** Do it. Owner: @jo\n", "**Action item:** Do it. Owner: @jo " + ops1 + "\n"},
		{"Paragraph", "a.md", "## Actions\n\nDo it\nsoon.\n", "## Actions\n\nDo it\nsoon. " + ops1 + "\n"},
		{"Quote", "a.md", "# T\n\n> x\n\n- Do it (action)\n", "# T\n\n> x\n\n- Do it (action) " + ops1 + "\n"},
		{"FrontMatter", "a.md", "---\nkind: outage\n---\n## Actions\n- A1 Do it\n", "---\nkind: outage\n---\n## Actions\n- A1 Do it " + ops1 + "\n"},
		{"ByteOrderMark", "a.md", "\ufeff## Actions\n- Do it\n", "\ufeff## Actions\n- Do it " + ops1 + "\n"},
		{"YAMLKeys", "a.yaml", "actions:\n- text: Do it\n  owner: ana\n", "actions:\n- text: Do it " + ops1 + "\n  owner: ana\n"},
		{"YAMLComment", "a.yaml", "actions:\n- owner: ana\n  text: Do it # soon\n", "actions:\n- owner: ana\n  text: Do it " + ops1 + " # soon\n"},
		{"YAMLText", "a.yaml", "actions:\n- A1 Do it\n", "actions:\n- A1 Do it " + ops1 + "\n"},
		{"YAMLDoubleQuotes", "a.yaml", "actions:\n- \"A1 (owner: ana) Do it\"\n", "actions:\n- \"A1 (owner: ana) Do it [OPS-1](https://jira.example.com/browse/OPS-1 \\\"percolate\\\")\"\n"},
		{"YAMLSingleQuotes", "a.yaml", "actions:\n- text: 'Do it'\n", "actions:\n- text: 'Do it " + ops1 + "'\n"},
		{"PersonNamedIt", "a.md", "## Actions\n- Do it https://jira.example.com/browse/OPS-1\n", "## Actions\n- Do it https://jira.example.com/browse/OPS-1\n"},
		{"PersonNamedAnother", "a.md", "## Actions\n- Do it [PAY-7](https://jira.example.com/browse/PAY-7)\n", "## Actions\n- Do it [PAY-7](https://jira.example.com/browse/PAY-7) " + ops1 + "\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, _ := per.Parse(tc.file, []byte(tc.src))
			written := tickets(d, "")
			got, problems := per.WriteBack(tc.file, []byte(tc.src), written)
			if string(got) != tc.want || len(problems) > 0 {
				t.Errorf("got  %q\nwant %q\n%+v", got, tc.want, problems)
			}
			after, _ := per.Parse(tc.file, got)
			if again, _ := per.WriteBack(tc.file, got, tickets(after, "")); !bytes.Equal(again, got) {
				t.Errorf("a second run gives %q", again)
			}
		})
	}
}

func TestWhatWasWrittenIsIdentityAndNothingElse(t *testing.T) {
	src := []byte("## Actions\n- [ ] Do it. Owner: @lee\n- Do that\n")
	d, _ := per.Parse("a.md", src)
	out, _ := per.WriteBack("a.md", src, tickets(d, "done"))
	after, _ := per.Parse("a.md", out)
	for i, a := range after.Actions {
		b := d.Actions[i]
		if a.Ticket != "https://jira.example.com/browse/OPS-"+string(rune('1'+i)) {
			t.Errorf("the ticket of %q is %q", a.Text, a.Ticket)
		}
		if a.Text != b.Text || a.Done == nil != (b.Done == nil) || a.Done != nil && *a.Done || len(a.Refs) > 0 || a.Details != b.Details {
			t.Errorf("%+v became %+v", b, a)
		}
	}
}

func TestATicketThatAPersonNamedComesFirst(t *testing.T) {
	src := []byte("## Actions\n- Do it [PAY-7](https://jira.example.com/browse/PAY-7) " + ops1 + "\n")
	if d, _ := per.Parse("a.md", src); d.Actions[0].Ticket != "https://jira.example.com/browse/PAY-7" {
		t.Errorf("the ticket is %q", d.Actions[0].Ticket)
	}
}

func TestATicketWithoutAddressIsKnownByItsKey(t *testing.T) {
	src := []byte("## Actions\n- Do it\n")
	w := []per.Written{{Line: 2, Text: "Do it", Key: "backlog/PER-1-A1.md", Status: "in progress"}}
	out, _ := per.WriteBack("a.md", src, w)
	if want := "## Actions\n- Do it [backlog/PER-1-A1.md (in progress)](<> \"percolate\")\n"; string(out) != want {
		t.Errorf("got %q, want %q", out, want)
	}
	if d, _ := per.Parse("a.md", out); d.Actions[0].Ticket != "backlog/PER-1-A1.md" {
		t.Errorf("the ticket is %q", d.Actions[0].Ticket)
	}
}

func TestAChangedKeyReplacesWhatWasWrittenAndNoPersonsLink(t *testing.T) {
	src := "## Actions\n- Do it [PAY-7](https://jira.example.com/browse/PAY-7) " + ops1 + " today\n"
	w := []per.Written{{Line: 2, Text: "Do it [PAY-7](https://jira.example.com/browse/PAY-7) today", Key: "NEW-2", URL: "https://x/NEW-2", Status: "open"}}
	out, problems := per.WriteBack("a.md", []byte(src), w)
	if want := strings.Replace(src, ops1, `[NEW-2 (open)](https://x/NEW-2 "percolate")`, 1); string(out) != want {
		t.Errorf("got %q, want %q, %+v", out, want, problems)
	}
}

func TestNothingIsWrittenWhereItWouldBeReadOtherwise(t *testing.T) {
	for _, tc := range []struct {
		name, file, src string
		w               per.Written
	}{
		{"TheTextChanged", "a.md", "## Actions\n- Do it\n", per.Written{Line: 2, Text: "Do that", Key: "OPS-1"}},
		{"TheLineChanged", "a.md", "## Actions\n- Do it\n", per.Written{Line: 3, Text: "Do it", Key: "OPS-1"}},
		{"FlowOfYAML", "a.yaml", "actions: [Do it, Do that]\n", per.Written{Line: 1, Text: "Do it", Key: "OPS-1"}},
		{"BlockOfYAML", "a.yaml", "actions:\n- text: |\n    Do it\n", per.Written{Line: 2, Text: "Do it", Key: "OPS-1"}},
		{"HTML", "a.html", "<h2>Actions</h2><ul><li>Do it</li></ul>", per.Written{Text: "Do it", Key: "OPS-1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out, problems := per.WriteBack(tc.file, []byte(tc.src), []per.Written{tc.w})
			if string(out) != tc.src {
				t.Errorf("written: %q", out)
			}
			if len(problems) != 1 || problems[0].Code != "not-written-back" || problems[0].Line != tc.w.Line {
				t.Errorf("%+v", problems)
			}
		})
	}
}

var written = regexp.MustCompile(` \[[^\[\]]*\]\([^()]* \\?"percolate\\?"\)`)

// holdsWriteBack checks what must hold for any document.
func holdsWriteBack(t interface{ Fatalf(string, ...any) }, name string, src []byte, status string) {
	if written.Match(src) {
		return
	}
	d, before := per.Parse(name, src)
	out, problems := per.WriteBack(name, src, tickets(d, status))
	if got := written.ReplaceAll(out, nil); !bytes.Equal(got, src) {
		t.Fatalf("outside of what was written, %q became %q", src, got)
	}
	after, found := per.Parse(name, out)
	if !slices.Equal(before, found) || len(after.Actions) != len(d.Actions) {
		t.Fatalf("%q\nreads otherwise than\n%q\n%+v\n%+v", out, src, before, found)
	}
	kept := 0
	for i, a := range after.Actions {
		b := d.Actions[i]
		if a.Ticket != b.Ticket {
			kept++
		}
		if a.Text != b.Text || a.Line != b.Line || a.Details != b.Details || a.ID != b.ID || !slices.Equal(a.Owners, b.Owners) ||
			!slices.Equal(a.Refs, b.Refs) || a.Due != b.Due || a.Certain != b.Certain || (a.Done == nil) != (b.Done == nil) {
			t.Fatalf("%+v became %+v", b, a)
		}
	}
	if kept == 0 && len(problems) == 0 && slices.ContainsFunc(d.Actions, func(a per.Action) bool { return a.Ticket == "" }) {
		t.Fatalf("nothing was written into %q, and nothing says why", src)
	}
	if again, _ := per.WriteBack(name, out, tickets(after, status)); !bytes.Equal(again, out) {
		t.Fatalf("a second run turns %q into %q", out, again)
	}
}

func TestWriteBackOfEveryDocument(t *testing.T) {
	for _, file := range documents(t) {
		src := read(t, file)
		for _, status := range []string{"", "in progress"} {
			holdsWriteBack(t, filepath.Base(file), src, status)
			holdsWriteBack(t, filepath.Base(file), bytes.ReplaceAll(src, []byte("\n"), []byte("\r\n")), status)
			holdsWriteBack(t, filepath.Base(file), bytes.TrimRight(src, "\n"), status)
		}
	}
}

func TestWriteBackOfAnyDocument(t *testing.T) {
	part := rapid.SampledFrom([]string{
		"## Actions\n", "## Corrective actions\n", "### 1) Do it @jo\n", "- Do it", "- [ ] A1 (owner: ana) Do it", "- [x] Done", "1. Do", "  - below", "  and more",
		"| Action | Ticket |\n|---|---|\n", "| do \\| it | |", "|a|b|c|", "| x", "**Owner: jo**", "**Jo**", "plain text", "<!-- a -->", "<!--", "-->", "```", "`code`", "`", "\n", "\n\n", "\r\n",
		" ", "  ", "[OPS-3](https://x/browse/OPS-3)", "(done)", " - DONE", "https://github.com/a/b/issues/3", "(action)", "\\", "> ", "[x", "](", "~~struck~~", "---\nkind: outage\n---\n", "<li>a</li>", "Owner: jo", "  - Owner: jo", "\t", "é",
		"actions:\n", "- text: a b c\n", "  owner: jo\n", "- \"a b\"\n", "- 'a b'\n", "- text: |\n    a\n", "# c", ": ",
	})
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"a.md", "a.md", "a.yaml", "a.html"}).Draw(t, "name")
		src := strings.Join(rapid.SliceOfN(part, 0, 14).Draw(t, "parts"), rapid.SampledFrom([]string{"", "\n", " "}).Draw(t, "join"))
		holdsWriteBack(t, name, []byte(src), rapid.SampledFrom([]string{"", "open"}).Draw(t, "status"))
	})
}

func FuzzWriteBack(f *testing.F) {
	for _, file := range documents(f) {
		f.Add(filepath.Base(file), read(f, file))
	}
	f.Fuzz(func(t *testing.T, name string, src []byte) { holdsWriteBack(t, name, src, "") })
}
