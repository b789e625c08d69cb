package files_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/files"
)

// writerEnv makes the test binary a process that files tickets into the folder named.
const writerEnv = "PERCOLATE_FILES_TEST_WRITER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerEnv); dir != "" {
		if err := fileMany(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const each = 25

// fileMany files tickets that all want the same file name, and comments on the first.
func fileMany(dir string) error {
	tr := files.New(files.Options{Dir: dir, Now: fixed})
	for i := range each {
		key := ticket.Key{Document: "PER-1", Action: fmt.Sprintf("~%d", i)}
		done := tr.Create(context.Background(), []trackers.Creation{{Key: key, Fields: ticket.Fields{Title: "Same"}}})
		if done[0].Err != nil {
			return done[0].Err
		}
		comment := ticket.Comment{Marker: fmt.Sprintf("%d-%d", os.Getpid(), i), Text: "x"}
		if _, _, err := tr.Update(context.Background(), ticket.Seen{Ref: "PER-1-same"}, ticket.Patch{Comment: comment}); err != nil {
			return err
		}
	}
	return nil
}

func TestProcessesShareAFolder(t *testing.T) {
	const processes = 3
	p := open(t, files.Options{})
	var wg sync.WaitGroup
	for range processes {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), writerEnv+"="+p.dir)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
	keys, err := p.findErr()
	if err != nil || len(keys) != processes*each {
		t.Errorf("%d tickets, want %d: %v", len(keys), processes*each, err)
	}
	if n := strings.Count(p.read("PER-1-same"), "<!-- percolate: comment"); n != processes*each {
		t.Errorf("%d comments, want %d", n, processes*each)
	}
}

func TestAWriterWaitsForTheLockNoLongerThanItsCaller(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	inside, leave := make(chan bool), make(chan bool)
	p.Fail(func(step string) error {
		if step == "write" {
			inside <- true
			<-leave
		}
		return nil
	})
	var wg sync.WaitGroup
	wg.Go(func() { p.update(s.Ref, ticket.Patch{Status: ticket.StatusDone}) })
	<-inside
	other := files.New(files.Options{Dir: p.dir, Now: fixed}) // as another process would
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	if _, _, err := other.Update(ctx, s, ticket.Patch{Status: ticket.StatusOpen}); trackers.CodeOf(err) != trackers.Unavailable {
		t.Errorf("the other writer got %v", err)
	}
	p.get(s.Ref) // readers do not wait
	leave <- true
	wg.Wait()
	if got := p.get(s.Ref); got.Status != ticket.StatusDone {
		t.Errorf("the status is %s", got.Status)
	}
}

func TestReadersNeverSeeHalfAFile(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", ticket.Fields{Title: "x"})
	bodies := []string{strings.Repeat("a", 50_000), strings.Repeat("b", 90_000)}
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 60 {
			p.update(s.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldBody}, To: ticket.Fields{Body: bodies[i%2]}})
		}
	})
	for range 200 {
		got, err := p.Get(t.Context(), []ticket.Ref{s.Ref})
		if body := got[s.Ref].Fields.Body; err != nil || body != "" && body != bodies[0] && body != bodies[1] {
			t.Errorf("a body of %d bytes, %v", len(body), err)
			break
		}
	}
	wg.Wait()
}

func TestARenamedFileIsTheSameTicket(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	p.must(os.MkdirAll(filepath.Join(p.dir, "2026", "q1"), 0o755))
	cursor := p.drain("", nil)
	p.must(os.Rename(p.path(s.Ref), filepath.Join(p.dir, "2026", "q1", "disk alert.md")))
	if got := p.get(s.Ref); got.Name != "tickets/2026/q1/disk alert.md" || got.Key != s.Key {
		t.Errorf("it is called %s", got.Name)
	}
	var seen []ticket.Ref
	p.drain(cursor, &seen)
	if len(seen) != 1 || seen[0] != s.Ref {
		t.Errorf("changed: %v", seen)
	}
	next := p.create("A1", full())
	if next.Ref == s.Ref || p.get(s.Ref).Name == next.Name {
		t.Errorf("the id %s was given twice", next.Ref)
	}
}

func TestACopiedFileIsAnotherTicketWithTheSameMarker(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	p.write("A copy.md", p.read(s.Ref))
	p.write("later/PER-1-A1.md", p.read(s.Ref))
	refs := make(map[ticket.Ref]string)
	for s, err := range p.Find(t.Context(), []string{"PER-1"}) {
		p.must(err)
		refs[s.Ref] = s.Name
	}
	want := map[ticket.Ref]string{"PER-1-A1": "tickets/PER-1-A1.md", "A copy": "tickets/A copy.md", "later/PER-1-A1.md": "tickets/later/PER-1-A1.md"}
	if fmt.Sprint(refs) != fmt.Sprint(want) {
		t.Errorf("found %v", refs)
	}
	for ref, name := range want {
		if got := p.get(ref); got.Ref != ref || got.Name != name {
			t.Errorf("%s is %s, called %s", ref, got.Ref, got.Name)
		}
		if got := p.update(ref, ticket.Patch{AddLabels: []string{name}}); got.Name != name {
			t.Errorf("updated %s in place of %s", got.Name, name)
		}
	}
}

func TestNamesOfFilesThatWereSwappedDoNotConfuse(t *testing.T) {
	p := open(t, files.Options{})
	a, b := p.create("A1", full()), p.create("A2", full())
	pathA, pathB := p.path(a.Ref), p.path(b.Ref)
	p.must(os.Rename(pathA, pathA+".x"))
	p.must(os.Rename(pathB, pathA))
	p.must(os.Rename(pathA+".x", pathB))
	for _, s := range []ticket.Seen{a, b} {
		if got := p.get(s.Ref); got.Key != s.Key || got.Ref != s.Ref {
			t.Errorf("%s is %s of %s", s.Ref, got.Ref, got.Key)
		}
	}
	p.must(os.Symlink(pathA, filepath.Join(p.dir, "PER-1-A3.md")))
	p.edit(b.Ref, func(text string) string { return setLine(text, "id", "PER-1-A3") })
	if got := p.get("PER-1-A3"); got.Name != a.Name {
		t.Errorf("read through a link as %s", got.Name)
	}
}

func TestATicketThatChangedItsIDIsNoLongerTheOneThatWasAskedFor(t *testing.T) {
	p := open(t, files.Options{})
	p.write("x.md", "---\nid: PER-1-A1\n---\n")
	s := p.get("PER-1-A1")
	p.write("x.md", "---\nid: PER-1-A9\n---\n")
	p.must(os.Chtimes(filepath.Join(p.dir, "x.md"), s.Updated, s.Updated)) // nothing but the text tells
	if got, err := p.Get(t.Context(), []ticket.Ref{"PER-1-A1"}); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAnEditWithinOneTickOfTheClockIsSeen(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	cursor := p.drain("", nil)
	p.edit(s.Ref, func(text string) string { return setLine(text, "status", "done") }) // as long as "open"
	p.must(os.Chtimes(p.path(s.Ref), s.Updated, s.Updated))
	var seen []ticket.Ref
	p.drain(cursor, &seen)
	if len(seen) != 1 {
		t.Errorf("changed: %v", seen)
	}
}

func TestManyChangesComeInPagesThatCanBeResumed(t *testing.T) {
	const tickets = 1200
	p := open(t, files.Options{})
	for i := range tickets {
		p.write(fmt.Sprintf("t%d.md", i), fmt.Sprintf("---\nkey: PER-%d\n---\n", i))
	}
	seen := make(map[ticket.Ref]int)
	var cursor trackers.Cursor
	for stops := 0; ; stops++ {
		pages := 0
		for c, err := range p.Changed(t.Context(), cursor) {
			p.must(err)
			if pages++; pages > 1 {
				break // as if the process had ended before it kept the second page
			}
			cursor = c.Cursor
			for _, s := range c.Seen {
				seen[s.Ref]++
			}
		}
		if pages == 1 {
			if stops < 2 {
				t.Errorf("all of %d tickets came in %d pages", tickets, stops+1)
			}
			break
		}
	}
	if len(seen) != tickets {
		t.Errorf("%d tickets, want %d", len(seen), tickets)
	}
	for ref, n := range seen {
		if n > 1 {
			t.Errorf("%s came %d times", ref, n)
		}
	}
}

func TestNothingOutsideTheFolderIsReadOrWritten(t *testing.T) {
	p := open(t, files.Options{})
	p.create("A1", full())
	outside := filepath.Join(t.TempDir(), "secret.md")
	const secret = "---\nkey: PER-1/A9\n---\n"
	p.must(os.WriteFile(outside, []byte(secret), 0o644))
	p.must(os.Symlink(outside, filepath.Join(p.dir, "secret.md")))
	p.must(os.Symlink(filepath.Dir(outside), filepath.Join(p.dir, "folder")))
	if keys, err := p.findErr(); err != nil || len(keys) != 1 {
		t.Errorf("found %v, %v", keys, err)
	}
	for _, ref := range []ticket.Ref{"secret", "secret.md", "folder/secret.md", "../secret", "../../secret.md", ticket.Ref(outside), "a/../../x.md", ""} {
		if got, err := p.Get(t.Context(), []ticket.Ref{ref}); err != nil || len(got) != 0 {
			t.Errorf("%q: %v, %v", ref, got, err)
		}
		if _, _, err := p.Update(t.Context(), ticket.Seen{Ref: ref}, ticket.Patch{Status: ticket.StatusDone}); trackers.CodeOf(err) != trackers.NotFound {
			t.Errorf("%q: %v", ref, err)
		}
	}
	if got := load(t, outside); got != secret {
		t.Errorf("the file outside became %q", got)
	}
}

func TestAFolderThatIsNotThereIsNotAFolderWithoutTickets(t *testing.T) {
	p := open(t, files.Options{})
	if keys, err := p.findErr(); err != nil || len(keys) != 0 {
		t.Errorf("before the first ticket: %v, %v", keys, err)
	}
	empty := p.drain("", nil)
	p.drain(empty, nil)
	s := p.create("A1", full())
	cursor := p.drain(empty, nil)
	p.must(os.Rename(p.dir, p.dir+".away"))
	_, err := p.Get(t.Context(), []ticket.Ref{s.Ref})
	if trackers.CodeOf(err) != trackers.Unavailable {
		t.Errorf("get: %v", err)
	}
	_, _, err = p.Update(t.Context(), s, ticket.Patch{Status: ticket.StatusDone})
	if trackers.CodeOf(err) != trackers.Unavailable {
		t.Errorf("update: %v", err)
	}
	for _, err = range p.Changed(t.Context(), cursor) {
	}
	if trackers.CodeOf(err) != trackers.Unavailable {
		t.Errorf("changed: %v", err)
	}
	p.must(os.WriteFile(p.dir, nil, 0o644))
	if _, err := p.findErr(); trackers.CodeOf(err) != trackers.Unavailable {
		t.Errorf("a file in place of the folder: %v", err)
	}
}

func TestPathsAndIDsAreRecognised(t *testing.T) {
	tr := files.New(files.Options{Dir: "/home/ann/work/tickets/"})
	for text, want := range map[string]ticket.Ref{
		"tickets/PER-1-A1.md":                "PER-1-A1.md",
		"./tickets/later/x y.md":             "later/x y.md",
		"../../tickets/PER-1.md":             "PER-1.md",
		"/home/ann/work/tickets/PER-1.md":    "PER-1.md",
		"PER-1-A1.md":                        "PER-1-A1.md",
		"PER-2026-003":                       "PER-2026-003",
		"PER-2026-003-fix-the-disk-2":        "PER-2026-003-fix-the-disk-2",
		"OPS-812":                            "",
		"2026-03-01":                         "",
		"near-miss-follow-up":                "",
		"docs/README.md":                     "",
		"https://example.org/tickets/x-1.md": "",
		"see tickets/x.md and":               "",
		"#12":                                "",
	} {
		got, ok := tr.Info().Recognise(text)
		if got != want && ok || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}

func TestAHandmadeTicketStaysTheSameOnceItIsAdopted(t *testing.T) {
	p := open(t, files.Options{})
	p.write("disk.md", "---\ntitle: Disk\n---\n")
	ref, _ := p.Info().Recognise("tickets/disk.md")
	s := p.get(ref)
	p.update(s.Ref, ticket.Patch{Mark: ticket.Key{Document: "PER-1", Action: "A1"}, Parent: "PER-1"})
	p.must(os.Rename(filepath.Join(p.dir, "disk.md"), filepath.Join(p.dir, "storage.md")))
	if got := p.get(s.Ref); got.Key.Action != "A1" || got.Parent != "PER-1" || got.Fields.Title != "Disk" {
		t.Errorf("renamed, it is %+v", got)
	}
	_, _, err := p.Update(t.Context(), s, ticket.Patch{Mark: ticket.Key{Document: "PER-2"}})
	if trackers.CodeOf(err) != trackers.Invalid {
		t.Errorf("marked for another document too: %v", err)
	}
}
